"""A scenario as TOML: what was asked of the model, so that anyone can ask it again. Read, write, migrate.

A file names its format by `version`; an older one is brought up step by step by `_MIGRATIONS`. Money is KRW
(FOB), shares are fractions between 0 and 1. What only the data can tell (whether a population, set, item or
parameter exists) is checked by `ask`.
"""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, get_args

import tomli_w

from dashboard.i18n import settle_particles
from dashboard.model.behaviour import Switches
from dashboard.model.bounds import Kind
from dashboard.model.errors import ModelError
from dashboard.model.fit import Learned

VERSION = 1
# From the version that is the key to the next one; a new format adds its row here.
_MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_KINDS: Mapping[str, Kind] = {name: name for name in get_args(Kind)}
# Whole amounts are written without a fraction, as long as a double tells neighbours apart.
_WHOLE = 2**53
# Empty, they would read as their default.
_ALWAYS_WRITTEN = ("population", "assumptions")


class ScenarioError(ModelError):
    """A scenario that cannot be read or asked; `key` names the place in the file, empty for all of it."""

    def __init__(self, key: str, ko: str, en: str) -> None:
        super().__init__(settle_particles(ko), en)
        self.key = key


@dataclass(frozen=True)
class OwnBase:
    """A user's own base: cases a year and their value, in one full calendar year."""

    cases: float
    value_krw: float
    year: int


@dataclass(frozen=True)
class ShareAbove:
    """What a user knows of the values: `share` of the cases, or of their value, lies above an amount."""

    above_krw: float
    share: float
    kind: Kind = "cases"


@dataclass(frozen=True)
class Scenario:
    """One question with all that it rests on; the defaults are the limit's rise of 1 August 2024.

    Attributes:
        population: an id of `mart.population`, or an own base.
        from_krw: the limit of the simplified declaration before.
        to_krw: the limit after.
        via_krw: limits in between, in order: the steps of a stacked history.
        list_clearance_krw: the limit of list clearance; None leaves it to the assumptions.
        effective: the ISO date from which the step holds, or empty; a label, no year is ever scaled by it.
        excluded_items: items of the model whose shipments may not qualify.
        switches: which responses of people are on.
        assumptions: the set, `default` or `reference`.
        changed: parameter -> centre that takes its place.
        spread: parameter -> standard deviation that takes its place, on its prior's own scale (of the logarithm for a
            lognormal, plain for a beta); a fit to data writes it.
        anchors: shares that the user knows; they sharpen a bound of their own.
    """

    name: str = ""
    population: str | OwnBase = "total-2024"
    from_krw: float = 2_000_000
    to_krw: float = 4_000_000
    via_krw: tuple[float, ...] = ()
    list_clearance_krw: float | None = None
    effective: str = "2024-08-01"
    excluded_items: tuple[str, ...] = ()
    switches: Switches = field(default_factory=Switches)
    assumptions: str = "default"
    changed: Mapping[str, float] = field(default_factory=dict)
    spread: Mapping[str, float] = field(default_factory=dict)
    anchors: tuple[ShareAbove, ...] = ()

    def __post_init__(self) -> None:
        if self.effective and not _is_iso(self.effective):
            raise ScenarioError(
                "effective",
                "effective는 2024-08-01 같은 날짜여야 합니다.",
                "effective must be a date such as 2024-08-01.",
            )

    def on(self, step: "Step") -> "Scenario":
        """Return the scenario with the limits and the date of a step."""
        return replace(
            self,
            from_krw=step.from_krw,
            to_krw=step.to_krw,
            via_krw=step.via_krw,
            effective=step.effective,
        )

    def informed_by(self, learned: Learned, name: str) -> "Scenario":
        """Return the scenario under another name, with what a fit to data teaches in place of our judgement."""
        return replace(
            self,
            name=name,
            changed={**self.changed, **learned.centres},
            spread={**self.spread, **learned.spreads},
        )


@dataclass(frozen=True)
class Step:
    """A move of the limit that is offered by name; `via_krw` stacks the moves that led there."""

    id: str
    name_ko: str
    name_en: str
    from_krw: float
    to_krw: float
    via_krw: tuple[float, ...] = ()
    effective: str = ""


_STEPS = (
    Step(
        "2m-4m",
        "200만 원에서 400만 원으로",
        "KRW 2M to 4M",
        2_000_000,
        4_000_000,
        effective="2024-08-01",
    ),
    Step(
        "4m-5m",
        "400만 원에서 500만 원으로",
        "KRW 4M to 5M",
        4_000_000,
        5_000_000,
        effective="2026-06-26",
    ),
    Step(
        "2m-5m",
        "200만 원에서 500만 원으로(두 단계 합산)",
        "KRW 2M to 5M, both steps stacked",
        2_000_000,
        5_000_000,
        (4_000_000,),
        "2026-06-26",
    ),
    Step("5m-6m", "현행 500만 원에서 다음 단계로", "next step from today's KRW 5M", 5_000_000, 6_000_000),
    Step("own", "직접 입력", "own limits", 2_000_000, 4_000_000),
)
# By id, in the order of offering; the first is the default. The limits of the last two are where to start.
STEPS: Mapping[str, Step] = {step.id: step for step in _STEPS}


def read(text: str) -> Scenario:
    """Read a scenario from TOML; ScenarioError names the key that cannot be right."""
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(
            "", f"시나리오를 TOML로 읽을 수 없습니다: {error}.", f"The scenario is no valid TOML: {error}."
        ) from error
    file = _Table(_migrated(found))
    scenario = Scenario(
        name=file.text("name", ""),
        population=_population(file),
        effective=file.date("effective"),
        excluded_items=file.texts("excluded_items"),
        assumptions=file.text("assumptions", Scenario.assumptions),
        **_limits(file.table("limits")),
        switches=_switches(file.table("behaviour")),
        changed=file.table("changed").numbers(),
        spread=_spread(file.table("spread")),
        anchors=tuple(_anchor(each) for each in file.tables("anchors")),
    )
    file.nothing_left()
    return scenario


def write(scenario: Scenario) -> str:
    """Write a scenario as TOML in the current format."""
    table = as_table(scenario)
    if scenario.effective:
        table["effective"] = date.fromisoformat(scenario.effective)
    return tomli_w.dumps(table)


def as_table(scenario: Scenario) -> dict[str, Any]:
    """Return the file's content as dictionaries, lists, numbers and text; what is empty is left out."""
    base = scenario.population
    limits = {
        "from_krw": _whole(scenario.from_krw),
        "to_krw": _whole(scenario.to_krw),
        "via_krw": [_whole(limit) for limit in scenario.via_krw],
        "list_clearance_krw": scenario.list_clearance_krw and _whole(scenario.list_clearance_krw),
    }
    table = {
        "version": VERSION,
        "name": scenario.name,
        "effective": scenario.effective,
        "population": base if isinstance(base, str) else _whole_numbers(asdict(base)),
        "assumptions": scenario.assumptions,
        "excluded_items": list(scenario.excluded_items),
        "limits": _filled(limits),
        "behaviour": asdict(scenario.switches),
        "changed": _whole_numbers(scenario.changed),
        "spread": _whole_numbers(scenario.spread),
        "anchors": [_whole_numbers(asdict(anchor)) for anchor in scenario.anchors],
    }
    return _filled(table)


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in table.items()
        if key in _ALWAYS_WRITTEN or value not in (None, "", [], {})
    }


def _whole_numbers(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _whole(value) if isinstance(value, float) else value for key, value in table.items()}


def _whole(number: float) -> float:
    return int(number) if abs(number) < _WHOLE and number == int(number) else number


def _is_iso(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _migrated(found: dict[str, Any]) -> dict[str, Any]:
    """Bring a file up to the current format and take its version off."""
    version = found.get("version")
    if type(version) is not int:
        raise ScenarioError(
            "version",
            f"version = {VERSION} 줄이 있어야 합니다.",
            f"The scenario needs a line version = {VERSION}.",
        )
    while version != VERSION:
        if version not in _MIGRATIONS:
            raise ScenarioError(
                "version",
                f"version {version}은(는) 이 프로그램이 모르는 형식입니다({VERSION}까지 압니다).",
                f"version {version} is a format that this program does not know (it knows up to {VERSION}).",
            )
        found = _MIGRATIONS[version](found)
        version += 1
    return {key: value for key, value in found.items() if key != "version"}


def _population(file: "_Table") -> str | OwnBase:
    if not file.holds_table("population"):
        return file.text("population", str(Scenario.population))
    own = file.table("population")
    base = OwnBase(own.required("cases"), own.required("value_krw"), own.whole("year"))
    own.nothing_left()
    return base


def _limits(limits: "_Table") -> dict[str, Any]:
    found = {
        "from_krw": limits.number("from_krw", Scenario.from_krw),
        "to_krw": limits.number("to_krw", Scenario.to_krw),
        "via_krw": limits.list_of_numbers("via_krw"),
        "list_clearance_krw": limits.number("list_clearance_krw", None),
    }
    limits.nothing_left()
    return found


def _switches(behaviour: "_Table") -> Switches:
    switches = Switches(**{each.name: behaviour.truth(each.name) for each in fields(Switches)})
    behaviour.nothing_left()
    return switches


def _spread(table: "_Table") -> dict[str, float]:
    found = table.numbers()
    for parameter, deviation in found.items():
        if deviation <= 0:
            raise table.error(parameter, "0보다 커야 합니다", "must be above zero")
    return found


def _anchor(table: "_Table") -> ShareAbove:
    kind = table.text("kind", "cases")
    if kind not in _KINDS:
        raise table.error("kind", "cases 또는 value여야 합니다", "must be cases or value")
    anchor = ShareAbove(table.required("above_krw"), table.required("share"), _KINDS[kind])
    if anchor.above_krw < 0:
        raise table.error("above_krw", "0원 이상이어야 합니다", "must be zero or more")
    if not 0 <= anchor.share <= 1:
        raise table.error("share", "0과 1 사이의 비율이어야 합니다", "must be a fraction between 0 and 1")
    table.nothing_left()
    return anchor


class _Table:
    """One table of the file: its keys are taken one by one, and what is left over is unknown."""

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self._left = dict(values)
        self._place = place

    def error(self, key: str, ko: str, en: str) -> ScenarioError:
        """Say what is wrong with one key, named by its full path."""
        path = f"{self._place}{key}"
        return ScenarioError(path, f"{path}: {ko}.", f"{path} {en}.")

    def nothing_left(self) -> None:
        """Refuse keys that nobody asked for: a misspelt one must not go unnoticed."""
        for key in self._left:
            raise self.error(key, "모르는 항목입니다", "is no key of a scenario")

    def holds_table(self, key: str) -> bool:
        """Say whether a key holds a table rather than a value."""
        return isinstance(self._left.get(key), dict)

    def text(self, key: str, default: str) -> str:
        """Take a text."""
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise self.error(key, "글이어야 합니다", "must be text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(key, "글의 목록이어야 합니다", "must be a list of texts")
        return tuple(values)

    def truth(self, key: str) -> bool:
        """Take true or false; false where it is not given."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "true 또는 false여야 합니다", "must be true or false")
        return value

    def date(self, key: str) -> str:
        """Take a date, as TOML writes it or as text; empty where it is not given."""
        value = self._left.pop(key, "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if not isinstance(value, str) or (value and not _is_iso(value)):
            raise self.error(key, "2024-08-01 같은 날짜여야 합니다", "must be a date such as 2024-08-01")
        return value

    def number(self, key: str, default: float | None) -> Any:
        """Take a finite number, or the default as it is."""
        return self._number(key, self._left.pop(key)) if key in self._left else default

    def required(self, key: str) -> float:
        """Take a number that must be there."""
        if key not in self._left:
            raise self.error(key, "값이 있어야 합니다", "is missing")
        return self._number(key, self._left.pop(key))

    def whole(self, key: str) -> int:
        """Take a whole number that must be there."""
        value = self.required(key)
        if value != int(value):
            raise self.error(key, "정수여야 합니다", "must be a whole number")
        return int(value)

    def numbers(self) -> dict[str, float]:
        """Take every key as a number."""
        return {key: self.required(key) for key in list(self._left)}

    def list_of_numbers(self, key: str) -> tuple[float, ...]:
        """Take a list of numbers."""
        values = self._left.pop(key, [])
        if not isinstance(values, list):
            raise self.error(key, "숫자의 목록이어야 합니다", "must be a list of numbers")
        return tuple(self._number(key, value) for value in values)

    def table(self, key: str) -> "_Table":
        """Take a table; an empty one where it is not given."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "표([...])여야 합니다", "must be a table")
        return _Table(value, f"{self._place}{key}.")

    def tables(self, key: str) -> list["_Table"]:
        """Take a list of tables."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(key, "표([[...]])의 목록이어야 합니다", "must be a list of tables")
        return [_Table(value, f"{self._place}{key}.") for value in values]

    def _number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise self.error(key, "숫자여야 합니다", "must be a number")
        return float(value)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond any double
        return False
