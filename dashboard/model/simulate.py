"""From a base, priors and two limits to the newly qualifying cases and their value, with intervals.

Three steps, each reusable: `draw_worlds` draws what the shipments may look like (once per base and set of
assumptions), `newly_qualifying` evaluates one pair of limits exactly, and `survival_grid` evaluates a limit
of the sweep once, after which any pair costs milliseconds. A case of value x qualifies when x <= limit.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import pairwise

import numpy as np

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import AssumptionError, LimitError, PopulationError
from dashboard.model.families import Shape, shares_above_log_ratio
from dashboard.model.population import Cells, Population, build_cells, fit_to_margins
from dashboard.model.priors import (
    Assumptions,
    Normals,
    StandardNormals,
    effective_sample_size,
    normalised,
)
from dashboard.model.summaries import PROBABILITIES, Summary, summaries, weighted_quantiles

# Draws handled at a time: a cell table of this many draws stays in the processor's cache.
_BLOCK = 500
# Limits of a grid that another is read off by the cubic through them, and how far one may lie above the next lower.
_NEIGHBOURS = 4
_DENSE = 1.055
_LEAST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Worlds:
    """Draws of what the shipments of a base look like, with weights that sum to one.

    `all_cells` is the whole base where `cells` leaves items out: what shares are shares of.
    """

    population: Population
    assumptions: Assumptions
    cells: Cells
    shape: Shape
    weights: FloatArray
    all_cells: Cells | None = None

    @property
    def base(self) -> Cells:
        """All shipments of the base, whichever items may qualify."""
        return self.cells if self.all_cells is None else self.all_cells

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.weights)

    @property
    def effective_sample_size(self) -> float:
        """How many equally weighted draws these are worth."""
        return effective_sample_size(self.weights)

    @property
    def too_few(self) -> bool:
        """Whether the anchors leave too few draws to trust the interval."""
        return self.effective_sample_size < self.assumptions.value("draws.effective_least")


@dataclass(frozen=True)
class Above:
    """What lies above one limit: cases by destination (D, n) and item (I, n), cases and value in KRW (n,)."""

    by_destination: FloatArray
    by_item: FloatArray
    cases: FloatArray
    value_krw: FloatArray


@dataclass(frozen=True)
class Group:
    """One destination or item: cases that newly qualify, and the most that any distribution allows."""

    code: str
    cases: Summary
    cases_upper_bound: float


@dataclass(frozen=True)
class GroupSplit:
    """One destination or item: cases already below the old limit, newly in, and still above the new one."""

    code: str
    already_below: Summary
    newly: Summary
    still_above: Summary


@dataclass(frozen=True)
class Result:
    """What newly qualifies when the limit moves, with the inputs it came from and its draws."""

    worlds: Worlds
    from_krw: float
    to_krw: float
    cases: Summary
    value_krw: Summary
    share_of_cases: Summary
    share_of_value: Summary
    by_destination: tuple[Group, ...]
    by_item: tuple[Group, ...]
    band: Above
    above_from: Above
    above_to: Above

    @property
    def effective_sample_size(self) -> float:
        """How many equally weighted draws the result rests on."""
        return self.worlds.effective_sample_size

    def dots(self, count: int) -> FloatArray:
        """Return `count` equally likely numbers of newly qualifying cases, for a quantile dot plot."""
        middles = (np.arange(count) + 0.5) / count
        return np.asarray(weighted_quantiles(self.band.cases[np.newaxis], self.worlds.weights, middles)[0])

    def splits(self) -> tuple[tuple[GroupSplit, ...], tuple[GroupSplit, ...]]:
        """Return who is already below, newly qualifies and stays above, by destination and by item."""
        cells = self.worlds.cells
        return (
            self._split(cells.destinations, cells.cases.sum(axis=1), "by_destination"),
            self._split(cells.items, cells.cases.sum(axis=0), "by_item"),
        )

    def _split(self, codes: tuple[str, ...], total: FloatArray, by: str) -> tuple[GroupSplit, ...]:
        above_from, above_to = getattr(self.above_from, by), getattr(self.above_to, by)
        weights = self.worlds.weights
        columns = (
            summaries(total - above_from, weights),
            summaries(above_from - above_to, weights),
            summaries(above_to, weights),
        )
        return tuple(GroupSplit(*row) for row in zip(codes, *columns, strict=True))


@dataclass(frozen=True)
class SweepPoint:
    """Newly qualifying cases and value at one new limit."""

    to_krw: float
    cases: Summary
    value_krw: Summary


def check_limits(from_krw: object, to_krw: object, highest_krw: float) -> tuple[float, float]:
    """Return both limits as numbers, or raise LimitError with one clear sentence."""
    limits = []
    for limit in (from_krw, to_krw):
        if isinstance(limit, bool) or not isinstance(limit, int | float | np.integer):
            raise LimitError("한도는 원 단위의 숫자여야 합니다.", "A limit must be a number of won.")
        if not 0 < limit <= highest_krw:
            raise LimitError(
                f"한도는 0원보다 크고 {highest_krw:,.0f}원 이하여야 합니다.",
                f"A limit must be above zero and at most KRW {highest_krw:,.0f}.",
            )
        limits.append(float(limit))
    if limits[0] > limits[1]:
        raise LimitError("종전 한도가 새 한도보다 높습니다.", "The old limit is above the new one.")
    return limits[0], limits[1]


def draw_worlds(population: Population, assumptions: Assumptions, normals: Normals | None = None) -> Worlds:
    """Draw cells and shapes for a base under a set of assumptions; the default normals have a fixed seed."""
    normals = normals or StandardNormals.default()
    rows = assumptions.for_population(population.id)
    cells = _draw_cells(population, rows, normals)
    pareto = rows["shape.rho"].at(normals.of("shape.rho"))
    jitter = rows["shape.s_item"].at(normals.of("shape.s_item", (len(cells.items),)))
    spread = rows["shape.s"].at(normals.of("shape.s")) * jitter
    # Beyond this there is no mean: such draws get no weight, and a stand-in keeps the arithmetic finite.
    most = rows.value("shape.pareto_most")
    infinite = np.any(pareto * spread >= most, axis=0)
    if np.all(infinite):
        raise AssumptionError(
            "꼬리가 너무 두꺼워 평균이 존재하지 않습니다. 표준편차나 파레토 몫을 줄여 주세요.",
            "So heavy a tail has no mean; lower the spread or its Pareto share.",
        )
    shape = Shape.of(np.where(infinite, rows.value("shape.s"), spread), np.where(infinite, 0.0, pareto))
    log_weights = np.where(infinite, -np.inf, 0.0)
    worlds = Worlds(population, assumptions, cells, shape, normalised(log_weights))
    if "tail.share_above" in rows:
        tail = tail_share(worlds, rows.value("tail.multiple_of_mean"))
        log_weights = log_weights + rows["tail.share_above"].log_density(tail)
    return Worlds(population, assumptions, cells, shape, normalised(log_weights))


def without_items(worlds: Worlds, codes: Collection[str]) -> Worlds:
    """Return the same worlds with some items barred from qualifying.

    Shares still refer to all shipments of the base, and no bound gets sharper. Raises PopulationError for an
    item that the base does not have.
    """
    cells = worlds.cells
    unknown = sorted(set(codes) - set(worlds.base.items))
    if unknown:
        raise PopulationError(
            f"이 모집단에 품목 {', '.join(unknown)}이(가) 없습니다.",
            f"This base has no item {', '.join(unknown)}.",
        )
    kept = np.array([item not in codes for item in cells.items], dtype=np.bool_)
    if np.all(kept):
        return worlds
    shape = worlds.shape
    return replace(
        worlds,
        cells=Cells(
            cells.destinations,
            tuple(item for item in cells.items if item not in codes),
            cells.value_krw[:, kept],
            cells.cases[:, kept],
        ),
        # The spread differs by item, shape (items, n); the Pareto share of it by draw alone, shape (n,).
        shape=replace(shape, tau=shape.tau[kept], mean_over_location=shape.mean_over_location[kept]),
        all_cells=worlds.base,
    )


def tail_share(worlds: Worlds, multiple_of_mean: float) -> FloatArray:
    """Return the share of cases above a multiple of the draw's own mean, shape (n,)."""
    base = worlds.base
    mean = base.total_value_krw / base.total_cases
    above = above_limit(worlds, multiple_of_mean * mean)
    return above.cases / base.total_cases


def _draw_cells(population: Population, rows: Assumptions, normals: Normals) -> Cells:
    destinations, items = rows.members("share.destination"), rows.members("share.item")
    table = (len(destinations), len(items))

    def drawn(prefix: str, members: Sequence[str]) -> FloatArray:
        names = [f"{prefix}.{member}" for member in members]
        return np.stack([rows[name].at(normals.of(name)) for name in names])

    def shares(prefix: str, members: Sequence[str]) -> FloatArray:
        weights = drawn(prefix, members)
        return np.asarray(weights / weights.sum(axis=0))

    seed = rows["share.cell_noise"].at(normals.of("share.cell_noise", table))
    noise = rows["mean.cell_noise"].at(normals.of("mean.cell_noise", table))
    relative = noise * drawn("mean.item", items)[np.newaxis]
    case_shares = None
    if rows.members("case_share.destination"):
        case_shares = shares("case_share.destination", destinations)
    else:
        relative = relative * drawn("mean.destination", destinations)[:, np.newaxis]
    return build_cells(
        destinations,
        items,
        cases=population.cases * rows["cases.noise"].at(normals.of("cases.noise")),
        value_krw=population.value_krw * rows["value.noise"].at(normals.of("value.noise")),
        value_shares=fit_to_margins(
            seed, shares("share.destination", destinations), shares("share.item", items)
        ),
        relative_mean=relative,
        destination_case_shares=case_shares,
    )


def above_limit(worlds: Worlds, limit_krw: float | FloatArray) -> Above:
    """Evaluate one limit (a number, or one a draw) in every cell, a block of draws at a time."""
    cells, shape, draws = worlds.cells, worlds.shape, worlds.draws
    log_limit = np.broadcast_to(np.log(limit_krw), (draws,))
    by_destination = np.empty((len(cells.destinations), draws))
    by_item = np.empty((len(cells.items), draws))
    value = np.empty(draws)
    for start in range(0, draws, _BLOCK):
        block = slice(start, start + _BLOCK)
        counts, values = cells.cases[..., block], cells.value_krw[..., block]
        local = Shape(*(part[..., block] for part in (shape.tau, shape.alpha_tau, shape.mean_over_location)))
        count_share, value_share = shares_above_log_ratio(log_limit[block] - np.log(values / counts), local)
        above = counts * count_share
        by_destination[:, block] = above.sum(axis=1)
        by_item[:, block] = above.sum(axis=0)
        value[block] = np.einsum("din,din->n", values, value_share)
    return Above(by_destination, by_item, by_destination.sum(axis=0), value)


def newly_qualifying(worlds: Worlds, from_krw: float, to_krw: float) -> Result:
    """Evaluate one pair of limits exactly."""
    low, high = check_limits(from_krw, to_krw, worlds.assumptions.value("limit.highest_krw"))
    above_from = above_limit(worlds, low)
    return _result(worlds, low, high, above_from, above_from if low == high else above_limit(worlds, high))


def _result(worlds: Worlds, low: float, high: float, above_from: Above, above_to: Above) -> Result:
    band = _difference(above_from, above_to)
    cells = worlds.cells
    rows = np.vstack(
        [
            band.cases,
            band.value_krw,
            band.cases / worlds.base.total_cases,
            band.value_krw / worlds.base.total_value_krw,
            band.by_destination,
            band.by_item,
        ]
    )
    cases, value_krw, share_of_cases, share_of_value, *groups = summaries(rows, worlds.weights)
    split = len(cells.destinations)
    return Result(
        worlds,
        low,
        high,
        cases,
        value_krw,
        share_of_cases,
        share_of_value,
        by_destination=_groups(worlds, "share.destination", cells.destinations, groups[:split], low, high),
        by_item=_groups(worlds, "share.item", cells.items, groups[split:], low, high),
        band=band,
        above_from=above_from,
        above_to=above_to,
    )


def _difference(above_from: Above, above_to: Above) -> Above:
    # Rounding may leave a difference of neighbours a hair below zero.
    return Above(
        np.maximum(above_from.by_destination - above_to.by_destination, 0.0),
        np.maximum(above_from.by_item - above_to.by_item, 0.0),
        np.maximum(above_from.cases - above_to.cases, 0.0),
        np.maximum(above_from.value_krw - above_to.value_krw, 0.0),
    )


def _groups(
    worlds: Worlds, prefix: str, codes: tuple[str, ...], cases: Sequence[Summary], low: float, high: float
) -> tuple[Group, ...]:
    """Attach to each group its assumption-free bound: published value of the group / old limit."""
    rows = worlds.assumptions.for_population(worlds.population.id)
    whole = sum(rows.value(f"{prefix}.{code}") for code in rows.members(prefix))
    weights = np.array([rows.value(f"{prefix}.{code}") for code in codes])
    values = worlds.population.value_krw * weights / whole
    most = np.zeros(len(codes)) if low == high else values / low
    return tuple(Group(*row) for row in zip(codes, cases, most.tolist(), strict=True))


@dataclass(frozen=True)
class SurvivalGrid:
    """Cases and value above every limit of a grid, in every draw; `above` gives them for each of `limits_krw`.

    Where its limits are dense, others are read off their four neighbours, in every draw within a hundred-thousandth
    of the exact evaluation; elsewhere they are evaluated exactly.
    """

    worlds: Worlds
    limits_krw: FloatArray
    above: Callable[[float], Above]

    def newly_qualifying(self, from_krw: float, to_krw: float) -> Result:
        """Evaluate one pair of limits; exact where both are on the grid."""
        low, high = check_limits(from_krw, to_krw, self.worlds.assumptions.value("limit.highest_krw"))
        return _result(self.worlds, low, high, self._at(low), self._at(high))

    def sweep(self, from_krw: float, to_krw: Sequence[float]) -> list[SweepPoint]:
        """Evaluate many new limits against one old limit."""
        highest = self.worlds.assumptions.value("limit.highest_krw")
        pairs = [check_limits(from_krw, limit, highest) for limit in to_krw]
        start = self._at(check_limits(from_krw, from_krw, highest)[0])
        ends = [self._at(high) for _, high in pairs]
        rows = np.vstack(
            [start.cases - end.cases for end in ends] + [start.value_krw - end.value_krw for end in ends]
        )
        found = summaries(np.maximum(rows, 0.0), self.worlds.weights)
        return [SweepPoint(high, found[i], found[i + len(ends)]) for i, (_, high) in enumerate(pairs)]

    def _at(self, limit: float) -> Above:
        index = int(np.searchsorted(self.limits_krw, limit))
        if index < len(self.limits_krw) and self.limits_krw[index] == limit:
            return self.above(limit)
        first = min(max(index - _NEIGHBOURS // 2, 0), max(len(self.limits_krw) - _NEIGHBOURS, 0))
        places = self.limits_krw[first : first + _NEIGHBOURS].tolist()
        is_inside = 0 < index < len(self.limits_krw) and len(places) == _NEIGHBOURS
        if is_inside and all(high <= low * _DENSE for low, high in pairwise(places)):
            return _between(limit, {place: self.above(place) for place in places})
        return above_limit(self.worlds, limit)


def _between(limit: float, neighbours: Mapping[float, Above]) -> Above:
    """Read a limit off its neighbours: the polynomial through their logarithms, over the logarithm of the limit."""
    weights = [
        np.prod([np.log(limit / other) / np.log(place / other) for other in neighbours if other != place])
        for place in neighbours
    ]

    def read_off(parts: Iterable[FloatArray]) -> FloatArray:
        # Nothing left above a limit counts as the least that a double holds, which has a logarithm.
        logs = (np.log(np.maximum(part, _LEAST)) for part in parts)
        return np.asarray(np.exp(sum(weight * log for weight, log in zip(weights, logs, strict=True))))

    known = neighbours.values()
    by_destination = read_off(each.by_destination for each in known)
    by_item = read_off(each.by_item for each in known)
    cases = by_destination.sum(axis=0)
    # Two polynomials differ by a hair: items are made to add up to the cases, as destinations do.
    items = by_item.sum(axis=0)
    return Above(
        by_destination,
        by_item * np.divide(cases, items, out=np.ones_like(cases), where=items > 0),
        cases,
        read_off(each.value_krw for each in known),
    )


def sweep_limits(assumptions: Assumptions) -> FloatArray:
    """Return the limits of the sweep in KRW, as the assumptions lay them out."""
    low, high, step = (assumptions.value(f"sweep.{name}_krw") for name in ("from", "to", "step"))
    return np.asarray(low + step * np.arange(round((high - low) / step) + 1), dtype=np.float64)


def survival_grid(worlds: Worlds) -> SurvivalGrid:
    """Return the grid of the sweep's limits, each evaluated when it is first asked for, and kept."""
    return SurvivalGrid(worlds, sweep_limits(worlds.assumptions), cache(partial(above_limit, worlds)))


def value_distribution(
    worlds: Worlds, edges_krw: Sequence[float]
) -> Mapping[float, tuple[FloatArray, FloatArray]]:
    """Return, by edge, the quantiles (5 to 95%) of the shares of cases and of value above it."""
    base = worlds.base
    result = {}
    for edge in edges_krw:
        above = above_limit(worlds, edge)
        rows = np.vstack([above.cases / base.total_cases, above.value_krw / base.total_value_krw])
        cases, value = weighted_quantiles(rows, worlds.weights, PROBABILITIES)
        result[edge] = (cases, value)
    return result
