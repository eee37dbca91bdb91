"""The one-year-ahead backtest on the published totals: only what stood published, and every miss told."""

from dataclasses import astuple
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from dashboard import store
from dashboard.ask import assumptions, backtest
from dashboard.model.backtest import Outturn
from dashboard.model.errors import PopulationError
from dashboard.model.priors import Assumptions
from dashboard.scenarios import Scenario


@pytest.fixture(scope="module")
def priors(warehouse: duckdb.DuckDBPyConnection) -> Assumptions:
    return assumptions(store.assumption_rows(warehouse), Scenario())


@pytest.fixture(scope="module")
def totals(warehouse: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return store.published_totals(warehouse)


def test_every_vintage_of_a_full_year_is_there(totals: list[dict[str, Any]]) -> None:
    found = [(row["year"], row["value"] / 1e6, row["published_on"].isoformat()) for row in totals]
    assert found == [
        (2016, 269, "2020-10-18"),
        (2019, 563, "2024-06-15"),
        (2020, pytest.approx(1_190.134), "2022-10-17"),
        (2021, pytest.approx(1_745.187), "2022-10-17"),
        (2023, 2_320, "2024-06-15"),
        (2024, 2_903, "2025-05-06"),
        (2024, 2_903, "2025-09-30"),
    ]


def test_a_date_that_is_partly_known_counts_from_its_last_day(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    by_source = {row["source_id"]: row["published_on"] for row in store.published_totals(warehouse, "cases")}
    assert by_source["amz10-2021"] == date(2021, 12, 31)
    assert by_source["sejongmedia-2025-10"] == date(2025, 10, 31)
    assert by_source["etoday-2019-02-25"] == date(2019, 2, 25)


def test_years_are_forecast_or_said_to_be_impossible(
    totals: list[dict[str, Any]], priors: Assumptions
) -> None:
    found = backtest(totals, priors)
    assert [outturn.forecast.year for outturn in found.outturns] == [2021, 2022, 2023, 2024]
    assert list(found.not_forecast) == [2019, 2020]
    assert all(
        isinstance(why, PopulationError) and str(year) in why.ko for year, why in found.not_forecast.items()
    )
    assert found.missing == (2022,)
    assert all(isinstance(outturn, Outturn) for outturn in found.outturns)
    by_year = {outturn.forecast.year: outturn for outturn in found.outturns}
    assert [by_year[year].forecast.known_years for year in (2021, 2022, 2023, 2024)] == [
        (2016,),
        (2016,),
        (2016, 2020, 2021),
        (2016, 2020, 2021),
    ]
    assert by_year[2024].forecast.years_ahead == 3
    assert (by_year[2022].actual, by_year[2022].miss, by_year[2022].inside) == (None, None, None)
    for year, actual in ((2021, 1_745.187e6), (2023, 2_320e6), (2024, 2_903e6)):
        outturn = by_year[year]
        assert outturn.actual == pytest.approx(actual)
        assert outturn.miss == pytest.approx(actual / outturn.forecast.p50 - 1)
        assert outturn.inside
    # After five years of silence almost anything was possible, and the interval said so.
    wide, narrow = by_year[2021].forecast, by_year[2023].forecast
    assert wide.p95 / wide.p05 > 20 * narrow.p95 / narrow.p05


@pytest.mark.parametrize("metric_id", ["value_usd", "cases"])
def test_no_forecast_knows_what_was_published_later(
    warehouse: duckdb.DuckDBPyConnection, priors: Assumptions, metric_id: str
) -> None:
    every = store.published_totals(warehouse, metric_id)
    found = backtest(every, priors)
    assert found.outturns
    for outturn in found.outturns:
        year = outturn.forecast.year
        assert outturn.forecast.as_of == date(year - 1, 12, 31)
        then = [row for row in every if row["published_on"] <= outturn.forecast.as_of]
        assert len(then) < len(every)
        (again,) = backtest(then, priors, [year]).outturns
        assert astuple(again.forecast) == astuple(outturn.forecast)
        # Had its last vintage come a day too late, the forecast would have been another.
        last = max(row["published_on"] for row in then)
        late = [
            {**row, "published_on": date(year, 1, 1)} if row["published_on"] == last else row for row in then
        ]
        other = backtest(late, priors, [year])
        assert year in other.not_forecast or astuple(other.outturns[0].forecast) != astuple(outturn.forecast)


def test_the_day_of_the_forecast_itself_counts(totals: list[dict[str, Any]], priors: Assumptions) -> None:
    last_day = date(2021, 12, 31)
    on_the_day = [{**row, "published_on": last_day} for row in totals if row["year"] == 2019]
    assert backtest(on_the_day, priors, [2022]).outturns[0].forecast.known_years == (2019,)
    a_day_later = [{**row, "published_on": last_day + timedelta(days=1)} for row in on_the_day]
    assert list(backtest(a_day_later, priors, [2022]).not_forecast) == [2022]
