"""A scenario and the data in, the answer out: the contract, changes, exclusions, stacked steps and anchors."""

import json
import math
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest

from dashboard import store
from dashboard.ask import Asked, ask, assumptions, population, share
from dashboard.model.behaviour import Switches
from dashboard.model.bounds import Bound
from dashboard.model.errors import (
    AssumptionError,
    InfeasibleAnchorsError,
    LimitError,
    ModelError,
    PopulationError,
)
from dashboard.model.priors import StandardNormals
from dashboard.scenarios import STEPS, OwnBase, Scenario, ScenarioError, ShareAbove

QUANTILES = {"p05", "p25", "p50", "p75", "p95"}


class Data:
    """The rows of the warehouse, and few draws to ask with."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.populations = store.population_rows(connection)
        self.assumptions = store.assumption_rows(connection)
        self.normals = StandardNormals.default(400)

    def ask(self, scenario: Scenario) -> Asked:
        return ask(scenario, self.populations, self.assumptions, self.normals)

    def json(self, scenario: Scenario) -> dict[str, Any]:
        told = json.dumps(self.ask(scenario).as_json("0.1.0", "0123"), allow_nan=False)
        found: dict[str, Any] = json.loads(told)
        return found


@pytest.fixture(scope="module")
def data(warehouse: duckdb.DuckDBPyConnection) -> Data:
    return Data(warehouse)


def high(asked: Asked, name: str) -> float:
    bound = asked.bounds[name]
    assert isinstance(bound, Bound)
    return bound.cases[1]


def test_populations_are_those_of_the_warehouse(data: Data) -> None:
    base = population("total-2024", data.populations)
    assert (base.id, base.year, base.cases, base.value_krw) == ("total-2024", 2024, 61.17e6, 4.091e12)
    assert base.fx_krw_per_usd == pytest.approx(4.091e12 / 2.903e9)
    declared = population("declared-2021", data.populations)
    assert declared.value_krw == pytest.approx(708.132e6 * 1_144.8911)
    own = population(OwnBase(1e6, 5e10, 2023), data.populations)
    assert (own.id, own.year, own.mean_krw, own.fx_krw_per_usd) == ("own", 2023, 50_000, None)


def test_what_no_limit_changes_may_be_handed_in(data: Data) -> None:
    asked = data.ask(Scenario())
    shared = share(Scenario(), data.populations, data.assumptions, data.normals)
    again = ask(Scenario(), data.populations, data.assumptions, data.normals, shared)
    assert again.result.cases == asked.result.cases
    assert again.burden.krw == asked.burden.krw


def test_rows_are_typed_with_none_for_what_is_empty(data: Data) -> None:
    row = next(row for row in data.assumptions if row["assumption_id"] == "D036")
    assert (row["p1"], row["p3"], row["source_id"], row["judgement"]) == (0.4, None, None, True)
    assert {row["set"] for row in data.assumptions} == {"default", "reference"}
    assert not any(
        isinstance(value, float) and math.isnan(value) for r in data.assumptions for value in r.values()
    )


def test_the_plain_answer_is_the_contract_and_nothing_more(data: Data) -> None:
    told = data.json(Scenario())
    assert list(told) == [
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
    assert list(told["bounds"]) == [
        "assumption_free",
        "list_clearance_capped",
        "decreasing_density",
        "any_lognormal",
    ]


def test_extras_appear_when_used(data: Data) -> None:
    told = data.json(
        Scenario(
            name="all of it",
            via_krw=(3e6,),
            excluded_items=("food",),
            switches=Switches(uptake=True, volume=True),
            changed={"shape.s": 0.95},
            anchors=(ShareAbove(1e6, 0.003),),
        )
    )
    assert told["changed_assumptions"] == ["shape.s"]
    assert told["scenario"]["excluded_items"] == ["food"]
    assert set(told["behaviour"]) == {"mechanical", "uptake", "volume", "total"}
    parts = [told["behaviour"][name]["mean"] for name in ("mechanical", "uptake", "volume")]
    assert sum(parts) == pytest.approx(told["behaviour"]["total"]["mean"])
    assert [(step["from_krw"], step["to_krw"]) for step in told["steps"]] == [(2e6, 3e6), (3e6, 4e6)]
    assert told["bounds"]["with_anchors"]["cases"][1] == pytest.approx(0.003 * 61.17e6, rel=1e-6)
    assert {row["item"] for row in told["by_item"]} == {"cosmetics", "fashion", "electronics", "other"}


def test_a_bound_that_does_not_hold_has_a_reason_in_the_language_asked(data: Data) -> None:
    asked = data.ask(Scenario(from_krw=1e6, to_krw=2e6))
    refused = asked.bounds["list_clearance_capped"]
    assert isinstance(refused, ModelError)
    for lang, sentence in (("en", refused.en), ("ko", refused.ko)):
        told: Any = asked.as_json("1", "2", lang)
        assert told["bounds"]["list_clearance_capped"]["reason"] == sentence
        assert told["bounds"]["list_clearance_capped"]["cases"] is None


@pytest.mark.parametrize("name", ["total-2024", "declared-2021"])
def test_the_stacked_history_adds_up(data: Data, name: str) -> None:
    first, second, both = (
        data.ask(Scenario(population=name).on(STEPS[step])) for step in ("2m-4m", "4m-5m", "2m-5m")
    )
    assert first.steps == second.steps == ()
    for part in ("cases", "value_krw", "by_destination", "by_item"):
        whole = getattr(both.result.band, part)
        stacked = sum(getattr(step.band, part) for step in both.steps)
        np.testing.assert_allclose(stacked, whole, rtol=1e-12)
        alone = getattr(first.result.band, part) + getattr(second.result.band, part)
        np.testing.assert_allclose(alone, whole, rtol=1e-12)
    means = [step.cases.mean for step in both.steps]
    assert means == pytest.approx([first.result.cases.mean, second.result.cases.mean], rel=1e-12)
    assert sum(means) == pytest.approx(both.result.cases.mean, rel=1e-12)


def test_items_left_out_lower_the_answer_but_no_bound(data: Data) -> None:
    whole, part = data.ask(Scenario()), data.ask(Scenario(excluded_items=("electronics",)))
    gone = next(group.cases.mean for group in whole.result.by_item if group.code == "electronics")
    assert gone > 0
    assert part.result.cases.mean == pytest.approx(whole.result.cases.mean - gone)
    assert part.burden.krw.mean < whole.burden.krw.mean
    assert part.bounds == whole.bounds
    everything = ("cosmetics", "fashion", "electronics", "food", "other")
    nothing = data.ask(Scenario(excluded_items=everything, switches=Switches(*[True] * 5)))
    assert nothing.result.cases.p95 == nothing.burden.krw.p95 == 0
    assert np.all(nothing.outcome.total == 0)


def test_a_change_is_applied_where_it_holds_and_marked(data: Data) -> None:
    asked = data.ask(
        Scenario(population="total-2021", changed={"share.destination.US": 0.3, "shape.s": 0.85})
    )
    found = asked.worlds.assumptions
    # The base has shares of its own; a centre that stays where it was is no change.
    assert found.changed == {"share.destination.US@total-2021"}
    assert found.value("share.destination.US@total-2021") == 0.3
    assert found.value("share.destination.US") == 0.27
    own = data.ask(Scenario(population=OwnBase(1e6, 5e10, 2023), changed={"share.destination.US": 0.3}))
    assert own.worlds.assumptions.changed == {"share.destination.US"}


def test_a_spread_is_applied_around_the_centre_and_marked(data: Data) -> None:
    wide, told = Scenario(), Scenario(name="our sample", changed={"shape.s": 0.9}, spread={"shape.s": 0.02})
    row = data.ask(told).worlds.assumptions["shape.s"]
    assert (row.p1, row.p2) == (0.9, 0.02)
    one, other = data.ask(wide).result.cases, data.ask(told).result.cases
    assert other.p95 / other.p05 < one.p95 / one.p05
    shown = data.json(told)
    assert shown["changed_assumptions"] == ["shape.s"]
    assert shown["scenario"]["spread"] == {"shape.s": 0.02}
    assert data.ask(Scenario(spread={"shape.s": 0.2})).worlds.assumptions.changed == frozenset()


def test_a_thicker_tail_raises_the_answer_by_the_same_luck(data: Data) -> None:
    one, other = data.ask(Scenario()), data.ask(Scenario(changed={"shape.s": 1.05}))
    assert np.mean(other.result.band.cases > one.result.band.cases) > 0.8
    assert one.as_json("1", "2") == data.ask(Scenario()).as_json("1", "2")


def test_the_limit_of_list_clearance_decides_whether_its_bound_holds(data: Data) -> None:
    lower = data.ask(Scenario(from_krw=1.5e6, list_clearance_krw=1.5e6))
    assert high(lower, "list_clearance_capped") == pytest.approx(0.48 * 4.091e12 / 1.5e6)
    assert isinstance(data.ask(Scenario(from_krw=1.5e6)).bounds["list_clearance_capped"], LimitError)
    with pytest.raises(AssumptionError):
        data.ask(Scenario(list_clearance_krw=9e9))


@pytest.mark.parametrize(
    ("anchor", "cases"),
    [
        (ShareAbove(2e6, 0.001), 0.001 * 61.17e6),
        (ShareAbove(1e6, 0.0001), 0.0001 * 61.17e6),
        (ShareAbove(2e6, 0.05, "value"), 0.05 * 4.091e12 / 2e6),
    ],
)
def test_a_share_that_the_user_knows_sharpens_its_own_bound(
    data: Data, anchor: ShareAbove, cases: float
) -> None:
    asked = data.ask(Scenario(anchors=(anchor,)))
    assert high(asked, "with_anchors") == pytest.approx(cases, rel=1e-6)
    assert high(asked, "assumption_free") == 2_045_500
    assert asked.result.cases == data.ask(Scenario()).result.cases


def test_behaviour_stands_apart_from_the_mechanical_answer(data: Data) -> None:
    off, on = data.ask(Scenario()), data.ask(Scenario(switches=Switches(splitting=True, uptake=True)))
    assert on.result.cases == off.result.cases
    assert off.outcome.parts == {}
    assert set(on.outcome.parts) == {"splitting", "uptake"}
    assert on.burden.declarations.mean > off.burden.declarations.mean


def test_what_would_settle_it_is_ranked(data: Data) -> None:
    found = data.ask(Scenario()).settling()
    assert found[0].name == "count_in_band"
    assert [each.shrink for each in found] == sorted((each.shrink for each in found), reverse=True)
    assert {"share_above_2000000", "share_above_4000000", "shape.s"} <= {each.name for each in found}


@pytest.mark.parametrize(
    ("wrong", "error", "named"),
    [
        ({"population": "total-1999"}, ScenarioError, "total-1999"),
        ({"assumptions": "hopeful"}, ScenarioError, "hopeful"),
        ({"excluded_items": ("cars",)}, ScenarioError, "cars"),
        ({"changed": {"shape.x": 1.0}}, ScenarioError, "changed.shape.x"),
        ({"spread": {"shape.x": 1.0}}, ScenarioError, "spread.shape.x"),
        (
            {"spread": {"list.value_share@total-2021": 0.1}},
            ScenarioError,
            "spread.list.value_share@total-2021",
        ),
        ({"spread": {"shape.rho": 2.0}}, AssumptionError, "2"),
        ({"changed": {"list.value_share@total-2021": 0.5}}, ScenarioError, "list.value_share@total-2021"),
        ({"changed": {"shape.s": 40.0}}, AssumptionError, "0.5"),
        ({"changed": {"share.item.food": 0.5, "share.item.other": 0.6}}, AssumptionError, "1"),
        ({"from_krw": 4e6, "to_krw": 2e6}, LimitError, ""),
        ({"from_krw": -1.0}, LimitError, "100,000,000"),
        ({"to_krw": 1e9}, LimitError, "100,000,000"),
        ({"to_krw": math.nan}, LimitError, ""),
        ({"from_krw": "2M"}, LimitError, ""),
        ({"via_krw": (5e6,)}, ScenarioError, "via_krw"),
        ({"via_krw": (1e6,)}, ScenarioError, "via_krw"),
        ({"population": OwnBase(0, 5e10, 2023)}, PopulationError, ""),
        ({"population": OwnBase(1e6, -1, 2023)}, PopulationError, ""),
        ({"anchors": (ShareAbove(1e6, 0.2),)}, InfeasibleAnchorsError, ""),
        ({"anchors": (ShareAbove(1e6, 0.01), ShareAbove(2e6, 0.02))}, InfeasibleAnchorsError, ""),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_in_both_languages(
    data: Data, wrong: dict[str, Any], error: type[ModelError], named: str
) -> None:
    before = repr(data.assumptions)
    with pytest.raises(error) as caught:
        data.ask(replace(Scenario(), **wrong))
    assert type(caught.value) is error
    for sentence in (caught.value.ko, caught.value.en):
        assert named in sentence
        assert sentence.endswith((".", ")."))
        assert "\n" not in sentence
    assert any("가" <= letter <= "힣" for letter in caught.value.ko)
    assert repr(data.assumptions) == before


def test_a_population_and_its_assumptions_need_no_model_run(data: Data) -> None:
    found = assumptions(data.assumptions, Scenario(assumptions="reference", changed={"shape.rho": 0.3}))
    assert (found.name, found.value("shape.rho"), found.changed) == (
        "reference",
        pytest.approx(0.3),
        {"shape.rho"},
    )
