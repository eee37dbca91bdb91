"""What totals can show: the published figure, and the closed form against simulated months."""

import numpy as np
import pytest

from dashboard.model.errors import PopulationError
from dashboard.model.power import Detectability, detectability
from dashboard.model.priors import Assumptions


def test_totals_show_nothing_smaller_than_a_tenth(default: Assumptions) -> None:
    found = detectability(43, 17, default)
    assert found.minimum_detectable_change == pytest.approx(0.11, abs=0.01)
    assert found.power(found.minimum_detectable_change) == pytest.approx(0.8, abs=0.001)
    # The most that the reform can do to total cases is 3.1%, and the model has 0.03%.
    assert found.power(0.031) < 0.2
    assert found.power(0.0003) == pytest.approx(found.significance, abs=1e-3)
    assert detectability(60, 40, default).standard_error < found.standard_error


def test_closed_form_equals_simulated_months(default: Assumptions) -> None:
    rows = default.with_fixed("power.level_drift", 0.0).with_fixed("power.autocorrelation", 0.0)
    before, after, noise = 43, 17, rows.value("power.monthly_noise")
    generator = np.random.default_rng(3)
    months = np.arange(before + after)
    season = [f(2 * np.pi * k * months / 12) for k in (1, 2) for f in (np.sin, np.cos)]
    design = np.column_stack([np.ones(len(months)), months / len(months), *season, months >= before])
    series = generator.normal(0, noise, (len(months), 4_000)) + 0.02 * months[:, np.newaxis]
    steps = np.linalg.lstsq(design.astype(float), series, rcond=None)[0][-1]
    found = detectability(before, after, rows)
    assert np.std(steps) == pytest.approx(found.standard_error, rel=0.04)
    assert isinstance(found, Detectability)


def test_too_few_months_are_named(default: Assumptions) -> None:
    for months in ((6, 12), (43, 0)):
        with pytest.raises(PopulationError):
            detectability(*months, default)
