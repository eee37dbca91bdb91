"""Sharp bounds on what newly qualifies, from what is published and nothing else.

The question is always the same: over every distribution of the value X of one case that agrees with the
facts given, how large can the share of cases with a < X <= b be, and how large their share of value? The
facts are the mean m = value / cases and, layer by layer, one more thing. Every closed form here is the
optimum of a linear programme (tested); facts that a user adds go through that programme itself.

The lower end is zero in every layer without a published share inside the band. Limits and means are KRW.

Sources: Markov's inequality (T0, T1); Cantelli's (T2); Bertsimas and Popescu (2005), Optimal inequalities
in probability (T2, T3); Khinchine's representation of unimodal laws, as used by Van Parys, Goulart and Kuhn
(2016), Generalized Gauss inequalities (S1, S2); the lognormal envelope (F1) is the stationary point in sigma.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq, linprog
from scipy.special import ndtr

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.errors import InfeasibleAnchorsError, LimitError, PopulationError

Kind = Literal["cases", "value"]
Family = Literal["any", "decreasing", "log_decreasing"]

# Sigmas between which the lognormal envelope looks for its optimum; wider than any law of prices.
_SIGMA_RANGE = (1e-6, 60.0)
_SIGMA_POINTS = 4_000
# The programme's grid: points per e-fold of value, and how far it reaches below and above what it is asked.
_GRID_STEP = 0.01
_GRID_BELOW = 1e-4
_GRID_ABOVE = 1e6
# The finest that the solver takes: a share of one in a thousand must not lose its fifth digit.
_TOLERANCES = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True)
class Facts:
    """What every bound starts from: the band (a, b] in KRW, cases a year and their value in KRW."""

    from_krw: float
    to_krw: float
    cases: float
    value_krw: float

    def __post_init__(self) -> None:
        if not 0 < self.from_krw <= self.to_krw:
            raise LimitError(
                "종전 한도는 0보다 크고 새 한도보다 크지 않아야 합니다.",
                "The old limit must be above zero and not above the new one.",
            )
        if not (self.cases > 0 and self.value_krw > 0):
            raise PopulationError(
                "건수와 금액은 0보다 커야 합니다.", "Cases and value must both be above zero."
            )

    @property
    def mean_krw(self) -> float:
        """Value of one case."""
        return self.value_krw / self.cases

    @property
    def empty(self) -> bool:
        """Whether the band holds nothing because both limits are equal."""
        return self.from_krw == self.to_krw


@dataclass(frozen=True)
class Bound:
    """Lowest and highest of the newly qualifying cases, value and shares; no law that agrees lies outside."""

    facts: Facts
    share_of_cases: tuple[float, float]
    share_of_value: tuple[float, float]

    @property
    def cases(self) -> tuple[float, float]:
        """Newly qualifying cases a year."""
        low, high = self.share_of_cases
        return low * self.facts.cases, high * self.facts.cases

    @property
    def value_krw(self) -> tuple[float, float]:
        """Their value in KRW a year."""
        low, high = self.share_of_value
        return low * self.facts.value_krw, high * self.facts.value_krw


@dataclass(frozen=True)
class Anchor:
    """A published share: of the cases, or of their value, `share` lies in (low_krw, high_krw]."""

    low_krw: float
    high_krw: float
    share: float
    kind: Kind


def _bound(facts: Facts, cases: float, value: float) -> Bound:
    if facts.empty:
        return Bound(facts, (0.0, 0.0), (0.0, 0.0))
    return Bound(facts, (0.0, min(cases, 1.0)), (0.0, min(value, 1.0)))


def assumption_free(facts: Facts) -> Bound:
    """T0: the mean alone. At most V/a cases can each be worth more than a, whatever the number of cases."""
    return _bound(facts, facts.mean_krw / facts.from_krw, facts.to_krw / facts.mean_krw)


def list_clearance_capped(facts: Facts, list_value_share: float, list_limit_krw: float) -> Bound:
    """T1: list clearance carries `list_value_share` of the value and stays below its own limit, at most a."""
    rest = _rest(facts, list_value_share, list_limit_krw)
    band = assumption_free(rest)
    return _of_rest(facts, rest, band)


def second_moment(facts: Facts, second_moment_krw2: float) -> Bound:
    """T2: the mean of the squared value is known too, in KRW squared."""
    mean, a, b = facts.mean_krw, facts.from_krw, facts.to_krw
    variance = second_moment_krw2 - mean**2
    if variance < 0:
        raise InfeasibleAnchorsError(
            "제곱 평균이 평균의 제곱보다 작을 수 없습니다.",
            "The mean square cannot be smaller than the square of the mean.",
        )
    if second_moment_krw2 >= mean * a or a <= mean:
        return _bound(facts, mean / a, b / mean)
    cases = variance / (variance + (a - mean) ** 2)
    return _bound(facts, cases, a / mean * cases)


def tail_share(facts: Facts, above_krw: float, share: float) -> Bound:
    """T3: a published tail, `share` of the cases is worth more than `above_krw`, which is at most a."""
    mean, a, b, c = facts.mean_krw, facts.from_krw, facts.to_krw, above_krw
    if not 0 < c <= a:
        raise LimitError(
            "발표된 구간의 하한은 종전 한도를 넘지 않아야 합니다.",
            "The published tail must start at or below the old limit.",
        )
    if not 0 <= share <= 1 or share * c > mean:
        raise _infeasible()
    cases = min(share, (mean - share * c) / (a - c)) if a > c else min(share, mean / a)
    if share * b <= mean:
        value = share * b / mean
    elif share * a <= mean:
        value = 1.0
    else:
        value = a * (mean - share * c) / ((a - c) * mean)
    return _bound(facts, cases, value)


def decreasing_density(facts: Facts) -> Bound:
    """S1: among cases, dearer is rarer: the density of X never rises."""
    a, b, mean = facts.from_krw, facts.to_krw, facts.mean_krw
    top = min(b, 2 * a)
    rare = 2 * mean <= top
    cases = 2 * mean * (top - a) / top**2 if rare else 1 - a / min(2 * mean, b)
    value = min(1 - (a / b) ** 2, (b**2 - a**2) / (2 * b * mean))
    return _bound(facts, cases, value)


def list_capped_and_decreasing(facts: Facts, list_value_share: float, list_limit_krw: float) -> Bound:
    """T1 and S1 together: list clearance stays below its limit, and the other cases thin out with value."""
    rest = _rest(facts, list_value_share, list_limit_krw)
    return _of_rest(facts, rest, decreasing_density(rest))


def log_decreasing_density(facts: Facts, from_value_krw: float) -> Bound:
    """S2: above `from_value_krw` the density of ln X never rises (below it anything goes)."""
    a, b, mean, x0 = facts.from_krw, facts.to_krw, facts.mean_krw, from_value_krw
    if not 0 < x0 < a:
        raise LimitError(
            "밀도가 줄기 시작하는 값은 종전 한도보다 작아야 합니다.",
            "The value from which the density falls must lie below the old limit.",
        )
    if facts.empty:
        return _bound(facts, 0.0, 0.0)

    def column_mean(z: float) -> float:
        return float((z - x0) / np.log(z / x0))

    def reach(z: float) -> float:
        return float(np.log(z / a) - 1 + x0 / z)

    best = b if reach(b) <= 0 else float(brentq(reach, a, b, xtol=1e-9 * a))
    if mean <= column_mean(best):
        cases = mean * np.log(best / a) / (best - x0)
    else:
        top = b if mean >= column_mean(b) else float(brentq(lambda z: column_mean(z) - mean, best, b))
        cases = np.log(top / a) / np.log(top / x0)
    value = min((b - a) / (b - x0), (b - a) / np.log(b / x0) / mean)
    return _bound(facts, float(cases), float(value))


def any_lognormal(facts: Facts) -> Bound:
    """F1: one lognormal of this mean, with whatever spread."""
    if facts.empty:
        return _bound(facts, 0.0, 0.0)
    low, high = (float(np.log(limit / facts.mean_krw)) for limit in (facts.from_krw, facts.to_krw))
    return _bound(facts, _lognormal_peak(low, high, 0.5), _lognormal_peak(low, high, -0.5))


def _lognormal_peak(low: float, high: float, half: float) -> float:
    """Maximise over sigma the share between two log ratios; half is +1/2 for cases and -1/2 for value."""

    def share(sigma: FloatArray | float) -> FloatArray:
        return np.asarray(ndtr(high / sigma + half * sigma) - ndtr(low / sigma + half * sigma))

    def slope(log_sigma: float) -> float:
        s = np.exp(log_sigma)
        upper, lower = high / s + half * s, low / s + half * s
        rise = np.exp(-(upper**2) / 2) * (half - high / s**2)
        return float(rise - np.exp(-(lower**2) / 2) * (half - low / s**2))

    grid = np.log(np.geomspace(*_SIGMA_RANGE, _SIGMA_POINTS))
    at_grid = share(np.exp(grid))
    peak = int(np.argmax(at_grid))
    left, right = grid[max(peak - 1, 0)], grid[min(peak + 1, len(grid) - 1)]
    if slope(left) > 0 > slope(right):
        return float(share(float(np.exp(brentq(slope, left, right, xtol=1e-14)))))
    return float(at_grid[peak])


def linear_programme(
    facts: Facts,
    anchors: Sequence[Anchor] = (),
    *,
    family: Family = "any",
    from_value_krw: float = 0.0,
    second_moment_krw2: float | None = None,
) -> Bound:
    """Bound the band by a linear programme over a grid of laws, given any number of published shares.

    `family` restricts the laws to those with a falling density ("decreasing") or a falling density of ln
    X above `from_value_krw` ("log_decreasing"). Raises InfeasibleAnchorsError when no law agrees with the
    facts.
    """
    if facts.empty:
        return _bound(facts, 0.0, 0.0)
    columns = _Columns.on_grid(facts, anchors, family, from_value_krw)
    mean = facts.mean_krw
    rows = [np.ones(len(columns.top)), columns.value(0.0, np.inf) / mean]
    targets = [1.0, 1.0]
    if second_moment_krw2 is not None:
        rows.append(columns.top**2 / second_moment_krw2)
        targets.append(1.0)
    for anchor in anchors:
        if not (0 <= anchor.low_krw < anchor.high_krw and 0 <= anchor.share <= 1):
            raise _infeasible()
        band = (anchor.low_krw, anchor.high_krw)
        rows.append(columns.count(*band) if anchor.kind == "cases" else columns.value(*band) / mean)
        targets.append(anchor.share)
    wanted = (
        columns.count(facts.from_krw, facts.to_krw),
        columns.value(facts.from_krw, facts.to_krw) / mean,
    )
    cases, value = (_extremes(objective, np.array(rows), targets) for objective in wanted)
    return Bound(facts, cases, value)


@dataclass(frozen=True)
class _Columns:
    """The laws that the programme mixes: a point at `top`, or a density that spreads from `low` up to it."""

    top: FloatArray
    spread: Family
    low: float
    above: BoolArray

    @classmethod
    def on_grid(cls, facts: Facts, anchors: Sequence[Anchor], family: Family, low: float) -> "_Columns":
        a, b, mean = facts.from_krw, facts.to_krw, facts.mean_krw
        edges = {a, b, mean, 2 * a, *(edge for x in anchors for edge in (x.low_krw, x.high_krw))}
        named = np.array(sorted(e for e in edges if 0 < e < np.inf))
        start = named[0] * _GRID_BELOW
        count = int(np.log(_GRID_ABOVE * named[-1] / start) / _GRID_STEP)
        grid = np.geomspace(start, _GRID_ABOVE * named[-1], count)
        tops = np.concatenate([[0.0], grid, named, named])
        above = np.zeros(len(tops), dtype=np.bool_)
        above[-len(named) :] = True
        return cls(tops, family, low, above)

    def count(self, low: float, high: float) -> FloatArray:
        """Return each column's share of cases in (low, high]; a point just above an edge counts as above."""
        return self._above(low) - self._above(high)

    def value(self, low: float, high: float) -> FloatArray:
        """Return each column's contribution to E[X] from (low, high]."""
        return self._value_above(low) - self._value_above(high)

    def _points(self) -> BoolArray:
        if self.spread == "any":
            return np.ones(len(self.top), dtype=np.bool_)
        return np.asarray(self.top <= (self.low if self.spread == "log_decreasing" else 0.0))

    def _above(self, edge: float) -> FloatArray:
        point: FloatArray = ((self.top > edge) | (self.above & (self.top == edge))).astype(np.float64)
        if self.spread == "any":
            return point
        return np.where(self._points(), point, self._spread_above(edge, of_value=False))

    def _value_above(self, edge: float) -> FloatArray:
        if self.spread == "any":
            return self._above(edge) * self.top
        point = self.top * (self.top > edge)
        spread = self._spread_above(edge, of_value=True)
        return np.where(self._points(), point, spread)

    def _spread_above(self, edge: float, *, of_value: bool) -> FloatArray:
        low = self.low if self.spread == "log_decreasing" else 0.0
        start = np.minimum(max(edge, low), self.top)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.spread == "decreasing":
                part = (self.top**2 - start**2) / 2 if of_value else self.top - start
                whole = self.top
            else:
                part = self.top - start if of_value else np.log(self.top / start)
                whole = np.log(self.top / low)
            return np.asarray(part / whole)


def _extremes(objective: FloatArray, rows: FloatArray, targets: Sequence[float]) -> tuple[float, float]:
    # Columns reach from 0 to millions of means: scaled to one, the solver's tolerances mean the same for all.
    scale = np.max(np.abs(rows), axis=0)
    ends: list[float] = []
    for sign in (1.0, -1.0):
        cost = sign * objective / scale
        found = linprog(
            cost, A_eq=rows / scale, b_eq=targets, bounds=(0, None), method="highs", options=_TOLERANCES
        )
        if not found.success:
            raise _infeasible()
        ends.append(float(np.clip(objective @ (found.x / scale), 0.0, 1.0)))
    return ends[0], ends[1]


def _infeasible() -> InfeasibleAnchorsError:
    return InfeasibleAnchorsError(
        "입력한 비중이 평균 금액과 맞지 않습니다. 비중이나 구간을 고쳐 주세요.",
        "The shares given contradict the mean value of a case; change a share or its band.",
    )


def _rest(facts: Facts, list_value_share: float, list_limit_krw: float) -> Facts:
    if list_limit_krw > facts.from_krw:
        raise LimitError(
            "종전 한도가 목록통관 한도보다 낮아 이 한계는 성립하지 않습니다.",
            "This bound does not hold: list clearance's own limit is above the old limit.",
        )
    if not 0 <= list_value_share < 1:
        raise PopulationError(
            "목록통관의 금액 비중은 0 이상 1 미만이어야 합니다.",
            "List clearance's share of value must be at least 0 and below 1.",
        )
    return Facts(facts.from_krw, facts.to_krw, facts.cases, facts.value_krw * (1 - list_value_share))


def _of_rest(facts: Facts, rest: Facts, band: Bound) -> Bound:
    """Express a bound on the cases outside list clearance as shares of all cases and of all value."""
    scale = rest.value_krw / facts.value_krw
    low, high = band.share_of_value
    return Bound(facts, band.share_of_cases, (low * scale, high * scale))
