"""Responses are off by default, apart, signed as they should be, and add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model.behaviour import Switches, respond
from dashboard.model.burden import saving_per_case
from dashboard.model.errors import AssumptionError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.simulate import Result, draw_worlds, newly_qualifying


@pytest.fixture(scope="module")
def result(default: Assumptions, bases: dict[str, Population], few: StandardNormals) -> Result:
    return newly_qualifying(draw_worlds(bases["total-2024"], default, few), 2e6, 4e6)


def test_nothing_is_on_by_default(result: Result, few: StandardNormals) -> None:
    found = respond(result, Switches(), few)
    assert found.parts == {}
    assert np.array_equal(found.total, result.band.cases)
    assert not np.any(found.change_in_all_declarations)


@settings(deadline=None)
@given(switches=st.builds(Switches, *[st.booleans()] * 5))
def test_parts_add_up_to_the_total(result: Result, few: StandardNormals, switches: Switches) -> None:
    saving = saving_per_case(result.worlds.assumptions, few).krw
    found = respond(result, switches, few, saving)
    summed = found.mechanical + sum(found.parts.values())
    np.testing.assert_allclose(found.total, summed, rtol=1e-12)
    assert np.all(found.total >= 0)
    told = found.summaries()
    assert sum(s.mean for name, s in told.items() if name != "total") == pytest.approx(told["total"].mean)


def test_signs(result: Result, few: StandardNormals) -> None:
    saving = saving_per_case(result.worlds.assumptions, few).krw
    found = respond(result, Switches(*[True] * 5), few, saving)
    for name in ("excluded_confirmation", "excluded_reexport", "excluded_breach", "uptake"):
        assert np.all(found.parts[name] <= 0)
    for name in ("splitting", "under_declaration", "volume"):
        assert np.all(found.parts[name] >= 0)
    split = respond(result, Switches(splitting=True), few)
    assert np.all(split.change_in_all_declarations <= 0)
    np.testing.assert_allclose(split.change_in_all_declarations, -split.parts["splitting"])
    under = respond(result, Switches(under_declaration=True), few)
    assert not np.any(under.change_in_all_declarations)


def test_undoing_splits_inverts_them(result: Result, few: StandardNormals) -> None:
    certain = result.worlds.assumptions.with_fixed("behaviour.split_share", 0.2)
    worlds = draw_worlds(result.worlds.population, certain, few)
    whole = newly_qualifying(worlds, 2e6, 2.6e6)
    found = respond(whole, Switches(splitting=True), few)
    # 20% had been split, so what is seen is 80% of what there was: a quarter comes back.
    np.testing.assert_allclose(found.parts["splitting"], whole.band.cases / 4, rtol=1e-9)


def test_edges(result: Result, few: StandardNormals) -> None:
    with pytest.raises(AssumptionError):
        respond(result, Switches(volume=True), few)
    nothing = newly_qualifying(result.worlds, 2e6, 2e6)
    saving = saving_per_case(result.worlds.assumptions, few).krw
    assert not np.any(respond(nothing, Switches(*[True] * 5), few, saving).total)
