"""CSV files: read back as they were meant, by programs and by spreadsheets."""

import csv
import io

import duckdb
import pandas as pd
import pytest

from dashboard import store, tables
from dashboard.evidence import Evidence
from dashboard.exports.csv_file import csv_bytes, table_bytes
from dashboard.i18n import words_for
from dashboard.receipts import Number, Version, derived, number

BOM = b"\xef\xbb\xbf"
VERSION = Version("0123456789ab", "0.1.0")
RECEIPT_COLUMNS = [
    "receipt_kind", "receipt_label", "receipt_unit", "receipt_formula", "receipt_inputs", "receipt_assumptions",
    "receipt_source_id", "receipt_publisher", "receipt_title", "receipt_url", "receipt_published",
    "receipt_quality", "receipt_note", "receipt_figure_id", "data_version", "model_version",
]  # fmt: skip
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"]


def a_number(value: float | None, label: str = "Growth", unit: str = "percent") -> Number:
    receipt = derived(label, value, unit, "now / before − 1", (), VERSION)
    return number(value, unit, words_for("en"), receipt)


def written(columns: dict[str, list[str | Number]]) -> list[dict[str, str]]:
    """What a program reads that knows CSV."""
    return rows(csv_bytes(columns))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_one_row_a_number_in_full():
    (first, second, third) = written(
        {
            "Period": ["2020", "2021"],
            "Value": [a_number(100 / 3), a_number(2.0)],
            "Cases": [a_number(61_170_000.0, "Cases", "cases"), "–"],
        }
    )
    assert (first["Period"], first["measure"], first["value"], first["unit"]) == (
        "2020",
        "Value",
        repr(100 / 3),
        "percent",
    )
    assert (second["Period"], second["measure"], second["value"]) == ("2020", "Cases", "61170000.0")
    assert (third["Period"], third["measure"], third["value"]) == ("2021", "Value", "2.0")
    assert list(first) == ["Period", "measure", "value", "unit", *RECEIPT_COLUMNS]
    assert (first["receipt_kind"], first["receipt_formula"]) == ("derived", "now / before − 1")
    assert (first["data_version"], first["model_version"]) == ("0123456789ab", "0.1.0")


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_never_a_formula(text: str):
    (row,) = written({"Name": [text], "Value": [a_number(1.0, label=text)]})
    assert row["Name"] == f"'{text}"
    assert row["receipt_label"] == f"'{text}"


@pytest.mark.parametrize("text", ["일본", "a=b", "1-2", "–", "", "−5%"])
def test_harmless_text_stays_as_it_is(text: str):
    (row,) = written({"Name": [text], "Value": [a_number(1.0)]})
    assert row["Name"] == text


def test_negative_numbers_stay_numbers():
    (row,) = written({"Name": ["x"], "Value": [a_number(-12.5)]})
    assert row["value"] == "-12.5"


def test_a_missing_number_is_empty():
    (row,) = written({"Name": ["x"], "Value": [a_number(None)]})
    assert row["value"] == ""


def test_spreadsheets_see_the_encoding():
    content = csv_bytes({"이름": ['일본, "JP"\n둘째 줄'], "값": [a_number(1.0)]})
    assert content.startswith(BOM)
    assert content.count(BOM) == 1
    assert b"\r\n" in content
    assert rows(content)[0]["이름"] == '일본, "JP"\n둘째 줄'


def test_a_table_without_numbers_has_a_header_only():
    assert csv_bytes({"Name": []}).decode("utf-8-sig") == "Name,measure,value,unit\r\n"


def test_the_chart_of_the_customs_total_round_trips(warehouse: duckdb.DuckDBPyConnection, korean: Evidence):
    points = store.trend(warehouse, "kcs_total", "value_per_case_krw")
    table = tables.line(points, "건당 금액(원)", korean)
    read = rows(csv_bytes(table.columns))
    assert [float(row["value"]) for row in read] == points["value"].tolist()
    assert {row["unit"] for row in read} == {"KRW/case"}
    for row in read:
        assert row["receipt_kind"] == "derived"
        # value, cases, and the rate of exchange where the value was converted
        assert row["receipt_inputs"].count(" | ") == row["receipt_source_id"].count(" | ") >= 1
        assert "http" in row["receipt_url"]


# --- whole tables ------------------------------------------------------------


def test_a_table_keeps_numbers_and_disarms_text():
    frame = pd.DataFrame({"text": [*DANGEROUS, "일본"], "number": [-1.5] * 10 + [0.1 + 0.2]})
    content = table_bytes(frame)
    assert content.startswith(BOM)
    read = rows(content)
    assert [row["text"] for row in read] == [*(f"'{text}" for text in DANGEROUS), "일본"]
    assert [row["number"] for row in read] == ["-1.5"] * 10 + [repr(0.1 + 0.2)]


def test_missing_text_is_empty():
    (row, _other) = rows(table_bytes(pd.DataFrame({"text": [None, "=x"], "number": [None, 1.0]})))
    assert row == {"text": "", "number": ""}


@pytest.mark.parametrize("name", store.TABLES)
def test_every_table_of_the_warehouse_round_trips(warehouse: duckdb.DuckDBPyConnection, name: str):
    frame = store.table(warehouse, name)
    read = rows(table_bytes(frame))
    assert len(read) == len(frame) > 0
    assert list(read[0]) == frame.columns.tolist()
    for column in frame.columns:
        texts = [row[column] for row in read]
        if frame[column].dtype == "str":
            plain = frame[column].fillna("")
            assert [text.removeprefix("'") for text in texts] == [text.removeprefix("'") for text in plain]
            assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]
        elif frame[column].dtype == "float64":
            assert [float(text) if text else None for text in texts] == [
                None if pd.isna(value) else value for value in frame[column]
            ]


def test_only_tables_of_published_values_are_read(warehouse: duckdb.DuckDBPyConnection):
    with pytest.raises(ValueError, match="no table"):
        store.table(warehouse, "observation; DROP TABLE x")
