"""What monthly totals could show of the limit's effect, had they been published: next to nothing.

A step in the log of a monthly total is estimated beside a trend and two yearly harmonics by generalised least
squares, with autocorrelated noise and a level that drifts. The smallest step that such a test would find with
the wanted power is set against the largest that the reform can make. Changes are fractions of the total.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import ndtr, ndtri

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import PopulationError
from dashboard.model.priors import Assumptions

_MONTHS_A_YEAR = 12
_HARMONICS = (1, 2)


@dataclass(frozen=True)
class Detectability:
    """The test's standard error on the log, and what it can find."""

    months_before: int
    months_after: int
    standard_error: float
    significance: float
    wanted_power: float

    @property
    def minimum_detectable_change(self) -> float:
        """Smallest change of the total found with the wanted power."""
        reach = -ndtri(self.significance / 2) + ndtri(self.wanted_power)
        return float(np.expm1(reach * self.standard_error))

    def power(self, change: float) -> float:
        """Return the chance to find a change of the total of this size."""
        step = np.log1p(change) / self.standard_error
        edge = -ndtri(self.significance / 2)
        return float(ndtr(step - edge) + ndtr(-step - edge))


def detectability(months_before: int, months_after: int, assumptions: Assumptions) -> Detectability:
    """Return what a test on this many months before and after the change can find."""
    least = 2 * (2 + 2 * len(_HARMONICS))
    if months_before < least or months_after < 1:
        raise PopulationError(
            f"변경 전 {least}개월, 변경 후 1개월 이상의 자료가 필요합니다.",
            f"At least {least} months before the change and one after are needed.",
        )
    noise, correlation, drift, significance, wanted = (
        assumptions.value(f"power.{name}")
        for name in ("monthly_noise", "autocorrelation", "level_drift", "significance", "wanted")
    )
    covariance = _covariance(months_before + months_after, noise, correlation, drift)
    design = _design(months_before, months_after)
    information = design.T @ cho_solve(cho_factor(covariance), design)
    error = float(np.sqrt(np.linalg.inv(information)[-1, -1]))
    return Detectability(months_before, months_after, error, significance, wanted)


def _covariance(months: int, noise: float, correlation: float, drift: float) -> FloatArray:
    at = np.arange(months)
    return np.asarray(
        noise**2 * correlation ** np.abs(at[:, np.newaxis] - at)
        + drift**2 * np.minimum(at[:, np.newaxis], at)
    )


def _design(months_before: int, months_after: int) -> FloatArray:
    """Columns: level, trend, the harmonics, and last the step."""
    months = np.arange(months_before + months_after)
    turns = [2 * np.pi * k * months / _MONTHS_A_YEAR for k in _HARMONICS]
    season = [wave(turn) for turn in turns for wave in (np.sin, np.cos)]
    trend = months / len(months)
    return np.column_stack([np.ones(len(months)), trend, *season, months >= months_before]).astype(np.float64)
