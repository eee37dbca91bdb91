"""Every closed form against the linear programme, and the numbers that the page must show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from dashboard.model import bounds
from dashboard.model.bounds import Anchor, Facts
from dashboard.model.errors import InfeasibleAnchorsError, LimitError, PopulationError

TOTAL_2024 = (61.17e6, 4.091e12)
BANDS = [(2e6, 4e6), (4e6, 5e6), (2e6, 3e6), (2e6, 10e6), (5e6, 10e6)]
MEANS = [61_400.0, 250_000.0, 900_000.0, 2_600_000.0, 7_000_000.0]


def facts(band: tuple[float, float], mean: float = 61_400.0) -> Facts:
    return Facts(*band, cases=1e6, value_krw=mean * 1e6)


def assert_same(closed: bounds.Bound, programme: bounds.Bound) -> None:
    assert closed.share_of_cases == pytest.approx(programme.share_of_cases, abs=1e-5)
    assert closed.share_of_value == pytest.approx(programme.share_of_value, abs=1e-5)


def test_published_points() -> None:
    base = Facts(2e6, 4e6, *TOTAL_2024)
    next_step = Facts(4e6, 5e6, *TOTAL_2024)
    assert bounds.assumption_free(base).cases[1] == pytest.approx(2_045_500, rel=5e-5)
    assert bounds.decreasing_density(base).cases[1] == pytest.approx(1_022_750, rel=5e-5)
    assert bounds.decreasing_density(next_step).cases[1] == pytest.approx(327_280, rel=5e-5)
    assert bounds.any_lognormal(base).share_of_cases[1] == pytest.approx(0.002613, rel=2e-4)


def test_numbers_of_the_method_note() -> None:
    base = Facts(2e6, 4e6, 57.8e6, 3.55e12)
    assert bounds.assumption_free(base).cases[1] == pytest.approx(1_775_000)
    assert bounds.list_clearance_capped(base, 0.5, 2e6).cases[1] == pytest.approx(887_500)
    assert bounds.list_clearance_capped(base, 0.5, 2e6).share_of_value[1] == pytest.approx(0.5)
    both = bounds.list_capped_and_decreasing(base, 0.5, 2e6)
    assert both.cases[1] == pytest.approx(443_750)
    assert both.share_of_value[1] == pytest.approx(0.375)
    assert bounds.decreasing_density(base).share_of_value[1] == pytest.approx(0.75)
    lognormal = bounds.any_lognormal(base)
    assert lognormal.share_of_cases[1] == pytest.approx(0.0024, abs=5e-5)
    assert lognormal.share_of_value[1] == pytest.approx(0.106, abs=5e-4)
    tail = bounds.tail_share(base, 620_000, 0.003)
    assert tail.share_of_cases[1] == pytest.approx(0.003)
    assert tail.share_of_value[1] == pytest.approx(0.19, abs=6e-3)
    log_down = bounds.log_decreasing_density(base, 100_000)
    assert log_down.share_of_cases[1] == pytest.approx(0.011, abs=2e-4)
    assert log_down.share_of_value[1] == pytest.approx(0.51, abs=4e-3)
    for cv, expected in ((1.0, 0.0010), (1.5, 0.0023), (3.0, 0.0091), (5.5, 0.030)):
        moment = base.mean_krw**2 * (1 + cv**2)
        assert bounds.second_moment(base, moment).share_of_cases[1] == pytest.approx(expected, rel=0.06)


def test_lognormal_envelope_has_its_closed_form_without_an_upper_limit() -> None:
    base = Facts(2e6, 1e18, 57.8e6, 3.55e12)
    expected = ndtr(-np.sqrt(2 * np.log(2e6 / base.mean_krw)))
    assert bounds.any_lognormal(base).share_of_cases[1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("mean", MEANS)
def test_mean_only_equals_programme(band: tuple[float, float], mean: float) -> None:
    base = facts(band, mean)
    programme = bounds.linear_programme(base)
    assert bounds.assumption_free(base).share_of_cases == pytest.approx(programme.share_of_cases, abs=1e-5)
    assert bounds.assumption_free(base).share_of_value == pytest.approx(programme.share_of_value, abs=1e-5)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("mean", MEANS)
def test_decreasing_density_equals_programme(band: tuple[float, float], mean: float) -> None:
    base = facts(band, mean)
    assert_same(bounds.decreasing_density(base), bounds.linear_programme(base, family="decreasing"))


@pytest.mark.parametrize("band", [*BANDS, (2e6, 30e6)])
@pytest.mark.parametrize("mean", MEANS)
def test_log_decreasing_density_equals_programme(band: tuple[float, float], mean: float) -> None:
    base = facts(band, mean)
    programme = bounds.linear_programme(base, family="log_decreasing", from_value_krw=100_000)
    assert_same(bounds.log_decreasing_density(base, 100_000), programme)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("cv", [0.5, 1.0, 3.0, 5.5, 9.0])
def test_second_moment_equals_programme(band: tuple[float, float], cv: float) -> None:
    base = facts(band)
    moment = base.mean_krw**2 * (1 + cv**2)
    programme = bounds.linear_programme(base, second_moment_krw2=moment)
    assert_same(bounds.second_moment(base, moment), programme)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize(("above", "share"), [(620e3, 0.003), (620e3, 0.02), (620e3, 0.09), (1.9e6, 0.02)])
def test_tail_share_equals_programme(band: tuple[float, float], above: float, share: float) -> None:
    base = facts(band)
    anchor = Anchor(above, np.inf, share, "cases")
    assert_same(bounds.tail_share(base, above, share), bounds.linear_programme(base, [anchor]))


@pytest.mark.parametrize("band", BANDS)
def test_capped_list_equals_programme(band: tuple[float, float]) -> None:
    base = facts(band)
    # What the list carries is an anchor on value below the limit: at least that share of value is there.
    programme = bounds.linear_programme(base, [Anchor(band[0], np.inf, 0.5, "value")])
    assert_same(bounds.list_clearance_capped(base, 0.5, 2e6), programme)


def test_user_anchors_narrow_the_band_and_may_lift_the_floor() -> None:
    base = Facts(2e6, 4e6, *TOTAL_2024)
    narrow = bounds.linear_programme(
        base, [Anchor(2e6, 5e6, 0.0004, "cases"), Anchor(4e6, 5e6, 0.0001, "cases")]
    )
    assert narrow.share_of_cases == pytest.approx((0.0003, 0.0003), abs=1e-9)
    assert narrow.share_of_value[0] >= 0.0003 * 2e6 / base.mean_krw - 1e-6


@pytest.mark.parametrize(
    "anchor", [Anchor(1e6, 5e6, 0.5, "cases"), Anchor(0, 1e5, 0.2, "value"), Anchor(2e6, 1e6, 0.1, "cases")]
)
def test_anchors_that_contradict_the_mean_are_named(anchor: Anchor) -> None:
    base = Facts(2e6, 4e6, 1e6, 61_400e6)
    clash = [anchor, Anchor(0, 1e5, 0.99999, "value")]
    with pytest.raises(InfeasibleAnchorsError) as caught:
        bounds.linear_programme(base, clash)
    assert caught.value.ko
    assert caught.value.en


def test_impossible_tails_and_moments_are_named() -> None:
    base = facts((2e6, 4e6))
    with pytest.raises(InfeasibleAnchorsError):
        bounds.tail_share(base, 1e6, 0.5)
    with pytest.raises(InfeasibleAnchorsError):
        bounds.second_moment(base, 1.0)
    with pytest.raises(LimitError):
        bounds.tail_share(base, 3e6, 0.001)
    with pytest.raises(LimitError):
        bounds.log_decreasing_density(base, 3e6)
    with pytest.raises(LimitError):
        bounds.list_clearance_capped(facts((1e6, 2e6)), 0.5, 2e6)
    with pytest.raises(LimitError):
        facts((4e6, 2e6))
    with pytest.raises(PopulationError):
        Facts(2e6, 4e6, 0, 1e12)
    with pytest.raises(PopulationError):
        bounds.list_clearance_capped(base, 1.0, 2e6)


@settings(max_examples=60, deadline=None)
@given(st.floats(1e5, 5e6), st.floats(1.0, 8.0), st.floats(1e4, 1e6), st.floats(1e-3, 1e3))
def test_layers_are_nested_scale_free_and_vanish_with_the_band(
    a: float, width: float, mean: float, unit: float
) -> None:
    base = facts((a, a * width), mean)
    scaled = Facts(a * unit, a * width * unit, 1e6, mean * 1e6 * unit)
    free, falling = bounds.assumption_free(base), bounds.decreasing_density(base)
    lognormal = bounds.any_lognormal(base)
    for inner, outer in (
        (falling, free),
        (lognormal, free),
        (bounds.list_clearance_capped(base, 0.4, a), free),
    ):
        assert inner.share_of_cases[1] <= outer.share_of_cases[1] * (1 + 1e-9)
        assert inner.share_of_value[1] <= outer.share_of_value[1] * (1 + 1e-9)
    for layer in (bounds.assumption_free, bounds.decreasing_density, bounds.any_lognormal):
        assert layer(scaled).share_of_cases == pytest.approx(layer(base).share_of_cases, rel=1e-6)
        assert layer(facts((a, a), mean)).cases == (0.0, 0.0)
