"""Rows with their words above their marks: long names never squeeze the plot, on any width.

The vertical axis of such a chart counts pixels from the top of the plot, so that words and marks keep their distance.
"""

import re
import unicodedata
from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import theme

LINE = 19  # height of a line of words
MARK = 18  # height of a bar or an interval under them
GAP = 14  # between rows

_WORDS = re.compile(r"(?<![조억만])\s+|\s+(?!\d)")  # 9만 5,030원 is one word
_MOST = 48  # half-width characters that fit beside each other on a telephone
_AXIS = 66  # below the plot: tick labels and the title of the axis


def wrapped(text: str, most: int = _MOST) -> list[str]:
    """Break text between its words into lines that fit on a telephone; a Hangul syllable is as wide as two letters."""
    lines: list[str] = []
    for word in filter(None, _WORDS.split(text.strip())):
        if lines and width(lines[-1]) + 1 + width(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def width(text: str) -> int:
    """How wide text is, in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def tops(heights: Sequence[float]) -> list[float]:
    """Where each row begins, in pixels from the top, and where the last one ends."""
    places = [0.0]
    for height in heights:
        places.append(places[-1] + height)
    return places


def write(figure: go.Figure, lines: Sequence[str], top: float, *, indent: int = 0) -> None:
    """Write lines of words at the left edge of the plot, in place, from `top` downwards, `indent` pixels inside."""
    for place, line in enumerate(lines):
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            xshift=indent,
            y=top + LINE * place,
            yanchor="top",
            text=line,
            align="left",
            showarrow=False,
            font={"size": 13},
            borderpad=0,
        )


def finish(figure: go.Figure, height: float, *, above: int = 8) -> go.Figure:
    """Give a chart of rows the house's look, in place, with `height` pixels of rows and `above` pixels over them."""
    theme.house_style(figure, height=int(height) + above + _AXIS)
    figure.update_yaxes(range=[height, 0], visible=False)
    figure.update_xaxes(title_standoff=16)
    figure.update_layout(margin={"l": 10, "r": 14, "t": above, "b": _AXIS}, barmode="overlay")
    return figure
