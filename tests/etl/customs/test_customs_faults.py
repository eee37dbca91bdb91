"""The Customs Service’s documented faults, each over a real socket, through the door that a refresh uses: paths, keys, refusals, quota, transport."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from urllib.parse import quote

import pytest

from etl.errors import BusyError, QuotaError, RefusedError, UnreachableError
from etl.settings import Access
from etl.sources.customs import DATASETS, NATIONTRADE, NEWTRADE, NITEMTRADE
from etl.sources.source import Dataset, Request
from etl.transport import Patience, Transport
from tests.etl.customs.desk import QUICK, SCOPE, SERVICES, VARIABLE, Desk, read
from tests.fake_apis import FakeServer, Faults, serving
from tests.fake_apis.customs import (
    BACKWARDS,
    BAD_MONTH,
    HS_LENGTH,
    KEY,
    MISSING,
    NEITHER,
    NO_COUNTRY,
    TOO_LONG,
)


@contextmanager
def opened(*faults: str, key: str = KEY, patience: Patience = QUICK) -> Iterator[Desk]:
    waits: list[float] = []
    with serving(Faults(*faults)) as server:
        access = Access({VARIABLE: key} if key else {}, server.base)
        with Transport(access, patience, sleep=waits.append) as transport:
            yield Desk(server, transport, waits)


def asked(**changes: str) -> Request:
    """The nitemtrade request of the scope with other parameters; an empty one is left out."""
    (request,) = NITEMTRADE.plan(SCOPE)
    params = dict(request.params) | changes
    return replace(request, params=tuple((name, text) for name, text in params.items() if text))


# Paths


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.dataset_id)
def test_exact_case_paths_are_asked(desk: Desk, dataset: Dataset) -> None:
    answer, rows, contradictions = desk.fetch(dataset)

    assert answer.status == 200
    assert rows.columns[dataset.period_column]
    assert tuple(rows.columns) == dataset.columns
    assert contradictions == []


@pytest.mark.parametrize(
    "path", ["newtrade/getNewtradeList", "Nitemtrade/getNitemtradeList", "nitemtrade/getnitemtradelist"]
)
def test_a_wrong_case_of_the_path_is_400_with_code_12_and_refused(desk: Desk, path: str) -> None:
    answer = desk.raw(f"{path}?serviceKey={quote(KEY, safe='')}")

    assert answer.status == 400
    assert b"<returnReasonCode>12</returnReasonCode>" in answer.body
    with pytest.raises(RefusedError, match=r"the address is wrong.*\(code 12\)"):
        read(NEWTRADE, answer)


# Keys


def test_no_key_is_401_with_code_20(desk: Desk) -> None:
    answer = desk.raw(f"{SERVICES['Newtrade']}?strtYymm=202601&endYymm=202601")

    assert answer.status == 401
    with pytest.raises(RefusedError, match=r"the key is missing.*\(code 20\)"):
        read(NEWTRADE, answer)


@pytest.mark.parametrize(("style", "status"), [((), 403), (("customs.old-style",), 200)])
def test_an_unknown_key_is_code_30_in_both_styles_and_both_causes_are_named(
    style: tuple[str, ...], status: int
) -> None:
    with opened(*style, key="no-such-key") as desk:
        (request,) = NITEMTRADE.plan(SCOPE)
        answer = desk.get("nitemtrade", serviceKey="no-such-key", **dict(request.params))
        with pytest.raises(RefusedError) as refused:
            desk.send(NITEMTRADE, request)

    assert answer.status == status
    assert (b"<errMsg>SERVICE ERROR</errMsg>" in answer.body) == (status == 200)
    assert "the key is wrong" in str(refused.value)
    assert "활용신청" in str(refused.value)
    assert "no-such-key" not in str(refused.value)
    assert sum(desk.server.calls.values()) == 2, "asked again though it can only be refused again"


def test_the_decoded_key_is_compared_so_a_key_encoded_once_is_right(desk: Desk) -> None:
    window = "strtYymm=202601&endYymm=202601"

    assert read(NEWTRADE, desk.raw(f"{SERVICES['Newtrade']}?serviceKey=ab%2Bcd%2Fef%3D%3D&{window}")).periods


@pytest.mark.parametrize("encoded", ["ab%252Bcd%252Fef%253D%253D", "ab+cd/ef=="], ids=["twice", "raw plus"])
def test_a_key_encoded_twice_or_not_at_all_fails_with_30(desk: Desk, encoded: str) -> None:
    answer = desk.raw(f"{SERVICES['Newtrade']}?serviceKey={encoded}&strtYymm=202601&endYymm=202601")

    with pytest.raises(RefusedError, match="code 30"):
        read(NEWTRADE, answer)


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe="")], ids=["decoding form", "encoding form"])
def test_both_forms_of_the_key_that_the_portal_shows_are_taken(shared: FakeServer, form: str) -> None:
    environment = {VARIABLE: form, "YEOKJIKGU_API_BASE": shared.base}
    with Transport(Access.from_environment(environment, ()), QUICK) as transport:
        _, rows = transport.fetch(NEWTRADE, NEWTRADE.plan(SCOPE)[0])

    assert len(rows.periods) == 10


# Refusals with code 99

REFUSALS = {
    "more than 12 months": ({"strtYymm": "202501", "endYymm": "202601"}, TOO_LONG),
    "end before start": ({"strtYymm": "202602", "endYymm": "202601"}, BACKWARDS),
    "a bad month": ({"strtYymm": "2026-1"}, BAD_MONTH),
    "a missing month": ({"strtYymm": ""}, MISSING),
    "a country in lower case": ({"cntyCd": "us"}, NO_COUNTRY),
    "HS of 3 digits": ({"hsSgn": "330"}, HS_LENGTH),
    "neither HS nor country": ({"hsSgn": "", "cntyCd": ""}, NEITHER),
}


SHAPES = {
    "": b"</header></response>",
    "customs.body-empty": b"<body/>",
    "customs.body-count": b"<totalCount>0<",
}


@pytest.mark.parametrize(("case", "shape"), list(product(REFUSALS, SHAPES)))
def test_a_refusal_is_200_with_99_and_its_text_in_three_shapes(desk: Desk, case: str, shape: str) -> None:
    changes, text = REFUSALS[case]
    if shape:
        desk.faults.switch_on(shape)

    answer = desk.get("nitemtrade", **dict(asked(**changes).params))
    with pytest.raises(RefusedError) as refused:
        desk.send(NITEMTRADE, asked(**changes))

    assert answer.status == 200
    assert SHAPES[shape] in answer.body
    assert text in str(refused.value)
    assert desk.waits == [], "waited for what cannot pass"


# JSON


def test_type_json_brings_a_json_error_with_200_that_is_worth_another_try(desk: Desk) -> None:
    answer = desk.get("Newtrade", _type="json", strtYymm="202601", endYymm="202601")

    assert answer.status == 200
    assert answer.body.startswith(b"{")
    with pytest.raises(BusyError, match="code 04"):
        read(NEWTRADE, answer)


def test_no_request_ever_asks_for_json(desk: Desk) -> None:
    for dataset in DATASETS:
        desk.fetch(dataset)

    assert not [call for call in desk.server.calls if "ype=" in call or "json" in call]


# Limits and faults of the wire


@pytest.mark.parametrize(("style", "status"), [("", 429), ("customs.old-style", 200)])
def test_the_daily_limit_after_n_calls_stops_and_says_when_to_go_on(
    desk: Desk, style: str, status: int
) -> None:
    if style:
        desk.faults.switch_on(style)
    desk.faults.switch_on("customs.quota", 2)
    desk.fetch(NEWTRADE)
    desk.fetch(NATIONTRADE)
    desk.waits.clear()

    with pytest.raises(QuotaError) as stopped:
        desk.fetch(NITEMTRADE)

    assert stopped.value.resume == "after midnight, Korean time"
    assert sum(desk.server.calls.values()) == 3, "asked on though the calls are used up"
    assert desk.get("Newtrade", strtYymm="202601", endYymm="202601").status == status


def test_429_without_words_passes(desk: Desk) -> None:
    desk.faults.switch_on("limit-429", 2)

    assert desk.fetch(NEWTRADE)[1].periods
    assert sum(desk.server.calls.values()) == 3


def test_429_with_a_time_is_waited_for(desk: Desk) -> None:
    desk.faults.switch_on("retry-after", 1)

    assert desk.fetch(NEWTRADE)[1].periods
    assert 1.0 in desk.waits


@pytest.mark.parametrize("style", ["", "customs.old-style"])
def test_23_slows_down_and_tries_again(desk: Desk, style: str) -> None:
    if style:
        desk.faults.switch_on(style)
    desk.faults.switch_on("customs.busy", 2)

    assert desk.fetch(NEWTRADE)[1].periods
    assert QUICK.busy_seconds in desk.waits
    assert sum(desk.server.calls.values()) == 3


def test_23_for_ever_ends_in_one_sentence(desk: Desk) -> None:
    desk.faults.switch_on("customs.busy")

    with pytest.raises(BusyError, match=r"newtrade 2026-01\.\.2026-10: more calls a second than allowed"):
        desk.fetch(NEWTRADE)

    assert sum(desk.server.calls.values()) == QUICK.busy_tries


@pytest.mark.parametrize("fault", ["text-500", "html", "cut", "broken-off", "drop"])
def test_500_as_text_a_page_for_people_cut_xml_and_a_dropped_connection_pass(desk: Desk, fault: str) -> None:
    desk.faults.switch_on(fault, 1)

    _, rows, contradictions = desk.fetch(NITEMTRADE)

    assert len(rows.periods) == 10
    assert contradictions == []
    assert sum(desk.server.calls.values()) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("text-500", BusyError, "“Unexpected errors” came instead of data"),
        ("html", BusyError, "a page for people came instead of data"),
        ("cut", BusyError, "the XML is cut or garbled"),
        ("broken-off", BusyError, "could not receive a whole answer from the Korea Customs Service"),
        ("drop", UnreachableError, "could not reach the Korea Customs Service"),
    ],
)
def test_a_fault_that_does_not_pass_ends_in_one_sentence(
    desk: Desk, fault: str, kind: type[Exception], words: str
) -> None:
    desk.faults.switch_on(fault)

    with pytest.raises(kind) as stopped:
        desk.fetch(NEWTRADE)

    assert words in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert "ab+cd" not in str(stopped.value)


def test_a_slow_answer_is_given_up_in_one_sentence(desk: Desk) -> None:
    desk.faults.switch_on("slow", 1.0)
    hasty = replace(QUICK, read_seconds=0.1, retries=0)

    with (
        Transport(Access({VARIABLE: KEY}, desk.server.base), hasty) as transport,
        pytest.raises(UnreachableError, match=r"the Korea Customs Service \(no answer in time\)"),
    ):
        transport.fetch(NEWTRADE, NEWTRADE.plan(SCOPE)[0])


def test_a_slow_answer_is_waited_for(desk: Desk) -> None:
    desk.faults.switch_on("slow", 0.2)

    assert desk.fetch(NEWTRADE)[1].periods


@pytest.mark.parametrize(
    ("code", "kind"),
    [(code, BusyError) for code in (1, 4, 5, 23, 99)]
    + [(code, RefusedError) for code in (10, 12, 20, 29, 30, 31, 32)]
    + [(22, QuotaError)],
)
@pytest.mark.parametrize("style", ["", "customs.old-style"])
def test_the_gateways_codes_are_read_in_both_styles(
    desk: Desk, style: str, code: int, kind: type[Exception]
) -> None:
    desk.faults.switch_on("customs.gateway", code)
    if style:
        desk.faults.switch_on(style)

    with pytest.raises(kind, match=rf"code {code:02}\b"):
        read(NEWTRADE, desk.get("Newtrade", strtYymm="202601", endYymm="202601"))
