"""Made-up orders at a limit, with what was done about it known: for examples and tests, never data."""

from dataclasses import dataclass

import numpy as np

from dashboard.model.arrays import FloatArray

_BIN_KRW = 10_000
_HIGHEST_KRW = 10_000_000


@dataclass(frozen=True)
class Orders:
    """How the made-up orders come about; values are KRW, shares are of the orders concerned.

    Values follow a Pareto law from `smallest` on with exponent `tail`; some are rounded to the nearest multiple of 100,000 or
    500,000. Of those above the limit by at most `under_reach` some are declared up to 5% below it; of those above it by at
    most `split_reach` some are split into two halves.
    """

    number: int = 150_000
    smallest: float = 500_000
    tail: float = 2.4
    round_100k: float = 0.10
    round_500k: float = 0.05
    under_share: float = 0.25
    under_reach: float = 0.15
    split_share: float = 0.10
    split_reach: float = 0.30


@dataclass(frozen=True)
class MadeUp:
    """Counts (n,) of right-closed bins with edges (n + 1,), the last one open, and what was done."""

    edges: FloatArray
    counts: FloatArray
    under_declared: int
    split: int


def made_up(limit: float, generator: np.random.Generator, orders: Orders | None = None) -> MadeUp:
    """Draw orders, let people do what they do about the limit, and count declarations by value."""
    law = orders or Orders()
    value = np.ceil(law.smallest * generator.random(law.number) ** (-1 / law.tail))
    kind = generator.random(law.number)
    rounded = (kind < law.round_100k, kind < law.round_100k + law.round_500k)
    value = np.select(rounded, [np.rint(value / 1e5) * 1e5, np.rint(value / 5e5) * 5e5], value)
    choice = generator.random(law.number)
    above = value / limit - 1
    under = (above > 0) & (above <= law.under_reach) & (choice < law.under_share)
    split = (above > 0) & (above <= law.split_reach) & (choice >= 1 - law.split_share)
    declared = np.where(under, limit - np.floor(generator.random(law.number) * limit / 20), value)
    halves = declared[split] / 2
    declared = np.concatenate([declared[~split], np.ceil(halves), np.floor(halves)])
    bins = np.minimum(np.ceil(declared / _BIN_KRW).astype(np.intp), _HIGHEST_KRW // _BIN_KRW + 1) - 1
    edges = np.append(np.arange(0.0, _HIGHEST_KRW + _BIN_KRW, _BIN_KRW), np.inf)
    counts = np.bincount(bins, minlength=len(edges) - 1).astype(np.float64)
    return MadeUp(edges, counts, int(under.sum()), int(split.sum()))
