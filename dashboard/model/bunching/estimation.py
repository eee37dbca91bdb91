"""From a histogram to excess and missing mass at a limit, with bootstrap intervals and placebos.

Sources: Chetty, Friedman, Olsen, Pistaferri (2011), doi:10.1093/qje/qjr013, and Kleven, Waseem (2013),
doi:10.1093/qje/qjt004, for the textbook form; Saez (2010), doi:10.1257/pol.2.3.180, for the idea.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.bunching import counterfactual
from dashboard.model.bunching.grid import Grid, Options, around, checked, touched_by
from dashboard.model.errors import HistogramError
from dashboard.model.priors import DEFAULT_SEED

Method = Literal["log_linear", "textbook_kink", "textbook_notch"]
_LOG_LINEAR_DEGREE = 2
_TEXTBOOK_DEGREE = 5
# Below this many counts in reach no shape can be told from noise.
_FEWEST = 100


@dataclass(frozen=True)
class Estimated:
    """A number with its bootstrap interval and standard error."""

    value: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class Picture:
    """What a diagnostic picture draws: by bin of KRW (edges[j], edges[j + 1]], shape (bins,).

    `low` and `high` enclose the counterfactual; `fitted` says on which bins it was fitted.
    """

    edges: FloatArray
    observed: FloatArray
    counterfactual: FloatArray
    low: FloatArray
    high: FloatArray
    fitted: BoolArray


@dataclass(frozen=True)
class BunchingEstimate:
    """What a limit moved; all in declarations of the period that the counts cover, unless said.

    Attributes:
        method: how the counterfactual was made; `difference` is a later limit's counts, scaled.
        limit: in KRW.
        window: the range in KRW that the limit may have moved.
        excess: B, observed less counterfactual just below the limit (of a kink: in the whole window).
        normalised: b = B / counterfactual of one bin there: how many bins' worth bunch.
        missing: M, counterfactual less observed just above the limit; None for a kink.
        split: orders split in two by the value balance: the value that reappears at half the amount, over the mean value
            of what is missing. None for the textbook form, whose counterfactual is fitted on those amounts too.
        split_by_count: M - B; sharper than `split`, but wrong where parts of orders split at a later limit land just above
            this one (at a later limit of twice this one).
        dispersion: Pearson's chi-square per clean bin; far above 1 the fit is poor (round amounts that `heaps` does not
            name, say) and the intervals are too narrow. None for `difference` and the textbook form.
        picture: the series of a diagnostic picture.
    """

    method: str
    limit: float
    window: tuple[float, float]
    excess: Estimated
    normalised: Estimated
    missing: Estimated | None
    split: Estimated | None
    split_by_count: Estimated | None
    dispersion: float | None
    picture: Picture

    @property
    def under_declared(self) -> Estimated:
        """Orders declared at or below the limit that are worth more: the excess just below it.

        Parts of split orders land at half the limit, so that they are not among them.
        """
        return self.excess


def estimate(
    edges: ArrayLike,
    counts: ArrayLike,
    limit: float,
    *,
    method: Method = "log_linear",
    later_counts: ArrayLike | None = None,
    later_limit: float | None = None,
    options: Options | None = None,
    generator: np.random.Generator | None = None,
) -> BunchingEstimate:
    """Estimate what a limit moved from counts (n,) of right-closed bins with edges (n + 1,) in KRW.

    log_linear (default): Poisson counts, polynomial in ln z times heaps at round amounts. In a falling tail heaps shrink
    with the density, which only a factor can follow.

    later_counts with later_limit: the difference. Counts of a period after the limit had moved, on the same edges, scaled
    outside what either limit touched, are the counterfactual. Needs no shape, but that the shape stayed.

    textbook_kink, textbook_notch: additive polynomial and additive heaps by least squares; a kink with the integration
    correction, a notch with the upper end of the window where missing mass equals excess mass. For comparison with published
    work only: where values get rare above the limit a heap of constant size cannot fit both ends. On made-up customs limits
    the notch form misses 59% of the excess (another reach turns the sign around; the method paper has 45%), and its 95%
    interval never held the truth.

    Intervals are percentiles of Poisson draws around the counts. What people did is itself one draw of chance, which the
    intervals allow for: against it they hold the truth a little more often than they say (98% for 95%).

    HistogramError says in one sentence what is wrong with the histogram.
    """
    chosen = options or Options()
    ends, seen = checked(edges, counts)
    draw = generator or np.random.default_rng(DEFAULT_SEED)
    if (later_counts is None) != (later_limit is None):
        raise HistogramError(
            "나중 기간의 건수와 한도는 함께 주어야 합니다.",
            "A later period needs both its counts and its limit.",
        )
    if later_counts is not None and later_limit is not None:
        if method != "log_linear":
            raise HistogramError(
                "나중 기간의 건수는 교과서 방식과 함께 쓸 수 없습니다.",
                "Counts of a later limit cannot be combined with a textbook form.",
            )
        return _difference(ends, seen, limit, checked(edges, later_counts)[1], later_limit, chosen, draw)
    grid = around(ends, limit, chosen)
    every = _bootstrapped(seen, chosen.draws, draw)
    local = grid.counts(every)
    _check_size(local[0])
    if method == "textbook_kink":
        return _kink(grid, local, every[:, ends[:-1] >= grid.window[1]].sum(axis=1), chosen)
    if method == "textbook_notch":
        return _notch(grid, local, chosen)
    degree = chosen.degree or _LOG_LINEAR_DEGREE
    fitted = counterfactual.log_linear(grid, local, degree, chosen.heaps)
    return _moved("log_linear", grid, local, fitted, chosen)


def placebos(
    edges: ArrayLike,
    counts: ArrayLike,
    limit: float,
    at: Sequence[float],
    *,
    options: Options | None = None,
    generator: np.random.Generator | None = None,
) -> tuple[BunchingEstimate, ...]:
    """Estimate excess at amounts where there is no limit, without what the real one touched: it should be zero."""
    chosen = options or Options()
    apart = replace(chosen, excluded=chosen.excluded + touched_by(limit, chosen))
    (low, high), _ = touched_by(limit, chosen)
    draw = generator or np.random.default_rng(DEFAULT_SEED)
    for place in at:
        if place * chosen.window[0] < high and place * chosen.window[1] > low:
            raise HistogramError(
                f"가짜 한도 {place:,.0f}원이 실제 한도의 창과 겹칩니다.",
                f"The placebo at KRW {place:,.0f} overlaps the window of the real limit.",
            )
    return tuple(estimate(edges, counts, place, options=apart, generator=draw) for place in at)


def _difference(
    ends: FloatArray,
    seen: FloatArray,
    limit: float,
    later: FloatArray,
    later_limit: float,
    options: Options,
    draw: np.random.Generator,
) -> BunchingEstimate:
    touched = touched_by(later_limit, options)
    highest = touched[0][0]
    if highest <= limit:
        raise HistogramError(
            "나중 한도는 지금 한도보다 충분히 높아야 합니다.",
            "The later limit must lie well above this one: its own window may not reach it.",
        )
    grid = around(ends, limit, replace(options, excluded=options.excluded + touched), highest)
    local = grid.counts(_bootstrapped(seen, options.draws, draw))
    afterwards = grid.counts(_bootstrapped(later, options.draws, draw))
    _check_size(local[0])
    return _moved("difference", grid, local, counterfactual.scaled(grid, local, afterwards), options)


def _bootstrapped(counts: FloatArray, draws: int, draw: np.random.Generator) -> FloatArray:
    """Return the counts and below them Poisson draws around them, shape (1 + draws, bins)."""
    return np.vstack([counts, draw.poisson(counts, (draws, len(counts)))])


def _check_size(counts: FloatArray) -> None:
    if counts.sum() < _FEWEST:
        raise HistogramError(
            f"한도 주변에 {counts.sum():,.0f}건뿐입니다. {_FEWEST}건 이상이 필요합니다.",
            f"There are only {counts.sum():,.0f} cases around the limit; at least {_FEWEST} are needed.",
        )


def _moved(
    method: str, grid: Grid, counts: FloatArray, fitted: FloatArray, options: Options
) -> BunchingEstimate:
    surplus = counts - fitted
    excess = surplus[:, grid.below].sum(axis=1)
    missing = -surplus[:, grid.above].sum(axis=1)
    gone = -(surplus[:, grid.above] @ grid.middles[grid.above])
    with np.errstate(divide="ignore", invalid="ignore"):
        average = gone / missing
    # With next to nothing missing its mean value is noise: then the middle of the window above the limit stands in.
    top = grid.window[1]
    average = np.where((average > grid.limit) & (average <= top), average, (grid.limit + top) / 2)
    split = (surplus[:, grid.parts] @ grid.middles[grid.parts]) / average
    dispersion = None
    if method == "log_linear":
        clean = grid.clean
        dispersion = float(np.mean((counts[0, clean] - fitted[0, clean]) ** 2 / fitted[0, clean]))
    return BunchingEstimate(
        method,
        grid.limit,
        grid.window,
        excess=_estimated(excess, options),
        normalised=_normalised(excess, fitted[:, grid.below], options),
        missing=_estimated(missing, options),
        split=_estimated(split, options),
        split_by_count=_estimated(missing - excess, options),
        dispersion=dispersion,
        picture=_picture(grid, counts, fitted, grid.clean, options),
    )


def _kink(grid: Grid, counts: FloatArray, all_above: FloatArray, options: Options) -> BunchingEstimate:
    if not np.all(all_above > 0):
        raise HistogramError(
            "적분 보정에는 창 위쪽에도 건수가 있어야 합니다.",
            "The integration correction needs counts above the window.",
        )
    degree = options.degree or _TEXTBOOK_DEGREE
    fitted = counterfactual.textbook_corrected(grid, counts, all_above, degree, options.heaps)
    touched = grid.below | grid.above
    excess = (counts - fitted)[:, touched].sum(axis=1)
    return BunchingEstimate(
        "textbook_kink",
        grid.limit,
        grid.window,
        excess=_estimated(excess, options),
        normalised=_normalised(excess, fitted[:, touched], options),
        missing=None,
        split=None,
        split_by_count=None,
        dispersion=None,
        picture=_picture(grid, counts, fitted, ~touched, options),
    )


def _notch(grid: Grid, counts: FloatArray, options: Options) -> BunchingEstimate:
    """Move the upper end of the window up until what is missing equals what bunches, in each draw apart."""
    degree = options.degree or _TEXTBOOK_DEGREE

    def fitted_without(hole: BoolArray, draws: FloatArray) -> FloatArray:
        return counterfactual.textbook(grid, draws, ~(grid.below | hole), degree, options.heaps)

    # No further than half way to the end of reach, so that enough bins remain above to fit on.
    halfway = (grid.limit + grid.edges[-1]) / 2
    starts, ends = grid.edges[:-1], grid.edges[1:]
    holes = [(starts >= grid.limit) & (ends <= end) for end in ends[(ends > grid.limit) & (ends <= halfway)]]
    reached = np.full(len(counts), len(holes) - 1)
    open_draws = np.arange(len(counts))
    for number, hole in enumerate(holes):
        surplus = counts[open_draws] - fitted_without(hole, counts[open_draws])
        equal = surplus[:, hole | grid.below].sum(axis=1) <= 0
        reached[open_draws[equal]] = number
        open_draws = open_draws[~equal]
    if 0 in open_draws:
        raise HistogramError(
            "한도 위에서 사라진 건수가 한도 아래 몰린 건수에 미치지 못해 창의 끝을 찾을 수 없습니다.",
            "Nowhere above the limit is as much missing as bunches below it; the window has no upper end.",
        )
    fitted, missing = np.empty_like(counts), np.empty(len(counts))
    for number in np.unique(reached):
        mine = reached == number
        fitted[mine] = fitted_without(holes[number], counts[mine])
        missing[mine] = (fitted[mine] - counts[mine])[:, holes[number]].sum(axis=1)
    excess = (counts - fitted)[:, grid.below].sum(axis=1)
    found = replace(grid, above=holes[reached[0]])
    return BunchingEstimate(
        "textbook_notch",
        grid.limit,
        found.window,
        excess=_estimated(excess, options),
        normalised=_normalised(excess, fitted[:, grid.below], options),
        missing=_estimated(missing, options),
        split=None,
        split_by_count=None,
        dispersion=None,
        picture=_picture(grid, counts, fitted, ~(found.below | found.above), options),
    )


def _normalised(excess: FloatArray, fitted: FloatArray, options: Options) -> Estimated:
    level = fitted.mean(axis=1)
    if not level[0] > 0:
        raise HistogramError(
            "한도가 없을 때의 건수가 한도 바로 아래에서 0 이하로 나옵니다. 건수를 늘리거나 다른 방식을 써 주세요.",
            "Without the limit there would be no case just below it: use more counts or another method.",
        )
    # A draw in which nobody is there takes the level of the estimate.
    return _estimated(excess / np.where(level > 0, level, level[0]), options)


def _estimated(draws: FloatArray, options: Options) -> Estimated:
    """The first is the estimate, the others are its bootstrap."""
    tail = (1 - options.level) / 2
    low, high = np.quantile(draws[1:], [tail, 1 - tail])
    return Estimated(float(draws[0]), float(low), float(high), float(draws[1:].std()))


def _picture(
    grid: Grid, counts: FloatArray, fitted: FloatArray, kept: BoolArray, options: Options
) -> Picture:
    tail = (1 - options.level) / 2
    low, high = np.quantile(fitted[1:], [tail, 1 - tail], axis=0)
    return Picture(grid.edges, counts[0], fitted[0], low, high, kept)
