"""The size of markets as chains of factors, each with its range, carried through to an interval.

A chain multiplies its factors stage by stage: all there is (TAM), what can be served (SAM), what can be won (SOM). Factors of the
same id are the same number in every chain, so destinations share what they share; a parent is the sum of its children in
every draw, and so are the means.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import betaincinv, ndtri

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import ModelError
from dashboard.model.summaries import Summary

Kind = Literal["published", "derived", "assumed"]
Law = Literal["pert", "triangular", "lognormal"]
LAWS: tuple[Law, ...] = get_args(Law)
_ENDS = (0.05, 0.95)
_PERT_WEIGHT = 4.0  # of the most likely value, as in the method that gave it its name


class SizingError(ModelError):
    """A factor whose range is none, or chains that have no factor or different stages."""


@dataclass(frozen=True)
class Factor:
    """A number with its range: the least, the most likely and the most that it may be.

    pert, triangular: `low` and `high` are never passed, `mid` is the mode. lognormal: `low` and `high` are the 5% and 95% points and
    `mid` the median, each side with its own spread. Where all three are equal it is known.
    """

    id: str
    low: float
    mid: float
    high: float
    kind: Kind
    law: Law = "pert"

    def __post_init__(self) -> None:
        """Refuse a range that is out of order, negative or not finite (SizingError)."""
        is_positive = self.low > 0 or (self.law != "lognormal" and self.low == 0)
        if not (is_positive and self.low <= self.mid <= self.high < math.inf):
            raise SizingError(
                f"{self.id}: 최솟값, 중간값, 최댓값은 0 이상이고 이 순서로 커져야 합니다.",
                f"{self.id}: the least, the middle and the most must be zero or more and rise in this order.",
            )

    def at(self, probability: FloatArray) -> FloatArray:
        """The values below which it lies with these probabilities (above 0, below 1)."""
        low, mid, high = self.low, self.mid, self.high
        if low == high:
            return np.full_like(probability, mid)
        if self.law == "lognormal":
            z = ndtri(probability)
            below, above = math.log(mid / low), math.log(high / mid)
            return np.asarray(mid * np.exp(np.where(z < 0, below, above) * z / ndtri(_ENDS[1])))
        width = high - low
        if self.law == "triangular":
            fold = (mid - low) / width
            rising = low + np.sqrt(probability * width * (mid - low))
            falling = high - np.sqrt((1 - probability) * width * (high - mid))
            return np.where(probability < fold, rising, falling)
        a, b = 1 + _PERT_WEIGHT * (mid - low) / width, 1 + _PERT_WEIGHT * (high - mid) / width
        return np.asarray(low + width * betaincinv(a, b, probability))


@dataclass(frozen=True)
class Chain:
    """One market: stages by name, in order, each multiplying the one before by its factors."""

    market: str
    stages: Mapping[str, tuple[Factor, ...]]

    def __post_init__(self) -> None:
        """Refuse a chain without stages, or a stage without a factor (SizingError)."""
        if not self.stages or not all(self.stages.values()):
            raise SizingError(
                f"{self.market}: 단계마다 요소가 하나 이상 있어야 합니다.",
                f"{self.market}: every stage needs at least one factor.",
            )

    def factors(self) -> tuple[Factor, ...]:
        """All factors in order."""
        return tuple(factor for factors in self.stages.values() for factor in factors)


@dataclass(frozen=True)
class Sized:
    """Draws of shape (n,) by market and stage, and of the sum over the markets by stage."""

    markets: Mapping[str, Mapping[str, FloatArray]]
    total: Mapping[str, FloatArray]

    def summary(self, stage: str, market: str | None = None) -> Summary:
        """Quantiles and mean of a stage of one market, or of all together."""
        draws = (self.total if market is None else self.markets[market])[stage]
        return Summary.of(draws, np.full(len(draws), 1 / len(draws)))


@dataclass(frozen=True)
class Bar:
    """The last stage, all markets together, with one factor at its 5% and at its 95% point and the others at their medians."""

    factor: Factor
    low: float  # of the factor
    high: float
    size_at_low: float
    size_at_high: float


def size(chains: Sequence[Chain], rng: np.random.Generator, draws: int = 4_000) -> Sized:
    """Draw every factor and multiply; each factor's draws are spread evenly over its range (Latin hypercube).

    Raises:
        SizingError: no chain, chains with different stages, one id for two factors, or one market twice.
    """
    stages = _stages(chains)
    probabilities = {
        name: (rng.permutation(draws) + rng.uniform(1e-9, 1 - 1e-9, draws)) / draws
        for name in _factors(chains)
    }
    found = {chain.market: _products(chain, probabilities) for chain in chains}
    return Sized(found, {stage: np.sum([each[stage] for each in found.values()], axis=0) for stage in stages})


def tornado(chains: Sequence[Chain]) -> list[Bar]:
    """One bar for each uncertain factor, the longest (as a ratio) first.

    Raises:
        SizingError: as `size`.
    """
    last, factors = _stages(chains)[-1], _factors(chains)
    bars = []
    for name, factor in factors.items():
        if factor.low == factor.high:
            continue
        ends = np.array(_ENDS)
        moved = {each: ends if each == name else np.full(2, 0.5) for each in factors}
        at_low, at_high = np.sum([_products(chain, moved)[last] for chain in chains], axis=0).tolist()
        low, high = factor.at(ends).tolist()
        bars.append(Bar(factor, low, high, at_low, at_high))
    return sorted(bars, key=lambda bar: _ratio(bar.size_at_low, bar.size_at_high), reverse=True)


def at_medians(chains: Sequence[Chain]) -> float:
    """The last stage, all markets together, with every factor at its median: where the bars of the tornado meet."""
    last, middle = _stages(chains)[-1], dict.fromkeys(_factors(chains), np.full(1, 0.5))
    return float(sum(_products(chain, middle)[last][0] for chain in chains))


def contributions(chain: Chain) -> dict[str, float]:
    """The share of each factor in the variance of the logarithm of the last stage, adding up to one; zeros where all is known.

    Factors are independent, so the variances of their logarithms add up.
    """
    grid = (np.arange(1_000) + 0.5) / 1_000
    factors = _factors([chain])
    tiny = np.finfo(np.float64).tiny
    variances = {
        name: 0.0 if each.low == each.high else float(np.var(np.log(np.maximum(each.at(grid), tiny))))
        for name, each in factors.items()
    }
    total = sum(variances.values())
    return {name: variance / total if total > 0 else 0.0 for name, variance in variances.items()}


def _products(chain: Chain, probabilities: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Each stage of a chain with its factors at these probabilities."""
    reached, found = np.ones_like(next(iter(probabilities.values()))), {}
    for stage, factors in chain.stages.items():
        for factor in factors:
            reached = reached * factor.at(probabilities[factor.id])
        found[stage] = reached
    return found


def _stages(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The stages that all chains have."""
    found = {tuple(chain.stages) for chain in chains}
    if len(found) != 1 or len({chain.market for chain in chains}) != len(chains):
        raise SizingError(
            "시장을 하나 이상 고르십시오. 시장은 한 번씩만, 모두 같은 단계로 나뉘어야 합니다.",
            "Choose at least one market; each may stand there once, and all need the same stages.",
        )
    return next(iter(found))


def _factors(chains: Sequence[Chain]) -> dict[str, Factor]:
    """All factors by id, in order; the same id is the same factor."""
    found: dict[str, Factor] = {}
    for factor in (each for chain in chains for each in chain.factors()):
        if found.setdefault(factor.id, factor) != factor:
            raise SizingError(
                f"{factor.id}: 이름이 같은 요소의 범위가 서로 다릅니다.",
                f"{factor.id}: two factors of one name have different ranges.",
            )
    return found


def _ratio(one: float, other: float) -> float:
    """How far two sizes are apart, as a ratio of 1 or more; infinite where one is zero."""
    low, high = sorted((one, other))
    if high == 0:
        return 1.0
    return high / low if low > 0 else math.inf
