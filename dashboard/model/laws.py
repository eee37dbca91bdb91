"""Families of shipment values that can be fitted to counts: the model's own and those to set against it.

Each is a law of X around a location: S(ln x - location) is the share of cases above x. The location is the
logarithm of the mean, except for Singh-Maddala, whose mean need not exist: there it is that of the scale. Shape
parameters are called theta; every one has a range, at whose ends a law may turn into another.

Sources: Reed and Jorgensen (2004) for the Pareto-lognormal; Singh and Maddala (1976), doi:10.2307/1911538.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaincc, ndtr

from dashboard.model.arrays import FloatArray
from dashboard.model.families import Shape, shares_above_log_ratio

Family = Literal["pareto_lognormal", "lognormal", "gamma", "singh_maddala"]


@dataclass(frozen=True)
class Law:
    """A family as a fit needs it: the names of its shape parameters, where to start, their range, and S."""

    names: tuple[str, ...]
    start: Callable[[float], tuple[float, ...]]
    ranges: tuple[tuple[float, float], ...]
    above: Callable[[FloatArray, FloatArray], FloatArray]


def _pareto_lognormal(log_ratio: FloatArray, theta: FloatArray) -> FloatArray:
    spread, rho = spread_and_pareto(theta)
    return shares_above_log_ratio(log_ratio, Shape.of(spread, rho))[0]


def spread_and_pareto(theta: FloatArray) -> tuple[float, float]:
    """Return s and rho from tau and 1/alpha, which have a box for a range."""
    tau, inverse_alpha = (float(each) for each in theta)
    spread = float(np.hypot(tau, inverse_alpha))
    return spread, inverse_alpha / spread


def _lognormal(log_ratio: FloatArray, theta: FloatArray) -> FloatArray:
    spread = theta[0]
    return np.asarray(ndtr(-(log_ratio / spread + spread / 2)))


def _gamma(log_ratio: FloatArray, theta: FloatArray) -> FloatArray:
    shape = theta[0]
    return np.asarray(gammaincc(shape, shape * np.exp(log_ratio)))


def _singh_maddala(log_ratio: FloatArray, theta: FloatArray) -> FloatArray:
    slope, tail = theta
    return np.asarray(np.exp(-tail * np.logaddexp(0.0, slope * log_ratio)))


# `start` takes the standard deviation of ln x as the counts have it. 1/alpha stays below 1, or there is no mean.
LAWS: Mapping[Family, Law] = {
    "pareto_lognormal": Law(
        ("tau", "inverse_alpha"),
        lambda spread: (0.9 * spread, 0.4 * min(spread, 2.0)),
        ((0.02, 5.0), (0.0, 0.95)),
        _pareto_lognormal,
    ),
    "lognormal": Law(("s",), lambda spread: (spread,), ((0.02, 5.0),), _lognormal),
    "gamma": Law(("shape",), lambda spread: (1 / spread**2,), ((0.02, 200.0),), _gamma),
    "singh_maddala": Law(
        ("a", "q"), lambda spread: (1.8 / spread, 1.0), ((0.2, 60.0), (0.05, 60.0)), _singh_maddala
    ),
}
