"""The TRASS workbook of monthly e-commerce trade: national totals in USD and declarations, brought by hand.

Two layouts are known: one sheet each for exports and imports with all trade beside e-commerce, and one sheet with both
directions and without all trade. Columns are found by name; anything else is refused.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from openpyxl import load_workbook

from etl.errors import FormatError
from etl.sources.json_body import listed, quoted
from etl.sources.source import Columns, Dataset, Known, Request, Rows

COLUMNS = (
    "month",
    "exports_usd",
    "exports_cases",
    "imports_usd",
    "imports_cases",
    "all_exports_usd",
    "all_exports_cases",
    "all_imports_usd",
    "all_imports_cases",
)

_MOST_BYTES = 30_000_000  # unpacked; the workbook has a few hundred rows
_MOST_ROWS, _MOST_COLUMNS = 10_000, 60
_HEADER_LINES = 3  # a title over merged cells may stand above the names
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})년?")
_MONTH = re.compile(r"(?P<month>0?[1-9]|1[0-2])월?")
_YEAR_MONTH = re.compile(r"(?P<year>(?:19|20)[0-9]{2})[.\-/년]\s*(?P<month>0?[1-9]|1[0-2])[.월]?")
_NUMBER = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
# USD of an average parcel in a month. It has been 20 to 150; in thousand dollars it would be below one.
_PLAUSIBLE_PARCEL = (2.0, 2000.0)
# All exports or imports of Korea have been 30 to 70 billion USD a month.
_PLAUSIBLE_ALL = (5e9, 5e11)

_Names = Mapping[str, str]  # normalised header -> column of ours, or "year", "month", "year_month"
_TWO_SHEETS: dict[str, tuple[str, _Names]] = {
    direction: (
        f"전자상거래{word}",
        {
            "연도": "year",
            "월": "month",
            f"전자상거래{word}금액": f"{direction}_usd",
            f"전자상거래{word}건수": f"{direction}_cases",
            f"전체{word}금액": f"all_{direction}_usd",
            f"전체{word}건수": f"all_{direction}_cases",
        },
    )
    for direction, word in (("exports", "수출"), ("imports", "수입"))
}
_ONE_SHEET: _Names = {
    "연월": "year_month",
    "수출건수": "exports_cases",
    "수출금액": "exports_usd",
    "수입건수": "imports_cases",
    "수입금액": "imports_usd",
}
_EXPECTED = (
    "expected the sheets 전자상거래 수출 and 전자상거래 수입 with the columns 연도, 월, 전자상거래 수출 금액, 전자상거래 수출 건수, "
    "전체 수출 금액, 전체 수출 건수 (imports alike), or one sheet with 연월, 수출건수, 수출금액, 수입건수, 수입금액"
)

_Cells = Sequence[object]
_Figures = dict[str, dict[str, int | None]]  # month -> column -> figure


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    lines: list[_Cells]


def read_workbook(body: bytes) -> Rows:
    """The months of a workbook in either layout; values where cells hold formulas.

    Raises:
        FormatError: not such a workbook, a broken figure, or months that contradict one another, in one sentence.
    """
    _guard(body)
    sheets = _sheets(body)
    chosen = {_squeezed(sheet.title): sheet for sheet in sheets}
    if all(title in chosen for title, _ in _TWO_SHEETS.values()):
        parts = [_figures(chosen[title], names) for title, names in _TWO_SHEETS.values()]
        if odd := sorted(parts[0].keys() ^ parts[1].keys()):
            raise FormatError(
                f"The sheets of exports and imports do not cover the same months: {listed(odd)}"
            )
        return _as_rows({month: parts[0][month] | parts[1][month] for month in parts[0]})
    fitting = [sheet for sheet in sheets if _header(sheet, _ONE_SHEET)]
    if len(fitting) == 1:
        return _as_rows(_figures(fitting[0], _ONE_SHEET))
    if fitting:
        raise FormatError(
            f"More than one sheet holds the months: {listed([quoted(sheet.title) for sheet in fitting])}"
        )
    raise FormatError(f"The workbook holds {_shown(sheets)}; {_EXPECTED}")


def _guard(body: bytes) -> None:
    """Refuse what is no workbook, cannot be read, or unpacks to more than a workbook can be."""
    if body.startswith(_OLE):
        if _ENCRYPTED in body:
            raise FormatError(
                "The workbook is locked with a password: open it, save it without one, and import that"
            )
        raise FormatError("The file is an old .xls workbook: open it and save it as .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            _guard_parts(archive)
    except FormatError:
        raise
    except Exception:  # noqa: BLE001 (zipfile raises a dozen kinds for broken archives)
        raise FormatError("The file is no .xlsx workbook: download it from TRASS again") from None


def _guard_parts(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > _MOST_BYTES:
        raise FormatError(
            f"The workbook unpacks to {size // 1_000_000:,} MB, which no workbook of TRASS does"
        )
    if "xl/workbook.xml" not in archive.namelist():
        raise FormatError("The file is no .xlsx workbook: download it from TRASS again")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            _guard_part(archive, entry)


def _guard_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack one part piece by piece (never more than it announces): it must not define what grows when it is read."""
    last = b""
    with archive.open(entry) as part:
        while piece := part.read(1 << 16):
            if b"<!DOCTYPE" in last + piece or b"<!ENTITY" in last + piece:
                raise FormatError("The workbook defines XML entities, which no workbook of TRASS does")
            last = piece[-16:]


def _sheets(body: bytes) -> list[_Sheet]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that are not read anyway
            workbook = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
            try:
                return [
                    _Sheet(
                        str(sheet.title),
                        list(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)),
                    )
                    for sheet in workbook.worksheets
                ]
            finally:
                workbook.close()
    except Exception:  # noqa: BLE001 (broken XML surfaces in many kinds)
        raise FormatError("The workbook is broken: download it from TRASS again") from None


def _figures(sheet: _Sheet, names: _Names) -> _Figures:
    header = _header(sheet, names)
    if not header:
        raise FormatError(f"The sheet “{quoted(sheet.title)}” has no columns {', '.join(names)}; {_EXPECTED}")
    first, places = header
    figures: _Figures = {}
    year = ""
    for number, line in enumerate(sheet.lines[first:], start=first + 1):
        where = f"Sheet “{quoted(sheet.title)}”, row {number}"
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if all(_text(cell) == "" for cell in line):
            continue
        if (
            figures
            and sum(_text(cell) != "" for cell in line) == 1
            and _text(line[0]).startswith(("※", "*", "주", "자료"))
        ):
            continue  # a note below the figures
        month, year = _month(cells, year, where)
        if month in figures:
            raise FormatError(f"{where} repeats {month}")
        figures[month] = {
            name: _figure(cell, f"{where}, {month}, {name}")
            for name, cell in cells.items()
            if name not in {"year", "month", "year_month"}
        }
    return figures


def _header(sheet: _Sheet, names: _Names) -> tuple[int, dict[str, int]] | None:
    """The place of the first row of figures, and of each column; None where the sheet has another layout.

    The header ends where the first cell is a year. Its names stand in one row, or in up to three with merged cells.
    """
    when = [_YEAR, _YEAR_MONTH]
    first = next(
        (
            place
            for place, line in enumerate(sheet.lines)
            if line
            and (isinstance(line[0], datetime | date) or any(form.fullmatch(_text(line[0])) for form in when))
        ),
        None,
    )
    if first is None:
        return None
    above = [line for line in sheet.lines[:first] if any(_text(cell) for cell in line)]
    for height in range(1, min(_HEADER_LINES, len(above)) + 1):
        found = list(_joined(above[-height:]))
        if all(found.count(name) == 1 for name in names):
            return first, {names[name]: place for place, name in enumerate(found) if name in names}
    return None


def _joined(lines: Sequence[_Cells]) -> Iterator[str]:
    """The names of columns over some header rows; a merged cell holds its text at its left end only."""
    filled = []
    for place, line in enumerate(lines):
        texts = [_squeezed(_text(cell)) for cell in line]
        if place < len(lines) - 1:
            for right in range(1, len(texts)):
                texts[right] = texts[right] or texts[right - 1]
        filled.append(texts)
    for column in range(max(map(len, filled))):
        parts = [texts[column] for texts in filled if column < len(texts) and texts[column]]
        # A cell merged downwards holds its text in the upper row; one merged both ways repeats it.
        yield "".join(dict.fromkeys(parts))


def _month(cells: Mapping[str, object], year: str, where: str) -> tuple[str, str]:
    """The month of a row as 2024-01, and the year to carry to rows whose year stands in a merged cell above."""
    if "year_month" in cells:
        cell = cells["year_month"]
        if isinstance(cell, datetime | date):
            return f"{cell.year:04}-{cell.month:02}", ""
        if isinstance(cell, float):  # 2024.1 may be January or October
            raise FormatError(f"{where} holds the month {cell} as a number: write it as the text 2024.01")
        found = _YEAR_MONTH.fullmatch(_text(cell))
        if not found:
            raise FormatError(
                f"{where} holds “{quoted(_text(cell))}” where a month such as 2024.01 is expected"
            )
        return f"{found['year']}-{int(found['month']):02}", ""
    in_year, in_month = _text(cells["year"]), _text(cells["month"])
    whose = _YEAR.fullmatch(in_year or year)
    which = _MONTH.fullmatch(in_month)
    if not whose or not which:
        raise FormatError(
            f"{where} holds “{quoted(in_year)}” and “{quoted(in_month)}” where a year and a month are expected"
        )
    return f"{whose['year']}-{int(which['month']):02}", whose["year"]


def _figure(cell: object, where: str) -> int | None:
    """A whole number, also from a text with commas."""
    text = _text(cell)
    if not _NUMBER.fullmatch(text):
        raise FormatError(f"{where}: “{quoted(text)}” is no whole number")
    return int(text.replace(",", ""))


def _text(cell: object) -> str:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell).strip()


def _squeezed(text: str) -> str:
    """A title without blanks, and without the unit in brackets behind it."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", "".join(unicodedata.normalize("NFKC", text).split()))


def _as_rows(figures: _Figures) -> Rows:
    months = sorted(figures)
    gaps = [
        f"{before} to {after}" for before, after in pairwise(months) if _count(after) != _count(before) + 1
    ]
    if gaps:
        raise FormatError(f"Months are missing between {listed(gaps)}")
    columns: Columns = {"month": list(months)}
    columns |= {name: [figures[month].get(name) for month in months] for name in COLUMNS[1:]}
    rows = Rows(columns, frozenset(months))
    if broken := check(rows):
        raise FormatError(f"The workbook contradicts itself: {'; '.join(broken[:3])}")
    return rows


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def check(rows: Rows, _request: Request | None = None, _known: Known | None = None) -> list[str]:
    """Contradictions: e-commerce above all trade, a parcel or a month of trade whose value is of another scale."""
    found = []
    for place, month in enumerate(rows.columns["month"]):
        row = {name: rows.columns[name][place] for name in COLUMNS[1:]}
        for direction in ("exports", "imports"):
            usd, cases = float(row[f"{direction}_usd"] or 0), float(row[f"{direction}_cases"] or 0)
            for name in (f"{direction}_usd", f"{direction}_cases"):
                whole = row[f"all_{name}"]
                if whole is not None and float(row[name] or 0) > float(whole):
                    found.append(
                        f"{month}: {name} of e-commerce ({row[name]}) is above that of all trade ({whole})"
                    )
            if not cases or not _PLAUSIBLE_PARCEL[0] <= usd / cases <= _PLAUSIBLE_PARCEL[1]:
                found.append(
                    f"{month}: {usd:,.0f} USD of {direction} in {cases:,.0f} declarations are of another unit"
                )
            all_usd = row[f"all_{direction}_usd"]
            if all_usd is not None and not _PLAUSIBLE_ALL[0] <= float(all_usd) <= _PLAUSIBLE_ALL[1]:
                found.append(f"{month}: {all_usd} USD of all {direction} are of another unit")
    return found


def _shown(sheets: Sequence[_Sheet]) -> str:
    """What was found instead, for the sentence: the sheets, and the fullest row among the first of each."""
    words = []
    for sheet in sheets[:3]:
        fullest = max(sheet.lines[:20], key=lambda line: sum(_text(cell) != "" for cell in line), default=())
        titles = [_text(cell) for cell in fullest if _text(cell)]
        words.append(f"the sheet “{quoted(sheet.title)}” with {quoted(', '.join(titles[:8])) or 'nothing'}")
    return "; ".join(words) or "no sheet"


DATASET = Dataset(
    dataset_id="trass",
    publisher="trass",
    name_ko="관세청 전자상거래 무역통계(TRASS 통합문서)",
    name_en="Monthly e-commerce trade of the Customs Service (TRASS workbook)",
    table="ecommerce_month",
    columns=COLUMNS,
    period_column="month",
    plan=lambda _scope: (),
    read=lambda answer, _request: read_workbook(answer.body),
    check=check,
    licence_ko="관세청·한국무역통계진흥원, 출처 표시, 로그인 후 내려받기",
    licence_en="Korea Customs Service and TRASS; name the source; download after login",
    apply_at="https://www.bandtrass.or.kr/",
    due_days=45,
    overdue_days=90,
)
DATASETS = (DATASET,)
