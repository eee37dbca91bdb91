"""Who gains, by destination and item; and how the values of shipments are spread."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.answers.core import DIGITS, Modelled
from dashboard.model.simulate import value_distribution
from dashboard.tables import Cell, Table

# Bin edges of shipment value in won: three a decade, as wide as each other on a log axis but for rounding.
_EDGES = tuple(round(first * part) * 1.0 for first in (1e3, 1e4, 1e5, 1e6, 1e7) for part in (1.0, 2.2, 4.6))
_MIDDLE = 2  # the median among the quantiles


def split_frame(modelled: Modelled, by: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Who gains: a row a destination or item, with what is already below and still above as shares of its cases."""
    result = modelled.asked.result
    groups = result.by_destination if by == "destination" else result.by_item
    splits = {each.code: each for each in result.splits()[0 if by == "destination" else 1]}
    rows: list[dict[str, Any]] = []
    for group in groups:
        split = splits[group.code]
        whole = split.already_below.mean + split.newly.mean + split.still_above.mean
        rows.append(
            {
                "name": names.get(group.code, group.code),
                "p05": group.cases.p05,
                "p50": group.cases.p50,
                "p95": group.cases.p95,
                "upper_bound": group.cases_upper_bound,
                "already_below": 100 * split.already_below.mean / whole if whole else 0.0,
                "still_above": 100 * split.still_above.mean / whole if whole else 0.0,
                "newly_share": 100 * split.newly.mean / whole if whole else 0.0,
            }
        )
    return pd.DataFrame(rows).sort_values("p50", ascending=False, ignore_index=True)


def split_table(rows: pd.DataFrame, by_name: str, modelled: Modelled) -> Table:
    """Who gains as a table."""
    _ = modelled.words.gettext
    names = rows["name"].tolist()

    def column(field: str, label: str, unit: str, digits: int = DIGITS, kind: str = "modelled") -> list[Cell]:
        return [
            modelled.number(f"{name} · {label}", value, unit, digits=digits, kind=kind)
            for name, value in zip(names, rows[field], strict=True)
        ]

    return Table(
        {
            by_name: names,
            _("Newly qualifying"): column("p50", _("Newly qualifying"), "cases"),
            _("5%"): column("p05", _("5%"), "cases"),
            _("95%"): column("p95", _("95%"), "cases"),
            _("At most"): column("upper_bound", _("At most"), "cases", 5, "derived"),
            _("Already below"): column("already_below", _("Already below"), "percent", 5),
            _("Still above"): column("still_above", _("Still above"), "percent", 3),
        }
    )


def distribution(modelled: Modelled) -> pd.DataFrame:
    """Share of shipments per bin of value, median of the draws: low_krw, high_krw, share (percent)."""
    above = [at_edge[0][_MIDDLE] for at_edge in value_distribution(modelled.asked.worlds, _EDGES).values()]
    return pd.DataFrame({"low_krw": _EDGES[:-1], "high_krw": _EDGES[1:], "share": -100 * np.diff(above)})


def distribution_title(modelled: Modelled) -> str:
    """Where the old limit lies against the average shipment."""
    words, asked = modelled.words, modelled.asked
    _ = words.gettext
    multiple = asked.result.from_krw / asked.worlds.population.mean_krw
    return words.fill(
        _("The old limit is {multiple} times the average shipment: the answer lies in the tail"),
        multiple=formats.amount(multiple, "", words.lang, significant=2),
    )


def distribution_table(bins: pd.DataFrame, modelled: Modelled) -> Table:
    """The distribution as a table."""
    words = modelled.words
    _ = words.gettext

    def edge(krw: float) -> str:
        return formats.amount(krw, "KRW", words.lang, significant=None)

    label = _("Share of shipments")
    return Table(
        {
            _("From"): [edge(low) for low in bins["low_krw"]],
            _("To"): [edge(high) for high in bins["high_krw"]],
            label: [modelled.number(label, share, "percent", digits=3) for share in bins["share"]],
        }
    )
