"""Views of one line: growth, index and average growth; each point keeps the figures that it rests on."""

import pandas as pd


def growth(points: pd.DataFrame) -> pd.DataFrame:
    """Change over the same period a year earlier, in percent; a point without one a year earlier is left out."""
    earlier = points.assign(period_start=points["period_start"] + pd.DateOffset(years=1))
    both = points.merge(
        earlier[["period_start", "value", "input_ids"]], on="period_start", suffixes=("", "_before")
    )
    return both.assign(
        value=100 * (both["value"] / both["value_before"] - 1),
        unit="percent",
        evidence="derived",
        formula="level / level a year earlier − 1",
        input_ids=both["input_ids"].map(list) + both["input_ids_before"].map(list),
    ).drop(columns=["value_before", "input_ids_before"])


def index(points: pd.DataFrame, base_period: str) -> pd.DataFrame:
    """Level with the base period at 100; ValueError where the base is not among the points."""
    base = _at(points, base_period)
    return points.assign(
        value=100 * points["value"] / base["value"],
        unit="",
        evidence="derived",
        formula="level / level of the base period × 100",
        input_ids=points["input_ids"].map(lambda ids: [*ids, *base["input_ids"]]),
    )


def average_growth(points: pd.DataFrame, first_period: str, last_period: str) -> pd.Series:
    """Compound growth a year between two points, in percent (CAGR), as one row with its inputs.

    Raises:
        ValueError: a period is not among the points, the first is not before the last, or the first level is not positive.
    """
    first, last = _at(points, first_period), _at(points, last_period)
    years = (last["period_start"] - first["period_start"]).days / 365.2425
    if years <= 0:
        raise ValueError("the first period must be before the last")
    if first["value"] <= 0:
        raise ValueError("growth from nothing has no rate")
    row = last.copy()
    row["value"] = 100 * ((last["value"] / first["value"]) ** (1 / round(years, 2)) - 1)
    row["unit"], row["evidence"], row["formula"] = "percent", "derived", "(last / first)^(1 / years) − 1"
    row["input_ids"] = [*first["input_ids"], *last["input_ids"]]
    return row


def missing_years(points: pd.DataFrame) -> list[str]:
    """Years between the first and the last point that have none."""
    years = set(points["period_start"].dt.year)
    return [str(year) for year in range(min(years), max(years) + 1) if year not in years] if years else []


def _at(points: pd.DataFrame, period: str) -> pd.Series:
    found = points[points["period"] == period]
    if found.empty:
        raise ValueError(f"no figure for {period}")
    row: pd.Series = found.iloc[0]
    return row
