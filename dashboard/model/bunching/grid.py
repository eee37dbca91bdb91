"""Bins of one width around a limit, and which of them the limit may have touched.

Bin j holds the values in (edges[j], edges[j + 1]]: right-closed, because a limit is "at most". Amounts are KRW.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.errors import HistogramError

# An order that is split to pass a limit becomes two declarations; more parts are rare and land further down.
PARTS = 2


@dataclass(frozen=True)
class Options:
    """How an estimate is made; ranges are (above, up to) and relative to the limit.

    Attributes:
        window: what the limit may have moved: from where orders are declared too low to how far above it orders are missing.
        reach: what the counterfactual is fitted on; everything else is left alone.
        degree: of the polynomial; None is 2 in ln z (log_linear) or 5 in z (textbook).
        heaps: round amounts in KRW that people like: at each multiple of one the counts jump.
        excluded: further ranges in KRW that another limit has touched.
        draws: bootstrap draws.
        level: of the intervals.
    """

    window: tuple[float, float] = (0.95, 1.3)
    reach: tuple[float, float] = (0.4, 2.0)
    degree: int | None = None
    heaps: tuple[int, ...] = (100_000, 500_000)
    excluded: tuple[tuple[float, float], ...] = ()
    draws: int = 500
    level: float = 0.95

    def __post_init__(self) -> None:
        lowest, low, high, highest = self.reach[0], *self.window, self.reach[1]
        if not 0 <= lowest < low < 1 < high < highest:
            raise HistogramError(
                "구간은 한도의 배수로 0 ≤ 하한 < 창 아래 < 1 < 창 위 < 상한이어야 합니다.",
                "Ranges are multiples of the limit: 0 <= reach < window < 1 < window < reach is needed.",
            )
        if (self.degree is not None and self.degree < 1) or self.draws < 1 or not 0 < self.level < 1:
            raise HistogramError(
                "차수와 추출 수는 1 이상, 신뢰수준은 0과 1 사이여야 합니다.",
                "Degree and draws must be at least 1, the level between 0 and 1.",
            )
        if any(heap <= 0 for heap in self.heaps):
            raise HistogramError(
                "어림 금액의 단위는 0보다 커야 합니다.", "A round amount must be above zero."
            )


@dataclass(frozen=True)
class Grid:
    """The bins in reach, of one width, and what is known of each; arrays have shape (bins,), edges one more.

    `below` is just below the limit, `above` just above it, `parts` where halves of split orders land, `clean` what
    nothing has touched, on which a counterfactual is fitted.
    """

    limit: float
    edges: FloatArray
    below: BoolArray
    above: BoolArray
    parts: BoolArray
    clean: BoolArray
    starts: NDArray[np.intp] = field(repr=False)

    @property
    def width(self) -> float:
        """Width of a bin in KRW."""
        return float(self.edges[1] - self.edges[0])

    @property
    def middles(self) -> FloatArray:
        """Middle of each bin in KRW."""
        return np.asarray((self.edges[1:] + self.edges[:-1]) / 2)

    @property
    def window(self) -> tuple[float, float]:
        """The range in KRW, on edges of bins, that the limit may have moved."""
        touched = np.flatnonzero(self.below | self.above)
        return float(self.edges[touched[0]]), float(self.edges[touched[-1] + 1])

    def counts(self, counts: FloatArray) -> FloatArray:
        """Return counts of the bins given, shape (..., bins given), as counts of the grid's bins."""
        return np.asarray(np.add.reduceat(counts[..., : self.starts[-1]], self.starts[:-1], axis=-1))

    def multiples(self, heap: int) -> FloatArray:
        """Return how many multiples of a round amount lie in each bin."""
        return np.asarray(np.floor(self.edges[1:] / heap) - np.floor(self.edges[:-1] / heap))


def checked(edges: ArrayLike, counts: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return edges (n + 1,) and counts (n,) as numbers, or raise HistogramError with one clear sentence."""
    try:
        ends, found = np.asarray(edges, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise HistogramError("경계와 건수는 숫자여야 합니다.", "Edges and counts must be numbers.") from error
    if ends.ndim != 1 or found.ndim != 1 or len(ends) != len(found) + 1 or not len(found):
        raise HistogramError(
            f"구간이 n개면 경계는 n+1개여야 합니다(경계 {ends.size}개, 건수 {found.size}개).",
            f"n counts need n + 1 edges (there are {ends.size} edges and {found.size} counts).",
        )
    if np.any(np.isnan(ends)) or np.any(np.diff(ends) <= 0) or ends[0] < 0 or np.isinf(ends[0]):
        raise HistogramError(
            "경계는 0 이상에서 시작해 커져야 합니다.", "Edges must start at zero or above and rise."
        )
    if not np.all(np.isfinite(found)) or np.any(found < 0):
        raise HistogramError("건수는 0 이상의 숫자여야 합니다.", "Counts must be numbers of zero or more.")
    return ends, found


def around(edges: FloatArray, limit: float, options: Options, highest: float = np.inf) -> Grid:
    """Return the grid around a limit, of the widest bin in reach; `highest` cuts reach and window short.

    HistogramError where the limit is no edge, or where bins cannot be merged to one width.
    """
    if not np.any(edges == limit):
        raise HistogramError(
            f"한도 {limit:,.0f}원이 구간 경계에 있어야 합니다. 그 금액에서 끝나는 구간을 써 주세요.",
            f"The limit of KRW {limit:,.0f} must be an edge; use bins that end at it.",
        )
    low, high = options.reach[0] * limit, min(options.reach[1] * limit, highest)
    inside = edges[(edges >= low) & (edges <= high)]
    if inside[0] >= limit or inside[-1] <= limit or inside[0] > options.window[0] * limit:
        raise HistogramError(
            f"한도 {limit:,.0f}원의 위와 아래에 모두 구간이 있어야 합니다.",
            f"There must be bins on both sides of the limit of KRW {limit:,.0f}.",
        )
    width = np.diff(inside).max()
    first, last = np.ceil((inside[0] - limit) / width), np.floor((inside[-1] - limit) / width)
    grid = limit + width * np.arange(first, last + 1)
    starts = np.searchsorted(edges, grid)
    if not np.array_equal(edges[starts], grid):
        raise HistogramError(
            f"한도 주변 구간을 같은 너비 {width:,.0f}원으로 묶을 수 없습니다.",
            f"The bins around the limit cannot be merged to one width of KRW {width:,.0f}.",
        )
    top = min(options.window[1] * limit, highest)
    below = _touching(grid, options.window[0] * limit, limit)
    above = _touching(grid, limit, top)
    parts = _touching(grid, limit / PARTS, top / PARTS)
    clean = ~(below | above | parts)
    for start, end in options.excluded:
        clean &= ~_touching(grid, start, end)
    if not (np.any(below) and np.any(above)):
        raise HistogramError(
            f"한도 {limit:,.0f}원 바로 위와 아래에 구간이 하나 이상 있어야 합니다. 더 좁은 구간을 써 주세요.",
            f"Just above and below the limit of KRW {limit:,.0f} there must be a bin each; use narrower bins.",
        )
    return Grid(limit, grid, below, above, parts, clean, starts)


def touched_by(limit: float, options: Options) -> tuple[tuple[float, float], ...]:
    """Return the ranges in KRW that a limit may have touched: its window and where the parts land."""
    low, high = (limit * each for each in options.window)
    return (low, high), (limit / PARTS, high / PARTS)


def _touching(grid: FloatArray, start: float, end: float) -> BoolArray:
    """Say which bins hold any value of (start, end]."""
    return np.asarray((grid[1:] > start) & (grid[:-1] < end))
