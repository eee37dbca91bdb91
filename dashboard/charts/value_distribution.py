"""How shipments spread over their value, with the limits of the law drawn on it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words


def value_distribution(
    histogram: pd.DataFrame, marks: Mapping[float, str], words: Words, *, of_value: bool = False
) -> go.Figure:
    """Share of cases (or of their value) in each bin of shipment value, on a log axis.

    Columns: `low_krw`, `high_krw` (won, edges of the bin) and `share` (percent); `from_krw` where the bin begins below the edge
    that a log axis can draw. `marks` labels limits by their won.
    """
    _ = words.gettext
    low, high = float(histogram["low_krw"].min()), float(histogram["high_krw"].max())
    figure = go.Figure(
        go.Bar(
            x=(histogram["low_krw"] + histogram["high_krw"]) / 2,
            y=histogram["share"],
            width=histogram["high_krw"] - histogram["low_krw"],
            marker={"color": theme.faded(theme.ACCENT, 0.55), "line": {"color": theme.ACCENT, "width": 1}},
            customdata=[_reading(row, words) for row in histogram.to_dict("records")],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    title = _("Share of value (%)") if of_value else _("Share of shipments (%)")
    axes.value_axis(figure, histogram["share"], "percent", title, words)
    axes.log_axis(figure, low, high, "KRW", _("Value of a shipment (KRW, FOB, log scale)"), words)
    theme.house_style(figure, height=360)
    axes.flag_limits(figure, marks, (low, high), is_log=True)
    return figure


def _reading(row: Mapping[Hashable, Any], words: Words) -> str:
    edges = (row.get("from_krw", row["low_krw"]), row["high_krw"])
    low, high = (formats.amount(edge, "KRW", words.lang, significant=3) for edge in edges)
    return f"{low}–{high}<br>{formats.percent(row['share'], words.lang)}"
