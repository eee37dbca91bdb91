"""The whole answer: the contract of its names, and bounds that hold for every draw."""

import json

import numpy as np
import pytest

from dashboard.model.answer import answer
from dashboard.model.bounds import Bound
from dashboard.model.errors import LimitError, ModelError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals

LAYERS = {
    "assumption_free",
    "list_clearance_capped",
    "decreasing_density",
    "list_capped_and_decreasing",
    "log_decreasing_density",
    "any_lognormal",
}


def test_json_has_the_names_of_the_contract(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    found = answer(bases["total-2021"], default, 2e6, 4e6, few)
    again = json.loads(json.dumps(found.as_json("1", "2"), allow_nan=False))
    assert list(again) == [
        "model_version",
        "data_version",
        "assumptions",
        "from_krw",
        "to_krw",
        "population",
        "newly_qualifying",
        "bounds",
        "by_destination",
        "by_item",
        "burden_saved",
        "effective_sample_size",
    ]
    assert set(again["population"]) == {"id", "year", "cases", "value_krw", "mean_krw", "fx_krw_per_usd"}
    quantiles = ["p05", "p25", "p50", "p75", "p95"]
    assert all(list(part) == quantiles for part in again["newly_qualifying"].values())
    assert set(found.bounds) == LAYERS
    # Of the layers, the contract prints these; the page shows the others too.
    assert list(again["bounds"]) == [
        "assumption_free",
        "list_clearance_capped",
        "decreasing_density",
        "any_lognormal",
    ]
    assert {row["destination"] for row in again["by_destination"]} == {"JP", "US", "CN", "SG", "REST"}
    assert list(again["by_item"][0]) == ["item", "cases", "cases_upper_bound"]
    assert 0 <= again["newly_qualifying"]["share_of_value"]["p50"] <= 1


@pytest.mark.parametrize("name", ["total-2024", "total-2021", "declared-2021"])
def test_no_draw_exceeds_the_assumption_free_bound(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals, name: str
) -> None:
    found = answer(bases[name], default, 2e6, 4e6, few)
    free = found.bounds["assumption_free"]
    assert isinstance(free, Bound)
    # Draws vary around the published value; the bound is of the published value.
    drawn = found.result.worlds.cells.total_value_krw / bases[name].value_krw
    assert np.all(found.result.band.cases <= free.cases[1] * drawn)
    capped = found.bounds["list_clearance_capped"]
    assert isinstance(capped, Bound)
    share = {"total-2024": 0.48, "total-2021": 0.406, "declared-2021": 1.0}[name]
    assert capped.cases[1] == pytest.approx(share * free.cases[1])


def test_a_bound_that_does_not_hold_is_null_with_a_reason(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    found = answer(bases["total-2024"], default, 1e6, 2e6, few)
    refused = found.bounds["list_clearance_capped"]
    assert isinstance(refused, ModelError)
    for lang, reason in (("en", refused.en), ("ko", refused.ko)):
        told = json.loads(json.dumps(found.as_json("1", "2", lang)))["bounds"]["list_clearance_capped"]
        assert told == {"cases": None, "value_krw": None, "share_of_value": None, "reason": reason}


def test_a_wrong_question_has_no_answer(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    with pytest.raises(LimitError):
        answer(bases["total-2024"], default, 4e6, 2e6, few)


def test_inputs_are_unchanged_and_answers_repeat(default: Assumptions, bases: dict[str, Population]) -> None:
    before = repr(default)
    one, other = (
        answer(bases["total-2024"], default, 2e6, 4e6, StandardNormals.default(300)).as_json("1", "2")
        for _ in range(2)
    )
    assert one == other
    assert repr(default) == before
