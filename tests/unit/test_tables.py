"""The tables under the charts: what the reader sees, and the receipts behind it."""

import duckdb
import pandas as pd
import pytest

from dashboard import formats, store, tables, transform
from dashboard.evidence import Evidence
from dashboard.findings import members


@pytest.fixture
def total(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.totals(warehouse, "kcs_total")


@pytest.fixture
def years(total: pd.DataFrame) -> pd.DataFrame:
    return total[(total["metric_id"] == "value_usd") & (total["frequency"] == "year")]


def test_line(years: pd.DataFrame, english: Evidence, korean: Evidence):
    text = tables.line(years, "Value", english).as_text()
    assert text.columns.tolist() == ["Period", "Value"]
    assert text["Period"].tolist() == ["2016", "2019", "2020", "2021", "2023", "2024"]
    assert text["Value"].tolist()[1:4] == ["USD 563 million", "USD 1,190.1 million", "USD 1,745.2 million"]
    text = tables.line(years, "금액", korean).as_text()
    assert text.iloc[2].tolist() == ["2020년", "11억 9,010만 달러"]


def test_numbers_carry_the_value_in_full(years: pd.DataFrame, english: Evidence):
    numbers = tables.line(years, "Value", english).numbers()
    assert [number.receipt.value for number in numbers] == years["value"].tolist()
    assert {number.receipt.kind for number in numbers} == {"published"}
    assert all(len(number.receipt.inputs) == 1 for number in numbers)


def test_average_stands_last_with_its_sign(years: pd.DataFrame, english: Evidence):
    rate = transform.average_growth(years, "2019", "2024")
    points = years[years["period"] >= "2019"]
    table = tables.average(points, rate, "Value", english)
    text = table.as_text()
    assert text.iloc[-1].tolist() == ["Average growth a year", "+38.8%"]
    assert text["Period"].tolist()[0] == "2019"
    receipt = table.numbers()[-1].receipt
    assert receipt.kind == "derived"
    assert [line.value for line in receipt.inputs] == [563e6, 2_903e6]


def test_totals_leave_a_dash_where_nothing_is_published(total: pd.DataFrame, english: Evidence):
    shown = total[total["frequency"].isin(["year", "half"])]
    table = tables.totals(shown, {"value_usd": "Value", "cases": "Cases"}, english)
    text = table.as_text().set_index("Period")
    assert text.loc["2017"].tolist() == [formats.MISSING, "7,098,000 cases"]
    assert text.loc["2023"].tolist() == ["USD 2,320 million", formats.MISSING]
    assert text.loc["2024"].tolist() == ["USD 2,903 million", "61.17 million cases"]
    assert text.index.tolist()[-2:] == ["2024", "H1 2025"]
    assert "2022" not in text.index
    # a dash is no number and has no receipt
    assert len(table.numbers()) == (text != formats.MISSING).to_numpy().sum()


def test_numbers_come_row_by_row(total: pd.DataFrame, english: Evidence):
    table = tables.totals(
        total[total["period"].isin(["2020", "2021"])], {"value_usd": "V", "cases": "C"}, english
    )
    assert [number.receipt.value for number in table.numbers()] == [
        1_190_134_000,
        26_887_000,
        1_745_187_000,
        40_497_000,
    ]


def test_members_show_share_and_level(shares: pd.DataFrame, levels: pd.DataFrame, english: Evidence):
    published = members.publication(shares, "kcs_total", "share_value_pct", "2023", "destination")
    values = members.publication(levels, "kcs_total", "value_usd", "2023", "destination")
    shown = members.with_rest(published, "destination", english.words)
    table = tables.members(shown, values, "destination", ("To", "Share", "Value"), english)
    text = table.as_text().set_index("To")
    assert text["Share"].tolist() == ["36.8%", "20.3%", "19.7%", "23.2%"]
    # 36.8% of 2,320 million
    assert text.loc["Japan", "Value"] == "USD 853.76 million"
    assert text.iloc[-1]["Value"] == formats.MISSING


def test_columns_of_unequal_length_are_no_table():
    with pytest.raises(ValueError, match="zip"):
        tables.Table({"one": ["a", "b"], "other": ["c"]}).numbers()
