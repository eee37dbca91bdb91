"""ECOS of the Bank of Korea: monthly average exchange rates (table 731Y004). Everything travels in the path, the key too."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from etl.errors import BusyError, FormatError, QuotaError, RefusedError
from etl.sources.json_body import field, listed, quoted, read_json, records, refusal, whole
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope

ECOS = "ECOS"
KEY = "YEOKJIKGU_ECOS_KEY"
KEY_PLACE = "SERVICE_KEY"
BASE = "https://ecos.bok.or.kr/api/StatisticSearch"
TABLE = "731Y004"
AVERAGE = "0000100"  # without it averages and end-of-month rates come together
PAGE_ROWS = 1000
COLUMNS = ("month", "currency", "krw_per_unit", "basis", "days")
BASIS = "bok_average"

_XML_ERROR = re.compile(rb"<CODE>\s*([A-Z]+-[0-9]+)\s*</CODE>(?:\s*<MESSAGE>([^<]{0,300})</MESSAGE>)?")
_VALUE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?|[0-9]{1,3}(?:,[0-9]{3}){1,2}(?:\.[0-9]{1,9})?")
_MONTH = re.compile(r"([0-9]{4})(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Item:
    """One currency: its code, a word that its name must hold, and the plausible range of won per ONE unit.

    `units` is what the published rate is for: 100 yen, 100 rupiah, 100 dong.
    """

    code: str
    named: str
    units: int
    least: float
    most: float


ITEMS = {
    "USD": Item("0000001", "달러", 1, 500.0, 3000.0),
    "JPY": Item("0000002", "엔", 100, 3.0, 30.0),
    "EUR": Item("0000003", "유로", 1, 700.0, 3500.0),
    "GBP": Item("0000012", "파운드|영국", 1, 900.0, 4000.0),
    "CNY": Item("0000053", "위안|중국", 1, 80.0, 500.0),
    "IDR": Item("0000029", "루피아|인도네시아", 100, 0.02, 0.5),
    "VND": Item("0000035", "베트남|동", 100, 0.01, 0.3),
}


def _plan(scope: Scope) -> list[Request]:
    """One call a currency for all months that are over, windows no longer than a page of 1,000 rows."""
    over = (date.fromisoformat(scope.today).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    until = min(scope.until, over)
    requests = []
    first, last = _count(scope.since), _count(until)
    for start in range(first, last + 1, PAGE_ROWS):
        since, to = _month(start), _month(min(start + PAGE_ROWS - 1, last))
        requests += [
            Request(
                "ecos_rate",
                f"{BASE}/{KEY_PLACE}/json/kr/1/{PAGE_ROWS}/{TABLE}/M/{since.replace('-', '')}/{to.replace('-', '')}"
                f"/{item.code}/{AVERAGE}",
                (),
                f"table={TABLE} currency={currency}",
                since,
                to,
            )
            for currency, item in ITEMS.items()
        ]
    return requests


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(count: int) -> str:
    return f"{count // 12:04}-{count % 12 + 1:02}"


def _read(answer: Answer, request: Request) -> Rows:
    if answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" and (
        found := _XML_ERROR.search(answer.body[:5000])
    ):
        return _no_data(found[1].decode(), (found[2] or b"").decode("utf-8", "replace"))
    value = read_json(answer, ECOS)
    if isinstance(value, dict) and isinstance(result := value.get("RESULT"), dict):
        return _no_data(field(result, "CODE", "text", ECOS), str(result.get("MESSAGE", "")))
    if not isinstance(value, dict) or "StatisticSearch" not in value:
        raise refusal(answer, ECOS, "")
    search = field(value, "StatisticSearch", "object", ECOS)
    found_rows = records(search.get("row"), ECOS)
    total = whole(search.get("list_total_count"), "list_total_count", ECOS)
    if total != len(found_rows):
        raise FormatError(
            f"ECOS sent {len(found_rows)} of {total} rows: with the key “sample” it gives ten; set {KEY} to a key of your own"
        )
    currency = _currency(request)
    rates: dict[str, float] = {}
    for record in found_rows:
        if record.get("ITEM_CODE2") != AVERAGE:
            continue  # the rate at the end of the month
        month, rate = _rate(record, currency)
        if month in rates:
            raise FormatError(f"ECOS sent {month} twice")
        if rate is not None:
            rates[month] = rate
    return _as_rows(currency, rates)


def _rate(record: dict[str, Any], currency: str) -> tuple[str, float | None]:
    """Month and won per one unit, None where the month is not published yet."""
    item = ITEMS[currency]
    table, code = field(record, "STAT_CODE", "text", ECOS), field(record, "ITEM_CODE1", "text", ECOS)
    if (table, code) != (TABLE, item.code):
        raise FormatError(f"ECOS sent {quoted(table)}/{quoted(code)} instead of {TABLE}/{item.code}")
    name = field(record, "ITEM_NAME1", "text", ECOS)
    if not re.search(item.named, name):
        raise FormatError(f"ECOS calls item {item.code} “{quoted(name)}”, expected the rate of {currency}")
    time = field(record, "TIME", "text", ECOS)
    month = _MONTH.fullmatch(time)
    if not month:
        raise FormatError(f"ECOS sent the month “{quoted(time)}”, expected one such as 202401")
    key, text = f"{month[1]}-{month[2]}", record.get("DATA_VALUE")
    if text is None or text == "":
        return key, None
    if not isinstance(text, str) or not _VALUE.fullmatch(text):
        raise FormatError(f"ECOS sent the rate “{quoted(str(text)[:40])}” for {key}")
    return key, round(float(text.replace(",", "")) / item.units, 8)


def _currency(request: Request) -> str:
    currency = request.query.rpartition("currency=")[2]
    if currency not in ITEMS:
        raise FormatError(f"“{quoted(request.query)}” asks for no rate of ECOS")
    return currency


def _as_rows(currency: str, rates: dict[str, float]) -> Rows:
    months = sorted(rates)
    columns: Columns = {
        "month": list(months),
        "currency": [currency] * len(months),
        "krw_per_unit": [rates[month] for month in months],
        "basis": [BASIS] * len(months),
        "days": [None] * len(months),
    }
    return Rows(columns, frozenset(months))


def _no_data(code: str, message: str) -> Rows:
    """What an error of ECOS means: no rows (INFO-200), or one of the errors."""
    said = f"ECOS {quoted(code)}" + (f" “{quoted(message)}”" if message else "")
    match code:
        case "INFO-200":
            return _as_rows("", {})
        case "INFO-100":
            raise RefusedError(f"{said}: the key is wrong; check {KEY}")
        case "ERROR-602":
            raise QuotaError(f"{said}: too many calls in a short time", "in about 30 minutes")
        case "ERROR-400" | "ERROR-500" | "ERROR-600" | "ERROR-601":
            raise BusyError(f"{said}: a fault of the server")
        case _:
            raise RefusedError(f"{said}: the call is refused")


def _check(rows: Rows, request: Request, _known: Known) -> list[str]:
    currency = _currency(request)
    item = ITEMS[currency]
    rates = {
        str(month): float(rate or 0)
        for month, rate in zip(rows.columns["month"], rows.columns["krw_per_unit"], strict=True)
    }
    found = []
    if beyond := [month for month in rates if not request.start <= month <= request.end]:
        found.append(f"asked for {request.start} to {request.end}, got {listed(beyond)} too")
    if odd := [month for month, rate in rates.items() if not item.least <= rate <= item.most]:
        found.append(
            f"{rates[odd[0]]} won for one {currency} is of another scale (taken per {item.units}; {listed(odd)})"
        )
    return found


DATASET = Dataset(
    dataset_id="ecos_rate",
    publisher="ecos",
    name_ko="한국은행 월평균 환율",
    name_en="Bank of Korea monthly average exchange rates",
    table="market_rate",
    columns=COLUMNS,
    period_column="month",
    plan=_plan,
    read=_read,
    check=_check,
    key=KEY,
    key_in="path",
    key_name=KEY_PLACE,
    calls_per_second=1.0,
    licence_ko="한국은행 경제통계시스템, 출처 표시",
    licence_en="Bank of Korea ECOS; name the source",
    apply_at="https://ecos.bok.or.kr/api/",
    due_days=5,
    overdue_days=20,
)
DATASETS = (DATASET,)
