"""Panels below one another that share the time or the months of the year, each on a value axis of its own: never one line."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.charts.lines import Line, trace
from dashboard.charts.rows import wrapped
from dashboard.i18n import Words

_PLOT = 210  # height of one plot in pixels
_BETWEEN = 52  # ticks of the plot above, without the name of the one below
_TOP, _BOTTOM, _LINE = 14, 30, 19  # above a name, below the last plot, of a line of a name
_NAME_WIDTH = 36  # half-width letters that fit on a telephone
_MOST_YEARS = 5  # ticks that fit on a telephone
_EVERY_OTHER = 2  # months named below the axis of a telephone
_FIRST_DAYS, _LAST_DAYS = 0.03, 0.2  # of the axis, before the first point and behind the label of the last
_PAD = 0.15  # of the span of a season, above and below
_AVERAGE = 100.0  # the mean of the year around a month, percent


def months_apart(panels: Sequence[Line], title: str, words: Words) -> go.Figure:
    """One panel a line, all over the same time; points that are not exact are hollow, and the newest one has its value."""
    everything = pd.concat([panel.points for panel in panels])
    first, last = everything["period_start"].min(), everything["period_end"].max()
    span = (last - first).days
    years = range(first.year, last.year + 1)
    step = -(-len(years) // _MOST_YEARS)
    time_axis: dict[str, object] = {
        "range": [first - timedelta(days=span * _FIRST_DAYS), last + timedelta(days=span * _LAST_DAYS)],
        "tickvals": [pd.Timestamp(year, 7, 1) for year in years][::step],
        "ticktext": [str(year) for year in years][::step],
    }
    traces, values = [], []
    for place, panel in enumerate(panels):
        unit = str(panel.points["unit"].iloc[0])
        drawn = trace(panel, place, words, unit, {str(panel.points["period"].iloc[-1])})
        drawn.update(textposition="middle right", marker={"size": 6}, line={"width": 1.8, "dash": "solid"})
        ticks, labels = axes.value_ticks(panel.points["value"], unit, words)
        room = [min(ticks[0], 0.0), ticks[-1] * 1.12 or 1]
        traces.append(drawn)
        values.append({"tickvals": ticks, "ticktext": labels, "range": room})
    return _below_one_another(traces, [panel.name for panel in panels], values, time_axis, title)


def seasons_apart(panels: Sequence[tuple[str, pd.DataFrame]], title: str, words: Words) -> go.Figure:
    """One panel a season: columns `month` (1 to 12) and `value` (percent of the year around it); a line marks the average."""
    traces, values = [], []
    names = [formats.month(month, words.lang) for month in range(1, 13)]
    for place, (name, profile) in enumerate(panels):
        readings = [formats.percent(value, words.lang) for value in profile["value"]]
        traces.append(
            go.Scatter(
                x=[formats.month(month, words.lang) for month in profile["month"]],
                y=profile["value"],
                name=name,
                mode="lines+markers",
                cliponaxis=False,
                customdata=readings,
                hovertemplate="%{x}<br>%{customdata}<extra></extra>",
                line={"color": theme.CYCLE[place % len(theme.CYCLE)], "width": 2},
                marker={"size": 8, "symbol": theme.MARKERS[place % len(theme.MARKERS)]},
            )
        )
        low, high = min(_AVERAGE, profile["value"].min()), max(_AVERAGE, profile["value"].max())
        low, high = low - _PAD * (high - low), high + _PAD * (high - low)
        ticks, labels = axes.ticks_between(low, high, "percent", words)
        values.append({"tickvals": ticks, "ticktext": labels, "range": [low, high]})
    month_axis: dict[str, object] = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "tickvals": names[::_EVERY_OTHER],
        "ticktext": names[::_EVERY_OTHER],
    }
    figure = _below_one_another(traces, [name for name, _profile in panels], values, month_axis, title)
    for place in range(len(panels)):
        number = "" if place == 0 else str(place + 1)
        figure.add_shape(
            type="line", x0=0, x1=1, xref=f"x{number} domain", y0=_AVERAGE, y1=_AVERAGE, yref=f"y{number}",
            line={"color": theme.GREY, "width": 1.2, "dash": "dot"}, layer="below",
        )  # fmt: skip
    return figure


def _below_one_another(
    traces: Sequence[go.Scatter],
    names: Sequence[str],
    values: Sequence[dict[str, object]],
    shared: dict[str, object],
    title: str,
) -> go.Figure:
    written = [wrapped(name, _NAME_WIDTH) for name in names]
    room = _LINE * max(map(len, written))
    between = _BETWEEN + room
    inner = len(traces) * _PLOT + (len(traces) - 1) * between
    layout: dict[str, object] = {}
    notes = []
    for place, (drawn, name, value) in enumerate(zip(traces, written, values, strict=True)):
        number = "" if place == 0 else str(place + 1)
        top = 1 - place * (_PLOT + between) / inner
        drawn.update(xaxis=f"x{number}", yaxis=f"y{number}")
        layout[f"xaxis{number}"] = {**shared, "anchor": f"y{number}"}
        layout[f"yaxis{number}"] = {
            **value,
            "title": title,
            "anchor": f"x{number}",
            "domain": [max(0.0, top - _PLOT / inner), top],
        }
        notes.append(
            {
                "text": "<br>".join(name), "showarrow": False, "font": {"size": 14}, "align": "left",
                "x": 0, "xref": f"x{number} domain", "xanchor": "left", "borderpad": 0,
                "y": 1, "yref": f"y{number} domain", "yanchor": "bottom", "yshift": 12,
            }
        )  # fmt: skip
    figure = go.Figure(list(traces), layout | {"annotations": notes})
    theme.house_style(figure, height=inner + room + _TOP + _BOTTOM)
    figure.update_layout(margin={"t": _TOP + room, "b": _BOTTOM})
    return figure
