from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.working_days import per_working_day, seasonal_profile, working_days


@pytest.mark.parametrize(
    ("first", "last", "published"),
    [
        # the Customs Service's ten- and twenty-day releases
        (date(2019, 10, 1), date(2019, 10, 10), 6.5),
        (date(2020, 10, 1), date(2020, 10, 10), 4.5),  # Chuseok, Hangul Day
        (date(2020, 1, 1), date(2020, 1, 10), 7.5),
        (date(2021, 1, 1), date(2021, 1, 10), 6.0),
        (date(2020, 2, 1), date(2020, 2, 20), 15.5),
        (date(2021, 2, 1), date(2021, 2, 20), 14.0),  # the lunar New Year
        (date(2024, 9, 1), date(2024, 9, 20), 13.0),
        (date(2025, 9, 1), date(2025, 9, 20), 16.5),
        (date(2017, 2, 1), date(2017, 2, 28), 22.0),
    ],
)
def test_working_days_are_those_of_the_releases(first: date, last: date, published: float):
    assert working_days(first, last) == published


def months(start: str, values: list[float]) -> pd.DataFrame:
    starts = pd.date_range(start, periods=len(values), freq="MS")
    return pd.DataFrame(
        {"period_start": starts, "period_end": starts + pd.offsets.MonthEnd(), "value": values}
    )


def test_a_daily_average_divides_by_the_days_of_its_month():
    # September 2025: 22 weekdays, no holiday, four Saturdays: 24 days. October: Chuseok takes most of a week.
    daily = per_working_day(months("2025-09-01", [240.0, 200.0]))
    assert daily["working_days"].tolist() == [24.0, 20.0]
    assert daily["value"].tolist() == [10.0, 10.0]


def test_the_season_is_found_on_a_growing_line():
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
    season /= season.mean()
    values = [1000 * 1.003**place * season[place % 12] for place in range(72)]
    profile = seasonal_profile(months("2020-01-01", values))
    assert profile["month"].tolist() == list(range(1, 13))
    assert profile["value"].to_numpy() / 100 == pytest.approx(season, rel=0.005)
    assert set(profile["years"]) == {5}


def test_a_level_line_has_no_season():
    assert seasonal_profile(months("2020-01-01", [7.0] * 60))["value"].tolist() == pytest.approx([100.0] * 12)


def test_too_few_years_have_no_season():
    # three years: only two of them have a complete window around every month
    assert seasonal_profile(months("2020-01-01", [7.0] * 36)).empty


def test_a_gap_is_refused():
    points = months("2020-01-01", [7.0] * 60).drop(index=30)
    with pytest.raises(ValueError, match="consecutive"):
        seasonal_profile(points)
