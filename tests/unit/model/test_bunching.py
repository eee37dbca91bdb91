"""Bunching against worked examples, explicit least squares and made-up orders whose behaviour is known."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from dashboard.model.arrays import FloatArray
from dashboard.model.bunching import MadeUp, Options, Orders, estimate, made_up, placebos
from dashboard.model.bunching.grid import around
from dashboard.model.errors import HistogramError

LIMIT = 2_000_000
EDGES = np.arange(0.0, 6_000_001, 10_000)
ENDS, MIDDLES = EDGES[1:], (EDGES[1:] + EDGES[:-1]) / 2
FEW = Options(draws=20)


def smooth() -> FloatArray:
    """Counts without a limit: ln c = 6 - 3 t - 0.2 t^2 with t = ln(z / 2M), 1.8 times at 100k, 2.5 more at 500k."""
    t = np.log(MIDDLES / LIMIT)
    heaps = np.where(ENDS % 100_000 == 0, 1.8, 1.0) * np.where(ENDS % 500_000 == 0, 2.5, 1.0)
    return np.asarray(np.exp(6 - 3 * t - 0.2 * t**2) * heaps)


def between(low: float, high: float) -> Any:
    return np.logical_and(low < ENDS, high >= ENDS)


def moved(under: float = 0.25, split: float = 0.1) -> tuple[FloatArray, float, float]:
    """Take shares of the smooth counts away above the limit; put them just below it and, twice, at half the value."""
    before = smooth()
    counts = before.copy()
    lower, cut = under * before * between(2e6, 2.3e6), split * before * between(2e6, 2.6e6)
    counts -= lower + cut
    counts[between(1.9e6, 2e6)] += lower.sum() / 10
    # The halves of (2.00M, 2.02M] are those of (1.00M, 1.01M], and so on.
    counts[between(1e6, 1.3e6)] += 2 * cut[between(2e6, 2.6e6)].reshape(30, 2).sum(axis=1)
    return counts, float(lower.sum()), float(cut.sum())


def test_without_noise_what_moved_is_found_exactly() -> None:
    counts, under, split = moved()
    found = estimate(EDGES, counts, LIMIT, options=FEW)
    assert found.method == "log_linear"
    assert found.window == (1.9e6, 2.6e6)
    assert found.excess.value == pytest.approx(under, rel=1e-6)
    assert found.under_declared == found.excess
    assert found.missing is not None
    assert found.missing.value == pytest.approx(under + split, rel=1e-6)
    assert found.split_by_count is not None
    assert found.split_by_count.value == pytest.approx(split, rel=1e-6)
    assert found.normalised.value == pytest.approx(under / smooth()[between(1.9e6, 2e6)].mean(), rel=1e-6)
    assert found.dispersion == pytest.approx(0, abs=1e-9)


def test_the_value_balance_gives_the_orders_split() -> None:
    counts, _, split = moved(under=0)
    found = estimate(EDGES, counts, LIMIT, options=FEW).split
    assert found is not None
    # Only splitting: what is missing is worth, each, what its two halves are worth together.
    assert found.value == pytest.approx(split, rel=1e-3)


def test_with_both_the_value_balance_errs_by_the_mean_values_alone() -> None:
    counts, under, split = moved()
    before = smooth()
    in_split, in_both = between(2e6, 2.6e6), between(2e6, 2.3e6)
    mean_split = before[in_split] @ MIDDLES[in_split] / before[in_split].sum()
    mean_under = before[in_both] @ MIDDLES[in_both] / before[in_both].sum()
    mean_missing = (under * mean_under + split * mean_split) / (under + split)
    found = estimate(EDGES, counts, LIMIT, options=FEW).split
    assert found is not None
    assert found.value == pytest.approx(split * mean_split / mean_missing, rel=1e-3)
    assert found.value == pytest.approx(split, rel=0.05)


def test_the_fit_is_the_maximum_of_the_poisson_likelihood() -> None:
    world = made_up(LIMIT, np.random.default_rng(1))
    options = Options(draws=1, heaps=(100_000,))
    grid = around(world.edges, LIMIT, options)
    counts = grid.counts(world.counts)
    t, heap = np.log(grid.middles / LIMIT), grid.edges[1:] % 100_000 == 0
    design = np.column_stack([np.ones_like(t), t, t**2, heap, heap * t])[grid.clean]

    def loss(weights: FloatArray) -> float:
        logs = design @ weights
        return float(np.sum(np.exp(logs) - counts[grid.clean] * logs))

    def slope(weights: FloatArray) -> FloatArray:
        return np.asarray(design.T @ (np.exp(design @ weights) - counts[grid.clean]))

    start = np.zeros(5)
    start[0] = np.log(counts[grid.clean].mean())
    best = minimize(loss, start, jac=slope, method="BFGS", options={"gtol": 1e-6})
    shown = estimate(world.edges, world.counts, LIMIT, options=options).picture
    assert np.allclose(shown.counterfactual[grid.clean], np.exp(design @ best.x), rtol=1e-5)


def test_a_worked_kink_with_the_integration_correction() -> None:
    # Ten bins of width 1 around a limit of 5; window (4, 6], so that bins 5 and 6 have dummies. By hand:
    # c = 100 - 5 j + 40 and 10 in the window's bins (j = 1..10), 300 cases beyond reach.
    edges = np.arange(0.0, 12.0)
    counts = np.append(100.0 - 5 * np.arange(1, 11), 300.0)
    counts[4:6] += [40, 10]
    options = Options(window=(0.8, 1.2), reach=(0, 2), degree=1, heaps=(), draws=5)
    found = estimate(edges, counts, 5, method="textbook_kink", options=options)
    # The same by an explicit design matrix: constant, slope, a dummy for bin 5 and one for bin 6.
    j = np.arange(1.0, 11.0)
    design = np.column_stack([np.ones(10), j, j == 5, j == 6])

    def excess_at(raised_by: float) -> float:
        weights = np.linalg.lstsq(design, counts[:10] * (1 + (j > 6) * raised_by), rcond=None)[0]
        return float(counts[4:6].sum() - (design[:, :2] @ weights[:2])[4:6].sum())

    # c above the window: 65 + 60 + 55 + 50 + 300 = 530. Uncorrected the line is exact: B = 40 + 10 = 50.
    assert excess_at(0) == pytest.approx(50, abs=1e-9)
    # The eight bins lie evenly around 5.5, the middle of the window, where the line is their mean: raising the four
    # above by a fraction f raises it by f (65 + 60 + 55 + 50) / 8 = 28.75 f in each of the two bins: 57.5 f less excess.
    k = excess_at(1) - excess_at(0)
    assert k == pytest.approx(-57.5, abs=1e-9)
    # With f = B / 530: B = 50 - 57.5 B / 530 = 50 / (1 + 57.5 / 530) = 45.1064.
    by_hand = 50 / (1 - k / 530)
    assert by_hand == pytest.approx(excess_at(by_hand / 530), abs=1e-9)
    assert found.excess.value == pytest.approx(by_hand, abs=1e-4)
    assert round(found.excess.value, 4) == round(by_hand, 4) == 45.1064
    assert found.window == (4, 6)
    assert found.missing is None


def test_a_worked_notch_with_its_upper_end_by_equal_masses() -> None:
    # 20 bins of width 1, limit 10, c = 200 - 6 j, round number bonus 15 at multiples of 5. Behaviour: 60 cases move from
    # bins 11, 12, 13 (30, 20, 10) into bin 10. Equal masses: z_U = 13, B = M = 60.
    edges = np.arange(0.0, 21.0)
    j = np.arange(1.0, 21.0)
    before = 200 - 6 * j + 15 * (j % 5 == 0)
    counts = before.copy()
    counts[9] += 60
    counts[10:13] -= [30, 20, 10]
    options = Options(window=(0.9, 1.5), reach=(0, 2), degree=1, heaps=(5,), draws=5)
    found = estimate(edges, counts, 10, method="textbook_notch", options=options)
    design = np.column_stack([np.ones(20), j, j % 5 == 0, *(j == bin_ for bin_ in (10, 11, 12, 13))])
    weights = np.linalg.lstsq(design, counts, rcond=None)[0]
    # The dummies of the bins above are -30, -20, -10, the one of bin 10 is B.
    assert weights[3:] == pytest.approx([60, -30, -20, -10], abs=1e-8)
    assert found.window == (9, 13)
    assert round(found.excess.value, 4) == 60.0000
    assert found.missing is not None
    assert round(found.missing.value, 4) == 60.0000
    # b is 60 over 200 - 60 + 15.
    assert round(found.normalised.value, 4) == 0.3871


def test_a_noisy_textbook_example_equals_explicit_least_squares_to_four_digits() -> None:
    generator = np.random.default_rng(3)
    edges = np.arange(0.0, 41.0)
    j = np.arange(1.0, 41.0)
    counts = generator.poisson(400 - 8 * j + 0.05 * j**2 + 30 * (j % 10 == 0)).astype(float)
    counts[19] += 150
    counts[20:24] -= 38
    options = Options(window=(0.95, 1.3), reach=(0, 2), degree=4, heaps=(10,), draws=5)
    found = estimate(edges, counts, 20, method="textbook_notch", options=options)
    hole = range(21, int(found.window[1]) + 1)
    design = np.column_stack(
        [((j - 20) / 20) ** power for power in range(5)] + [j % 10 == 0] + [j == k for k in (20, *hole)]
    )
    weights = np.linalg.lstsq(design, counts, rcond=None)[0]
    assert f"{found.excess.value:.4g}" == f"{weights[6]:.4g}"
    assert found.missing is not None
    assert f"{found.missing.value:.4g}" == f"{-weights[7:].sum():.4g}"
    # Equal masses: enough is missing, and with one bin less it would not be.
    assert found.missing.value >= found.excess.value
    shorter = np.linalg.lstsq(design[:, :-1], counts, rcond=None)[0]
    assert -shorter[7:].sum() < shorter[6]


def test_the_textbook_form_fails_in_a_falling_tail() -> None:
    errors, inside = [], 0
    for seed in range(12):
        world = made_up(LIMIT, np.random.default_rng([31, seed]))
        found = estimate(
            world.edges, world.counts, LIMIT, method="textbook_notch", options=Options(draws=60)
        ).excess
        errors.append(found.value / world.under_declared - 1)
        inside += found.low <= world.under_declared <= found.high
    assert -0.75 < np.mean(errors) < -0.40
    assert inside <= 1
    # Its error is not even of one sign: a narrower reach turns it around.
    narrower = Options(draws=5, reach=(0.5, 3.0))
    other = estimate(world.edges, world.counts, LIMIT, method="textbook_notch", options=narrower)
    assert other.excess.value / world.under_declared > 1.4


def test_the_difference_needs_no_shape() -> None:
    # A density that no polynomial in ln z fits: a step at 1.5M and a bump at 2.5M.
    counts, under, split = moved()
    odd = np.where(MIDDLES < 1.5e6, 1.7, 1.0) * (1 + 0.4 * np.exp(-(((MIDDLES - 2.5e6) / 2e5) ** 2)))
    before = smooth()
    found = estimate(
        EDGES,
        counts - before + odd * before,
        LIMIT,
        later_counts=1.37 * odd * before,
        later_limit=5e6,
        options=FEW,
    )
    assert found.method == "difference"
    assert found.excess.value == pytest.approx(under, rel=1e-9)
    assert found.missing is not None
    assert found.missing.value == pytest.approx(under + split, rel=1e-9)
    assert found.dispersion is None


def test_the_window_stops_where_that_of_the_later_limit_begins() -> None:
    found = estimate(EDGES, smooth(), 4e6, later_counts=smooth(), later_limit=5e6, options=FEW)
    assert found.window == (3.8e6, 4.75e6)
    assert found.excess.value == pytest.approx(0, abs=1e-9)


def test_halves_of_orders_split_later_do_not_count_as_orders_split_now() -> None:
    # The later limit is twice this one: its halves land just above this one, and M - B takes them for orders split.
    counts, _, split = moved()
    later = smooth()
    later[between(2e6, 2.6e6)] *= 1.05
    found = estimate(EDGES, counts, LIMIT, later_counts=later, later_limit=4e6, options=FEW)
    assert found.split is not None
    assert found.split_by_count is not None
    assert found.split.value == pytest.approx(split, rel=0.05)
    assert found.split_by_count.value > 1.3 * split


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 50), st.floats(0.5, 20), st.sampled_from(["log_linear", "textbook_kink"]))
def test_neither_the_unit_nor_the_number_of_cases_matters(unit: int, more: float, method: Any) -> None:
    counts, _, _ = moved()
    plain = estimate(EDGES, counts, LIMIT, method=method, options=FEW)
    heaps = (100_000 * unit, 500_000 * unit)
    other = estimate(
        EDGES * unit, counts * more, LIMIT * unit, method=method, options=Options(draws=20, heaps=heaps)
    )
    assert other.excess.value == pytest.approx(more * plain.excess.value, rel=1e-6)
    assert other.normalised.value == pytest.approx(plain.normalised.value, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100), st.integers(0, 10_000))
def test_the_length_of_the_later_period_does_not_matter(longer: float, seed: int) -> None:
    world = made_up(LIMIT, np.random.default_rng(seed), Orders(number=20_000))
    later = made_up(4e6, np.random.default_rng(seed + 1), Orders(number=20_000)).counts

    def excess(counts: FloatArray) -> float:
        return estimate(
            world.edges, world.counts, LIMIT, later_counts=counts, later_limit=4e6, options=FEW
        ).excess.value

    assert excess(longer * later) == pytest.approx(excess(later), rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.4), st.floats(0, 0.3))
def test_a_result_hangs_together(seed: int, under: float, split: float) -> None:
    orders = Orders(number=30_000, under_share=under, split_share=split)
    world = made_up(LIMIT, np.random.default_rng(seed), orders)
    found = estimate(world.edges, world.counts, LIMIT, options=Options(draws=100))
    for each in (found.excess, found.normalised, found.missing, found.split, found.split_by_count):
        assert each is not None
        assert each.low < each.high
        assert each.standard_error > 0
    assert found.missing is not None
    assert found.split_by_count is not None
    assert found.split_by_count.value == pytest.approx(found.missing.value - found.excess.value)
    shown = found.picture
    assert shown.observed.sum() == world.counts[between_ends(world, shown.edges[0], shown.edges[-1])].sum()
    assert np.all(shown.low <= shown.high)
    assert not np.any(shown.fitted & (shown.edges[1:] > 1.9e6) & (shown.edges[1:] <= 2.6e6))
    # The fitted curve passes through the clean bins: their total is met (a property of Poisson likelihood).
    assert shown.counterfactual[shown.fitted].sum() == pytest.approx(
        shown.observed[shown.fitted].sum(), rel=1e-6
    )


def between_ends(world: MadeUp, low: float, high: float) -> Any:
    return (world.edges[1:] > low) & (world.edges[1:] <= high)


def test_the_same_generator_gives_the_same_interval() -> None:
    world = made_up(LIMIT, np.random.default_rng(2))
    one, same, other = (
        estimate(world.edges, world.counts, LIMIT, options=FEW, generator=np.random.default_rng(seed)).excess
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one.value == other.value
    assert one.low != other.low


def test_nothing_bunches_at_a_placebo_even_beside_a_real_limit() -> None:
    counts, _, _ = moved()
    for found in placebos(EDGES, counts, LIMIT, [3e6, 1.4e6], options=FEW):
        assert found.excess.value == pytest.approx(0, abs=1e-6)
    world = made_up(LIMIT, np.random.default_rng(4))
    (found,) = placebos(world.edges, world.counts, LIMIT, [3e6])
    assert found.excess.low < 0 < found.excess.high


def test_bins_of_two_widths_are_merged_to_the_wider() -> None:
    # As in the histogram of shipments: 10,000 up to 10M, 100,000 beyond. Reach of 6M is (2.4M, 12M].
    edges = np.concatenate(
        [np.arange(0, 10_000_001, 10_000.0), np.arange(10_100_000, 100_000_001, 100_000.0), [np.inf]]
    )
    law = (edges[:-1] + 1) ** -2.0 * 1e16 - (edges[1:] + 1) ** -2.0 * 1e16
    found = estimate(edges, law, 6e6, options=FEW)
    assert np.all(np.diff(found.picture.edges) == 100_000)
    assert found.picture.edges[[0, -1]].tolist() == [2.4e6, 12e6]
    assert found.picture.observed.sum() == pytest.approx(1e16 * (2_400_001.0**-2 - 12_000_001.0**-2))


def test_a_heap_on_the_edge_belongs_to_the_bin_that_it_closes() -> None:
    world = made_up(LIMIT, np.random.default_rng(1), Orders(number=50_000, round_500k=1, round_100k=0))
    grid = around(world.edges, LIMIT, Options())
    at = grid.edges[1:][grid.counts(world.counts) > 0]
    assert set(at.tolist()) >= {1e6, 1.5e6, 2e6, 3e6, 3.5e6}
    assert np.array_equal(grid.multiples(500_000) > 0, grid.edges[1:] % 500_000 == 0)


def test_made_up_orders_add_up() -> None:
    law = Orders()
    world = made_up(LIMIT, np.random.default_rng(5), law)
    # Each split order is two declarations.
    assert world.counts.sum() == law.number + world.split
    # Of Pareto orders above 500,000: (1/4)^2.4 lie above 2M and (1/4.6)^2.4 above 2.3M; a quarter is under-declared.
    expected = law.number * 0.25 * ((1 / 4) ** 2.4 - (1 / 4.6) ** 2.4)
    assert world.under_declared == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize(
    ("change", "english"),
    [
        ({"counts": [1, 2]}, "n counts need n + 1 edges"),
        ({"counts": "many"}, "must be numbers"),
        ({"edges": EDGES[::-1]}, "must start at zero or above and rise"),
        ({"edges": np.where(EDGES == 50_000, np.nan, EDGES)}, "must start at zero or above and rise"),
        ({"counts": -smooth()}, "zero or more"),
        ({"counts": smooth() * np.inf}, "zero or more"),
        ({"counts": 0 * smooth()}, "only 0 cases around the limit"),
        ({"limit": 2_005_000}, "must be an edge"),
        ({"limit": 6_000_000}, "bins on both sides"),
        ({"options": Options(draws=5, reach=(0.94, 1.32))}, "untouched by the limit"),
        ({"later_counts": smooth()}, "both its counts and its limit"),
        ({"later_limit": 4e6}, "both its counts and its limit"),
        ({"later_counts": smooth(), "later_limit": 2.1e6}, "well above"),
        ({"later_counts": 0 * smooth(), "later_limit": 4e6}, "Both periods"),
        ({"later_counts": [1], "later_limit": 4e6}, "n counts need n + 1 edges"),
        ({"later_counts": smooth(), "later_limit": 4e6, "method": "textbook_kink"}, "cannot be combined"),
        ({"counts": smooth() + 1e5 * between(1.9e6, 2e6), "method": "textbook_notch"}, "no upper end"),
        ({"counts": smooth() * (ENDS <= 2.6e6), "method": "textbook_kink"}, "counts above the window"),
        (
            {"edges": EDGES + np.where((EDGES > 2.2e6) & (EDGES < 2.21e6 + 1), 3_000, 0)},
            "cannot be merged to one width",
        ),
    ],
)
def test_a_wrong_question_gets_one_sentence(change: dict[str, Any], english: str) -> None:
    asked: dict[str, Any] = {"edges": EDGES, "counts": smooth(), "limit": LIMIT, "options": FEW} | change
    with pytest.raises(HistogramError, match=re.escape(english)) as caught:
        estimate(asked.pop("edges"), asked.pop("counts"), asked.pop("limit"), **asked)
    assert caught.value.en.endswith(".")
    assert any("가" <= letter <= "힣" for letter in caught.value.ko)


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": (1.1, 1.3)},
        {"reach": (0.96, 2)},
        {"reach": (0.4, 1.2)},
        {"degree": 0},
        {"draws": 0},
        {"level": 1},
        {"heaps": (0,)},
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(HistogramError):
        Options(**wrong)


def test_a_placebo_in_the_real_window_is_refused() -> None:
    with pytest.raises(HistogramError, match="overlaps"):
        placebos(EDGES, smooth(), LIMIT, [2.2e6])
