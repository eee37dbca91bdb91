"""CSV of what a chart shows, each number in full beside its text, with the columns of its receipt."""

import csv
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.receipts import Number

# Spreadsheets run a cell that starts so; a negative number is a number and stays one.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")

Row = tuple[list[str], str, Number]


def one_row_a_number(columns: Mapping[str, Sequence[str | Number]]) -> tuple[list[str], list[Row]]:
    """Names of the columns that hold texts only; then for each number the texts of its row, its column, and itself."""
    labels = [name for name, cells in columns.items() if not any(isinstance(cell, Number) for cell in cells)]
    found = []
    for row in zip(*columns.values(), strict=True):
        by_name = dict(zip(columns, row, strict=True))
        texts = [str(by_name[label]) for label in labels]
        found += [(texts, name, cell) for name, cell in by_name.items() if isinstance(cell, Number)]
    return labels, found


def csv_bytes(columns: Mapping[str, Sequence[str | Number]]) -> bytes:
    """One row a number: the texts of its row, the number in full with its unit, and its receipt; UTF-8 with BOM for Excel."""
    labels, rows = one_row_a_number(columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(rows[0][2].receipt.as_columns()) if rows else []
    writer.writerow([*map(_inert, labels), "measure", "value", "unit", *names])
    for texts, measure, each in rows:
        receipt = each.receipt
        value = "" if receipt.value is None else repr(receipt.value)
        receipt_cells = map(_inert, receipt.as_columns().values())
        writer.writerow([*map(_inert, texts), _inert(measure), value, receipt.unit, *receipt_cells])
    return out.getvalue().encode("utf-8-sig")


def table_bytes(frame: pd.DataFrame) -> bytes:
    """A whole table of the warehouse as CSV, as published; UTF-8 with BOM for Excel."""
    inert = frame.apply(
        lambda column: column.map(_inert, na_action="ignore") if column.dtype == "str" else column
    )
    text: str = inert.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
