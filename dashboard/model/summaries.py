"""Weighted draws into the few numbers that a page prints."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.model.arrays import FloatArray

PROBABILITIES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True)
class Summary:
    """Quantiles and the mean of one quantity over the draws; of parts, only the means add up."""

    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    mean: float

    @classmethod
    def of(cls, draws: FloatArray, weights: FloatArray) -> "Summary":
        """Summarise draws of shape (n,) under weights of shape (n,) that sum to one."""
        return summaries(draws[np.newaxis], weights)[0]


def summaries(rows: FloatArray, weights: FloatArray) -> list[Summary]:
    """Summarise each row of an array (rows, n) under the same weights."""
    points = weighted_quantiles(rows, weights, PROBABILITIES)
    means = rows @ weights
    return [Summary(*row) for row in np.column_stack([points, means]).tolist()]


def weighted_quantiles(
    rows: FloatArray, weights: FloatArray, probabilities: Sequence[float] | FloatArray
) -> FloatArray:
    """Return quantiles of shape (rows, probabilities), each an average over one draw's worth of probability.

    With even weights this is the line between neighbours (Hazen). Unlike a line between weighted points it
    never falls where every draw rises, so that a higher limit never shows a lower quantile.
    """
    order = np.argsort(rows, axis=1)
    asked = np.asarray(probabilities, dtype=np.float64)
    half = 0.5 / rows.shape[1]
    ends = np.clip([asked - half, asked + half], 0.0, 1.0)
    result = np.empty((len(rows), len(asked)))
    for index, ranks in enumerate(order):
        ordered, values = weights[ranks], rows[index][ranks]
        reached = np.concatenate([[0.0], np.cumsum(ordered)])
        area = np.concatenate([[0.0], np.cumsum(ordered * values)])
        low, high = np.interp(ends, reached / reached[-1], area / reached[-1])
        result[index] = (high - low) / (ends[1] - ends[0])
    return result
