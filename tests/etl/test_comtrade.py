"""UN Comtrade: with and without a key, cut answers, split rows, quotas and their words, over a real socket."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, QuotaError, RefusedError, SourceError
from etl.sources.comtrade import DATASET, FULL, ISO, KEY, M49, MARKETS, MOST_ROWS, PREVIEW, WORLD
from etl.sources.source import Answer, Request
from tests.etl.desk import SCOPE, Desk, asking, rows_or_refusal, spoiled, statuses, with_params
from tests.fake_apis import FakeServer
from tests.fake_apis.comtrade import KEY as FAKE_KEY

# The documented record: integrated circuits from Korea to Viet Nam in 2023, the value as published.
RECORD = {
    "typeCode": "C", "freqCode": "A", "refPeriodId": 20230101, "refYear": 2023, "refMonth": 52, "period": "2023",
    "reporterCode": 410, "reporterISO": None, "reporterDesc": None, "flowCode": "X", "flowDesc": None, "partnerCode": 704,
    "partnerISO": None, "partnerDesc": None, "partner2Code": 0, "partner2ISO": None, "partner2Desc": None,
    "classificationCode": "H6", "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": "8542",
    "cmdDesc": None, "aggrLevel": None, "isLeaf": None, "customsCode": "C00", "customsDesc": None, "mosCode": "0",
    "motCode": 0, "motDesc": None, "qtyUnitCode": -1, "qtyUnitAbbr": None, "qty": 0, "isQtyEstimated": False,
    "altQtyUnitCode": -1, "altQty": 0, "netWgt": 1677573.63, "isNetWgtEstimated": True, "grossWgt": 0, "cifvalue": None,
    "fobvalue": 11852014614, "primaryValue": 11852014614, "legacyEstimationFlag": 6, "isReported": False,
    "isAggregate": True,
}  # fmt: skip
SAMPLE = {"elapsedTime": "0.21 secs", "count": 1, "data": [RECORD], "error": ""}
CIRCUITS = Request(
    "comtrade",
    PREVIEW,
    (("reporterCode", "410"), ("period", "2023"), ("cmdCode", "8542"), ("flowCode", "X")),
    "hs=8542 flow=X",
    "2023",
    "2023",
)
KEYED = replace(SCOPE, keys=frozenset({KEY}))


def read(value: object, status: int = 200) -> dict[str, list[str | float | None]]:
    return DATASET.read(Answer(status, json.dumps(value).encode()), CIRCUITS).columns


def records(*changes: dict[str, object]) -> object:
    return {"count": len(changes), "data": [{**RECORD, **each} for each in changes], "error": ""}


def test_the_documented_record():
    assert read(SAMPLE) == {
        "period": ["2023"],
        "reporter": ["KR"],
        "partner": ["VN"],
        "hs_code": ["8542"],
        "flow": ["X"],
        "value_usd": [11852014614],
        "net_kg": [1677573.63],
    }


def test_country_codes():
    documented = {410: "KR", 842: "US", 156: "CN", 392: "JP", 704: "VN", 344: "HK", 490: "TW"}
    assert documented.items() <= ISO.items()
    assert len(ISO) == len(M49)  # no code and no country stands there twice
    assert set(MARKETS) <= M49.keys()
    assert "TW" not in MARKETS  # no reporter
    # An area without an ISO code keeps its number.
    assert read(records({"partnerCode": 0}, {"partnerCode": 899}))["partner"] == [WORLD, "899"]


def test_a_plan_asks_one_year_of_one_code_at_a_time():
    requests = DATASET.plan(replace(SCOPE, hs_codes=("330499", "3304991000", "6109")))
    assert {request.address for request in requests} == {PREVIEW}
    assert sorted({request.query for request in requests}) == [
        "hs=330499 flow=M", "hs=330499 flow=X", "hs=6109 flow=M", "hs=6109 flow=X",
    ]  # fmt: skip
    # 2026 is not over: 2024 and 2025 of two codes and two flows.
    assert len(requests) == 8
    for request in requests:
        params = dict(request.params)
        assert params["period"] in {"2024", "2025"}
        assert (params["partner2Code"], params["customsCode"], params["motCode"]) == ("0", "C00", "0")
        # Korea's exports to all partners; imports of all markets from the world.
        exports = params["flowCode"] == "X"
        assert (params["reporterCode"] == "410", params.get("partnerCode")) == (
            exports,
            None if exports else "0",
        )
    assert {request.address for request in DATASET.plan(KEYED)} == {FULL}


def test_a_plan_stays_below_the_length_of_an_address_and_the_calls_of_a_day():
    scope = replace(SCOPE, since="2019-01", hs_codes=tuple(f"{number:04}" for number in range(3301, 3321)))
    requests = DATASET.plan(scope)
    assert len(requests) <= 500
    assert max(sum(len(name) + len(text) + 2 for name, text in request.params) for request in requests) < 4000


@pytest.mark.parametrize("keys", [{}, {KEY: FAKE_KEY}])
def test_exports_and_imports_arrive_with_and_without_a_key(publishers: FakeServer, keys: dict[str, str]):
    with asking(publishers, keys) as desk:
        for request in DATASET.plan(replace(SCOPE, keys=frozenset(keys))):
            rows, contradictions = desk.send(DATASET, request)
            assert not contradictions
            assert rows.periods == {request.start}
            assert set(rows.columns["flow"]) == {request.query[-1]}
        assert all(call.startswith("/data/" if keys else "/public/") for call in desk.server.calls)


def test_a_preview_cut_at_500_rows_is_noticed(desk: Desk):
    desk.faults.switch_on("comtrade.many")
    with pytest.raises(FormatError, match="500 rows, its limit: the answer is silently cut"):
        desk.first(DATASET)


def test_a_preview_is_cut_when_asked_for_too_much(desk: Desk):
    codes = ",".join(str(number) for number in range(3301, 3320))
    with pytest.raises(FormatError, match="silently cut"):
        desk.first(DATASET, cmdCode=codes)


def test_the_same_rows_are_no_limit_with_a_key(desk: Desk):
    desk.faults.switch_on("comtrade.many")
    assert len(desk.first(DATASET, KEYED)[0].columns["period"]) > MOST_ROWS[PREVIEW]


def test_two_periods_are_400(desk: Desk):
    with pytest.raises(RefusedError, match="Maximum number of periods for preview is 1"):
        desk.first(DATASET, period="2023,2024")
    # One source saw the same words with status 200.
    with pytest.raises(RefusedError, match="Maximum number of periods for preview is 1"):
        read({"error": "Maximum number of periods for preview is 1"})


def test_a_numeric_flow_is_400(desk: Desk):
    with pytest.raises(RefusedError, match="Invalid flowCode"):
        desk.first(DATASET, flowCode="1")


def test_429_without_retry_after_waits_as_long_as_the_words_say(desk: Desk):
    desk.faults.switch_on("comtrade.busy", 2)
    rows, _ = desk.first(DATASET)
    assert rows.periods
    assert desk.waits.count(1.0) == 2


@pytest.mark.parametrize("shape", [None, "comtrade.older"])
def test_an_exhausted_quota_stops_and_says_when_to_go_on(desk: Desk, shape: str | None):
    desk.faults.switch_on("comtrade.quota", 0)
    if shape:
        desk.faults.switch_on(shape)
    with pytest.raises(QuotaError, match=r"Out of call volume quota") as caught:
        desk.first(DATASET)
    assert caught.value.resume == "in 5 hours 12 minutes"
    assert sum(desk.server.calls.values()) == 1


def test_a_wrong_key_is_401(publishers: FakeServer):
    with asking(publishers, {KEY: "not-the-key-at-all"}) as desk:
        with pytest.raises(RefusedError, match=f"invalid subscription key.*check {KEY}, or leave it out"):
            desk.first(DATASET, KEYED)
        assert sum(desk.server.calls.values()) == 1


def test_a_page_for_404_is_refused(desk: Desk):
    desk.faults.switch_on("comtrade.removed")
    with pytest.raises(RefusedError, match="HTTP 404"):
        desk.first(DATASET)


def test_a_bad_code_is_200_and_nothing(desk: Desk):
    answer, rows = desk.transport.fetch(DATASET, with_params(DATASET.plan(SCOPE)[0], cmdCode="9999"))
    assert (answer.status, json.loads(answer.body)["data"]) == (200, [])
    assert rows.periods == frozenset()


@pytest.mark.parametrize("params", [{}, {"motCode": "", "partner2Code": "", "customsCode": ""}])
def test_rows_split_by_transport_or_second_partner_do_not_count_twice(desk: Desk, params: dict[str, str]):
    plain, _ = desk.first(DATASET)
    if not params:
        desk.faults.switch_on("comtrade.split")
    answer, rows = desk.transport.fetch(DATASET, with_params(DATASET.plan(SCOPE)[0], **params))
    assert len(json.loads(answer.body)["data"]) == 4 * len(plain.columns["period"])
    assert rows == plain


def test_only_parts_and_no_totals_is_refused():
    with pytest.raises(FormatError, match="none over all means of transport"):
        read(records({"motCode": 2100}, {"partner2Code": 156}, {"customsCode": "C01"}))


def test_descriptions_are_null_without_harm(desk: Desk):
    answer, rows = desk.transport.fetch(DATASET, DATASET.plan(SCOPE)[0])
    assert {record["partnerDesc"] for record in json.loads(answer.body)["data"]} == {None}
    assert {"US", "JP", "TW", WORLD, "899"} <= set(rows.columns["partner"])


def test_weights_of_zero_are_unknown(desk: Desk):
    desk.faults.switch_on("comtrade.no-weight")
    assert set(desk.first(DATASET)[0].columns["net_kg"]) == {None}


def test_partners_that_do_not_add_up_to_the_world_contradict(desk: Desk):
    assert desk.first(DATASET)[1] == []
    desk.faults.switch_on("comtrade.wrong-world")
    _, contradictions = desk.first(DATASET)
    assert contradictions[0].startswith("the partners add up to ")


def test_values_below_zero_contradict():
    rows = DATASET.read(Answer(200, json.dumps(records({"primaryValue": -1})).encode()), CIRCUITS)
    assert DATASET.check(rows, CIRCUITS, {}) == ["values below zero"]


def test_rows_that_were_not_asked_for_contradict():
    rows = DATASET.read(
        Answer(
            200, json.dumps(records({"period": "2022"}, {"cmdCode": "8541"}, {"reporterCode": 392})).encode()
        ),
        CIRCUITS,
    )
    assert DATASET.check(rows, CIRCUITS, {}) == [
        "rows that were not asked for came: 2022 KR 8542 X, 2023 JP 8542 X, 2023 KR 8541 X"
    ]


@pytest.mark.parametrize(
    ("value", "status", "error"),
    [
        ({"statusCode": 429, "message": "Rate limit is exceeded."}, 429, BusyError),
        ({"statusCode": 403, "message": "Quota exceeded."}, 403, QuotaError),
        ({"statusCode": 403, "message": "Forbidden"}, 403, RefusedError),
        ({"statusCode": 500, "message": "Internal server error"}, 500, BusyError),
        ({"count": 2, "data": [RECORD], "error": ""}, 200, FormatError),
        ({"data": None, "error": ""}, 200, FormatError),
        ({"error": ""}, 200, FormatError),
        (records({}, {}), 200, FormatError),  # the same flow twice
        (records({"primaryValue": None}), 200, FormatError),
        (records({"primaryValue": "11852014614"}), 200, FormatError),
        (records({"partnerCode": "VN"}), 200, FormatError),
        (records({"period": 2023}), 200, FormatError),
        ([], 200, FormatError),
    ],
)
def test_broken_bodies_have_named_errors(value: object, status: int, error: type[SourceError]):
    with pytest.raises(error):
        read(value, status)


@given(st.binary(max_size=300), statuses)
def test_any_bytes_give_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), CIRCUITS)


@given(spoiled({**SAMPLE, "data": [RECORD, {**RECORD, "partnerCode": 0}]}), statuses)
def test_any_spoiled_body_gives_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DATASET, Answer(status, body), CIRCUITS)
