"""UN Comtrade: made-up annual trade whose partners add up to the world, with and without a key, and its documented faults."""

import itertools
import re
from collections.abc import Iterator
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json, page

KEY = "0123456789abcdef0123456789abcdef"
KEYS = {"YEOKJIKGU_COMTRADE_KEY": KEY}
FAULTS = {
    "comtrade.busy": "answers 429 without Retry-After, N times",
    "comtrade.quota": "answers 403 (out of call volume quota) after N calls",
    "comtrade.older": "errors come in the older shape",
    "comtrade.split": "rows split by transport, second partner and procedure come though the totals alone were asked for",
    "comtrade.wrong-world": "the world is a tenth more than its partners",
    "comtrade.many": "partners that nobody knows fill the answer up to the limit",
    "comtrade.removed": "answers 404 with a page",
    "comtrade.no-weight": "net weights are zero or missing",
}
PREVIEW_ROWS = 500
BAD_KEY = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
WORLD, KOREA = 0, 410
REPORTERS = (
    784, 36, 56, 76, 124, 156, 203, 276, 208, 724, 251, 826, 344, 360, 372, 699, 380, 392, 116, 398, 496, 446, 484, 458, 528, 579,
    554, 608, 616, 643, 682, 752, 702, 764, 792, 842, 860, 704, 710,
)  # fmt: skip
PARTNERS = (
    *REPORTERS,
    490,
    899,
    31,
    40,
    100,
    104,
    144,
    152,
    170,
    191,
    246,
    300,
    348,
    376,
    400,
    414,
    418,
    512,
    586,
    604,
    634,
)
BIG = {842: 190, 156: 210, 392: 50, 704: 80, 344: 50, 490: 45, 702: 30}
CODES = re.compile(r"TOTAL|[0-9]{2}|[0-9]{4}|[0-9]{6}")


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


def add_routes(server: FakeServer, faults: Faults) -> None:
    calls = itertools.count()

    def answer(request: Request, *, keyed: bool) -> Response:
        if faults.on("comtrade.removed"):
            return page(404)
        try:
            _check_call(request, faults, next(calls), keyed=keyed)
        except _RefusedError as refusal:
            words: dict[str, object] = {"statusCode": refusal.status, "message": refusal.message}
            if refusal.status == 400:
                words = {"error": refusal.message}
            if faults.on("comtrade.older"):
                words = {"errorObject": {"errorMessage": refusal.message}}
            return as_json(words, refusal.status)
        asked = {name.lower(): value for name, value in request.args.items()}
        rows = [row for row in _rows(asked, server, faults) if _is_asked(row, asked, faults)]
        if faults.on("comtrade.many"):
            rows += [{**rows[0], "partnerCode": 1000 + place} for place in range(PREVIEW_ROWS)]
        rows = rows[: 100_000 if keyed else PREVIEW_ROWS]
        return as_json({"elapsedTime": "0.21 secs", "count": len(rows), "data": rows, "error": ""})

    for frequency in ("A", "M"):
        server.answer(f"/public/v1/preview/C/{frequency}/HS", lambda request: answer(request, keyed=False))
        server.answer(f"/data/v1/get/C/{frequency}/HS", lambda request: answer(request, keyed=True))


def _check_call(request: Request, faults: Faults, calls: int, *, keyed: bool) -> None:
    asked = {name.lower(): value for name, value in request.args.items()}
    if keyed and request.headers.get("Ocp-Apim-Subscription-Key", asked.get("subscription-key")) != KEY:
        raise _RefusedError(401, BAD_KEY)
    if faults.take("comtrade.busy"):
        raise _RefusedError(429, "Rate limit is exceeded. Try again in 1 seconds.")
    if faults.on("comtrade.quota") and calls >= faults.number("comtrade.quota"):
        raise _RefusedError(403, "Out of call volume quota. Quota will be replenished in 05:12:33.")
    if not keyed and "," in asked.get("period", ""):
        raise _RefusedError(400, "Maximum number of periods for preview is 1")
    if asked.get("flowcode", "").isdigit():
        raise _RefusedError(400, "Invalid flowCode")


def _is_asked(row: dict[str, object], asked: dict[str, str], faults: Faults) -> bool:
    names = {"partnercode": "partnerCode"}
    if not faults.on("comtrade.split"):
        names |= {"partner2code": "partner2Code", "customscode": "customsCode", "motcode": "motCode"}
    return all(str(row[field]) in asked[name].split(",") for name, field in names.items() if name in asked)


def _rows(asked: dict[str, str], server: FakeServer, faults: Faults) -> Iterator[dict[str, object]]:
    reporters = [int(code) for code in asked.get("reportercode", "").split(",") if code.isdigit()]
    codes = [
        code
        for code in asked.get("cmdcode", "").split(",")
        if CODES.fullmatch(code) and not code.startswith("99")
    ]
    flows = [flow for flow in asked.get("flowcode", "X,M").split(",") if flow in {"X", "M"}]
    for period in asked.get("period", "").split(","):
        # A year is complete in the summer after it.
        if not period.isdigit() or f"{int(period[:4]) + 1}-06-01" > server.today:
            continue
        for reporter in reporters:
            if reporter != KOREA and reporter not in REPORTERS:
                continue
            for code in codes:
                for flow in flows:
                    yield from _partners(reporter, period, code, flow, faults)


def _partners(
    reporter: int, period: str, code: str, flow: str, faults: Faults
) -> Iterator[dict[str, object]]:
    values = {
        partner: _value(reporter, period, code, flow, partner) for partner in PARTNERS if partner != reporter
    }
    total = sum(values.values())
    values = {WORLD: total * 11 // 10 if faults.on("comtrade.wrong-world") else total} | values
    for partner, value in values.items():
        row = _record(reporter, period, code, flow, partner, value, faults)
        yield row
        # Parts of the total: a client that does not ask for the totals alone adds everything up twice.
        for mot, second, procedure in ((2100, 0, "C00"), (0, 156, "C00"), (0, 0, "C01")):
            yield {**row, "motCode": mot, "partner2Code": second, "customsCode": procedure}


def _value(reporter: int, period: str, code: str, flow: str, partner: int) -> int:
    noise = 0.7 + 0.6 * (crc32(f"{reporter}{code}{flow}{partner}".encode()) % 1000) / 1000
    size = 1_000_000_000 if code == "TOTAL" else 400_000 * (1 + crc32(code.encode()) % 20)
    return round(
        BIG.get(partner, 6) * BIG.get(reporter, 40) * size / 40 * noise * 1.07 ** (int(period[:4]) - 2020)
    )


def _record(
    reporter: int, period: str, code: str, flow: str, partner: int, value: int, faults: Faults
) -> dict[str, object]:
    weight: float | None = round(value / 37, 2)
    if faults.on("comtrade.no-weight"):
        weight = None if partner % 2 else 0
    return {
        "typeCode": "C",
        "freqCode": "A",
        "refPeriodId": int(period[:4]) * 10_000 + 101,
        "refYear": int(period[:4]),
        "refMonth": 52,
        "period": period,
        "reporterCode": reporter,
        "reporterISO": None,
        "reporterDesc": None,
        "flowCode": flow,
        "flowDesc": None,
        "partnerCode": partner,
        "partnerISO": None,
        "partnerDesc": None,
        "partner2Code": 0,
        "classificationCode": "H6",
        "cmdCode": code,
        "cmdDesc": None,
        "customsCode": "C00",
        "mosCode": "0",
        "motCode": 0,
        "qty": 0,
        "netWgt": weight,
        "isNetWgtEstimated": True,
        "cifvalue": value if flow == "M" else None,
        "fobvalue": value if flow == "X" else None,
        "primaryValue": value,
        "isReported": False,
        "isAggregate": True,
    }
