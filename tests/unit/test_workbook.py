"""Workbooks: read back by another library than the one that writes them, and held against the receipts."""

import io
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard import naming, register, store, tables
from dashboard.evidence import Evidence
from dashboard.exports.csv_file import csv_bytes
from dashboard.exports.workbook import Shown, xlsx_bytes
from dashboard.i18n import words_for
from dashboard.receipts import Number, Version, column_names, derived, number, receipt_columns
from dashboard.tables import Table

VERSION = Version("0123456789ab", "0.1.0")
ADDRESS = "http://127.0.0.1:8501/trends?lang=en&data=0123456789ab&model=0.1.0"
SHOWN = Shown(
    "=HYPERLINK(1)", "Growth, customs total, 2020 to 2022", ("-1 is no formula",), "Source: Customs."
)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "0123"]


def a_number(value: float | None, unit: str = "percent") -> Number:
    receipt = derived("Growth", value, unit, "now / before − 1", (), VERSION)
    return number(value, unit, words_for("en"), receipt)


def content(table: Table, lang: Any = "en", definitions: list[Table] | None = None) -> bytes:
    return xlsx_bytes(
        table,
        SHOWN,
        address=ADDRESS,
        version=VERSION,
        built="23 November 2026",
        definitions=definitions or [],
        words=words_for(lang),
    )


def opened(table: Table, lang: Any = "en", definitions: list[Table] | None = None) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(table, lang, definitions)))


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    head, *body = rows(sheet)
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def totals(warehouse: duckdb.DuckDBPyConnection, english: Evidence) -> Table:
    names = naming.measure_names(english.words)
    points = store.totals(warehouse, "kcs_total").query("frequency == 'year'")
    return tables.totals(
        points, {each: names[each] for each in ("value_usd", "cases", "value_per_case_usd")}, english
    )


def test_numbers_are_numbers_in_full_and_missing_is_empty():
    table = Table(
        {"Period": ["2020", "2021", "2022"], "Growth": [a_number(100 / 3), a_number(-50.0), "–"]},
    )
    head, *body = rows(opened(table)["Data"])
    assert head == ["Period", "Growth (%)"]
    assert body == [["2020", pytest.approx(100 / 3, rel=1e-15)], ["2021", -50], ["2022", None]]
    cell = opened(table)["Data"]["B3"]
    assert (cell.data_type, cell.number_format) == ("n", "#,##0")


def test_a_number_that_has_no_value_is_an_empty_cell():
    assert rows(opened(Table({"Year": ["2020"], "Growth": [a_number(None)]}))["Data"])[1] == ["2020", None]


def test_a_column_of_several_units_says_them_beside_the_numbers():
    table = Table({"What": ["a", "b", "c"], "Value": [a_number(2.0), a_number(3.0, "KRW/case"), "–"]})
    assert rows(opened(table)["Data"]) == [
        ["What", "Value", "Value, unit"],
        ["a", 2, "%"],
        ["b", 3, "KRW per case"],
        ["c", None, None],
    ]
    assert rows(opened(table, "ko")["데이터"])[2] == ["b", 3, "건당 원"]


def test_a_heading_that_names_the_unit_does_not_say_it_twice(totals: Table):
    head = rows(opened(totals)["Data"])[0]
    assert head == ["Period", "Value (USD)", "Cases (cases)", "Value per case (USD)"]


def test_text_never_becomes_a_formula_a_link_or_a_number():
    book = opened(Table({"Text": DANGEROUS, "Growth": [a_number(-1.0)] * len(DANGEROUS)}))
    sheet = book["Data"]
    assert [row[0] for row in rows(sheet)[1:]] == DANGEROUS
    assert {sheet.cell(row, 1).data_type for row in range(2, 2 + len(DANGEROUS))} == {"s"}
    assert book["Metadata"]["B2"].data_type == "s"
    assert not any(cell.hyperlink for each in book for row in each.iter_rows() for cell in row)


def test_metadata_say_what_it_is_and_where_it_is_from():
    said = rows(opened(Table({"Year": ["2020"], "Growth": [a_number(1.0)]}))["Metadata"])
    assert said == [
        ["Property", "Text"],
        ["Title", SHOWN.title],
        ["Measure, coverage, period", SHOWN.subtitle],
        ["Note", SHOWN.notes[0]],
        ["Source", SHOWN.source],
        ["Address of the view", ADDRESS],
        ["Data version", "0123456789ab"],
        ["Data built on", "23 November 2026"],
        ["Model version", "0.1.0"],
    ]


def test_definitions_say_what_a_series_covers(warehouse: duckdb.DuckDBPyConnection, totals: Table):
    series = store.series(warehouse).query("series_id == 'kcs_total'")
    (row,) = records(opened(totals, definitions=[register.series(series, words_for("en"))])["Definitions"])
    assert row["Series"] == series.iloc[0]["name_en"]
    assert row["Covers"] == series.iloc[0]["covers_en"]
    assert row["Leaves out"] == series.iloc[0]["leaves_out_en"]


def test_several_definitions_stand_below_each_other():
    tables_ = [Table({"Term": ["a"], "Means": ["b"]}), Table({"Series": ["c"]})]
    sheet = opened(Table({"Year": ["2020"]}), definitions=tables_)["Definitions"]
    assert rows(sheet) == [["Term", "Means"], ["a", "b"], [None, None], ["Series", None], ["c", None]]
    assert [sheet.cell(row, 1).font.bold for row in range(1, 6)] == [True, False, False, True, False]


def test_the_sheet_of_receipts_is_the_csv_file_and_the_receipts(totals: Table):
    written = records(opened(totals)["Receipts"])
    numbers = totals.numbers()
    assert len(written) == len(numbers) == len(csv_bytes(totals.columns).splitlines()) - 1
    names = column_names(words_for("en"))
    expected = receipt_columns([each.receipt for each in numbers]).drop(columns=["receipt_unit"])
    for row, receipt, each in zip(written, expected.to_dict("records"), numbers, strict=True):
        assert {name: row[names[name]] or "" for name in receipt} == receipt
        assert row["Value"] == pytest.approx(each.receipt.value)
    assert {row["Unit"] for row in written} == {"USD", "cases", "USD per case"}


def test_sources_stand_once_each(totals: Table):
    written = records(opened(totals)["Sources"])
    cited = {line for each in totals.numbers() for line in each.receipt.inputs}
    assert len(written) == len(cited)
    assert {row["Address"] for row in written} == {line.url for line in cited}


def test_korean_is_korean(korean: Evidence):
    table = Table({"기간": ["2020년"], "금액": [korean.derived("금액", 1.0, "USD", "", ())]})
    book = opened(table, "ko")
    assert book.sheetnames == ["데이터", "설명 정보", "정의", "근거", "출처"]
    assert rows(book["데이터"])[0] == ["기간", "금액 (달러)"]
    assert rows(book["근거"])[0][:5] == ["기간", "지표", "값", "구분", "항목"]
    assert rows(book["근거"])[1][3] == "산출값"


def test_a_register_without_numbers_has_no_receipts():
    assert opened(Table({"Series": ["A"]})).sheetnames == ["Data", "Metadata", "Definitions"]


def test_the_same_inputs_give_the_same_bytes(totals: Table):
    assert content(totals) == content(totals)
    assert content(totals) != content(totals, "ko")


def test_a_text_that_is_too_long_for_a_cell_is_cut():
    long = "가" * 40_000
    assert rows(opened(Table({"Text": [long]}))["Data"])[1] == [long[:32_767]]
