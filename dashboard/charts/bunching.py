"""The diagnostic picture of bunching: counts by value beside what they would be without the limit."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words

_HEADROOM = 1.15


def bunching(
    bins: pd.DataFrame, limit: float, window: tuple[float, float], label: str, words: Words
) -> go.Figure:
    """Bars are counts, the stepped line is the counterfactual, the shaded range is what the limit may have moved.

    Columns of `bins`, of one width and in order: `low_krw`, `high_krw` (won), `observed`, `counterfactual` (cases). `limit` and
    `window` are won; `label` names the limit.
    """
    _ = words.gettext
    low, high = float(bins["low_krw"].iloc[0]), float(bins["high_krw"].iloc[-1])
    rows = bins.to_dict("records")
    figure = go.Figure(
        [
            go.Bar(
                x=(bins["low_krw"] + bins["high_krw"]) / 2,
                y=bins["observed"],
                width=bins["high_krw"] - bins["low_krw"],
                marker={
                    "color": theme.faded(theme.ACCENT, 0.4),
                    "line": {"color": theme.ACCENT, "width": 0.5},
                },
                customdata=[_reading(row, words) for row in rows],
                hovertemplate="%{customdata}<extra></extra>",
            ),
            go.Scatter(
                x=bins["high_krw"],
                y=bins["counterfactual"],
                mode="lines",
                # a bin is closed on the right: its level holds up to its upper edge
                line={"shape": "vh", "color": theme.VERMILION, "width": 2.5},
                hoverinfo="skip",
            ),
        ]
    )
    largest: Sequence[float] = [bins["observed"].max(), bins["counterfactual"].max()]
    axes.value_axis(
        figure, [*largest, _HEADROOM * max(largest)], "cases", _("Shipments per bar (cases)"), words
    )
    ticks, labels = axes.ticks_between(low, high, "KRW", words, most=4)
    figure.update_xaxes(
        range=[low, high], tickvals=ticks, ticktext=labels, title=_("Value of a shipment (KRW, FOB)")
    )
    theme.house_style(figure, height=340)
    figure.add_shape(
        type="rect", x0=window[0], x1=window[1], y0=0, y1=1, yref="y domain", layer="below", line={"width": 0},
        fillcolor=theme.faded(theme.GREY, 0.22),
    )  # fmt: skip
    axes.flag_limits(figure, {limit: label}, (low, high))
    return figure


def _reading(row: Mapping[Hashable, Any], words: Words) -> str:
    edges = (
        formats.amount(row[edge], "KRW", words.lang, significant=None) for edge in ("low_krw", "high_krw")
    )
    counted, without = (
        formats.amount(row[name], "cases", words.lang, significant=3)
        for name in ("observed", "counterfactual")
    )
    _ = words.gettext
    said = (
        words.fill(_("counted {number}"), number=counted),
        words.fill(_("without the limit {number}"), number=without),
    )
    return "<br>".join(["–".join(edges), *said])
