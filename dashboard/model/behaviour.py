"""What people may change when the limit moves, each response switched on apart and off by default.

The mechanical result counts the cases as they are declared now. On top of it, in this order and adding up
exactly: goods barred by other rules drop out, some who may use the simplified form do not, orders that had
been split at the old limit are sent whole, orders declared too low are declared in full, and cheaper
paperwork brings some more trade. Undoing a split raises the simplified declarations by one and lowers all
declarations by the parts less one; undoing under-declaration changes no number of declarations.

Source of the window form: the bunching literature (Saez 2010; Kleven and Waseem 2013). Sizes are judgements.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import AssumptionError
from dashboard.model.priors import Normals
from dashboard.model.simulate import Result, above_limit
from dashboard.model.summaries import Summary, summaries

EXCLUSIONS = ("excluded_confirmation", "excluded_reexport", "excluded_breach")


@dataclass(frozen=True)
class Switches:
    """Which responses are switched on."""

    exclusions: bool = False
    uptake: bool = False
    splitting: bool = False
    under_declaration: bool = False
    volume: bool = False


@dataclass(frozen=True)
class Outcome:
    """Simplified declarations gained a year in each draw: mechanical, the parts by name, and their total."""

    result: Result
    switches: Switches
    mechanical: FloatArray
    parts: Mapping[str, FloatArray]
    change_in_all_declarations: FloatArray

    @property
    def total(self) -> FloatArray:
        """Simplified declarations gained a year once people respond."""
        return np.asarray(self.mechanical + sum(self.parts.values()))

    def summaries(self) -> dict[str, Summary]:
        """Summarise mechanical, each part that is on, and total; the means add up."""
        named = {"mechanical": self.mechanical, **self.parts, "total": self.total}
        found = summaries(np.vstack(list(named.values())), self.result.worlds.weights)
        return dict(zip(named, found, strict=True))


def respond(
    result: Result,
    switches: Switches,
    normals: Normals,
    saving_krw_per_case: FloatArray | None = None,
) -> Outcome:
    """Add the responses that are on; the volume response needs KRW saved per declaration, shape (n,)."""
    rows = result.worlds.assumptions.for_population(result.worlds.population.id)
    mechanical = result.band.cases

    def drawn(name: str) -> FloatArray:
        return rows[f"behaviour.{name}"].at(normals.of(f"behaviour.{name}"))

    parts: dict[str, FloatArray] = {}
    factor = np.ones_like(mechanical)
    if switches.exclusions:
        for name in EXCLUSIONS:
            kept = factor * (1 - drawn(name))
            parts[name] = mechanical * (kept - factor)
            factor = kept
    if switches.uptake:
        kept = factor * drawn("uptake")
        parts["uptake"] = mechanical * (kept - factor)
        factor = kept
    declarations = np.zeros_like(mechanical)
    if switches.splitting:
        share = drawn("split_share")
        undone = factor * _window(result, rows.value("behaviour.split_window")) * share / (1 - share)
        parts["splitting"] = undone
        declarations = declarations - undone * (rows.value("behaviour.split_parts") - 1)
    if switches.under_declaration:
        share = drawn("under_share")
        window = _window(result, rows.value("behaviour.under_window"))
        parts["under_declaration"] = factor * window * share / (1 - share)
    if switches.volume:
        if saving_krw_per_case is None:
            raise AssumptionError(
                "물량 반응에는 신고 한 건당 절감액이 필요합니다.",
                "The volume response needs the saving per declaration.",
            )
        mean = np.divide(
            result.band.value_krw,
            mechanical,
            out=np.full_like(mechanical, result.to_krw),
            where=mechanical > 0,
        )
        used = mechanical + sum(parts.values())
        parts["volume"] = used * drawn("elasticity") * saving_krw_per_case / mean
        declarations = declarations + parts["volume"]
    return Outcome(result, switches, mechanical, parts, declarations)


def _window(result: Result, width: float) -> FloatArray:
    """Count the cases from the old limit up to `width` of it above, but not beyond the new limit."""
    edge = min(result.to_krw, result.from_krw * (1 + width))
    if edge <= result.from_krw:
        return np.zeros_like(result.band.cases)
    if edge == result.to_krw:
        return result.band.cases
    return result.above_from.cases - above_limit(result.worlds, edge).cases
