"""Views of one line: growth, change, index, average growth, other terms; each point keeps the figures that it rests on.

Points are frames as `store.trend` gives them, in order of time. A formula is added behind the one that the level already has
(`STEP` between them), so that the receipt of a derived point tells the whole way from the published figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Against = Literal["before", "year"]

STEP = " → "  # between the steps of a formula
EXACT = "exact"
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_GROWTH = {
    "year": "level / level a year earlier − 1",
    "before": "level / level of the period before − 1",
}
_CHANGE = {"year": "level − level a year earlier", "before": "level − level of the period before"}


def growth(points: pd.DataFrame, against: Against = "year") -> pd.DataFrame:
    """Change over the period before or the same period a year earlier, in percent; a point without one is left out."""
    both = _with_earlier(points, against)
    made = both.assign(value=100 * (both["value"] / both["value_before"] - 1), unit="percent")
    return _derived(made, _GROWTH[against])


def change(points: pd.DataFrame, against: Against = "year") -> pd.DataFrame:
    """Change over the period before or the same period a year earlier, in the unit of the level."""
    both = _with_earlier(points, against)
    return _derived(both.assign(value=both["value"] - both["value_before"]), _CHANGE[against])


def index(points: pd.DataFrame, base_period: str) -> pd.DataFrame:
    """Level with the base period at 100; ValueError where the base is not among the points."""
    base = _at(points, base_period)
    made = points.assign(
        value=100 * points["value"] / base["value"],
        unit="",
        input_ids=points["input_ids"].map(lambda ids: [*ids, *base["input_ids"]]),
    )
    if "bound" in made and base["bound"] != EXACT:
        made["bound"] = base["bound"]  # nothing is more exact than its base
    return _derived(made, "level / level of the base period × 100")


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
    row["unit"], row["evidence"] = "percent", "derived"
    row["formula"] = _then(str(last["formula"]), "(last / first)^(1 / years) − 1")
    row["input_ids"] = [*first["input_ids"], *last["input_ids"]]
    return row


def at_constant_rate(points: pd.DataFrame, rates: pd.DataFrame, base_year: str) -> pd.DataFrame:
    """Values as published in one currency, in the other at the average rate of one year for all periods.

    `points` are in USD or KRW; `rates` is what `store.yearly_rates` gives. ValueError for a year without a rate.
    """
    found = rates[rates["period"] == base_year]
    if found.empty:
        raise ValueError(f"no exchange rate for {base_year}")
    rate, rate_id = float(found["krw_per_usd"].iloc[0]), str(found["rate_id"].iloc[0])
    published = points[points["evidence"] == "published"]
    from_dollars = published["unit"] == "USD"
    made = published.assign(
        value=published["value"]
        .where(~from_dollars, published["value"] * rate)
        .where(from_dollars, published["value"] / rate),
        unit=from_dollars.map({True: "KRW", False: "USD"}),
        metric_id=from_dollars.map({True: "value_krw", False: "value_usd"}),
        input_ids=published["input_ids"].map(lambda ids: [*ids, rate_id]),
    )
    return _derived(made, "value at the average rate of the base year")


def real(points: pd.DataFrame, prices: pd.DataFrame, base_year: str) -> pd.DataFrame:
    """Yearly values in won at the consumer prices of one year; a year without an index is left out.

    `prices` is what `store.price_index` gives. ValueError for a base year without an index.
    """
    base = _at(prices, base_year)
    known = prices.set_index("period")
    there = points[points["period"].isin(known.index)]
    own = known.loc[there["period"]]
    inputs = [
        list(dict.fromkeys([*ids, *price, *base["input_ids"]]))
        for ids, price in zip(there["input_ids"], own["input_ids"], strict=True)
    ]
    made = there.assign(
        value=there["value"].to_numpy() * float(base["value"]) / own["value"].to_numpy(),
        input_ids=pd.Series(inputs, index=there.index, dtype=object),
    )
    return _derived(made, "value × price index of the base year / price index of the year")


def missing_years(points: pd.DataFrame) -> list[str]:
    """Years between the first and the last point that have none."""
    years = set(points["period_start"].dt.year)
    return [str(year) for year in range(min(years), max(years) + 1) if year not in years] if years else []


@dataclass(frozen=True)
class Ranked:
    """A member by its level in one period, and how many places it moved since an earlier one (None without a figure then)."""

    member: str
    rank: int
    level: pd.Series
    before: pd.Series | None
    moved: int | None


def ranked(lines: Mapping[str, pd.DataFrame], now: str, earlier: str) -> list[Ranked]:
    """Members with a figure in the period `now`, the highest first, with their movement since the period `earlier`.

    Both ranks that make a movement are counted among the members that have a figure in both periods.
    """
    levels = {member: _at(line, now) for member, line in lines.items() if now in set(line["period"])}
    before = {
        member: _at(lines[member], earlier) for member in levels if earlier in set(lines[member]["period"])
    }
    order = sorted(levels, key=lambda member: -float(levels[member]["value"]))
    both = [member for member in order if member in before]
    once = sorted(both, key=lambda member: -float(before[member]["value"]))
    return [
        Ranked(
            member,
            place,
            levels[member],
            before.get(member),
            once.index(member) - both.index(member) if member in before else None,
        )
        for place, member in enumerate(order, start=1)
    ]


def _with_earlier(points: pd.DataFrame, against: Against) -> pd.DataFrame:
    """Points that have an earlier one, with its value; their inputs are those of both."""
    if points.empty:
        return points.assign(value_before=[])
    months = 12 if against == "year" else _MONTHS[str(points["frequency"].iloc[0])]
    earlier = points.assign(period_start=points["period_start"] + pd.DateOffset(months=months))
    kept = ["period_start", "value", "input_ids", *(["bound"] if "bound" in points else [])]
    both = points.merge(earlier[kept], on="period_start", suffixes=("", "_before"))
    both["input_ids"] = both["input_ids"].map(list) + both["input_ids_before"].map(list)
    if "bound" in points:
        both["bound"] = both["bound"].where(both["bound"] != EXACT, both["bound_before"])
    return both.drop(columns=["input_ids_before", "bound_before"], errors="ignore")


def _derived(points: pd.DataFrame, formula: str) -> pd.DataFrame:
    steps = [_then(str(before), formula) for before in points["formula"]]
    return points.assign(evidence="derived", formula=steps).drop(columns="value_before", errors="ignore")


def _then(before: str, formula: str) -> str:
    return f"{before}{STEP}{formula}" if before else formula


def _at(points: pd.DataFrame, period: str) -> pd.Series:
    found = points[points["period"] == period]
    if found.empty:
        raise ValueError(f"no figure for {period}")
    row: pd.Series = found.iloc[0]
    return row
