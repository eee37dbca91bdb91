"""The Customs Service’s documented habits, over a real socket: periods, totals, levels, fields, zeros, rates, contradictions."""

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest

from etl import received
from etl.errors import FormatError
from etl.received import Received
from etl.sources.customs import CUSTOMS_RATE, NATIONTRADE, NEWTRADE, NITEMTRADE
from etl.sources.source import Answer, Dataset, Request, Rows
from etl.sources.xml_rows import read_items
from etl.warehouse import sql
from tests.etl.customs.desk import SCOPE, Desk, read


def test_twelve_months_of_one_year_are_taken(desk: Desk) -> None:
    scope = replace(SCOPE, since="2024-01", until="2024-12")

    assert len(desk.fetch(NITEMTRADE, scope)[1].periods) == 12


# No pages


def test_page_numbers_are_ignored_so_one_call_a_request_is_made(desk: Desk) -> None:
    window = {"strtYymm": "202601", "endYymm": "202601", "hsSgn": "3304", "cntyCd": "US"}
    first = desk.get("nitemtrade", **window)
    second = desk.get("nitemtrade", **window, pageNo="2", numOfRows="1")

    assert first.body == second.body
    desk.server.calls.clear()
    desk.fetch(NITEMTRADE)
    ((call, times),) = desk.server.calls.items()
    assert times == 1
    assert "pageNo" not in call
    assert "serviceKey" not in call


# Total rows


def _years(answer: Answer) -> list[str]:
    return read_items(answer, "here").texts("year")


def test_the_total_row_is_first_in_nitemtrade_last_in_newtrade_and_none_in_nationtrade(desk: Desk) -> None:
    years = {
        dataset.dataset_id: _years(desk.fetch(dataset)[0]) for dataset in (NEWTRADE, NATIONTRADE, NITEMTRADE)
    }

    assert [place for place, year in enumerate(years["nitemtrade"]) if year == "총계"] == [0]
    assert [place for place, year in enumerate(years["newtrade"]) if year == "총계"] == [10]
    assert "총계" not in years["nationtrade"]


@pytest.mark.parametrize(
    ("dataset", "has_totals"), [(NEWTRADE, True), (NATIONTRADE, False), (NITEMTRADE, True)]
)
def test_total_rows_are_no_rows_and_the_rest_adds_up_to_them(
    desk: Desk, dataset: Dataset, *, has_totals: bool
) -> None:
    _, rows, contradictions = desk.fetch(dataset)

    assert "총계" not in rows.columns["month"]
    assert contradictions == []
    assert bool(rows.totals) == has_totals
    assert all(sum(rows.columns[column]) == total for column, total in rows.totals.items())


def test_newtrade_of_one_month_is_two_items_and_one_row(desk: Desk) -> None:
    answer, rows, _ = desk.fetch(NEWTRADE, replace(SCOPE, until="2026-01"))

    assert answer.body.count(b"<item>") == 2
    assert rows.columns["month"] == ["2026-01"]


def test_the_code_is_hscode_in_itemtrade_and_hscd_in_nitemtrade_and_both_are_read(desk: Desk) -> None:
    window = {"strtYymm": "202601", "endYymm": "202601", "hsSgn": "3304"}
    by_item = desk.get("Itemtrade", **window)
    usual = desk.fetch(NITEMTRADE)
    desk.faults.switch_on("customs.hsCode")
    renamed = desk.fetch(NITEMTRADE)

    assert b"<hsCode>" in by_item.body
    assert b"<hsCd>" not in by_item.body
    assert read_items(by_item, "here").texts("hsCd", "hsCode")[1] == "3304101000"
    assert b"<hsCd>" in usual[0].body
    assert b"<hsCode>" in renamed[0].body
    assert usual[1] == renamed[1]


# Levels


@pytest.mark.parametrize(("switch", "level", "rows_a_month"), [("", 6, 5), ("customs.hs4-rows", 4, 1)])
def test_four_digits_bring_rows_of_six_or_of_four(
    desk: Desk, switch: str, level: int, rows_a_month: int
) -> None:
    if switch:
        desk.faults.switch_on(switch)

    _, rows, contradictions = desk.fetch(NITEMTRADE)

    assert set(rows.columns["hs_level"]) == {level}
    assert len(rows.columns["month"]) == 10 * rows_a_month
    assert contradictions == []


def test_both_levels_of_four_digits_are_the_same_trade(desk: Desk) -> None:
    fine = desk.fetch(NITEMTRADE)[1]
    desk.faults.switch_on("customs.hs4-rows")
    coarse = desk.fetch(NITEMTRADE)[1]

    assert fine.totals == coarse.totals


@pytest.mark.parametrize(("hs_code", "level"), [("33", 4), ("330499", 10), ("3304991000", 10)])
def test_two_six_and_ten_digits_bring_rows_of_four_ten_and_ten(desk: Desk, hs_code: str, level: int) -> None:
    _, rows, contradictions = desk.fetch(NITEMTRADE, replace(SCOPE, hs_codes=(hs_code,)))

    assert set(rows.columns["hs_level"]) == {level}
    assert contradictions == []


# Empty, zeros, names, leading zeros


def test_a_code_that_does_not_exist_is_no_error_but_empty_items(desk: Desk) -> None:
    answer, rows, contradictions = desk.fetch(NITEMTRADE, replace(SCOPE, hs_codes=("7799",)))

    assert b"<body><items/></body>" in answer.body
    assert rows.columns["month"] == []
    assert rows.periods == frozenset()
    assert contradictions == []


@pytest.mark.parametrize(
    "dataset", [NEWTRADE, NATIONTRADE, NITEMTRADE], ids=lambda dataset: dataset.dataset_id
)
def test_a_month_filled_with_zeros_is_not_published(desk: Desk, dataset: Dataset) -> None:
    desk.faults.switch_on("customs.late", 2)
    desk.faults.switch_on("customs.zeros")

    answer, rows, contradictions = desk.fetch(dataset)

    assert b"<year>2026.10</year>" in answer.body
    assert max(rows.periods) == max(rows.columns["month"]) == "2026-08"
    assert contradictions == []
    (note,) = rows.notes
    assert note.endswith("filled with zeros and left out as not published: 2026-09, 2026-10")


def test_a_month_that_is_not_there_is_not_published_either(desk: Desk) -> None:
    desk.faults.switch_on("customs.late", 1)

    assert max(desk.fetch(NEWTRADE)[1].periods) == "2026-09"


def test_an_ampersand_in_a_name_is_an_entity(desk: Desk) -> None:
    answer, rows, _ = desk.fetch(NATIONTRADE)

    assert "트리니다드 &amp; 토바고".encode() in answer.body
    assert "트리니다드 & 토바고" in read_items(answer, "here").texts("statCdCntnKor1")
    assert "TT" in rows.columns["country"]


def test_a_leading_zero_of_a_code_stays(desk: Desk) -> None:
    _, rows, contradictions = desk.fetch(NITEMTRADE, replace(SCOPE, hs_codes=("0101",)))

    assert {str(code)[:4] for code in rows.columns["hs_code"]} == {"0101"}
    assert contradictions == []


def test_the_october_that_a_number_would_turn_into_january(desk: Desk) -> None:
    answer, rows, _ = desk.fetch(NEWTRADE)

    assert b"<year>2026.10</year>" in answer.body
    assert rows.columns["month"][-1] == "2026-10"


# Revisions

Key = tuple[object, ...]


def _by_key(rows: Rows) -> dict[Key, Key]:
    columns = rows.columns
    keys = zip(columns["month"], columns["hs_code"], strict=True)
    return dict(zip(keys, zip(columns["exports_usd"], columns["exports_kg"], strict=True), strict=True))


def test_a_month_read_twice_is_replaced_as_a_whole_so_that_a_row_that_is_gone_is_gone(desk: Desk) -> None:
    scope = replace(SCOPE, hs_codes=("330499",))
    first = desk.fetch(NITEMTRADE, scope)[1]
    desk.faults.switch_on("customs.revision", 1)
    second = desk.fetch(NITEMTRADE, scope)[1]
    before, after = _by_key(first), _by_key(second)

    assert {month for month, _ in before.keys() ^ after.keys()} == {"2026-08", "2026-09", "2026-10"}
    assert before.keys() - after.keys(), "the test needs a row that is gone"
    assert after.keys() - before.keys(), "the test needs a row that is new"
    assert [key for key in before.keys() & after.keys() if before[key] != after[key]], "and changed amounts"

    start = datetime(2026, 11, 20, 9)  # noqa: DTZ001 (the warehouse keeps UTC without a zone)
    query = NITEMTRADE.plan(scope)[0].query
    answers = [Received(query, start, first), Received(query, start + timedelta(days=3), second)]
    with duckdb.connect() as connection:
        for name in ("schema.sql", "received.sql"):
            connection.execute(sql(name))
        received.fill(connection, [NITEMTRADE], lambda _: answers, lambda _: None)
        newest = connection.execute(
            "SELECT month, hs_code, exports_usd, exports_kg FROM core.trade_month AS kept WHERE vintage = ("
            "  SELECT max(vintage) FROM core.slice WHERE period = kept.month)"
        ).fetchall()
        past = connection.execute(
            "SELECT month, hs_code, exports_usd, exports_kg FROM core.trade_month WHERE vintage = 1"
        ).fetchall()

    assert {row[:2]: row[2:] for row in newest} == after
    assert {row[:2]: row[2:] for row in past} == before


# Headers


def test_the_headers_of_the_rate_limit_come_along_and_not_with_gateway_errors(desk: Desk) -> None:
    answer, _, _ = desk.fetch(NEWTRADE)

    assert answer.headers["x-ratelimit-limit"] == "10000"
    assert 0 < int(answer.headers["x-ratelimit-remaining"]) < 10_000
    assert "X-RateLimit-Limit" not in desk.get("Newtrade", serviceKey="unknown").headers


# Exchange rates


def _rate_request(day: str) -> Request:
    request = CUSTOMS_RATE.plan(SCOPE)[0]
    return replace(
        request, params=(("aplyBgnDt", day.replace("-", "")), ("weekFxrtTpcd", "1")), start=day, end=day
    )


@pytest.mark.parametrize("day", ["2026-09-27", "2026-09-30", "2026-10-03"])
def test_the_week_of_a_rate_starts_on_the_sunday_before_the_day_asked(desk: Desk, day: str) -> None:
    _, rows, contradictions = desk.send(CUSTOMS_RATE, _rate_request(day))

    assert set(rows.columns["week"]) == {"2026-09-27"}
    assert rows.periods == {"2026-09-27"}
    assert contradictions == []


def test_a_week_that_does_not_start_on_a_sunday_is_a_contradiction(desk: Desk) -> None:
    desk.faults.switch_on("customs.monday")

    _, _, contradictions = desk.send(CUSTOMS_RATE, _rate_request("2026-09-30"))

    assert contradictions == ["the week starts on 2026-09-28, which is no Sunday"]


def test_the_yen_in_both_scales_is_kept_per_one(desk: Desk) -> None:
    rates = {}
    for scale in ("", "customs.yen-per-100"):
        if scale:
            desk.faults.switch_on(scale)
        _, rows, contradictions = desk.fetch(CUSTOMS_RATE)
        place = rows.columns["currency"].index("JPY")
        rates[scale] = rows.columns["krw_per_unit"][place]
        assert contradictions == []
        assert bool(rows.notes) == bool(scale)

    assert rates[""] == pytest.approx(rates["customs.yen-per-100"], abs=1e-4)
    assert 5 < rates[""] < 20


def test_a_yen_of_neither_scale_is_a_contradiction(desk: Desk) -> None:
    desk.faults.switch_on("customs.yen-odd")

    (contradiction,) = desk.fetch(CUSTOMS_RATE)[2]

    assert contradiction.endswith("won is the price neither of 1 nor of 100 yen")


def test_a_currency_of_several_countries_comes_once(desk: Desk) -> None:
    answer, rows, _ = desk.fetch(CUSTOMS_RATE)

    assert answer.body.count(b"<currSgn>EUR<") == 2
    assert rows.columns["currency"].count("EUR") == 1


# Integrity on arrival


@pytest.mark.parametrize(
    ("fault", "dataset", "words"),
    [
        ("customs.wrong-total", NITEMTRADE, "exports_usd: the rows add up to"),
        ("customs.wrong-total", NEWTRADE, "exports_usd: the rows add up to"),
        (
            "customs.mixed-levels",
            NITEMTRADE,
            "rows of several HS levels, which must not be added up: 4, 6 digits",
        ),
        ("customs.other-chapter", NITEMTRADE, "HS codes that do not start with 3304, as asked: 970000"),
    ],
)
def test_an_answer_that_contradicts_itself_is_found(
    desk: Desk, fault: str, dataset: Dataset, words: str
) -> None:
    desk.faults.switch_on(fault)

    contradictions = desk.fetch(dataset)[2]

    assert contradictions[0].startswith(words)


@pytest.mark.parametrize("wrong", [False, True])
def test_the_sum_over_countries_is_held_against_newtrade(desk: Desk, *, wrong: bool) -> None:
    assert NEWTRADE.controls is not None
    totals = NEWTRADE.controls(desk.fetch(NEWTRADE)[1])
    known = {("newtrade", month): total for month, total in totals.items()}
    if wrong:
        desk.faults.switch_on("customs.wrong-country-sum")

    request = NATIONTRADE.plan(SCOPE)[0]
    _, rows, _ = desk.send(NATIONTRADE, request)
    contradictions = NATIONTRADE.check(rows, request, known)

    assert len(contradictions) == wrong
    if wrong:
        assert contradictions[0].startswith("exports of 2026-01 over all countries add up to")


def test_numbers_with_commas_are_refused_since_they_may_be_thousands(desk: Desk) -> None:
    answer = desk.fetch(NEWTRADE)[0]
    body = answer.body.replace(b"<expDlr>", b"<expDlr>1,", 1)

    with pytest.raises(FormatError, match="commas, which may be thousands of dollars"):
        read(NEWTRADE, replace(answer, body=body))
