"""The bounds against worked examples, against laws that reach them, and against made-up populations."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.model.bounds import Bound, assumption_free, decreasing_density, list_clearance_capped

MILLION = 1_000_000
TOTAL_2024 = 4.091e12
DECLARED_2021 = 708_132_000 * 1144.8911

Law = Callable[[float, float, float], Bound]
LAWS = [assumption_free, decreasing_density]

amounts = st.floats(1e6, 1e13)
limits = st.floats(1e4, 1e8)
widths = st.floats(1.001, 10.0)  # new limit / old limit; the smallest step on offer is 1.01


# --- worked examples ------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "value", "old", "new", "cases"),
    [
        # 4,091,000,000,000 / 2,000,000
        (assumption_free, TOTAL_2024, 2, 4, 2_045_500),
        # whatever the new limit
        (assumption_free, TOTAL_2024, 2, 5, 2_045_500),
        # 4,091,000,000,000 / 4,000,000
        (assumption_free, TOTAL_2024, 4, 5, 1_022_750),
        # 708.132M USD x 1144.8911 = 810,734,024,425 KRW; / 2,000,000
        (assumption_free, DECLARED_2021, 2, 4, 405_367.012),
        # new = twice old: V / (2 x 2M)
        (decreasing_density, TOTAL_2024, 2, 4, 1_022_750),
        # new beyond twice old: the same, since a law that reaches further holds fewer shipments
        (decreasing_density, TOTAL_2024, 2, 5, 1_022_750),
        # 2 x 4.091tn x 1M / (5M)^2
        (decreasing_density, TOTAL_2024, 4, 5, 327_280),
        # 2 x 4.091tn x 0.1M / (2.1M)^2
        (decreasing_density, TOTAL_2024, 2, 2.1, 185_532.880),
    ],
)
def test_cases(law: Law, value: float, old: float, new: float, cases: float):
    assert law(value, old * MILLION, new * MILLION).cases == pytest.approx(cases, rel=1e-8)


def test_cases_with_list_clearance_taken_out():
    # half of 4.091tn goes by list clearance: 2.0455tn / 2M
    bound = list_clearance_capped(TOTAL_2024, TOTAL_2024 / 2, 2 * MILLION, 4 * MILLION, 2 * MILLION)
    assert bound == Bound(pytest.approx(1_022_750), pytest.approx(2.0455e12))


@pytest.mark.parametrize(
    ("law", "old", "new", "share"),
    [
        (assumption_free, 2, 4, 1.0),
        (decreasing_density, 2, 4, 0.75),  # 1 - (2/4)^2
        (decreasing_density, 4, 5, 0.36),  # 1 - (4/5)^2
        (decreasing_density, 2, 5, 0.84),  # grows on where the count has stopped
    ],
)
def test_share_of_value(law: Law, old: float, new: float, share: float):
    bound = law(TOTAL_2024, old * MILLION, new * MILLION)
    assert bound.value_krw / TOTAL_2024 == pytest.approx(share)


# --- laws that reach the bounds ------------------------------------------------------------


@pytest.mark.parametrize("above", [1e-1, 1e-3, 1e-6])
def test_two_values_reach_the_bound_without_assumptions(above: float):
    """All value in shipments just above the old limit, all others worth nothing."""
    old, new = 2.0 * MILLION, 4.0 * MILLION
    each = old * (1 + above)
    number = TOTAL_2024 / each
    bound = assumption_free(TOTAL_2024, old, new)
    assert old < each <= new
    assert number * each == pytest.approx(bound.value_krw)
    assert 1 - number / bound.cases == pytest.approx(above / (1 + above))


def uniform_and_zero(value: float, reach: float) -> tuple[np.ndarray, float]:
    """Evenly spread values up to `reach`, and the weight of each so that they add up to `value`."""
    values = (np.arange(90_000) + 0.5) * reach / 90_000  # so that each limit below falls between two of them
    return values, value / values.sum()


@pytest.mark.parametrize(("old", "new"), [(2.0, 3.0), (2.0, 4.0), (2.0, 9.0), (4.0, 5.0)])
def test_a_uniform_law_reaches_the_bound_for_a_falling_density(old: float, new: float):
    bound = decreasing_density(TOTAL_2024, old * MILLION, new * MILLION)

    values, weight = uniform_and_zero(TOTAL_2024, min(new, 2 * old) * MILLION)
    assert weight * ((values > old * MILLION) & (values <= new * MILLION)).sum() == pytest.approx(bound.cases)

    values, weight = uniform_and_zero(TOTAL_2024, new * MILLION)
    assert weight * values[values > old * MILLION].sum() == pytest.approx(bound.value_krw)


@given(limits, widths, st.floats(0.5, 10.0))
def test_no_other_uniform_law_goes_beyond(old: float, width: float, reach: float):
    """The reach in the formula is the best one: 2V(min(new, z) - old) / z² peaks there."""
    new, z = old * width, old * reach
    held = 2 * TOTAL_2024 * max(min(new, z) - old, 0.0) / z**2
    assert held <= decreasing_density(TOTAL_2024, old, new).cases * (1 + 1e-12)


# --- what holds for all of them ------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
@given(value=amounts, old=limits, one=widths, other=widths)
def test_more_qualify_under_a_higher_new_limit(law: Law, value: float, old: float, one: float, other: float):
    lower, higher = sorted((one, other))
    narrow, wide = law(value, old, old * lower), law(value, old, old * higher)
    assert narrow.cases <= wide.cases * (1 + 1e-9)
    assert narrow.value_krw <= wide.value_krw * (1 + 1e-9)


@pytest.mark.parametrize("law", LAWS)
@given(value=amounts, old=limits)
def test_nothing_qualifies_where_the_limit_stays(law: Law, value: float, old: float):
    assert law(value, old, old) == Bound(0.0, 0.0)


@pytest.mark.parametrize("law", LAWS)
@given(value=amounts, old=limits, width=widths, scale=st.floats(1e-3, 1e3))
def test_the_currency_does_not_matter(law: Law, value: float, old: float, width: float, scale: float):
    won, other = law(value, old, old * width), law(value * scale, old * scale, old * scale * width)
    assert other.cases == pytest.approx(won.cases, rel=1e-6)
    assert other.value_krw == pytest.approx(won.value_krw * scale, rel=1e-6)


@pytest.mark.parametrize("law", LAWS)
@given(value=amounts, old=limits, width=widths)
def test_twice_the_value_twice_the_bound(law: Law, value: float, old: float, width: float):
    single, double = law(value, old, old * width), law(2 * value, old, old * width)
    assert double.cases == pytest.approx(2 * single.cases)
    assert double.value_krw == pytest.approx(2 * single.value_krw)


@given(amounts, st.floats(0, 1), limits, widths)
def test_taking_list_clearance_out_only_tightens(value: float, share: float, old: float, width: float):
    free = assumption_free(value, old, old * width)
    capped = list_clearance_capped(value, share * value, old, old * width, old)
    assert 0 <= capped.cases <= free.cases
    assert capped.cases == pytest.approx((1 - share) * free.cases, abs=1e-6 * free.cases)


@given(amounts, limits, widths)
def test_an_assumption_at_least_halves_the_count(value: float, old: float, width: float):
    """2(z - a)a / z² is at most 1/2, at z = 2a."""
    free, falling = assumption_free(value, old, old * width), decreasing_density(value, old, old * width)
    assert falling.cases <= free.cases / 2 * (1 + 1e-12)
    assert falling.value_krw <= free.value_krw


@given(st.lists(st.floats(0, 1e8), min_size=1, max_size=60), limits, widths)
def test_no_population_exceeds_the_bound_without_assumptions(values: list[float], old: float, width: float):
    new = old * width
    qualifying = [value for value in values if old < value <= new]
    bound = assumption_free(sum(values), old, new)
    assert len(qualifying) <= bound.cases * (1 + 1e-9)
    assert sum(qualifying) <= bound.value_krw * (1 + 1e-9)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(1e3, 1e9)), min_size=1, max_size=20), limits, widths)
def test_no_falling_density_exceeds_its_bound(parts: list[tuple[float, float]], old: float, width: float):
    """Every falling density is a mixture of uniform ones that start at zero (Khinchine)."""
    new = old * width
    value = sum(number * reach / 2 for number, reach in parts)
    cases = sum(number * max(min(new, reach) - old, 0) / reach for number, reach in parts)
    inside = sum(number * max(min(new, reach) ** 2 - old**2, 0) / (2 * reach) for number, reach in parts)
    bound = decreasing_density(value, old, new)
    assert cases <= bound.cases * (1 + 1e-9)
    assert inside <= bound.value_krw * (1 + 1e-9)


@given(
    st.lists(st.floats(0, 2e6), max_size=40),
    st.lists(st.floats(0, 1e7), max_size=40),
    st.floats(2e6, 5e6),
    widths,
)
def test_no_capped_population_exceeds_its_bound(
    listed: list[float], declared: list[float], old: float, width: float
):
    """List clearance holds nothing above its cap of 2M; declarations hold anything."""
    new = old * width
    whole = sum(listed) + sum(declared)
    assume(sum(listed) <= whole)
    bound = list_clearance_capped(whole, sum(listed), old, new, 2e6)
    assert sum(old < value <= new for value in [*listed, *declared]) <= bound.cases * (1 + 1e-6) + 1e-6


# --- what makes no sense ------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("value", "old", "new", "why"),
    [
        (-1.0, 2e6, 4e6, "value"),
        (1e12, 0.0, 4e6, "more than zero"),
        (1e12, -2e6, 4e6, "more than zero"),
        (1e12, 4e6, 2e6, "below the old one"),
    ],
)
def test_nonsense_is_refused(law: Law, value: float, old: float, new: float, why: str):
    with pytest.raises(ValueError, match=why):
        law(value, old, new)


@pytest.mark.parametrize(
    ("listed", "old", "cap", "why"),
    [
        (5e11, 1.9e6, 2e6, "below the cap"),
        (1.1e12, 2e6, 2e6, "more than the whole"),
        (-1.0, 2e6, 2e6, "more than the whole"),
        (5e11, 5e6, 2e6, "below the old one"),
    ],
)
def test_nonsense_about_list_clearance_is_refused(listed: float, old: float, cap: float, why: str):
    with pytest.raises(ValueError, match=why):
        list_clearance_capped(1e12, listed, old, 4e6, cap)
