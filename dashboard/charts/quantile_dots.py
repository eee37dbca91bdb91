"""Equally likely outcomes as dots that can be counted."""

from collections.abc import Iterable, Sequence

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes
from dashboard.i18n import Words

_COLUMNS = 22  # that fit beside each other on a telephone
_DOT = 12
_PITCH = 14  # pixels from one dot to the next above it
_LEAST_HEIGHT = 8  # dots
_MOST_PIXELS = 420  # a higher stack has smaller dots
_REST = 100


def quantile_dots(values: Iterable[float], words: Words) -> go.Figure:
    """Each of `values` (cases a year) as one dot, stacked where they lie close, with the median marked.

    A quantile dot plot (Kay and others, 2016) with Wilkinson's bins (1999): each begins at the lowest value not yet placed.
    The axis starts at zero.
    """
    _ = words.gettext
    ordered = sorted(map(float, values))
    highest = max(ordered[-1], 1.0)
    stacks = _stacks(ordered, highest / _COLUMNS)
    tallest = max(*map(len, stacks), _LEAST_HEIGHT)
    places = [((stack[0] + stack[-1]) / 2, len(stack)) for stack in stacks]
    pitch = min(_PITCH, _MOST_PIXELS / tallest)
    figure = go.Figure(
        go.Scatter(
            x=[at for at, size in places for _each in range(size)],
            y=[row + 0.5 for _at, size in places for row in range(size)],
            mode="markers",
            meta="stacked",  # each dot stands in its stack; which case it is, it says
            marker={"size": _DOT * pitch / _PITCH, "color": theme.ACCENT},
            cliponaxis=False,
            customdata=[axes.cases(value, words, about=True) for value in ordered],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    axes.value_axis(figure, ordered, "cases", _("Newly qualifying shipments a year"), words, axis="x")
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    theme.house_style(figure, height=_REST + int(pitch * tallest))
    figure.update_yaxes(visible=False, range=[0, tallest])
    figure.update_xaxes(range=[-highest / _COLUMNS, highest * 1.05])
    figure.add_vline(x=median, line={"color": theme.GREY, "width": 1.5})
    said = words.fill(_("half of the dots lie below {median}"), median=axes.cases(median, words, about=True))
    axes.explain_line(figure, said)
    return figure


def _stacks(ordered: Sequence[float], width: float) -> list[list[float]]:
    """Group rising values: each group begins at the lowest value left and holds all less than `width` above it."""
    stacks: list[list[float]] = []
    for value in ordered:
        if stacks and value - stacks[-1][0] < width:
            stacks[-1].append(value)
        else:
            stacks.append([value])
    return stacks
