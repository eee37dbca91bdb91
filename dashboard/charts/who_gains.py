"""Who gains: newly qualifying shipments by destination or item, with what stays as it was."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_LEAST = 1.0  # the axis begins at one shipment
_NONE = 1e-9  # percent that is nobody


def who_gains(gains: pd.DataFrame, words: Words) -> go.Figure:
    """One row a destination or item, most gains on top, on a log axis.

    Columns: `name`; `p05`, `p50`, `p95` of newly qualifying cases a year; `upper_bound`, the most that any distribution allows
    (NaN where unknown); `already_below` and `still_above`, percent of its cases below the old and above the new limit.
    """
    _ = words.gettext
    shown = gains.sort_values("p50", ascending=False, kind="stable")
    figure = go.Figure()
    records = shown.to_dict("records")
    said = [_said(row, words) for row in records]
    tops = rows.tops([rows.LINE * len(lines) + rows.MARK + rows.GAP for lines in said])
    for top, lines in zip(tops, said, strict=False):
        rows.write(figure, lines, top)
    middles = [top + rows.LINE * len(lines) + rows.MARK / 2 for top, lines in zip(tops, said, strict=False)]
    for middle, row in zip(middles, records, strict=True):
        figure.add_trace(
            go.Scatter(
                x=[max(row["p05"], _LEAST), max(row["p95"], _LEAST)],
                y=[middle, middle],
                name=str(row["name"]),
                mode="lines",
                line={"color": theme.faded(theme.ACCENT, 0.45), "width": 9},
                hoverinfo="skip",
            )
        )
    for column, marker in (
        ("p50", {"size": 12, "color": theme.ACCENT}),
        (
            "upper_bound",
            {"symbol": "line-ns", "size": rows.MARK, "line": {"color": theme.GREY, "width": 2}},
        ),
    ):
        figure.add_trace(
            go.Scatter(
                x=shown[column].clip(lower=_LEAST),
                y=middles,
                name=column,
                mode="markers",
                marker=marker,
                cliponaxis=False,
                customdata=[formats.amount(value, "cases", words.lang) for value in shown[column]],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    highest = max(
        [10 * _LEAST, *(value for value in shown[["p95", "upper_bound"]].to_numpy().ravel() if value > 0)]
    )
    axes.log_axis(
        figure,
        _LEAST,
        highest * 1.3,
        "cases",
        _("Newly qualifying shipments a year (log scale)"),
        words,
    )
    figure.add_annotation(
        x=1, xref="paper", xanchor="right", y=1, yref="paper", yanchor="bottom", yshift=6,
        text=_("dot and bar: median and 9 in 10; tick: at most"), showarrow=False, font={"size": 12},
    )  # fmt: skip
    return rows.finish(figure, tops[-1], above=rows.LINE + rows.GAP)


def _said(row: Mapping[Hashable, Any], words: Words) -> list[str]:
    _ = words.gettext
    gain = words.fill(
        _("{p50} ({p05} to {p95})"),
        p50=axes.cases(row["p50"], words, about=True),
        p05=axes.cases(row["p05"], words, unit=""),
        p95=axes.cases(row["p95"], words, unit=""),
    )
    name = str(row["name"])
    first = rows.wrapped(f"{name} {gain}")
    return [
        *([f"<b>{name}</b> {gain}"] if len(first) == 1 else [f"<b>{name}</b>", gain]),
        words.fill(
            _("already below {below}, still above {above}"),
            below=_nearly_all(row["already_below"], words),
            above=formats.percent(row["still_above"], words.lang),
        ),
    ]


def _nearly_all(percent: float, words: Words) -> str:
    """A percentage with as many decimals as it takes not to round up to all."""
    left = 100 - percent
    return formats.percent(percent, words.lang, max(1, math.ceil(-math.log10(left))) if left > _NONE else 1)
