"""A scenario as TOML: what was asked of the model, so that anyone can ask it again. Read, write, migrate.

A file names its format by `version`; an older one is brought up step by step by `_MIGRATIONS`. Money is KRW
(FOB), shares are fractions between 0 and 1. What only the data can tell (whether a population, set, item or
parameter exists) is checked by `ask`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, get_args

import tomli_w

from dashboard import toml_file
from dashboard.model.behaviour import Switches
from dashboard.model.bounds import Kind
from dashboard.model.fit import Learned
from dashboard.toml_file import FileError, Format, Table

VERSION = 1
# From the version that is the key to the next one; a new format adds its row here.
_MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_KINDS: Mapping[str, Kind] = {name: name for name in get_args(Kind)}
# Whole amounts are written without a fraction, as long as a double tells neighbours apart.
_WHOLE = 2**53
# Empty, they would read as their default.
_ALWAYS_WRITTEN = ("population", "assumptions")


class ScenarioError(FileError):
    """A scenario that cannot be read or asked; `key` names the place in the file, empty for all of it."""


_FORMAT = Format("시나리오", "scenario", ScenarioError)


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
        if self.effective and not toml_file.is_iso(self.effective):
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


def anywhere(scenario: Scenario) -> Scenario:
    """Return the scenario without what its worlds do not depend on: limits, responses, what is known of values."""
    return Scenario(
        population=scenario.population,
        assumptions=scenario.assumptions,
        changed=scenario.changed,
        spread=scenario.spread,
        excluded_items=scenario.excluded_items,
        list_clearance_krw=scenario.list_clearance_krw,
    )


def read(text: str) -> Scenario:
    """Read a scenario from TOML; ScenarioError names the key that cannot be right."""
    file = toml_file.read(text, _FORMAT, VERSION, _MIGRATIONS)
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


def _population(file: Table) -> str | OwnBase:
    if not file.holds_table("population"):
        return file.text("population", str(Scenario.population))
    own = file.table("population")
    base = OwnBase(own.required("cases"), own.required("value_krw"), own.whole("year"))
    own.nothing_left()
    return base


def _limits(limits: Table) -> dict[str, Any]:
    found = {
        "from_krw": limits.number("from_krw", Scenario.from_krw),
        "to_krw": limits.number("to_krw", Scenario.to_krw),
        "via_krw": limits.list_of_numbers("via_krw"),
        "list_clearance_krw": limits.number("list_clearance_krw", None),
    }
    limits.nothing_left()
    return found


def _switches(behaviour: Table) -> Switches:
    switches = Switches(**{each.name: behaviour.truth(each.name) for each in fields(Switches)})
    behaviour.nothing_left()
    return switches


def _spread(table: Table) -> dict[str, float]:
    found = table.numbers()
    for parameter, deviation in found.items():
        if deviation <= 0:
            raise table.error(parameter, "0보다 커야 합니다", "must be above zero")
    return found


def _anchor(table: Table) -> ShareAbove:
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
