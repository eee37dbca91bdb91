"""Every prior as data: a row each, with its unit, its source or our judgement, and the range a user may pick.

The model reads no file: rows come in as mappings, of text or typed. Draws start from standard normal numbers, one
stream a parameter, made once from a generator and kept; a changed assumption only bends them, so that two
results differ by what was changed and not by luck. Which parameters exist is `simulate`'s affair.

A parameter may carry `@population` (share.destination.JP@total-2021): it then replaces the plain one there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

import numpy as np
from scipy.special import betaincinv, ndtr, stdtrit

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import AssumptionError

Distribution = Literal["fixed", "normal", "lognormal", "beta", "uniform", "student_t"]
_DISTRIBUTIONS: Mapping[str, Distribution] = {name: name for name in get_args(Distribution)}
DEFAULT_SEED = 20240801
DEFAULT_DRAWS = 10_000
# Shares as published, or as typed in, need not add up to one exactly.
_ROUNDING = 1e-6
# A uniform is this many standard deviations wide.
_UNIFORM_DEVIATIONS = 12**0.5


@dataclass(frozen=True)
class Assumption:
    """One prior; what p1 to p3 mean goes by its distribution.

    fixed: value. normal: mean, sd. lognormal: median, sd of the log. beta: a, b. uniform: low, high.
    student_t: median, scale of the log, degrees of freedom (a soft anchor on a logarithm).
    """

    id: str
    parameter: str
    distribution: Distribution
    p1: float
    p2: float | None
    p3: float | None
    low: float
    high: float
    unit: str
    unit_ko: str
    statement_ko: str
    statement_en: str
    source_id: str
    judgement: bool
    alternatives_ko: str
    alternatives_en: str

    @property
    def centre(self) -> float:
        """The number that a user sees and may change: median, or mean of a beta and a uniform."""
        if self.distribution == "beta":
            return self.p1 / (self.p1 + self._second)
        if self.distribution == "uniform":
            return (self.p1 + self._second) / 2
        return self.p1

    @property
    def lowest(self) -> float:
        """The lower end of a uniform; of anything else its centre."""
        return self.p1 if self.distribution == "uniform" else self.centre

    @property
    def uncertain(self) -> bool:
        """Whether draws of it differ."""
        return self.distribution != "fixed" and self.p2 != 0

    @property
    def _second(self) -> float:
        if self.p2 is None:
            raise AssumptionError(
                f"가정 {self.parameter}에 두 번째 모수가 없습니다.",
                f"Assumption {self.parameter} lacks its second parameter.",
            )
        return self.p2

    def moved_to(self, centre: float) -> "Assumption":
        """Return the same prior around another centre, with its relative spread, inside the range allowed."""
        if not self.low <= centre <= self.high:
            raise AssumptionError(
                f"{self.statement_ko}: {self.low:g}와 {self.high:g} 사이의 값을 골라 주세요.",
                f"{self.statement_en}: choose a value between {self.low:g} and {self.high:g}.",
            )
        if self.distribution == "beta":
            weight = self.p1 + self._second
            if not 0 < centre < 1:
                return replace(self, distribution="fixed", p1=centre, p2=None)
            return replace(self, p1=weight * centre, p2=weight * (1 - centre))
        if self.distribution == "uniform":
            shift = centre - self.centre
            return replace(self, p1=self.p1 + shift, p2=self._second + shift)
        return replace(self, p1=centre)

    @property
    def standard_deviation(self) -> float:
        """How uncertain it is, on its own scale: of the logarithm for a lognormal (and the soft anchor), else plain."""
        match self.distribution:
            case "fixed":
                return 0.0
            case "beta":
                return float(np.sqrt(self.centre * (1 - self.centre) / (self.p1 + self._second + 1)))
            case "uniform":
                return float((self._second - self.p1) / _UNIFORM_DEVIATIONS)
            case _:
                return self._second

    def spread_to(self, deviation: float) -> "Assumption":
        """Return the same prior around its centre with another standard deviation, on its own scale."""
        centre = self.centre
        weight = centre * (1 - centre) / deviation**2 - 1 if deviation > 0 else 0.0
        if self.distribution == "fixed" or deviation <= 0 or (self.distribution == "beta" and weight <= 0):
            raise AssumptionError(
                f"{self.statement_ko}: 표준편차 {deviation:g}을(를) 줄 수 없습니다.",
                f"{self.statement_en}: it cannot have a standard deviation of {deviation:g}.",
            )
        if self.distribution == "beta":
            return replace(self, p1=weight * centre, p2=weight * (1 - centre))
        if self.distribution == "uniform":
            half = deviation * _UNIFORM_DEVIATIONS / 2
            return replace(self, p1=centre - half, p2=centre + half)
        return replace(self, p2=deviation)

    def fixed_at(self, value: float) -> "Assumption":
        """Return the same parameter known for certain."""
        return replace(self, distribution="fixed", p1=value, p2=None, p3=None)

    def at(self, standard_normal: FloatArray) -> FloatArray:
        """Bend standard normal numbers into draws of this prior."""
        z = standard_normal
        match self.distribution:
            case "fixed":
                return np.full_like(z, self.p1)
            case "normal":
                return self.p1 + self._second * z
            case "lognormal":
                return np.asarray(self.p1 * np.exp(self._second * z))
            case "beta":
                return np.asarray(betaincinv(self.p1, self._second, ndtr(z)))
            case "uniform":
                return np.asarray(self.p1 + (self._second - self.p1) * ndtr(z))
            case "student_t":
                return np.asarray(self.p1 * np.exp(self._second * stdtrit(self._third, ndtr(z))))

    def log_density(self, value: FloatArray) -> FloatArray:
        """Log density, up to a constant, of ln(value) under a soft anchor (student_t)."""
        if self.distribution == "fixed":
            raise AssumptionError(
                f"가정 {self.parameter}은 분포가 있어야 합니다.",
                f"Assumption {self.parameter} must have a spread.",
            )
        with np.errstate(divide="ignore"):
            deviation = (np.log(value) - np.log(self.p1)) / self._second
        # Written out, up to its constant: importing scipy.stats would take a second of every start.
        freedom = self._third
        return np.asarray(-(freedom + 1) / 2 * np.log1p(deviation**2 / freedom))

    @property
    def _third(self) -> float:
        if self.p3 is None:
            raise AssumptionError(
                f"가정 {self.parameter}에 자유도가 없습니다.",
                f"Assumption {self.parameter} lacks its degrees of freedom.",
            )
        return self.p3


@dataclass(frozen=True)
class Assumptions(Mapping[str, Assumption]):
    """A named set of priors by parameter; `changed` names those that a user moved."""

    name: str
    rows: Mapping[str, Assumption]
    changed: frozenset[str] = field(default_factory=frozenset)

    def __getitem__(self, parameter: str) -> Assumption:
        try:
            return self.rows[parameter]
        except KeyError:
            raise AssumptionError(
                f"가정 {parameter}이(가) 없습니다.", f"There is no assumption {parameter}."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, parameter: object) -> bool:
        return parameter in self.rows

    def value(self, parameter: str) -> float:
        """Return the centre of one prior."""
        return self[parameter].centre

    def with_centre(self, parameter: str, centre: float) -> "Assumptions":
        """Return the set with one prior moved to another centre, and marked as changed."""
        return self.with_centres({parameter: centre})

    def with_centres(self, centres: Mapping[str, float]) -> "Assumptions":
        """Return the set with priors moved to other centres; those that differ now are marked as changed.

        Shares that add up to one make room: the others of the same margin keep their proportions.
        """
        moved = {name: self[name].moved_to(centre) for name, centre in centres.items()}
        for margin in sorted({margin for name in centres if (margin := _margin(name)) is not None}):
            members = [name for name in self.rows if _margin(name) == margin]
            others = [name for name in members if name not in centres]
            left = 1 - sum(centres[name] for name in members if name in centres)
            if left < -_ROUNDING or (not others and left > _ROUNDING):
                raise AssumptionError(
                    "비중의 합이 1이어야 합니다. 바꾼 비중을 고쳐 주세요.",
                    "Shares must add up to 1; change those that you gave.",
                )
            room = max(left, 0.0) / sum(self.value(name) for name in others) if others else 1.0
            moved |= {name: replace(self[name], p1=self[name].p1 * room) for name in others}
        changed = {name for name, centre in centres.items() if centre != self.value(name)}
        return replace(self, rows={**self.rows, **moved}, changed=self.changed | changed)

    def with_deviations(self, deviations: Mapping[str, float]) -> "Assumptions":
        """Return the set with other standard deviations, each on its prior's own scale; what differs is marked."""
        moved = {name: self[name].spread_to(deviation) for name, deviation in deviations.items()}
        changed = {name for name, each in deviations.items() if each != self[name].standard_deviation}
        return replace(self, rows={**self.rows, **moved}, changed=self.changed | changed)

    def with_fixed(self, parameter: str, value: float) -> "Assumptions":
        """Return the set with one parameter known for certain, and marked as changed."""
        return self._with(parameter, self[parameter].fixed_at(value))

    def with_spread(self, parameter: str, p1: float, p2: float) -> "Assumptions":
        """Return the set with one prior's first two parameters replaced, and marked as changed."""
        return self._with(parameter, replace(self[parameter], p1=p1, p2=p2))

    def _with(self, parameter: str, row: Assumption) -> "Assumptions":
        return replace(self, rows={**self.rows, parameter: row}, changed=self.changed | {parameter})

    def name_for(self, parameter: str, population_id: str) -> str:
        """Return the row that holds for a population: its own where there is one, else the plain one."""
        own = f"{parameter}@{population_id}"
        return own if own in self.rows else parameter

    def for_population(self, population_id: str) -> "Assumptions":
        """Return the plain parameters, with those made for this population in their place."""
        plain = {name: row for name, row in self.rows.items() if "@" not in name}
        own = {
            name.removesuffix(f"@{population_id}"): row
            for name, row in self.rows.items()
            if name.endswith(f"@{population_id}")
        }
        return replace(self, rows={**plain, **own})

    def members(self, prefix: str) -> tuple[str, ...]:
        """Return what follows `prefix.` in the names of parameters, in the order of the rows."""
        return tuple(name.removeprefix(f"{prefix}.") for name in self.rows if name.startswith(f"{prefix}."))


def _margin(parameter: str) -> tuple[str, str] | None:
    """Return which margin a share belongs to, and for which population; None for what is no share of one."""
    plain, _, population = parameter.partition("@")
    kind, _, rest = plain.partition(".")
    dimension, dot, _ = rest.partition(".")
    return (f"{kind}.{dimension}", population) if kind in {"share", "case_share"} and dot else None


def read_assumptions(rows: Iterable[Mapping[str, Any]], name: str) -> Assumptions:
    """Read the set `name` from rows with the columns of assumptions.csv.

    Values are the file's text, or typed: numbers, None for what is empty, a truth value for the judgement.
    """
    found = {row["parameter"]: _read(row) for row in rows if row["set"] == name}
    if not found:
        raise AssumptionError(f"가정 묶음 {name}이(가) 없습니다.", f"There is no set of assumptions {name}.")
    return Assumptions(name, found)


def _read(row: Mapping[str, Any]) -> Assumption:
    try:
        found = Assumption(
            id=row["assumption_id"],
            parameter=row["parameter"],
            distribution=_DISTRIBUTIONS[row["distribution"]],
            p1=float(row["p1"]),
            p2=_optional(row["p2"]),
            p3=_optional(row["p3"]),
            low=float(row["low"]),
            high=float(row["high"]),
            unit=row["unit"],
            unit_ko=row["unit_ko"],
            statement_ko=row["statement_ko"],
            statement_en=row["statement_en"],
            source_id=row["source_id"] or "",
            judgement=row["judgement"] in {True, "yes"},
            alternatives_ko=row["alternatives_ko"],
            alternatives_en=row["alternatives_en"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(row, str(error)) from error
    if not found.low <= found.centre <= found.high:
        raise _unreadable(row, f"{found.centre:g} is outside {found.low:g} to {found.high:g}")
    return found


def _optional(value: Any) -> float | None:
    return None if value in {None, ""} else float(value)


def _unreadable(row: Mapping[str, Any], why: str) -> AssumptionError:
    where = row.get("assumption_id", "?")
    return AssumptionError(
        f"가정 {where}을(를) 읽을 수 없습니다.", f"Assumption {where} cannot be read: {why}."
    )


class Normals(Protocol):
    """Where standard normal numbers come from: a stream a parameter, of the same number of draws."""

    @property
    def draws(self) -> int:
        """Number of draws."""

    def of(self, parameter: str, shape: tuple[int, ...] = ()) -> FloatArray:
        """Return numbers of shape (*shape, draws) for one parameter; not to be written to."""


class StandardNormals:
    """Standard normal numbers, a stream for each parameter, made when first asked for and then kept.

    The stream of a parameter depends on the generator and the parameter's name alone, not on the order of
    asking.
    """

    def __init__(self, generator: np.random.Generator, draws: int = DEFAULT_DRAWS) -> None:
        self._draws = draws
        self._root = int(generator.integers(2**63))
        self._kept: dict[tuple[str, tuple[int, ...]], FloatArray] = {}

    @classmethod
    def default(cls, draws: int = DEFAULT_DRAWS) -> "StandardNormals":
        """Return the streams of the fixed default seed."""
        return cls(np.random.default_rng(DEFAULT_SEED), draws)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self._draws

    def of(self, parameter: str, shape: tuple[int, ...] = ()) -> FloatArray:
        """Return numbers of shape (*shape, draws) for one parameter; not to be written to."""
        key = (parameter, shape)
        if key not in self._kept:
            stream = np.random.default_rng([self._root, *parameter.encode()])
            numbers = stream.standard_normal((*shape, self._draws))
            numbers.flags.writeable = False
            self._kept[key] = numbers
        return self._kept[key]


def normalised(log_weights: FloatArray) -> FloatArray:
    """Return weights that sum to one from their logarithms; minus infinity is no weight."""
    weights = np.exp(log_weights - np.max(log_weights))
    return np.asarray(weights / weights.sum())


def effective_sample_size(weights: FloatArray) -> float:
    """Return how many equally weighted draws these weights (summing to one) are worth (Kish)."""
    return float(1 / np.sum(weights**2))
