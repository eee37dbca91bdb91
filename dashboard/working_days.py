"""Working days as Korea's trade releases count them, and what is read from months with them: daily averages, the season."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
import pandas as pd

_SATURDAY, _SUNDAY = 5, 6
_HALF_DAY = 0.5  # what a Saturday counts in the monthly trade releases
_MONTHS = 12
_LEAST_YEARS = 3  # of a complete window around them; fewer would take one year's accident for the season


def working_days(first: date, last: date) -> float:
    """Working days from `first` to `last`, inclusive: weekdays without public holidays, a Saturday is half a day."""
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return sum(map(_worth, days))


def per_working_day(points: pd.DataFrame) -> pd.DataFrame:
    """Monthly values (`period_start`, `period_end`, `value`) over the working days of their month; adds `working_days`."""
    days = [
        working_days(start.date(), end.date())
        for start, end in zip(points["period_start"], points["period_end"], strict=True)
    ]
    return points.assign(working_days=days, value=points["value"] / days)


def seasonal_profile(points: pd.DataFrame) -> pd.DataFrame:
    """How far each calendar month lies from the year around it: columns `month` (1 to 12), `value` (percent of it), `years`.

    Each month is set against the centred mean of twelve months (two by twelve); the median over the years is taken. Points are
    consecutive months in order. Empty where fewer than three years have a complete window for every calendar month.
    """
    months = points["period_start"].dt.year * _MONTHS + points["period_start"].dt.month
    if (months.diff().dropna() != 1).any():
        raise ValueError("the season needs consecutive months")
    value = points["value"]
    centred = value.rolling(_MONTHS).mean().rolling(2).mean().shift(-_MONTHS // 2)
    ratio = (100 * value / centred).dropna()
    by_month = ratio.groupby(points.loc[ratio.index, "period_start"].dt.month)
    profile = pd.DataFrame({"value": by_month.median(), "years": by_month.size()})
    if len(profile) < _MONTHS or (profile["years"] < _LEAST_YEARS).any():
        profile = profile.head(0)
    return profile.rename_axis("month").reset_index()


def _worth(day: date) -> float:
    if day.weekday() == _SUNDAY or day in _public_holidays(day.year):
        return 0.0
    return _HALF_DAY if day.weekday() == _SATURDAY else 1.0


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=year))
