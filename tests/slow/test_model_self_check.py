"""Does a 90% interval hold the truth nine times in ten? 500 worlds drawn from the prior say so.

In each world the model sees only what a publisher would print: totals with their error, margins rounded
to a tenth of a per cent, and one tail share with error. The true count of the band stays hidden. The same
test must fail for a prior that is narrower than the worlds are.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals, read_assumptions
from dashboard.model.simulate import Worlds, draw_worlds, newly_qualifying, tail_share

pytestmark = pytest.mark.slow

WORLDS = 500
DRAWS = 2_000
BAND = (2e6, 4e6)
TAIL_ERROR = 0.3
TAIL_FREEDOM = 3
ROUNDED_TO = 0.001
COVERAGE = (0.87, 0.93)
BASE = Population("world", 2024, 61.17e6, 4.091e12)


@pytest.fixture(scope="module", params=["default", "reference"])
def assumptions(request: pytest.FixtureRequest) -> Assumptions:
    path = Path(__file__).parents[2] / "data/reference/assumptions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return read_assumptions(csv.DictReader(file), request.param)


@pytest.fixture(scope="module")
def truth(assumptions: Assumptions) -> Worlds:
    # Without the soft anchor every draw of the prior weighs the same; the printed tail share takes its place.
    plain = Assumptions(
        assumptions.name, {k: v for k, v in assumptions.rows.items() if k != "tail.share_above"}
    )
    return draw_worlds(BASE, plain, StandardNormals(np.random.default_rng(11), WORLDS))


def printed(truth: Worlds, world: int, assumptions: Assumptions) -> tuple[Population, Assumptions]:
    """Return the base and the assumptions as they look from outside one world."""
    generator = np.random.default_rng([13, world])
    cells = truth.cells
    errors = [assumptions[f"{name}.noise"].p2 or 0.0 for name in ("value", "cases")]
    value, cases = (
        float(total[world] * np.exp(generator.normal(0, error)))
        for total, error in zip((cells.total_value_krw, cells.total_cases), errors, strict=True)
    )
    seen = assumptions
    margins = {
        "share.destination": (cells.destinations, cells.value_krw.sum(axis=1)[:, world]),
        "share.item": (cells.items, cells.value_krw.sum(axis=0)[:, world]),
    }
    if "case_share.destination.JP" in assumptions:
        margins["case_share.destination"] = (cells.destinations, cells.cases.sum(axis=1)[:, world])
    for prefix, (members, totals) in margins.items():
        for member, total in zip(members, totals, strict=True):
            share = max(round(float(total / totals.sum()) / ROUNDED_TO) * ROUNDED_TO, ROUNDED_TO / 2)
            seen = seen.with_spread(f"{prefix}.{member}", share, ROUNDED_TO / 4 / share)
    multiple = assumptions.value("tail.multiple_of_mean")
    tail = tail_share(truth, multiple)[world] * np.exp(TAIL_ERROR * generator.standard_t(TAIL_FREEDOM))
    seen = seen.with_spread("tail.share_above", float(f"{tail:.1e}"), TAIL_ERROR)
    return Population("world", 2024, float(f"{cases:.3e}"), float(f"{value:.3e}")), seen


def coverage(truth: Worlds, assumptions: Assumptions) -> float:
    """Return the share of the worlds whose true count lies in the model's 90% interval."""
    hidden = newly_qualifying(truth, *BAND).band.cases
    normals = StandardNormals(np.random.default_rng(17), DRAWS)
    inside = 0
    for world in np.flatnonzero(truth.weights > 0):
        base, seen = printed(truth, int(world), assumptions)
        found = newly_qualifying(draw_worlds(base, seen, normals), *BAND).cases
        inside += found.p05 <= hidden[world] <= found.p95
    return inside / int(np.sum(truth.weights > 0))


def test_interval_holds_the_truth(truth: Worlds, assumptions: Assumptions) -> None:
    share = coverage(truth, assumptions)
    assert COVERAGE[0] <= share <= COVERAGE[1]


def test_a_narrowed_prior_fails(truth: Worlds, assumptions: Assumptions) -> None:
    spread = assumptions["shape.s"]
    narrow = assumptions.with_spread("shape.s", spread.p1, (spread.p2 or 0.0) / 4)
    rho = narrow["shape.rho"]
    narrow = narrow.with_spread("shape.rho", 10 * rho.p1, 10 * (rho.p2 or 0.0))
    share = coverage(truth, narrow)
    assert share < COVERAGE[0]
