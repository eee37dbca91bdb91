"""Changes of either sign as horizontal bars from zero, the largest on top, each named above its bar."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.charts.rows import wrapped
from dashboard.i18n import Words

_ROW = 72
_REST = 70
_HALF = 0.2  # of a row, the line at zero on either side of the middle
_ROOM = 1.45  # of the longest bar, for the label behind it
_NAME_WIDTH = 44  # half-width letters that fit above a bar on a telephone


def changes(rows: pd.DataFrame, unit: str, title: str, words: Words) -> go.Figure:
    """One bar a row: columns `name` and `value`; `title` names the value axis with its unit."""
    shown = rows.iloc[::-1]
    figure = go.Figure(
        go.Bar(
            x=shown["value"],
            y=shown["name"],
            orientation="h",
            marker={"color": [theme.BLUE if value >= 0 else theme.VERMILION for value in shown["value"]]},
            text=[
                formats.amount(value, unit, words.lang, significant=3, signed=True)
                for value in shown["value"]
            ],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
            width=0.36,
        )
    )
    furthest = float(shown["value"].abs().max()) or 1.0
    low = -furthest * _ROOM if (shown["value"] < 0).any() else 0.0
    high = furthest * _ROOM if (shown["value"] > 0).any() else furthest * 0.1
    ticks, labels = axes.ticks_between(low, high, unit, words)
    figure.update_layout(
        xaxis={"range": [low, high], "tickvals": ticks, "ticktext": labels, "title": title},
        yaxis={"showticklabels": False, "showgrid": False, "type": "category"},
        annotations=[
            {
                "text": "<br>".join(wrapped(str(name), _NAME_WIDTH)), "x": 0, "xref": "paper", "xanchor": "left", "y": place,
                "yref": "y", "yanchor": "bottom", "yshift": 14, "align": "left", "showarrow": False, "font": {"size": 12}, "borderpad": 0,
            }
            for place, name in enumerate(shown["name"])
        ],
        # zero, beside each bar only: a line from top to bottom would cross the names
        shapes=[
            {
                "type": "line", "x0": 0, "x1": 0, "y0": place - _HALF, "y1": place + _HALF, "line": {"color": theme.GREY, "width": 1.5},
            }
            for place in range(len(shown))
        ],
    )  # fmt: skip
    return theme.house_style(figure, height=_REST + _ROW * len(rows))
