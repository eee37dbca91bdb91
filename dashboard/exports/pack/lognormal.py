"""One lognormal of a given mean: the law that a spreadsheet can compute, and the spread at which it says what the model says."""

import math
from itertools import pairwise

from scipy.optimize import brentq
from scipy.special import ndtr

# Spreads that a workbook tries, from almost none to far beyond any law of prices; geometric steps.
LEAST_SPREAD, MOST_SPREAD, SPREADS = 0.02, 12.0, 200
NARROWINGS = 60  # golden sections around the best of them: to the last digit


def spreads() -> list[float]:
    """The spreads that are tried first."""
    step = (MOST_SPREAD / LEAST_SPREAD) ** (1 / (SPREADS - 1))
    return [LEAST_SPREAD * step**place for place in range(SPREADS)]


def share_between(low_krw: float, high_krw: float, mean_krw: float, spread: float) -> float:
    """Share of cases worth more than `low_krw` and at most `high_krw`; `spread` is the standard deviation of ln(value)."""
    upper, lower = (math.log(limit / mean_krw) / spread + spread / 2 for limit in (high_krw, low_krw))
    return float(ndtr(-lower) - ndtr(-upper))


def spread_for(share: float, low_krw: float, high_krw: float, mean_krw: float) -> float | None:
    """The smallest spread at which that share lies between the limits; None where no lognormal of this mean has so many."""
    tried = spreads()

    def beyond(spread: float) -> float:
        return share_between(low_krw, high_krw, mean_krw, spread) - share

    for left, right in pairwise(tried):
        if beyond(left) <= 0 < beyond(right):
            return float(brentq(beyond, left, right, xtol=1e-15, rtol=1e-14))
    return None
