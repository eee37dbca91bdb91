"""Hours and won saved: the method note's numbers, hand arithmetic, and break-even."""

import numpy as np
import pytest

from dashboard.model.behaviour import Switches, respond
from dashboard.model.burden import saved, saving_per_case
from dashboard.model.errors import AssumptionError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.simulate import Result, draw_worlds, newly_qualifying


@pytest.fixture(scope="module")
def result(reference: Assumptions, bases: dict[str, Population], normals: StandardNormals) -> Result:
    return newly_qualifying(draw_worlds(bases["total-2024"], reference, normals), 2e6, 4e6)


def test_near_the_method_note(reference: Assumptions, normals: StandardNormals) -> None:
    base = Population("h1-2024-doubled", 2024, 57.8e6, 3.55e12)
    found = saved(newly_qualifying(draw_worlds(base, reference, normals), 2e6, 4e6), normals)
    assert found.minutes_per_case.p50 == pytest.approx(8.6, rel=0.1)
    assert found.krw_per_case.p50 == pytest.approx(8_900, rel=0.1)
    assert found.hours.p50 == pytest.approx(1_330, rel=0.15)
    assert (found.hours.p05, found.hours.p95) == pytest.approx((130, 7_420), rel=0.25)
    assert found.krw.p50 == pytest.approx(77e6, rel=0.15)
    assert (found.krw.p05, found.krw.p95) == pytest.approx((7e6, 475e6), rel=0.25)
    assert found.fields.p50 == pytest.approx(294_000, rel=0.15)


def test_hand_arithmetic(default: Assumptions, few: StandardNormals) -> None:
    known = {
        "burden.minutes_formal": 38.0,
        "burden.time_per_field_saved": 0.5,
        "burden.wage_krw_per_hour": 40_000.0,
        "burden.overhead": 0.25,
        "burden.outsourced": 0.6,
        "burden.own_time_when_outsourced": 0.0,
        "burden.fee_formal_krw": 20_000.0,
        "burden.fee_simplified_krw": 220.0,
    }
    rows = default
    for name, value in known.items():
        rows = rows.with_fixed(name, value)
    found = saving_per_case(rows, few)
    # 38 min x 30/57 x 0.5 = 10 min, for the 40% that file themselves.
    np.testing.assert_allclose(found.hours, 0.4 * 10 / 60)
    np.testing.assert_allclose(found.krw, 0.4 * 10 / 60 * 40_000 * 1.25 + 0.6 * 19_780)


def test_uptake_counts_once(result: Result, normals: StandardNormals) -> None:
    plain = saved(result, normals)
    chosen = saved(result, normals, respond(result, Switches(uptake=True), normals))
    assert chosen.krw.p50 == pytest.approx(plain.krw.p50)
    barred = saved(result, normals, respond(result, Switches(exclusions=True), normals))
    assert barred.krw.p50 < plain.krw.p50


def test_break_even(result: Result, normals: StandardNormals) -> None:
    found = saved(result, normals)
    even = found.break_even(found.krw.p50)
    assert even.chance_that_saving_exceeds_cost == pytest.approx(0.5, abs=0.01)
    assert list(even.cases_needed) == sorted(even.cases_needed)
    assert even.cases_needed[1] == pytest.approx(found.krw.p50 / found.krw_per_case.p50)
    assert found.break_even(0).cases_needed == (0, 0, 0)
    with pytest.raises(AssumptionError):
        found.break_even(-1)
