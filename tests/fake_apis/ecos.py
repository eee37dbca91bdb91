"""ECOS of the Bank of Korea: made-up monthly exchange rates, averages and end of month, and its documented faults."""

import re
from datetime import date, timedelta
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json, xml

KEY = "FAKE0ECOS1KEY2345678"
DEMONSTRATION_KEY = "sample"
KEYS = {"YEOKJIKGU_ECOS_KEY": KEY}
FAULTS = {
    "ecos.busy": "answers ERROR-602 (too many calls), N times",
    "ecos.server": "answers ERROR-500, N times",
    "ecos.xml": "errors come as XML",
    "ecos.both-items": "averages and end-of-month rates come together whatever is asked for",
    "ecos.other-scale": "the yen, the rupiah and the dong come per one unit",
    "ecos.swapped": "the codes of the rupiah and the dong are swapped",
    "ecos.empty": "the newest value is an empty text",
    "ecos.short-pages": "gives at most N rows",
}
# Code -> name, won per as many units as the name says.
RATES = {
    "0000001": ("원/미국달러(매매기준율)", 1165.0),
    "0000002": ("원/일본엔(100엔)", 1069.0),
    "0000003": ("원/유로", 1305.0),
    "0000012": ("원/영국파운드", 1488.0),
    "0000053": ("원/위안(매매기준율)", 168.7),
    "0000029": ("원/인도네시아루피아(100루피아)", 8.24),
    "0000035": ("원/베트남동(100동)", 5.02),
}
KINDS = {"0000100": "평균자료", "0000200": "말일자료"}


class _RefusedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def add_routes(server: FakeServer, faults: Faults) -> None:
    def answer(request: Request) -> Response:
        try:
            return _search(request.path.split("/")[3:], server, faults)
        except _RefusedError as refusal:
            if faults.on("ecos.xml"):
                return xml(
                    f"<RESULT><CODE>{refusal.code}</CODE><MESSAGE>{refusal.message}</MESSAGE></RESULT>"
                )
            return as_json({"RESULT": {"CODE": refusal.code, "MESSAGE": refusal.message}})

    server.answer(re.compile(r"/api/StatisticSearch(/.*)?"), answer)


def _search(parts: list[str], server: FakeServer, faults: Faults) -> Response:
    if faults.take("ecos.busy"):
        raise _RefusedError(
            "ERROR-602", "과도한 OpenAPI호출로 이용이 제한되었습니다. 잠시후 이용해주시기 바랍니다."
        )
    if faults.take("ecos.server"):
        raise _RefusedError("ERROR-500", "서버 오류입니다.")
    if len(parts) < 10:
        raise _RefusedError("ERROR-100", "필수 값이 누락되어 있습니다.")
    key, kind, _language, first, last, table, cycle, since, until, code, *rest = parts
    if key not in {KEY, DEMONSTRATION_KEY}:
        raise _RefusedError("INFO-100", "인증키가 유효하지 않습니다.")
    if kind != "json":
        raise _RefusedError("ERROR-200", "파일타입 값이 누락 혹은 유효하지 않습니다.")
    if cycle != "M" or not all(re.fullmatch("[0-9]{6}", day) for day in (since, until)):
        raise _RefusedError("ERROR-101", "주기와 다른 형식의 날짜 형식입니다.")
    if not (first.isdigit() and last.isdigit()):
        raise _RefusedError("ERROR-300", "조회건수 값이 누락되어 있습니다.")
    wanted = [rest[0]] if rest and not faults.on("ecos.both-items") else list(KINDS)
    rows = [
        _row(code, month, item, faults)
        for item in wanted
        for month in months(since, until, server.today)
        if table == "731Y004" and code in RATES and item in KINDS
    ]
    if not rows:
        raise _RefusedError("INFO-200", "해당하는 데이터가 없습니다.")
    if faults.on("ecos.empty"):
        rows[-1]["DATA_VALUE"] = ""
    most = 10 if key == DEMONSTRATION_KEY else int(faults.number("ecos.short-pages", 100_000))
    page = rows[int(first) - 1 : int(last)][:most]
    return as_json({"StatisticSearch": {"list_total_count": len(rows), "row": page}})


def months(since: str, until: str, today: str) -> list[str]:
    """Months from `since` to `until` (202401) that are over by `today` (2026-11-23)."""
    over = (date.fromisoformat(today).replace(day=1) - timedelta(days=1)).strftime("%Y%m")
    return [
        f"{year}{month:02}"
        for year in range(int(since[:4]), int(until[:4]) + 1)
        for month in range(1, 13)
        if since <= f"{year}{month:02}" <= min(until, over)
    ]


def _row(code: str, month: str, item: str, faults: Faults) -> dict[str, str | None]:
    name, base = RATES[code]
    if faults.on("ecos.swapped") and code in {"0000029", "0000035"}:
        name = RATES["0000035" if code == "0000029" else "0000029"][0]
    years = int(month[:4]) + int(month[4:]) / 12 - 2019
    noise = 0.98 + 0.04 * (crc32(f"{code}{month}{item}".encode()) % 1000) / 1000
    value = base * (1 + 0.02 * years) * noise
    if faults.on("ecos.other-scale") and "(100" in name:
        value /= 100
    return {
        "STAT_CODE": "731Y004",
        "STAT_NAME": "3.1.2.1. 주요국 통화의 대원화환율",
        "ITEM_CODE1": code,
        "ITEM_NAME1": name,
        "ITEM_CODE2": item,
        "ITEM_NAME2": KINDS[item],
        "ITEM_CODE3": None,
        "ITEM_NAME3": None,
        "ITEM_CODE4": None,
        "ITEM_NAME4": None,
        "UNIT_NAME": "원",
        "WGT": None,
        "TIME": month,
        "DATA_VALUE": f"{value:.2f}",
    }
