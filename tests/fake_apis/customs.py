"""Korea Customs Service on data.go.kr: made-up trade that grows, has seasons and adds up, and every documented fault.

All figures come from a hash of what they stand for, so each server plays the same ones. What adds up in the world does so here:
items to their headings, headings to the total row, countries to the nation.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from html import escape
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json, xml

KEY = "ab+cd/ef=="
KEYS = {"YEOKJIKGU_DATA_GO_KR_KEY": KEY}
FAULTS = {
    "customs.old-style": "gateway errors as they were before 2026: status 200, the code's name in another place",
    "customs.gateway": "answers every call with the gateway error of this number (30, 12, 5 ...)",
    "customs.busy": "answers code 23 (too many calls a second), N times",
    "customs.quota": "answers code 22 (the day's calls used up) after N calls",
    "customs.body-empty": "refusals carry an empty <body/>",
    "customs.body-count": "refusals carry a <body> with a count of 0",
    "customs.hs4-rows": "a 4-digit HS code brings rows of 4 digits instead of 6",
    "customs.hsCode": "nitemtrade calls its code hsCode, as Itemtrade does",
    "customs.late": "the newest N months are not out yet",
    "customs.zeros": "months that are not out yet come filled with zeros",
    "customs.revision": "the newest three months as corrected for the Nth time: amounts changed, a row gone, a row new",
    "customs.wrong-total": "the total row is one dollar off",
    "customs.wrong-country-sum": "one country's exports are one dollar off",
    "customs.mixed-levels": "rows of two HS levels in one answer",
    "customs.other-chapter": "a row of another HS chapter than asked for",
    "customs.yen-per-100": "the yen's rate is per 100",
    "customs.yen-odd": "the yen's rate is of no known scale",
    "customs.monday": "weeks of exchange rates start on Mondays",
}
FIRST_MONTH = "2014-01"

# Share of all exports, in thousandths; names with "&" stand in the real code book too.
COUNTRIES = {
    "CN": ("중국", 200),
    "US": ("미국", 185),
    "VN": ("베트남", 85),
    "JP": ("일본", 45),
    "HK": ("홍콩", 45),
    "TW": ("대만", 50),
    "SG": ("싱가포르", 27),
    "IN": ("인도", 27),
    "MX": ("멕시코", 20),
    "AU": ("호주", 22),
    "DE": ("독일", 16),
    "GB": ("영국", 10),
    "FR": ("프랑스", 7),
    "CA": ("캐나다", 13),
    "ID": ("인도네시아", 14),
    "TH": ("태국", 12),
    "MY": ("말레이시아", 16),
    "PH": ("필리핀", 17),
    "RU": ("러시아 연방", 9),
    "AE": ("아랍에미리트 연합", 8),
    "BR": ("브라질", 8),
    "KZ": ("카자흐스탄", 4),
    "MN": ("몽골", 1),
    "TT": ("트리니다드 & 토바고", 1),
    "ZZ": ("기타국", 1),
}
# HS4 -> exports to the world in a month of 2019 (million USD), growth a year, USD a kilogram, HS6 endings, name.
HEADINGS: dict[str, tuple[float, float, float, tuple[str, ...], str]] = {
    "0101": (0.1, 1.0, 60, ("21", "29", "30"), "말"),
    "0202": (0.2, 1.0, 9, ("20", "30"), "냉동 쇠고기"),
    "1212": (18, 1.06, 12, ("21", "29"), "해조류"),
    "1902": (60, 1.14, 3.5, ("11", "19", "20", "30", "40"), "파스타 & 라면"),
    "1905": (30, 1.08, 4, ("10", "20", "31", "32", "40", "90"), "빵류 & 과자"),
    "2103": (25, 1.1, 2.8, ("10", "20", "30", "90"), "소스류"),
    "2106": (70, 1.07, 11, ("10", "90"), "조제 식료품"),
    "3304": (420, 1.09, 42, ("10", "20", "30", "91", "99"), "화장품"),
    "3305": (30, 1.07, 8, ("10", "20", "30", "90"), "두발용 제품류"),
    "3307": (15, 1.05, 10, ("10", "20", "30", "41", "49", "90"), "면도용 & 목욕용 제품류"),
    "3401": (22, 1.06, 5, ("11", "19", "20", "30"), "비누"),
    "4202": (
        45,
        1.03,
        45,
        ("11", "12", "19", "21", "22", "29", "31", "32", "39", "91", "92", "99"),
        "가방 & 지갑",
    ),
    "4901": (6, 1.04, 9, ("10", "91", "99"), "서적"),
    "4911": (9, 1.12, 16, ("10", "91", "99"), "기타 인쇄물"),
    "6109": (20, 1.05, 30, ("10", "90"), "티셔츠"),
    "6110": (25, 1.03, 38, ("11", "12", "19", "20", "30", "90"), "스웨터"),
    "6204": (
        22,
        1.04,
        55,
        ("31", "32", "33", "42", "43", "44", "52", "53", "61", "62", "63", "69"),
        "여성용 의류",
    ),
    "6402": (8, 1.02, 20, ("12", "19", "20", "91", "99"), "신발(고무, 플라스틱)"),
    "6404": (14, 1.06, 28, ("11", "19", "20"), "신발(직물 갑피)"),
    "7117": (8, 1.03, 70, ("11", "19", "90"), "모조 신변장식용품"),
    "8517": (1100, 1.02, 180, ("13", "14", "18", "62", "69", "71", "79"), "전화기"),
    "8523": (95, 1.16, 60, ("21", "29", "41", "49", "51", "52", "59", "80"), "디스크 & 기록 매체"),
    "8542": (8200, 1.07, 3200, ("31", "32", "33", "39"), "집적회로"),
    "8543": (130, 1.05, 75, ("10", "20", "30", "40", "70", "90"), "미용기기 & 기타 전기기기"),
    "9503": (9, 1.05, 14, ("00",), "완구"),
    "9504": (16, 1.07, 33, ("20", "30", "40", "50", "90"), "게임용구"),
}
CHAPTERS = [f"{number:02}" for number in range(1, 98) if number != 77]
_PLAIN_HEADINGS = range(1, 11)
_PLAIN = (6.0, 1.03, 5.0, ("10", "90"), "기타")
_SEASON = (0.94, 0.86, 1.04, 1.0, 1.0, 1.01, 0.99, 0.96, 1.02, 1.05, 1.1, 1.03)
_NATION = 45.2e9  # exports of a month of 2019, USD

_NAMES = {
    1: "APPLICATION_ERROR",
    4: "HTTP_ERROR",
    5: "SERVICETIMEOUT_ERROR",
    10: "INVALID_REQUEST_PARAMETER_ERROR",
    12: "NO_OPENAPI_SERVICE_ERROR",
    20: "SERVICE_KEY_IS_NULL",
    22: "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
    23: "LIMITED_NUMBER_OF_SERVICE_REQUESTS_PER_SECOND_EXCEEDS_ERROR",
    29: "BLACKLIST_IP_ACCESS_ERROR",
    30: "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
    31: "DEADLINE_HAS_EXPIRED_ERROR",
    32: "UNREGISTERED_IP_ERROR",
    99: "UNKNOWN_ERROR",
}
_STATUS = {12: 400, 20: 401, 22: 429, 23: 429, 30: 403, 31: 403, 32: 403, 29: 403, 1: 500, 5: 504}

TOO_LONG = "시작과 종료의 조회기간은 1년이내 기간만 가능합니다."
BACKWARDS = "종료년월이 시작년월보다 크거나 같아야 합니다."
BAD_MONTH = "시작년월 형식이 맞지 않습니다."
MISSING = "필수 요청변수가 누락되었습니다."
NO_COUNTRY = "존재하지 않는 국가코드입니다."
HS_LENGTH = "품목코드는 2,4,6,10 자리로 입력해야 합니다."
NEITHER = "품목코드 혹은 국가코드 중 1개 이상은 입력하셔야 합니다."

Values = tuple[int, int, int, int]


class _Refusal(Exception):  # noqa: N818 (an answer of this server, no error of it)
    """A business error: code 99 and this text."""


def add_routes(server: FakeServer, faults: Faults) -> None:
    """The five services, and the gateway's answer to any other path of theirs."""
    calls = 0
    services: dict[str, Callable[[Request, FakeServer, Faults], str]] = {
        "Newtrade/getNewtradeList": _newtrade,
        "nationtrade/getNationtradeList": _nationtrade,
        "nitemtrade/getNitemtradeList": _nitemtrade,
        "Itemtrade/getItemtradeList": _itemtrade,
        "retrieveTrifFxrtInfo/getRetrieveTrifFxrtInfo": _rates,
    }

    def answer(service: Callable[[Request, FakeServer, Faults], str], request: Request) -> Response:
        nonlocal calls
        calls += 1
        if (stop := _gateway(request, faults)) is not None:
            return stop
        try:
            body = service(request, server, faults)
        except _Refusal as refusal:
            extra = "<body/>" if faults.on("customs.body-empty") else ""
            if faults.on("customs.body-count"):
                extra = "<body><totalCount>0</totalCount></body>"
            body = _enveloped("99", str(refusal), extra)
        response = xml(body)
        response.headers["X-RateLimit-Limit"] = "10000"
        response.headers["X-RateLimit-Remaining"] = str(10_000 - calls)
        return response

    for path, service in services.items():
        server.answer(f"/1220000/{path}", partial(answer, service))
    server.answer(re.compile(r"/1220000/.*"), lambda _: gateway_error(12, faults))


def _gateway(request: Request, faults: Faults) -> Response | None:
    """What the gateway says before the service is asked, if anything."""
    if request.args.get("_type") == "json":
        return as_json({"cmmMsgHeader": {"errMsg": "HTTP_ERROR", "returnReasonCode": "04"}})
    code = _gateway_code(request.args.get("serviceKey", ""), faults)
    return gateway_error(code, faults) if code else None


def _gateway_code(key: str, faults: Faults) -> int:
    """The number of the gateway's error, 0 if all is well; `key` comes decoded once, as a server sees it."""
    if key != KEY:
        return 30 if key else 20
    if faults.take("customs.busy"):
        return 23
    if faults.on("customs.quota") and not faults.take("customs.quota"):
        return 22
    return int(faults.number("customs.gateway"))


def gateway_error(code: int, faults: Faults) -> Response:
    name, status = _NAMES[code], _STATUS.get(code, 200)
    texts = (name, "등록되지 않은 서비스키" if code == 30 else "오류")
    if faults.on("customs.old-style"):
        texts, status = ("SERVICE ERROR", name), 200
    return xml(
        "<OpenAPI_ServiceResponse><cmmMsgHeader>"
        f"<errMsg>{texts[0]}</errMsg><returnAuthMsg>{texts[1]}</returnAuthMsg>"
        f"<returnReasonCode>{code:02}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>",
        status,
    )


def _enveloped(code: str, message: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><header>'
        f"<resultCode>{code}</resultCode><resultMsg>{message}</resultMsg></header>{body}</response>"
    )


def _listed(items: list[dict[str, str]]) -> str:
    """Items with their fields in alphabetical order, on one line, as the service writes them."""
    if not items:
        return _enveloped("00", "정상서비스.", "<body><items/></body>")
    written = "".join(
        "<item>"
        + "".join(f"<{name}>{escape(item[name], quote=False)}</{name}>" for name in sorted(item))
        + "</item>"
        for item in items
    )
    return _enveloped("00", "정상서비스.", f"<body><items>{written}</items></body>")


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def newest_month(server: FakeServer) -> str:
    """The newest month that is out: on the 15th the one before comes."""
    day = date.fromisoformat(server.today)
    back = (1 if day.day >= 15 else 2) + int(server.faults.number("customs.late"))
    return _month(day.year * 12 + day.month - 1 - back)


def _window(request: Request) -> list[str]:
    """The months asked for."""
    start, end = request.args.get("strtYymm", ""), request.args.get("endYymm", "")
    if not start or not end:
        raise _Refusal(MISSING)
    form = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")
    if not form.fullmatch(start) or not form.fullmatch(end):
        raise _Refusal(BAD_MONTH)
    first, last = (_month_number(f"{text[:4]}-{text[4:]}") for text in (start, end))
    if last < first:
        raise _Refusal(BACKWARDS)
    if last - first >= 12:
        raise _Refusal(TOO_LONG)
    return [_month(number) for number in range(first, last + 1)]


def _published(request: Request, server: FakeServer) -> tuple[list[str], list[str]]:
    """The months asked for that are out, and those that come filled with zeros."""
    newest, months = newest_month(server), _window(request)
    out = [month for month in months if FIRST_MONTH <= month <= newest]
    zeros = [month for month in months if month > newest] if server.faults.on("customs.zeros") else []
    return out, zeros


def _revised(month: str, server: FakeServer) -> int:
    """Which correction of a month is out: only the newest three are corrected."""
    if _month_number(newest_month(server)) - _month_number(month) >= 3:
        return 0
    return int(server.faults.number("customs.revision", 1.0)) if server.faults.on("customs.revision") else 0


def _noise(*parts: object) -> float:
    """A number between 0.9 and 1.1 that always is the same for the same parts."""
    return 0.9 + crc32(" ".join(map(str, parts)).encode()) % 10_007 / 10_007 * 0.2


def _trend(growth: float, month: str) -> float:
    number = _month_number(month)
    return float(growth ** ((number - 2019 * 12) / 12)) * _SEASON[number % 12]


@cache
def _nation(country: str, month: str, revision: int) -> Values:
    """Exports USD, exports cases, imports USD, imports cases of a country."""
    exports = _NATION * COUNTRIES[country][1] / 843 * _trend(1.045, month) * _noise(country, month, revision)
    imports = exports * _noise("imports", country, month, revision) * 0.93
    return int(exports), int(exports / 61_000), int(imports), int(imports / 12_400)


def _row(year: str, values: Values, names: tuple[str, str, str, str], **codes: str) -> dict[str, str]:
    cells = dict(zip(names, map(str, values), strict=True))
    return codes | cells | {"year": year, "balPayments": str(values[0] - values[2])}


_CASES = ("expDlr", "expCnt", "impDlr", "impCnt")
_WEIGHTS = ("expDlr", "expWgt", "impDlr", "impWgt")


def _dotted(month: str) -> str:
    return month.replace("-", ".")


def _sum(values: list[Values]) -> Values:
    exports, first, imports, second = (
        (sum(column) for column in zip(*values, strict=True)) if values else (0,) * 4
    )
    return exports, first, imports, second


def _newtrade(request: Request, server: FakeServer, faults: Faults) -> str:
    out, zeros = _published(request, server)
    months = {
        month: _sum([_nation(country, month, _revised(month, server)) for country in COUNTRIES])
        for month in out
    }
    months |= dict.fromkeys(zeros, (0, 0, 0, 0))
    rows = [_row(_dotted(month), values, _CASES) for month, values in months.items()]
    if rows:
        rows.append(_row("총계", _off_by_one(_sum(list(months.values())), faults), _CASES))
    return _listed(rows)


def _off_by_one(values: Values, faults: Faults) -> Values:
    exports, *others = values
    first, imports, second = others
    return exports + faults.on("customs.wrong-total"), first, imports, second


def _nationtrade(request: Request, server: FakeServer, faults: Faults) -> str:
    out, zeros = _published(request, server)
    asked = _country(request)
    countries = [asked] if asked else list(COUNTRIES)
    found = [
        (_nation(country, month, _revised(month, server)), country, month)
        for month in out
        for country in countries
    ]
    if found and faults.on("customs.wrong-country-sum"):
        (exports, cases, imports, more), country, month = found[0]
        found[0] = (exports + 1, cases, imports, more), country, month
    found.sort(reverse=True)
    found += [((0, 0, 0, 0), country, month) for month in zeros for country in countries]
    return _listed(
        [
            _row(_dotted(month), values, _CASES, statCd=country, statCdCntnKor1=COUNTRIES[country][0])
            for values, country, month in found
        ]
    )


def _country(request: Request) -> str:
    country = request.args.get("cntyCd", "")
    if country and country not in COUNTRIES:
        raise _Refusal(NO_COUNTRY)
    return country


def _hs_code(request: Request) -> str:
    hs_code = request.args.get("hsSgn", "")
    if hs_code and not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10}", hs_code):
        raise _Refusal(HS_LENGTH)
    return hs_code


def _headings(chapter: str) -> list[str]:
    known = [heading for heading in HEADINGS if heading.startswith(chapter)]
    plain = [f"{chapter}{number:02}" for number in _PLAIN_HEADINGS] if chapter in CHAPTERS else []
    return sorted({*known, *plain})


@cache
def hs10_codes(prefix: str) -> tuple[str, ...]:
    """All ten-digit codes of this little tariff that start with `prefix`."""
    chapters = [prefix[:2]] if prefix else CHAPTERS
    headings = [
        heading for chapter in chapters for heading in _headings(chapter) if heading.startswith(prefix[:4])
    ]
    return tuple(
        code
        for heading in headings
        for ending in HEADINGS.get(heading, _PLAIN)[3]
        for last in ("1000", "2000", "9000")[: 2 + crc32((heading + ending).encode()) % 2]
        if (code := heading + ending + last).startswith(prefix)
    )


@cache
def _trade(code: str, country: str, month: str, revision: int) -> Values:
    """Exports USD and kilograms, imports USD and kilograms of a ten-digit code."""
    base, growth, price, endings, _ = HEADINGS.get(code[:4], _PLAIN)
    share = _noise(code) ** 6 / len(endings) / 2.5
    taste = _noise("taste", code[:4], country) ** 5
    exports = base * 1e6 * share * taste * COUNTRIES[country][1] / 843 * _trend(growth, month)
    exports *= _noise(code, country, month, revision)
    imports = exports * 0.3 * _noise("imports", code, country, month, revision) ** 3
    return int(exports), int(exports / price), int(imports), int(imports / price)


def _cells(codes: tuple[str, ...], country: str, month: str, revision: int) -> Iterator[tuple[str, Values]]:
    """Ten-digit rows with trade; a correction takes the first away and brings one that was not there."""
    if revision and len(codes) > 1:
        codes = (*codes[1:], codes[-1][:6] + "5000")
    for code in codes:
        values = _trade(code, country, month, revision)
        if any(values):
            yield code, values


def _level(hs_code: str, faults: Faults) -> int:
    """Digits of the rows that come for a code."""
    if len(hs_code) == 4:
        return 4 if faults.on("customs.hs4-rows") else 6
    return {0: 10, 2: 4}.get(len(hs_code), 10)


def _nitemtrade(request: Request, server: FakeServer, faults: Faults) -> str:
    out, zeros = _published(request, server)
    hs_code, asked = _hs_code(request), _country(request)
    if not hs_code and not asked:
        raise _Refusal(NEITHER)
    level = _level(hs_code, faults)
    sums: dict[tuple[str, str, str], list[Values]] = {}
    for month in out:
        for country in [asked] if asked else COUNTRIES:
            for code, values in _cells(hs10_codes(hs_code), country, month, _revised(month, server)):
                sums.setdefault((month, country, code[:level]), []).append(values)
    found = {key: _sum(values) for key, values in sums.items()}
    if found and faults.on("customs.mixed-levels"):
        month, country, code = next(iter(found))
        found[month, country, code[:2] if level == 4 else code[:4]] = _sum(list(found.values()))
    if found and faults.on("customs.other-chapter"):
        found[out[0], asked or "US", "97" + "0" * (level - 2)] = (1, 1, 1, 1)
    total = _off_by_one(_sum(list(found.values())), faults)
    found |= {(month, asked or "US", (hs_code or "33") + "00" * 2): (0, 0, 0, 0) for month in zeros}
    name = "hsCode" if faults.on("customs.hsCode") else "hsCd"
    rows = (
        [_row("총계", total, _WEIGHTS, statCd="-", statCdCntnKor1="-", statKor="-", **{name: "-"})]
        if found
        else []
    )
    for (month, country, code), values in sorted(found.items()):
        texts = {
            "statCd": country,
            "statCdCntnKor1": COUNTRIES[country][0],
            "statKor": _name(code),
            name: code,
        }
        rows.append(_row(_dotted(month), values, _WEIGHTS, **texts))
    return _listed(rows)


def _name(code: str) -> str:
    return HEADINGS.get(code[:4], _PLAIN)[4]


def _itemtrade(request: Request, server: FakeServer, _faults: Faults) -> str:
    out, _ = _published(request, server)
    hs_code = _hs_code(request)
    found = {
        (month, code): _sum([_trade(code, country, month, _revised(month, server)) for country in COUNTRIES])
        for month in out
        for code in hs10_codes(hs_code)
    }
    rows = (
        [_row("총계", _sum(list(found.values())), _WEIGHTS, hsCode="-", statKor="-")]
        if hs_code and found
        else []
    )
    rows += [
        _row(_dotted(month), values, _WEIGHTS, hsCode=code, statKor=_name(code))
        for (month, code), values in found.items()
    ]
    return _listed(rows)


# Country, currency, its name and won per unit in 2019; the euro stands there once for each of its countries.
_RATES = (
    ("AE", "AED", "UAE Dirham", 317.0),
    ("CN", "CNY", "Chinese Yuan", 168.0),
    ("DE", "EUR", "Euro", 1305.0),
    ("FR", "EUR", "Euro", 1305.0),
    ("GB", "GBP", "Pound Sterling", 1488.0),
    ("HK", "HKD", "Hong Kong Dollar", 148.0),
    ("JP", "JPY", "Japanese Yen", 9.8),
    ("US", "USD", "US Dollar", 1165.0),
    ("VN", "VND", "Vietnamese Dong", 0.0503),
)


def _rates(request: Request, server: FakeServer, faults: Faults) -> str:
    day, kind = request.args.get("aplyBgnDt", ""), request.args.get("weekFxrtTpcd", "")
    if not day or kind not in {"1", "2"}:
        raise _Refusal(MISSING)
    try:
        asked = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    except ValueError:
        raise _Refusal("적용일자 형식이 맞지 않습니다.") from None
    sunday = asked - timedelta(days=(asked.weekday() + 1) % 7)
    if sunday.isoformat() > server.today:
        return _listed([])
    week = sunday + timedelta(days=1) if faults.on("customs.monday") else sunday
    drift = 1 + 0.025 * (sunday.toordinal() - date(2019, 1, 1).toordinal()) / 365.25
    rows = []
    for country, currency, name, base in _RATES:
        rate = base * drift * _noise(currency, sunday) ** 0.1 * (0.99 if kind == "1" else 1.0)
        if currency == "JPY":
            rate = base * _noise(currency, sunday) ** 0.1
            rate *= 100 if faults.on("customs.yen-per-100") else 10 if faults.on("customs.yen-odd") else 1
        rows.append(
            {
                "cntySgn": country,
                "mtryUtNm": name,
                "fxrt": f"{rate:.4f}",
                "currSgn": currency,
                "aplyBgnDt": f"{week:%Y%m%d}",
                "imexTp": kind,
            }
        )
    return _listed(rows)
