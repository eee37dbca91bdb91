"""Share of value against share of cases: how far off the diagonal says what a case is worth."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_TIMES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # of the average value per case
_LEAST_SIZE, _PER_TIME, _MOST_SIZE = 12, 5, 44  # of a mark, in pixels
_LEFT_PART, _RIGHT_PART = 0.4, 0.6  # of the axis, where a label has no room left, and right, of its mark
_LABEL = 20  # half-width characters of a line of a label


def share_against_share(compared: pd.DataFrame, words: Words) -> go.Figure:
    """A mark a row, larger where a case is worth more, with lines of equal value per case.

    Columns: `name`, `colour`, `cases` and `value` (percent), `ratio` (value per case over the average), `said` (words on it).
    """
    _ = words.gettext
    top = float(compared[["cases", "value"]].to_numpy().max()) * 1.2
    figure = go.Figure()
    least, most = compared["ratio"].min(), compared["ratio"].max()
    # the lines around the marks, not all that there could be
    for times in (each for each in _TIMES if least / 2 <= each <= most * 2 or each == 1):
        end = (top / times, top) if times > 1 else (top, top * times)
        figure.add_trace(
            go.Scatter(
                x=[0, end[0]],
                y=[0, end[1]],
                mode="lines",
                line={
                    "color": theme.faded(theme.GREY, 0.7),
                    "width": 2 if times == 1 else 1,
                    "dash": "solid" if times == 1 else "dot",
                },
                hoverinfo="skip",
                meta="guide",
            )
        )
        figure.add_annotation(
            x=end[0],
            y=end[1],
            text=_("average") if times == 1 else formats.amount(times, "x", words.lang),
            showarrow=False,
            xanchor="left" if times <= 1 else "center",
            yanchor="middle" if times <= 1 else "bottom",
            xshift=4 if times <= 1 else 0,
            font={"size": 12},
        )
    figure.add_trace(
        go.Scatter(
            x=compared["cases"],
            y=compared["value"],
            mode="markers+text",
            marker={
                "size": (_LEAST_SIZE + _PER_TIME * compared["ratio"]).clip(upper=_MOST_SIZE),
                "color": compared["colour"],
                "opacity": 1,
                "line": {"width": 1.5},
            },
            text=[
                "<br>".join(
                    [*rows.wrapped(str(row["name"]), _LABEL), *rows.wrapped(str(row["said"]), _LABEL)]
                )
                for row in compared.to_dict("records")
            ],
            textposition=[_side(row, top) for row in compared.to_dict("records")],
            textfont={"size": 12},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )
    shares = [0.0, top / 1.2]
    axes.value_axis(figure, shares, "percent", _("Share of cases (%)"), words, axis="x")
    axes.value_axis(figure, shares, "percent", _("Share of value (%)"), words)
    theme.house_style(figure, height=470)
    figure.update_xaxes(range=[0, top], showgrid=False)
    figure.update_yaxes(range=[0, top], showgrid=False)
    # room for the names of the lines, above and to the right
    return figure.update_layout(margin={"t": 30, "r": 56})


def _side(row: Mapping[Hashable, Any], top: float) -> str:
    """Above the diagonal a label stands above its mark, below it below, on the side that has room."""
    if row["value"] >= row["cases"]:
        return "top right" if row["cases"] < top * _LEFT_PART else "top left"
    return "bottom right" if row["cases"] < top * _RIGHT_PART else "bottom left"
