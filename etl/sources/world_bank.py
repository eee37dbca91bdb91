"""World Bank indicators of the destinations: population, GDP, GDP a head and internet users, by year. No key."""

import re
from typing import Any

from etl.errors import BusyError, FormatError, RefusedError
from etl.sources.json_body import field, number, quoted, read_json, records, refusal, whole
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope

WORLD_BANK = "The World Bank"
BASE = "https://api.worldbank.org/v2/country"
PAGE_ROWS = 1000
COLUMNS = ("year", "country", "indicator", "value")
# The range of a plausible value of one country: another scale, a share above the whole, and a group of countries fall out.
INDICATORS = {
    "SP.POP.TOTL": (1e3, 2e9),
    "NY.GDP.MKTP.CD": (1e7, 1e14),
    "NY.GDP.PCAP.CD": (50.0, 500_000.0),
    "IT.NET.USER.ZS": (0.0, 100.0),
}
WITHOUT = frozenset({"TW"})  # no member of the World Bank

_YEAR = re.compile(r"[12][0-9]{3}")
_XML_ERROR = re.compile(rb"<wb:message[^>]*\bid=\"([0-9]{1,4})\"[^>]*>([^<]{0,300})<")
# Codes that speak of the service rather than of the call.
_PASSING = frozenset({"105", "110", "111", "112", "199"})


def _plan(scope: Scope) -> list[Request]:
    """One call a country and indicator: fewer rows than a page holds, and a slice whatever else is asked for beside it."""
    since, until = int(scope.since[:4]), min(int(scope.until[:4]), int(scope.today[:4]) - 1)
    # The newest years come late and with gaps, so a short refresh asks for some years more.
    since = min(since, until - 2)
    return [
        Request(
            "world_bank",
            f"{BASE}/{country}/indicator/{indicator}",
            (("format", "json"), ("per_page", str(PAGE_ROWS)), ("date", f"{since}:{until}"), ("page", "1")),
            f"indicator={indicator} country={country}",
            str(since),
            str(until),
        )
        for indicator in INDICATORS
        for country in scope.destinations
        if country not in WITHOUT
    ]


def _asked(request: Request) -> tuple[str, str]:
    found = re.fullmatch(r"indicator=(\S+) country=(\S+)", request.query)
    if not found:
        raise FormatError(f"“{quoted(request.query)}” asks for no indicator of the World Bank")
    return found[1], found[2]


def _read(answer: Answer, request: Request) -> Rows:
    if found := _XML_ERROR.search(answer.body[:5000]):
        raise _refused(found[1].decode(), found[2].decode("utf-8", "replace"))
    value = read_json(answer, WORLD_BANK)
    head = value[0] if isinstance(value, list) and value else None
    if not isinstance(head, dict):
        raise refusal(answer, WORLD_BANK, "")
    if isinstance(value, list) and "message" in head:
        for message in records(head["message"], WORLD_BANK):
            raise _refused(str(message.get("id", "")), str(message.get("value", "")))
        raise refusal(answer, WORLD_BANK, "")
    pages, total = (whole(head.get(name), name, WORLD_BANK) for name in ("pages", "total"))
    if pages > 1:
        raise FormatError(
            f"The World Bank sent page 1 of {pages}: only a part of {total} rows, which is not taken for the whole"
        )
    if len(value) < 2 or value[1] is None:  # noqa: PLR2004 (the head and the rows)
        if total:
            raise FormatError(f"The World Bank announced {total} rows and sent none")
        return _as_rows(request, {}, 0)
    rows = records(value[1], WORLD_BANK)
    if len(rows) != total:
        raise FormatError(f"The World Bank sent {len(rows)} of {total} rows")
    return _chosen(rows, request)


def _chosen(rows: list[dict[str, Any]], request: Request) -> Rows:
    """The rows of the country asked for: groups of countries are dropped, and years without a value (which are not zero)."""
    indicator, country = _asked(request)
    values: dict[str, float] = {}
    others = 0
    for row in rows:
        sent = field(field(row, "indicator", "object", WORLD_BANK), "id", "text", WORLD_BANK)
        if sent != indicator:
            raise FormatError(f"The World Bank sent the indicator {quoted(sent)} instead of {indicator}")
        if country != field(field(row, "country", "object", WORLD_BANK), "id", "text", WORLD_BANK):
            others += 1
            continue
        year = field(row, "date", "text", WORLD_BANK)
        if not _YEAR.fullmatch(year):
            raise FormatError(f"The World Bank sent the year “{quoted(year)}”")
        if year in values:
            raise FormatError(f"The World Bank sent {year} of {country} twice")
        if row.get("value") is not None:
            values[year] = _value(row["value"])
    return _as_rows(request, values, others)


def _value(value: Any) -> float:
    """A value; some answers write numbers as texts."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,17}(?:\.[0-9]{1,17})?", value):
        return float(value)
    return number(value, "value", WORLD_BANK)


def _as_rows(request: Request, values: dict[str, float], others: int) -> Rows:
    indicator, country = _asked(request)
    years = sorted(values)
    columns: Columns = {
        "year": list(years),
        "country": [country] * len(years),
        "indicator": [indicator] * len(years),
        "value": [values[year] for year in years],
    }
    notes = (f"{others} rows of groups of countries or of other countries are left out",) if others else ()
    return Rows(columns, frozenset(years), notes)


def _refused(code: str, message: str) -> Exception:
    said = f"The World Bank answered {quoted(code)}" + (f" “{quoted(message)}”" if message else "")
    return (
        BusyError(said)
        if code in _PASSING
        else RefusedError(f"{said}: check the country and the years asked for")
    )


def _check(rows: Rows, request: Request, _known: Known) -> list[str]:
    indicator, country = _asked(request)
    least, most = INDICATORS.get(indicator, (float("-inf"), float("inf")))
    found = []
    for year, value in zip(rows.columns["year"], rows.columns["value"], strict=True):
        if not request.start <= str(year) <= request.end:
            found.append(f"asked for {request.start} to {request.end}, got {year} too")
        if not least <= float(value or 0) <= most:
            found.append(f"{country} {year}: {value} cannot be {indicator} of a country")
    return found


DATASET = Dataset(
    dataset_id="world_bank",
    publisher="worldbank",
    name_ko="세계은행 지표(인구·GDP·인터넷 이용률)",
    name_en="World Bank indicators (population, GDP, internet users)",
    table="indicator",
    columns=COLUMNS,
    period_column="year",
    plan=_plan,
    read=_read,
    check=_check,
    calls_per_second=2.0,
    licence_ko="CC BY 4.0",
    licence_en="CC BY 4.0",
    due_days=210,
    overdue_days=420,
)
DATASETS = (DATASET,)
