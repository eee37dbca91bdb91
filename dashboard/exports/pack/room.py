"""How much room text takes on a slide: estimated from its letters, on the safe side, as no program is there to measure."""

import math
import unicodedata
from collections.abc import Sequence

POINTS_PER_INCH = 72
_LINE = 1.3  # of the size, from one line to the next; Malgun Gothic is tall
_HALF = 0.56  # of the size, the mean width of a Latin letter or digit
_SAFE = 1.04
_WIDTH = {"W": 1.0, "F": 1.0, "A": 1.0}


def lines(text: str, size: float, width: float) -> int:
    """Lines that a text of a size in points takes up in a box of a width in inches."""
    most = max(width * POINTS_PER_INCH / size, 1.0)
    return sum(max(1, math.ceil(_ems(part) * _SAFE / most)) for part in text.split("\n"))


def width(text: str, size: float) -> float:
    """Width in inches of a line of text of a size in points."""
    return _ems(text) * _SAFE * size / POINTS_PER_INCH


def height(text: str, size: float, width: float) -> float:
    """Its height in inches."""
    return lines(text, size, width) * size * _LINE / POINTS_PER_INCH


def fitted(text: str, sizes: Sequence[float], width: float, most: float) -> float:
    """The largest of falling sizes at which a text fits into a box; the smallest where none does."""
    return next((size for size in sizes if height(text, size, width) <= most), sizes[-1])


def _ems(text: str) -> float:
    return sum(_WIDTH.get(unicodedata.east_asian_width(letter), _HALF) for letter in text)
