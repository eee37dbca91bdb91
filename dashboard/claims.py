"""What a link says of itself: the headline that it showed and what that rested on; and, opened later, what changed it.

An answer follows from the base's figures, the set of assumptions and the model. A link carries the first as numbers and the
second as a digest, so the model of today can be asked with each of them in turn, and what is left over is the model's own.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields, replace

from dashboard import ask
from dashboard.ask import Asked, Row
from dashboard.model.errors import ModelError
from dashboard.model.priors import Assumption, read_assumptions
from dashboard.model.simulate import newly_qualifying
from dashboard.scenarios import OwnBase, Scenario

_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,9})?")
_DIGEST = re.compile(r"[0-9a-f]{8}")
_DIGEST_DIGITS = 8
_VALUES = ("distribution", "p1", "p2", "p3")
# A link writes four decimals, and no reader tells a ten-thousandth of a case.
_CLOSE = 1e-3
_RELATIVELY_CLOSE = 1e-6
# What the cases are drawn from; other assumptions of a set (paperwork, responses, forecasts) leave the headline alone.
_OF_THE_CASES = ("shape.", "tail.", "value.", "cases.", "mean.", "share.", "case_share.")


@dataclass(frozen=True)
class Claim:
    """The headline of a link and what it rested on: quantiles in cases a year, the base's figures, a digest of the set.

    The digest is of the set as read: what the scenario changes in it stands in the address already.
    """

    p05: float
    p50: float
    p95: float
    base_cases: float
    base_value_krw: float
    assumptions: str

    def codes(self) -> dict[str, str]:
        """The claim as an address carries it, in plain text."""
        return {name: _written(getattr(self, name)) for name in NAMES}

    def says_the_same(self, other: "Claim") -> bool:
        """Whether both give the same three numbers, as far as anyone can tell."""
        return all(_is_close(*pair) for pair in zip(astuple(self)[:3], astuple(other)[:3], strict=True))


NAMES = tuple(each.name for each in fields(Claim))


@dataclass(frozen=True)
class Moved:
    """An assumption that differs between two sets; None where a set lacks it."""

    before: Assumption | None
    after: Assumption | None


@dataclass(frozen=True)
class Account:
    """Why the median is another one than the link says: parts in cases, which add up to the difference.

    Attributes:
        figures: what the base's figures of today bring against the link's.
        assumed: what today's set of assumptions brings against the link's; None where that one is not on record.
        rest: what is left: the model's own, and with it that of assumptions that are not on record.
        moved: the assumptions behind the cases that differ, in the order of the set.
    """

    then: Claim
    now: Claim
    figures: float
    assumed: float | None
    rest: float
    moved: tuple[Moved, ...]

    @property
    def difference(self) -> float:
        """Today's median less the link's."""
        return self.now.p50 - self.then.p50

    @property
    def is_same_base(self) -> bool:
        """Whether the base's figures are those of the link."""
        return _is_same_base(self.then, self.now)

    @property
    def is_same_set(self) -> bool:
        """Whether the assumptions are those of the link."""
        return self.then.assumptions == self.now.assumptions

    @property
    def has_rest(self) -> bool:
        """Whether anything is left that figures and assumptions do not explain."""
        return not _is_close(self.then.p50 + self.rest, self.then.p50)


def read(codes: Mapping[str, str]) -> Claim | None:
    """Read a claim from an address; None for one that is not whole, or that no answer could have made."""
    if set(NAMES) - set(codes) or not _DIGEST.fullmatch(codes["assumptions"]):
        return None
    numbers = [codes[name] for name in NAMES if name != "assumptions"]
    if not all(_NUMBER.fullmatch(text) for text in numbers):
        return None
    p05, p50, p95, cases, value = map(float, numbers)
    if not p05 <= p50 <= p95 or cases <= 0 or value <= 0:
        return None
    return Claim(p05, p50, p95, cases, value, codes["assumptions"])


def of(asked: Asked, assumption_rows: Sequence[Row]) -> Claim:
    """What a link to an answer says of it; `assumption_rows` are those that were asked, of all sets."""
    cases, base = asked.result.cases, asked.worlds.population
    used = digest(row for row in assumption_rows if row["set"] == asked.scenario.assumptions)
    return Claim(cases.p05, cases.p50, cases.p95, base.cases, base.value_krw, used)


def digest(rows: Iterable[Row]) -> str:
    """Name a set of assumptions by eight hex digits: its values and their order, on which draws depend; not its words."""
    lines = (" ".join([str(row["parameter"]), *(_value(row[name]) for name in _VALUES)]) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGEST_DIGITS]


def account(
    then: Claim,
    asked: Asked,
    populations: Sequence[Row],
    assumption_rows: Sequence[Row],
    former_rows: Sequence[Row],
) -> Account:
    """Ask today's model with the link's base figures, then with its assumptions too, and part the difference.

    `asked` is today's answer to the link's scenario; `former_rows` are sets on record, each row with the `digest` of its set.
    """
    now, scenario = of(asked, assumption_rows), asked.scenario
    on_its_base = based_on(scenario, then)
    populations = [_row_on(then, row, scenario) for row in populations]

    def median(rows: Sequence[Row]) -> float:
        worlds = ask.draw(on_its_base, populations, rows, asked.normals)
        return newly_qualifying(worlds, scenario.from_krw, scenario.to_krw).cases.p50

    with_figures = now.p50 if _is_same_base(then, now) else median(assumption_rows)
    with_both, is_known, moved = with_figures, then.assumptions == now.assumptions, tuple[Moved, ...]()
    current = [row for row in assumption_rows if row["set"] == scenario.assumptions]
    if not is_known and (former := _completed(former_rows, then.assumptions, current)):
        # A scenario may change an assumption that the former set lacks; then it cannot be asked with it.
        with suppress(ModelError):
            with_both = median(former)
            is_known, moved = True, _moved(former, current, scenario)
    return Account(
        then,
        now,
        figures=now.p50 - with_figures,
        assumed=with_figures - with_both if is_known else None,
        rest=with_both - then.p50,
        moved=moved,
    )


def based_on(scenario: Scenario, claim: Claim) -> Scenario:
    """The scenario, where it has a base of its own, on the figures of the claim."""
    base = scenario.population
    if not isinstance(base, OwnBase):
        return scenario
    return replace(scenario, population=OwnBase(claim.base_cases, claim.base_value_krw, base.year))


def _row_on(claim: Claim, row: Row, scenario: Scenario) -> Row:
    if row["population_id"] != scenario.population:
        return row
    return {**row, "cases": claim.base_cases, "value_krw": claim.base_value_krw}


def _completed(former_rows: Iterable[Row], named: str, current: Sequence[Row]) -> list[Row]:
    """The set of that digest under the current one's name; words come from today's row of the same parameter, if there is one."""
    words = {row["parameter"]: row for row in current}
    without = dict.fromkeys(("unit", "unit_ko", "alternatives_ko", "alternatives_en", "source_id"), "")
    found: list[Row] = []
    for row in former_rows:
        if row["digest"] == named:
            name = row["parameter"]
            plain = dict.fromkeys(("assumption_id", "statement_ko", "statement_en"), name)
            said = words.get(name, without | plain | {"judgement": True})
            found.append({**said, **row, "set": current[0]["set"]})
    return found


def _moved(former: Sequence[Row], current: Sequence[Row], scenario: Scenario) -> tuple[Moved, ...]:
    """What differs between two sets among the assumptions that the cases of this scenario are drawn from."""
    base = scenario.population if isinstance(scenario.population, str) else ask.OWN
    name = str(current[0]["set"])
    before, after = (read_assumptions(rows, name).for_population(base) for rows in (former, current))
    found = []
    for parameter in dict.fromkeys([*after, *before]):
        pair = Moved(before.rows.get(parameter), after.rows.get(parameter))
        if parameter.startswith(_OF_THE_CASES) and _shape(pair.before) != _shape(pair.after):
            found.append(pair)
    return tuple(found)


def _shape(row: Assumption | None) -> tuple[object, ...]:
    return () if row is None else tuple(getattr(row, name) for name in _VALUES)


def _value(value: object) -> str:
    """A value for the digest: numbers alike whether they are typed or text, nothing for what is empty."""
    if value is None or value == "":
        return "-"
    try:
        return f"{float(str(value)):.12g}"
    except ValueError:
        return str(value)


def _written(value: float | str) -> str:
    """A number without exponent and idle zeros."""
    return value if isinstance(value, str) else f"{value:.4f}".rstrip("0").rstrip(".")


def _is_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_RELATIVELY_CLOSE, abs_tol=_CLOSE)


def _is_same_base(one: Claim, other: Claim) -> bool:
    return _is_close(one.base_cases, other.base_cases) and _is_close(one.base_value_krw, other.base_value_krw)
