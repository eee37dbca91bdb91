"""Forecasts use only what stood published, and their intervals hold what they promise."""

from datetime import date

import numpy as np
import pytest

from dashboard.model.backtest import Published, backtest, forecast_year
from dashboard.model.errors import PopulationError
from dashboard.model.priors import Assumptions

CASES = [
    Published(2016, 5.859e6, date(2017, 2, 1)),
    Published(2017, 7.098e6, date(2018, 3, 1)),
    Published(2018, 9.615e6, date(2019, 2, 25)),
    Published(2019, 13.198e6, date(2020, 10, 18)),
    Published(2020, 26.887e6, date(2021, 10, 1)),
    Published(2021, 40.497e6, date(2022, 10, 17)),
    Published(2024, 61.17e6, date(2025, 9, 30)),
]


def test_only_what_stood_published_is_used(default: Assumptions) -> None:
    before = forecast_year(CASES, 2019, date(2018, 12, 31), default)
    assert before.known_years == (2016, 2017)
    assert before.years_ahead == 2
    corrected = [*CASES, Published(2017, 9e6, date(2020, 1, 1))]
    assert forecast_year(corrected, 2019, date(2018, 12, 31), default) == before
    assert forecast_year(corrected, 2019, date(2020, 1, 2), default) != before


def test_backtest_reports_misses_and_what_is_missing(default: Assumptions) -> None:
    found = backtest(CASES, {year: date(year - 1, 12, 31) for year in range(2019, 2025)}, default)
    assert [o.forecast.year for o in found] == list(range(2019, 2025))
    by_year = {o.forecast.year: o for o in found}
    assert by_year[2022].actual is None
    assert by_year[2022].miss is None
    assert by_year[2022].inside is None
    assert by_year[2024].inside
    miss = by_year[2021].miss
    assert miss is not None
    assert miss > 0.5
    for outturn in found:
        forecast = outturn.forecast
        assert forecast.p05 < forecast.p25 < forecast.p50 < forecast.p75 < forecast.p95
        assert forecast.probability_below(forecast.p95) == pytest.approx(0.95)


def test_interval_holds_nine_in_ten_of_worlds_from_its_own_prior(default: Assumptions) -> None:
    generator = np.random.default_rng(7)
    mean, weight, spread, freedom = (
        default.value(f"forecast.growth_{name}") for name in ("mean", "weight", "sd", "df")
    )
    years = [2010, 2011, 2013, 2014, 2017]
    inside = []
    for _ in range(1_500):
        deviation = spread * np.sqrt(freedom / generator.chisquare(freedom))
        drift = generator.normal(mean, deviation / np.sqrt(weight))
        logs = 15 + np.cumsum(generator.normal(drift, deviation, 10))
        vintages = [Published(y, float(np.exp(logs[y - 2010])), date(y + 1, 1, 1)) for y in years]
        actual = Published(2018, float(np.exp(logs[8])), date(2030, 1, 1))
        outturn = backtest([*vintages, actual], {2018: date(2018, 6, 1)}, default)[0]
        inside.append(outturn.inside is True)
    assert np.mean(inside) == pytest.approx(0.90, abs=0.02)


def test_one_year_alone_leans_on_the_prior_and_scale_does_not_matter(default: Assumptions) -> None:
    single = forecast_year(CASES[:1], 2017, date(2018, 1, 1), default)
    expected = 5.859e6 * np.exp(default.value("forecast.growth_mean"))
    assert single.p50 == pytest.approx(expected)
    scaled = [Published(v.year, v.value * 1_000, v.published_on) for v in CASES]
    one, other = (forecast_year(v, 2022, date(2022, 12, 31), default) for v in (CASES, scaled))
    assert other.p95 == pytest.approx(1_000 * one.p95)


def test_what_cannot_be_is_named(default: Assumptions) -> None:
    with pytest.raises(PopulationError, match="published"):
        forecast_year(CASES, 2017, date(2016, 1, 1), default)
    with pytest.raises(PopulationError):
        forecast_year([Published(2016, 0, date(2017, 1, 1))], 2017, date(2018, 1, 1), default)
