"""The destination's border: thresholds in won by hand, the band of the rate, and where anything changes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.markets.landed import (
    RELIEFS,
    Cliff,
    Rate,
    RateError,
    Rule,
    Stretch,
    Terms,
    cliffs,
    is_above_all,
    state,
    stretches,
)
from dashboard.model.markets.regime import Limits

UP_TO_10_000 = Terms("up_to", 10_000)
YEN = Rate(9.0, 0.125)  # 10,000 yen are 90,000 won, between 78,750 and 101,250
NOW = Limits(2_000_000, 5_000_000)


def test_a_threshold_in_won_is_a_range():
    assert stretches(UP_TO_10_000, YEN) == (
        Stretch("free", 0, 78_750),
        Stretch("depends", 78_750, 101_250),
        Stretch("due", 101_250, math.inf),
    )


@pytest.mark.parametrize(
    ("basket", "expected"), [(45_000, "free"), (78_750, "free"), (90_000, "depends"), (101_250.5, "due")]
)
def test_the_state_of_a_basket(basket: float, expected: str):
    assert state(basket, UP_TO_10_000, YEN) == expected


def test_without_a_band_nothing_depends_on_the_rate():
    assert [each.state for each in stretches(UP_TO_10_000, Rate(9.0))] == ["free", "due"]
    assert state(90_000, UP_TO_10_000, Rate(9.0)) == "free"  # at the threshold is within it
    assert state(90_001, UP_TO_10_000, Rate(9.0)) == "due"


@pytest.mark.parametrize(("relief", "expected"), [("all", "free"), ("none", "due"), ("unknown", "unknown")])
def test_what_has_no_threshold_is_the_same_at_any_value(relief: str, expected: str):
    (only,) = stretches(Terms(relief), None)  # type: ignore[arg-type]  (parametrised)
    assert (only.state, only.low_krw, only.high_krw) == (expected, 0, math.inf)


def test_without_a_rate_a_threshold_says_nothing_in_won():
    assert state(45_000, UP_TO_10_000, None) == "unknown"


def test_cliffs_of_both_borders_stand_in_order():
    japan = Rule("JP-express", UP_TO_10_000, Terms("none"), YEN)
    europe = Rule("DE-express", Terms("up_to", 150), UP_TO_10_000, Rate(1600))
    assert cliffs([japan, europe], NOW) == [
        Cliff("JP-express", "duty", 78_750, 90_000, 101_250),
        Cliff("DE-express", "duty", 240_000, 240_000, 240_000),
        Cliff("list_clearance", None, 2_000_000, 2_000_000, 2_000_000),
        Cliff("simplified", None, 5_000_000, 5_000_000, 5_000_000),
        Cliff("DE-express", "tax", 16_000_000, 16_000_000, 16_000_000),
    ]


def test_a_basket_above_every_limit():
    found = cliffs([Rule("JP-express", UP_TO_10_000, UP_TO_10_000, YEN)], NOW)
    assert is_above_all(5_000_001, found)
    assert not is_above_all(5_000_000, found)


def test_what_is_no_rate_and_no_relief_is_refused():
    for krw, band in ((0, 0), (-1, 0), (math.inf, 0), (9, 1), (9, -0.1)):
        with pytest.raises(RateError):
            Rate(krw, band)
    for relief, up_to in (("up_to", None), ("none", 10.0)):
        with pytest.raises(ValueError, match="does not go with"):
            Terms(relief, up_to)  # type: ignore[arg-type]  (parametrised)


TERMS = st.one_of(
    st.builds(Terms, st.just("up_to"), st.floats(1, 1e6)),
    st.builds(Terms, st.sampled_from([each for each in RELIEFS if each != "up_to"])),
)
RATES = st.builds(Rate, st.floats(0.01, 2000), st.floats(0, 0.5))


@given(TERMS, RATES)
def test_stretches_cover_every_value_once(terms: Terms, rate: Rate):
    found = stretches(terms, rate)
    assert found[0].low_krw == 0
    assert found[-1].high_krw == math.inf
    assert [each.high_krw for each in found[:-1]] == [each.low_krw for each in found[1:]]


@given(TERMS, RATES, st.floats(1, 1e9), st.floats(1, 1e9))
def test_a_dearer_basket_never_gets_freer(terms: Terms, rate: Rate, one: float, other: float):
    order = ["free", "depends", "due", "unknown"]
    cheap, dear = (order.index(state(basket, terms, rate)) for basket in sorted((one, other)))
    assert cheap <= dear
