"""Newly qualifying shipments against the new limit, with the model's uncertainty."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words

PALE, DARK = 0.2, 0.36  # opacity of the bands that hold nine worlds in ten, and half of them
_ROOM = 1.3  # the label of the cursor stands above the bands
_LABEL_STEP = 0.06  # of the height, between labels at the right edge
_EDGE = 0.34  # of the width, where labels turn round
_RIGHT = 64
_WITH_UNIT = ("p50", "p75", "p95")  # a range names its unit once


def band_sweep(
    points: pd.DataFrame, cursor_krw: float, marks: Mapping[float, str], words: Words
) -> go.Figure:
    """Bands and median for every new limit: columns `new_krw` (won) and `p05`, `p25`, `p50`, `p75`, `p95` (cases a year).

    `marks` labels limits of the law by their won; the cursor is the new limit that the reader chose.
    """
    _ = words.gettext
    figure = go.Figure()
    points = points.sort_values("new_krw")
    limits = points["new_krw"]
    for lower, upper, opacity in (("p05", "p95", PALE), ("p25", "p75", DARK)):
        figure.add_trace(_edge(limits, points[lower], lower))
        figure.add_trace(
            _edge(limits, points[upper], upper).update(
                fill="tonexty", fillcolor=theme.faded(theme.ACCENT, opacity)
            )
        )
    figure.add_trace(
        go.Scatter(
            x=limits,
            y=points["p50"],
            name="p50",
            mode="lines" if len(points) > 1 else "markers",
            line={"color": theme.ACCENT, "width": 3},
            customdata=[_reading(row, words) for row in points.to_dict("records")],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    axes.value_axis(
        figure,
        points[["p05", "p95"]].to_numpy().ravel(),
        "cases",
        _("Newly qualifying shipments a year"),
        words,
    )
    top = float(points["p95"].max()) * _ROOM or 1.0
    figure.update_yaxes(range=[0, top])
    last = points.iloc[-1]
    heights = axes.spread([last["p50"], last["p75"], last["p95"]], top * _LABEL_STEP)
    for height, text in zip(heights, (_("median"), _("half"), _("9 in 10")), strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=6, y=height, text=text, showarrow=False, font={"size": 12}
        )  # fmt: skip
    low, high = float(limits.iloc[0]), float(limits.iloc[-1])
    if low == high:
        low, high = low * 0.95, high * 1.05
    ticks, labels = axes.ticks_between(low, high, "KRW", words)
    figure.update_xaxes(title=_("New limit (KRW, FOB)"), range=[low, high], tickvals=ticks, ticktext=labels)
    _add_cursor(figure, points, cursor_krw, (cursor_krw - low) / (high - low), words)
    theme.house_style(figure, height=400)
    figure.update_layout(margin={"r": _RIGHT})
    axes.flag_limits(figure, marks, (low, high))
    return figure


def _edge(limits: pd.Series, cases: pd.Series, name: str) -> go.Scatter:
    return go.Scatter(x=limits, y=cases, name=name, mode="lines", line={"width": 0}, hoverinfo="skip")


def _reading(row: Mapping[Hashable, Any], words: Words) -> str:
    _ = words.gettext
    number = {
        name: axes.cases(row[name], words, unit="cases" if name in _WITH_UNIT else "", about=name == "p50")
        for name in ("p05", "p25", "p50", "p75", "p95")
    }
    half = words.fill(_("half: {p25} to {p75}"), p25=number["p25"], p75=number["p75"])
    most = words.fill(_("9 in 10: {p05} to {p95}"), p05=number["p05"], p95=number["p95"])
    limit = formats.amount(row["new_krw"], "KRW", words.lang)
    return "<br>".join([limit, number["p50"], half, most])


def _add_cursor(
    figure: go.Figure, points: pd.DataFrame, cursor_krw: float, place: float, words: Words
) -> None:
    """Draw the chosen limit as a dotted line with its median, the label inside the plot wherever the line stands."""
    _ = words.gettext
    figure.add_vline(x=cursor_krw, line={"color": theme.VERMILION, "width": 2, "dash": "dot"})
    text = words.fill(_("new limit {limit}"), limit=formats.amount(cursor_krw, "KRW", words.lang))
    if points["new_krw"].iloc[0] <= cursor_krw <= points["new_krw"].iloc[-1]:
        median = float(np.interp(cursor_krw, points["new_krw"], points["p50"]))
        figure.add_trace(
            go.Scatter(
                x=[cursor_krw],
                y=[median],
                name="cursor",
                mode="markers",
                marker={"size": 11, "color": theme.VERMILION},
                cliponaxis=False,
                hoverinfo="skip",
            )
        )
        text += f"<br><b>{axes.cases(median, words, about=True)}</b>"
    figure.add_annotation(
        x=cursor_krw,
        y=1,
        yref="paper",
        yanchor="top",
        xanchor="left" if place < _EDGE else "right" if place > 1 - _EDGE else "center",
        text=text,
        showarrow=False,
        align="left" if place < _EDGE else "right" if place > 1 - _EDGE else "center",
        bgcolor=theme.VERMILION,
        borderpad=4,
        font={"size": 12, "color": theme.INK},
    )
