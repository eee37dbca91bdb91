"""Series that share a name on one logarithmic axis: each definition its own line, never joined with another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words

_PLOT_HEIGHT = 400
_KEY_ROW = 24  # a row of the key above the plot, in pixels; on a telephone each entry takes one
_MOST_YEARS = 6  # ticks that fit on a telephone
_ROOM = 1.45  # between the axis' ends and the outermost points, as a factor
_YEAR_BAND = 0.16  # opacity


@dataclass(frozen=True)
class Definition:
    """One definition: its code (A, C₁, …), its name, the place of its colour, and its points.

    `points` have period, period_start, period_end, value (above zero), unit and `is_implied` (it follows from a published
    rate or share). The code stands at the point `at` (its place in the line), on the side `beside`. A `hollow` definition
    holds part years.
    """

    code: str
    name: str
    hue: int
    points: pd.DataFrame
    at: int = -1
    beside: Literal["left", "right", "above", "below"] = "right"
    hollow: bool = False


_BESIDE = {"left": "middle left", "right": "middle right", "above": "top center", "below": "bottom center"}


def side_by_side(definitions: Sequence[Definition], year: str, title: str, words: Words) -> go.Figure:
    """Lines with their codes beside them, a key that spells the codes out, and the `year` that is compared shaded.

    Neighbouring years are joined, a missing year is a gap. Colour tells the letter, marker and dash the definition.
    `title` names the value axis with its unit.
    """
    figure = go.Figure()
    everything = pd.concat([each.points for each in definitions])
    unit = str(everything["unit"].iloc[0])
    places: dict[int, int] = {}
    for each in definitions:
        place = places[each.hue] = places.get(each.hue, -1) + 1  # the how-manieth of its colour
        figure.add_trace(_line(each, place, unit, words))
    low, high = everything["value"].min() / _ROOM, everything["value"].max() * _ROOM
    axes.log_axis(figure, low, high, unit, title, words, axis="y")
    first, last = everything["period_start"].min(), everything["period_end"].max()
    years = range(first.year, last.year + 1)
    step = -(-len(years) // _MOST_YEARS)
    figure.update_xaxes(
        range=[first - pd.Timedelta(days=90), last + pd.Timedelta(days=210)],
        tickvals=[pd.Timestamp(each, 7, 1) for each in years][::step],
        ticktext=[str(each) for each in years][::step],
    )
    figure.add_vrect(
        x0=f"{year}-01-01", x1=f"{year}-12-31", layer="below", line_width=0,
        fillcolor=theme.faded(theme.GREY, _YEAR_BAND),
    )  # fmt: skip
    height = _PLOT_HEIGHT + _KEY_ROW * len(definitions)
    theme.house_style(figure, height=height)
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": 13},
            "itemclick": False, "itemdoubleclick": False, "itemsizing": "trace", "traceorder": "normal",
            "bgcolor": "rgba(0,0,0,0)",
        },
    )  # fmt: skip
    return figure


def _line(each: Definition, place: int, unit: str, words: Words) -> go.Scatter:
    colour = theme.CYCLE[each.hue % len(theme.CYCLE)]
    points = _with_gaps(each.points)
    marker = theme.MARKERS[(each.hue + place) % len(theme.MARKERS)]
    at = each.points["period"].iloc[each.at]
    name = f"{each.code} {each.name}"
    return go.Scatter(
        x=[point.middle for point in points],
        y=[point.value for point in points],
        name=name,
        mode="lines+markers+text",
        text=[f"<b>{each.code}</b>" if point.period == at else "" for point in points],
        textposition=_BESIDE[each.beside],
        textfont={"size": 13},
        cliponaxis=False,
        connectgaps=False,
        zorder=-len(each.points),  # where two lines coincide the shorter one stays visible
        customdata=[
            "<br>".join(
                [
                    name,
                    formats.period(point.period, words.lang),
                    formats.amount(point.value, unit, words.lang),
                ]
            )
            for point in points
        ],
        hovertemplate="%{customdata}<extra></extra>",
        line={"color": colour, "width": 2, "dash": theme.DASHES[place % len(theme.DASHES)]},
        marker={
            "size": 9,
            "symbol": [f"{marker}-open" if each.hollow or point.is_implied else marker for point in points],
            "line": {"width": 2, "color": colour},
        },
    )


class _Point(NamedTuple):
    """A mark, or the empty place (no value) that keeps two marks apart."""

    middle: pd.Timestamp
    value: float | None
    period: str = ""
    is_implied: bool = False


def _with_gaps(points: pd.DataFrame) -> list[_Point]:
    """Points at their middle day, and an empty one wherever a year is missing between two of them."""
    placed: list[_Point] = []
    after = None
    for row in points.to_dict("records"):
        start, end = row["period_start"], row["period_end"]
        if after is not None and start > after:
            placed.append(_Point(after, None))
        placed.append(_Point(start + (end - start) / 2, row["value"], row["period"], row["is_implied"]))
        after = end + pd.Timedelta(days=1)
    return placed
