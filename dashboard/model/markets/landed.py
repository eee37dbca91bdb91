"""What the destination's border does with a basket of goods, and at which values that changes.

Thresholds are amounts of the destination's money; the basket is won. The rate of exchange is known within a band, so a threshold
is a range of won, and within it the answer depends on the rate of the day. Nothing here computes an amount of duty or tax: the
rates depend on the goods, and the rules give them as words.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from dashboard.model.errors import ModelError
from dashboard.model.markets.regime import Limits

Relief = Literal["up_to", "none", "all", "unknown"]
RELIEFS: tuple[Relief, ...] = get_args(Relief)
State = Literal["free", "due", "depends", "unknown"]
Levy = Literal["duty", "tax"]
LEVIES: tuple[Levy, ...] = get_args(Levy)


class RateError(ModelError):
    """A rate of exchange or its band that cannot be one."""


@dataclass(frozen=True)
class Rate:
    """Won for one unit of the destination's money, and how far it may be off, as a share from 0 to below 1."""

    krw_per_unit: float
    band: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no rate (RateError)."""
        if not 0 < self.krw_per_unit < math.inf or not 0 <= self.band < 1:
            raise RateError(
                "환율은 0보다 커야 하고, 환율의 폭은 0% 이상 100% 미만이어야 합니다.",
                "A rate must be above zero, and its band from 0% to below 100%.",
            )

    def krw(self, amount: float) -> tuple[float, float, float]:
        """An amount of the destination's money in won: at the lowest, the middle and the highest rate."""
        middle = amount * self.krw_per_unit
        return middle * (1 - self.band), middle, middle * (1 + self.band)


@dataclass(frozen=True)
class Terms:
    """What a rule says of one levy: free up to an amount of its currency, of nothing, of everything, or not known."""

    relief: Relief
    up_to: float | None = None

    def __post_init__(self) -> None:
        """Refuse a relief up to nothing (ValueError: the data are checked before they get here)."""
        if (self.relief == "up_to") != (self.up_to is not None):
            raise ValueError(f"relief {self.relief!r} does not go with up_to {self.up_to!r}")


@dataclass(frozen=True)
class Rule:
    """Duty and tax of one rule; `rate` is None where no rate of its currency is known."""

    rule_id: str
    duty: Terms
    tax: Terms
    rate: Rate | None

    def terms(self, levy: Levy) -> Terms:
        """What it says of one levy."""
        return self.duty if levy == "duty" else self.tax


@dataclass(frozen=True)
class Stretch:
    """Values in won, above `low` and at most `high`, for which one levy is in one state; the first begins at 0."""

    state: State
    low_krw: float
    high_krw: float


@dataclass(frozen=True)
class Cliff:
    """A value in won above which something changes: `krw` at the middle rate, between `low_krw` and `high_krw` over the band."""

    source: str  # "list_clearance", "simplified", or the rule's id
    levy: Levy | None  # None for a limit of Korea's own
    low_krw: float
    krw: float
    high_krw: float


def stretches(terms: Terms, rate: Rate | None) -> tuple[Stretch, ...]:
    """The states of one levy from a value of zero upwards, without gap or overlap."""
    if terms.relief in {"all", "none", "unknown"}:
        states: dict[Relief, State] = {"all": "free", "none": "due", "unknown": "unknown"}
        return (Stretch(states[terms.relief], 0.0, math.inf),)
    if rate is None or terms.up_to is None:
        return (Stretch("unknown", 0.0, math.inf),)
    low, _middle, high = rate.krw(terms.up_to)
    found = (Stretch("free", 0.0, low), Stretch("depends", low, high), Stretch("due", high, math.inf))
    return tuple(each for each in found if each.low_krw < each.high_krw)


def state(basket_krw: float, terms: Terms, rate: Rate | None) -> State:
    """What a levy does to a basket; a value equal to a threshold is still free of it."""
    return next(each.state for each in stretches(terms, rate) if basket_krw <= each.high_krw)


def cliffs(rules: Iterable[Rule], limits: Limits) -> list[Cliff]:
    """The values at which something changes on either border, the lowest first."""
    korean = {"list_clearance": limits.list_clearance_krw, "simplified": limits.simplified_krw}
    found = [Cliff(name, None, krw, krw, krw) for name, krw in korean.items() if krw is not None]
    for rule in rules:
        for levy in LEVIES:
            terms = rule.terms(levy)
            if terms.relief == "up_to" and terms.up_to is not None and rule.rate is not None:
                found.append(Cliff(rule.rule_id, levy, *rule.rate.krw(terms.up_to)))
    return sorted(found, key=lambda cliff: cliff.krw)


def is_above_all(basket_krw: float, found: Iterable[Cliff]) -> bool:
    """Whether a basket is worth more than every limit and threshold, at any rate within the band."""
    return all(basket_krw > cliff.high_krw for cliff in found)
