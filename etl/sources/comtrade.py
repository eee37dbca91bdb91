"""UN Comtrade: Korea's exports by partner, and what each market imports from the world, by year and HS code.

Without a key the preview answers one period a call and cuts at 500 rows without saying so; with one the same calls go to the
full service. So each call asks for one year of one code, which stays far below either limit.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from etl.errors import BusyError, FormatError, QuotaError, RefusedError, SourceError
from etl.sources.json_body import (
    field,
    listed,
    number,
    quoted,
    read_json,
    records,
    refusal,
    retry_after,
    whole,
)
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope

COMTRADE = "UN Comtrade"
KEY = "YEOKJIKGU_COMTRADE_KEY"
PREVIEW = "https://comtradeapi.un.org/public/v1/preview/C/A/HS"
FULL = "https://comtradeapi.un.org/data/v1/get/C/A/HS"
MOST_ROWS = {PREVIEW: 500, FULL: 100_000}
COLUMNS = ("period", "reporter", "partner", "hs_code", "flow", "value_usd", "net_kg")
WORLD = "W00"  # as Comtrade writes it
KOREA = 410
# Rows over all means of transport, second partners and customs procedures: the others are parts of these.
WHOLE = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}

# UN M49 by ISO alpha-2, from ISO 3166-1; the codes that Comtrade uses instead come last. Taiwan is “Other Asia, nes”.
_CODES = (
    "AD20 AE784 AF4 AG28 AI660 AL8 AM51 AO24 AR32 AS16 AT40 AU36 AW533 AZ31 BA70 BB52 BD50 BE56 BF854 BG100 BH48 BI108 BJ204 "
    "BM60 BN96 BO68 BR76 BS44 BT64 BW72 BY112 BZ84 CA124 CD180 CF140 CG178 CI384 CK184 CL152 CM120 CN156 CO170 CR188 CU192 "
    "CV132 CW531 CY196 CZ203 DE276 DJ262 DK208 DM212 DO214 DZ12 EC218 EE233 EG818 ER232 ES724 ET231 FI246 FJ242 FM583 FO234 "
    "GA266 GB826 GD308 GE268 GH288 GI292 GL304 GM270 GN324 GQ226 GR300 GT320 GU316 GW624 GY328 HK344 HN340 HR191 HT332 HU348 "
    "ID360 IE372 IL376 IQ368 IR364 IS352 IT380 JM388 JO400 JP392 KE404 KG417 KH116 KI296 KM174 KN659 KP408 KR410 KW414 KY136 "
    "KZ398 LA418 LB422 LC662 LK144 LR430 LS426 LT440 LU442 LV428 LY434 MA504 MD498 ME499 MG450 MH584 MK807 ML466 MM104 MN496 "
    "MO446 MP580 MR478 MS500 MT470 MU480 MV462 MW454 MX484 MY458 MZ508 NA516 NC540 NE562 NG566 NI558 NL528 NP524 NR520 NU570 "
    "NZ554 OM512 PA591 PE604 PF258 PG598 PH608 PK586 PL616 PS275 PT620 PW585 PY600 QA634 RO642 RS688 RU643 RW646 SA682 SB90 "
    "SC690 SD729 SE752 SG702 SI705 SK703 SL694 SM674 SN686 SO706 SR740 SS728 ST678 SV222 SX534 SY760 SZ748 TC796 TD148 TG768 "
    "TH764 TJ762 TL626 TM795 TN788 TO776 TR792 TT780 TV798 TZ834 UA804 UG800 UY858 UZ860 VC670 VE862 VG92 VN704 VU548 WS882 "
    "YE887 ZA710 ZM894 ZW716 CH757 FR251 IN699 NO579 US842 TW490"
)
ISO = {int(each[2:]): each[:2] for each in _CODES.split()}
M49 = {alpha: code for code, alpha in ISO.items()}
# Whose imports from the world are asked for as the size of a market: where Korean online sellers sell, and whoever else
# imports much of the same. Fixed, so that the slice of a code means the same whatever a refresh asks for.
# fmt: off
MARKETS = (
    "AE", "AU", "BE", "BR", "CA", "CN", "CZ", "DE", "DK", "ES", "FR", "GB", "HK",
    "ID", "IE", "IN", "IT", "JP", "KH", "KZ", "MN", "MO", "MX", "MY", "NL", "NO",
    "NZ", "PH", "PL", "RU", "SA", "SE", "SG", "TH", "TR", "US", "UZ", "VN", "ZA",
)
# fmt: on

_HS_DIGITS = 6  # Comtrade's longest code
_LONGEST_WORDS = 500
_QUOTA = re.compile(r"quota.*?([0-9]{1,3}):([0-5][0-9]):[0-5][0-9]", re.IGNORECASE | re.DOTALL)
_SECONDS = re.compile(r"in ([0-9]{1,5}) seconds?", re.IGNORECASE)
_DIFFERENCE = (
    0.001  # partners against the world: figures are rounded, and some countries keep a few to themselves
)
_UNAUTHORISED, _FORBIDDEN, _TOO_MANY, _SERVER_FAULT = 401, 403, 429, 500


def _plan(scope: Scope) -> list[Request]:
    """For each year that is over and each code: exports of Korea to all partners, imports of all markets from the world."""
    address = FULL if KEY in scope.keys else PREVIEW
    codes = sorted({code[:_HS_DIGITS] for code in scope.hs_codes})
    years = range(int(scope.since[:4]), min(int(scope.until[:4]), int(scope.today[:4]) - 1) + 1)
    markets = ",".join(str(M49[market]) for market in MARKETS)
    return [
        Request(
            "comtrade",
            address,
            (
                ("reporterCode", reporters),
                ("period", str(year)),
                *partner,
                ("cmdCode", code),
                ("flowCode", flow),
                *WHOLE.items(),
            ),
            f"hs={code} flow={flow}",
            str(year),
            str(year),
        )
        for flow, reporters, partner in (("X", str(KOREA), ()), ("M", markets, (("partnerCode", "0"),)))
        for year in years
        for code in codes
    ]


def _read(answer: Answer, request: Request) -> Rows:
    value = read_json(answer, COMTRADE)
    if not isinstance(value, dict):
        raise refusal(answer, COMTRADE, "")
    message = _message(value)
    status = value.get("statusCode")
    if not message and "data" not in value:
        raise refusal(answer, COMTRADE, "")
    if message:
        raise _refused(answer, status if isinstance(status, int) else answer.status, message)
    found = records(value["data"], COMTRADE)
    if len(found) >= MOST_ROWS.get(request.address, MOST_ROWS[FULL]):
        raise FormatError(
            f"UN Comtrade sent {len(found)} rows, its limit: the answer is silently cut and not taken for the whole"
        )
    if isinstance(count := value.get("count"), int) and count not in {len(found), -1}:
        raise FormatError(f"UN Comtrade announced {count} rows and sent {len(found)}")
    kept = [record for record in found if _is_whole(record)]
    if found and not kept:
        raise FormatError(
            f"UN Comtrade sent {len(found)} rows, none over all means of transport, partners and procedures"
        )
    return _as_rows([tuple(_cells(record)) for record in kept])


def _is_whole(record: dict[str, Any]) -> bool:
    for name in WHOLE:
        if name not in record:
            raise FormatError(f"UN Comtrade sent a record without “{name}”")
    return all(str(record[name]) == code for name, code in WHOLE.items())


def _cells(record: dict[str, Any]) -> Iterator[str | float | None]:
    """The cells of a row, in the order of `COLUMNS`. A weight of zero beside a value is one that was not reported."""
    yield field(record, "period", "text", COMTRADE)
    yield _country(whole(record.get("reporterCode"), "reporterCode", COMTRADE))
    yield _country(whole(record.get("partnerCode"), "partnerCode", COMTRADE))
    yield field(record, "cmdCode", "text", COMTRADE)
    yield field(record, "flowCode", "text", COMTRADE)
    value = number(record.get("primaryValue"), "primaryValue", COMTRADE)
    yield value
    weight = record.get("netWgt")
    yield (number(weight, "netWgt", COMTRADE) or None) if weight is not None else None


def _country(code: int) -> str:
    """ISO alpha-2 of a country, `WORLD` for 0, and the number itself for an area that has none (899, areas nes)."""
    return WORLD if code == 0 else ISO.get(code, str(code))


def _as_rows(cells: list[tuple[str | float | None, ...]]) -> Rows:
    twice = [key for key, count in Counter(row[:5] for row in cells).items() if count > 1]
    if twice:
        raise FormatError(
            f"UN Comtrade sent the same flow more than once: {listed([' '.join(map(str, key)) for key in twice])}"
        )
    columns: Columns = {name: [row[place] for row in cells] for place, name in enumerate(COLUMNS)}
    return Rows(columns, frozenset(str(row[0]) for row in cells))


def _message(value: dict[str, Any]) -> str:
    """The words of an error, in any of its shapes; "" where there is none."""
    older = value.get("errorObject")
    words = [
        value.get("error"),
        value.get("message"),
        older.get("errorMessage") if isinstance(older, dict) else None,
    ]
    return next((word[:_LONGEST_WORDS] for word in words if isinstance(word, str) and word.strip()), "")


def _refused(answer: Answer, status: int, message: str) -> SourceError:
    said = f"UN Comtrade answered “{quoted(message)}”"
    if left := _QUOTA.search(message):
        return QuotaError(
            f"{said}: no calls are left for now", f"in {int(left[1])} hours {int(left[2])} minutes"
        )
    if status == _FORBIDDEN and "quota" in message.lower():
        return QuotaError(f"{said}: no calls are left for now", "tomorrow")
    if status == _TOO_MANY:
        seconds = _SECONDS.search(message)
        return BusyError(f"{said}: too many calls", float(seconds[1]) if seconds else retry_after(answer))
    if status == _UNAUTHORISED:
        return RefusedError(f"{said}: check {KEY}, or leave it out to use the preview")
    if status >= _SERVER_FAULT:
        return BusyError(f"{said}: a fault of the server", retry_after(answer))
    return RefusedError(f"{said}: the call is refused")


def _check(rows: Rows, request: Request, _known: Known) -> list[str]:
    """Another year, code, flow or reporter than asked for, and partners that do not add up to the world."""
    params = dict(request.params)
    reporters = {_country(int(code)) for code in params["reporterCode"].split(",")}
    names = ("period", "reporter", "hs_code", "flow")
    strays = {
        " ".join(map(str, row))
        for row in zip(*(rows.columns[name] for name in names), strict=True)
        if not (
            row[0] == params["period"]
            and row[1] in reporters
            and row[2:] == (params["cmdCode"], params["flowCode"])
        )
    }
    found = [f"rows that were not asked for came: {listed(sorted(strays))}"] if strays else []
    values = dict(
        zip(rows.columns["partner"], (float(value or 0) for value in rows.columns["value_usd"]), strict=True)
    )
    if "partnerCode" not in params and WORLD in values and len(values) > 1:
        parts = sum(value for partner, value in values.items() if partner != WORLD)
        if abs(parts - values[WORLD]) > max(_DIFFERENCE * values[WORLD], len(values)):
            found.append(f"the partners add up to {parts:,.0f} USD, the world is {values[WORLD]:,.0f}")
    if any(float(value or 0) < 0 for value in rows.columns["value_usd"]):
        found.append("values below zero")
    return found


DATASET = Dataset(
    dataset_id="comtrade",
    publisher="comtrade",
    name_ko="유엔 Comtrade 연간 무역",
    name_en="UN Comtrade annual trade",
    table="comtrade",
    columns=COLUMNS,
    period_column="period",
    plan=_plan,
    read=_read,
    check=_check,
    key=KEY,
    key_in="header",
    key_name="Ocp-Apim-Subscription-Key",
    key_optional=True,
    calls_per_second=0.5,
    licence_ko="유엔 Comtrade 이용 조건, 출처 표시, 재배포 제한",
    licence_en="UN Comtrade terms of use: name the source, no redistribution in bulk",
    apply_at="https://comtradedeveloper.un.org/",
    due_days=180,
    overdue_days=365,
)
DATASETS = (DATASET,)
