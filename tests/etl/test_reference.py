"""A broken reference file is refused by file, line, column and reason, and the data in use stay."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl import warehouse
from etl.errors import BuildError, RowError
from etl.reference import read
from etl.settings import Settings
from etl.warehouse import Build

OBSERVATIONS = "observations.csv"
# The row that the cases below break: the customs total of cases in 2017.
ROW = "F001,kcs_total,cases,2017,ALL,ALL,ALL,7098000,cases,exact,press quoting official,yes"


@dataclass(frozen=True)
class Case:
    """One edit of one file, and what the refusal must say."""

    name: str
    old: str
    new: str
    column: str
    reason: str
    file: str = OBSERVATIONS


def cell(name: str, old: str, new: str, column: str, reason: str) -> Case:
    """A cell of the row above."""
    assert ROW.count(old) == 1
    return Case(name, ROW, ROW.replace(old, new), column, reason)


CASES = [
    *(
        cell(f"number {text!r}", "7098000", f'"{text}"', "value", f"“{text}” is no number")
        for text in (
            "1,234",
            "nan",
            "inf",
            "1_000",
            " 7",
            "7 ",
            "",
            "+7",
            "０７",
            "12x",
            ".5",
            "5.",
            "1e",
            "--1",
        )
    ),
    cell("number beyond any", "7098000", "1e999", "value", "“1e999” breaks the rule"),
    cell("unknown series", "kcs_total", "kcs_totl", "series_id", "“kcs_totl” is not known"),
    cell("unknown destination", "2017,ALL", "2017,QQ", "destination_id", "“QQ” is not known"),
    cell("unit of another metric", "000,cases", "000,USD", "unit", "metric_id: cases, unit: USD"),
    cell("unknown bound", "exact", "Exact", "bound", "“Exact” breaks the rule"),
    cell("unknown quality", "official", "rumour", "quality", "“press quoting rumour” breaks the rule"),
    cell("neither yes nor no", ",yes", ",true", "preferred", "“true” is neither yes nor no"),
    cell("no period", "2017", "2017-13", "period", "“2017-13” is no period"),
    cell("no day", "2017", "2017-02-30", "period", "“2017-02-30” is no date"),
    cell("no period at all", ",2017,", ",,", "period", "“” is no period"),
    cell("three ends", "2017", "2015..2016..2017", "period", "is no period"),
    cell("full-width digits", "2017", "２０１７", "period", "is no period"),
    cell("ends before it starts", "2017", "2017..2016", "period", "ends before it starts"),
    cell("short row", "kcs_total,", "", "", "cells where the header has"),
    cell("long row", "kcs_total,", "kcs_total,,", "", "cells where the header has"),
    cell("unbalanced quote", "F001,", '"F001,', "", "not readable as CSV"),
    cell("text after a quote", "F001,", '"F001"x,', "", "not readable as CSV"),
    Case("unknown source", "ekn-2022-10-17,관세청", "nobody,관세청", "source_id", "“nobody” is not known"),
    Case(
        "no such day of publication", ",2022-10-17,", ",2022-13-17,", "published", "is no date", "sources.csv"
    ),
    Case("another way of dates", ",2022-10-17,", ",17.10.2022,", "published", "is no date", "sources.csv"),
    Case("no such day in force", "2014-07-30,in", "2014-02-30,in", "effective", "is no date", "limits.csv"),
    Case("no such announcement", "2024-07-01,2024", "2024-7-1,2024", "announced", "is no date", "limits.csv"),
    Case("no such event", ",2014-07-30,", ",2014-02-30,", "effective", "is no date", "events.csv"),
    Case("half a won", ",2000000,", ",2000000.5,", "limit_krw", "is no whole number", "limits.csv"),
    Case("no limit below zero", ",2000000,", ",-2000000,", "limit_krw", "breaks the rule", "limits.csv"),
    Case(
        "rate in jeon", ",1126.1621,", ",112616.21,", "krw_per_usd", "breaks the rule", "exchange_rates.csv"
    ),
    Case("country without a name", "\nJP,", "\nQQ,", "name_ko", "CLDR knows no country", "destinations.csv"),
    Case("country without a place", ",TWN\n", ",\n", "kind", "breaks the rule", "destinations.csv"),
    Case("no disagreeing figures", "F029 F028 G250", "", "observation_ids", "empty", "contradictions.csv"),
    Case("unknown figure", "F029 F028", "F029 Z999", "observation_id", "“Z999” is not", "contradictions.csv"),
    Case("a figure twice", "F029 F028", "F029 F029", "contradiction_id", "twice", "contradictions.csv"),
    Case("missing column", ",metric_id,", ",metric,", "metric_id", "this column is missing"),
    Case("missing column of a period", ",period,", ",when,", "period", "this column is missing"),
    Case("a term without a name", ",Lognormal,", ",,", "term_en", "breaks the rule", "glossary.csv"),
    Case(
        "a term that is no anchor",
        "\nlognormal,",
        "\nLog normal,",
        "term_id",
        "breaks the rule",
        "glossary.csv",
    ),
    Case("a term twice", ",Prior,", ",Lognormal,", "term_en", "twice", "glossary.csv"),
    Case("column twice", "series_id,metric_id", "series_id,series_id", "series_id", "stands twice"),
]


def in_use(settings: Settings) -> tuple[bytes, dict[str, int]]:
    """The pointer, and the files beside it with the time of their last change."""
    files = {path.name: path.stat().st_mtime_ns for path in settings.built_dir.iterdir()}
    return (settings.built_dir / "current").read_bytes(), files


@pytest.fixture
def refused(settings: Settings, built: tuple[Settings, Build]) -> Callable[[], BuildError]:
    """Build, expect a refusal in one sentence that leaves the data in use as they were, and return it."""

    def apply() -> BuildError:
        before = in_use(settings)
        with pytest.raises(BuildError) as caught:
            warehouse.build(settings, lambda _: None)
        assert in_use(settings) == before
        current = warehouse.current(settings)
        assert current is not None
        assert current.name == built[1].path.name
        sentence = str(caught.value)
        assert "\n" not in sentence
        assert not re.search(r"Traceback|Exception|Error|duckdb|Binder|Constraint|None|<class", sentence)
        return caught.value

    return apply


def test_the_reference_files_are_as_the_cases_expect(copied_reference: Path):
    for case in CASES:
        assert case.old in (copied_reference / case.file).read_text(encoding="utf-8"), case.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_row_is_refused(copied_reference: Path, refused: Callable[[], BuildError], case: Case):
    path = copied_reference / case.file
    text = path.read_text(encoding="utf-8")
    at = text.index(case.old) + len(case.old) - len(case.old.lstrip("\n"))
    path.write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    error = refused()
    assert isinstance(error, RowError)
    assert (error.file, error.line, error.column) == (case.file, text.count("\n", 0, at) + 1, case.column)
    assert case.reason in error.reason
    assert str(error).startswith(f"{case.file}, line {error.line}")


def test_a_missing_file_is_named(copied_reference: Path, refused: Callable[[], BuildError]):
    (copied_reference / "series.csv").unlink()
    assert "series.csv cannot be read" in str(refused())


def test_an_unknown_column_is_named(copied_reference: Path, refused: Callable[[], BuildError]):
    path = copied_reference / "channels.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},colour", *(f"{line},red" for line in lines)]), encoding="utf-8")
    error = refused()
    assert isinstance(error, RowError)
    assert (error.line, error.column, error.reason) == (1, "colour", "no such column is known")


def test_a_number_of_a_row_twice_is_refused(
    change: Callable[..., None], copied_reference: Path, refused: Callable[[], BuildError]
):
    change(OBSERVATIONS, "F002", observation_id="F001")
    error = refused()
    assert isinstance(error, RowError)
    second = read(copied_reference / OBSERVATIONS)[1]
    assert (error.line, error.column) == (second.number, "observation_id")
    assert "stands twice: observation_id: F001" in error.reason


def test_the_same_figure_twice_in_one_source_is_refused(
    add: Callable[..., None], copied_reference: Path, refused: Callable[[], BuildError]
):
    add(OBSERVATIONS, "F001", "Z001", value="7098001", preferred="no")
    error = refused()
    assert isinstance(error, RowError)
    assert error.line == read(copied_reference / OBSERVATIONS)[-1].number
    assert error.column == "series_id"
    assert "source_id: ekn-2022-10-17" in error.reason


@pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
def test_another_encoding_is_refused(
    copied_reference: Path, refused: Callable[[], BuildError], encoding: str
):
    path = copied_reference / OBSERVATIONS
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding, "replace"))
    error = refused()
    assert isinstance(error, RowError)
    assert error.reason == "not UTF-8; save the file as UTF-8"
    assert error.line <= 2


def test_one_line_in_another_encoding_is_found(copied_reference: Path, refused: Callable[[], BuildError]):
    path = copied_reference / OBSERVATIONS
    lines = path.read_bytes().split(b"\n")
    lines[9] = lines[9] + "관세청".encode("cp949")
    path.write_bytes(b"\n".join(lines))
    error = refused()
    assert isinstance(error, RowError)
    assert error.line == 10


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty; the first line must name the columns"),
        ("\n\n", "empty; the first line must name the columns"),
        (
            "event_id,kind,announced,effective,name_ko,name_en,source_id,note_ko,note_en\n",
            "no rows below the header",
        ),
    ],
)
def test_a_file_without_rows_is_refused(
    copied_reference: Path, refused: Callable[[], BuildError], content: str, reason: str
):
    (copied_reference / "events.csv").write_text(content, encoding="utf-8")
    error = refused()
    assert isinstance(error, RowError)
    assert (error.file, error.line, error.reason) == ("events.csv", 1, reason)


def test_what_spreadsheets_write_is_read_alike(
    settings: Settings, copied_reference: Path, built: tuple[Settings, Build]
):
    for path in copied_reference.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert warehouse.build(settings, lambda _: None).data_version == built[1].data_version


def test_lines_are_counted_through_notes_of_several_lines(
    change: Callable[..., None], refused: Callable[[], BuildError]
):
    change(OBSERVATIONS, "F001", note_en="one\ntwo\r\nthree")
    change(OBSERVATIONS, "F003", value="many")
    error = refused()
    assert isinstance(error, RowError)
    assert (error.line, error.column) == (6, "value")


def test_a_line_break_in_a_note_is_kept(tmp_path: Path):
    path = tmp_path / "notes.csv"
    path.write_bytes(b'id,note\r\n1,"a\nb"\r\n\r\n2,"c, ""d"""\r\n')
    assert [(line.number, line.cells["note"]) for line in read(path)] == [(2, "a\nb"), (5, 'c, "d"')]
