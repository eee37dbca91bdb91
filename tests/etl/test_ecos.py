"""The Bank of Korea's monthly averages: won per one unit, whole answers only, errors by their code, over a real socket."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, QuotaError, RefusedError, SourceError
from etl.sources.ecos import DATASET, ITEMS, KEY, PAGE_ROWS
from etl.sources.source import Answer, Request, Scope
from tests.etl.desk import SCOPE, Desk, asking, rows_or_refusal, spoiled, statuses
from tests.fake_apis import FakeServer
from tests.fake_apis.ecos import KEY as FAKE_KEY

NAMES = {
    "STAT_NAME": "3.1.2.1. 주요국 통화의 대원화환율",
    "ITEM_NAME1": "원/미국달러(매매기준율)",
    "ITEM_NAME2": "평균자료",
}
ROW = {
    "STAT_CODE": "731Y004",
    "ITEM_CODE1": "0000001",
    "ITEM_CODE2": "0000100",
    "ITEM_CODE3": None,
    "UNIT_NAME": "원",
    "WGT": None,
    **NAMES,
}
# The two months of the documented sample.
SAMPLE = {
    "StatisticSearch": {
        "list_total_count": 2,
        "row": [
            {**ROW, "TIME": "202401", "DATA_VALUE": "1323.57"},
            {**ROW, "TIME": "202402", "DATA_VALUE": "1331.74"},
        ],
    }
}


def request_for(currency: str, scope: Scope = SCOPE) -> Request:
    return next(each for each in DATASET.plan(scope) if each.query.endswith(currency))


def read(value: object, currency: str = "USD") -> dict[str, list[str | float | None]]:
    return DATASET.read(Answer(200, json.dumps(value).encode()), request_for(currency)).columns


def sample(**changes: object) -> object:
    return {
        "StatisticSearch": {
            "list_total_count": 1,
            "row": [{**SAMPLE["StatisticSearch"]["row"][0], **changes}],
        }
    }


def test_the_documented_sample():
    assert read(SAMPLE) == {
        "month": ["2024-01", "2024-02"],
        "currency": ["USD", "USD"],
        "krw_per_unit": [1323.57, 1331.74],
        "basis": ["bok_average", "bok_average"],
        "days": [None, None],
    }


def test_the_yen_is_published_per_hundred():
    columns = read(sample(ITEM_CODE1="0000002", ITEM_NAME1="원/일본엔(100엔)", DATA_VALUE="906.81"), "JPY")
    assert columns["krw_per_unit"] == [9.0681]


def test_the_key_stands_in_the_path_only_as_a_place():
    request = request_for("USD")
    assert request.address == (
        "https://ecos.bok.or.kr/api/StatisticSearch/SERVICE_KEY/json/kr/1/1000/731Y004/M/202401/202610/0000001/0000100"
    )
    assert (DATASET.key, DATASET.key_in, DATASET.key_name) == (KEY, "path", "SERVICE_KEY")


@given(st.integers(0, 12 * 800), st.integers(0, 12 * 200))
def test_a_plan_covers_all_months_that_are_over_in_windows_of_a_page(start: int, length: int):
    since, until = (f"{1000 + count // 12:04}-{count % 12 + 1:02}" for count in (start, start + length))
    windows = [
        request
        for request in DATASET.plan(Scope(since, until, (), (), "2026-11-23"))
        if request.query.endswith("USD")
    ]
    months = [
        count
        for window in windows
        for count in range(
            int(window.start[:4]) * 12 + int(window.start[5:]),
            int(window.end[:4]) * 12 + int(window.end[5:]) + 1,
        )
    ]
    assert months == list(range(1000 * 12 + start + 1, 1000 * 12 + start + length + 2))
    for window in windows:
        length = (
            (int(window.end[:4]) - int(window.start[:4])) * 12
            + int(window.end[5:])
            - int(window.start[5:])
            + 1
        )
        assert length <= PAGE_ROWS


def test_every_currency_arrives_per_one_unit(desk: Desk):
    for request in DATASET.plan(SCOPE):
        rows, contradictions = desk.send(DATASET, request)
        assert not contradictions
        assert rows.columns["month"][0] == "2024-01"
        assert rows.columns["month"][-1] == "2026-10"  # November is not over on the 23rd
        assert len(rows.periods) == 34
    assert len(DATASET.plan(SCOPE)) == len(ITEMS)


def test_no_data_is_info_200_and_no_error(desk: Desk):
    # The fake's newest month is October 2026.
    request = request_for("USD")
    late = replace(request, address=request.address.replace("202401/202610", "202611/202612"))
    answer, rows = desk.transport.fetch(DATASET, late)
    assert b"INFO-200" in answer.body
    assert rows.periods == frozenset()


def test_too_many_calls_is_error_602_and_stops(desk: Desk):
    desk.faults.switch_on("ecos.busy")
    with pytest.raises(QuotaError, match="ERROR-602") as caught:
        desk.first(DATASET)
    assert caught.value.resume == "in about 30 minutes"
    assert sum(desk.server.calls.values()) == 1


def test_a_server_fault_is_asked_again(desk: Desk):
    desk.faults.switch_on("ecos.server", 2)
    rows, _ = desk.first(DATASET)
    assert rows.periods
    assert sum(desk.server.calls.values()) == 3


def test_without_the_second_item_rows_double_and_only_averages_count(desk: Desk):
    request = request_for("USD")
    answer, rows = desk.transport.fetch(
        DATASET, replace(request, address=request.address.removesuffix("/0000100"))
    )
    assert json.loads(answer.body)["StatisticSearch"]["list_total_count"] == 2 * 34
    assert rows.columns == desk.send(DATASET, request)[0].columns


def test_the_demonstration_key_gives_ten_rows_which_are_not_the_whole(publishers: FakeServer):
    with asking(publishers, {KEY: "sample"}) as desk:
        with pytest.raises(
            FormatError, match=f"sent 10 of 34 rows: with the key “sample” it gives ten; set {KEY}"
        ):
            desk.first(DATASET)
        # Ten months are ten rows, and whole.
        rows, _ = desk.first(DATASET, replace(SCOPE, since="2026-01"))
        assert len(rows.periods) == 10


def test_an_answer_that_is_one_page_of_several_is_not_the_whole(desk: Desk):
    desk.faults.switch_on("ecos.short-pages", 33)
    with pytest.raises(FormatError, match="33 of 34 rows"):
        desk.first(DATASET)


@pytest.mark.parametrize("fault", [None, "ecos.xml"])
def test_a_wrong_key_is_refused_in_json_and_in_xml(publishers: FakeServer, fault: str | None):
    with asking(publishers, {KEY: "NOT0THE1KEY2345678"}) as desk:
        if fault:
            desk.faults.switch_on(fault)
        with pytest.raises(
            RefusedError, match=f"INFO-100 “인증키가 유효하지 않습니다.”: the key is wrong; check {KEY}"
        ):
            desk.first(DATASET)


def test_an_xml_error_body_is_read_by_its_code(desk: Desk):
    desk.faults.switch_on("ecos.xml")
    request = request_for("USD")
    _, rows = desk.transport.fetch(
        DATASET, replace(request, address=request.address.replace("731Y004", "999Y999"))
    )
    assert rows.periods == frozenset()
    desk.faults.switch_on("ecos.busy")
    with pytest.raises(QuotaError, match="ERROR-602"):
        desk.first(DATASET)


def test_a_date_that_does_not_fit_the_cycle_is_refused(desk: Desk):
    request = request_for("USD")
    with pytest.raises(RefusedError, match="ERROR-101"):
        desk.send(DATASET, replace(request, address=request.address.replace("202401", "20240101")))


def test_an_empty_value_is_not_published_yet(desk: Desk):
    desk.faults.switch_on("ecos.empty")
    rows, _ = desk.first(DATASET)
    assert "2026-10" not in rows.periods
    assert len(rows.periods) == 33


@pytest.mark.parametrize("currency", ["JPY", "IDR", "VND"])
def test_a_rate_per_one_unit_instead_of_a_hundred_contradicts(desk: Desk, currency: str):
    desk.faults.switch_on("ecos.other-scale")
    _, contradictions = desk.send(DATASET, request_for(currency))
    assert re.search(
        rf"won for one {currency} is of another scale \(taken per 100; 2024-01, ", contradictions[0]
    )


@pytest.mark.parametrize("currency", ["IDR", "VND"])
def test_another_currency_under_the_code_is_noticed_by_its_name(desk: Desk, currency: str):
    desk.faults.switch_on("ecos.swapped")
    with pytest.raises(FormatError, match=f"expected the rate of {currency}"):
        desk.send(DATASET, request_for(currency))


def test_the_key_is_in_no_answer_and_no_sentence(desk: Desk):
    answer, _ = desk.transport.fetch(DATASET, request_for("USD"))
    assert FAKE_KEY.encode() not in answer.body


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (sample(STAT_CODE="731Y001"), FormatError),
        (sample(ITEM_CODE1="0000002"), FormatError),
        (sample(TIME="20240101"), FormatError),
        (sample(TIME="202413"), FormatError),
        (sample(DATA_VALUE="-1"), FormatError),
        (sample(DATA_VALUE=1323.57), FormatError),
        (sample(DATA_VALUE="nan"), FormatError),
        ({"StatisticSearch": {"list_total_count": 0, "row": None}}, FormatError),
        ({"StatisticSearch": {"list_total_count": 3, "row": [ROW]}}, FormatError),
        ({"RESULT": {"MESSAGE": "no code"}}, FormatError),
        ({"RESULT": {"CODE": "ERROR-600"}}, BusyError),
        ({"RESULT": {"CODE": "ERROR-301"}}, RefusedError),
        ([], FormatError),
        ({}, FormatError),
    ],
)
def test_broken_bodies_have_named_errors(value: object, error: type[SourceError]):
    with pytest.raises(error):
        read(value)


def test_months_that_were_not_asked_for_contradict():
    request = request_for("USD")
    rows = DATASET.read(Answer(200, json.dumps(sample(TIME="202312")).encode()), request)
    assert DATASET.check(rows, request, {}) == ["asked for 2024-01 to 2026-10, got 2023-12 too"]


def test_the_same_month_twice_is_refused():
    row = SAMPLE["StatisticSearch"]["row"][0]
    with pytest.raises(FormatError, match="2024-01 twice"):
        read({"StatisticSearch": {"list_total_count": 2, "row": [row, row]}})


@given(st.binary(max_size=300), statuses)
def test_any_bytes_give_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), request_for("USD"))


@given(spoiled(SAMPLE), statuses)
def test_any_spoiled_body_gives_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), request_for("USD"))
