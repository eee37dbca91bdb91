"""The Pareto-lognormal family of shipment values, with the lognormal nested in it.

log X = nu + tau Z + E/alpha with Z standard normal and E standard exponential: a lognormal body with a
Pareto right tail. It is parametrised by three numbers that can be judged: the mean, s = the standard
deviation of log X, and rho = the share of s that is Pareto, so that 1/alpha = rho s and tau = s sqrt(1 -
rho^2). rho = 0 is the lognormal. The mean is finite where rho s < 1.

The share of cases above x is S(x) = Phi(-z) + exp(-alpha tau z + (alpha tau)^2 / 2) Phi(z - alpha tau)
with z = (ln x - nu) / tau. The value-weighted law is the same family with nu + tau^2, tau, alpha - 1.
Both are written below with the scaled complementary error function, so that nothing cancels or underflows
early in the far tail: with u = alpha tau - z, which is the same number for cases and for value, S(x) =
exp(-z^2/2) (erfcx(z/sqrt 2) + erfcx(u/sqrt 2)) / 2, and the value share has z - tau in place of z.

Sources: Reed and Jorgensen (2004), The double Pareto-lognormal distribution; Colombi (1990), the Pareto-
lognormal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfcx, log_ndtr, ndtr

from dashboard.model.arrays import FloatArray

_ROOT_HALF = float(np.sqrt(0.5))
# erfcx(-26.6) is the last value that a double holds; below this the other form of the tail term takes over.
_ERFCX_FLOOR = -25.0
# Doublings and halvings that pin a quantile down to the last bit of a double.
_BRACKET_STEPS = 64
_BISECTION_STEPS = 200


@dataclass(frozen=True)
class Shape:
    """The law of ln X up to its location: tau, alpha tau, and ln(mean) - nu; all dimensionless."""

    tau: FloatArray
    alpha_tau: FloatArray
    mean_over_location: FloatArray

    @classmethod
    def of(cls, s: ArrayLike, rho: ArrayLike) -> "Shape":
        """Return the shape with standard deviation `s` of log X and Pareto share `rho`; needs rho s < 1."""
        spread = np.asarray(s, dtype=np.float64)
        pareto = np.asarray(rho, dtype=np.float64)
        if not (np.all(spread > 0) and np.all((pareto >= 0) & (pareto < 1)) and np.all(pareto * spread < 1)):
            raise ValueError("The family needs s > 0, 0 <= rho < 1 and rho s < 1 (a finite mean).")
        root = np.sqrt(1 - pareto**2)
        tau = spread * root
        with np.errstate(divide="ignore", over="ignore"):
            alpha_tau = root / pareto
        return cls(tau, alpha_tau, tau**2 / 2 - np.log1p(-pareto * spread))


def shares_above(limit: ArrayLike, mean: ArrayLike, shape: Shape) -> tuple[FloatArray, FloatArray]:
    """Return the share of cases and the share of value above `limit`; limit and mean in the same currency."""
    return shares_above_log_ratio(np.log(limit) - np.log(mean), shape)


def shares_above_log_ratio(log_ratio: FloatArray, shape: Shape) -> tuple[FloatArray, FloatArray]:
    """Return the share of cases and of value above a limit given as ln(limit / mean)."""
    z = (log_ratio + shape.mean_over_location) / shape.tau
    u = (shape.alpha_tau - z) * _ROOT_HALF
    pareto = erfcx(np.maximum(u, _ERFCX_FLOOR))
    shifted = z - shape.tau
    count = ndtr(-z) + 0.5 * np.exp(-0.5 * z * z) * pareto
    value = ndtr(-shifted) + 0.5 * np.exp(-0.5 * shifted * shifted) * pareto
    far = u < _ERFCX_FLOOR
    if np.any(far):
        count = np.where(far, np.exp(_log_tail(z, shape.alpha_tau)), count)
        value = np.where(far, np.exp(_log_tail(shifted, shape.alpha_tau - shape.tau)), value)
    return count, value


def log_count_share_above(limit: ArrayLike, mean: ArrayLike, shape: Shape) -> FloatArray:
    """Return the logarithm of the share of cases above `limit`, finite where the share itself underflows."""
    z = (np.log(limit) - np.log(mean) + shape.mean_over_location) / shape.tau
    return _log_tail(z, shape.alpha_tau)


def _log_tail(z: FloatArray, alpha_tau: FloatArray) -> FloatArray:
    u = (alpha_tau - z) * _ROOT_HALF
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        near = -0.5 * z * z + np.log(0.5 * erfcx(np.maximum(u, _ERFCX_FLOOR)))
        far = -alpha_tau * (z - alpha_tau / 2) + log_ndtr(z - alpha_tau)
    tail: FloatArray = np.logaddexp(log_ndtr(-z), np.where(u < _ERFCX_FLOOR, far, near))
    return tail


def quantile(share_above: ArrayLike, mean: ArrayLike, shape: Shape) -> FloatArray:
    """Return the value that `share_above` of the cases exceed, in the currency of `mean`."""
    wanted = np.log(share_above)
    if not np.all(wanted < 0):
        raise ValueError("A share above must lie strictly between 0 and 1.")
    z = np.zeros(np.broadcast_shapes(wanted.shape, shape.tau.shape))
    step = np.ones_like(z)
    low, high = z - step, z + step
    for _ in range(_BRACKET_STEPS):
        low = np.where(_log_tail(low, shape.alpha_tau) < wanted, low - step, low)
        high = np.where(_log_tail(high, shape.alpha_tau) > wanted, high + step, high)
        step = 2 * step
    for _ in range(_BISECTION_STEPS):
        middle = 0.5 * (low + high)
        above = _log_tail(middle, shape.alpha_tau) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    z = 0.5 * (low + high)
    return np.asarray(np.asarray(mean) * np.exp(z * shape.tau - shape.mean_over_location), dtype=np.float64)


def raw_moment(order: float, mean: ArrayLike, shape: Shape) -> FloatArray:
    """Return E[X^order] in the currency of `mean` to that power; infinite where order >= alpha."""
    alpha = shape.alpha_tau / shape.tau
    location = np.log(mean) - shape.mean_over_location
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log_pareto = np.where(order < alpha, -np.log1p(-order / alpha), np.inf)
    return np.asarray(np.exp(order * location + (order * shape.tau) ** 2 / 2 + log_pareto), dtype=np.float64)
