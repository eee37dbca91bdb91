"""The model's cell parameters fitted to counts by value, set against other families, and what a sample teaches.

A cell is a destination x item; its counts are those of right-closed bins. Each cell has a location of its own, the shape is
common to all, as in the model. The likelihood is that of grouped counts: a bin is all that is known of a case in it,
an open last bin (its edge is infinite) censors, and what lies at or below the first edge or above a finite last one was
never in the sample, so that the likelihood is conditional on lying between.

Heaping at round amounts moves cases between neighbouring bins: bins that end at round amounts keep it out of the fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import gammaincc

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.bunching.grid import checked
from dashboard.model.errors import AssumptionError, HistogramError
from dashboard.model.laws import LAWS, Family, Law, spread_and_pareto
from dashboard.model.priors import Assumption, Assumptions

# A cell with fewer cases, or all of them in one or two bins, tells no spread.
_FEWEST_CASES = 30
_FEWEST_BINS = 3
# A probability that has underflowed: the law is far off there, and the logarithm stays finite.
_LEAST = 1e-300
_STEP = 1e-5
_CURVATURE_STEP = 2e-3
_STEPS = 500
# Classes of the goodness of fit are merged until the law expects this many cases in each.
_EXPECTED_LEAST = 5.0
# Where the likelihood has fallen by half a unit lies one standard error (one-sided, at the edge of a range).
_HALF = 0.5
_DOUBLINGS = 7
_FIRST_STEP = 0.01


@dataclass(frozen=True)
class Parameter:
    """A fitted number and its standard error; at the edge of its range, how far the likelihood lets it move inside."""

    value: float
    standard_error: float


@dataclass(frozen=True)
class FamilyFit:
    """One family fitted to all cells.

    Attributes:
        family: which.
        shape: its shape parameters by name; for the Pareto-lognormal `s` and `rho`, as in the assumptions.
        locations: of each cell in KRW: the mean of the law (Singh-Maddala: the scale).
        log_likelihood: of the grouped counts, without the multinomial constant, which all families share.
        parameters: how many were fitted.
        aic: 2 parameters - 2 log likelihood; the lower, the better.
        chi_square: Pearson's statistic over classes in which the law expects at least five cases.
        g: twice the log ratio of observed to expected over the same classes.
        freedom: degrees of freedom of both; zero where classes are too few to judge.
        p_value: of the chi-square; NaN where freedom is zero. With many cases every smooth law fails: look at
            `g` per case and at the families beside it.
    """

    family: Family
    shape: Mapping[str, Parameter]
    locations: tuple[Parameter, ...]
    log_likelihood: float
    parameters: int
    aic: float
    chi_square: float
    g: float
    freedom: int
    p_value: float

    @property
    def dispersion(self) -> float:
        """How much more the counts scatter around the law than chance does, at least 1: heaps and misfit together."""
        return max(self.chi_square / self.freedom, 1.0) if self.freedom else 1.0


@dataclass(frozen=True)
class Fit:
    """All families fitted to the same counts, in the order of their AIC; `cases` has one number a cell."""

    families: tuple[FamilyFit, ...]
    cases: tuple[float, ...]

    def of(self, family: Family) -> FamilyFit:
        """Return one family's fit; KeyError where it was not asked for."""
        for found in self.families:
            if found.family == family:
                return found
        raise KeyError(family)

    @property
    def best(self) -> FamilyFit:
        """The family that the counts speak for most, by AIC."""
        return self.families[0]


@dataclass(frozen=True)
class Learned:
    """What a sample changes in a set of assumptions: centres by parameter, and their standard deviations.

    A deviation is on the prior's own scale: of the logarithm for a lognormal, plain for a beta.
    """

    centres: Mapping[str, float]
    spreads: Mapping[str, float]


def fit(edges: ArrayLike, counts: ArrayLike, families: Sequence[Family] = tuple(LAWS)) -> Fit:
    """Fit families to counts of shape (n,) or (cells, n) in right-closed bins with edges (n + 1,), KRW.

    HistogramError says in one sentence what is wrong with the counts.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    if not len(table):
        raise HistogramError("건수가 없습니다.", "There are no counts.")
    ends = checked(edges, table[0])[0]
    for cell in table:
        found = checked(ends, cell)[1]
        occupied = int(np.count_nonzero(found))
        if found.sum() < _FEWEST_CASES or occupied < _FEWEST_BINS:
            raise HistogramError(
                f"셀마다 {_FEWEST_CASES}건 이상이 {_FEWEST_BINS}개 이상의 구간에 있어야 합니다"
                f"({found.sum():,.0f}건, {occupied}개 구간).",
                f"Each cell needs at least {_FEWEST_CASES} cases in at least {_FEWEST_BINS} bins "
                f"(there are {found.sum():,.0f} in {occupied}).",
            )
    sample = _Sample.of(ends, table)
    fitted = [_fit_family(sample, family) for family in families]
    fitted.sort(key=lambda each: each.aic)
    return Fit(tuple(fitted), tuple(table.sum(axis=1).tolist()))


@dataclass(frozen=True)
class _Sample:
    """The occupied bins of all cells one after the other: ends as logarithms, counts, and whose they are."""

    edges: FloatArray
    table: FloatArray
    low: FloatArray
    high: FloatArray
    counts: FloatArray
    cell: NDArray[np.intp]

    @classmethod
    def of(cls, edges: FloatArray, table: FloatArray) -> "_Sample":
        cell, bins = np.nonzero(table)
        with np.errstate(divide="ignore"):
            ends = np.log(edges)
        return cls(ends, table, ends[bins], ends[bins + 1], table[cell, bins], cell)

    @property
    def cells(self) -> int:
        return len(self.table)

    def log_likelihoods(self, law: Law, locations: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the log likelihood of each cell, shape (cells,)."""
        at = locations[self.cell]
        inside = _above(law, self.low - at, theta) - _above(law, self.high - at, theta)
        terms = self.counts * np.log(np.maximum(inside, _LEAST))
        seen = _above(law, self.edges[0] - locations, theta) - _above(law, self.edges[-1] - locations, theta)
        every = np.bincount(self.cell, weights=terms, minlength=self.cells)
        return np.asarray(every - self.table.sum(axis=1) * np.log(np.maximum(seen, _LEAST)))

    def expected(self, law: Law, locations: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the expected count of every bin, shape (cells, bins)."""
        above = _above(law, self.edges - locations[:, np.newaxis], theta)
        inside = np.maximum(above[:, :-1] - above[:, 1:], 0.0)
        return np.asarray(inside / inside.sum(axis=1, keepdims=True) * self.table.sum(axis=1)[:, np.newaxis])

    def moments(self) -> tuple[FloatArray, float]:
        """Return a start: the log of each cell's mean and the standard deviation of ln x within cells."""
        # A bin stands at its middle; the first and an open last one at the edge that they have.
        width = self.high - self.low
        at = np.where(
            np.isfinite(width), (self.low + self.high) / 2, np.where(np.isinf(self.low), self.high, self.low)
        )
        totals = self.table.sum(axis=1)
        mean = np.bincount(self.cell, weights=self.counts * at) / totals
        variance = np.sum(self.counts * (at - mean[self.cell]) ** 2) / totals.sum()
        return mean + variance / 2, float(np.clip(np.sqrt(variance), 0.1, 3.0))


def _above(law: Law, log_ratio: FloatArray, theta: FloatArray) -> FloatArray:
    """The share above, one at zero (minus infinity here) and nothing above infinity."""
    finite = np.isfinite(log_ratio)
    inside = law.above(np.where(finite, log_ratio, 0.0), theta)
    return np.where(finite, inside, np.where(log_ratio < 0, 1.0, 0.0))


def _fit_family(sample: _Sample, family: Family) -> FamilyFit:
    law = LAWS[family]
    locations, spread = sample.moments()
    start = np.clip(law.start(spread), *np.transpose(law.ranges))
    locations, theta, reached = _maximise(sample, law, locations, np.asarray(start), law.ranges)
    size = sample.cells
    lowest, highest = np.transpose(law.ranges)
    room = np.minimum(theta - lowest, highest - theta)
    at_edge = room <= _steps(theta)
    covariance = _covariance(sample, law, locations, theta, at_edge)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    # Where one standard error reaches past the end of a range, the likelihood is no parabola around its top.
    at_edge |= errors[size:] >= room
    if np.any(at_edge):
        covariance = _covariance(sample, law, locations, theta, at_edge)
        errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    for place in np.flatnonzero(at_edge).tolist():
        errors[size + place] = _one_sided(sample, law, locations, theta, place, reached)
    means = np.exp(locations)
    if family == "pareto_lognormal":
        shape = _as_assumed(theta, covariance[size:, size:], errors[size:], at_edge)
    else:
        shape = {
            name: Parameter(float(t), float(error))
            for name, t, error in zip(law.names, theta, errors[size:], strict=True)
        }
    parameters = size + len(theta)
    chi_square, g, classes = _distance(sample.table, sample.expected(law, locations, theta))
    freedom = max(classes - size - parameters, 0)
    return FamilyFit(
        family,
        shape,
        tuple(Parameter(*row) for row in np.column_stack([means, means * errors[:size]]).tolist()),
        reached,
        parameters,
        aic=2 * parameters - 2 * reached,
        chi_square=chi_square,
        g=g,
        freedom=freedom,
        p_value=float(gammaincc(freedom / 2, chi_square / 2)) if freedom else float("nan"),
    )


def _maximise(
    sample: _Sample, law: Law, locations: FloatArray, theta: FloatArray, ranges: Sequence[tuple[float, float]]
) -> tuple[FloatArray, FloatArray, float]:
    """Climb to the highest likelihood; cells are apart given the shape, so one step moves all locations."""
    size, total = sample.cells, sample.table.sum()

    def loss(point: FloatArray) -> tuple[float, FloatArray]:
        at, shape = point[:size], point[size:]
        slope = np.empty_like(point)
        ahead, behind = (sample.log_likelihoods(law, at + h, shape) for h in (_STEP, -_STEP))
        slope[:size] = (ahead - behind) / (2 * _STEP)
        for place, (lowest, highest) in enumerate(ranges):
            up, down = shape.copy(), shape.copy()
            up[place], down[place] = min(shape[place] + _STEP, highest), max(shape[place] - _STEP, lowest)
            rise = sample.log_likelihoods(law, at, up).sum() - sample.log_likelihoods(law, at, down).sum()
            gap = up[place] - down[place]
            # One that is held fast has no slope.
            slope[size + place] = rise / gap if gap > 0 else 0.0
        return -float(sample.log_likelihoods(law, at, shape).sum()) / total, -slope / total

    bounds = [(None, None)] * size + list(ranges)
    found = minimize(
        loss,
        np.concatenate([locations, theta]),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": _STEPS, "ftol": 1e-13, "gtol": 1e-7, "maxcor": 20},
    )
    return found.x[:size], found.x[size:], -float(found.fun) * float(total)


def _steps(theta: FloatArray) -> FloatArray:
    """How far to move shape parameters to see the likelihood curve."""
    return np.asarray(_CURVATURE_STEP * np.maximum(np.abs(theta), 0.1))


def _covariance(
    sample: _Sample, law: Law, locations: FloatArray, theta: FloatArray, at_edge: BoolArray
) -> FloatArray:
    """Invert the observed information; parameters at the edge of their range count as known."""
    size, h = sample.cells, _CURVATURE_STEP
    steps = _steps(theta)
    information = np.zeros((size + len(theta),) * 2)

    def at(shift: float, moves: Mapping[int, float]) -> FloatArray:
        moved = theta.copy()
        for place, sign in moves.items():
            moved[place] += sign * steps[place]
        return sample.log_likelihoods(law, locations + shift, moved)

    middle = at(0, {})
    np.fill_diagonal(information[:size, :size], -(at(h, {}) - 2 * middle + at(-h, {})) / h**2)
    free: list[int] = np.flatnonzero(~at_edge).tolist()
    for number, a in enumerate(free):
        both = (at(h, {a: 1}) - at(h, {a: -1}) - at(-h, {a: 1}) + at(-h, {a: -1})) / (4 * h * steps[a])
        information[:size, size + a] = information[size + a, :size] = -both
        own = (at(0, {a: 1}) - 2 * middle + at(0, {a: -1})).sum() / steps[a] ** 2
        information[size + a, size + a] = -own
        for b in free[number + 1 :]:
            cross = at(0, {a: 1, b: 1}) - at(0, {a: 1, b: -1}) - at(0, {a: -1, b: 1}) + at(0, {a: -1, b: -1})
            information[size + a, size + b] = information[size + b, size + a] = -cross.sum() / (
                4 * steps[a] * steps[b]
            )
    kept = np.concatenate([np.ones(size, dtype=np.bool_), ~at_edge])
    covariance = np.zeros_like(information)
    covariance[np.ix_(kept, kept)] = np.linalg.pinv(information[np.ix_(kept, kept)])
    return covariance


def _one_sided(
    sample: _Sample, law: Law, locations: FloatArray, theta: FloatArray, place: int, reached: float
) -> float:
    """How far a parameter at the edge of its range may move inside before the likelihood falls by half a unit."""
    lowest, highest = law.ranges[place]
    inside = 1.0 if theta[place] - lowest < highest - theta[place] else -1.0
    step = _FIRST_STEP
    for _ in range(_DOUBLINGS):
        moved = theta.copy()
        moved[place] = np.clip(theta[place] + inside * step, lowest, highest)
        ranges = list(law.ranges)
        ranges[place] = (float(moved[place]), float(moved[place]))
        fallen = reached - _maximise(sample, law, locations, moved, ranges)[2]
        if fallen >= _HALF:
            # Near its top a likelihood is a parabola.
            return float(step * np.sqrt(_HALF / fallen))
        step *= 2
    return float(highest - lowest)


def _as_assumed(
    theta: FloatArray, covariance: FloatArray, errors: FloatArray, at_edge: BoolArray
) -> dict[str, Parameter]:
    """Turn tau and 1/alpha into s and rho with their standard errors (delta method)."""
    spread, rho = spread_and_pareto(theta)
    tau, inverse = theta
    if at_edge[1]:
        # At the lognormal end s moves with tau alone, and rho as far as 1/alpha may.
        return {
            "s": Parameter(spread, float(errors[0] * tau / spread)),
            "rho": Parameter(rho, float(errors[1] / spread)),
        }
    gradient = np.array([[tau / spread, inverse / spread], [-inverse * tau / spread**3, tau**2 / spread**3]])
    deviations = np.sqrt(np.maximum(np.diag(gradient @ covariance @ gradient.T), 0.0))
    return {
        "s": Parameter(spread, float(deviations[0])),
        "rho": Parameter(rho, float(deviations[1])),
    }


def _distance(observed: FloatArray, expected: FloatArray) -> tuple[float, float, int]:
    """Return chi-square, G and the number of classes, after merging bins in which little is expected."""
    chi_square = g = 0.0
    classes = 0
    for seen, wanted in zip(observed, expected, strict=True):
        starts = _classes(wanted)
        here, there = np.add.reduceat(seen, starts), np.add.reduceat(wanted, starts)
        chi_square += float(np.sum((here - there) ** 2 / there))
        some = here > 0
        g += 2 * float(np.sum(here[some] * np.log(here[some] / there[some])))
        classes += len(starts)
    return chi_square, g, classes


def _classes(expected: FloatArray) -> list[int]:
    """Return where classes start, each with enough expected; what is left over joins the last."""
    starts, kept = [0], 0.0
    left = float(expected.sum())
    for place, more in enumerate(expected.tolist()):
        if kept >= _EXPECTED_LEAST and left >= _EXPECTED_LEAST:
            starts.append(place)
            kept = 0.0
        kept += more
        left -= more
    return starts


def learned(
    found: Fit,
    assumptions: Assumptions,
    items: Sequence[str] = (),
    *,
    distance: float | None = None,
) -> Learned:
    """Return what a sample changes: the spread and the tail of values, and with `items` their relative means.

    A sample is not the nation. `distance` says how far it may be from it, as a fraction of each prior's own
    standard deviation: 0 is a random sample of all shipments; None (1) is one more body of data of the kind that
    the prior was made from. Prior and sample are weighed by their precision, the sample's being
    1 / (standard error^2 + distance^2), its standard error scaled up by the root of the dispersion. `items` names
    the item of each cell; "" leaves a cell out. Only ratios between items count: what the fitted ones have in
    common stays as it was.

    AssumptionError where an item is unknown or what comes out lies beyond what a user may pick.
    """
    law = found.of("pareto_lognormal")
    apart = 1.0 if distance is None else distance
    if not apart >= 0:
        raise AssumptionError("거리는 0 이상이어야 합니다.", "The distance must be zero or more.")
    wanted = {
        "shape.s": law.shape["s"],
        "shape.rho": law.shape["rho"],
        **_relative_means(law, assumptions, items),
    }
    centres, spreads = {}, {}
    for parameter, sample in wanted.items():
        row = assumptions[parameter]
        error = sample.standard_error * law.dispersion**0.5
        centre, spread = _weighed(row, Parameter(sample.value, error), apart)
        row.moved_to(centre)
        centres[parameter], spreads[parameter] = centre, spread
    return Learned(centres, spreads)


def _weighed(row: Assumption, sample: Parameter, distance: float) -> tuple[float, float]:
    """Weigh a prior and a sample by precision, on the logarithm for a lognormal."""
    prior = row.standard_deviation
    logs = row.distribution == "lognormal"
    at, seen = (float(np.log(each)) if logs else each for each in (row.centre, sample.value))
    error = sample.standard_error / sample.value if logs else sample.standard_error
    noise = error**2 + (distance * prior) ** 2
    weight = prior**2 / (prior**2 + noise)
    middle = at + weight * (seen - at)
    return float(np.exp(middle)) if logs else middle, float(prior * np.sqrt(1 - weight))


def _relative_means(law: FamilyFit, assumptions: Assumptions, items: Sequence[str]) -> dict[str, Parameter]:
    if not items:
        return {}
    if len(items) != len(law.locations):
        raise AssumptionError(
            f"품목은 셀마다 하나씩이어야 합니다(품목 {len(items)}개, 셀 {len(law.locations)}개).",
            f"Each cell needs its item (there are {len(items)} items and {len(law.locations)} cells).",
        )
    logs: dict[str, tuple[float, float]] = {}
    for item in dict.fromkeys(name for name in items if name):
        cells = [where for name, where in zip(items, law.locations, strict=True) if name == item]
        precision = np.array([(cell.value / cell.standard_error) ** 2 for cell in cells])
        mean = np.log([cell.value for cell in cells]) @ precision / precision.sum()
        logs[f"mean.item.{item}"] = float(mean), float(1 / np.sqrt(precision.sum()))
    before = np.mean([np.log(assumptions.value(name)) for name in logs])
    common = np.mean([mean for mean, _ in logs.values()]) - before
    values = {name: float(np.exp(mean - common)) for name, (mean, _) in logs.items()}
    return {name: Parameter(value, value * logs[name][1]) for name, value in values.items()}
