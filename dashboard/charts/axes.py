"""Axes whose ticks read as people say numbers, and the marks for limits."""

import math
from collections.abc import Iterable, Mapping, Sequence

import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.i18n import Words

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 5
_LEAST_SPAN = 1e-9  # of an axis; less is rounding
_LOG_PARTS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))
_FEWEST_LOG_TICKS, _MOST_LOG_TICKS = 4, 7  # seven fit on a telephone
_MODELLED_DIGITS = 2
_HUNDRED = 100
_ROOM_TO_THE_RIGHT = 0.64  # of the width; a label further right stands on the left of its line
_LABEL_HEIGHT = 34  # two lines of a label, in pixels


def value_ticks(values: Iterable[float], unit: str, words: Words) -> tuple[list[float], list[str]]:
    """Round tick values from zero (or below) to the highest value, with their labels."""
    finite = [each for each in map(float, values) if not math.isnan(each)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    step = _round_step((high - low) / _TICKS) if high - low > _LEAST_SPAN else 1.0
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


def ticks_between(
    low: float, high: float, unit: str, words: Words, *, most: int = _TICKS
) -> tuple[list[float], list[str]]:
    """Round tick values from `low` to `high`, for an axis that need not start at zero, with their labels."""
    if high <= low:
        return [low], [formats.short(low, unit, words.lang)]
    step = _round_step((high - low) / most)
    ticks = [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return ticks, [formats.short(tick, unit, words.lang) for tick in ticks]


def log_ticks(low: float, high: float, unit: str, words: Words) -> tuple[list[float], list[str]]:
    """Tick values of a log axis with their labels: powers of ten where there are enough, else rounder parts of them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10.0**power for power in range(first, last + 1)]
    for parts in _LOG_PARTS:
        ticks = [part * power for power in powers for part in parts if low <= part * power <= high]
        if len(ticks) >= _FEWEST_LOG_TICKS:
            break
    else:
        return ticks_between(low, high, unit, words)
    ticks = ticks[:: -(-len(ticks) // _MOST_LOG_TICKS)]
    return ticks, [formats.short(tick, unit, words.lang) for tick in ticks]


def log_axis(
    figure: go.Figure, low: float, high: float, unit: str, title: str, words: Words, *, axis: str = "x"
) -> None:
    """Make an axis of a figure logarithmic, in place, from `low` to `high` (above zero), with its unit as title."""
    ticks, labels = log_ticks(low, high, unit, words)
    settings = {
        "type": "log",
        "range": [math.log10(low), math.log10(high)],
        "tickvals": ticks,
        "ticktext": labels,
        "title": title,
    }
    figure.update_layout({f"{axis}axis": settings})


def spread(positions: Sequence[float], least: float) -> list[float]:
    """Push rising positions apart until neighbours are `least` apart, upwards only, so that labels never overlap."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(position, placed[-1] + least) if placed else position)
    return placed


def mark_limits(figure: go.Figure, marks: Sequence[tuple[object, str]]) -> None:
    """Thin vertical lines with their labels above the plot, in place; neighbours' labels stand on two levels."""
    if not marks:
        return
    # all at once: Plotly checks everything that is there again with each line and label added
    lines = [
        {
            "type": "line", "x0": at, "x1": at, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain",
            "line": {"color": theme.GREY, "width": 1.5},
        }
        for at, _label in marks
    ]  # fmt: skip
    labels = [
        {
            "x": at, "xref": "x", "y": 1, "yref": "paper", "text": label, "showarrow": False, "align": "right", "xanchor": "right",
            "yanchor": "bottom", "xshift": 4, "yshift": _LABEL_HEIGHT * ((len(marks) - 1 - place) % 2) + 2, "font": {"size": 12},
        }
        for place, (at, label) in enumerate(marks)
    ]  # fmt: skip
    figure.update_layout(
        shapes=[*figure.layout.shapes, *lines],
        annotations=[*figure.layout.annotations, *labels],
        margin={"t": _LABEL_HEIGHT * min(len(marks), 2) + 12},
    )


def flag_limits(
    figure: go.Figure, marks: Mapping[float, str], span: tuple[float, float], *, is_log: bool = False
) -> None:
    """Thin vertical lines that end at their labels, each on a level of its own above the plot, in place.

    Marks outside `span`, the ends of the axis, are left out. Labels stand on the side of their lines that has room, and on
    levels such that no line crosses a label. The figure grows by what the labels take.
    """
    low, high = span
    seen = sorted((at, label) for at, label in marks.items() if low <= at <= high)
    if not seen:
        return
    last = seen[-1][0]
    place = math.log(last / low) / math.log(high / low) if is_log else (last - low) / (high - low)
    to_the_right = place < _ROOM_TO_THE_RIGHT
    for order, (at, label) in enumerate(seen):
        level = len(seen) - 1 - order if to_the_right else order
        figure.add_vline(x=at, line={"color": theme.GREY, "width": 1.5})
        figure.add_shape(
            type="line", x0=at, x1=at, yref="paper", yanchor=1, ysizemode="pixel", y0=0, y1=_LABEL_HEIGHT * (level + 1) - 2,
            line={"color": theme.GREY, "width": 1.5},
        )  # fmt: skip
        side = "left" if to_the_right else "right"
        figure.add_annotation(
            # on a log axis a line stands at the value, a label at its logarithm
            x=math.log10(at) if is_log else at, xref="x", y=1, yref="paper", text=label, showarrow=False, align=side,
            xanchor=side, yanchor="bottom", xshift=4 if to_the_right else -4, yshift=_LABEL_HEIGHT * level, font={"size": 12},
            borderpad=0,
        )  # fmt: skip
    room = _LABEL_HEIGHT * len(seen)
    figure.update_layout(margin={"t": room + 12}, height=(figure.layout.height or 0) + room)


def explain_line(figure: go.Figure, said: str) -> None:
    """Say above the plot, from its left edge, what its grey line means, in place: beside the line words may not fit."""
    explain_mark(figure, "┃", said)


def explain_mark(figure: go.Figure, mark: str, said: str) -> None:
    """Say above the plot, from its left edge, what a mark means, in place."""
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", yshift=4,
        text=f"{mark} {said}", showarrow=False, font={"size": 12}, borderpad=0,
    )  # fmt: skip


def cases(value: float, words: Words, *, about: bool = False, unit: str = "cases") -> str:
    """Modelled cases as text: two digits are all that an interval bears, and there is no part of a case."""
    # below a hundred two digits could still be a part of a case; above, rounding twice would differ from the table
    shown = round(value) if abs(value) < _HUNDRED else value
    return formats.amount(
        shown, unit, words.lang, significant=_MODELLED_DIGITS, approximate=about and round(value) > 0
    )
