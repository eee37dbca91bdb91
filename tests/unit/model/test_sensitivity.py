"""What drives the answer: against exact arithmetic, and against fixing an input outright."""

from collections.abc import Iterable

import numpy as np
import pytest

from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.sensitivity import (
    GROUPS,
    group_of,
    publishable_figures,
    settling,
    shapley_shares,
    tornado,
    variance_shares,
)
from dashboard.model.simulate import draw_worlds, newly_qualifying
from dashboard.model.summaries import weighted_quantiles


def test_tornado_has_the_order_of_the_method_note(
    reference: Assumptions, bases: dict[str, Population]
) -> None:
    bars = tornado(bases["total-2024"], reference, 2e6, 4e6)
    ratios = {bar.assumption.parameter: bar.ratio for bar in bars}
    assert [bar.assumption.parameter for bar in bars[:2]] == ["shape.s", "shape.rho"]
    assert ratios["shape.s"] == pytest.approx(24.5, rel=0.25)
    assert ratios["shape.rho"] == pytest.approx(7.7, rel=0.25)
    assert ratios["mean.item.electronics"] == pytest.approx(2.9, rel=0.25)
    assert ratios["mean.destination.US"] == pytest.approx(1.8, rel=0.25)
    assert ratios["value.noise"] == pytest.approx(1.29, rel=0.05)
    assert ratios["cases.noise"] == pytest.approx(1.11, rel=0.05)
    assert all(bar.low_input < bar.high_input for bar in bars)


def test_tornado_ends_are_the_model_at_those_inputs(
    default: Assumptions, bases: dict[str, Population]
) -> None:
    base = bases["total-2024"]
    bar = tornado(base, default, 2e6, 4e6)[0]
    # Fixing the input at its end must give the same end.
    fixed = default.with_fixed(bar.assumption.parameter, bar.high_input)
    again = {b.assumption.parameter: b for b in tornado(base, fixed, 2e6, 4e6)}
    assert bar.assumption.parameter not in again
    other = next(iter(again.values()))
    middle = np.sqrt(other.cases_at_low * other.cases_at_high)
    assert middle == pytest.approx(bar.cases_at_high, rel=0.15)


def test_every_input_has_a_group(default: Assumptions, reference: Assumptions) -> None:
    skip = ("list.", "bounds.", "limit.", "sweep.", "draws.", "forecast.", "power.")
    for name in {*default, *reference}:
        if not name.startswith(skip):
            assert group_of(name) in GROUPS
    assert group_of("share.cell_noise") == "heterogeneity"
    assert group_of("share.item.food@total-2021") == "data"


def test_shapley_of_a_sum_with_an_interaction_is_exact() -> None:
    variance = {"a": 4.0, "b": 1.0, "c": 0.0}
    joint = 2.0  # of a and b together

    def explained(known: Iterable[str]) -> float:
        names = set(known)
        return sum(variance[n] for n in names) + (joint if {"a", "b"} <= names else 0.0)

    found = shapley_shares(list(variance), explained)
    assert found == pytest.approx({"a": 5 / 7, "b": 2 / 7, "c": 0.0})
    assert shapley_shares(["a", "b"], lambda _: 0.0) == {"a": 0.0, "b": 0.0}


@pytest.mark.parametrize("outcome", ["cases", "saving"])
def test_variance_shares_add_up(reference: Assumptions, bases: dict[str, Population], outcome: str) -> None:
    of_saving = outcome == "saving"
    streams = [StandardNormals(np.random.default_rng(seed), 2_000) for seed in (1, 2)]
    shares = variance_shares(bases["total-2024"], reference, 2e6, 4e6, *streams, of_saving=of_saving)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(share >= 0 for share in shares.values())
    assert max(shares, key=shares.__getitem__) == "tail"
    assert shares["data"] < 0.1
    assert ("cost" in shares) == of_saving
    # Without the shape's spread nothing of the tail is left.
    certain = reference
    for name in ("shape.s", "shape.rho", "shape.s_item"):
        certain = certain.with_fixed(name, certain.value(name))
    none = variance_shares(bases["total-2024"], certain, 2e6, 4e6, *streams)
    assert none["tail"] < 0.05


def test_settling_agrees_with_fixing_the_input(
    reference: Assumptions, bases: dict[str, Population], normals: StandardNormals
) -> None:
    base = bases["total-2024"]
    result = newly_qualifying(draw_worlds(base, reference, normals), 2e6, 4e6)
    found = {s.name: s.shrink for s in settling(result, normals, {})}

    def width(assumptions: Assumptions, streams: StandardNormals) -> tuple[float, float]:
        worlds = draw_worlds(base, assumptions.with_fixed("shape.pareto_most", 0.95), streams)
        logs = np.log(newly_qualifying(worlds, 2e6, 4e6).band.cases)
        low, high = weighted_quantiles(logs[np.newaxis], worlds.weights, (0.05, 0.95))[0]
        return float(high - low), worlds.effective_sample_size

    streams = StandardNormals.default(2_000)
    whole, _ = width(reference, streams)
    middles = (np.arange(12) + 0.5) / 12
    for name in ("shape.s", "shape.rho"):
        points = np.quantile(reference[name].at(normals.of(name)), middles)
        widths = [width(reference.with_fixed(name, float(p)), streams)[0] for p in points]
        assert found[name] == pytest.approx(1 - np.mean(widths) / whole, abs=0.07)


def test_the_count_itself_settles_everything_and_noise_nothing(
    default: Assumptions, bases: dict[str, Population], normals: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, normals)
    result = newly_qualifying(worlds, 2e6, 4e6)
    figures = publishable_figures(worlds, result, [620e3, 1e6])
    noise = normals.of("nothing.at.all")
    found = settling(result, normals, {**figures, "noise": noise})
    shrink = {s.name: s.shrink for s in found}
    assert found[0].name == "count_in_band"
    assert shrink["count_in_band"] == pytest.approx(1, abs=0.01)
    assert abs(shrink["noise"]) < 0.03
    assert shrink["share_above_1000000"] > shrink["shape.s"] > shrink["shape.rho"]
    nothing = newly_qualifying(worlds, 2e6, 2e6)
    assert all(s.shrink == 0 for s in settling(nothing, normals, {}))
