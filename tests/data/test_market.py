"""The market table against its sources, worked out by hand, and what must not be in it."""

import csv
from collections import Counter
from typing import Any

import duckdb
import pytest

from etl.settings import ROOT

Row = dict[str, Any]


@pytest.fixture(scope="session")
def cells(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Row]:
    found = connection.execute("SELECT * FROM mart.market")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["destination_id"], row["column_id"]): row for row in rows}


@pytest.mark.parametrize(
    ("destination", "column", "value", "period", "grade"),
    [
        # as printed
        ("JP", "population", 123_975_371, "2024", "A"),
        ("JP", "gdp_per_head", 32_487.08, "2024", "A"),
        ("JP", "internet_users", 85.54, "2024", "A"),
        ("JP", "ecommerce_value", 1_044e6, "2024", "B"),
        ("US", "cosmetics_exports", 2_186e6, "2025", "B"),
        ("MX", "cosmetics_growth", 149.9, "2025", "B"),
        ("HK", "gdp_per_head", 50_696.59, "2023", "C"),  # a secondary derivation
        ("TW", "population", 23_213_962, "2024", "C"),  # no member of the World Bank
        # 123,975,371 × 85.54% × 32,487.08 = 3.44520e12
        ("JP", "online_income", 3.44520e12, "2024", "B"),
        # 2,186 / 11,431 = 19.12%
        ("US", "cosmetics_share", 19.1234, "2025", "B"),
        # of 2022: 380 / 7,950 = 4.78%
        ("VN", "cosmetics_share", 4.77987, "2022", "B"),
        # 796M USD / 20.748M cases = USD 38.37
        ("JP", "ecommerce_value_per_case", 38.3651, "2021", "B"),
        # 1,044 against 36.8% of 2,320 = 853.76: +22.3%
        ("JP", "ecommerce_growth", 22.2826, "2024", "B"),
        # Statistics Korea, third quarter of 2025: a column of its own
        ("CN", "direct_sales", 250.3e9, "2025-Q3", "B"),
    ],
)
def test_a_cell_is_what_its_sources_say(
    cells: dict[tuple[str, str], Row], destination: str, column: str, value: float, period: str, grade: str
):
    row = cells[destination, column]
    assert row["value"] == pytest.approx(value, rel=2e-5)
    assert (row["period"], row["grade"]) == (period, grade)


def test_missing_is_missing(cells: dict[tuple[str, str], Row]):
    assert ("MN", "cosmetics_exports") not in cells
    assert ("CH", "population") not in cells  # Switzerland has a rule and no figures
    assert ("CN", "ecommerce_growth") not in cells  # one full year only
    assert not [row for row in cells.values() if row["value"] is None]


def test_thirty_destinations_have_their_facts(cells: dict[tuple[str, str], Row]):
    counted = Counter(column for _destination, column in cells)
    assert [counted[each] for each in ("population", "gdp_per_head", "internet_users", "online_income")] == [
        30
    ] * 4


def test_no_growth_is_computed_from_facts_of_several_vintages(connection: duckdb.DuckDBPyConnection):
    """One year of each fact is shipped, so that none can be."""
    twice = connection.execute(
        "SELECT f.metric_id, f.destination_id FROM core.market_figure AS f JOIN core.market_metric AS m USING (metric_id) "
        "WHERE m.item_id = 'ALL' GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    assert not twice


def test_every_input_of_a_cell_can_be_cited(connection: duckdb.DuckDBPyConnection):
    lost = connection.execute(
        "SELECT DISTINCT u.id FROM (SELECT unnest(input_ids) AS id FROM mart.market) AS u WHERE u.id NOT IN ("
        "SELECT observation_id FROM core.observation UNION SELECT rate_id FROM core.exchange_rate "
        "UNION SELECT observation_id FROM mart.market_citation)"
    ).fetchall()
    assert not lost


def test_no_two_citations_share_an_id(connection: duckdb.DuckDBPyConnection):
    twice = connection.execute(
        "SELECT observation_id FROM (SELECT observation_id FROM core.observation UNION ALL SELECT rate_id FROM core.exchange_rate "
        "UNION ALL SELECT index_id FROM core.price_index UNION ALL SELECT observation_id FROM mart.market_citation) "
        "GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    assert not twice


def test_the_direct_sales_are_in_the_data_once(connection: duckdb.DuckDBPyConnection):
    kept = connection.execute(
        "SELECT count(*) FROM core.market_metric WHERE metric_id LIKE '%direct%'"
    ).fetchone()
    assert kept == (0,)


# --- won for one unit of a currency ------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "won", "period"),
    [
        ("JPY", 1421.3963 / 149.5686, "2025"),  # 9.50 won a yen
        ("EUR", 1421.3963 / 0.8845, "2025"),  # 1,607.0
        ("GBP", 1363.375 / 0.78241, "2024"),  # the World Bank's own won rate of the same year
        ("VND", 1363.375 / 24164.88583, "2024"),
        ("USD", 1421.3963, "2025"),
    ],
)
def test_a_rate_is_computed_within_one_publication(
    connection: duckdb.DuckDBPyConnection, currency: str, won: float, period: str
):
    found = connection.execute(
        "SELECT krw_per_unit, period FROM mart.currency_rate WHERE currency = $currency",
        {"currency": currency},
    ).fetchall()
    assert found == [(pytest.approx(won), period)]


def test_every_currency_of_a_rule_has_a_rate(connection: duckdb.DuckDBPyConnection):
    without = connection.execute(
        "SELECT DISTINCT currency FROM core.destination_rule WHERE currency NOT IN (SELECT currency FROM mart.currency_rate)"
    ).fetchall()
    assert not without


def test_no_market_figure_is_of_a_weak_source():
    """E-commerce sizes, apparel and what the transcription calls weak stay out."""
    with (ROOT / "data/reference/market_metrics.csv").open(encoding="utf-8", newline="") as file:
        names = {row["metric_id"] for row in csv.DictReader(file)}
    assert names == {
        "population",
        "gdp_per_head",
        "internet_users",
        "cosmetics_exports",
        "cosmetics_growth",
        "food_exports",
        "album_exports",
    }
