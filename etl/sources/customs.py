"""Korea Customs Service on data.go.kr: trade by month, by country, by HS code and country, and the customs exchange rates.

Values are US dollars (exports FOB, imports CIF), weights net kilograms, cases customs declarations. Country codes are the
service's own: like ISO alpha-2, with extras ("ZZ" for other countries).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import compress
from typing import cast

from etl.errors import FormatError
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope
from etl.sources.xml_rows import Items, read_items

_BASE = "https://apis.data.go.kr/1220000/"
_TOTAL = "총계"
_NONE = "-"
_PUBLICATION_DAY = 15  # of the following month, back corrections included
_MONTH = re.compile(r"([0-9]{4})\.(0[1-9]|1[0-2])")
# 18 digits are what a BIGINT surely holds. A comma would mean thousands of dollars, as on the neighbouring services.
_WHOLE_NUMBERS = re.compile(r"-?[0-9]{1,18}(?:,-?[0-9]{1,18})*")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_HS_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,4}")
_COUNTRY = re.compile(r"[A-Z][A-Z0-9]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")

_KINDS = {"export": "1", "import": "2"}
_YEN_PER_ONE = (5.0, 20.0)
_YEN_PER_HUNDRED = (500.0, 2000.0)
_SUNDAY = 6
_LISTED = 5


@dataclass(frozen=True)
class _Layout:
    """Which element fills which column: codes (by the names that an element may have) and whole numbers."""

    codes: tuple[tuple[str, tuple[str, ...]], ...]
    figures: tuple[tuple[str, str], ...]


_VALUES_AND_CASES = (
    ("exports_usd", "expDlr"),
    ("exports_cases", "expCnt"),
    ("imports_usd", "impDlr"),
    ("imports_cases", "impCnt"),
)
_TOTALS = _Layout((), _VALUES_AND_CASES)
_BY_COUNTRY = _Layout((("country", ("statCd",)),), _VALUES_AND_CASES)
_BY_ITEM = _Layout(
    # `hsCd` here, `hsCode` in the service by item alone.
    (("hs_code", ("hsCd", "hsCode")), ("country", ("statCd",))),
    (
        ("exports_usd", "expDlr"),
        ("exports_kg", "expWgt"),
        ("imports_usd", "impDlr"),
        ("imports_kg", "impWgt"),
    ),
)
_FORMS = {"hs_code": _HS_CODE, "country": _COUNTRY}


def newest_month(today: str) -> str:
    """The newest month that can be out by `today` ("2026-11-23" -> "2026-10"): they appear about the 15th of the next."""
    day = date.fromisoformat(today)
    back = 1 if day.day >= _PUBLICATION_DAY else 2
    months = day.year * 12 + day.month - 1 - back
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _windows(scope: Scope) -> Iterator[tuple[str, str]]:
    """First and last month of each calendar year asked for.

    More than 12 months are refused, and one client found windows across a year's end empty.
    """
    until = min(scope.until, newest_month(scope.today))
    if scope.since <= until:
        for year in range(int(scope.since[:4]), int(until[:4]) + 1):
            yield max(scope.since, f"{year}-01"), min(until, f"{year}-12")


def _trade_request(dataset: str, path: str, start: str, end: str, **choice: str) -> Request:
    """`choice` names further parameters; the query writes them as `hs=3304 to=US`."""
    names = {"hsSgn": "hs", "cntyCd": "to"}
    return Request(
        dataset=dataset,
        address=_BASE + path,
        params=(
            ("strtYymm", start.replace("-", "")),
            ("endYymm", end.replace("-", "")),
            *choice.items(),
        ),
        query=" ".join(f"{names[name]}={text}" for name, text in choice.items()),
        start=start,
        end=end,
    )


def _plan_newtrade(scope: Scope) -> Sequence[Request]:
    return [_trade_request("newtrade", "Newtrade/getNewtradeList", *window) for window in _windows(scope)]


def _plan_nationtrade(scope: Scope) -> Sequence[Request]:
    return [
        _trade_request("nationtrade", "nationtrade/getNationtradeList", *window) for window in _windows(scope)
    ]


def _plan_nitemtrade(scope: Scope) -> Sequence[Request]:
    return [
        _trade_request("nitemtrade", "nitemtrade/getNitemtradeList", *window, hsSgn=hs_code, cntyCd=country)
        for hs_code in scope.hs_codes
        for country in scope.destinations
        for window in _windows(scope)
    ]


def _plan_rates(scope: Scope) -> Sequence[Request]:
    """One call a week and kind: the service answers the week of the day asked for, and weeks start on Sundays."""
    first = date.fromisoformat(f"{scope.since}-01")
    sunday = first - timedelta(days=(first.weekday() + 1) % 7)
    requests = []
    while sunday.isoformat() <= scope.today and sunday.isoformat()[:7] <= scope.until:
        requests += [
            Request(
                dataset="customs_rate",
                address=_BASE + "retrieveTrifFxrtInfo/getRetrieveTrifFxrtInfo",
                params=(("aplyBgnDt", f"{sunday:%Y%m%d}"), ("weekFxrtTpcd", code)),
                query=f"kind={kind}",
                start=sunday.isoformat(),
                end=sunday.isoformat(),
            )
            for kind, code in _KINDS.items()
        ]
        sunday += timedelta(days=7)
    return requests


def _asked(request: Request) -> str:
    window = request.start if request.start == request.end else f"{request.start}..{request.end}"
    return " ".join(filter(None, (request.dataset, request.query, window)))


def _trade_reader(layout: _Layout) -> Callable[[Answer, Request], Rows]:
    def read(answer: Answer, request: Request) -> Rows:
        return _read_trade(answer, request, layout)

    return read


def _read_trade(answer: Answer, request: Request, layout: _Layout) -> Rows:
    """Rows of monthly trade: total rows taken out into `totals`, months that are not out yet dropped.

    An answer for the whole nation is complete for the months that it has figures for. One for an HS code is complete for all
    months up to the newest of these: where it has no row there was no trade, or a correction took it away.
    """
    asked = _asked(request)
    items = read_items(answer, asked)
    years = items.texts("year")
    codes = {column: items.texts(*names) for column, names in layout.codes}
    figures = {
        column: _whole_numbers(items.texts(name), f"{asked}, field {name}") for column, name in layout.figures
    }
    hs_codes = codes.get("hs_code", years)
    details = [year != _TOTAL and hs_code != _NONE for year, hs_code in zip(years, hs_codes, strict=True)]
    totals: dict[str, float] = {}
    if not all(details):
        others = [not detail for detail in details]
        totals = {column: sum(compress(cells, others)) for column, cells in figures.items()}
        years = list(compress(years, details))
        codes = {column: list(compress(cells, details)) for column, cells in codes.items()}
        figures = {column: list(compress(cells, details)) for column, cells in figures.items()}
    for column, cells in codes.items():
        _expect_form(cells, _FORMS[column], f"{asked}, {column}")
    months = _months(years, asked)
    traded = {month for month, *row in zip(months, *figures.values(), strict=True) if any(row)}
    notes: tuple[str, ...] = ()
    if empty := sorted(set(months) - traded):
        # So comes a month that is not out yet: never take it for a month without trade.
        notes = (f"{asked}: filled with zeros and left out as not published: {', '.join(empty)}",)
        full = [month in traded for month in months]
        months = list(compress(months, full))
        codes = {column: list(compress(cells, full)) for column, cells in codes.items()}
        figures = {column: list(compress(cells, full)) for column, cells in figures.items()}
    columns: dict[str, list[str] | list[int]] = {"month": months}
    for column, texts in codes.items():
        columns[column] = texts
        if column == "hs_code":
            columns["hs_level"] = list(map(len, texts))
    columns |= figures
    if "hs_code" in codes and traded:
        traded.update(_months_between(request.start, max(traded)))
    return Rows(cast("Columns", columns), frozenset(traded), notes, totals)


def _whole_numbers(texts: list[str], where: str) -> list[int]:
    if texts and not _WHOLE_NUMBERS.fullmatch(",".join(texts)):
        _expect_form(texts, _WHOLE_NUMBER, f"{where} (whole numbers)")
    # What holds a comma passes the first look, and not this one.
    try:
        return list(map(int, texts))
    except ValueError:
        raise FormatError(
            f"{where}: numbers with commas, which may be thousands of dollars; not read"
        ) from None


def _expect_form(texts: list[str], form: re.Pattern[str], where: str) -> None:
    for text in set(texts):
        if not form.fullmatch(text):
            raise FormatError(f"{where}: “{text[:40]}” is not of the documented form")


def _months(years: list[str], asked: str) -> list[str]:
    """From "2026.10" to "2026-10", as text all the way: as a number it would be January."""
    months = {}
    for text in set(years):
        if not (found := _MONTH.fullmatch(text)):
            raise FormatError(f"{asked}, field year: “{text[:40]}” is no month")
        months[text] = f"{found[1]}-{found[2]}"
    return [months[text] for text in years]


def _months_between(first: str, last: str) -> Iterator[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    for month in range(start, end + 1):
        yield f"{month // 12:04}-{month % 12 + 1:02}"


def _read_rates(answer: Answer, request: Request) -> Rows:
    """One row a currency (the euro comes once for each of its countries), won per one unit."""
    asked = _asked(request)
    items: Items = read_items(answer, asked)
    weeks = [_day(text, asked) for text in items.texts("aplyBgnDt")]
    texts = zip(weeks, items.texts("currSgn"), items.texts("fxrt"), items.texts("imexTp"), strict=True)
    kind = request.query.removeprefix("kind=")
    rates: dict[tuple[str, str], float] = {}
    notes: tuple[str, ...] = ()
    for week, currency, text, code in texts:
        if not _CURRENCY.fullmatch(currency) or not _RATE.fullmatch(text):
            raise FormatError(f"{asked}: “{currency[:10]} {text[:20]}” is no rate of a currency")
        if code != _KINDS[kind]:
            raise FormatError(f"{asked}: rates of the kind “{code[:10]}” came, not {_KINDS[kind]} ({kind})")
        rate = float(text)
        if currency == "JPY" and _YEN_PER_HUNDRED[0] <= rate <= _YEN_PER_HUNDRED[1]:
            rate = round(rate / 100, 12)
            notes = (f"{asked}: the yen came per 100 and is kept per 1",)
        if rates.setdefault((week, currency), rate) != rate:
            raise FormatError(f"{asked}: two rates for {currency}")
    columns: dict[str, list[str] | list[float]] = {
        "week": [week for week, _ in rates],
        "currency": [currency for _, currency in rates],
        "krw_per_unit": list(rates.values()),
        "kind": [kind] * len(rates),
    }
    return Rows(cast("Columns", columns), frozenset(weeks), notes)


def _day(text: str, asked: str) -> str:
    try:
        found = _DAY.fullmatch(text)
        return date.fromisoformat("-".join(found.groups()) if found else "").isoformat()
    except ValueError:
        raise FormatError(f"{asked}, field aplyBgnDt: “{text[:20]}” is no day") from None


def _check_newtrade(rows: Rows, request: Request, _known: Known) -> Sequence[str]:
    return [*_outside(rows, request), *_repeated(rows, "month"), *_against_totals(rows)]


def _check_nationtrade(rows: Rows, request: Request, known: Known) -> Sequence[str]:
    sums: Counter[str] = Counter()
    for month, value in zip(rows.columns["month"], rows.columns["exports_usd"], strict=True):
        sums[str(month)] += cast("int", value)
    return [
        *_outside(rows, request),
        *_repeated(rows, "month", "country"),
        *(
            f"exports of {month} over all countries add up to {sums[month]:,}, the total published apart is {total:,.0f}"
            for month in sorted(sums)
            if (total := known.get(("newtrade", month))) is not None and total != sums[month]
        ),
    ]


def _check_nitemtrade(rows: Rows, request: Request, _known: Known) -> Sequence[str]:
    params = dict(request.params)
    prefix, country = params.get("hsSgn", ""), params.get("cntyCd", "")
    hs_codes = {str(code) for code in rows.columns["hs_code"]}
    countries = {str(code) for code in rows.columns["country"]}
    levels = sorted({len(code) for code in hs_codes})
    strangers = sorted(code for code in hs_codes if not code.startswith(prefix))
    found = [*_outside(rows, request), *_repeated(rows, "month", "hs_code", "country")]
    if strangers:
        found.append(f"HS codes that do not start with {prefix}, as asked: {_some(strangers)}")
    if len(levels) > 1:
        found.append(
            f"rows of several HS levels, which must not be added up: {_some(map(str, levels))} digits"
        )
    if country and countries - {country}:
        found.append(f"rows of other countries than {country}: {_some(sorted(countries - {country}))}")
    return [*found, *_against_totals(rows)]


def _check_rates(rows: Rows, request: Request, _known: Known) -> Sequence[str]:
    found = []
    for week in sorted(rows.periods):
        start = date.fromisoformat(week)
        if start.weekday() != _SUNDAY:
            found.append(f"the week starts on {week}, which is no Sunday")
        if not start <= date.fromisoformat(request.start) < start + timedelta(days=7):
            found.append(f"the week of {week} came, asked was the one of {request.start}")
    for currency, rate in zip(rows.columns["currency"], rows.columns["krw_per_unit"], strict=True):
        if currency == "JPY" and not _YEN_PER_ONE[0] <= cast("float", rate) <= _YEN_PER_ONE[1]:
            found.append(f"{rate} won is the price neither of 1 nor of 100 yen")
    return found


def _outside(rows: Rows, request: Request) -> list[str]:
    strangers = sorted({str(m) for m in rows.columns["month"] if not request.start <= str(m) <= request.end})
    return [f"months that were not asked for: {_some(strangers)}"] if strangers else []


def _repeated(rows: Rows, *columns: str) -> list[str]:
    keys = list(zip(*(rows.columns[column] for column in columns), strict=True))
    if len(set(keys)) == len(keys):
        return []
    twice = sorted(" ".join(map(str, key)) for key, times in Counter(keys).items() if times > 1)
    return [f"rows that came twice: {_some(twice)}"]


def _against_totals(rows: Rows) -> list[str]:
    """The sum of the rows against the total row, column by column: whole numbers, so to the dollar."""
    return [
        f"{column}: the rows add up to {total:,}, the total row says {rows.totals[column]:,}"
        for column in rows.totals
        if (total := sum(cast("list[int]", rows.columns[column]))) != rows.totals[column]
    ]


def _some(names: Iterable[str]) -> str:
    """The first few of many."""
    listed = list(names)
    more = len(listed) - _LISTED
    return ", ".join(listed[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _columns(layout: _Layout) -> tuple[str, ...]:
    codes = [column for column, _ in layout.codes]
    if "hs_code" in codes:
        codes.insert(codes.index("hs_code") + 1, "hs_level")
    return ("month", *codes, *(column for column, _ in layout.figures))


def _exports_of_each_month(rows: Rows) -> Mapping[str, float]:
    months = cast("list[str]", rows.columns["month"])
    return dict(zip(months, cast("list[int]", rows.columns["exports_usd"]), strict=True))


_customs = partial(
    Dataset,
    publisher="customs",
    key="YEOKJIKGU_DATA_GO_KR_KEY",
    key_in="query",
    key_name="serviceKey",
    calls_per_second=2.0,
    licence_ko="공공데이터포털 개방 데이터: 이용 조건은 데이터별 안내 쪽에 있음",
    licence_en="Open data of the Korean public data portal; each data set's page states its terms",
)
_monthly = partial(_customs, period_column="month", due_days=_PUBLICATION_DAY, overdue_days=25)
_PORTAL = "https://www.data.go.kr/data/{}/openapi.do"

NEWTRADE = _monthly(
    dataset_id="newtrade",
    name_ko="수출입총괄",
    name_en="Exports and imports, all goods",
    table="trade_total",
    columns=_columns(_TOTALS),
    plan=_plan_newtrade,
    read=_trade_reader(_TOTALS),
    check=_check_newtrade,
    apply_at=_PORTAL.format("15102108"),
    controls=_exports_of_each_month,
)
NATIONTRADE = _monthly(
    dataset_id="nationtrade",
    name_ko="국가별 수출입실적",
    name_en="Exports and imports by country",
    table="trade_by_country",
    columns=_columns(_BY_COUNTRY),
    plan=_plan_nationtrade,
    read=_trade_reader(_BY_COUNTRY),
    check=_check_nationtrade,
    apply_at=_PORTAL.format("15101612"),
)
NITEMTRADE = _monthly(
    dataset_id="nitemtrade",
    name_ko="품목별 국가별 수출입실적",
    name_en="Exports and imports by HS code and country",
    table="trade_month",
    columns=_columns(_BY_ITEM),
    plan=_plan_nitemtrade,
    read=_trade_reader(_BY_ITEM),
    check=_check_nitemtrade,
    apply_at=_PORTAL.format("15100475"),
)
CUSTOMS_RATE = _customs(
    dataset_id="customs_rate",
    name_ko="관세환율",
    name_en="Customs exchange rates",
    table="customs_rate",
    columns=("week", "currency", "krw_per_unit", "kind"),
    period_column="week",
    plan=_plan_rates,
    read=_read_rates,
    check=_check_rates,
    apply_at=_PORTAL.format("15101230"),
    due_days=-6,  # a week's rates are out when it starts
    overdue_days=0,
)
# The totals first: the sum over countries is held against them.
DATASETS = (NEWTRADE, NATIONTRADE, NITEMTRADE, CUSTOMS_RATE)
