"""`yeokjikgu report`: the board pack as a file, and one sentence for what cannot be written."""

from pathlib import Path

import pytest
from pptx import Presentation
from typer.testing import CliRunner, Result

from dashboard import cli, scenarios
from dashboard.scenarios import STEPS, Scenario


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["report", *map(str, words)])


def test_a_scenario_becomes_slides_in_the_language_asked_for(tmp_path: Path):
    file = tmp_path / "f.toml"
    file.write_text(scenarios.write(Scenario(name="다음 단계").on(STEPS["4m-5m"])), encoding="utf-8")
    out = tmp_path / "pack.pptx"
    result = run("--scenario", file, "--lang", "ko", "--out", out, "--url", "https://board.example/")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Wrote {out}: ")
    page = Presentation(str(out)).slides[0]
    assert page.shapes.title.text_frame.text.startswith("한도 500만 원")
    assert "다음 단계" in [shape.text_frame.text for shape in page.shapes]
    assert "https://board.example/simulator?lang=ko" in page.notes_slide.notes_text_frame.text


def test_the_same_question_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "other"):
        assert run("--lang", "en", "--out", tmp_path / f"{name}.html").exit_code == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()


def test_a_file_that_is_there_stays_unless_told_otherwise(tmp_path: Path):
    out = tmp_path / "pack.xlsx"
    out.write_text("mine", encoding="utf-8")
    result = run("--out", out, "--lang", "en")
    assert (result.exit_code, out.read_text(encoding="utf-8")) == (1, "mine")
    assert result.stderr == f"{out} exists already: choose another name, or add --force to replace it.\n"
    assert run("--out", out, "--lang", "en", "--force").exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("pack.pdf", "the file's name must end in one of .pptx, .xlsx, .html."),
        ("pack", "the file's name must end in one of .pptx, .xlsx, .html."),
        ("nowhere/pack.pptx", "there is no such folder; make it first."),
    ],
)
def test_what_cannot_be_written_is_said_in_one_sentence(tmp_path: Path, out: str, said: str):
    result = run("--out", tmp_path / out, "--lang", "en")
    assert result.exit_code == 1
    assert result.stderr.endswith(f": {said}\n")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["version = 1\n[limits]\nfrom_krw = 5000000\nto_krw = 4000000\n", "version = 9\n", "nonsense"]
)
def test_a_scenario_that_cannot_be_asked_writes_nothing(tmp_path: Path, text: str):
    file = tmp_path / "f.toml"
    file.write_text(text, encoding="utf-8")
    for lang in ("ko", "en"):
        result = run("--scenario", file, "--out", tmp_path / "pack.pptx", "--lang", lang)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == [file]


def test_a_scenario_file_that_is_not_there_is_named(tmp_path: Path):
    result = run("--scenario", tmp_path / "no.toml", "--out", tmp_path / "pack.pptx")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Cannot use {tmp_path / 'no.toml'}: No such file or directory.\n",
    )
