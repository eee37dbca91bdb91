"""What drives the answer, and what would settle it.

Three readings of the same priors. The tornado moves one input from its 5 to its 95% point with all others
at their medians. The shares of variance split the variance of ln(cases), or of ln(KRW saved), over groups
of inputs by their Shapley effects, which add up to one whatever the interactions. "What would settle it"
fixes one input, or one figure that a publisher could print, and reports by how much the 90% interval of
ln(cases) shrinks on average.

The first two look at the priors before the soft tail anchor, which ties inputs together; the third looks
after it. Source: Shapley effects, Owen (2014); pick-freeze estimation of closed Sobol indices, Sobol
(2001).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from scipy.special import ndtri

from dashboard.model.arrays import FloatArray
from dashboard.model.burden import saving_per_case
from dashboard.model.population import Population
from dashboard.model.priors import Assumption, Assumptions, Normals
from dashboard.model.simulate import Result, Worlds, above_limit, draw_worlds, newly_qualifying, tail_share
from dashboard.model.summaries import weighted_quantiles

# Which inputs belong to which cause; the first prefix that fits counts.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "data": ("value.noise", "cases.noise", "share.destination", "share.item", "case_share."),
    "tail": ("shape.", "tail."),
    "heterogeneity": ("mean.", "share.cell_noise"),
    "behaviour": ("behaviour.",),
    "cost": ("burden.",),
}
_GROUPS_OF_CASES = frozenset({"data", "tail", "heterogeneity"})
_TORNADO_ENDS = (0.05, 0.95)
_INTERVAL = (0.05, 0.95)
# Draws a bin when an input is fixed by slicing: enough for a 5% quantile, few enough for a thin slice.
_DRAWS_PER_BIN = 250


@dataclass(frozen=True)
class TornadoBar:
    """Newly qualifying cases with one input at its 5 and at its 95% point, all others at their medians."""

    assumption: Assumption
    low_input: float
    high_input: float
    cases_at_low: float
    cases_at_high: float

    @property
    def ratio(self) -> float:
        """How many times larger one end is than the other."""
        ends = sorted((self.cases_at_low, self.cases_at_high))
        return ends[1] / ends[0] if ends[0] > 0 else float("inf")


@dataclass(frozen=True)
class Settling:
    """How much narrower the 90% interval gets, as a share of its width in ln(cases), once this is known."""

    name: str
    shrink: float


class _OneAtATime:
    """Normals with one draw for the medians, then two for each named input: its low and its high end."""

    def __init__(self, names: Sequence[str]) -> None:
        self._place = {name: 1 + 2 * i for i, name in enumerate(names)}
        self._draws = 1 + 2 * len(names)

    @property
    def draws(self) -> int:
        return self._draws

    def of(self, parameter: str, shape: tuple[int, ...] = ()) -> FloatArray:
        numbers = np.zeros((*shape, self._draws))
        if parameter in self._place and not shape:
            start = self._place[parameter]
            numbers[start : start + 2] = ndtri(_TORNADO_ENDS)
        return numbers


def tornado(
    population: Population, assumptions: Assumptions, from_krw: float, to_krw: float
) -> list[TornadoBar]:
    """Return a bar for each uncertain input of the cases, longest first."""
    rows = assumptions.for_population(population.id)
    asked = _Recorder()
    draw_worlds(population, assumptions, asked)
    names = [name for name in asked.scalars if rows[name].uncertain]
    normals = _OneAtATime(names)
    result = newly_qualifying(draw_worlds(population, assumptions, normals), from_krw, to_krw)
    cases = result.band.cases
    bars = []
    for name in names:
        start = names.index(name) * 2 + 1
        low, high = rows[name].at(ndtri(np.array(_TORNADO_ENDS))).tolist()
        bars.append(TornadoBar(rows[name], low, high, float(cases[start]), float(cases[start + 1])))
    return sorted(bars, key=lambda bar: bar.ratio, reverse=True)


def at_medians(population: Population, assumptions: Assumptions, from_krw: float, to_krw: float) -> float:
    """Return the newly qualifying cases with every input at its median: where the bars of the tornado meet."""
    worlds = draw_worlds(population, assumptions, _OneAtATime(()))
    return float(newly_qualifying(worlds, from_krw, to_krw).band.cases[0])


class _Recorder:
    """Normals that are all zero and note which inputs the model asks for."""

    draws = 1

    def __init__(self) -> None:
        self.scalars: list[str] = []

    def of(self, parameter: str, shape: tuple[int, ...] = ()) -> FloatArray:
        if not shape:
            self.scalars.append(parameter)
        return np.zeros((*shape, self.draws))


def variance_shares(
    population: Population,
    assumptions: Assumptions,
    from_krw: float,
    to_krw: float,
    first: Normals,
    second: Normals,
    *,
    of_saving: bool = False,
) -> dict[str, float]:
    """Split the variance of ln(cases), or of ln(KRW saved), over the groups; the shares add up to one.

    `first` and `second` are independent normals of the same number of draws.
    """
    groups = [group for group in GROUPS if of_saving or group in _GROUPS_OF_CASES]
    rows = assumptions.for_population(population.id)

    @cache
    def log_cases(known: frozenset[str]) -> FloatArray:
        normals = _Mixed(first, second, known)
        result = newly_qualifying(draw_worlds(population, assumptions, normals), from_krw, to_krw)
        return _log(result.band.cases)

    def outcome(known: frozenset[str]) -> FloatArray:
        cases = log_cases(known & _GROUPS_OF_CASES)
        if not of_saving:
            return cases
        normals = _Mixed(first, second, known)
        uptake = rows["behaviour.uptake"].at(normals.of("behaviour.uptake"))
        return cases + _log(uptake) + _log(saving_per_case(rows, normals).krw)

    base = outcome(frozenset(groups))

    def explained(known: frozenset[str]) -> float:
        other = outcome(known)
        # Both have the same law: their pooled mean makes the covariance less noisy.
        centre = (np.mean(base) + np.mean(other)) / 2
        return float(np.mean((base - centre) * (other - centre)))

    return shapley_shares(groups, explained)


class _Mixed:
    """Normals of one source for the inputs in some groups, and of another for the rest."""

    def __init__(self, first: Normals, second: Normals, known: frozenset[str]) -> None:
        self._first, self._second, self._known = first, second, known

    @property
    def draws(self) -> int:
        return self._first.draws

    def of(self, parameter: str, shape: tuple[int, ...] = ()) -> FloatArray:
        source = self._first if group_of(parameter) in self._known else self._second
        return source.of(parameter, shape)


def group_of(parameter: str) -> str:
    """Return the group that an input belongs to."""
    plain = parameter.partition("@")[0]
    if plain == "share.cell_noise":
        return "heterogeneity"
    return next(group for group, prefixes in GROUPS.items() if plain.startswith(prefixes))


def shapley_shares(groups: Sequence[str], explained: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Return each group's Shapley share of what all of them explain; not negative, adding up to one."""
    count = len(groups)
    worth = {frozenset[str](): 0.0}
    for size in range(1, count + 1):
        for members in combinations(groups, size):
            subset = frozenset(members)
            # Knowing more never explains less; an estimate from draws may say so by a hair.
            least = max(worth[subset - {member}] for member in subset)
            worth[subset] = max(explained(subset), least)
    total = worth[frozenset(groups)]
    if total == 0:
        return dict.fromkeys(groups, 0.0)
    shares = dict.fromkeys(groups, 0.0)
    for subset, value in worth.items():
        for group in subset:
            chance = factorial(len(subset) - 1) * factorial(count - len(subset)) / factorial(count)
            shares[group] += chance * (value - worth[subset - {group}]) / total
    return shares


def _log(positive: FloatArray) -> FloatArray:
    """Take logarithms, of the smallest number there is where nothing is left."""
    return np.asarray(np.log(np.maximum(positive, np.finfo(np.float64).tiny)))


def settling(result: Result, normals: Normals, publishable: Mapping[str, FloatArray]) -> list[Settling]:
    """Rank the inputs, and figures that could be published, by how much each would narrow the interval.

    `publishable` maps a name to that figure in each draw, shape (n,); see `publishable_figures`.
    """
    worlds = result.worlds
    rows = worlds.assumptions.for_population(worlds.population.id)
    asked = _Recorder()
    draw_worlds(worlds.population, worlds.assumptions, asked)
    inputs = {name: rows[name].at(normals.of(name)) for name in asked.scalars if rows[name].uncertain}
    log_cases = _log(result.band.cases)
    found = [
        Settling(name, _shrink(log_cases, figure, worlds.weights))
        for name, figure in {**inputs, **publishable}.items()
    ]
    return sorted(found, key=lambda settled: settled.shrink, reverse=True)


def publishable_figures(worlds: Worlds, result: Result, tails_krw: Sequence[float]) -> dict[str, FloatArray]:
    """Return what a customs office could print, in each draw: the count itself, and shares of cases above."""
    total = worlds.base.total_cases
    multiple = worlds.assumptions.value("tail.multiple_of_mean")
    band = result.band
    shares = {f"share_above_{tail:.0f}": above_limit(worlds, tail).cases / total for tail in tails_krw}
    return {
        "count_in_band": band.cases,
        "mean_value_in_band": np.exp(_log(band.value_krw) - _log(band.cases)),
        "share_above_multiple_of_mean": tail_share(worlds, multiple),
        **shares,
    }


def _shrink(log_cases: FloatArray, figure: FloatArray, weights: FloatArray) -> float:
    """Compare the interval's width within thin slices of the figure to the width overall.

    Within a slice the figure still varies a little: what it explains there, to first order, is taken out.
    """
    whole = _width(log_cases, weights)
    if whole <= 0:
        return 0.0
    order = np.argsort(figure, kind="stable")
    width = 0.0
    for part in np.array_split(order, max(len(order) // _DRAWS_PER_BIN, 1)):
        weight = weights[part].sum()
        if weight <= 0:
            continue
        local = weights[part] / weight
        at = np.log(figure[part]) if np.all(figure[part] > 0) else figure[part]
        at = at - local @ at
        spread = float(local @ at**2)
        slope = float(local @ (at * log_cases[part])) / spread if spread > 0 else 0.0
        width += float(weight) * _width(log_cases[part] - slope * at, local)
    return 1 - width / whole


def _width(values: FloatArray, weights: FloatArray) -> float:
    low, high = weighted_quantiles(values[np.newaxis], weights, _INTERVAL)[0].tolist()
    return float(high - low)
