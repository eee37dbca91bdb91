"""Rules of borders over time: what ended, what holds, what was announced."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_BAR = 12
_AIR = 4  # between words and their bar
_HATCH = {"shape": "/", "size": 6, "solidity": 0.3, "fillmode": "replace"}
_MOST_TICKS = 6  # years that fit beside each other on a telephone


def rule_timeline(
    rules: pd.DataFrame,
    span: tuple[pd.Timestamp, pd.Timestamp],
    today: pd.Timestamp,
    today_label: str,
    words: Words,
) -> go.Figure:
    """One bar a rule, under its words; today is a tick in each.

    Columns of `rules`: `heading` (of a group of rows), `name` (what the row says), `start`, `end` (timestamps; NaT where unknown
    or open), `state` ("ended", "in_force", "ahead"). Filled is in force, pale has ended, hatched lies ahead and may change.
    `span` is what the axis shows; what begins before or ends after it reaches its edge.
    """
    _ = words.gettext
    said = [
        ([f"<b>{line}</b>" for line in rows.wrapped(str(row["heading"]))] if is_first else [])
        + rows.wrapped(str(row["name"]))
        for row, is_first in zip(
            rules.to_dict("records"), rules["heading"] != rules["heading"].shift(), strict=True
        )
    ]
    tops = rows.tops([rows.LINE * len(lines) + _AIR + _BAR + rows.GAP for lines in said])
    figure = go.Figure()
    for place, (lines, row) in enumerate(zip(said, rules.to_dict("records"), strict=True)):
        rows.write(figure, ["<br>".join(lines)], tops[place])
        top = tops[place + 1] - rows.GAP - _BAR
        _add_bar(figure, row, span, top)
        figure.add_shape(
            type="line", x0=today, x1=today, y0=top - 2, y1=top + _BAR + 3, line={"color": theme.GREY, "width": 3}
        )  # fmt: skip
    first, last = span
    years = list(range(first.year + 1, last.year + 1))
    years = years[:: -(-len(years) // _MOST_TICKS)]
    figure.update_xaxes(
        range=list(span),
        tickvals=[pd.Timestamp(year, 1, 1) for year in years],
        ticktext=[str(year) for year in years],
        title=_("Year (tick at its start)"),
    )
    axes.explain_line(figure, today_label)
    return rows.finish(figure, tops[-1], above=rows.LINE + rows.GAP)


def _add_bar(
    figure: go.Figure, row: Mapping[Hashable, Any], span: tuple[pd.Timestamp, pd.Timestamp], top: float
) -> None:
    first, last = span
    start = first if pd.isna(row["start"]) else min(max(row["start"], first), last)
    end = last if pd.isna(row["end"]) else min(max(row["end"], first), last)
    if end < start:
        return
    looks: dict[str, dict[str, Any]] = {
        "ended": {"fillcolor": theme.faded(theme.GREY, 0.35)},
        "in_force": {"fillcolor": theme.ACCENT},
        "ahead": {"fillcolor": theme.VERMILION, "fillpattern": _HATCH},
    }
    colour = {"ended": theme.GREY, "in_force": theme.ACCENT, "ahead": theme.VERMILION}[row["state"]]
    figure.add_trace(
        go.Scatter(
            x=[start, end, end, start, start],
            y=[top, top, top + _BAR, top + _BAR, top],
            name=str(row["name"]),
            mode="lines",
            line={"color": colour, "width": 1.5, "dash": "dash" if row["state"] == "ahead" else "solid"},
            fill="toself",
            hoverinfo="skip",
            **looks[row["state"]],
        )
    )
