"""A workbook of one chart or table: its numbers, what it is, what its words mean, and every receipt with its sources."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard import formats, receipts
from dashboard.exports.csv_file import one_row_a_number
from dashboard.i18n import Lang, Words
from dashboard.receipts import Number
from dashboard.tables import Cell, Table

# No text may become a formula, a link or a number; and the same inputs give the same bytes.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_TEXT = 32_767  # characters that a cell of Excel holds
_NARROW, _WIDE = 10, 60  # characters
_HANGUL_WIDTH = 2


@dataclass(frozen=True)
class Shown:
    """What a chart or table says around its numbers; a file of it says the same."""

    title: str
    subtitle: str
    notes: tuple[str, ...]
    source: str


def xlsx_bytes(
    table: Table,
    shown: Shown,
    *,
    address: str,
    version: receipts.Version,
    built: str,
    definitions: Sequence[Table],
    words: Words,
) -> bytes:
    """Sheets of data, metadata, definitions, receipts and sources, headed in the reader's language.

    `built` says when the data were built, or is empty. Numbers are numbers in full, their units in the heading.
    """
    _ = words.gettext
    numbers = table.numbers()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": shown.title, "created": CREATED})
        pen = Pen(book)
        pen.write(_("Data"), headed(table, words))
        pen.write(
            _("Metadata"), [[_("Property"), _("Text")], *metadata(shown, address, version, built, words)]
        )
        pen.write(_("Definitions"), below_each_other(definitions))
        if numbers:
            pen.write(_("Receipts"), receipt_rows(table, words))
            pen.write(_("Sources"), source_rows(numbers, words))
    return out.getvalue()


Value = str | float | None


def headed(table: Table, words: Words) -> list[list[Value]]:
    """The table with its units in the headings; a column of several units gets its units beside it."""
    _ = words.gettext
    columns: list[list[Value]] = []
    for name, cells in table.columns.items():
        units = {cell.receipt.unit for cell in cells if isinstance(cell, Number)}
        if len(units) > 1:
            columns.append([name, *map(_value, cells)])
            beside = [_unit(cell, words.lang) for cell in cells]
            columns.append([words.fill(_("{column}, unit"), column=name), *beside])
        elif units:
            columns.append([_with_unit(name, units.pop(), words.lang), *map(_value, cells)])
        else:
            columns.append([name, *map(str, cells)])
    return [list(row) for row in zip(*columns, strict=True)]


def _with_unit(name: str, unit: str, lang: Lang) -> str:
    """The heading of a column of one unit; some name it already: Value (USD)."""
    before, _bracket, said = name.rpartition("(")
    coin = formats.unit_name(unit.partition("/")[0], lang)
    if not coin or (before and coin in said):
        return name
    return f"{name} ({formats.unit_name(unit, lang)})"


def _value(cell: Cell) -> Value:
    """A number in full; what is missing is an empty cell."""
    if isinstance(cell, Number):
        return cell.receipt.value
    return None if cell == formats.MISSING else cell


def _unit(cell: Cell, lang: Lang) -> str:
    return formats.unit_name(cell.receipt.unit, lang) if isinstance(cell, Number) else ""


def metadata(
    shown: Shown, address: str, version: receipts.Version, built: str, words: Words
) -> Iterable[list[Value]]:
    """What is shown, from where, and which versions: a row a property."""
    _ = words.gettext
    entries = [
        (_("Title"), shown.title),
        (_("Measure, coverage, period"), shown.subtitle),
        *((_("Note"), note) for note in shown.notes),
        (_("Source"), shown.source),
        (_("Address of the view"), address),
        (_("Data version"), version.data),
        (_("Data built on"), built),
        (_("Model version"), version.model),
    ]
    return [[name, text] for name, text in entries if text]


def below_each_other(tables: Sequence[Table]) -> list[list[Value]]:
    """Several tables of texts on one sheet, an empty row between them."""
    rows: list[list[Value]] = []
    for each in tables:
        rows += [[]] if rows else []
        rows.append(list(each.columns))
        rows += [[*map(str, row)] for row in zip(*each.columns.values(), strict=True)]
    return rows


def receipt_rows(table: Table, words: Words) -> list[list[Value]]:
    """The rows and columns of the CSV file, their names and kinds in the reader's language."""
    _ = words.gettext
    labels, rows = one_row_a_number(table.columns)
    names = receipts.column_names(words)
    written: list[list[Value]] = [[*labels, _("Measure"), _("Value"), *names.values()]]
    for texts, measure, each in rows:
        cells = each.receipt.as_columns() | {
            "receipt_kind": receipts.kind_name(each.receipt.kind, words),
            "receipt_unit": formats.unit_name(each.receipt.unit, words.lang),
        }
        written.append([*texts, measure, each.receipt.value, *(cells[name] for name in names)])
    return written


def source_rows(numbers: Sequence[Number], words: Words) -> list[list[Value]]:
    """Every figure that the numbers rest on, once, with its source."""
    lines = pd.concat([each.receipt.as_frame(words) for each in numbers]).drop_duplicates()
    return [list(lines.columns), *lines.to_numpy().tolist()]


class Pen:
    """Writes rows into a new sheet: heads bold and kept in sight, columns as wide as their texts."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._broken = book.add_format({"num_format": "#,##0.0###", "valign": "top"})

    def write(self, name: str, rows: Sequence[Sequence[Value]]) -> None:
        """Write rows into a sheet of this name; the first one, and each behind an empty one, is a head."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        widths: dict[int, int] = {}
        for at, row in enumerate(rows):
            is_head = at == 0 or not rows[at - 1]
            for column, value in enumerate(row):
                self._cell(sheet, (at, column), value, self._head if is_head else self._text)
                widths[column] = max(widths.get(column, _NARROW), _width(value))
        for column, width in widths.items():
            sheet.set_column(column, column, min(width + 2, _WIDE))

    def _cell(self, sheet: Worksheet, place: tuple[int, int], value: Value, style: Format) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            sheet.write_string(*place, value[:_LONGEST_TEXT], style)
        else:
            sheet.write_number(*place, value, self._whole if float(value).is_integer() else self._broken)


def _width(value: Value) -> int:
    """Characters that a cell takes up; Hangul takes two."""
    if not isinstance(value, str):
        return 0 if value is None else len(f"{value:,.2f}")
    return sum(1 if letter.isascii() else _HANGUL_WIDTH for letter in value)
