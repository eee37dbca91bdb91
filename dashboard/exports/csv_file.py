"""CSV of what a chart shows, each number in full beside its text, with the columns of its receipt."""

import csv
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.receipts import Number

# Spreadsheets run a cell that starts so; a negative number is a number and stays one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(columns: Mapping[str, Sequence[str | Number]]) -> bytes:
    """One row a number: the texts of its row, the number in full with its unit, and its receipt; UTF-8 with BOM for Excel."""
    numbers = [cell for cells in columns.values() for cell in cells if isinstance(cell, Number)]
    labels = [name for name, cells in columns.items() if not any(isinstance(cell, Number) for cell in cells)]
    names = [*labels, "measure", "value", "unit", *(numbers[0].receipt.as_columns() if numbers else ())]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in zip(*columns.values(), strict=True):
        by_name = dict(zip(columns, row, strict=True))
        for name, cell in by_name.items():
            if not isinstance(cell, Number):
                continue
            receipt = cell.receipt
            value = "" if receipt.value is None else repr(receipt.value)
            writer.writerow(
                [
                    *(_inert(str(by_name[label])) for label in labels),
                    _inert(name),
                    value,
                    receipt.unit,
                    *map(_inert, receipt.as_columns().values()),
                ]
            )
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
