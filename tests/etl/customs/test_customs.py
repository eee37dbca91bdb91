"""The Customs Service’s answers, read without a socket: bodies as recorded and documented, requests, refusals."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, RefusedError
from etl.sources.customs import CUSTOMS_RATE, DATASETS, NATIONTRADE, NEWTRADE, NITEMTRADE, newest_month
from etl.sources.source import Answer, Rows, Scope
from tests.etl.customs.bodies import (
    CASES,
    GATEWAY_BODY,
    HEAD,
    NEWTRADE_BODY,
    NITEMTRADE_BODY,
    RATE_BODY,
    REFUSED_BODY,
    SCOPE,
    read,
    request,
)


def contradictions(case: str, body: bytes | None = None) -> list[str]:
    dataset, _, scope = CASES[case]
    return list(dataset.check(read(case, body), request(dataset, scope), {}))


# Worked examples


def test_newtrade_as_recorded() -> None:
    rows = read("newtrade")

    assert rows.columns == {
        "month": ["2016-01"],
        "exports_usd": [36260420221],
        "exports_cases": [606149],
        "imports_usd": [31321900755],
        "imports_cases": [1189202],
    }
    assert rows.periods == {"2016-01"}
    assert rows.totals["exports_usd"] == 36260420221
    assert contradictions("newtrade") == []


def test_nationtrade_as_recorded() -> None:
    rows = read("nationtrade")

    assert rows.columns["country"] == ["CN", "US"]
    assert rows.columns["exports_usd"] == [9480539843, 5040734289]
    assert rows.columns["imports_cases"] == [233365, 479142]
    assert contradictions("nationtrade") == []


def test_countries_that_do_not_add_up_to_the_nation_are_a_contradiction() -> None:
    dataset, _, scope = CASES["nationtrade"]
    known = {("newtrade", "2016-01"): 36260420221.0}

    assert dataset.check(read("nationtrade"), request(dataset, scope), known) == [
        "exports of 2016-01 over all countries add up to 14,521,274,132, the total published apart is 36,260,420,221"
    ]


def test_nitemtrade_as_documented() -> None:
    rows = read("nitemtrade")

    assert rows.columns == {
        "month": ["2024-01", "2024-01"],
        "hs_code": ["3304991000", "3304999000"],
        "hs_level": [10, 10],
        "country": ["US", "US"],
        "exports_usd": [100000000, 12000000],
        "exports_kg": [2200000, 400000],
        "imports_usd": [2000000, 1000000],
        "imports_kg": [50000, 20000],
    }
    assert rows.totals == {
        "exports_usd": 112000000,
        "exports_kg": 2600000,
        "imports_usd": 3000000,
        "imports_kg": 70000,
    }
    assert contradictions("nitemtrade") == []


def test_the_official_sample_row_has_a_leading_zero_and_a_negative_balance() -> None:
    body = (
        f"{HEAD}<body><items><item><balPayments>-93603291</balPayments><expDlr>150822</expDlr><expWgt>18003</expWgt>"
        "<hsCd>0202</hsCd><impDlr>93754113</impDlr><impWgt>14809834</impWgt><statCd>US</statCd>"
        "<statCdCntnKor1>미국</statCdCntnKor1><statKor>쇠고기</statKor><year>2016.01</year></item></items></body></response>"
    ).encode()
    scope = replace(SCOPE, since="2016-01", until="2016-01", hs_codes=("02",))
    asked = request(NITEMTRADE, scope)
    rows = NITEMTRADE.read(Answer(200, body), asked)

    assert rows.columns["hs_code"] == ["0202"]
    assert rows.columns["hs_level"] == [4]
    assert rows.columns["imports_usd"] == [93754113]
    assert NITEMTRADE.check(rows, asked, {}) == []


def test_rates_as_documented() -> None:
    rows = read("rate")

    assert rows.columns == {
        "week": ["2026-09-27", "2026-09-27"],
        "currency": ["USD", "JPY"],
        "krw_per_unit": [1376.03, 8.7484],
        "kind": ["import", "import"],
    }
    assert contradictions("rate") == []


def test_a_yen_per_hundred_is_divided_and_said() -> None:
    rows = read("rate", RATE_BODY.replace(b"8.7484", b"951.34"))

    assert rows.columns["krw_per_unit"] == [1376.03, 9.5134]
    assert rows.notes == ("customs_rate kind=import 2026-09-27: the yen came per 100 and is kept per 1",)


def test_two_rates_for_one_currency_are_refused() -> None:
    with pytest.raises(FormatError, match="two rates for USD"):
        read("rate", RATE_BODY.replace(b"<currSgn>JPY", b"<currSgn>USD"))


def test_rates_of_the_other_kind_are_refused() -> None:
    with pytest.raises(FormatError, match=r"rates of the kind “1” came, not 2 \(import\)"):
        read("rate", RATE_BODY.replace(b"<imexTp>2", b"<imexTp>1"))


# Plans


@pytest.mark.parametrize(
    ("today", "month"),
    [("2026-11-23", "2026-10"), ("2026-11-15", "2026-10"), ("2026-11-14", "2026-09"), ("2026-01-20", "2025-12"), ("2026-01-03", "2025-11")],
)  # fmt: skip
def test_months_come_out_on_about_the_fifteenth_of_the_next(today: str, month: str) -> None:
    assert newest_month(today) == month


def test_windows_are_calendar_years_that_end_with_the_newest_month() -> None:
    scope = Scope("2024-11", "2026-12", ("3304", "6109"), ("US", "JP"), "2026-11-23")
    requests = NITEMTRADE.plan(scope)

    assert len(requests) == 2 * 2 * 3
    assert [(each.start, each.end) for each in requests[:3]] == [
        ("2024-11", "2024-12"),
        ("2025-01", "2025-12"),
        ("2026-01", "2026-10"),
    ]
    assert requests[0].query == "hs=3304 to=US"
    assert requests[0].params == (
        ("strtYymm", "202411"),
        ("endYymm", "202412"),
        ("hsSgn", "3304"),
        ("cntyCd", "US"),
    )


@given(
    st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31)),
    st.integers(2014 * 12, 2031 * 12),
    st.integers(0, 60),
)
def test_no_window_is_longer_than_a_year_crosses_one_or_asks_for_what_cannot_be_out(
    today: date, first: int, length: int
) -> None:
    def month(number: int) -> str:
        return f"{number // 12:04}-{number % 12 + 1:02}"

    scope = Scope(month(first), month(first + length), ("3304",), ("US",), str(today))
    slices = set()
    for dataset in (NEWTRADE, NATIONTRADE, NITEMTRADE):
        for each in dataset.plan(scope):
            assert each.start[:4] == each.end[:4]
            assert scope.since <= each.start <= each.end <= min(scope.until, newest_month(str(today)))
            slices.add((each.dataset, each.query, each.start))
    assert len(slices) == sum(len(dataset.plan(scope)) for dataset in (NEWTRADE, NATIONTRADE, NITEMTRADE))


def test_rates_are_asked_for_by_the_sundays_of_the_weeks_up_to_today() -> None:
    requests = CUSTOMS_RATE.plan(Scope("2026-11", "2026-12", (), (), "2026-11-23"))

    assert [each.start for each in requests[::2]] == ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22"]
    assert [each.query for each in requests[:2]] == ["kind=export", "kind=import"]
    assert requests[0].params == (("aplyBgnDt", "20261101"), ("weekFxrtTpcd", "1"))


def test_no_plan_holds_a_key_or_asks_for_pages() -> None:
    for dataset in DATASETS:
        for each in dataset.plan(SCOPE):
            assert not {name for name, _ in each.params} & {"serviceKey", "pageNo", "numOfRows", "_type"}


# Rows


def _without(body: bytes, field: str) -> bytes:
    start = body.index(f"<{field}>".encode())
    end = body.index(f"</{field}>".encode()) + len(field) + 3
    return body[:start] + body[end:]


def test_items_with_their_fields_in_another_order_are_read_alike() -> None:
    field = b"<statCd>US</statCd>"
    moved = NITEMTRADE_BODY.replace(field, b"", 1).replace(b"<year>2024.01", field + b"<year>2024.01", 1)

    assert moved != NITEMTRADE_BODY
    assert read("nitemtrade", moved) == read("nitemtrade")


def test_blanks_between_and_inside_the_fields_change_nothing() -> None:
    spaced = NITEMTRADE_BODY.replace(b"><", b">\n  <").replace(b">US<", b"> US <")

    assert read("nitemtrade", spaced) == read("nitemtrade")


def test_an_empty_name_costs_no_row() -> None:
    assert read("nitemtrade", NITEMTRADE_BODY.replace("기타".encode(), b"")) == read("nitemtrade")


def test_a_text_that_is_called_like_a_field_is_a_text() -> None:
    for text in (b"item", b"year", b"items"):
        assert read("nitemtrade", NITEMTRADE_BODY.replace("기타".encode(), text)) == read("nitemtrade")


@pytest.mark.parametrize("field", ["expDlr", "impWgt", "hsCd", "statCd", "year"])
def test_a_row_without_a_field_is_refused_by_its_name(field: str) -> None:
    with pytest.raises(FormatError, match=f"rows without the field {field}"):
        read("nitemtrade", _without(NITEMTRADE_BODY, field))


@pytest.mark.parametrize("text", ["", "1,000", "12.5", "1e6", "１２", "1_000", "-", "9" * 19, "12 3"])
def test_a_number_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="field expDlr"):
        read("nitemtrade", NITEMTRADE_BODY.replace(b">12000000</expDlr>", f">{text}</expDlr>".encode()))


@pytest.mark.parametrize("text", ["2024.13", "2024.1", "2024-01", "", "２０２４.01"])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="field year"):
        read("nitemtrade", NITEMTRADE_BODY.replace(b"2024.01", text.encode()))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"3304991000", b"3305101000", "HS codes that do not start with 330499, as asked: 3305101000"),
        (b"3304991000", b"330499", "rows of several HS levels, which must not be added up: 6, 10 digits"),
        (b"<statCd>US", b"<statCd>JP", "rows of other countries than US: JP"),
        (b"2024.01", b"2025.01", "months that were not asked for: 2025-01"),
        (b"3304991000", b"3304999000", "rows that came twice: 2024-01 3304999000 US"),
        (
            b">2200000<",
            b">2200001<",
            "exports_kg: the rows add up to 2,600,001, the total row says 2,600,000",
        ),
    ],
)
def test_what_contradicts_the_request_or_the_total_is_said_in_one_sentence(
    old: bytes, new: bytes, words: str
) -> None:
    assert words in contradictions("nitemtrade", NITEMTRADE_BODY.replace(old, new))


def test_a_month_without_a_row_before_one_with_rows_is_complete_and_empty() -> None:
    assert read("nitemtrade", NITEMTRADE_BODY.replace(b"2024.01", b"2024.03")).periods == {
        "2024-01",
        "2024-02",
        "2024-03",
    }


def test_a_national_month_that_is_missing_is_not_complete() -> None:
    body = NEWTRADE_BODY.replace(b"2016.01", b"2016.03")

    assert read("newtrade", body).periods == {"2016-03"}


# Errors


def test_a_refusal_names_the_request_and_the_services_own_words() -> None:
    with pytest.raises(RefusedError) as refused:
        read("nitemtrade", REFUSED_BODY)

    assert str(refused.value) == (
        "nitemtrade hs=330499 to=US 2024-01..2024-12 was refused: "
        "“시작과 종료의 조회기간은 1년이내 기간만 가능합니다.”"
    )


@pytest.mark.parametrize(
    "body", [REFUSED_BODY.replace(b">99<", b">03<"), GATEWAY_BODY.replace(b">30<", b">03<")]
)
def test_code_03_is_empty(body: bytes) -> None:
    assert read("nitemtrade", body) == Rows({column: [] for column in NITEMTRADE.columns}, frozenset())


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        (b"", 200, BusyError, "an empty body came"),
        (b"Unexpected errors", 500, BusyError, "“Unexpected errors” came instead of data (HTTP 500)"),
        (b"API rate limit exceeded", 429, BusyError, "API rate limit exceeded"),
        (b"Unauthorized", 401, RefusedError, "“Unauthorized” (HTTP 401): the key is wrong"),
        (b'{"returnReasonCode":"04"}', 200, BusyError, "code 04"),
        (b'{"a":{"returnReasonCode": 30}}', 200, RefusedError, "code 30"),
        (b"<!DOCTYPE html><html><body>x</body></html>", 404, BusyError, "a page for people"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-' '-'><html/>", 503, BusyError, "a page for people"),
        (b"<html><body>blocked</body></html>", 403, RefusedError, "access denied by a page for people"),
        (b"<other/>", 200, FormatError, "the root <other>, not <response>"),
        (b"<response/>", 200, FormatError, "the unknown result code “”"),
        (GATEWAY_BODY.replace(b">30<", b">77<"), 200, FormatError, "unknown code “77”"),
        (GATEWAY_BODY.replace(b">30<", b"><"), 403, RefusedError, "access denied (HTTP 403)"),
        (GATEWAY_BODY, 200, RefusedError, "활용신청"),
        (HEAD.encode() + b"</response>", 200, FormatError, "marked as good but holds no items"),
    ],
)
def test_what_is_no_data_is_told_by_its_body(
    body: bytes, status: int, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as stopped:
        read("newtrade", body, status)

    assert words in str(stopped.value)
    assert str(stopped.value).startswith("newtrade 2016-01: ")
