"""The headline: reference points, properties that hold for any input, and the cached sweep."""

import pickle
import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model import bounds
from dashboard.model.errors import AssumptionError, LimitError, PopulationError
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.simulate import (
    above_limit,
    check_limits,
    draw_worlds,
    newly_qualifying,
    survival_grid,
    sweep_limits,
    tail_share,
    value_distribution,
    without_items,
)
from dashboard.model.summaries import Summary, weighted_quantiles

POINTS = {
    "total-2024": (3_000, 19_800, 66_900),
    "total-2021": (600, 6_200, 27_500),
    "declared-2021": (1_200, 5_700, 15_400),
}


@pytest.mark.parametrize("name", POINTS)
def test_reference_points(
    name: str, reference: Assumptions, bases: dict[str, Population], normals: StandardNormals
) -> None:
    found = newly_qualifying(draw_worlds(bases[name], reference, normals), 2e6, 4e6).cases
    low, middle, high = POINTS[name]
    assert found.p50 == pytest.approx(middle, rel=0.15)
    assert found.p05 == pytest.approx(low, rel=0.25)
    assert found.p95 == pytest.approx(high, rel=0.25)


def test_a_changed_assumption_answers_at_once(
    default: Assumptions, bases: dict[str, Population], normals: StandardNormals
) -> None:
    draw_worlds(bases["total-2024"], default, normals)
    started = time.perf_counter()
    changed = draw_worlds(bases["total-2024"], default.with_centre("shape.s", 0.95), normals)
    newly_qualifying(changed, 2e6, 4e6)
    # The aim is 0.2 s; a shared machine gets four times that before the build fails.
    assert time.perf_counter() - started < 0.8


@pytest.mark.parametrize("name", POINTS)
def test_every_draw_adds_up(
    name: str, default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases[name], default, few)
    found = newly_qualifying(worlds, 2e6, 4e6)
    np.testing.assert_allclose(found.band.by_destination.sum(axis=0), found.band.cases, rtol=1e-9)
    np.testing.assert_allclose(found.band.by_item.sum(axis=0), found.band.cases, rtol=1e-9)
    assert sum(g.cases.mean for g in found.by_destination) == pytest.approx(found.cases.mean)
    assert sum(g.cases.mean for g in found.by_item) == pytest.approx(found.cases.mean)
    free = bounds.assumption_free(bounds.Facts(2e6, 4e6, bases[name].cases, bases[name].value_krw))
    assert sum(g.cases_upper_bound for g in found.by_destination) == pytest.approx(free.cases[1])
    for groups in found.splits():
        parts = sum(g.already_below.mean + g.newly.mean + g.still_above.mean for g in groups)
        assert parts == pytest.approx(float(worlds.cells.total_cases @ worlds.weights))
    # No draw may break what holds for any distribution at all.
    assert np.all(found.band.cases * 2e6 <= found.band.value_krw)
    assert np.all(found.band.value_krw <= found.band.cases * 4e6)
    assert worlds.effective_sample_size > 0.8 * worlds.draws
    assert worlds.too_few


def test_published_destination_cases_are_met(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    cells = draw_worlds(bases["total-2024"], default, few).cells
    united_states = cells.destinations.index("US")
    value = cells.value_krw.sum(axis=1)[united_states] / cells.total_value_krw
    cases = cells.cases.sum(axis=1)[united_states] / cells.total_cases
    assert np.median(value) == pytest.approx(0.27, rel=0.03)
    assert np.median(cases) == pytest.approx(0.045, rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.floats(5e5, 2e7), st.floats(1.0, 4.0), st.floats(1.0, 4.0), st.sampled_from(sorted(POINTS)))
def test_monotone_additive_and_zero(
    default: Assumptions,
    bases: dict[str, Population],
    few: StandardNormals,
    low: float,
    first: float,
    second: float,
    name: str,
) -> None:
    worlds = draw_worlds(bases[name], default, few)
    middle, high = low * first, min(low * first * second, 1e8)
    one, two = newly_qualifying(worlds, low, middle), newly_qualifying(worlds, middle, high)
    whole = newly_qualifying(worlds, low, high)
    np.testing.assert_allclose(one.band.cases + two.band.cases, whole.band.cases, rtol=1e-7, atol=1e-6)
    assert one.cases.mean + two.cases.mean == pytest.approx(whole.cases.mean, rel=1e-7, abs=1e-6)
    for quantile in ("p05", "p25", "p50", "p75", "p95"):
        assert getattr(one.cases, quantile) <= getattr(whole.cases, quantile) * (1 + 1e-9)
        assert getattr(one.value_krw, quantile) <= getattr(whole.value_krw, quantile) * (1 + 1e-9)
    nothing = newly_qualifying(worlds, low, low)
    assert nothing.cases == Summary(0, 0, 0, 0, 0, 0)
    assert nothing.share_of_value.p95 == 0


@settings(max_examples=15, deadline=None)
@given(st.floats(0.001, 50.0))
def test_values_and_limits_times_k_change_nothing(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals, unit: float
) -> None:
    base = bases["total-2024"]
    scaled = Population(base.id, base.year, base.cases, base.value_krw * unit)
    roomy = default.with_fixed("limit.highest_krw", 1e12)
    here = newly_qualifying(draw_worlds(base, roomy, few), 2e6, 4e6)
    there = newly_qualifying(draw_worlds(scaled, roomy, few), 2e6 * unit, 4e6 * unit)
    np.testing.assert_allclose(there.band.cases, here.band.cases, rtol=1e-8)
    np.testing.assert_allclose(there.band.value_krw, here.band.value_krw * unit, rtol=1e-8)


def test_grid_is_exact_on_its_limits_and_close_between(
    reference: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], reference, few)
    grid = survival_grid(worlds)
    assert grid.newly_qualifying(2e6, 4e6).cases == newly_qualifying(worlds, 2e6, 4e6).cases
    for low, high in (
        (2e6, 4_050_000.0),
        (2_345_678.0, 2_745_678.0),
        (4e6, 15e6),
        (3e5, 2e6),
        (520_000.0, 9_990_000.0),
    ):
        near, exact = grid.newly_qualifying(low, high), newly_qualifying(worlds, low, high)
        assert near.cases.p50 == pytest.approx(exact.cases.p50, rel=1e-4)
        np.testing.assert_allclose(near.band.by_item.sum(axis=0), near.band.cases, rtol=1e-6)
    limits = [limit for limit in sweep_limits(reference).tolist() if limit >= 2e6]
    points = grid.sweep(2e6, limits)
    assert points[0].cases.p95 == 0
    assert all(a.cases.p50 <= b.cases.p50 for a, b in pairwise(points))
    assert points[20].cases == newly_qualifying(worlds, 2e6, points[20].to_krw).cases


@settings(max_examples=30)
@given(st.floats(100_000, 20_000_000))
def test_a_limit_between_is_read_off_as_if_evaluated(
    reference: Assumptions, bases: dict[str, Population], few: StandardNormals, limit: float
) -> None:
    worlds = draw_worlds(bases["total-2024"], reference, few)
    exact = above_limit(worlds, limit)
    read_off = survival_grid(worlds)._at(limit)
    for name in ("cases", "value_krw", "by_destination", "by_item"):
        np.testing.assert_allclose(getattr(read_off, name), getattr(exact, name), rtol=1e-5, err_msg=name)


def test_sweep_is_quick_and_small(
    default: Assumptions, bases: dict[str, Population], normals: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, normals)
    tracemalloc.start()
    started = time.perf_counter()
    grid = survival_grid(worlds)
    for limit in grid.limits_krw.tolist():
        grid.above(limit)
    built = time.perf_counter() - started
    started = time.perf_counter()
    grid.newly_qualifying(2e6, 5e6)
    another = time.perf_counter() - started
    started = time.perf_counter()
    grid.sweep(2e6, [limit for limit in sweep_limits(default).tolist() if limit >= 2e6])
    swept = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The aims are 4 s, 20 ms and 300 ms; a shared machine gets a few times that before the build fails.
    assert built < 12
    assert another < 0.1
    assert swept < 1.2
    assert peak < 500e6


def test_result_carries_inputs_and_dots(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    changed = default.with_centre("shape.rho", 0.5)
    found = newly_qualifying(draw_worlds(bases["total-2024"], changed, few), 2e6, 4e6)
    assert found.worlds.assumptions.changed == {"shape.rho"}
    assert (found.from_krw, found.to_krw, found.worlds.population.id) == (2e6, 4e6, "total-2024")
    dots = found.dots(50)
    assert len(dots) == 50
    assert np.all(np.diff(dots) >= 0)
    assert np.mean(dots < found.cases.p50) == pytest.approx(0.5, abs=0.02)


def test_tail_anchor_pulls(
    reference: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    base = bases["total-2024"]
    loose = draw_worlds(base, reference, few)
    tight = draw_worlds(base, reference.with_spread("tail.share_above", 0.0015, 0.1), few)
    assert tight.effective_sample_size < loose.effective_sample_size
    tail = tail_share(tight, 10.0)
    assert float(tail @ tight.weights) == pytest.approx(0.0015, rel=0.2)


def test_value_distribution_falls(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    found = value_distribution(draw_worlds(bases["total-2024"], default, few), [1e4, 1e5, 1e6, 1e7])
    medians = [cases[2] for cases, _ in found.values()]
    assert medians == sorted(medians, reverse=True)
    assert 0.5 < medians[0] <= 1


@pytest.mark.parametrize(
    "pair", [(4e6, 2e6), (-1, 2e6), (2e6, 1e9), ("two", 4e6), (2e6, float("nan")), (0, 1)]
)
def test_bad_limits_are_named_in_both_languages(pair: tuple[object, object]) -> None:
    with pytest.raises(LimitError) as caught:
        check_limits(*pair, highest_krw=1e8)
    assert caught.value.ko.endswith((".", "다."))
    assert caught.value.en.endswith(".")


def test_weighted_quantiles_of_even_weights_are_those_of_numpy() -> None:
    rows = np.random.default_rng(1).normal(size=(3, 501))
    found = weighted_quantiles(rows, np.full(501, 1 / 501), (0.05, 0.5, 0.95))
    expected = np.quantile(rows, (0.05, 0.5, 0.95), axis=1, method="hazen").T
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.05, 0.25, 0.5, 0.75, 0.95]))
def test_quantiles_never_fall_where_every_draw_rises(seed: int, probability: float) -> None:
    generator = np.random.default_rng(seed)
    before = np.exp(generator.normal(0, 2, 40))
    after = before * (1 + 0.2 * generator.exponential(size=40) * (generator.random(40) < 0.5))
    weights = generator.dirichlet(np.full(40, 0.5))
    low, high = weighted_quantiles(np.vstack([before, after]), weights, [probability])[:, 0]
    assert low <= high * (1 + 1e-12)
    assert before.min() * (1 - 1e-12) <= low <= before.max() * (1 + 1e-12)


def test_no_mean_is_named_and_a_thin_tail_is_no_trouble(
    reference: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    base = bases["total-2024"]
    with pytest.raises(AssumptionError):
        draw_worlds(base, reference.with_fixed("shape.s", 1.5).with_fixed("shape.rho", 0.9), few)
    thin = reference.with_fixed("shape.s", 0.12).with_fixed("shape.rho", 0.0)
    grid = survival_grid(draw_worlds(base, thin, few))
    found = grid.newly_qualifying(4_050_000.0, 7_770_000.0)
    assert 0 <= found.cases.p95 < 1


def test_shipments_drawn_one_by_one_agree(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, few)
    generator = np.random.default_rng(23)
    draw, shipments = 7, 200_000
    cells = worlds.cells
    counts, means = cells.cases[..., draw].ravel(), cells.mean_krw[..., draw].ravel()
    cell = generator.choice(len(counts), shipments, p=counts / counts.sum())
    item = cell % len(cells.items)
    tau = worlds.shape.tau[item, draw]
    pareto = tau / worlds.shape.alpha_tau[draw]
    location = np.log(means[cell]) - worlds.shape.mean_over_location[item, draw]
    normal, exponential = generator.standard_normal(shipments), generator.standard_exponential(shipments)
    values = np.exp(location + tau * normal + pareto * exponential)
    total = float(cells.total_cases[draw])
    for limit in (3e4, 1e5, 4e5):
        expected = float(above_limit(worlds, limit).cases[draw]) / total
        error = np.sqrt(expected * (1 - expected) / shipments)
        assert np.mean(values > limit) == pytest.approx(expected, abs=4 * error)
    band = newly_qualifying(worlds, 4e5, 8e5).band
    within = (values > 4e5) & (values <= 8e5)
    seen = float(np.sum(values * within)) * total / shipments
    assert seen == pytest.approx(float(band.value_krw[draw]), rel=0.1)
    assert np.mean(within) * total == pytest.approx(float(band.cases[draw]), rel=0.1)


def test_results_survive_a_cache(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    found = newly_qualifying(draw_worlds(bases["total-2024"], default, few), 2e6, 4e6)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  # our own bytes
    assert again.cases == found.cases
    assert again.worlds.assumptions == default


def test_items_left_out_never_qualify_and_shares_stay_those_of_all(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, few)
    whole = newly_qualifying(worlds, 2e6, 4e6)
    parts = [
        newly_qualifying(without_items(worlds, set(worlds.cells.items) - {item}), 2e6, 4e6)
        for item in worlds.cells.items
    ]
    # Each item alone: its own draws to the last one, and together the whole.
    for place, part in enumerate(parts):
        np.testing.assert_allclose(part.band.cases, whole.band.by_item[place], rtol=1e-12)
        assert [group.code for group in part.by_item] == [worlds.cells.items[place]]
    for name in ("cases", "value_krw", "share_of_cases", "share_of_value"):
        assert sum(getattr(part, name).mean for part in parts) == pytest.approx(getattr(whole, name).mean)
    # Nothing that is known of the law changes, so no bound gets sharper, and none gets wider.
    bound = {group.code: group.cases_upper_bound for group in (*whole.by_destination, *whole.by_item)}
    for part in parts:
        for group in (*part.by_destination, *part.by_item):
            assert group.cases_upper_bound == pytest.approx(bound[group.code])
        assert part.effective_sample_size == whole.effective_sample_size


def test_items_are_left_out_one_by_one_or_at_once(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, few)
    at_once = newly_qualifying(without_items(worlds, ["food", "fashion"]), 2e6, 4e6)
    in_turn = newly_qualifying(without_items(without_items(worlds, ["food"]), ["fashion", "food"]), 2e6, 4e6)
    assert at_once.cases == in_turn.cases
    assert at_once.share_of_value == in_turn.share_of_value
    assert without_items(worlds, []) is worlds
    assert worlds.cells.items == ("cosmetics", "fashion", "electronics", "food", "other")
    multiple = default.value("tail.multiple_of_mean")
    kept = tail_share(without_items(worlds, ["food"]), multiple)
    assert np.all(kept < tail_share(worlds, multiple))
    (cases, value) = value_distribution(without_items(worlds, ["food"]), [1.0])[1.0]
    assert cases[2] < 0.99
    assert value[2] == pytest.approx(1 - default.value("share.item.food"), abs=0.02)


def test_all_items_left_out_is_nothing_and_an_unknown_one_is_refused(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, few)
    nothing = without_items(worlds, worlds.cells.items)
    found = newly_qualifying(nothing, 2e6, 4e6)
    assert found.cases == Summary(0, 0, 0, 0, 0, 0)
    assert found.share_of_value == Summary(0, 0, 0, 0, 0, 0)
    assert found.by_item == ()
    assert survival_grid(nothing).newly_qualifying(2e6, 4_050_000.0).cases.p95 == 0
    with pytest.raises(PopulationError, match="no item cars, toys"):
        without_items(worlds, ["toys", "food", "cars"])


def test_a_stacked_history_adds_up(
    default: Assumptions, bases: dict[str, Population], few: StandardNormals
) -> None:
    worlds = draw_worlds(bases["total-2024"], default, few)
    first, second, both = (newly_qualifying(worlds, a, b) for a, b in ((2e6, 4e6), (4e6, 5e6), (2e6, 5e6)))
    for part in ("cases", "value_krw", "by_destination", "by_item"):
        added = getattr(first.band, part) + getattr(second.band, part)
        np.testing.assert_allclose(added, getattr(both.band, part), rtol=1e-12)
    assert first.cases.mean + second.cases.mean == pytest.approx(both.cases.mean, rel=1e-12)
