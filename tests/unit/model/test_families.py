"""The family against quadrature and against its published properties."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from dashboard.model.families import (
    Shape,
    log_count_share_above,
    quantile,
    raw_moment,
    shares_above,
)

SHAPES = [
    (0.5, 0.0),
    (0.85, 0.0),
    (0.85, 0.44),
    (0.85, 0.7),
    (1.2, 0.3),
    (1.4, 0.6),
    (0.6, 0.05),
    (0.9, 0.95),
]
RATIOS = [0.01, 0.5, 1.0, 3.0, 10.0, 33.0, 200.0]


def by_quadrature(ratio: float, s: float, rho: float) -> tuple[float, float]:
    """Integrate over the exponential part: given it, X is lognormal. Unit mean."""
    shape = Shape.of(s, rho)
    tau, inverse = float(shape.tau), rho * s
    nu = -float(shape.mean_over_location)
    start = np.log(ratio) - nu

    def count(e: float) -> float:
        return float(ndtr(-(start - e * inverse) / tau) * np.exp(-e))

    def value(e: float) -> float:
        location = nu + e * inverse
        return float(np.exp(location + tau**2 / 2 - e) * ndtr(-(start - e * inverse) / tau + tau))

    if rho == 0:
        return float(ndtr(-start / tau)), float(ndtr(-start / tau + tau))
    kink = max(start / inverse, 0.0)
    steps = [0.0] + [k for k in kink + np.arange(-20, 21) * tau / inverse / 2 if k > 0]
    steps += [steps[-1] + 20 / (1 - inverse) * k for k in (0.5, 1, 2, 3)]

    def over(f: Callable[[float], float]) -> float:
        return float(sum(quad(f, a, b, epsabs=0, epsrel=1e-13, limit=200)[0] for a, b in pairwise(steps)))

    return over(count), over(value)


@pytest.mark.parametrize(("s", "rho"), SHAPES)
@pytest.mark.parametrize("ratio", RATIOS)
def test_shares_above_equal_quadrature(ratio: float, s: float, rho: float) -> None:
    count, value = shares_above(ratio, 1.0, Shape.of(s, rho))
    expected = by_quadrature(ratio, s, rho)
    assert (float(count), float(value)) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize(("s", "rho"), SHAPES)
def test_mean_and_spread_of_log_are_the_parameters(s: float, rho: float) -> None:
    shape = Shape.of(s, rho)
    assert float(raw_moment(1, 7.0, shape)) == pytest.approx(7.0, rel=1e-13)
    tiny = 1e-4
    logs = [np.log(float(raw_moment(k, 7.0, shape))) for k in (-tiny, 0.0, tiny)]
    assert (logs[0] - 2 * logs[1] + logs[2]) / tiny**2 == pytest.approx(s**2, rel=1e-4)


def test_moments_follow_reed_and_jorgensen() -> None:
    shape = Shape.of(0.85, 0.44)
    alpha, tau = 1 / (0.44 * 0.85), float(shape.tau)
    nu = np.log(60_000) - float(shape.mean_over_location)
    second = np.exp(2 * nu + 2 * tau**2) * alpha / (alpha - 2)
    assert float(raw_moment(2, 60_000, shape)) == pytest.approx(second, rel=1e-12)
    assert np.isinf(raw_moment(3, 60_000, shape))


def test_far_tail_is_pareto_with_the_published_constant() -> None:
    shape = Shape.of(0.85, 0.5)
    alpha, tau = 1 / 0.425, float(shape.tau)
    nu = -float(shape.mean_over_location)
    for log_x in (50.0, 300.0, 600.0):
        expected = alpha * nu + (alpha * tau) ** 2 / 2 - alpha * log_x
        assert float(log_count_share_above(np.exp(log_x), 1.0, shape)) == pytest.approx(expected, rel=1e-12)
    count, value = shares_above(np.exp(50.0), 1.0, shape)
    # A Pareto tail: mean excess ratio alpha / (alpha - 1).
    assert float(value / count / np.exp(50.0)) == pytest.approx(alpha / (alpha - 1), rel=1e-10)


def test_lognormal_is_nested_and_approached() -> None:
    exact = shares_above(33.0, 1.0, Shape.of(0.85, 0.0))
    near = shares_above(33.0, 1.0, Shape.of(0.85, 1e-7))
    assert np.allclose(exact, near, rtol=1e-5, atol=0)
    deep = log_count_share_above(1e40, 1.0, Shape.of(0.85, 0.0))
    z = (np.log(1e40) + 0.85**2 / 2) / 0.85
    assert float(deep) == pytest.approx(-z * z / 2 - np.log(z * np.sqrt(2 * np.pi)), rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.3, 1.6),
    st.floats(0.0, 0.6),
    st.floats(0.02, 300.0),
    st.floats(1.001, 3.0),
    st.floats(1e-3, 1e6),
)
def test_shares_fall_and_do_not_depend_on_the_unit(
    s: float, rho: float, ratio: float, factor: float, unit: float
) -> None:
    shape = Shape.of(s, rho)
    here, beyond = shares_above(ratio, 1.0, shape), shares_above(ratio * factor, 1.0, shape)
    scaled = shares_above(ratio * unit, unit, shape)
    for at, above, other in zip(here, beyond, scaled, strict=True):
        assert 0 <= above <= at <= 1 + 1e-12
        assert float(other) == pytest.approx(float(at), rel=1e-9)
    assert here[1] >= here[0] - 1e-12


@settings(max_examples=40, deadline=None)
@given(st.floats(0.3, 1.6), st.floats(0.0, 0.6), st.floats(1e-12, 1 - 1e-6))
def test_quantile_inverts_the_share_above(s: float, rho: float, share: float) -> None:
    shape = Shape.of(s, rho)
    count, _ = shares_above(quantile(share, 60_000.0, shape), 60_000.0, shape)
    assert float(count) == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize(("s", "rho"), [(0.0, 0.4), (0.85, 1.0), (2.0, 0.6), (0.85, -0.1)])
def test_shapes_without_a_finite_mean_are_refused(s: float, rho: float) -> None:
    with pytest.raises(ValueError, match="finite mean"):
        Shape.of(s, rho)
