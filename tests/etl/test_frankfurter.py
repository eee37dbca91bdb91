"""Monthly means of the ECB's reference rates: which days count, what a silent gap is, over a real socket."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, RefusedError, SourceError
from etl.sources.frankfurter import COLUMNS, DATASET, PLAUSIBLE
from etl.sources.source import Answer, Request, Scope
from tests.etl.desk import SCOPE, Desk, rows_or_refusal, spoiled, statuses

USD = Request(
    "frankfurter",
    "https://api.frankfurter.dev/v1/2024-01-01..2024-01-31",
    (("base", "USD"), ("symbols", "KRW")),
    "source=ecb currency=USD",
    "2024-01",
    "2024-01",
)
# Bodies as recorded.
DAY = b'{"amount":1.0,"base":"USD","date":"2024-01-15","rates":{"KRW":1319.82}}'
SPAN = (
    b'{"amount":1.0,"base":"USD","start_date":"2024-01-02","end_date":"2024-01-03",'
    b'"rates":{"2024-01-02":{"KRW":1307.45},"2024-01-03":{"KRW":1309.1}}}'
)


def read(body: bytes, status: int = 200, request: Request = USD) -> dict[str, list[str | float | None]]:
    return DATASET.read(Answer(status, body), request).columns


def test_the_mean_of_two_recorded_days():
    # Half of 1307.45 and 1309.10 together.
    assert read(SPAN) == {
        "month": ["2024-01"],
        "currency": ["USD"],
        "krw_per_unit": [1308.275],
        "basis": ["ecb_average"],
        "days": [2],
    }


def test_a_single_recorded_day_is_read_too():
    assert read(DAY)["krw_per_unit"] == [1319.82]


def test_a_plan_asks_once_a_currency_for_months_that_are_over():
    requests = DATASET.plan(replace(SCOPE, since="2026-01", until="2026-12"))
    assert len(requests) == len(PLAUSIBLE) == len({request.query for request in requests})
    assert {(request.start, request.end) for request in requests} == {("2026-01", "2026-10")}
    assert requests[0].address.endswith("/v1/2026-01-01..2026-10-31")
    assert not DATASET.plan(Scope("2026-11", "2026-12", (), (), "2026-11-23"))


def test_a_month_has_its_working_days(desk: Desk):
    rows, contradictions = desk.first(DATASET)
    assert not contradictions
    assert rows.periods == {f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)} - {
        "2026-11",
        "2026-12",
    }
    # January 2024 has 23 weekdays, one of them New Year.
    assert rows.columns["days"][0] == 22
    assert tuple(rows.columns) == COLUMNS


def test_weekend_roll_back_is_no_month_of_its_own(desk: Desk):
    # 2023-01-01 was a Sunday: the answer starts with Friday, 2022-12-30.
    (request, *_) = DATASET.plan(Scope("2023-01", "2023-01", (), (), "2026-11-23"))
    answer, rows = desk.transport.fetch(DATASET, request)
    assert b'"start_date": "2022-12-30"' in answer.body
    assert rows.columns["month"] == ["2023-01"]


def test_an_unknown_currency_is_404(desk: Desk):
    with pytest.raises(RefusedError, match=r"HTTP 404.*not found"):
        desk.first(DATASET, symbols="XXX")


def test_the_same_currency_twice_is_422(desk: Desk):
    with pytest.raises(RefusedError, match=r"HTTP 422.*bad currency pair"):
        desk.first(DATASET, symbols="USD")


def test_an_invalid_amount_is_422(desk: Desk):
    with pytest.raises(RefusedError, match=r"HTTP 422.*invalid amount"):
        desk.first(DATASET, amount="much")


def test_a_symbol_that_is_silently_missing_is_noticed(desk: Desk):
    with pytest.raises(FormatError, match="left out KRW"):
        desk.first(DATASET, symbols="JPY,XXX")
    desk.faults.switch_on("frankfurter.silent")
    with pytest.raises(FormatError, match="left out KRW on 2024-01-15"):
        desk.first(DATASET)


def test_another_amount_or_base_is_noticed(desk: Desk):
    with pytest.raises(FormatError, match=r"asked for 1 USD and sent 100\.0 USD"):
        desk.first(DATASET, amount="100")
    with pytest.raises(FormatError, match=r"asked for 1 JPY and sent 1\.0 USD"):
        read(SPAN, request=replace(USD, params=(("base", "JPY"), ("symbols", "KRW"))))


def test_a_rate_of_another_scale_contradicts(desk: Desk):
    desk.faults.switch_on("frankfurter.upside-down")
    _, contradictions = desk.first(DATASET)
    (contradiction,) = contradictions
    assert "won for one USD is of another scale (2024-01, 2024-02, " in contradiction


def test_a_month_with_too_few_days_contradicts(desk: Desk):
    desk.faults.switch_on("frankfurter.holiday")
    _, contradictions = desk.first(DATASET)
    # The first ten days of January 2024 without New Year and one weekend.
    assert contradictions == [
        "7 days are not the working days of a month (2024-01, 2024-02, 2024-03, 2024-04, 2024-05 and 29 more)"
    ]


@pytest.mark.parametrize("fault", ["html", "text-500", "cut", "limit-429"])
def test_a_passing_fault_is_asked_again(desk: Desk, fault: str):
    desk.faults.switch_on(fault, 1)
    rows, contradictions = desk.first(DATASET)
    assert rows.periods
    assert not contradictions


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 200, BusyError),
        (b"<html>", 200, BusyError),
        (b"<html>", 404, RefusedError),
        (b"Bad Gateway", 502, BusyError),
        (SPAN[:-1], 200, BusyError),
        (SPAN.replace(b"1307.45", b"NaN"), 200, FormatError),
        (SPAN.replace(b"1307.45", b"1e999"), 200, FormatError),
        (SPAN.replace(b"1307.45", b"0"), 200, FormatError),
        (SPAN.replace(b"1307.45", b"true"), 200, FormatError),
        (SPAN.replace(b'"2024-01-03"', b'"2024-13-03"'), 200, FormatError),
        (b"[]", 200, FormatError),
        (b'{"rates":[]}', 200, FormatError),
        (b"[" * 100_000 + b"]", 200, FormatError),
        (b'{"rates":' + b"9" * 5000 + b"}", 200, FormatError),
        (b"\xff\xfe{}", 200, FormatError),
    ],
)
def test_broken_bodies_have_named_errors(body: bytes, status: int, error: type[SourceError]):
    with pytest.raises(error):
        read(body, status)


@given(st.binary(max_size=300), statuses)
def test_any_bytes_give_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), USD)


@given(spoiled(json.loads(SPAN)), statuses)
def test_any_spoiled_body_gives_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), USD)


@given(st.lists(st.floats(1000, 2000).map(lambda rate: round(rate, 2)), min_size=1, max_size=31))
def test_the_mean_lies_between_its_days(rates: list[float]):
    days = {f"2024-01-{day:02}": {"KRW": rate} for day, rate in enumerate(rates, start=1)}
    columns = read(json.dumps({"amount": 1, "base": "USD", "rates": days}).encode())
    (mean,) = columns["krw_per_unit"]
    assert columns["days"] == [len(rates)]
    assert min(rates) - 1e-6 <= float(mean or 0) <= max(rates) + 1e-6
