"""Cells add up to what is published, in every draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model.errors import PopulationError
from dashboard.model.population import REST, Population, build_cells, fit_to_margins, with_rest


def shares(generator: np.random.Generator, members: int, draws: int) -> np.ndarray:
    weights = generator.lognormal(0, 1, (members, draws))
    return np.asarray(weights / weights.sum(axis=0))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 6))
def test_values_counts_and_margins_add_up(seed: int, destinations: int, items: int) -> None:
    generator = np.random.default_rng(seed)
    draws = 20
    rows, columns = shares(generator, destinations, draws), shares(generator, items, draws)
    table = generator.lognormal(0, 0.5, (destinations, items, draws))
    untouched = table.copy()
    fitted = fit_to_margins(table, rows, columns)
    assert np.array_equal(table, untouched)
    np.testing.assert_allclose(fitted.sum(axis=1), rows, rtol=1e-9)
    np.testing.assert_allclose(fitted.sum(axis=0), columns, rtol=1e-9)

    cases, value = generator.lognormal(17, 0.1, draws), generator.lognormal(29, 0.1, draws)
    relative = generator.lognormal(0, 0.5, fitted.shape)
    names = tuple(map(str, range(destinations))), tuple(map(str, range(items)))
    cells = build_cells(*names, cases=cases, value_krw=value, value_shares=fitted, relative_mean=relative)
    np.testing.assert_allclose(cells.total_cases, cases, rtol=1e-9)
    np.testing.assert_allclose(cells.total_value_krw, value, rtol=1e-9)
    np.testing.assert_allclose(cells.mean_krw * cells.cases, cells.value_krw, rtol=1e-9)

    known = shares(generator, destinations, draws)
    cells = build_cells(
        *names,
        cases=cases,
        value_krw=value,
        value_shares=fitted,
        relative_mean=relative,
        destination_case_shares=known,
    )
    np.testing.assert_allclose(cells.cases.sum(axis=1), known * cases, rtol=1e-9)
    np.testing.assert_allclose(cells.value_krw.sum(axis=1), rows * value, rtol=1e-9)
    # Within a destination the relative means are kept.
    ratio = cells.mean_krw / relative
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(items, axis=1), rtol=1e-9)


def test_fitting_keeps_the_odds_of_the_seed() -> None:
    generator = np.random.default_rng(5)
    seed = generator.lognormal(0, 0.5, (2, 2, 9))
    fitted = fit_to_margins(seed, shares(generator, 2, 9), shares(generator, 2, 9))

    def odds(table: np.ndarray) -> np.ndarray:
        return np.asarray(table[0, 0] * table[1, 1] / table[0, 1] / table[1, 0])

    np.testing.assert_allclose(odds(fitted), odds(seed), rtol=1e-9)


def test_rest_is_explicit() -> None:
    assert with_rest({"JP": 0.36, "US": 0.27})[REST] == pytest.approx(0.37)
    assert with_rest({"JP": 0.4, "US": 0.6 + 1e-9})[REST] == 0
    for bad in ({"JP": 0.7, "US": 0.4}, {"JP": -0.1}):
        with pytest.raises(PopulationError):
            with_rest(bad)


def test_impossible_bases_are_named() -> None:
    for cases, value in ((0, 1e12), (1e6, -1), (float("nan"), 1e12)):
        with pytest.raises(PopulationError) as caught:
            Population("own", 2025, cases, value)
        assert caught.value.ko
    with pytest.raises(PopulationError):
        Population.in_usd("own", 2025, 1e6, 1e9, 0)
    with pytest.raises(PopulationError):
        fit_to_margins(np.ones((2, 2, 1)), np.array([[0.5], [0.5]]), np.array([[0.5], [0.6]]))


def test_usd_base_converts_at_its_rate() -> None:
    base = Population.in_usd("own", 2021, 10.0, 100.0, 1_100.0)
    assert base.value_krw == 110_000
    assert base.mean_krw == 11_000
