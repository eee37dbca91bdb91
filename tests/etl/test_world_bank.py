"""World Bank indicators: whole answers of one country, years without a value are no zeros, over a real socket."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, RefusedError, SourceError
from etl.sources.source import Answer, Request
from etl.sources.world_bank import DATASET, INDICATORS, PAGE_ROWS
from tests.etl.desk import SCOPE, Desk, rows_or_refusal, spoiled, statuses

POPULATION = Request(
    "world_bank",
    "https://api.worldbank.org/v2/country/KR/indicator/SP.POP.TOTL",
    (("format", "json"), ("per_page", "1000"), ("date", "2022:2023"), ("page", "1")),
    "indicator=SP.POP.TOTL country=KR",
    "2022",
    "2023",
)
HEAD = {"page": 1, "pages": 1, "per_page": 1000, "total": 2, "sourceid": "2", "lastupdated": "2026-07-01"}
ROW = {
    "indicator": {"id": "SP.POP.TOTL", "value": "Population, total"},
    "country": {"id": "KR", "value": "Korea, Rep."},
    "countryiso3code": "KOR",
    "date": "2023",
    "value": 51712619,
    "unit": "",
    "obs_status": "",
    "decimal": 0,
}
# As documented: the newest first, one of them without a value.
SAMPLE = [HEAD, [ROW, {**ROW, "date": "2022", "value": None}]]


def read(value: object, status: int = 200) -> dict[str, list[str | float | None]]:
    return DATASET.read(Answer(status, json.dumps(value).encode()), POPULATION).columns


def test_the_documented_sample_and_null_values_are_no_zeros():
    assert read(SAMPLE) == {
        "year": ["2023"],
        "country": ["KR"],
        "indicator": ["SP.POP.TOTL"],
        "value": [51712619],
    }


def test_a_plan_asks_once_a_country_and_indicator_and_not_for_taiwan():
    requests = DATASET.plan(replace(SCOPE, destinations=("US", "TW", "VN")))
    assert [request.query for request in requests] == [
        f"indicator={indicator} country={country}" for indicator in INDICATORS for country in ("US", "VN")
    ]
    # No year has more than one row, so a page holds any span that could be asked for.
    assert {(request.start, request.end) for request in requests} == {("2023", "2025")}
    assert dict(requests[0].params) == {
        "format": "json",
        "per_page": str(PAGE_ROWS),
        "date": "2023:2025",
        "page": "1",
    }


def test_each_indicator_arrives(desk: Desk):
    for request in DATASET.plan(SCOPE):
        rows, contradictions = desk.send(DATASET, request)
        assert not contradictions
        # The fake publishes population to 2025, all else to 2024: null values are dropped, years ascend.
        assert rows.columns["year"] == (
            ["2023", "2024", "2025"] if "POP" in request.query else ["2023", "2024"]
        )


def test_groups_of_countries_are_dropped(desk: Desk):
    plain, _ = desk.first(DATASET)
    desk.faults.switch_on("worldbank.groups")
    rows, contradictions = desk.first(DATASET)
    assert rows.columns == plain.columns
    assert rows.notes == ("6 rows of groups of countries or of other countries are left out",)
    assert not contradictions


def test_all_countries_at_once_hold_groups_too(desk: Desk):
    (request, *_) = DATASET.plan(replace(SCOPE, destinations=("KR",)))
    everything = replace(request, address=request.address.replace("/KR/", "/all/"))
    answer, rows = desk.transport.fetch(DATASET, everything)
    assert b'"WLD"' in answer.body
    assert b'"countryiso3code": ""' in answer.body
    assert rows.columns == desk.send(DATASET, request)[0].columns


def test_one_of_several_pages_is_not_the_whole(desk: Desk):
    desk.faults.switch_on("worldbank.short-pages", 2)
    with pytest.raises(
        FormatError, match="page 1 of 2: only a part of 3 rows, which is not taken for the whole"
    ):
        desk.first(DATASET)


def test_an_invalid_parameter_is_a_message_with_status_200(desk: Desk):
    desk.faults.switch_on("worldbank.message")
    with pytest.raises(RefusedError, match="120 “The provided parameter value is not valid”"):
        desk.first(DATASET)
    desk.faults.switch_on("worldbank.xml-error")
    with pytest.raises(RefusedError, match="120 “The provided parameter value is not valid”"):
        desk.first(DATASET)


def test_no_data_is_a_head_and_null(desk: Desk):
    answer, rows = desk.transport.fetch(
        DATASET, replace(DATASET.plan(SCOPE)[0], params=(("format", "json"), ("date", "2027:2028")))
    )
    assert json.loads(answer.body)[1] is None
    assert rows.periods == frozenset()


@pytest.mark.parametrize("fault", ["worldbank.texts", "worldbank.bom"])
def test_texts_for_numbers_and_a_byte_order_mark_are_read(desk: Desk, fault: str):
    plain, _ = desk.first(DATASET)
    desk.faults.switch_on(fault)
    assert desk.first(DATASET)[0] == plain


def test_502_with_a_page_is_asked_again(desk: Desk):
    desk.faults.switch_on("worldbank.502", 2)
    assert desk.first(DATASET)[0].periods


def test_without_the_format_the_answer_is_xml(desk: Desk):
    with pytest.raises(BusyError, match="a page instead of data"):
        desk.first(DATASET, format="")


def test_a_value_of_another_scale_and_another_year_contradict():
    rows = DATASET.read(
        Answer(200, json.dumps([{**HEAD, "total": 1}, [{**ROW, "value": 51.7, "date": "2021"}]]).encode()),
        POPULATION,
    )
    assert DATASET.check(rows, POPULATION, {}) == [
        "asked for 2022 to 2023, got 2021 too",
        "KR 2021: 51.7 cannot be SP.POP.TOTL of a country",
    ]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([HEAD, [ROW]], FormatError),  # one of two rows
        ([HEAD, None], FormatError),
        ([HEAD], FormatError),
        ([{**HEAD, "pages": "many"}, []], FormatError),
        ([HEAD, [ROW, ROW]], FormatError),  # the same year twice
        ([HEAD, [ROW, {**ROW, "indicator": {"id": "NY.GDP.MKTP.CD"}}]], FormatError),
        ([HEAD, [ROW, {**ROW, "date": "2022Q1"}]], FormatError),
        ([HEAD, [ROW, {**ROW, "date": "2022", "value": "n/a"}]], FormatError),
        ([{"message": [{"id": "105", "value": "Service currently unavailable"}]}], BusyError),
        ([{"message": []}, None], FormatError),
        ({}, FormatError),
        ([], FormatError),
        ([None], FormatError),
    ],
)
def test_broken_bodies_have_named_errors(value: object, error: type[SourceError]):
    with pytest.raises(error):
        read(value)


@given(st.binary(max_size=300), statuses)
def test_any_bytes_give_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), POPULATION)


@given(spoiled(SAMPLE), statuses)
def test_any_spoiled_body_gives_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), POPULATION)
