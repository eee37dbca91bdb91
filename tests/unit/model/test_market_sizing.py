"""Market size as a chain of factors: products by hand, intervals, and children that add up to their parent."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.markets.sizing import (
    LAWS,
    Chain,
    Factor,
    SizingError,
    at_medians,
    contributions,
    size,
    tornado,
)


def known(name: str, value: float) -> Factor:
    return Factor(name, value, value, value, "published")


IMPORTS = known("imports", 4_000.0)
KOREAN = Factor("korean", 0.10, 0.20, 0.30, "derived", "triangular")
ONLINE = Factor("online", 0.05, 0.10, 0.20, "assumed", "lognormal")
CHAIN = Chain("JP", {"TAM": (IMPORTS,), "SAM": (KOREAN,), "SOM": (ONLINE,)})


def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


def test_known_factors_multiply():
    """4,000 x 0.2 = 800; 800 x 0.1 = 80, in every draw."""
    chain = Chain("JP", {"TAM": (IMPORTS,), "SAM": (known("k", 0.2),), "SOM": (known("o", 0.1),)})
    found = size([chain], rng(), draws=50)
    assert [found.summary(stage).p50 for stage in ("TAM", "SAM", "SOM")] == pytest.approx([4_000, 800, 80])
    assert found.summary("SOM").p05 == pytest.approx(found.summary("SOM").p95)
    assert tornado([chain]) == []
    assert contributions(chain) == {"imports": 0.0, "k": 0.0, "o": 0.0}


@pytest.mark.parametrize(
    ("law", "probability", "expected"),
    [
        # triangular on 0.1, 0.2, 0.3: half of the area below the mode; at 1/8 it is 0.1 + sqrt(1/8 x 0.2 x 0.1) = 0.15
        ("triangular", 0.5, 0.2),
        ("triangular", 0.125, 0.15),
        ("triangular", 0.875, 0.25),
        ("pert", 0.5, 0.2),
        ("lognormal", 0.05, 0.1),
        ("lognormal", 0.5, 0.2),
        ("lognormal", 0.95, 0.3),
    ],
)
def test_points_of_a_factor(law: str, probability: float, expected: float):
    factor = Factor("f", 0.1, 0.2, 0.3, "assumed", law)  # type: ignore[arg-type]  (parametrised)
    assert factor.at(np.array([probability]))[0] == pytest.approx(expected)


def test_the_mean_of_a_pert_is_its_own():
    """(low + 4 mid + high) / 6 = (10 + 80 + 60) / 6 = 25."""
    draws = Factor("f", 10, 20, 60, "assumed").at((np.arange(20_000) + 0.5) / 20_000)
    assert draws.mean() == pytest.approx(25, rel=1e-4)


def test_the_mean_of_independent_factors_is_the_product_of_their_means():
    """A triangle's mean is (0.1 + 0.2 + 0.3) / 3 = 0.2, so the mean of SAM is 4,000 x 0.2 = 800."""
    assert size([CHAIN], rng()).summary("SAM").mean == pytest.approx(800, rel=1e-3)


def test_children_add_up_to_their_parent_in_every_draw():
    other = Chain(
        "US",
        {
            "TAM": (known("us", 9_000),),
            "SAM": (Factor("us share", 0.1, 0.1, 0.4, "assumed"),),
            "SOM": (ONLINE,),
        },
    )
    found = size([CHAIN, other], rng(), draws=300)
    for stage in ("TAM", "SAM", "SOM"):
        assert (found.markets["JP"][stage] + found.markets["US"][stage] == found.total[stage]).all()
    means = [found.summary("SOM", market).mean for market in ("JP", "US")]
    assert sum(means) == pytest.approx(found.summary("SOM").mean)
    # they share one factor, so their sum is less sure than if each had its own
    own = Chain("US", {**other.stages, "SOM": (Factor("own", 0.05, 0.10, 0.20, "assumed", "lognormal"),)})
    apart = size([CHAIN, own], rng(), draws=300)
    assert np.std(np.log(found.total["SOM"])) > np.std(np.log(apart.total["SOM"]))


def test_a_tornado_by_hand():
    """At medians 4,000 x 0.2 x 0.1 = 80. The online share at its ends 0.05 and 0.2: 40 and 160, the longest bar."""
    first, second = tornado([CHAIN])
    assert at_medians([CHAIN]) == pytest.approx(80)
    assert (first.factor.id, first.low, first.high) == ("online", pytest.approx(0.05), pytest.approx(0.2))
    assert (first.size_at_low, first.size_at_high) == (pytest.approx(40), pytest.approx(160))
    # a triangle's 5% point: 0.1 + sqrt(0.05 x 0.2 x 0.1) = 0.13162; 4,000 x 0.13162 x 0.1 = 52.649
    assert second.size_at_low == pytest.approx(52.649, abs=0.001)


def test_contributions_add_up_to_one():
    found = contributions(CHAIN)
    assert sum(found.values()) == pytest.approx(1)
    assert found["imports"] == 0
    assert found["online"] > found["korean"] > 0


RANGES = st.lists(st.floats(0.01, 1e6), min_size=3, max_size=3).map(sorted)


@given(ranges=RANGES, law=st.sampled_from(LAWS))
def test_a_factor_rises_with_its_probability_and_keeps_its_range(ranges: list[float], law: str):
    factor = Factor("f", *ranges, "assumed", law)  # type: ignore[arg-type]  (drawn)
    values = factor.at(np.linspace(0.001, 0.999, 99))
    assert (np.diff(values) >= -1e-9 * ranges[2]).all()
    if law != "lognormal":
        assert values.min() >= ranges[0] * (1 - 1e-9)
        assert values.max() <= ranges[2] * (1 + 1e-9)


@given(st.lists(RANGES, min_size=1, max_size=4))
def test_quantiles_are_in_order_and_within_the_sums_of_the_ends(many: list[list[float]]):
    chains = [Chain(f"m{i}", {"TAM": (Factor(f"f{i}", *each, "assumed"),)}) for i, each in enumerate(many)]
    found = size(chains, rng(), draws=60).summary("TAM")
    points = [found.p05, found.p25, found.p50, found.p75, found.p95]
    assert points == pytest.approx(sorted(points), rel=1e-9)
    low, high = (sum(each[end] for each in many) for end in (0, 2))
    assert low * (1 - 1e-9) <= found.p05
    assert found.p95 <= high * (1 + 1e-9)


@pytest.mark.parametrize("ends", [(2, 1, 3), (1, 3, 2), (-1, 0, 1), (0, 1, math.inf), (math.nan, 1, 2)])
def test_a_range_out_of_order_is_refused(ends: tuple[float, float, float]):
    with pytest.raises(SizingError):
        Factor("f", *ends, "assumed")


def test_chains_that_do_not_fit_are_refused():
    with pytest.raises(SizingError):
        Factor("f", 0, 1, 2, "assumed", "lognormal")
    with pytest.raises(SizingError):
        Chain("JP", {"TAM": ()})
    for chains in ([], [CHAIN, CHAIN], [CHAIN, Chain("US", {"TAM": (IMPORTS,)})]):
        with pytest.raises(SizingError):
            size(chains, rng(), draws=10)
    other = Chain("US", {**CHAIN.stages, "TAM": (known("imports", 1),)})
    with pytest.raises(SizingError, match="different ranges"):
        size([CHAIN, other], rng(), draws=10)


def test_a_market_of_nothing_is_nothing():
    chain = Chain("XX", {"TAM": (Factor("f", 0, 0, 0, "published"),), "SOM": (KOREAN,)})
    assert size([chain], rng(), draws=10).summary("SOM").p95 == 0
    assert [bar.size_at_high for bar in tornado([chain])] == [0]
