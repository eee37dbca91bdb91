"""Axes whose ticks read as people say numbers, and the marks for limits."""

import math
from collections.abc import Iterable, Sequence

import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.i18n import Words

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 5
_LABEL_HEIGHT = 34  # two lines of a label, in pixels


def value_ticks(values: Iterable[float], unit: str, words: Words) -> tuple[list[float], list[str]]:
    """Round tick values from zero (or below) to the highest value, with their labels."""
    finite = [each for each in map(float, values) if not math.isnan(each)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    step = _round_step((high - low) / _TICKS) if high > low else 1.0
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [step * place for place in range(first, last + 1)]
    return ticks, [formats.short(tick, unit, words.lang) for tick in ticks]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step for step in _STEPS if step * power >= rough * 0.999) * power


def value_axis(
    figure: go.Figure, values: Iterable[float], unit: str, title: str, words: Words, *, axis: str = "y"
) -> None:
    """Give the value axis of a figure, in place, round ticks from zero, its unit as title, and a grid."""
    ticks, labels = value_ticks(values, unit, words)
    settings = {
        "tickvals": ticks,
        "ticktext": labels,
        "title": title,
        "range": [ticks[0], ticks[-1] * 1.08 or 1],
    }
    figure.update_layout({f"{axis}axis": settings})


def mark_limits(figure: go.Figure, marks: Sequence[tuple[object, str]]) -> None:
    """Thin vertical lines with their labels above the plot, in place; neighbours' labels stand on two levels."""
    for place, (at, label) in enumerate(marks):
        figure.add_vline(x=at, line={"color": theme.GREY, "width": 1.5})
        figure.add_annotation(
            x=at, xref="x", y=1, yref="paper", text=label, showarrow=False, align="right",
            xanchor="right", yanchor="bottom", xshift=4, yshift=_LABEL_HEIGHT * ((len(marks) - 1 - place) % 2) + 2, font={"size": 12},
        )  # fmt: skip
    if marks:
        figure.update_layout(margin={"t": _LABEL_HEIGHT * min(len(marks), 2) + 12})
