"""By which procedure a parcel leaves Korea, before and after each change of the limits.

The notice (수출 및 반송통관에 관한 고시) has list clearance for goods of at most its limit for which no duty is drawn back
(art. 55(1)8), the simplified declaration for goods of at most its own limit (art. 43(1)), and the formal one for the rest. Goods
that the head of customs confirms (Customs Act art. 226) go by the formal one at any value. Money is won, FOB.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from dashboard.model.errors import ModelError

Regime = Literal["list_clearance", "simplified", "formal"]
REGIMES: tuple[Regime, ...] = get_args(Regime)  # the lightest first
Reason = Literal[
    "within_list_limit",
    "drawback_needs_declaration",
    "above_list_limit",
    "within_simplified_limit",
    "above_simplified_limit",
    "no_simplified_yet",
    "confirmation",
]


class ParcelError(ModelError):
    """A parcel whose value is no amount of money."""


@dataclass(frozen=True)
class Parcel:
    """What decides: value in won (FOB), whether duty is to be drawn back, whether customs confirms permits for the goods."""

    value_krw: float
    wants_drawback: bool = False
    needs_confirmation: bool = False

    def __post_init__(self) -> None:
        """Refuse a value that is not above zero and finite (ParcelError)."""
        if not 0 < self.value_krw < float("inf"):
            raise ParcelError(
                "소포의 금액은 0보다 큰 원화 금액이어야 합니다.",
                "A parcel's value must be an amount of won above zero.",
            )


@dataclass(frozen=True)
class Limits:
    """Both limits in won; None where the procedure does not exist."""

    list_clearance_krw: float | None
    simplified_krw: float | None


@dataclass(frozen=True)
class Verdict:
    """The lightest procedure open to a parcel, and why, in the order in which the law asks."""

    regime: Regime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Span:
    """Limits that held from a day to the day before `until`; None is still open."""

    since: date
    until: date | None
    limits: Limits


@dataclass(frozen=True)
class Phase:
    """What a span of time means for a parcel, and whether that differs from the span before."""

    span: Span
    verdict: Verdict
    is_changed: bool


def verdict(parcel: Parcel, limits: Limits) -> Verdict:
    """The lightest procedure that the law leaves open; a value equal to a limit is within it."""
    if parcel.needs_confirmation:
        return Verdict("formal", ("confirmation",))
    reasons: list[Reason] = []
    if parcel.wants_drawback:
        reasons.append("drawback_needs_declaration")
    elif _is_within(parcel, limits.list_clearance_krw):
        return Verdict("list_clearance", ("within_list_limit",))
    else:
        reasons.append("above_list_limit")
    if limits.simplified_krw is None:
        return Verdict("formal", (*reasons, "no_simplified_yet"))
    if _is_within(parcel, limits.simplified_krw):
        return Verdict("simplified", (*reasons, "within_simplified_limit"))
    return Verdict("formal", (*reasons, "above_simplified_limit"))


def _is_within(parcel: Parcel, limit_krw: float | None) -> bool:
    return limit_krw is not None and parcel.value_krw <= limit_krw


def spans(listed: Sequence[tuple[date, float]], simplified: Sequence[tuple[date, float]]) -> list[Span]:
    """The spans between changes of the simplified limit, from its first day on.

    Both are (in force since, limit in won). The limit of list clearance is that of the span's last day, since it was written
    down later than it was used.
    """
    changes = sorted(simplified)
    ends = [*(since for since, _limit in changes[1:]), None]
    found = []
    for (since, limit), until in zip(changes, ends, strict=True):
        before_end = [(day, krw) for day, krw in sorted(listed) if until is None or day < until]
        found.append(Span(since, until, Limits(before_end[-1][1] if before_end else None, limit)))
    return found


def history(parcel: Parcel, through: Sequence[Span]) -> list[Phase]:
    """What each span means for the parcel, in order of time."""
    found: list[Phase] = []
    for span in through:
        said = verdict(parcel, span.limits)
        found.append(Phase(span, said, bool(found) and found[-1].verdict.regime != said.regime))
    return found


def on_day(through: Sequence[Span], day: date) -> Limits:
    """The limits on a day; neither procedure existed before the first span."""
    for span in through:
        if span.since <= day and (span.until is None or day < span.until):
            return span.limits
    return Limits(None, None)
