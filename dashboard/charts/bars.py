"""Ranked horizontal bars, labelled directly."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.charts import rows as row_words
from dashboard.i18n import Words

_ROW = 34
_NAME = 20  # half-width characters of a line of a name: two lines fit beside a bar
_REST = 90


def ranked(rows: pd.DataFrame, unit: str, title: str, words: Words) -> go.Figure:
    """One bar a row, the largest on top: columns `name`, `value`, `colour`; a row in grey is context or the unnamed rest.

    `title` names the value axis with its unit.
    """
    shown = rows.iloc[::-1]
    figure = go.Figure(
        go.Bar(
            x=shown["value"],
            y=shown["name"],
            orientation="h",
            marker={"color": shown["colour"]},
            text=[formats.amount(value, unit, words.lang, significant=4) for value in shown["value"]],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
            width=0.68,
        )
    )
    axes.value_axis(figure, rows["value"], unit, title, words, axis="x")
    # room for the label behind the longest bar
    figure.update_xaxes(range=[0, float(rows["value"].max()) * 1.3 or 1], showgrid=False)
    lines = ["<br>".join(row_words.wrapped(str(name), _NAME)) for name in shown["name"]]
    figure.update_yaxes(showgrid=False, ticklabelstandoff=6, tickvals=shown["name"], ticktext=lines)
    return theme.house_style(figure, height=_REST + _ROW * len(rows))
