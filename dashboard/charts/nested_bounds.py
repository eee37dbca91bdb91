"""What no distribution can exceed, layer by layer, with the model inside."""

import math
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_PALE = 0.05  # opacity of one band; nested bands add up
_EDGE = 0.6  # and of its upper end, which words may cross
_LAYER = 2 * rows.LINE + 6
_MODEL = 2 * rows.LINE + rows.MARK + 8
_END = rows.LINE + 6
_INDENT = 6
_MARGIN = 1.7  # times, beyond both ends of the axis
_FOOT = rows.LINE + 6
_HALFWAY = 0.5  # beyond it a label stands left of its mark, where there is room


def nested_bounds(
    layers: pd.DataFrame, model: Mapping[str, float], ends: Mapping[str, float], words: Words
) -> go.Figure:
    """Upper bounds as bands within each other, the weakest assumption first, on a log axis.

    `layers` has the columns `name` and `cases_upper` (cases a year, NaN where a bound does not hold); `model` the quantiles
    `p05`, `p25`, `p50`, `p75`, `p95`; `ends` medians at the model's edges, by their names.
    """
    _ = words.gettext
    # What bounds most loosely assumes least; what does not hold is said last.
    shown = layers.sort_values("cases_upper", ascending=False, kind="stable", na_position="last")
    uppers = [float(upper) for upper in shown["cases_upper"]]
    low, high = _span([*uppers, *ends.values(), *model.values()])
    tops = rows.tops([*[_LAYER] * len(shown), _MODEL, *[_END] * len(ends), _FOOT])
    bottom = tops[-1]
    figure = go.Figure()
    for top, name, upper in zip(tops, shown["name"], uppers, strict=False):
        if math.isnan(upper):
            rows.write(figure, [str(name), _("does not hold here")], top + 4, indent=_INDENT)
            continue
        rows.write(figure, [str(name), _at_most(upper, words)], top + 4, indent=_INDENT)
        figure.add_trace(
            go.Scatter(
                x=[low, max(upper, low), max(upper, low), low],
                y=[top, top, bottom, bottom],
                name=str(name),
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=theme.faded(theme.ACCENT, _PALE),
                hoverinfo="skip",
            )
        )
        figure.add_trace(
            go.Scatter(
                x=[max(upper, low)] * 2,
                y=[top, bottom],
                mode="lines",
                line={"color": theme.faded(theme.ACCENT, _EDGE), "width": 1.5},
                hoverinfo="skip",
            )
        )
    _add_model(figure, model, tops[len(shown)], low, words)
    for top, (name, median) in zip(tops[len(shown) + 1 :], ends.items(), strict=False):
        _add_end(figure, name, median, top, (low, high), words)
    rows.write(figure, ["← " + _("every band starts at zero")], tops[-2] + 4, indent=_INDENT)
    axes.log_axis(figure, low, high, "cases", _("Newly qualifying shipments a year (log scale)"), words)
    return rows.finish(figure, bottom)


def _at_most(upper: float, words: Words) -> str:
    _ = words.gettext
    said = words.fill(_("at most {cases}"), cases=formats.amount(upper, "cases", words.lang))
    return f"<b>{said}</b>"


def _span(numbers: list[float]) -> tuple[float, float]:
    """From a little below the lowest number that is at least one case to a little beyond the highest."""
    found = [number for number in numbers if number >= 1]
    if not found:
        return 1.0, 10.0
    return max(1.0, min(found) / _MARGIN), max(found) * _MARGIN


def _add_model(figure: go.Figure, model: Mapping[str, float], top: float, low: float, words: Words) -> None:
    """Draw the model's intervals and median; an end at zero reaches the left edge."""
    _ = words.gettext
    name, median = _("the model"), axes.cases(model["p50"], words, about=True)
    rows.write(
        figure,
        [
            f"{name}: <b>{median}</b>",
            words.fill(
                _("9 in 10: {p05} to {p95}"),
                p05=axes.cases(model["p05"], words, unit=""),
                p95=axes.cases(model["p95"], words),
            ),
        ],
        top + 4,
        indent=_INDENT,
    )
    middle = top + 4 + 2 * rows.LINE + rows.MARK / 2
    at = {name: max(value, low) for name, value in model.items()}
    for start, stop, width in (("p05", "p95", 4), ("p25", "p75", 12)):
        figure.add_trace(
            go.Scatter(
                x=[at[start], at[stop]],
                y=[middle, middle],
                name=f"{start}-{stop}",
                mode="lines",
                line={"color": theme.VERMILION, "width": width},
                hoverinfo="skip",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=[at["p50"]],
            y=[middle],
            name="p50",
            mode="markers",
            marker={"size": 15, "color": theme.INK, "line": {"color": theme.VERMILION, "width": 2}},
            hovertemplate=median + "<extra></extra>",
        )
    )


def _add_end(
    figure: go.Figure,
    name: str,
    median: float,
    top: float,
    span: tuple[float, float],
    words: Words,
) -> None:
    """Draw one edge of the model as a tick, its label on the side with more room."""
    low, high = span
    place = math.log(max(median, low) / low) / math.log(high / low)
    said = axes.cases(median, words, about=True)
    figure.add_trace(
        go.Scatter(
            x=[max(median, low)],
            y=[top + _END / 2],
            name=name,
            mode="markers+text",
            marker={"symbol": "line-ns", "size": 16, "line": {"color": theme.VERMILION, "width": 3}},
            text=[f" {name}: {said} "],
            textposition="middle right" if place < _HALFWAY else "middle left",
            textfont={"size": 12},
            hoverinfo="skip",
        )
    )
