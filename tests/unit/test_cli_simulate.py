"""`yeokjikgu simulate`: the contract key by key, the reference points, and one sentence for what cannot be asked."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dashboard import cli, scenarios
from dashboard.model.behaviour import Switches
from dashboard.scenarios import STEPS, OwnBase, Scenario, ShareAbove

COMMAND = [sys.executable, "-m", "dashboard.cli", "simulate"]
POINTS = {
    "total-2024": (3_000, 19_800, 66_900),
    "total-2021": (600, 6_200, 27_500),
    "declared-2021": (1_200, 5_700, 15_400),
}
QUANTILES = ["p05", "p25", "p50", "p75", "p95"]


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["simulate", *words])


def told(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def file(folder: Path, scenario: Scenario | str) -> str:
    path = folder / "scenario.toml"
    path.write_text(scenario if isinstance(scenario, str) else scenarios.write(scenario), encoding="utf-8")
    return str(path)


def test_the_contract_key_by_key(data_folder: Path):
    found = told("--from", "2000000", "--to", "4000000", "--population", "total-2021")
    (built_file,) = data_folder.glob("*.duckdb")
    assert list(found) == [
        "model_version",
        "data_version",
        "assumptions",
        "from_krw",
        "to_krw",
        "population",
        "newly_qualifying",
        "bounds",
        "by_destination",
        "by_item",
        "burden_saved",
        "effective_sample_size",
    ]
    assert found["model_version"] == version("yeokjikgu")
    assert built_file.name.startswith(f"yeokjikgu-{found['data_version']}-")
    assert (found["assumptions"], found["from_krw"], found["to_krw"]) == ("default", 2_000_000, 4_000_000)

    base = found["population"]
    assert list(base) == ["id", "year", "cases", "value_krw", "mean_krw", "fx_krw_per_usd"]
    assert (base["id"], base["year"], base["cases"]) == ("total-2021", 2021, 40_497_000)
    assert base["fx_krw_per_usd"] == pytest.approx(1_144.8911)
    assert base["value_krw"] == pytest.approx(1_745_187_000 * 1_144.8911)
    assert base["mean_krw"] == pytest.approx(base["value_krw"] / base["cases"])

    newly = found["newly_qualifying"]
    assert list(newly) == ["cases", "value_krw", "share_of_cases", "share_of_value"]
    for part in newly.values():
        assert list(part) == QUANTILES
        assert list(part.values()) == sorted(part.values())
    assert newly["share_of_cases"]["p50"] == pytest.approx(newly["cases"]["p50"] / base["cases"], rel=0.05)
    assert newly["share_of_value"]["p50"] == pytest.approx(
        newly["value_krw"]["p50"] / base["value_krw"], rel=0.05
    )
    assert 2e6 < newly["value_krw"]["p50"] / newly["cases"]["p50"] < 4e6

    bounds = found["bounds"]
    assert list(bounds) == [
        "assumption_free",
        "list_clearance_capped",
        "decreasing_density",
        "any_lognormal",
    ]
    for bound in bounds.values():
        assert list(bound) == ["cases", "value_krw", "share_of_value"]
        assert all(low == 0 < high for low, high in bound.values())
        assert bound["share_of_value"][1] == pytest.approx(bound["value_krw"][1] / base["value_krw"])
    assert bounds["list_clearance_capped"]["cases"][1] == pytest.approx(
        (1 - 0.594) * bounds["assumption_free"]["cases"][1]
    )

    assert [row["destination"] for row in found["by_destination"]] == ["JP", "US", "CN", "SG", "REST"]
    assert [row["item"] for row in found["by_item"]] == [
        "cosmetics",
        "fashion",
        "electronics",
        "food",
        "other",
    ]
    for kind in ("destination", "item"):
        rows = found[f"by_{kind}"]
        for row in rows:
            assert list(row) == [kind, "cases", "cases_upper_bound"]
            assert list(row["cases"]) == QUANTILES
            assert row["cases"]["p95"] < row["cases_upper_bound"]
        most = sum(row["cases_upper_bound"] for row in rows)
        assert most == pytest.approx(bounds["assumption_free"]["cases"][1])

    assert list(found["burden_saved"]) == ["hours", "krw"]
    assert all(list(part) == QUANTILES for part in found["burden_saved"].values())
    assert 1_000 < found["effective_sample_size"] <= 10_000


@pytest.mark.parametrize("name", POINTS)
def test_reference_points(name: str):
    cases = told("--population", name, "--assumptions", "reference")["newly_qualifying"]["cases"]
    low, middle, high = POINTS[name]
    assert cases["p50"] == pytest.approx(middle, rel=0.15)
    assert cases["p05"] == pytest.approx(low, rel=0.25)
    assert cases["p95"] == pytest.approx(high, rel=0.25)


@pytest.mark.parametrize(
    ("limits", "free", "decreasing"),
    [(("2000000", "4000000"), 2_045_500, 1_022_750), (("4000000", "5000000"), 1_022_750, 327_280)],
)
def test_bounds_to_four_digits(limits: tuple[str, str], free: float, decreasing: float):
    bounds = told("--from", limits[0], "--to", limits[1])["bounds"]
    assert bounds["assumption_free"]["cases"][1] == pytest.approx(free, rel=5e-5)
    assert bounds["decreasing_density"]["cases"][1] == pytest.approx(decreasing, rel=5e-5)


def test_lognormal_bound_to_four_digits():
    found = told()
    share = found["bounds"]["any_lognormal"]["cases"][1] / found["population"]["cases"]
    assert round(100 * share, 4) == 0.2613


def test_equal_limits_are_nothing():
    found = told("--from", "4000000", "--to", "4000000")
    assert set(found["newly_qualifying"]["cases"].values()) == {0}
    assert set(found["burden_saved"]["krw"].values()) == {0}
    assert found["bounds"]["assumption_free"]["cases"] == [0, 0]


def test_a_bound_that_does_not_hold_is_null_with_a_reason():
    found = told("--from", "1000000", "--to", "2000000")["bounds"]["list_clearance_capped"]
    assert (found["cases"], found["value_krw"], found["share_of_value"]) == (None, None, None)
    assert found["reason"].startswith("This bound does not hold")
    korean = told("--from", "1000000", "--to", "2000000", "--lang", "ko")["bounds"]["list_clearance_capped"]
    assert "성립하지 않습니다" in korean["reason"]


def test_text_says_the_finding_with_its_range_bounds_and_what_would_settle_it():
    result = run("--from", "2000000", "--to", "4,000,000", "--assumptions", "reference")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "From KRW 2 million to KRW 4 million: about 19,000 cases a year newly qualify, "
        "between 2,500 and 66,000 cases (90%)."
    )
    assert "  no assumption: at most 2,045,500 cases" in lines
    assert "  if shipments get rarer with value: at most 1,022,750 cases" in lines
    settle = next(i for i, line in enumerate(lines) if line.startswith("What would settle it"))
    assert lines[settle + 1].startswith("  the share of cases above KRW 2 million: 9")
    assert any(line.startswith("Base: customs total 2024, 61.17 million cases") for line in lines)
    assert not any("Too few" in line for line in lines)


def test_korean_text_is_korean(tmp_path: Path):
    asked = Scenario(
        name="두 단계",
        switches=Switches(uptake=True),
        excluded_items=("food",),
        changed={"shape.s": 0.95},
        anchors=(ShareAbove(1e6, 0.003),),
    ).on(STEPS["2m-5m"])
    result = run("--scenario", file(tmp_path, asked), "--lang", "ko")
    assert result.exit_code == 0, result.output
    text = result.stdout
    assert "한도를 200만 원에서 500만 원으로 바꾸면" in text
    assert "입력한 비중을 반영한 경우" in text
    assert "(으)로" not in text
    assert "을(를)" not in text
    for english in ("cases", "Base", "between", "most", "million"):
        assert english not in text


def test_text_of_nothing_and_of_too_few_draws(tmp_path: Path):
    assert run("--to", "2000000").stdout.startswith("Nothing changes: both limits are KRW 2 million.\n")
    everything = ("cosmetics", "fashion", "electronics", "food", "other")
    assert run("--scenario", file(tmp_path, Scenario(excluded_items=everything))).stdout.startswith(
        "From KRW 2 million to KRW 4 million: no shipment newly qualifies.\n"
    )
    few = Scenario(population=OwnBase(1e6, 6e10, 2023), changed={"draws.effective_least": 9_999})
    text = run("--scenario", file(tmp_path, few)).stdout
    assert "Too few draws" in text
    assert "Base: own figures for 2023, 1,000,000 cases" in text
    assert "Assumptions changed: draws.effective_least" in text


def test_a_scenario_file_is_asked_and_options_go_before_it(tmp_path: Path):
    asked = Scenario(name="stack", population="total-2021", assumptions="reference").on(STEPS["2m-5m"])
    path = file(tmp_path, asked)
    before = Path(path).read_bytes()
    found = told("--scenario", path)
    assert (found["population"]["id"], found["assumptions"], found["to_krw"]) == (
        "total-2021",
        "reference",
        5e6,
    )
    assert [(step["from_krw"], step["to_krw"]) for step in found["steps"]] == [(2e6, 4e6), (4e6, 5e6)]
    assert found["scenario"]["name"] == "stack"
    other = told(
        "--scenario", path, "--to", "3000000", "--population", "total-2024", "--assumptions", "default"
    )
    assert (other["population"]["id"], other["assumptions"], other["to_krw"]) == (
        "total-2024",
        "default",
        3e6,
    )
    assert "steps" not in other
    assert Path(path).read_bytes() == before


def test_the_same_question_has_the_same_answer():
    assert run("--json").stdout == run("--json").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "4000000", "--to", "2000000"), "The old limit is above the new one."),
        (("--from", "-2000000"), "A limit must be above zero and at most KRW 100,000,000."),
        (("--from", "0"), "A limit must be above zero and at most KRW 100,000,000."),
        (("--to", "1000000000"), "A limit must be above zero and at most KRW 100,000,000."),
        (("--to", "inf"), "A limit must be above zero and at most KRW 100,000,000."),
        (("--to", "four"), "A limit must be a number of won, not 'four'."),
        (("--to", ""), "A limit must be a number of won, not ''."),
        (
            ("--population", "total-1999"),
            "population: there is no population total-1999 (choose one of total-",
        ),
        (("--assumptions", "hopeful"), "assumptions: there is no set of assumptions hopeful"),
        (("--scenario", "no-such-file.toml"), "Cannot use no-such-file.toml: No such file or directory."),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_cannot_be_asked_is_one_sentence(words: tuple[str, ...], said: str, lang: str):
    result = run(*words, "--lang", lang, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert isinstance(result.exception, SystemExit)
    (sentence,) = result.stderr.splitlines()
    if lang == "en":
        assert sentence.startswith(said)
    elif "--scenario" not in words:  # what the system says of a file stays English
        assert any("가" <= letter <= "힣" for letter in sentence)
        assert "(는)" not in sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limits = ", "The scenario is no valid TOML"),
        ("version = 9", "version 9 is a format that this program does not know"),
        ("version = 1\ncolour = 'red'", "colour is no key of a scenario."),
        ("version = 1\nlimits.to_krw = 'four'", "limits.to_krw must be a number."),
        ("version = 1\nexcluded_items = ['cars']", "excluded_items: there is no item cars"),
        ("version = 1\nchanged = {'no.such' = 1}", "changed.no.such is no parameter of the assumptions."),
        (
            "version = 1\nanchors = [{above_krw = 1000000, share = 0.5}]",
            "The shares given contradict the mean",
        ),
    ],
)
def test_a_wrong_scenario_is_one_sentence(tmp_path: Path, text: str, said: str):
    path = file(tmp_path, text)
    result = run("--scenario", path)
    assert (result.exit_code, result.stdout) == (1, "")
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith(said)
    assert Path(path).read_text(encoding="utf-8") == text


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path):
    path = tmp_path / "scenario.toml"
    path.write_bytes(b"\xff\xfe\x00v")
    result = run("--scenario", str(path))
    assert (result.exit_code, result.stderr) == (1, f"{path} is no UTF-8 text.\n")


@pytest.mark.parametrize("words", [("--lang", "fr"), ("--limit", "4000000"), ("4000000",)])
def test_words_that_mean_nothing(words: tuple[str, ...]):
    assert run(*words).exit_code == 2


def test_missing_data_is_built_and_the_output_holds_the_answer_alone(tmp_path: Path):
    result = subprocess.run(
        [*COMMAND, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={"YEOKJIKGU_BUILT_DIR": str(tmp_path), "PYTHONUTF8": "1"},
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["to_krw"] == 4e6
    assert (tmp_path / "current").exists()


def test_damaged_data_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path):
    (whole,) = data_folder.glob("*.duckdb")
    damaged = tmp_path / whole.name
    damaged.write_bytes(b"no database")
    (tmp_path / "current").write_text(whole.name, encoding="utf-8")
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(tmp_path))
    result = run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Cannot read {whole.name}: delete it and run yeokjikgu build.\n"


def test_help_teaches():
    text = CliRunner().invoke(cli.app, ["simulate", "--help"]).stdout
    for word in ("--from", "--to", "--population", "--assumptions", "--scenario", "--json", "--lang"):
        assert word in text
    assert "yeokjikgu simulate" in CliRunner().invoke(cli.app, ["--help"]).stdout
