"""By which procedure a parcel leaves Korea: every combination by hand, and that a higher limit is never stricter."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.markets.regime import (
    REGIMES,
    Limits,
    Parcel,
    ParcelError,
    Span,
    history,
    on_day,
    spans,
    verdict,
)

M = 1_000_000.0
LISTED = [(date(2014, 10, 1), 2 * M), (date(2017, 1, 5), 2 * M)]
SIMPLIFIED = [(date(2014, 7, 30), 2 * M), (date(2024, 8, 1), 4 * M), (date(2026, 6, 26), 5 * M)]
THROUGH = spans(LISTED, SIMPLIFIED)
NOW = Limits(2 * M, 5 * M)


@pytest.mark.parametrize(
    ("parcel", "expected"),
    [
        (Parcel(45_000), ["list_clearance"] * 3),
        (Parcel(2 * M), ["list_clearance"] * 3),  # at the limit is within it
        (Parcel(2 * M, wants_drawback=True), ["simplified"] * 3),
        (Parcel(45_000, wants_drawback=True), ["simplified"] * 3),
        (Parcel(2 * M + 1), ["formal", "simplified", "simplified"]),
        (Parcel(4 * M), ["formal", "simplified", "simplified"]),
        (Parcel(4.5 * M, wants_drawback=True), ["formal", "formal", "simplified"]),
        (Parcel(5 * M), ["formal", "formal", "simplified"]),
        (Parcel(5 * M + 1), ["formal"] * 3),
        (Parcel(45_000, needs_confirmation=True), ["formal"] * 3),
        (Parcel(3 * M, wants_drawback=True, needs_confirmation=True), ["formal"] * 3),
    ],
)
def test_each_parcel_before_and_after_each_change(parcel: Parcel, expected: list[str]):
    phases = history(parcel, THROUGH)
    assert [phase.verdict.regime for phase in phases] == expected
    changed = [before != after for before, after in itertools.pairwise(expected)]
    assert [phase.is_changed for phase in phases] == [False, *changed]


def test_the_reasons_follow_the_law():
    assert verdict(Parcel(45_000), NOW).reasons == ("within_list_limit",)
    assert verdict(Parcel(45_000, wants_drawback=True), NOW).reasons == (
        "drawback_needs_declaration",
        "within_simplified_limit",
    )
    assert verdict(Parcel(3 * M), NOW).reasons == ("above_list_limit", "within_simplified_limit")
    assert verdict(Parcel(6 * M), NOW).reasons == ("above_list_limit", "above_simplified_limit")
    assert verdict(Parcel(1.0, needs_confirmation=True), NOW).reasons == ("confirmation",)
    assert verdict(Parcel(3 * M), Limits(None, None)).reasons == ("above_list_limit", "no_simplified_yet")


def test_spans_lie_end_to_end():
    assert [(span.since, span.until) for span in THROUGH] == [
        (date(2014, 7, 30), date(2024, 8, 1)),
        (date(2024, 8, 1), date(2026, 6, 26)),
        (date(2026, 6, 26), None),
    ]
    assert [span.limits for span in THROUGH] == [Limits(2 * M, 2 * M), Limits(2 * M, 4 * M), NOW]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2013, 1, 1), Limits(None, None)),
        (date(2024, 7, 31), Limits(2 * M, 2 * M)),
        (date(2024, 8, 1), Limits(2 * M, 4 * M)),
        (date(2026, 6, 25), Limits(2 * M, 4 * M)),
        (date(2026, 11, 23), NOW),
    ],
)
def test_the_limits_of_a_day(day: date, expected: Limits):
    assert on_day(THROUGH, day) == expected


def test_a_list_limit_that_came_later_does_not_hold_before():
    assert spans([(date(2030, 1, 1), M)], SIMPLIFIED)[0].limits.list_clearance_krw is None


VALUES = st.floats(1, 1e8)
LIMIT = st.one_of(st.none(), st.floats(1, 1e8))


PARCELS = st.builds(Parcel, VALUES, st.booleans(), st.booleans())


@given(PARCELS, LIMIT, LIMIT, LIMIT)
def test_raising_the_limit_never_makes_it_stricter(
    parcel: Parcel, listed: float | None, one: float | None, other: float | None
):
    low, high = sorted((one, other), key=lambda limit: limit or 0.0)
    before, after = (REGIMES.index(verdict(parcel, Limits(listed, each)).regime) for each in (low, high))
    assert after <= before
    # and it never touches what list clearance takes
    if before == REGIMES.index("list_clearance"):
        assert after == before


@given(PARCELS, VALUES)
def test_more_value_or_more_wishes_are_never_lighter(parcel: Parcel, other: float):
    def place(asked: Parcel) -> int:
        return REGIMES.index(verdict(asked, NOW).regime)

    small, large = sorted((parcel.value_krw, other))
    assert place(replace(parcel, value_krw=large)) >= place(replace(parcel, value_krw=small))
    assert place(replace(parcel, wants_drawback=True)) >= place(replace(parcel, wants_drawback=False))
    assert place(replace(parcel, needs_confirmation=True)) == REGIMES.index("formal")


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_parcel_worth_nothing_is_refused(value: float):
    with pytest.raises(ParcelError):
        Parcel(value)


def test_one_span_alone_is_no_change():
    (phase,) = history(Parcel(M), [Span(date(2020, 1, 1), None, NOW)])
    assert not phase.is_changed
