"""Paperwork saved a year, by the Standard Cost Model.

Saved is cases x (time x tariff x (1 + overhead) + difference of fees).

Fees come first: where a broker or forwarder files, the difference of the two fees is saved, and whatever
of the own time falls away besides. Where the exporter files, time is saved: minutes of a formal
declaration, times the share of its fields that the simplified form omits, times how much of that share
shows in time. Hours, won and fields are a year's. Fees and wages are KRW.

Source: International Standard Cost Model Manual; EU Better Regulation Toolbox, tool 60.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.model.arrays import FloatArray
from dashboard.model.behaviour import Outcome
from dashboard.model.errors import AssumptionError
from dashboard.model.priors import Assumptions, Normals
from dashboard.model.simulate import Result
from dashboard.model.summaries import Summary

_MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class SavingPerCase:
    """Saved on one declaration in each draw: hours of the exporter's own time, and KRW in all; and `uptake`, the share that use it."""

    hours: FloatArray
    krw: FloatArray
    uptake: FloatArray


@dataclass(frozen=True)
class Burden:
    """Saved a year: the declarations counted in each draw, what each saves, and the fields that each leaves out.

    A summary sorts all draws, so each is made when it is first asked for.
    """

    cases: FloatArray
    each: SavingPerCase
    fields_omitted: float
    weights: FloatArray

    @property
    def krw_draws(self) -> FloatArray:
        """KRW saved in each draw."""
        return self.cases * self.each.krw

    @cached_property
    def hours(self) -> Summary:
        """Hours of the exporters' own time."""
        return Summary.of(self.cases * self.each.hours, self.weights)

    @cached_property
    def krw(self) -> Summary:
        """KRW in all."""
        return Summary.of(self.krw_draws, self.weights)

    @cached_property
    def fields(self) -> Summary:
        """Fields that nobody fills in."""
        return Summary.of(self.cases * self.fields_omitted, self.weights)

    @cached_property
    def declarations(self) -> Summary:
        """Declarations counted."""
        return Summary.of(self.cases, self.weights)

    @cached_property
    def minutes_per_case(self) -> Summary:
        """Minutes saved on one declaration."""
        return Summary.of(self.each.hours * _MINUTES_PER_HOUR, self.weights)

    @cached_property
    def krw_per_case(self) -> Summary:
        """KRW saved on one declaration."""
        return Summary.of(self.each.krw, self.weights)

    def break_even(self, cost_krw: float) -> "BreakEven":
        """Set a yearly cost of the change, in KRW, against the saving."""
        if not cost_krw >= 0:
            raise AssumptionError(
                "비용은 0원 이상이어야 합니다.", "The cost must be a number of won, zero or above."
            )
        middle = self.krw_per_case
        return BreakEven(
            cost_krw,
            cases_needed=tuple(_ratio(cost_krw, at) for at in (middle.p95, middle.p50, middle.p05)),
            chance_that_saving_exceeds_cost=float(self.weights @ (self.krw_draws > cost_krw)),
        )


@dataclass(frozen=True)
class BreakEven:
    """Declarations a year that pay for a cost (few, middle, many); the chance that the saving exceeds it."""

    cost_krw: float
    cases_needed: tuple[float, ...]
    chance_that_saving_exceeds_cost: float


def saving_per_case(assumptions: Assumptions, normals: Normals) -> SavingPerCase:
    """Draw what one simplified declaration saves against a formal one."""

    def drawn(name: str) -> FloatArray:
        return assumptions[f"burden.{name}"].at(normals.of(f"burden.{name}"))

    formal, simplified = drawn("fields_formal"), drawn("fields_simplified")
    omitted = np.maximum(formal - simplified, 0.0) / formal
    hours = drawn("minutes_formal") / _MINUTES_PER_HOUR * omitted * drawn("time_per_field_saved")
    outsourced = drawn("outsourced")
    own = hours * (1 - outsourced * (1 - drawn("own_time_when_outsourced")))
    fees = np.maximum(drawn("fee_formal_krw") - drawn("fee_simplified_krw"), 0.0)
    krw = own * drawn("wage_krw_per_hour") * (1 + drawn("overhead")) + outsourced * fees
    return SavingPerCase(own, krw, assumptions["behaviour.uptake"].at(normals.of("behaviour.uptake")))


def saved(
    result: Result, normals: Normals, outcome: Outcome | None = None, each: SavingPerCase | None = None
) -> Burden:
    """Return what a year's newly simplified declarations save.

    Without an outcome, or with one that leaves uptake off, the uptake prior still applies: who keeps the
    formal form saves nothing. Who asks for many limits hands in what each declaration saves: no limit changes it.
    """
    rows = result.worlds.assumptions.for_population(result.worlds.population.id)
    each = each or saving_per_case(rows, normals)
    cases = result.band.cases if outcome is None else outcome.total
    if outcome is None or not outcome.switches.uptake:
        cases = cases * each.uptake
    omitted = rows.value("burden.fields_formal") - rows.value("burden.fields_simplified")
    return Burden(cases, each, omitted, result.worlds.weights)


def _ratio(cost: float, each: float) -> float:
    if cost == 0:
        return 0.0
    return cost / each if each > 0 else float("inf")
