"""A year's total forecast one year ahead from what stood published on a date, against what followed.

Yearly log growth is taken as normal with unknown mean and spread, and little is known of either at first: the
prior is worth a year or so of data. The forecast is then a Student t on the logarithm, wider the fewer years
stood published and the further back the last of them lies. Nothing published after the date is used, also no
later correction of an earlier year. It says nothing about the limit: see `power`.

Source: the normal model with conjugate prior, Gelman et al., Bayesian Data Analysis, section 3.3.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from scipy.special import stdtr, stdtrit

from dashboard.model.errors import PopulationError
from dashboard.model.priors import Assumptions
from dashboard.model.summaries import PROBABILITIES


@dataclass(frozen=True)
class Published:
    """One vintage: a year's total (cases, or value in one currency) and the day it was published."""

    year: int
    value: float
    published_on: date


@dataclass(frozen=True)
class Forecast:
    """What could be said of a year's total on a date: quantiles, and the years it rests on."""

    year: int
    as_of: date
    known_years: tuple[int, ...]
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    degrees_of_freedom: float
    log_median: float
    log_scale: float

    @property
    def years_ahead(self) -> int:
        """Years between the last published total and the one forecast."""
        return self.year - self.known_years[-1]

    def probability_below(self, value: float) -> float:
        """Return the chance that the forecast gave to a total below `value`."""
        deviation = (np.log(value) - self.log_median) / self.log_scale
        return float(stdtr(self.degrees_of_freedom, deviation))


@dataclass(frozen=True)
class Outturn:
    """A forecast against what followed; the miss is actual / median - 1, a fraction."""

    forecast: Forecast
    actual: float | None

    @property
    def miss(self) -> float | None:
        """How far the total came out from the median, or None while it is not published."""
        return None if self.actual is None else self.actual / self.forecast.p50 - 1

    @property
    def inside(self) -> bool | None:
        """Whether the total lies in the 90% interval, or None while it is not published."""
        return None if self.actual is None else self.forecast.p05 <= self.actual <= self.forecast.p95


def forecast_year(
    vintages: Iterable[Published], year: int, as_of: date, assumptions: Assumptions
) -> Forecast:
    """Forecast a year's total from the vintages published by `as_of` of the years before it."""
    known = _latest(v for v in vintages if v.published_on <= as_of and v.year < year)
    if not known:
        raise PopulationError(
            f"{as_of.year}년 {as_of.month}월 {as_of.day}일까지 발표된 총계가 없습니다({year}년보다 앞선 해).",
            f"No total of a year before {year} stood published on {as_of.isoformat()}.",
        )
    mean, weight, spread, freedom = (
        assumptions.value(f"forecast.growth_{name}") for name in ("mean", "weight", "sd", "df")
    )
    steps = [(later - sooner, np.log(known[later] / known[sooner])) for sooner, later in pairwise(known)]
    span = sum(years for years, _ in steps)
    growth = sum(rise for _, rise in steps)
    squares = freedom * spread**2
    if steps:
        average = growth / span
        squares += sum((rise - years * average) ** 2 / years for years, rise in steps)
        squares += weight * span / (weight + span) * (average - mean) ** 2
    freedom += len(steps)
    ahead = year - max(known)
    log_median = float(np.log(known[max(known)]) + ahead * (weight * mean + growth) / (weight + span))
    log_scale = float(np.sqrt(squares / freedom * (ahead + ahead**2 / (weight + span))))
    p05, p25, p50, p75, p95 = np.exp(log_median + log_scale * stdtrit(freedom, np.array(PROBABILITIES)))
    return Forecast(
        year,
        as_of,
        tuple(known),
        float(p05),
        float(p25),
        float(p50),
        float(p75),
        float(p95),
        degrees_of_freedom=freedom,
        log_median=log_median,
        log_scale=log_scale,
    )


def backtest(
    vintages: Iterable[Published], as_of: Mapping[int, date], assumptions: Assumptions
) -> list[Outturn]:
    """Forecast each year on its date, and set the latest published total beside it.

    `as_of` maps the year to be forecast to the day on which the forecast is made.
    """
    every = tuple(vintages)
    actual = _latest(every)
    return [
        Outturn(forecast_year(every, year, day, assumptions), actual.get(year)) for year, day in as_of.items()
    ]


@dataclass(frozen=True)
class OneYearAhead:
    """Forecasts made on the last day of the year before, and why none could be made for the other years."""

    outturns: tuple[Outturn, ...]
    not_forecast: Mapping[int, PopulationError]

    @property
    def missing(self) -> tuple[int, ...]:
        """Years that were forecast and whose total is not published yet."""
        return tuple(outturn.forecast.year for outturn in self.outturns if outturn.actual is None)


def one_year_ahead(
    vintages: Iterable[Published], years: Iterable[int], assumptions: Assumptions
) -> OneYearAhead:
    """Forecast each year on the last day before it; a year before which nothing stood published has none."""
    every = tuple(vintages)
    outturns: list[Outturn] = []
    not_forecast: dict[int, PopulationError] = {}
    for year in years:
        try:
            outturns += backtest(every, {year: date(year - 1, 12, 31)}, assumptions)
        except PopulationError as error:
            not_forecast[year] = error
    return OneYearAhead(tuple(outturns), not_forecast)


def _latest(vintages: Iterable[Published]) -> dict[int, float]:
    """Return the value last published of each year, by year in order."""
    found: dict[int, Published] = {}
    for vintage in vintages:
        if not vintage.value > 0:
            raise PopulationError("발표된 총계는 0보다 커야 합니다.", "A published total must be above zero.")
        if vintage.year not in found or vintage.published_on >= found[vintage.year].published_on:
            found[vintage.year] = vintage
    return {year: found[year].value for year in sorted(found)}
