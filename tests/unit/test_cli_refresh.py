"""The commands that receive data, as typed: what they say, how they end, and that no key is ever among it."""

import gzip
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from dashboard import cli, cli_live
from etl import refresh
from etl.settings import KEY_VARIABLES, ROOT
from etl.transport import Patience, Transport
from tests.fake_apis import FakeServer, Faults, all_keys, serving

QUICK = Patience(connect_seconds=2, read_seconds=5, backoff_seconds=0.01, busy_seconds=0.01)
MARKED = "ab+cd/ef==SECRET"
FEW = ("--since", "2026-01", "--hs", "3304", "--to", "US", "--to", "JP")
# The program as typed, with every log on that a library in it may write.
LOUD = "import logging; logging.basicConfig(level=logging.DEBUG); from dashboard.cli import main; main()"


@pytest.fixture(scope="module")
def running() -> Iterator[FakeServer]:
    with serving(today=datetime.now().astimezone().date().isoformat()) as server:
        yield server


@pytest.fixture
def server(running: FakeServer) -> FakeServer:
    running.faults.clear()
    running.calls.clear()
    return running


@pytest.fixture
def environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> Iterator[dict[str, str]]:
    """Folders of the test's own with data built before, no key, and a working folder without `.env`."""
    shutil.copytree(data_folder, tmp_path / "built", copy_function=os.link)  # a built file is never changed
    set_here = {
        "YEOKJIKGU_RAW_DIR": str(tmp_path / "raw"),
        "YEOKJIKGU_BUILT_DIR": str(tmp_path / "built"),
        **dict.fromkeys((*KEY_VARIABLES, "YEOKJIKGU_API_BASE"), ""),
    }
    for name, text in set_here.items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_live, "Transport", partial(Transport, patience=QUICK))
    return set_here


@pytest.fixture
def asked(environment: dict[str, str], server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """The fake server, with all keys set."""
    for name, text in {**all_keys(), "YEOKJIKGU_API_BASE": server.base}.items():
        monkeypatch.setenv(name, text)
        environment[name] = text
    return server


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def in_one_sentence(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    (sentence,) = result.stderr.splitlines()
    return sentence


def test_help_teaches():
    text = run("refresh", "--help").stdout
    for word in (
        "--since",
        "--until",
        "--hs",
        "--to",
        "--dry-run",
        "--max-calls",
        "customs",
        "worldbank",
        "Examples:",
    ):
        assert word in text
    for command in ("refresh", "sources", "import-trass", "import-kosis"):
        assert command in run("--help").stdout


def test_dry_run_says_how_many_calls_and_makes_none(asked: FakeServer, tmp_path: Path):
    result = run("refresh", "--dry-run", *FEW)
    assert result.exit_code == 0
    assert re.search(r"^customs: at most \d+ calls", result.stdout, re.MULTILINE)
    assert re.search(r"^In all: at most \d+ calls", result.stdout, re.MULTILINE)
    assert not asked.calls
    assert not (tmp_path / "raw").exists()


def test_number_of_calls_is_said_first_and_kept(asked: FakeServer):
    result = run("refresh", "newtrade", "nationtrade", "nitemtrade", *FEW)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    planned = int(re.fullmatch(r"customs: at most (\d+) calls", lines[0])[1])  # type: ignore[index] (it must match)
    assert sum(asked.calls.values()) == planned
    assert lines[-2] == f"{planned} answers kept, {planned} of them new or changed."
    assert re.fullmatch(r"Data version [0-9a-f]{12}", lines[-1])


def test_no_line_of_progress_where_nobody_looks(asked: FakeServer):
    result = run("refresh", "frankfurter", "--since", "2026-01")
    assert result.stderr == ""
    assert "\r" not in result.output
    assert asked.calls


def test_line_of_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with cli_live._Line() as line:
        line.show(3, 12, "newtrade 2026-01..2026-10")
        line.report("a sentence")
    shown = capsys.readouterr()
    assert "[#####...............] 3 of 12 newtrade 2026-01..2026-10" in shown.err
    assert shown.out == "a sentence\n"
    assert shown.err.endswith("\r"), "the line is gone at the end"


def test_without_keys_the_keyless_answer_and_the_others_are_named(
    environment: dict[str, str], server: FakeServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("YEOKJIKGU_API_BASE", server.base)
    result = run("refresh", "--since", "2025-01", *FEW[2:])
    assert result.exit_code == 0, result.output
    assert environment[KEY_VARIABLES[0]] == ""
    for publisher, variable in (
        ("customs", "YEOKJIKGU_DATA_GO_KR_KEY"),
        ("kosis", "YEOKJIKGU_KOSIS_KEY"),
        ("ecos", "YEOKJIKGU_ECOS_KEY"),
    ):
        assert re.search(
            rf"^{publisher}: no key; get one at https://\S+ and set {variable}", result.stdout, re.MULTILINE
        )
    called = " ".join(server.calls)
    assert "/v1/" in called
    assert "/v2/" in called
    assert "/public/v1/preview/" in called
    assert run("refresh", "customs", *FEW).exit_code == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("refresh", "customz"), "“customz” is no source: choose from customs, kosis, ecos"),
        (("refresh", "--since", "19-01"), "write it as 2024-01"),
        (("refresh", "--hs", "3304", "--hs", "33"), "3304 is part of 33"),
        (("refresh", "trass"), "yeokjikgu import-trass FILE"),
        (("import-trass", "nowhere.xlsx"), "Cannot read nowhere.xlsx: No such file"),
        (("import-kosis", "."), "Cannot read .: "),
    ],
)
@pytest.mark.usefixtures("asked")
def test_words_that_mean_nothing(words: tuple[str, ...], sentence: str):
    assert sentence in in_one_sentence(run(*words))


def test_wrong_key_is_a_sentence_with_both_causes(asked: FakeServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YEOKJIKGU_DATA_GO_KR_KEY", MARKED)
    result = run("refresh", "newtrade", "--since", "2026-01")
    assert result.exit_code == 1
    assert MARKED not in result.output
    assert sum(asked.calls.values()) == 1


def test_answers_without_news_build_nothing_new(asked: FakeServer):
    first, second = (run("refresh", "newtrade", "--since", "2026-01") for _ in range(2))
    assert first.stdout.splitlines()[-1] == second.stdout.splitlines()[-1]
    assert "1 answer kept, 0 of them new or changed." in second.stdout
    assert asked.calls


def test_interrupted(asked: FakeServer, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Transport, "fetch", interrupted)
        result = run("refresh", "newtrade")
    assert result.exit_code == 130
    assert "the same command goes on there" in result.stderr
    assert not asked.calls
    assert run("refresh", "newtrade").exit_code == 0


def test_quota_ends_non_zero_and_says_when_to_go_on(asked: FakeServer):
    asked.faults.switch_on("customs.quota", 2)
    result = run("refresh", "newtrade", "nationtrade", "nitemtrade", *FEW)
    assert result.exit_code == 1
    assert "go on after midnight, Korean time" in result.stdout
    assert "2 answers kept" in result.stdout
    asked.faults.clear()
    again = run("refresh", "newtrade", "nationtrade", "nitemtrade", *FEW)
    assert again.exit_code == 0
    assert again.stdout.startswith("This goes on with what was begun on ")
    assert set(asked.calls.values()) <= {1, 2}


def test_network_unplugged(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    assert run("build").exit_code == 0
    before = run("build").stdout.splitlines()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        for name, text in all_keys().items():
            monkeypatch.setenv(name, text)
        monkeypatch.setenv(
            "YEOKJIKGU_API_BASE", f"http://127.0.0.1:{probe.getsockname()[1]}"
        )  # nobody listens
        result = run("refresh")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    for publisher in ("customs", "kosis", "ecos", "frankfurter", "worldbank", "comtrade"):
        sentences = [
            line for line in result.stdout.splitlines() if line.startswith(f"{publisher}: could not reach")
        ]
        assert len(sentences) == 1, result.stdout
    again = run("build")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, before)
    assert environment


def test_sources_before_and_after(asked: FakeServer):
    before = {each["dataset"]: each for each in json.loads(run("sources", "--json").stdout)}
    assert {each["state"] for each in before.values()} == {"never asked"}
    run("refresh", "newtrade", "frankfurter", "--since", "2026-01")
    text = run("sources").stdout
    after = {each["dataset"]: each for each in json.loads(run("sources", "--json").stdout)}
    newtrade, frankfurter = after["newtrade"], after["frankfurter"]
    assert (newtrade["key_variable"], newtrade["key_needed"], newtrade["key_set"]) == (
        KEY_VARIABLES[0],
        True,
        True,
    )
    assert (frankfurter["key_variable"], frankfurter["key_needed"], frankfurter["key_set"]) == (
        None,
        False,
        None,
    )
    assert newtrade["rows"] > 0
    assert newtrade["state"] == "fresh"
    assert re.fullmatch(r"\d{4}-\d{2}", newtrade["newest_period"])
    assert datetime.fromisoformat(newtrade["last_success"]).tzinfo is not None
    for each in after.values():
        assert each["licence_en"]
        assert each["dataset"] in text
        assert not each["key_needed"] or each["key_variable"] in text
        assert each["apply_at"] is None or each["apply_at"] in text or not each["key_needed"]
    assert asked.calls
    for key in all_keys().values():
        assert key not in text


def test_key_of_the_env_file(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(KEY_VARIABLES[0])
    (tmp_path / ".env").write_text(f"{KEY_VARIABLES[0]}={MARKED}\n", encoding="utf-8")
    newtrade = json.loads(run("sources", "--json").stdout)[0]
    assert (newtrade["dataset"], newtrade["key_set"]) == ("newtrade", True)
    assert KEY_VARIABLES[0] in environment


def spelled(key: str) -> list[str]:
    once = quote(key, safe="")
    return [key, once, once.lower(), quote(key), quote(once, safe=""), quote(quote(key), safe="")]


def content(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything in the files below a folder: unzipped, and databases table by table."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        yield path.name, path.name
        body = path.read_bytes()
        yield path.name, body.decode("latin-1")
        if path.suffix == ".gz":
            yield path.name, gzip.decompress(body).decode("utf-8", "replace")
        if path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as connection:
                tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
                for schema, table in tables:
                    rows = connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall()  # noqa: S608 (own)
                    yield f"{path.name} {table}", repr(rows)


@pytest.mark.slow
@pytest.mark.parametrize("right", [True, False])
def test_no_key_anywhere_after_a_run(
    environment: dict[str, str],
    server: FakeServer,
    tmp_path: Path,
    right: bool,  # noqa: FBT001
):
    """All sources with every log on, once with keys that they take and once with one that they refuse."""
    keys = all_keys() if right else dict.fromkeys(all_keys(), MARKED)
    result = subprocess.run(
        [sys.executable, "-c", LOUD, "refresh", *FEW],
        env={**os.environ, **environment, **keys, "YEOKJIKGU_API_BASE": server.base},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == (0 if right else 1), result.stderr[-3000:]
    assert "DEBUG:urllib3.connectionpool" in result.stderr, "the log must be on"
    assert "[key]" in result.stderr
    found = [("stdout", result.stdout), ("stderr", result.stderr), *content(tmp_path)]
    assert any(name.endswith(".gz") for name, _ in found)
    assert any(".duckdb " in name for name, _ in found)
    for name, text in found:
        for variable, key in keys.items():
            for form in spelled(key):
                assert form not in text, (name, variable)
            assert "SECRET" not in text, name


def test_log_of_the_tests_is_on(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("urllib3").debug("here")
    assert "here" in caplog.text


def workbook(path: Path, edit: Callable[[list[list[object]]], None] = lambda _: None) -> Path:
    """The second known layout: one sheet, its columns named in the fifth row."""
    rows: list[list[object]] = [
        ["전자상거래 무역통계"],
        [],
        ["조회기간: 2024.01 ~ 2024.12"],
        [],
        ["연월", "수출건수", "수출금액", "수입건수", "수입금액"],
        *(
            [f"2024.{month:02}", "1,000,000", f"{60_000_000 + month:,}", "15,000,000", "400,000,000"]
            for month in range(1, 13)
        ),
    ]
    edit(rows)
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def kosis_csv(path: Path, encoding: str = "cp949") -> Path:
    path.write_bytes(
        '"국가(대륙)별","상품군별","판매유형별","시점",데이터\r\n"미국","화장품","면세점 이외","2017.1/4",7539\r\n'.encode(
            encoding
        )
    )
    return path


@pytest.mark.usefixtures("environment")
def test_workbook_is_taken(tmp_path: Path):
    file = workbook(tmp_path / "trade.xlsx")
    result = run("import-trass", str(file))
    assert result.exit_code == 0, result.output
    assert "trade.xlsx: 12 rows of 12 periods, 2024-01 to 2024-12." in result.stdout
    first = result.stdout.splitlines()[-1]
    (kept,) = (tmp_path / "raw" / "trass").iterdir()
    head, body = gzip.decompress(kept.read_bytes()).split(b"\n", 1)
    assert body == file.read_bytes()
    assert json.loads(head)["params"] == [["name", "trade.xlsx"]]
    assert str(tmp_path) not in head.decode()
    # The same again, under another name: no new vintage.
    again = run("import-trass", str(file.rename(tmp_path / "copy.xlsx")))
    assert again.stdout.splitlines()[-1] == first


@pytest.mark.usefixtures("environment")
def test_other_workbook_is_refused_in_a_sentence(tmp_path: Path):
    file = workbook(tmp_path / "other.xlsx", lambda rows: rows.pop(4))
    assert in_one_sentence(run("import-trass", str(file))).startswith("other.xlsx: ")
    file.write_bytes(b"PK\x03\x04 no workbook")
    assert in_one_sentence(run("import-trass", str(file))).startswith("other.xlsx: ")
    assert not (tmp_path / "raw").exists()


@pytest.mark.usefixtures("environment")
def test_file_that_contradicts_itself_is_not_taken(tmp_path: Path):
    def in_won(rows: list[list[object]]) -> None:
        rows[8][2] = "60,000,000,000,000"

    assert "2024-04" in in_one_sentence(run("import-trass", str(workbook(tmp_path / "won.xlsx", in_won))))
    file = kosis_csv(tmp_path / "sales.csv")
    kinds = "".join(
        f'"합계","합계","{kind}","2017.1/4",{value}\r\n'
        for kind, value in (("계", 5), ("면세점", 1), ("면세점 이외", 1))
    )
    file.write_bytes(file.read_bytes() + kinds.encode("cp949"))
    assert "the older figures stay" in in_one_sentence(run("import-kosis", str(file)))
    assert not (tmp_path / "raw").exists()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig"])
def test_csv_of_kosis_is_taken(tmp_path: Path, encoding: str):
    result = run("import-kosis", str(kosis_csv(tmp_path / "sales.csv", encoding)))
    assert result.exit_code == 0, result.output
    assert "sales.csv: 1 row of 1 period, 2017-Q1 to 2017-Q1." in result.stdout


def test_watchlist_is_that_of_the_project():
    assert refresh.watchlist.read(ROOT / "data" / "reference").destinations[:3] == ("US", "JP", "CN")


def test_every_fault_of_the_wire_ends_in_sentences(asked: FakeServer):
    for fault in ("drop", "cut", "broken-off", "html", "text-500", "limit-429"):
        asked.faults.clear()
        asked.faults.switch_on(fault)
        result = run("refresh", "newtrade", "--since", "2026-01", "--restart")
        assert result.exit_code == 1, (fault, result.output)
        assert result.stdout.count("customs: ") == 2, (fault, result.stdout)
        assert "Traceback" not in result.output
    assert isinstance(asked.faults, Faults)
