"""Small multiples: one small line chart a member, two beside each other, on one value axis or each on its own."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes
from dashboard.charts.lines import Line, trace
from dashboard.charts.rows import wrapped
from dashboard.i18n import Words

_COLUMNS = 2
_PLOT = 130  # height of one plot in pixels
_BETWEEN = 78  # ticks of the plot above and two lines of the name of the one below
_TOP, _BOTTOM = 62, 26
_MOST_YEARS = 3  # ticks that fit into half a telephone
_NAME_WIDTH = 24  # half-width letters above half a telephone
_BESIDE = 0.05  # between the columns, of the width
_RIGHT_AXIS = 0.15  # room of the tick labels between the columns, of the width


def small_multiples(panels: Sequence[Line], title: str, words: Words, *, is_shared: bool) -> go.Figure:
    """One panel a line, all over the same time; `title` names the value axes with their unit.

    Where `is_shared`, all panels have the same value axis, so that heights compare; else each has its own.
    """
    rows = -(-len(panels) // _COLUMNS)
    inner = rows * _PLOT + (rows - 1) * _BETWEEN
    gap = _BESIDE if is_shared else _RIGHT_AXIS
    width, height = (1 - gap) / _COLUMNS, _PLOT / inner
    everything = pd.concat([panel.points for panel in panels])
    unit = str(everything["unit"].iloc[0])
    first, last = everything["period_start"].min(), everything["period_end"].max()
    years = range(first.year, last.year + 1)
    step = -(-len(years) // _MOST_YEARS)
    time_axis = {
        "range": [first - timedelta(days=60), last + timedelta(days=60)],
        "tickvals": [pd.Timestamp(year, 7, 1) for year in years][::step],
        "ticktext": [str(year) for year in years][::step],
        "tickfont": {"size": 11},
    }
    # one layout for all: axes that are set one by one cost a hundred milliseconds
    layout: dict[str, object] = {}
    names = [_name(title, {"x": 0, "xref": "paper", "y": 1, "yref": "paper", "yshift": _TOP - 22})]
    traces = []
    for place, panel in enumerate(panels):
        row, column = divmod(place, _COLUMNS)
        number = "" if place == 0 else str(place + 1)
        left, top = column * (width + gap), 1 - row * (height + _BETWEEN / inner)
        ticks, labels = axes.value_ticks(
            everything["value"] if is_shared else panel.points["value"], unit, words
        )
        layout[f"xaxis{number}"] = time_axis | {"domain": [left, left + width], "anchor": f"y{number}"}
        layout[f"yaxis{number}"] = {
            "domain": [max(0.0, top - height), top],
            "anchor": f"x{number}",
            "tickvals": ticks,
            "ticktext": labels,
            "range": [ticks[0], ticks[-1] * 1.08 or 1],
            "showticklabels": column == 0 or not is_shared,
            "tickfont": {"size": 11},
        }
        # each panel is alone: it needs no dash or marker of its own, but what is hollow stays so
        drawn = trace(panel, 0, words, unit, labelled=())
        drawn.update(
            text=None,
            mode="lines+markers",
            marker={"size": 5},
            line={"width": 1.6},
            xaxis=f"x{number}",
            yaxis=f"y{number}",
        )
        traces.append(drawn)
        above = {"x": 0, "xref": f"x{number} domain", "y": 1, "yref": f"y{number} domain", "yshift": 2}
        names.append(_name("<br>".join(wrapped(panel.name, _NAME_WIDTH)), above))
    figure = go.Figure(traces, layout | {"annotations": names})
    theme.house_style(figure, height=inner + _TOP + _BOTTOM)
    figure.update_layout(margin={"t": _TOP, "b": _BOTTOM})
    return figure


def _name(text: str, place: dict[str, object]) -> dict[str, object]:
    look = {"xanchor": "left", "yanchor": "bottom", "align": "left", "showarrow": False, "borderpad": 0}
    return {"text": text, "font": {"size": 13}} | look | place
