"""KOSIS of Statistics Korea: online overseas direct sales and purchases, quarterly, by interface or from the CSV of its web site.

Both tables hold leaves and totals side by side (합계, 계, and since 2023 regions above regions): all rows are kept under the
names as published, blanks straightened; a reader chooses the leaves. Codes of the axes are not documented, so rows are told
apart by name.
"""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from etl.errors import BusyError, FormatError, RefusedError
from etl.periods import parse_period
from etl.sources.json_body import field, listed, quoted, read_json, records, refusal
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope

KOSIS = "KOSIS"
ADDRESS = "https://kosis.kr/openapi/Param/statisticsParameterData.do"
KEY = "YEOKJIKGU_KOSIS_KEY"
COLUMNS = ("table_id", "quarter", "region", "product", "sales_type", "value_krw", "provisional")
ALL = "합계"
ALL_TYPES = "계"
# Regions that do not contain one another: the table's own list until its definitions were revised in 2023.
OLD_REGIONS = frozenset(
    "미국 중국 일본 아세안(ASEAN) 유럽연합(EU) 중동 중남미 대양주 기타".split()  # noqa: SIM905 (reads better than ten quotes)
)

_MILLION = 1_000_000
_UNIT = "백만원"
_NO_FIGURE = frozenset({"", "-", "...", "…", "x", "X"})  # none, not available, secret: never zero
_CELL = re.compile(
    r"(?:▽\s*)?(?P<number>-?[0-9]{1,15}|-?[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\s*(?P<sign>[pe])\)?)?"
)
_CSV_PERIOD = re.compile(r"(?P<year>[0-9]{4})\.(?P<quarter>[1-4])/4(?:\s*(?P<sign>[pe])\)?)?")
_API_PERIOD = re.compile(r"(?P<year>[0-9]{4})0(?P<quarter>[1-4])")
_XML_ERROR = re.compile(rb"<err(?:Code)?>\s*([0-9]{1,5})\s*</err(?:Code)?>")
_UNQUOTED = re.compile(rb"\s*\[\s*\{\s*[A-Za-z_]")
_LEVEL = re.compile(r"(?P<axis>.+?)\((?P<level>[1-9])\)")
# A quarter is first printed about a month after its end and revised with the next one: what was last changed sooner
# than this after the quarter's end is the first print. (KOSIS marks it only in the headings of the web's CSV.)
_FIRST_PRINT_DAYS = 100
_PUBLISHED_AFTER_DAYS = 25
_MOST_SENTENCES = 5
_WAIT_SECONDS = 60.0
# The grand total of a quarter has been 0.15 to 2.6 trillion won: outside of these the unit is not what it says.
_LEAST_TOTAL, _MOST_TOTAL = 10_000 * _MILLION, 20_000_000 * _MILLION


@dataclass(frozen=True)
class Table:
    """One table of KOSIS.

    `item` stands in its title; its only item is named in no document, so that just the `opposite` is refused there.
    `axes` is how many objL parameters it takes: one too few is err 20, one too many err 21.
    """

    dataset_id: str
    table_id: str
    item: str
    opposite: str
    axes: int
    name_ko: str
    name_en: str


SALES = Table(
    "kosis_direct_sales", "DT_1KE10081", "해외직접판매액", "구매", 3,
    "온라인쇼핑 해외직접판매액", "Online overseas direct sales",
)  # fmt: skip
PURCHASES = Table(
    "kosis_direct_purchases", "DT_1KE1009", "해외직접구매액", "판매", 2,
    "온라인쇼핑 해외직접구매액", "Online overseas direct purchases",
)  # fmt: skip
TABLES = (SALES, PURCHASES)


@dataclass(frozen=True, slots=True)
class _Row:
    quarter: str
    region: str
    product: str
    sales_type: str
    value_krw: int
    provisional: bool


def read_csv(body: bytes) -> Rows:
    """The rows of a CSV export of either table: cp949 or UTF-8, long (a column 시점) or wide (a column a quarter).

    Raises:
        FormatError: any other file, in one sentence that says what was found and what is expected.
    """
    table, rows, left_out = _read_file(_decoded(body))
    return _as_rows(table, rows, left_out)


def _plan(table: Table, scope: Scope) -> list[Request]:
    """One call a calendar year: all years together would pass KOSIS's limit of 40,000 cells."""
    today = date.fromisoformat(scope.today)
    requests = []
    for year in range(int(scope.since[:4]), int(scope.until[:4]) + 1):
        quarters = [
            quarter
            for quarter in range(1, 5)
            if (today - parse_period(f"{year:04}-Q{quarter}").end).days >= _PUBLISHED_AFTER_DAYS
            and f"{year:04}-{quarter * 3 - 2:02}" <= scope.until
        ]
        if not quarters:
            continue
        params = {"method": "getList", "orgId": "101", "tblId": table.table_id, "itmId": "ALL"}
        params |= {f"objL{axis}": "ALL" for axis in range(1, table.axes + 1)}
        params |= {"format": "json", "jsonVD": "Y", "prdSe": "Q"}
        params |= {"startPrdDe": f"{year:04}01", "endPrdDe": f"{year:04}{quarters[-1]:02}"}
        requests.append(
            Request(
                table.dataset_id,
                ADDRESS,
                tuple(params.items()),
                f"table={table.table_id}",
                f"{year:04}-Q1",
                f"{year:04}-Q{quarters[-1]}",
            )
        )
    return requests


def _read(table: Table, answer: Answer, _request: Request) -> Rows:
    if found := _XML_ERROR.search(answer.body[:2000]):
        return _no_data(table, found[1].decode(), "")
    if _UNQUOTED.match(answer.body):
        raise FormatError("KOSIS sent names without quotes, which is no JSON: the call must hold jsonVD=Y")
    value = read_json(answer, KOSIS, strict=False)
    if isinstance(value, dict):
        code = value.get("err", value.get("errCode"))
        if code is None:
            raise refusal(answer, KOSIS, str(value.get("errMsg", "")))
        return _no_data(table, str(code), str(value.get("errMsg", "")))
    rows, left_out = [], 0
    for record in records(value, KOSIS):
        row = _row(table, record)
        if row:
            rows.append(row)
        else:
            left_out += 1
    return _as_rows(table, rows, left_out)


def _no_data(table: Table, code: str, message: str) -> Rows:
    """What an error of KOSIS means: no rows (30), or one of the errors."""
    said = f"KOSIS error {code}" + (f" “{quoted(message)}”" if message else "")
    match code.strip().lstrip("0"):
        case "30":
            return _as_rows(table, [], 0)
        case "10" | "11":
            raise RefusedError(f"{said}: the key is missing, wrong or expired; check {KEY}")
        case "20":
            raise RefusedError(
                f"{said}: a parameter is missing; if it is objL, table {table.table_id} has more than {table.axes} axes"
            )
        case "21":
            raise RefusedError(
                f"{said}: a parameter is wrong; if it is objL, table {table.table_id} has fewer than {table.axes} axes"
            )
        case "31" | "41":
            raise RefusedError(f"{said}: too many cells for one call (KOSIS gives 40,000)")
        case "40":
            raise BusyError(f"{said}: too many calls a minute", _WAIT_SECONDS)
        case "42":
            raise RefusedError(f"{said}: this user may not call KOSIS at present")
        case "50":
            raise BusyError(f"{said}: a fault of the server")
        case _:
            raise RefusedError(f"{said}: a code that KOSIS does not document")


def _row(table: Table, record: dict[str, Any]) -> _Row | None:
    """One record as a row, None where it holds a sign instead of a figure."""

    def text(name: str) -> str:
        return str(field(record, name, "text", KOSIS))

    if text("TBL_ID") != table.table_id or table.item not in _squeezed(text("TBL_NM")):
        raise FormatError(
            f"KOSIS sent the table {quoted(text('TBL_ID'))} “{quoted(text('TBL_NM'))}” instead of {table.table_id}"
        )
    if text("PRD_SE") != "Q":
        raise FormatError(f"KOSIS was asked for quarters and sent the frequency {quoted(text('PRD_SE'))}")
    if text("UNIT_NM") != _UNIT:
        raise FormatError(f"KOSIS sent the unit “{quoted(text('UNIT_NM'))}”, not {_UNIT} (million won)")
    if table.opposite in _squeezed(text("ITM_NM")):
        raise FormatError(f"KOSIS sent the item “{quoted(text('ITM_NM'))}”, not {table.item}")
    period = _API_PERIOD.fullmatch(text("PRD_DE"))
    if not period:
        raise FormatError(f"KOSIS sent the quarter “{quoted(text('PRD_DE'))}”, expected 202401 to 202404")
    quarter = f"{period['year']}-Q{period['quarter']}"
    names = {
        _axis(text(f"C{place}_OBJ_NM")): _name(text(f"C{place}_NM")) for place in range(1, table.axes + 1)
    }
    if len(names) != table.axes or not names.keys() >= {"region", "product"}:
        raise FormatError(f"KOSIS sent rows of {table.table_id} without region, product or type of sale")
    names.setdefault("sales_type", ALL_TYPES)
    figure = _figure(text("DT"), "DT")
    if figure is None:
        return None
    value, sign = figure
    provisional = sign != "" or _is_first_print(quarter, record.get("LST_CHN_DE"))
    return _Row(
        quarter, names["region"], names["product"], names["sales_type"], value * _MILLION, provisional
    )


def _is_first_print(quarter: str, changed: object) -> bool:
    if not isinstance(changed, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", changed):
        return False
    try:
        days = (date.fromisoformat(changed) - parse_period(quarter).end).days
    except ValueError:
        return False
    return days < _FIRST_PRINT_DAYS


@lru_cache(maxsize=1024)  # thousands of rows, a few dozen names
def _axis(title: str) -> str:
    name = _squeezed(title)
    if name in {"지역별", "국가(대륙)별", "국가별", "국가별(대륙)", "국가(대륙)"}:
        return "region"
    if name in {"상품군별", "상품군"}:
        return "product"
    if name in {"판매유형별", "판매유형"}:
        return "sales_type"
    raise FormatError(f"“{quoted(title)}” is no axis of the tables of online overseas sales and purchases")


def _figure(cell: str, where: str) -> tuple[int, str] | None:
    """The number of a cell in million won and its sign (p, e or ""; both are to be revised), None where it holds no number.

    Raises:
        FormatError: anything else.
    """
    text = cell.strip()
    if text in _NO_FIGURE:
        return None
    found = _CELL.fullmatch(text)
    if not found:
        raise FormatError(f"{where} holds “{quoted(cell)}”, which is no figure of KOSIS")
    return int(found["number"].replace(",", "")), found["sign"] or ""


@lru_cache(maxsize=1024)  # thousands of rows, a few dozen names
def _name(text: str) -> str:
    """A name as published, blanks straightened: “서 적” is 서적, dots between words are one kind of dot."""
    words = re.sub("[ㆍ・･∙]", "·", unicodedata.normalize("NFC", text)).split()
    return "".join(words) if all(len(word) == 1 for word in words) else " ".join(words)


@lru_cache(maxsize=1024)  # thousands of rows, a few dozen names
def _squeezed(text: str) -> str:
    return "".join(_name(text).split())


def _as_rows(table: Table, rows: Sequence[_Row], left_out: int) -> Rows:
    twice = [key for key, count in Counter(map(_key, rows)).items() if count > 1]
    if twice:
        raise FormatError(
            f"{table.table_id} holds the same cell more than once: {listed(list(map('/'.join, twice)))}"
        )
    columns: Columns = {
        "table_id": [table.table_id] * len(rows),
        "quarter": [row.quarter for row in rows],
        "region": [row.region for row in rows],
        "product": [row.product for row in rows],
        "sales_type": [row.sales_type for row in rows],
        "value_krw": [row.value_krw for row in rows],
        "provisional": [row.provisional for row in rows],
    }
    notes = (
        (f"Cells without a figure (-, ..., x) are left out, not taken for zero: {left_out:,}",)
        if left_out
        else ()
    )
    return Rows(columns, frozenset(row.quarter for row in rows), notes)


def _key(row: _Row) -> tuple[str, str, str, str]:
    return row.quarter, row.region, row.product, row.sales_type


def check_file(rows: Rows, _request: Request | None = None, _known: Known | None = None) -> list[str]:
    """Contradictions inside of the table: leaves that do not add up to their total, a grand total of another scale.

    Products add up to 합계 and sales types to 계; regions only where none contains another. A cell without a figure leaves
    room below the total. Published figures are rounded to a million each, and so is what may differ.
    """
    cells = {
        (str(quarter), str(region), str(product), str(kind)): int(value or 0)
        for quarter, region, product, kind, value in zip(
            *(rows.columns[name] for name in COLUMNS[1:6]), strict=True
        )
    }
    found = []
    for place, total in ((1, ALL), (2, ALL), (3, ALL_TYPES)):
        groups: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        widest: dict[str, set[str]] = defaultdict(set)  # by quarter: names change from one to another
        for key, value in cells.items():
            groups[(*key[:place], *key[place + 1 :])][key[place]] = value
            widest[key[0]] |= {key[place]} - {total}
        for rest, group in groups.items():
            names = widest[rest[0]]
            if total not in group or len(group) == 1 or (place == 1 and not names <= OLD_REGIONS):
                continue
            rounding = (len(group) / 2 + 1) * _MILLION
            left = group[total] - sum(value for name, value in group.items() if name != total)
            if left < -rounding or (left > rounding and names <= group.keys()):
                found.append(
                    f"{' / '.join(rest)}: the parts differ from {total} by {abs(left) // _MILLION:,} million won"
                )
    found += [
        f"{key[0]}: a grand total of {value:,} won cannot be in the unit that it says"
        for key, value in cells.items()
        if key[1:] == (ALL, ALL, ALL_TYPES) and not _LEAST_TOTAL <= value <= _MOST_TOTAL
    ]
    more = len(found) - _MOST_SENTENCES
    return found if more <= 0 else [*found[:_MOST_SENTENCES], f"and {more:,} more contradictions"]


def _check(rows: Rows, request: Request, _known: Known) -> list[str]:
    beyond = sorted(period for period in rows.periods if not request.start <= period <= request.end)
    found = [f"asked for {request.start} to {request.end}, got {listed(beyond)} too"] if beyond else []
    return found + check_file(rows)


def _decoded(body: bytes) -> str:
    if b"\0" in body:
        raise FormatError("The file is no CSV of KOSIS: it holds bytes that no text has; export it as CSV")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FormatError("The file is no CSV of KOSIS: it is neither UTF-8 nor cp949")


def _read_file(text: str) -> tuple[Table, list[_Row], int]:
    try:
        lines = [
            (number, [cell.strip() for cell in line])
            for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1)
            if any(cell.strip() for cell in line)
        ]
    except csv.Error as error:
        raise FormatError(f"The file is no CSV of KOSIS: {error}") from None
    if not lines:
        raise FormatError("The file is empty: export the table from KOSIS again")
    _, header = lines[0]
    for number, line in lines:
        if len(line) != len(header):
            raise FormatError(
                f"Line {number} has {len(line)} cells, the header {len(header)}: the CSV is broken"
            )
    if "시점" in header:
        return _long(header, lines[1:])
    if any(_CSV_PERIOD.fullmatch(title) for title in header):
        return _wide(header, lines[1:])
    raise FormatError(
        f"The header “{quoted(', '.join(header))}” is none of KOSIS’s: expected a column 시점 (long) "
        "or columns such as 2024.1/4 (wide)"
    )


def _long(header: list[str], lines: list[tuple[int, list[str]]]) -> tuple[Table, list[_Row], int]:
    data = [place for place, title in enumerate(header) if title in {"데이터", "데이터값", "값"}]
    if len(data) != 1:
        raise FormatError("A column 시점 needs one column 데이터 beside it: export the table as CSV again")
    extra = {place: title for place, title in enumerate(header) if title in {"항목", "단위"}}
    when = header.index("시점")
    axes = {place: _axis(title) for place, title in enumerate(header) if place not in {when, data[0], *extra}}
    items = {line[place] for place, title in extra.items() if title == "항목" for _, line in lines}
    for place, title in extra.items():
        if title == "단위":
            _unit({line[place] for _, line in lines})
    table = _table(set(axes.values()), len(axes), items)
    rows, left_out = [], 0
    for number, line in lines:
        period = _CSV_PERIOD.fullmatch(line[when])
        if not period:
            raise FormatError(
                f"Line {number} has the period “{quoted(line[when])}”, expected one such as 2024.1/4"
            )
        names = {"sales_type": ALL_TYPES} | {axis: _name(line[place]) for place, axis in axes.items()}
        if row := _csv_row(number, period, names, line[data[0]]):
            rows.append(row)
        else:
            left_out += 1
    return table, rows, left_out


def _wide(header: list[str], lines: list[tuple[int, list[str]]]) -> tuple[Table, list[_Row], int]:
    periods = {place: found for place, title in enumerate(header) if (found := _CSV_PERIOD.fullmatch(title))}
    first = min(periods)
    if sorted(periods) != list(range(first, len(header))):
        odd = next(title for place, title in enumerate(header) if place > first and place not in periods)
        raise FormatError(
            f"The column “{quoted(odd)}” stands among the quarters, expected one such as 2024.1/4"
        )
    items: set[str] = set()
    axes: dict[str, list[int]] = {}
    for place, title in enumerate(header[:first]):
        if title in {"항목", "단위"}:
            if title == "단위":
                _unit({line[place] for _, line in lines})
            else:
                items |= {line[place] for _, line in lines}
            continue
        level = _LEVEL.fullmatch(title)
        axes.setdefault(_axis(level["axis"] if level else title), []).append(place)
    if lines and lines[0][1][:first] == header[:first]:  # a second header line: what is measured
        subtitles = set(lines.pop(0)[1][first:])
        _unit({found[1] for subtitle in subtitles if (found := re.search(r"\(([^()]*원)\)", subtitle))})
        items = {re.sub(r"\s*\([^()]*원\)", "", subtitle) for subtitle in subtitles} - {"데이터"}
    table = _table(set(axes), len(axes), items)
    rows, left_out = [], 0
    for number, line in lines:
        # The deepest level that names something: "소계" stands for the level above.
        names = {"sales_type": ALL_TYPES} | {
            axis: next(
                (_name(line[place]) for place in reversed(places) if _name(line[place]) not in {"", "소계"}),
                "",
            )
            for axis, places in axes.items()
        }
        for place, period in periods.items():
            if row := _csv_row(number, period, names, line[place]):
                rows.append(row)
            else:
                left_out += 1
    return table, rows, left_out


def _csv_row(line: int, period: re.Match[str], names: dict[str, str], cell: str) -> _Row | None:
    if not all(names.values()):
        raise FormatError(f"Line {line} does not name its region, product or sales type")
    figure = _figure(cell, f"Line {line}")
    if figure is None:
        return None
    value, sign = figure
    return _Row(
        f"{period['year']}-Q{period['quarter']}",
        names["region"],
        names["product"],
        names["sales_type"],
        value * _MILLION,
        bool(sign or period["sign"]),
    )


def _unit(units: set[str]) -> None:
    if units - {_UNIT, "백만 원"}:
        raise FormatError(f"The unit is “{quoted(', '.join(sorted(units)))}”, expected {_UNIT} (million won)")


def _table(axes: set[str], count: int, items: set[str]) -> Table:
    """Which table a file is of: only that of sales has types of sale."""
    if not axes >= {"region", "product"} or len(axes) != count:
        raise FormatError(
            "The CSV needs one column (or levels) of 지역별 or 국가(대륙)별, and one of 상품군별"
        )
    table = SALES if "sales_type" in axes else PURCHASES
    if odd := sorted(item for item in items if table.opposite in _squeezed(item)):
        raise FormatError(f"The CSV measures “{quoted(', '.join(odd))}”, expected {table.item}")
    return table


def _dataset(table: Table) -> Dataset:
    return Dataset(
        dataset_id=table.dataset_id,
        publisher="kosis",
        name_ko=table.name_ko,
        name_en=table.name_en,
        table="online_trade",
        columns=COLUMNS,
        period_column="quarter",
        plan=partial(_plan, table),
        read=partial(_read, table),
        check=_check,
        key=KEY,
        key_in="query",
        key_name="apiKey",
        calls_per_second=1.0,
        licence_ko="국가데이터처(옛 통계청) KOSIS 이용약관, 출처 표시",
        licence_en="KOSIS terms of use; name Statistics Korea as the source",
        apply_at="https://kosis.kr/openapi/",
        due_days=35,
        overdue_days=65,
    )


DIRECT_SALES = _dataset(SALES)
DIRECT_PURCHASES = _dataset(PURCHASES)
FILE = Dataset(
    dataset_id="kosis_file",
    publisher="kosis",
    name_ko="온라인쇼핑 해외직접판매·구매액(CSV 파일)",
    name_en="Online overseas direct sales and purchases (CSV file)",
    table="online_trade",
    columns=COLUMNS,
    period_column="quarter",
    plan=lambda _scope: (),
    read=lambda answer, _request: read_csv(answer.body),
    check=check_file,
    licence_ko=DIRECT_SALES.licence_ko,
    licence_en=DIRECT_SALES.licence_en,
    apply_at="https://kosis.kr/",
    due_days=35,
    overdue_days=65,
)
DATASETS = (DIRECT_SALES, DIRECT_PURCHASES, FILE)
