"""The figures that the first page must show, read from the views that it reads."""

from datetime import date
from typing import Any

import duckdb
import pytest

Evidence = str
PUBLISHED, DERIVED = "published", "derived"

TOTALS = [
    ("2016", "cases", 5_859_000, PUBLISHED),
    ("2017", "cases", 7_098_000, PUBLISHED),
    ("2018", "cases", 9_615_000, PUBLISHED),
    ("2019", "cases", 13_198_000, PUBLISHED),
    ("2020", "cases", 26_887_000, PUBLISHED),
    ("2021", "cases", 40_497_000, PUBLISHED),
    ("2024", "cases", 61_170_000, PUBLISHED),
    ("2024-H1", "cases", 28_891_000, PUBLISHED),
    ("2025-H1", "cases", 34_557_000, PUBLISHED),
    ("2016", "value_usd", 269e6, PUBLISHED),
    ("2019", "value_usd", 563e6, PUBLISHED),
    ("2020", "value_usd", 1_190.134e6, PUBLISHED),
    ("2021", "value_usd", 1_745.187e6, PUBLISHED),
    ("2023", "value_usd", 2_320e6, PUBLISHED),
    ("2024", "value_usd", 2_903e6, PUBLISHED),
    ("2025-H1", "value_usd", 1_604e6, PUBLISHED),
    ("2024-H1", "value_usd", 1_604e6 / 1.22, DERIVED),
    ("2024", "value_krw", 4.091e12, PUBLISHED),
]


def total(
    connection: duckdb.DuckDBPyConnection, view: str, period: str, metric: str
) -> tuple[Any, Evidence] | None:
    row: tuple[Any, Evidence] | None = connection.execute(
        f"""
        SELECT value, evidence FROM mart.{view}
        WHERE series_id = 'kcs_total' AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL'
          AND period = $period AND metric_id = $metric
        """,  # noqa: S608 (a name from this file)
        {"period": period, "metric": metric},
    ).fetchone()
    return row


@pytest.mark.parametrize(("period", "metric", "value", "evidence"), TOTALS)
def test_customs_total(
    connection: duckdb.DuckDBPyConnection, period: str, metric: str, value: float, evidence: Evidence
):
    assert total(connection, "level", period, metric) == (pytest.approx(value, rel=1e-12), evidence)


@pytest.mark.parametrize("view", ["level", "trend", "value_in_both_currencies"])
@pytest.mark.parametrize(
    ("period", "metric"),
    [(year, metric) for year in ("2017", "2018", "2022") for metric in ("value_usd", "value_krw")]
    + [("2022", "cases"), ("2023", "cases"), ("2025", "cases"), ("2025", "value_usd")],
)
def test_what_nobody_published_stays_missing(
    connection: duckdb.DuckDBPyConnection, view: str, period: str, metric: str
):
    assert total(connection, view, period, metric) is None


def test_a_rate_in_dollars_makes_no_level_in_won(connection: duckdb.DuckDBPyConnection):
    # 4.091tn / 1.26 would be 3.247tn; the growth of 26% is that of the value in dollars.
    assert total(connection, "level", "2023", "value_krw") is None
    converted = total(connection, "value_in_both_currencies", "2023", "value_krw")
    assert converted == (pytest.approx(3.03e12, rel=1e-3), DERIVED)


def test_won_of_2024_is_published_and_not_converted(connection: duckdb.DuckDBPyConnection):
    assert total(connection, "value_in_both_currencies", "2024", "value_krw") == (4.091e12, PUBLISHED)


def test_value_per_case(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        """
        SELECT period, value FROM mart.value_per_case
        WHERE series_id = 'kcs_total' AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL'
          AND frequency = 'year' AND unit = 'USD/case'
        ORDER BY period
        """
    ).fetchall()
    assert {period: round(value, 2) for period, value in rows} == {
        "2016": 45.91,
        "2019": 42.66,
        "2020": 44.26,
        "2021": 43.09,
        "2024": 47.46,
    }


def test_destination_shares_of_2023(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        """
        SELECT destination_id, value, evidence FROM mart.member_share
        WHERE series_id = 'kcs_total' AND metric_id = 'share_value_pct' AND period = '2023'
          AND destination_id <> 'ALL'
        ORDER BY value DESC
        """
    ).fetchall()
    assert rows == [("JP", 36.8, PUBLISHED), ("US", 20.3, PUBLISHED), ("CN", 19.7, PUBLISHED)]


def test_bound_for_the_total_of_2024(connection: duckdb.DuckDBPyConnection):
    row = connection.execute(
        "SELECT value_krw / 2000000, cases FROM mart.population WHERE population_id = 'total-2024'"
    ).fetchone()
    assert row == (2_045_500, 61_170_000)


def test_bound_for_the_declarations_of_2021(connection: duckdb.DuckDBPyConnection):
    row = connection.execute(
        """
        SELECT value_usd, krw_per_usd, value_krw, value_krw / 2000000, cases
        FROM mart.population WHERE population_id = 'declared-2021'
        """
    ).fetchone()
    assert row is not None
    value_usd, rate, value_krw, bound, cases = row
    assert (value_usd, cases) == (708_132_000, 9_228_000)
    assert rate == pytest.approx(1144.9, abs=0.05)
    assert value_krw == pytest.approx(708_132_000 * 1144.8911)
    assert bound == pytest.approx(708_132_000 * 1144.8911 / 2_000_000)
    assert bound == pytest.approx(405_367, abs=1)


def test_the_simulator_offers_full_years_only(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute("SELECT population_id, len(period) FROM mart.population").fetchall()
    assert dict(rows) == {"total-2021": 4, "declared-2021": 4, "total-2024": 4}


def test_the_list_clearance_of_2021_is_part_of_its_total(connection: duckdb.DuckDBPyConnection):
    row = connection.execute(
        """
        SELECT list_clearance_value_krw / krw_per_usd
        FROM mart.population WHERE population_id = 'total-2021'
        """
    ).fetchone()
    assert row == (pytest.approx(1_037_055_000),)


def test_the_simplified_limit_over_time(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        """
        SELECT limit_krw, valid_from, valid_before FROM mart.limit_in_force
        WHERE channel_id = 'simplified_declaration' ORDER BY valid_from
        """
    ).fetchall()
    assert rows == [
        (2_000_000, date(2014, 7, 30), date(2024, 8, 1)),
        (4_000_000, date(2024, 8, 1), date(2026, 6, 26)),
        (5_000_000, date(2026, 6, 26), None),
    ]


def test_list_clearance_keeps_its_limit_throughout(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        """
        SELECT limit_krw, valid_before IS NULL AS newest FROM mart.limit_in_force
        WHERE channel_id = 'list_clearance' ORDER BY valid_from
        """
    ).fetchall()
    assert {limit for limit, _ in rows} == {2_000_000}
    assert [newest for _, newest in rows] == [False, False, True]


def test_the_two_series_of_2018_have_two_definitions(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        """
        SELECT series_id, definition_id FROM mart.level
        WHERE period = '2018' AND metric_id = 'value_usd' AND destination_id = 'ALL' AND item_id = 'ALL'
          AND channel_id = 'ALL' AND series_id IN ('kcs_total', 'kcs_release_2019')
        UNION SELECT series_id, definition_id FROM core.series WHERE series_id = 'kcs_total'
        """
    ).fetchall()
    assert dict(rows) == {"kcs_release_2019": "kcs_release_2019", "kcs_total": "kcs_total"}
