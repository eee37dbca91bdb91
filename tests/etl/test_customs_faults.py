"""The Customs Service's documented habits and faults, each over a real socket, through the door that a refresh uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from urllib.parse import quote

import duckdb
import pytest
import requests

from etl import received
from etl.errors import BusyError, FormatError, QuotaError, RefusedError, UnreachableError
from etl.received import Received
from etl.settings import Access
from etl.sources.customs import CUSTOMS_RATE, DATASETS, NATIONTRADE, NEWTRADE, NITEMTRADE
from etl.sources.source import Answer, Dataset, Request, Rows, Scope
from etl.sources.xml_rows import read_items
from etl.transport import Patience, Transport
from etl.warehouse import sql
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

VARIABLE = "YEOKJIKGU_DATA_GO_KR_KEY"
QUICK = Patience(connect_seconds=2, read_seconds=0.5, backoff_seconds=0.01, busy_seconds=0.01)
SCOPE = Scope("2026-01", "2026-10", ("3304",), ("US",), "2026-11-23")
SERVICES = {
    "Newtrade": "Newtrade/getNewtradeList",
    "nationtrade": "nationtrade/getNationtradeList",
    "nitemtrade": "nitemtrade/getNitemtradeList",
    "Itemtrade": "Itemtrade/getItemtradeList",
    "rate": "retrieveTrifFxrtInfo/getRetrieveTrifFxrtInfo",
}


@dataclass
class Desk:
    """A server with its faults, and a refresh's way to ask it."""

    server: FakeServer
    transport: Transport
    waits: list[float]

    @property
    def faults(self) -> Faults:
        return self.server.faults

    def fetch(self, dataset: Dataset, scope: Scope = SCOPE) -> tuple[Answer, Rows, list[str]]:
        """The first request of a data set's plan: answer, rows and contradictions."""
        return self.send(dataset, dataset.plan(scope)[0])

    def send(self, dataset: Dataset, request: Request) -> tuple[Answer, Rows, list[str]]:
        answer, rows = self.transport.fetch(dataset, request)
        return answer, rows, list(dataset.check(rows, request, {}))

    def get(self, service: str, **params: str) -> Answer:
        """A call without the door, for what it would never send; the key goes along unless it is given."""
        params = {"serviceKey": KEY} | params
        return self.raw(
            f"{SERVICES[service]}?"
            + "&".join(f"{name}={quote(text, safe='')}" for name, text in params.items())
        )

    def raw(self, tail: str) -> Answer:
        response = requests.get(f"{self.server.base}/1220000/{tail}", timeout=5)
        return Answer(response.status_code, response.content, dict(response.headers))


@contextmanager
def opened(*faults: str, key: str = KEY, patience: Patience = QUICK) -> Iterator[Desk]:
    waits: list[float] = []
    with serving(Faults(*faults)) as server:
        access = Access({VARIABLE: key} if key else {}, server.base)
        with Transport(access, patience, sleep=waits.append) as transport:
            yield Desk(server, transport, waits)


@pytest.fixture(scope="module")
def shared() -> Iterator[FakeServer]:
    with serving() as server:
        yield server


@pytest.fixture
def desk(shared: FakeServer) -> Iterator[Desk]:
    """A server without faults, shared since it takes half a second to stop; what a test switches on goes off again."""
    waits: list[float] = []
    shared.calls.clear()
    with Transport(Access({VARIABLE: KEY}, shared.base), QUICK, sleep=waits.append) as transport:
        yield Desk(shared, transport, waits)
    shared.faults.clear()


def asked(**changes: str) -> Request:
    """The nitemtrade request of the scope with other parameters; an empty one is left out."""
    (request,) = NITEMTRADE.plan(SCOPE)
    params = dict(request.params) | changes
    return replace(request, params=tuple((name, text) for name, text in params.items() if text))


def read(dataset: Dataset, answer: Answer) -> Rows:
    return dataset.read(answer, dataset.plan(SCOPE)[0])


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
