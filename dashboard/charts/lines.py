"""Lines over time: gaps stay gaps, part years stay apart, limits are marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words

_MOST_LABELS = 14  # points that can be labelled without overlap
_MOST_YEARS = 6  # ticks that fit on a telephone


@dataclass(frozen=True)
class Line:
    """Points of one definition and frequency (`period`, `period_start`, `period_end`, `value`, `unit`), as `store.trend` gives.

    A `hollow` line holds part years or provisional figures; it is never mistaken for full years.
    """

    name: str
    points: pd.DataFrame
    hollow: bool = False


@dataclass(frozen=True)
class Mark:
    """A day to draw a vertical line at, and what happened."""

    day: pd.Timestamp
    label: str


def over_time(lines: Sequence[Line], marks: Sequence[Mark], title: str, words: Words) -> go.Figure:
    """Lines with a label at each point; neighbouring points are joined only where no period is missing between them.

    `title` names the value axis with its unit.
    """
    figure = go.Figure()
    everything = pd.concat([line.points for line in lines])
    unit = str(everything["unit"].iloc[0])
    is_crowded = len(everything) > _MOST_LABELS
    for place, line in enumerate(lines):
        colour = theme.CYCLE[place % len(theme.CYCLE)]
        points = _with_gaps(line.points)
        texts = [
            formats.short(value, unit, words.lang, significant=4) if pd.notna(value) else ""
            for value in points["value"]
        ]
        readings = [
            formats.period(period, words.lang) + "<br>" + formats.amount(value, unit, words.lang)
            if pd.notna(value)
            else ""
            for period, value in zip(points["period"], points["value"], strict=True)
        ]
        figure.add_trace(
            go.Scatter(
                x=points["middle"],
                y=points["value"],
                name=line.name,
                mode="lines+markers" if is_crowded else "lines+markers+text",
                text=texts,
                textposition="top center" if not line.hollow else "bottom center",
                textfont={"size": 12},
                cliponaxis=False,
                connectgaps=False,
                customdata=readings,
                hovertemplate="%{customdata}<extra></extra>",
                line={"color": colour, "width": 2, "dash": theme.DASHES[place % len(theme.DASHES)]},
                marker={
                    "size": 9,
                    "symbol": theme.MARKERS[place % len(theme.MARKERS)] + ("-open" if line.hollow else ""),
                    "line": {"width": 2, "color": colour},
                },
            )
        )
        if len(lines) > 1:
            last = line.points.iloc[-1]
            figure.add_annotation(
                x=_middle(last),
                y=last["value"],
                text=line.name,
                showarrow=False,
                xanchor="left",
                yshift=9 if line.hollow else 0,
                xshift=14,
                font={"color": colour, "size": 13},
            )
    axes.value_axis(figure, everything["value"], unit, title, words)
    first, last = everything["period_start"].min(), everything["period_end"].max()
    # A mark after the last point may stretch the axis, but not by more than half of what there is to see.
    seen = [mark for mark in marks if first <= mark.day <= last + (last - first) / 2]
    end = max([last, *(mark.day for mark in seen)])
    years = range(first.year, end.year + 1)
    step = -(-len(years) // _MOST_YEARS)
    figure.update_xaxes(
        range=[first - timedelta(days=90), end + timedelta(days=200 if len(lines) == 1 else 420)],
        tickvals=[pd.Timestamp(year, 7, 1) for year in years][::step],
        ticktext=[str(year) for year in years][::step],
    )
    theme.house_style(figure)
    axes.mark_limits(figure, [(mark.day, mark.label) for mark in seen])
    return figure


def _middle(point: pd.Series) -> pd.Timestamp:
    start, end = point["period_start"], point["period_end"]
    middle: pd.Timestamp = start + (end - start) / 2
    return middle


def _with_gaps(points: pd.DataFrame) -> pd.DataFrame:
    """Points with their middle day, and an empty row wherever a period is missing between two of them."""
    placed = points.assign(
        middle=points["period_start"] + (points["period_end"] - points["period_start"]) / 2
    )
    follows = placed["period_start"].shift(-1) - placed["period_end"] > pd.Timedelta(days=1)
    gaps = placed[follows].assign(
        value=float("nan"), middle=lambda rows: rows["period_end"] + pd.Timedelta(days=1)
    )
    return pd.concat([placed, gaps]).sort_values("middle")
