"""Fitting the model's families to counts: known laws come back, bins matter only where they say something."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammainc, ndtr

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import AssumptionError, HistogramError
from dashboard.model.families import Shape, shares_above
from dashboard.model.fit import FamilyFit, Fit, Learned, Parameter, fit, learned
from dashboard.model.laws import LAWS
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.simulate import draw_worlds, newly_qualifying
from dashboard.scenarios import Scenario, read, write

# 25 bins a decade from 2,000 to 20M, the last one open.
EDGES = np.concatenate([[0.0], 2_000 * 10 ** (np.arange(101) / 25), [np.inf]])
MODEL = ("pareto_lognormal",)


def exact(mean: float, s: float, rho: float, cases: float = 1e5, edges: FloatArray = EDGES) -> FloatArray:
    """Expected counts of a known law: a sample without noise."""
    inside = np.maximum(edges, 1e-9)
    above = np.where(
        np.isinf(edges), 0.0, shares_above(np.where(np.isinf(edges), 1.0, inside), mean, Shape.of(s, rho))[0]
    )
    return np.asarray(cases * -np.diff(above))


def drawn(seed: int, mean: float, s: float, rho: float, cases: int = 20_000) -> FloatArray:
    """Counts of values drawn from log X = nu + tau Z + E / alpha, without the family's own formulas."""
    generator = np.random.default_rng(seed)
    tau, inverse = s * np.sqrt(1 - rho**2), rho * s
    nu = np.log(mean) - tau**2 / 2 + np.log(1 - inverse)
    values = np.exp(nu + tau * generator.standard_normal(cases) + inverse * generator.exponential(size=cases))
    return np.bincount(np.searchsorted(EDGES, values) - 1, minlength=len(EDGES) - 1).astype(np.float64)


@pytest.mark.parametrize(("s", "rho"), [(0.85, 0.45), (0.6, 0.2), (1.1, 0.7)])
def test_without_noise_the_parameters_come_back(s: float, rho: float) -> None:
    found = fit(EDGES, exact(61_000, s, rho), MODEL).best
    assert found.shape["s"].value == pytest.approx(s, rel=2e-3)
    assert found.shape["rho"].value == pytest.approx(rho, abs=5e-3)
    assert found.locations[0].value == pytest.approx(61_000, rel=2e-3)
    assert found.chi_square == pytest.approx(0, abs=0.1)


@pytest.mark.slow
def test_estimates_lie_within_their_standard_errors() -> None:
    """The errors over standard errors of 60 samples have the spread of a standard normal."""
    truth = np.array([0.85, 0.45, np.log(61_000)])
    scores = []
    for seed in range(60):
        found = fit(EDGES, drawn(seed, 61_000, 0.85, 0.45, 5_000), MODEL).best
        (place,) = found.locations
        values = [found.shape["s"].value, found.shape["rho"].value, np.log(place.value)]
        errors = [found.shape["s"].standard_error, found.shape["rho"].standard_error]
        scores.append((np.array(values) - truth) / [*errors, place.standard_error / place.value])
    spread = np.sqrt(np.mean(np.square(scores), axis=0))
    assert np.all((spread > 0.75) & (spread < 1.3)), spread
    assert np.all(np.abs(np.mean(scores, axis=0)) < 0.45)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.4, 1.3), st.floats(0, 0.7), st.integers(40, 3_000))
def test_no_law_of_the_family_is_likelier_than_the_one_found(
    seed: int, s: float, rho: float, cases: int
) -> None:
    counts = drawn(seed, 61_000, s, rho, cases)
    found = fit(EDGES, counts, MODEL).best
    truth = exact(61_000, s, rho, 1.0)
    some = counts > 0
    assert found.log_likelihood >= counts[some] @ np.log(truth[some]) - 1e-4
    assert 0 <= found.shape["rho"].value < 1
    assert all(each.standard_error > 0 for each in (*found.shape.values(), *found.locations))


def test_the_likelihood_is_that_of_grouped_counts() -> None:
    # Three bins, lognormal: 40, 40 and 20 of 100. Two free shares, two parameters: the fit is exact, by quantiles.
    # ln 10 and ln 100 are where .4 and .8 lie below: s = ln 10 / (z(.8) - z(.4)) = 2.302585 / 1.094968 = 2.102879.
    found = fit([0, 10, 100, np.inf], [40, 40, 20], ("lognormal",)).best
    assert found.shape["s"].value == pytest.approx(2.102879, rel=1e-4)
    nu = np.log(10) + 0.253347 * 2.102879
    assert np.log(found.locations[0].value) == pytest.approx(nu + 2.102879**2 / 2, rel=1e-4)
    assert found.log_likelihood == pytest.approx(80 * np.log(0.4) + 20 * np.log(0.2), rel=1e-9)
    assert found.aic == pytest.approx(4 - 2 * found.log_likelihood)
    assert (found.parameters, found.freedom) == (2, 0)
    assert np.isnan(found.p_value)


def test_merging_bins_matters_only_where_somebody_is() -> None:
    counts = drawn(1, 61_000, 0.85, 0.45)
    whole = fit(EDGES, counts).best
    # Between empty bins an edge says nothing.
    empty = np.flatnonzero((counts[:-1] == 0) & (counts[1:] == 0)) + 1
    assert len(empty) > 5
    kept = np.setdiff1d(np.arange(len(EDGES)), empty)
    merged = fit(EDGES[kept], np.add.reduceat(counts, kept[:-1])).best
    assert merged.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-9)
    assert merged.shape["s"].value == pytest.approx(whole.shape["s"].value, rel=1e-4)
    # Where cases lie it does: information is lost, never won.
    coarse = fit(EDGES[[0, *range(21, 92, 10), -1]], np.add.reduceat(counts, [0, *range(21, 92, 10)])).of(
        whole.family
    )
    assert coarse.shape["s"].standard_error > 1.1 * whole.shape["s"].standard_error
    assert coarse.shape["s"].value == pytest.approx(
        whole.shape["s"].value, abs=4 * coarse.shape["s"].standard_error
    )


@settings(max_examples=8, deadline=None)
@given(st.floats(1e-3, 1e3), st.integers(0, 50))
def test_the_currency_does_not_matter(rate: float, seed: int) -> None:
    counts = drawn(seed, 61_000, 0.85, 0.45, 3_000)
    here, there = fit(EDGES, counts).families, fit(EDGES * rate, counts).families
    for one, other in zip(here, there, strict=True):
        assert one.family == other.family
        assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-6)
        assert other.locations[0].value == pytest.approx(rate * one.locations[0].value, rel=1e-2)


def test_what_was_never_in_the_sample_is_left_open() -> None:
    # Only what is above 50,000 and at most 500,000 was seen: the law of all comes back all the same.
    edges = np.concatenate([[50_000.0], EDGES[(EDGES > 50_000) & (EDGES < 5e5)], [5e5]])
    found = fit(edges, exact(61_000, 0.85, 0.45, edges=edges), MODEL).best
    assert found.shape["s"].value == pytest.approx(0.85, rel=0.02)
    assert found.locations[0].value == pytest.approx(61_000, rel=0.02)
    # Taking "nothing was seen above 500,000" for "nothing is there" gives another law.
    closed = np.append(edges, np.inf)
    wrong = fit(closed, np.append(exact(61_000, 0.85, 0.45, edges=edges), 0), MODEL).best
    assert wrong.shape["rho"].value < found.shape["rho"].value - 0.05


def test_an_open_last_bin_censors() -> None:
    # Above 500,000 one knows only how many: 1.0% of the cases.
    cut = np.append(EDGES[EDGES < 5e5], [5e5, np.inf])
    found = fit(cut, exact(61_000, 0.85, 0.45, 1e6, edges=cut), MODEL).best
    assert found.shape["s"].value == pytest.approx(0.85, rel=0.02)
    assert found.shape["rho"].value == pytest.approx(0.45, abs=0.05)


def test_each_family_wins_on_its_own_counts() -> None:
    upper = np.where(np.isinf(EDGES), 1e100, EDGES)
    of_gamma = 1e5 * np.diff(gammainc(1.5, upper / 40_000))
    of_singh_maddala = -1e5 * np.diff((1 + (upper / 40_000) ** 2.0) ** -1.2)
    with np.errstate(divide="ignore"):
        of_lognormal = 1e5 * np.diff(ndtr((np.log(upper) - 11) / 0.8))
    won = {
        "gamma": fit(EDGES, of_gamma),
        "singh_maddala": fit(EDGES, of_singh_maddala),
        "lognormal": fit(EDGES, of_lognormal),
        "pareto_lognormal": fit(EDGES, exact(61_000, 0.85, 0.45)),
    }
    for family, found in won.items():
        assert found.best.family == family
        assert [each.aic for each in found.families] == sorted(each.aic for each in found.families)
        assert found.best.p_value > 0.99
        assert {each.family for each in found.families} == set(LAWS)
    assert won["gamma"].best.shape["shape"].value == pytest.approx(1.5, rel=1e-3)
    assert won["singh_maddala"].best.shape["a"].value == pytest.approx(2.0, rel=1e-2)
    assert won["singh_maddala"].best.shape["q"].value == pytest.approx(1.2, rel=1e-2)
    for family in ("gamma", "lognormal"):
        assert won["pareto_lognormal"].of(family).p_value < 1e-6  # type: ignore[arg-type] (a family's name)


def test_the_lognormal_is_nested_at_the_edge_of_the_range() -> None:
    found = fit(EDGES, drawn(3, 61_000, 0.85, 0.0), ("pareto_lognormal", "lognormal"))
    heavy, plain = found.of("pareto_lognormal"), found.of("lognormal")
    assert heavy.log_likelihood >= plain.log_likelihood - 1e-3
    assert heavy.shape["s"].value == pytest.approx(plain.shape["s"].value, abs=0.02)
    # No tail to be seen is not certainty that there is none.
    assert 0.03 < heavy.shape["rho"].standard_error < 0.4
    assert heavy.shape["rho"].value < 3 * heavy.shape["rho"].standard_error


def test_goodness_of_fit_is_even_for_the_right_law() -> None:
    p_values = [fit(EDGES, drawn(seed, 61_000, 0.85, 0.45, 5_000), MODEL).best.p_value for seed in range(40)]
    # A uniform mean of 40 has a standard deviation of 0.046.
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.15)
    assert np.mean(np.array(p_values) < 0.05) < 0.2


def test_cells_share_the_shape_and_keep_their_means() -> None:
    means = (30_000, 60_000, 150_000)
    table = np.stack([exact(mean, 0.85, 0.45, 1e5) for mean in means])
    found = fit(EDGES, table, MODEL).best
    assert [each.value for each in found.locations] == pytest.approx(means, rel=3e-3)
    assert found.shape["s"].value == pytest.approx(0.85, rel=2e-3)
    # Thrown together, the differences between the cells would count as spread within them.
    together = fit(EDGES, table.sum(axis=0), MODEL).best
    assert together.shape["s"].value > 0.95
    assert found.parameters == 5


@pytest.mark.parametrize(
    ("edges", "counts", "english"),
    [
        (EDGES, np.zeros(5), "n counts need n + 1 edges"),
        (EDGES, np.zeros(101), "at least 30 cases in at least 3 bins"),
        (EDGES, [[*exact(6e4, 0.8, 0.4)], [0.0] * 100 + [50.0, 0.0]], "(there are 50 in 1)"),
        (EDGES, np.empty((0, 102)), "no counts"),
        (EDGES[::-1], exact(6e4, 0.8, 0.4), "must start at zero"),
    ],
)
def test_wrong_counts_get_one_sentence(edges: Any, counts: Any, english: str) -> None:
    counts = counts if np.ndim(counts) == 2 or len(counts) == 5 else np.resize(counts, len(EDGES) - 1)
    with pytest.raises(HistogramError, match=re.escape(english)) as caught:
        fit(edges, counts)
    assert any("가" <= letter <= "힣" for letter in caught.value.ko)


def test_a_family_that_was_not_asked_for_is_not_there() -> None:
    with pytest.raises(KeyError):
        fit(EDGES, exact(6e4, 0.8, 0.4), ("lognormal",)).of("gamma")


def a_fit(s: float, rho: float, error: float = 0.01, means: tuple[float, ...] = (6e4,)) -> Fit:
    shape = {"s": Parameter(s, error * s), "rho": Parameter(rho, error)}
    cells = tuple(Parameter(mean, 0.001 * mean) for mean in means)
    return Fit(
        (FamilyFit("pareto_lognormal", shape, cells, 0.0, 3, 6.0, 10.0, 10.0, 10, 0.4),), (1e4,) * len(means)
    )


def test_a_sample_and_the_prior_are_weighed_by_precision(reference: Assumptions) -> None:
    # Prior of s: median .85, .20 of the log. As far from the nation as the prior is wide, with an error of .01:
    # weight = .04 / (.04 + .0001 + .04) = .49938; ln s = ln .85 + .49938 ln(1 / .85); sd = .2 sqrt(1 - .49938).
    found = learned(a_fit(1.0, 0.444444), reference)
    assert found.centres["shape.s"] == pytest.approx(0.85 * (1 / 0.85) ** 0.4993758, rel=1e-6)
    assert found.spreads["shape.s"] == pytest.approx(0.2 * np.sqrt(1 - 0.4993758), rel=1e-6)
    # Prior of rho: Beta(4, 5), mean 4/9, variance 20/810; a sample at the mean moves nothing and halves the variance.
    assert found.centres["shape.rho"] == pytest.approx(4 / 9, abs=1e-6)
    assert found.spreads["shape.rho"] == pytest.approx(np.sqrt(20 / 810 / 2), rel=1e-2)


def test_a_random_sample_of_the_nation_counts_with_its_error_alone(reference: Assumptions) -> None:
    found = learned(a_fit(1.0, 0.3), reference, distance=0)
    assert found.centres["shape.s"] == pytest.approx(1.0, rel=1e-3)
    assert found.spreads["shape.s"] == pytest.approx(0.01, rel=1e-2)
    far = learned(a_fit(1.0, 0.3), reference, distance=100)
    assert far.centres["shape.s"] == pytest.approx(0.85, rel=1e-3)
    assert far.spreads["shape.s"] == pytest.approx(0.2, rel=1e-3)


def test_misfit_makes_a_sample_count_less(reference: Assumptions) -> None:
    (law,) = a_fit(1.0, 0.3).families
    poor = FamilyFit(**{**vars(law), "chi_square": 4 * law.freedom})
    assert (law.dispersion, poor.dispersion) == (1.0, 4.0)
    found = learned(Fit((poor,), (1e4,)), reference, distance=0)
    assert found.spreads["shape.s"] == pytest.approx(0.02, rel=1e-2)


def test_only_ratios_between_items_count(reference: Assumptions) -> None:
    # Electronics 8 times cosmetics, in two destinations whose cells are equally well known; a third cell has no item.
    cells = a_fit(0.85, 0.44, means=(2e4, 3.2e5, 4e4, 1.6e5, 9e9))
    items = ("cosmetics", "electronics", "cosmetics", "electronics", "")
    found = learned(cells, reference, items, distance=0).centres
    assert found["mean.item.electronics"] / found["mean.item.cosmetics"] == pytest.approx(8, rel=1e-3)
    before = reference.value("mean.item.electronics") * reference.value("mean.item.cosmetics")
    assert found["mean.item.electronics"] * found["mean.item.cosmetics"] == pytest.approx(before, rel=1e-3)
    assert set(found) == {"shape.s", "shape.rho", "mean.item.cosmetics", "mean.item.electronics"}


@pytest.mark.parametrize(
    ("items", "distance", "english"),
    [
        (("ships",), None, "There is no assumption mean.item.ships"),
        (("food", "food"), None, "Each cell needs its item"),
        ((), -1, "zero or more"),
    ],
)
def test_what_cannot_be_learned_is_said(
    reference: Assumptions, items: tuple[str, ...], distance: float | None, english: str
) -> None:
    with pytest.raises(AssumptionError, match=english):
        learned(a_fit(0.9, 0.4), reference, items, distance=distance)


def test_a_spread_beyond_what_may_be_picked_is_refused(reference: Assumptions) -> None:
    with pytest.raises(AssumptionError, match=r"between 0\.5 and 1\.5"):
        learned(a_fit(1.9, 0.4), reference, distance=0)


@pytest.mark.parametrize("name", ["reference", "default"])
def test_a_sample_narrows_the_national_answer_and_finds_the_truth(name: str, request: Any) -> None:
    priors: Assumptions = request.getfixturevalue(name)
    normals = StandardNormals.default(2_000)
    base = Population("total-2024", 2024, 61.17e6, 4.091e12)
    before = newly_qualifying(draw_worlds(base, priors, normals), 2e6, 4e6).cases
    sample = fit(EDGES, drawn(7, 61_000, 0.95, 0.35, 50_000), MODEL)
    found = learned(sample, priors, distance=0)
    informed = priors.with_centres(found.centres).with_deviations(found.spreads)
    after = newly_qualifying(draw_worlds(base, informed, normals), 2e6, 4e6).cases
    assert {"shape.s", "shape.rho"} <= informed.changed
    assert np.log(after.p95 / after.p05) < 0.75 * np.log(before.p95 / before.p05)
    # The same shape known for certain gives the same middle.
    known = priors.with_fixed("shape.s", 0.95).with_fixed("shape.rho", 0.35)
    certain = newly_qualifying(draw_worlds(base, known, normals), 2e6, 4e6).cases
    assert after.p50 == pytest.approx(certain.p50, rel=0.15)


def test_what_was_learned_is_a_scenario_with_a_name() -> None:
    found = Learned({"shape.s": 0.95, "shape.rho": 0.35}, {"shape.s": 0.01, "shape.rho": 0.02})
    plain = Scenario(changed={"tail.share_above": 0.002, "shape.s": 0.7})
    named = plain.informed_by(found, "our own 2025 sample")
    assert named.name == "our own 2025 sample"
    assert named.changed == {"tail.share_above": 0.002, "shape.s": 0.95, "shape.rho": 0.35}
    assert named.spread == found.spreads
    assert read(write(named)) == named
    assert '[spread]\n"shape.s" = 0.01' in write(named)


def test_deviations_are_on_the_scale_of_the_prior(reference: Assumptions) -> None:
    z = np.random.default_rng(1).standard_normal(200_000)
    moved = reference.with_deviations({"shape.s": 0.05, "shape.rho": 0.04, "list.value_share": 0.02})
    assert np.log(moved["shape.s"].at(z)).std() == pytest.approx(0.05, rel=0.01)
    for name, deviation in (("shape.rho", 0.04), ("list.value_share", 0.02)):
        assert moved[name].at(z).std() == pytest.approx(deviation, rel=0.01)
        assert moved[name].standard_deviation == pytest.approx(deviation)
        assert moved[name].centre == pytest.approx(reference[name].centre)
    assert moved.changed == {"shape.s", "shape.rho", "list.value_share"}
    for name, wrong in (("limit.highest_krw", 1.0), ("shape.s", 0.0), ("shape.rho", 0.6)):
        with pytest.raises(AssumptionError, match="standard deviation"):
            reference.with_deviations({name: wrong})
