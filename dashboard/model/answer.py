"""One question to the model and its whole answer, as numbers and as the plain structure that JSON prints.

The structure is a contract: its names do not change, shares are fractions, a bound that does not hold is null
with a reason in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dashboard.model import bounds
from dashboard.model.bounds import Bound, Facts
from dashboard.model.burden import Burden, saved
from dashboard.model.errors import Lang, ModelError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, Normals, StandardNormals
from dashboard.model.simulate import Group, Result, draw_worlds, newly_qualifying
from dashboard.model.summaries import Summary

_QUANTILES = ("p05", "p25", "p50", "p75", "p95")
# The bounds of the contract; the page shows more layers, and a bound with the reader's own shares joins them.
_BOUNDS = ("assumption_free", "list_clearance_capped", "decreasing_density", "any_lognormal", "with_anchors")


@dataclass(frozen=True)
class Answer:
    """What newly qualifies, what no distribution can exceed layer by layer, and the paperwork saved."""

    result: Result
    bounds: Mapping[str, Bound | ModelError]
    burden: Burden

    def as_json(self, model_version: str, data_version: str, lang: Lang = "en") -> dict[str, object]:
        """Return the answer as dictionaries, lists, numbers and text; reasons are in the language `lang`."""
        result = self.result
        base = result.worlds.population
        return {
            "model_version": model_version,
            "data_version": data_version,
            "assumptions": result.worlds.assumptions.name,
            "from_krw": result.from_krw,
            "to_krw": result.to_krw,
            "population": {
                "id": base.id,
                "year": base.year,
                "cases": base.cases,
                "value_krw": base.value_krw,
                "mean_krw": base.mean_krw,
                "fx_krw_per_usd": base.fx_krw_per_usd,
            },
            "newly_qualifying": {
                "cases": quantiles(result.cases),
                "value_krw": quantiles(result.value_krw),
                "share_of_cases": quantiles(result.share_of_cases),
                "share_of_value": quantiles(result.share_of_value),
            },
            "bounds": {name: _bound(self.bounds[name], lang) for name in _BOUNDS if name in self.bounds},
            "by_destination": _groups("destination", result.by_destination),
            "by_item": _groups("item", result.by_item),
            "burden_saved": {"hours": quantiles(self.burden.hours), "krw": quantiles(self.burden.krw)},
            "effective_sample_size": result.effective_sample_size,
        }


def answer(
    population: Population,
    assumptions: Assumptions,
    from_krw: float,
    to_krw: float,
    normals: Normals | None = None,
) -> Answer:
    """Answer one question; the default normals have a fixed seed and 10,000 draws."""
    normals = normals or StandardNormals.default()
    result = newly_qualifying(draw_worlds(population, assumptions, normals), from_krw, to_krw)
    return Answer(result, bound_layers(population, assumptions, from_krw, to_krw), saved(result, normals))


def bound_layers(
    population: Population, assumptions: Assumptions, from_krw: float, to_krw: float
) -> dict[str, Bound | ModelError]:
    """Return every bound by name, or why it does not hold here.

    Where list clearance's share of value is a range, its lower end is used: the bound holds for all of it.
    """
    rows = assumptions.for_population(population.id)
    facts = Facts(from_krw, to_krw, population.cases, population.value_krw)
    list_share, list_limit = rows["list.value_share"].lowest, rows.value("list.limit_krw")
    layers = {
        "assumption_free": partial(bounds.assumption_free, facts),
        "list_clearance_capped": partial(bounds.list_clearance_capped, facts, list_share, list_limit),
        "decreasing_density": partial(bounds.decreasing_density, facts),
        "list_capped_and_decreasing": partial(
            bounds.list_capped_and_decreasing, facts, list_share, list_limit
        ),
        "log_decreasing_density": partial(
            bounds.log_decreasing_density, facts, rows.value("bounds.log_density_from_krw")
        ),
        "any_lognormal": partial(bounds.any_lognormal, facts),
    }
    found: dict[str, Bound | ModelError] = {}
    for name, layer in layers.items():
        try:
            found[name] = layer()
        except ModelError as error:
            found[name] = error
    return found


def quantiles(summary: Summary) -> dict[str, float]:
    """Return the quantiles of one quantity by name."""
    return {name: getattr(summary, name) for name in _QUANTILES}


def _bound(found: Bound | ModelError, lang: Lang) -> dict[str, object]:
    if isinstance(found, ModelError):
        return {
            "cases": None,
            "value_krw": None,
            "share_of_value": None,
            "reason": found.in_language(lang),
        }
    return {
        "cases": list(found.cases),
        "value_krw": list(found.value_krw),
        "share_of_value": list(found.share_of_value),
    }


def _groups(kind: str, groups: Sequence[Group]) -> list[dict[str, object]]:
    return [
        {kind: g.code, "cases": quantiles(g.cases), "cases_upper_bound": g.cases_upper_bound} for g in groups
    ]
