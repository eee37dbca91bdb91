"""The waterfall from one question to another adds up, and blames what changed."""

from dataclasses import replace
from itertools import pairwise

import pytest

from dashboard.model.behaviour import Switches
from dashboard.model.compare import Question, cases_gained, waterfall
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals


def test_bars_add_up_exactly(
    default: Assumptions, reference: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    start = Question(bases["total-2021"], reference, 2e6, 4e6)
    end = Question(bases["total-2024"], default, 4e6, 5e6, Switches(uptake=True, splitting=True))
    steps = waterfall(start, end, few)
    assert [step.cause for step in steps] == ["limits", "cases", "value_per_case", "assumptions", "behaviour"]
    assert steps[0].before == cases_gained(start, few).p50
    assert steps[-1].after == cases_gained(end, few).p50
    for one, other in pairwise(steps):
        assert one.after == other.before
    total = steps[-1].after - steps[0].before
    assert sum(step.change for step in steps) == pytest.approx(total, rel=1e-12)


def test_only_what_changed_is_blamed(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    start = Question(bases["total-2024"], default, 2e6, 4e6)
    assert waterfall(start, start, few) == []
    assert [s.cause for s in waterfall(start, replace(start, to_krw=5e6), few)] == ["limits"]
    moved = replace(start, assumptions=default.with_centre("shape.s", 0.95))
    assert [s.cause for s in waterfall(start, moved, few)] == ["assumptions"]
    barred = replace(start, excluded_items=("food",))
    assert [s.cause for s in waterfall(start, barred, few)] == ["items"]
    mixed = waterfall(start, replace(start, population=bases["total-2021"]), few)
    assert [s.cause for s in mixed] == ["cases", "value_per_case", "mix"]
