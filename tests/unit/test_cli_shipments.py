"""`yeokjikgu shipments`: the JSON key by key, histograms that grow month by month, and one sentence for what cannot be done."""

import contextlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from dashboard import cli
from etl import histogram

LIMITS = ("--from", "2000000", "--to", "4000000")
AUGUST = """신고일자,목적국,HS,신고금액
2024-08-01,JP,330499,2000000
2024-08-01,JP,330499,2000001
2024-08-02,미국,8517,4000000
2024-08-02,미국,8517,4000001
2024-08-03,일본,330499,50000
2024-08-03,한국,330499,3000000
"""


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def august(tmp_path: Path) -> Path:
    path = tmp_path / "august.csv"
    path.write_text(AUGUST, encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.app, ["shipments", *map(str, words)])


def told(*words: object) -> dict[str, Any]:
    result = run("count", *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def said(*words: object) -> str:
    """The one sentence with which a command refuses."""
    result = run(*words)
    assert result.exit_code == 1, result.output
    (sentence,) = result.stderr.strip().splitlines()[-1:]
    assert sentence.endswith(".")
    assert "Traceback" not in result.output
    return sentence


def test_the_json_key_by_key(august: Path):
    # Above 2,000,000 and at most 4,000,000: 2,000,001 and 4,000,000 won; one row goes to Korea.
    found = told(august, *LIMITS)
    assert found == {
        "cases": 5,
        "value_krw": 12_050_002,
        "newly_qualifying": {
            "cases": 2,
            "value_krw": 6_000_001,
            "share_of_cases": pytest.approx(2 / 5),
            "share_of_value": pytest.approx(6_000_001 / 12_050_002),
        },
        "exact": True,
        "bounds": {"cases": [2, 2], "value_krw": [6_000_001, 6_000_001]},
        "rows_read": 6,
        "rows_counted": 5,
        "rows_rejected": 1,
        "orders": 5,
        "by_destination": [
            {
                "destination": "JP",
                "cases": 3,
                "value_krw": 4_050_001,
                "newly_qualifying": {"cases": 1, "value_krw": 2_000_001},
                "bounds": {"cases": [1, 1], "value_krw": [2_000_001, 2_000_001]},
            },
            {
                "destination": "US",
                "cases": 2,
                "value_krw": 8_000_001,
                "newly_qualifying": {"cases": 1, "value_krw": 4_000_000},
                "bounds": {"cases": [1, 1], "value_krw": [4_000_000, 4_000_000]},
            },
        ],
        "by_item": [
            {
                "item": "330499",
                "cases": 3,
                "value_krw": 4_050_001,
                "newly_qualifying": {"cases": 1, "value_krw": 2_000_001},
                "bounds": {"cases": [1, 1], "value_krw": [2_000_001, 2_000_001]},
            },
            {
                "item": "8517",
                "cases": 2,
                "value_krw": 8_000_001,
                "newly_qualifying": {"cases": 1, "value_krw": 4_000_000},
                "bounds": {"cases": [1, 1], "value_krw": [4_000_000, 4_000_000]},
            },
        ],
    }
    assert list(found) == [
        *(
            "cases",
            "value_krw",
            "newly_qualifying",
            "exact",
            "bounds",
            "rows_read",
            "rows_counted",
            "rows_rejected",
        ),
        *("orders", "by_destination", "by_item"),
    ]


def test_between_edges_nothing_is_claimed_and_the_bounds_hold(august: Path):
    # 2,000,001 won lies in the bin (2,000,000, 2,010,000], which 2,005,000 cuts: one case that is worth 2,000,001 is below it.
    found = told(august, "--from", "2005000", "--to", "4000000")
    assert found["exact"] is False
    assert set(found["newly_qualifying"].values()) == {None}
    assert found["bounds"] == {"cases": [1, 1], "value_krw": [4_000_000, 4_000_000]}


@settings(max_examples=15)
@given(
    st.lists(st.integers(1, 6_000_000), min_size=1, max_size=40),
    st.integers(1, 300),
    st.integers(1, 300),
)
def test_any_edge_equals_plain_sql_on_the_file(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], first: int, step: int
):
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    path.write_text("date,value\n" + "".join(f"2024-08-01,{value}\n" for value in values), encoding="utf-8")
    low, high = first * 10_000, (first + step) * 10_000
    found = told(path, "--from", low, "--to", high)
    with duckdb.connect() as connection:
        plain = connection.execute(
            "SELECT count(*), coalesce(sum(value), 0)::BIGINT FROM read_csv($path) WHERE value > $low AND value <= $high",
            {"path": str(path), "low": low, "high": high},
        ).fetchone()
    assert (found["newly_qualifying"]["cases"], found["newly_qualifying"]["value_krw"]) == plain
    assert (found["exact"], found["rows_read"]) == (True, len(values))


def test_in_words(august: Path):
    result = run("count", august, *LIMITS)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:4] == [
        "From KRW 2,000,000 to KRW 4,000,000: 2 newly qualify, worth KRW 6,000,001.",
        "  of 5 shipments worth KRW 12,050,002 (40.00% of shipments, 49.79% of value)",
        "By destination:",
        "  JP             1 of 3, worth KRW 2,000,001",
    ]
    assert "Rows: 6 read, 5 counted, 1 rejected." in result.stdout
    assert "1 left out: goes to Korea: no export" in result.stdout


def test_refused_rows_are_written_where_it_is_said(august: Path, tmp_path: Path):
    result = run("count", august, *LIMITS, "--json", "--rejects", tmp_path / "no.csv")
    assert json.loads(result.stdout)["rows_rejected"] == 1
    assert "no.csv: 1 rows that are not counted" in result.stderr
    written = (tmp_path / "no.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == [
        "file,line,reason,explanation,cell",
        f"{august},7,domestic,goes to Korea: no export,한국",
    ]


def test_inspect_shows_what_would_be_read(august: Path):
    result = run("inspect", august)
    assert result.exit_code == 0
    shown = result.stdout
    assert f"{august}: UTF-8, commas" in shown
    for role, name in {
        "value": "신고금액",
        "date": "신고일자",
        "destination": "목적국",
        "item": "HS",
    }.items():
        assert f"  {role:<12} {name}" in shown
    assert "  2024-08-02  US  8517  —  KRW 4,000,000" in shown
    assert f"1 left out: goes to Korea: no export (first: {august}, line 7: “한국”)" in shown
    assert not list(august.parent.glob("*rejects*")), "inspect writes nothing"


def test_a_histogram_grows_month_by_month(august: Path, tmp_path: Path):
    september = tmp_path / "september.csv"
    september.write_text(AUGUST.replace("2024-08", "2024-09"), encoding="utf-8")
    out = tmp_path / "all.parquet"
    assert run("reduce", august, "-o", out).exit_code == 0
    once = out.read_bytes()
    assert "is there already" in said("reduce", august, "-o", out)
    assert "already" in said("reduce", august, "-o", out, "--append")
    assert out.read_bytes() == once, "a refusal leaves the file as it was"
    assert run("reduce", september, "-o", out, "--append").exit_code == 0
    both = told(out, *LIMITS)
    assert (both["newly_qualifying"]["cases"], both["rows_read"], both["orders"]) == (4, 12, 10)
    assert both == told(august, september, *LIMITS)

    corrected = tmp_path / "corrected.csv"
    corrected.write_text(AUGUST.replace("2024-08", "2024-09") + "2024-09-09,JP,1,3000000\n", encoding="utf-8")
    assert "already" in said("reduce", corrected, "-o", out, "--append")
    assert run("reduce", corrected, "-o", out, "--replace").exit_code == 0
    assert told(out, *LIMITS)["newly_qualifying"]["cases"] == 5
    assert told(out, *LIMITS) == told(august, corrected, *LIMITS)


def test_files_in_any_order_give_the_same_bytes(august: Path, tmp_path: Path):
    september = tmp_path / "september.csv"
    september.write_text(AUGUST.replace("2024-08", "2024-09"), encoding="utf-8")
    run("reduce", august, september, "-o", tmp_path / "one.parquet")
    run("reduce", september, august, "-o", tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert histogram.read(tmp_path / "one.parquet").rows_read == 12


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--column", "value"), "names no column: write ROLE=NAME"),
        (("--column", "value=없음"), "has no column “없음” for value"),
        (("--preset", "amazon"), "There is no preset “amazon”"),
        (("--currency", "BTC"), "“BTC” is no currency that is known here"),
        (("--rate", "USD"), "“USD” is no exchange rate"),
        (("--max-rejected", "2"), "“2” is no share of rows"),
        (("--max-rejected", "many"), "“many” is no share of rows"),
        (("--date-format", "%Q"), "“%Q” is no form of a date"),
    ],
)
def test_options_that_make_no_sense(august: Path, words: tuple[str, ...], message: str):
    assert message in said("count", august, *LIMITS, *words)
    assert message in said("inspect", august, *words)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (("many", "4000000"), "A limit is a whole number of won, not “many”"),
        (("2000000.5", "4000000"), "A limit is a whole number of won"),
        (("nan", "4000000"), "A limit is a whole number of won"),
        (("4000000", "2000000"), "no step up"),
        (("-1", "2000000"), "no step up"),
    ],
)
def test_limits_that_make_no_sense(august: Path, limits: tuple[str, str], message: str):
    assert message in said("count", august, "--from", limits[0], "--to", limits[1])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "none.csv does not exist: check the name"),
        ("empty.csv", b"", "is empty"),
        ("names.csv", b"a,b\n1,2\n", "has no column of values that is known by name"),
        ("bad.csv", b"date,value\n2024-01-01,x\n2024-01-01,5\n", "1 of 2 rows (50.0%) cannot be counted"),
        ("bad.parquet", b"x", "is no whole Parquet file"),
        ("bad.xlsx", b"x", "is no whole Excel workbook"),
        ("bad.csv.gz", b"x", "is no whole gzip file"),
        ("a.pdf", b"x", "is of a kind that is not read here"),
    ],
)
def test_files_that_cannot_be_counted(tmp_path: Path, name: str, content: bytes | None, message: str):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert message in said("count", tmp_path / name, *LIMITS)
    assert message in said("reduce", tmp_path / name, "-o", tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_a_folder_that_cannot_be_written_is_said(august: Path, tmp_path: Path):
    assert "out.parquet cannot be written" in said("reduce", august, "-o", tmp_path / "none" / "out.parquet")
    assert "cannot be written" in said(
        "count", august, *LIMITS, "--rejects", tmp_path / "none" / "rejects.csv"
    )


@pytest.fixture
def engine(tmp_path: Path) -> str:
    """An engine that needs no server, by its connection string."""
    path = tmp_path / "warehouse.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE declarations (fob INTEGER, country TEXT, accepted DATE)")
        rows = [
            (2_000_001, "JP", "2024-08-01"),
            (4_000_000, "US", "2024-08-02"),
            (4_000_001, "US", "2024-08-02"),
        ]
        connection.executemany(
            "INSERT INTO declarations VALUES (?, ?, ?)", [*rows, (None, "JP", "2024-08-03")]
        )
        connection.commit()
    return f"sqlite://{path}"


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")  # Ibis 12 on pandas 3
def test_another_engine_by_its_connection_string(engine: str):
    columns = ("--column", "value=fob", "--column", "destination=country", "--column", "date=accepted")
    found = told(engine, "--table", "declarations", *columns, *LIMITS, "--max-rejected", "25%")
    assert (found["newly_qualifying"]["cases"], found["newly_qualifying"]["value_krw"]) == (2, 6_000_001)
    assert (found["rows_read"], found["rows_rejected"]) == (4, 1)
    assert "1 of 4 rows have no value" in said("count", engine, "--table", "declarations", *columns, *LIMITS)
    assert "its table and columns are named" in said("count", engine, *LIMITS)
    assert "in whole won" in said(
        "count", engine, "--table", "declarations", *columns, *LIMITS, "--currency", "USD"
    )


def test_counts_for_others_hide_what_is_small(august: Path, tmp_path: Path):
    many = tmp_path / "many.csv"
    body = "".join(f"2024-08-01,{'JP' if n % 3 else 'US'},330499,{n * 100_000}\n" for n in range(1, 61))
    many.write_text(AUGUST.splitlines()[0] + "\n" + body + "2024-08-01,TW,330499,2500000\n", encoding="utf-8")
    assert run("reduce", many, "-o", "all.parquet").exit_code == 0
    out = tmp_path / "others.csv"
    result = run("release", "all.parquet", "--limit", "2000000", "--limit", "4000000", "-o", out)
    assert result.exit_code == 0, result.output
    text = out.read_text(encoding="utf-8-sig")
    assert "# Cells of fewer than 5 cases are hidden" in text
    assert all(line.endswith(",,,hidden") for line in text.splitlines() if ",TW," in line)
    assert run("release", "all.parquet", "--limit", "2000000", "--minimum", "1", "-o", out).exit_code == 0
    assert "hidden" not in out.read_text(encoding="utf-8-sig").partition("\n")[2]
    assert "is no histogram of shipments" in said("release", august, "--limit", "2000000", "-o", out)
    assert "limits on the edges" in said("release", "all.parquet", "--limit", "2000001", "-o", out)


def test_the_real_command(august: Path):
    command = [sys.executable, "-m", "dashboard.cli", "shipments", "count", str(august), *LIMITS, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["newly_qualifying"]["cases"] == 2


def test_help_names_every_command():
    result = run("--help")
    assert all(name in result.stdout for name in ("inspect", "reduce", "count"))
    assert "shipments" in CliRunner().invoke(cli.app, ["--help"]).stdout


@pytest.fixture
def count_of(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    def apply(text: str) -> dict[str, Any]:
        path = tmp_path / "orders.csv"
        path.write_text(text, encoding="utf-8")
        return told(path, *LIMITS)

    return apply


def test_the_order_counts_and_not_its_articles(count_of: Callable[[str], dict[str, Any]]):
    # Two articles of 1.5 and 0.7 million in one parcel: 2.2 million, above the old limit and below the new one.
    lines = "주문일,금액\n2024-08-01,1500000\n2024-08-01,700000\n"
    assert count_of(lines)["newly_qualifying"]["cases"] == 0
    ordered = count_of("주문번호,주문일,금액\nA,2024-08-01,1500000\nA,2024-08-01,700000\n")
    assert (ordered["newly_qualifying"]["cases"], ordered["orders"], ordered["rows_counted"]) == (1, 1, 2)
