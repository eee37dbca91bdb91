"""Markets ranked by weighted criteria, and how sure their order is.

What is missing stays missing: a market is scored on the criteria that are known of it, and says which share of the weight
that is. A single order misleads, so `rank_certainty` moves the weights and the figures and counts where each market lands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.errors import ModelError

Method = Literal["min-max", "rank", "z-score"]
METHODS: tuple[Method, ...] = get_args(Method)
_QUANTILES = (0.05, 0.50, 0.95)
_MIDDLE = 0.5  # of a criterion on which no two markets differ


class WeightsError(ModelError):
    """Weights that say nothing: negative, not finite, not one a criterion, or all zero."""


class CriteriaError(ModelError):
    """Criteria or their errors that have another shape than their names, or figures that are infinite."""


@dataclass(frozen=True)
class Criteria:
    """Figures of shape (destinations, criteria), NaN where missing; `lower_is_better` has one entry a criterion."""

    destinations: tuple[str, ...]
    names: tuple[str, ...]
    values: FloatArray
    lower_is_better: BoolArray

    def __post_init__(self) -> None:
        """Refuse what does not fit together (CriteriaError)."""
        shape = (len(self.destinations), len(self.names))
        if (
            self.values.shape != shape
            or self.lower_is_better.shape != shape[1:]
            or np.isinf(self.values).any()
        ):
            raise CriteriaError(
                "시장별 기준값의 개수가 시장과 기준의 수에 맞지 않거나 무한대가 있습니다.",
                "The figures do not fit the numbers of markets and criteria, or one is infinite.",
            )

    def only(self, kept: BoolArray) -> "Criteria":
        """The markets where `kept`, shape (destinations,), is true."""
        names = tuple(name for name, stays in zip(self.destinations, kept, strict=True) if stays)
        return Criteria(names, self.names, self.values[kept], self.lower_is_better)


@dataclass(frozen=True)
class Floor:
    """The least that a market must have of a criterion to be ranked at all."""

    criterion: str
    least: float


@dataclass(frozen=True)
class Floored:
    """A market that is not ranked, and why: `below` the floor, or the figure to compare is `missing`."""

    destination: str
    criterion: str
    least: float
    value: float | None
    reason: Literal["below", "missing"]


@dataclass(frozen=True)
class Scored:
    """The markets that are ranked, best first.

    `points` are the normalised criteria and `parts` what each adds to its market's score, both of shape
    (destinations, criteria), NaN and 0 where missing; a row of `parts` adds up to its score. `weight_known` is the share of
    the weight whose criteria are known of a market. `unknown` are markets of which nothing with a weight is known.
    """

    destinations: tuple[str, ...]
    names: tuple[str, ...]
    scores: FloatArray
    points: FloatArray
    parts: FloatArray
    weight_known: FloatArray
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """How far figures and weights may be off.

    `errors`, shape (destinations, criteria): one standard deviation as a share of the figure (lognormal around it), or in its
    own unit for the criteria in `additive` (normal; for growth, which may be negative). Zero or NaN leaves it as it is. Weights
    are Dirichlet around the given ones: a share w of the weight varies by sqrt(w (1 - w) / (concentration + 1)), and what weighs
    nothing goes on weighing nothing.
    """

    errors: FloatArray
    additive: frozenset[str] = frozenset()
    concentration: float = 20.0

    def __post_init__(self) -> None:
        """Refuse errors below zero and a concentration that is not above it (CriteriaError)."""
        if (self.errors < 0).any() or not 0 < self.concentration < np.inf:
            raise CriteriaError(
                "오차는 0 이상이어야 하고 집중도는 0보다 커야 합니다.",
                "Errors must be zero or more, and the concentration above zero.",
            )


@dataclass(frozen=True)
class Certainty:
    """How often a market is among the first `top`, from 0 to 1, and between which ranks it lies (1 is best)."""

    destination: str
    in_top: float
    p05: int
    p50: int
    p95: int


def above_floors(criteria: Criteria, floors: Sequence[Floor]) -> tuple[Criteria, list[Floored]]:
    """Part the markets that meet every floor from those that do not, each of these once, with the first floor it fails."""
    left: dict[int, Floored] = {}
    for floor in floors:
        column = criteria.values[:, criteria.names.index(floor.criterion)]
        for place, value in enumerate(column.tolist()):
            if place in left or value >= floor.least:
                continue
            name, is_missing = criteria.destinations[place], bool(np.isnan(value))
            left[place] = Floored(
                name,
                floor.criterion,
                floor.least,
                None if is_missing else value,
                "missing" if is_missing else "below",
            )
    kept = np.array([place not in left for place in range(len(criteria.destinations))], dtype=np.bool_)
    return criteria.only(kept), list(left.values())


def normalised(values: FloatArray, lower_is_better: BoolArray, method: Method) -> FloatArray:
    """Bring criteria, shape (..., destinations, criteria), to one scale on which more is better; NaN stays NaN.

    min-max: 0 for the worst market, 1 for the best, in proportion between them. rank: 0 for the last and 1 for the first, equal
    steps between, ties share the mean of their places. z-score: deviations from the mean, in standard deviations.
    Where no two markets differ all get the middle: one half, or 0 as z-score.
    """
    turned = np.where(lower_is_better, -values, values)
    known = ~np.isnan(turned)
    count = np.maximum(known.sum(axis=-2, keepdims=True), 1)
    filled = np.where(known, turned, 0.0)
    if method == "z-score":
        mean = filled.sum(axis=-2, keepdims=True) / count
        off = np.where(known, turned - mean, 0.0)
        spread = np.sqrt((off**2).sum(axis=-2, keepdims=True) / count)
        # a difference that rounding alone makes is none
        differs = spread > 1e-12 * np.maximum(np.abs(mean), 1e-300)
        scaled = np.where(differs, off / np.where(differs, spread, 1.0), 0.0)
    elif method == "min-max":
        low = np.where(known, turned, np.inf).min(axis=-2, keepdims=True)
        high = np.where(known, turned, -np.inf).max(axis=-2, keepdims=True)
        differs = high > low
        width = np.where(differs, high - low, 1.0)
        scaled = np.where(differs, (filled - np.where(differs, low, 0.0)) / width, _MIDDLE)
    else:
        # markets below, and half of those level with it but itself
        each, other = turned[..., :, np.newaxis, :], turned[..., np.newaxis, :, :]
        below = (other < each).sum(axis=-2)
        level = (other == each).sum(axis=-2) - 1
        scaled = np.where(count > 1, (below + level / 2) / np.maximum(count - 1, 1), _MIDDLE)
    found: FloatArray = np.where(known, scaled, np.nan)
    return found


def checked_weights(weights: Mapping[str, float], names: Sequence[str]) -> FloatArray:
    """The weights in the order of the criteria, adding up to one; WeightsError where they say nothing."""
    found = np.array([weights.get(name, 0.0) for name in names], dtype=np.float64)
    if set(weights) - set(names) or not np.isfinite(found).all() or (found < 0).any():
        raise WeightsError(
            "가중치는 이름이 있는 기준마다 0 이상의 수여야 합니다.",
            "Each weight must belong to a criterion and be zero or more.",
        )
    if not found.any():
        raise WeightsError(
            "모든 가중치가 0이면 순위를 매길 수 없습니다. 한 기준 이상에 0보다 큰 가중치를 주십시오.",
            "With all weights at zero nothing can be ranked. Give at least one criterion a weight above zero.",
        )
    return np.asarray(found / found.sum())


def scored(criteria: Criteria, weights: Mapping[str, float], method: Method = "min-max") -> Scored:
    """Weigh the criteria of each market: the mean of its points under the weights of what is known of it.

    Raises:
        WeightsError: all weights are zero, or one is negative or of no criterion.
    """
    share = checked_weights(weights, criteria.names)
    points = normalised(criteria.values, criteria.lower_is_better, method)
    scores, known = _means(points, share)
    is_known = known > 0
    order = np.array([each for each in np.argsort(-scores, kind="stable") if is_known[each]], dtype=np.intp)
    parts = np.nan_to_num(points[order]) * share / known[order, np.newaxis]
    unknown = tuple(
        name for name, is_there in zip(criteria.destinations, is_known, strict=True) if not is_there
    )
    names = tuple(criteria.destinations[place] for place in order)
    return Scored(names, criteria.names, scores[order], points[order], parts, known[order], unknown)


def _means(points: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted means of points, shape (..., destinations, criteria), over what is known, and the weight of that."""
    weight = np.where(np.isnan(points), 0.0, weights)
    known: FloatArray = weight.sum(axis=-1)
    total = (weight * np.nan_to_num(points)).sum(axis=-1)
    return np.where(known > 0, total / np.where(known > 0, known, 1.0), np.nan), known


def rank_certainty(
    criteria: Criteria,
    weights: Mapping[str, float],
    doubt: Doubt,
    rng: np.random.Generator,
    *,
    method: Method = "min-max",
    draws: int = 2_000,
    top: int = 3,
) -> list[Certainty]:
    """Rank the markets `draws` times under other weights and figures; in the order of `scored`.

    Ties are broken at random, so that the shares in the top add up to `top`, or to the number of markets if that is less.

    Raises:
        WeightsError: as `scored`.
        CriteriaError: errors of another shape than the figures, or draws or top below one.
    """
    if doubt.errors.shape != criteria.values.shape or min(draws, top) < 1:
        raise CriteriaError(
            "오차는 기준값마다 하나씩이어야 하고, 추출 횟수와 상위 개수는 1 이상이어야 합니다.",
            "There must be one error a figure, and draws and top must be one or more.",
        )
    best = scored(criteria, weights, method)
    if not best.destinations:
        return []
    kept = [criteria.destinations.index(name) for name in best.destinations]
    figures, spread = criteria.values[kept], np.nan_to_num(doubt.errors[kept])
    share = checked_weights(weights, criteria.names)
    drawn = np.zeros((draws, 1, len(share)))
    drawn[:, 0, share > 0] = rng.dirichlet(doubt.concentration * share[share > 0], size=draws)
    noise = rng.standard_normal((draws, *figures.shape))
    additive = np.array([name in doubt.additive for name in criteria.names])
    off = np.where(additive, figures + spread * noise, figures * np.exp(np.sqrt(np.log1p(spread**2)) * noise))
    scores, _known = _means(normalised(off, criteria.lower_is_better, method), drawn)
    # a market may keep only criteria that a draw gives next to no weight: it is then last
    ranks = _ranks(np.nan_to_num(scores, nan=-np.inf), rng)
    lows, middles, highs = np.quantile(ranks, _QUANTILES, axis=0, method="inverted_cdf").astype(int).tolist()
    in_top = (ranks <= top).mean(axis=0).tolist()
    return [Certainty(*each) for each in zip(best.destinations, in_top, lows, middles, highs, strict=True)]


def _ranks(scores: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Ranks from 1 along the last axis, the highest score first, ties in random order."""
    order = np.lexsort((rng.random(scores.shape), -scores), axis=-1)
    ranks: FloatArray = np.empty(scores.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, scores.shape[-1] + 1)[np.newaxis], axis=-1)
    return ranks


def herfindahl(shares: FloatArray) -> float:
    """How concentrated parts of a whole are: the sum of squared shares, from 1 / parts to 1; NaN where there are none.

    `shares` are not negative and need not add up to one; they are divided by their sum.
    """
    total = float(np.nansum(shares))
    return float(np.nansum((shares / total) ** 2)) if total > 0 else float("nan")
