"""A scenario and the data in, the model's whole answer out: on a page, on the command line and as JSON.

Rows come in as `store` gives them; nothing here reads a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from dashboard.model import backtest as model_backtest
from dashboard.model import bounds as model_bounds
from dashboard.model import sensitivity
from dashboard.model.answer import Answer, bound_layers, quantiles
from dashboard.model.backtest import OneYearAhead, Published
from dashboard.model.behaviour import Outcome, Switches, respond
from dashboard.model.bounds import Anchor, Bound, Facts
from dashboard.model.burden import Burden, SavingPerCase, saved, saving_per_case
from dashboard.model.errors import Lang, ModelError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, Normals, StandardNormals, read_assumptions
from dashboard.model.sensitivity import Settling
from dashboard.model.simulate import (
    Result,
    SurvivalGrid,
    Worlds,
    check_limits,
    draw_worlds,
    survival_grid,
    without_items,
)
from dashboard.scenarios import OwnBase, Scenario, ScenarioError, as_table

Row = Mapping[str, Any]

OWN = "own"
BACKTEST_YEARS = range(2019, 2025)


@dataclass(frozen=True)
class Asked:
    """The answer to a scenario; `steps` are the parts of a stacked history, which add up to the result."""

    scenario: Scenario
    normals: Normals
    result: Result
    steps: tuple[Result, ...]
    bounds: Mapping[str, Bound | ModelError]
    burden: Burden
    outcome: Outcome

    @property
    def worlds(self) -> Worlds:
        """The draws that the answer rests on, without the items left out."""
        return self.result.worlds

    def settling(self) -> list[Settling]:
        """What would settle it: inputs and figures that could be published, by how much each would narrow."""
        limits = sorted({self.result.from_krw, self.result.to_krw})
        publishable = sensitivity.publishable_figures(self.worlds, self.result, limits)
        return sensitivity.settling(self.result, self.normals, publishable)

    def as_json(self, model_version: str, data_version: str, lang: Lang = "en") -> dict[str, object]:
        """Return the contract's structure, and behind it what the scenario uses beyond limits and base.

        `lang` is the language of the reason where a bound does not hold.
        """
        told = Answer(self.result, self.bounds, self.burden).as_json(model_version, data_version, lang)
        return told | self._extras()

    def _extras(self) -> dict[str, object]:
        asked, extras = self.scenario, dict[str, object]()
        plain = Scenario(
            population=asked.population,
            from_krw=asked.from_krw,
            to_krw=asked.to_krw,
            effective=asked.effective,
            assumptions=asked.assumptions,
        )
        if asked != plain:
            extras["scenario"] = as_table(asked)
        if self.worlds.assumptions.changed:
            extras["changed_assumptions"] = sorted(self.worlds.assumptions.changed)
        if self.outcome.switches != Switches():
            extras["behaviour"] = {
                name: {**quantiles(found), "mean": found.mean}
                for name, found in self.outcome.summaries().items()
            }
        if self.steps:
            extras["steps"] = [
                {
                    "from_krw": step.from_krw,
                    "to_krw": step.to_krw,
                    "cases": {**quantiles(step.cases), "mean": step.cases.mean},
                    "value_krw": {**quantiles(step.value_krw), "mean": step.value_krw.mean},
                }
                for step in self.steps
            ]
        return extras


def population(chosen: str | OwnBase, rows: Iterable[Row]) -> Population:
    """Return the base that a scenario names, from rows of mart.population, or its own one."""
    if isinstance(chosen, OwnBase):
        return Population(OWN, chosen.year, chosen.cases, chosen.value_krw)
    by_id = {str(row["population_id"]): row for row in rows}
    if chosen not in by_id:
        raise _unknown("population", "모집단", "population", chosen, by_id)
    row = by_id[chosen]
    return Population(
        chosen, int(row["period"]), float(row["cases"]), float(row["value_krw"]), float(row["krw_per_usd"])
    )


def assumptions(rows: Sequence[Row], scenario: Scenario) -> Assumptions:
    """Return the scenario's set of priors with its changes in it, marked as changed.

    `rows` are those of mart.assumption, of all sets.
    """
    sets = dict.fromkeys(str(row["set"]) for row in rows)
    if scenario.assumptions not in sets:
        raise _unknown("assumptions", "가정 묶음", "set of assumptions", scenario.assumptions, sets)
    read = read_assumptions(rows, scenario.assumptions)
    centres = dict(scenario.changed)
    if scenario.list_clearance_krw is not None:
        centres["list.limit_krw"] = scenario.list_clearance_krw
    for table, parameters in (("changed", centres), ("spread", scenario.spread)):
        for parameter in parameters:
            # A row made for one population goes by its plain name: the population is the scenario's own.
            if parameter not in read or "@" in parameter:
                raise ScenarioError(
                    f"{table}.{parameter}",
                    f"{table}.{parameter}: 그런 가정이 없습니다.",
                    f"{table}.{parameter} is no parameter of the assumptions.",
                )
    base = scenario.population if isinstance(scenario.population, str) else OWN
    moved = read.with_centres({read.name_for(name, base): centre for name, centre in centres.items()})
    return moved.with_deviations({read.name_for(name, base): each for name, each in scenario.spread.items()})


def draw(
    scenario: Scenario, populations: Iterable[Row], assumption_rows: Sequence[Row], normals: Normals
) -> Worlds:
    """Draw the worlds of a scenario, which do not depend on its limits."""
    base = population(scenario.population, populations)
    priors = assumptions(assumption_rows, scenario)
    return _without(draw_worlds(base, priors, normals), scenario.excluded_items)


@dataclass(frozen=True)
class Shared:
    """What a scenario's answers share, whatever the limits: what lies above each of them in its worlds, and the saving."""

    grid: SurvivalGrid
    saving: SavingPerCase


def share(
    scenario: Scenario, populations: Iterable[Row], assumption_rows: Sequence[Row], normals: Normals
) -> Shared:
    """Draw the worlds of a scenario, in which its limits are evaluated as they are asked for."""
    worlds = draw(scenario, populations, assumption_rows, normals)
    rows = worlds.assumptions.for_population(worlds.population.id)
    return Shared(survival_grid(worlds), saving_per_case(rows, normals))


def ask(
    scenario: Scenario,
    populations: Sequence[Row],
    assumption_rows: Sequence[Row],
    normals: Normals | None = None,
    shared: Shared | None = None,
) -> Asked:
    """Answer a scenario; the default normals have a fixed seed and 10,000 draws.

    Who asks for many limits hands in what they share, made with the same normals.
    ModelError (ScenarioError is one) says in one sentence what cannot be asked.
    """
    normals = normals or StandardNormals.default()
    base = population(scenario.population, populations)
    priors = shared.grid.worlds.assumptions if shared else assumptions(assumption_rows, scenario)
    limits = _limits(scenario, priors)
    bounds = _bounds(scenario, base, priors)
    shared = shared or share(scenario, populations, assumption_rows, normals)
    grid, saving = shared.grid, shared.saving
    result = grid.newly_qualifying(limits[0], limits[-1])
    steps = tuple(grid.newly_qualifying(low, high) for low, high in pairwise(limits) if scenario.via_krw)
    outcome = respond(result, scenario.switches, normals, saving.krw)
    burden = saved(result, normals, outcome, saving)
    return Asked(scenario, normals, result, steps, bounds, burden, outcome)


def backtest(
    totals: Iterable[Row], priors: Assumptions, years: Iterable[int] = BACKTEST_YEARS
) -> OneYearAhead:
    """Forecast each year's total on the last day before it, from rows of `store.published_totals`.

    A total counts from the publication that we cite for it, so a forecast never knows more than people did.
    """
    vintages = [Published(int(row["year"]), float(row["value"]), row["published_on"]) for row in totals]
    return model_backtest.one_year_ahead(vintages, years, priors)


def _limits(scenario: Scenario, priors: Assumptions) -> list[float]:
    """Return the limits in order, those in between included; LimitError where they are in none."""
    limits = [scenario.from_krw, *scenario.via_krw, scenario.to_krw]
    highest = priors.value("limit.highest_krw")
    check_limits(scenario.from_krw, scenario.to_krw, highest)
    for low, high in pairwise(limits):
        if low > high:
            raise ScenarioError(
                "limits.via_krw",
                "limits.via_krw: 기존 한도와 새 한도 사이에서 차례로 커져야 합니다.",
                "limits.via_krw must rise from the old limit to the new one.",
            )
    return [float(limit) for limit in limits]


def _bounds(scenario: Scenario, base: Population, priors: Assumptions) -> dict[str, Bound | ModelError]:
    found = bound_layers(base, priors, scenario.from_krw, scenario.to_krw)
    if scenario.anchors:
        facts = Facts(scenario.from_krw, scenario.to_krw, base.cases, base.value_krw)
        known = [Anchor(each.above_krw, np.inf, each.share, each.kind) for each in scenario.anchors]
        found["with_anchors"] = model_bounds.linear_programme(facts, known)
    return found


def _without(worlds: Worlds, codes: Sequence[str]) -> Worlds:
    for code in codes:
        if code not in worlds.base.items:
            raise _unknown("excluded_items", "품목", "item", code, worlds.base.items)
    return without_items(worlds, codes)


def _unknown(key: str, ko: str, en: str, named: str, known: Iterable[str]) -> ScenarioError:
    listed = ", ".join(known)
    return ScenarioError(
        key,
        f"{key}: {ko} {named}은(는) 없습니다({listed} 중에서 골라 주세요).",
        f"{key}: there is no {en} {named} (choose one of {listed}).",
    )
