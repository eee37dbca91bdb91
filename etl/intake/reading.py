"""Files to shipments: each row is counted, or refused with its reason, file and line."""

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from etl import shipments
from etl.errors import InputError
from etl.histogram import Histogram, Input
from etl.intake import places, rates, sources, tables
from etl.intake.columns import CURRENCIES
from etl.intake.sources import Limits
from etl.intake.tables import Cells, Opening, quoted

# What a person is told of a row that is not counted; “{cell}” is what stands there.
REASONS = {
    "empty": "no value",
    "zero": "the value is zero",
    "negative": "the value is negative",
    "text": "the value is no number",
    "dots": "one dot and three digits: thousands or a fraction of a won",
    "large": "the value is too large for a shipment",
    "formula": "a formula without its result: open and save the file in Excel",
    "currency": "the sign of the currency contradicts the currency, or fits several",
    "rate": "no exchange rate for this currency and month: give one, as --rate JPY:2024-08=9.21",
    "quantity": "the quantity is no positive number",
    "date": "no date, or one that is not read: give its form, as --date-format %d/%m/%Y",
    "order": "no order number",
    "totals": "the lines of the order state different values for it",
    "with": "another line of the same order is refused, so its value is not known",
    "cells": "another number of cells than the header",
    "quotes": "a quotation mark is opened and not closed, or stands inside a cell",
    "long": "the line is too long",
    "bytes": "bytes that do not fit the file's encoding: save it as UTF-8",
    "json": "no JSON object",
    "domestic": "goes to Korea: no export",
    "cancelled": "the order was cancelled",
    "summary": "sums up the lines below",
}
# Rightly left out: they count as rejected, but not as a sign that the file was misread.
LEFT_OUT = ("domestic", "cancelled", "summary")
_SHOWN = 5
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
REJECTS_HEADER = ("file", "line", "reason", "explanation", "cell")


@dataclass(frozen=True)
class Options:
    """What a person says on their files.

    Attributes:
        columns: role -> column ("" for none); see `etl.intake.columns.ROLES`.
        preset: id of a preset; None to recognise one.
        currency: of values that say none; "" for the preset's, else won.
        rates: exchange rates as `etl.intake.rates.given` reads them.
        table: sheet of a workbook or table of a database.
        date_format: of dates, as strptime has it; "" for the forms that are known.
        max_rejected: the share of rows, 0 to 1, that may be refused; above it nothing is counted.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    preset: str | None = None
    currency: str = ""
    rates: Sequence[str] = ()
    table: str | None = None
    date_format: str = ""
    max_rejected: float = 0.05
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Refused:
    """Rows that were not counted, by reason (a key of `REASONS`)."""

    reason: str
    rows: int
    file: str
    line: int
    cell: str


@dataclass
class Intake:
    """Files as read.

    Attributes:
        files: each file with its columns.
        rows_read, rows_counted, rows_rejected: rows of all files; the first is the sum of the others.
        orders: shipments: orders where lines were grouped, rows elsewhere.
        refused: by reason, most rows first, each with its first place.
        conversions: "USD 2024-08" -> won per unit and source.
        notes: what a person should know.
    """

    connection: duckdb.DuckDBPyConnection
    files: list[Cells]
    options: Options
    rows_read: int = 0
    rows_counted: int = 0
    rows_rejected: int = 0
    orders: int = 0
    refused: list[Refused] = field(default_factory=list)
    conversions: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def histogram(self) -> Histogram:
        """All shipments as one histogram with its inputs.

        Raises:
            InputError: too large a share of rows was refused.
        """
        self.expect_few_refused()
        reduced = shipments.from_duckdb(self.connection, "SELECT * FROM shipments")
        counted: dict[int, dict[str, int]] = {number: {} for number in range(len(self.files))}
        read = dict.fromkeys(counted, 0)
        for number, month, rows, accepted in self.connection.execute(_part("by file and month")).fetchall():
            read[number] += rows
            if accepted:
                counted[number][month] = accepted
        return Histogram(
            reduced.table,
            tuple(
                Input(cells.source.sha256, counted[number], read[number] - sum(counted[number].values()))
                for number, cells in enumerate(self.files)
            ),
        )

    def expect_few_refused(self) -> None:
        """Stop where so many rows were refused that the files were rather misread.

        Raises:
            InputError: more than the share that may be, or nothing at all is left.
        """
        faults = sum(found.rows for found in self.refused if found.reason not in LEFT_OUT)
        first = next((found for found in self.refused if found.reason not in LEFT_OUT), None)
        if first and faults > self.options.max_rejected * self.rows_read:
            raise InputError(
                f"{faults:,} of {self.rows_read:,} rows ({faults / self.rows_read:.1%}) cannot be counted, more than "
                f"{self.options.max_rejected:.0%} may be; most often: {REASONS[first.reason]} "
                f"({first.file}, line {first.line}: “{first.cell}”)"
            )
        if not self.rows_counted:
            raise InputError("No shipment is left to count: see the reasons with inspect")

    def refusals(self) -> Iterator[tuple[str, int, str, str, str]]:
        """Each row that was not counted: file, line, reason, explanation, cell; in the order of files and lines."""
        found = self.connection.execute(_part("refused rows"))
        while rows := found.fetchmany(10_000):
            for number, line, reason, cell in rows:
                yield self.files[number].source.name, line, reason, REASONS[reason], cell or ""

    def write_rejects(self, path: Path) -> None:
        """Write `refusals` as CSV, with a BOM for Excel; no cell of it can act as a formula there.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as written:
                writer = csv.writer(written)
                writer.writerow(REJECTS_HEADER)
                for file, line, reason, explanation, cell in self.refusals():
                    writer.writerow((_inert(file), line, reason, explanation, _inert(cell)))
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from None

    def first_rows(self) -> list[tuple[str, str, str, str, int]]:
        """The first rows that count: date, destination, item, channel, value in won."""
        return self.connection.execute(
            "SELECT coalesce(CAST(day AS VARCHAR), ''), destination, item, channel, krw FROM judged WHERE reason = '' "
            "ORDER BY file, line LIMIT $rows",
            {"rows": _SHOWN},
        ).fetchall()


@contextmanager
def read(inputs: Iterable[str | Path], options: Options, reference: Path) -> Iterator[Intake]:
    """Read files of shipments; `Intake.connection` has them as `shipments`: date, destination, item, channel, value_krw.

    `reference` is the folder with the names of columns, the presets and the exchange rates. What is unpacked lies in a
    folder of this run only, and is gone when it ends.

    Raises:
        InputError: a file that cannot be read, a column that is missing, an option that makes no sense.
    """
    if options.currency and options.currency.upper() not in CURRENCIES:
        raise InputError(f"“{options.currency}” is no currency that is known here: write its code, as USD")
    if not 0 <= options.max_rejected <= 1:
        raise InputError("The share of rows that may be refused is a number from 0 to 1, as 0.05")
    chosen = rates.in_order(rates.published(reference), rates.given(options.rates))
    with tempfile.TemporaryDirectory(prefix="yeokjikgu-") as name, _connected(Path(name)) as connection:
        folder = Path(name)
        _set_date_form(connection, options.date_format or "%Y-%m-%d")
        connection.execute(_part("macros"))
        connection.execute(_part("tables"))
        _fill(connection, "place", list(places.codes().items()))
        _fill(connection, "rate", [(r.currency, r.month, int(r.krw * 10**6), r.source) for r in chosen])
        opening = Opening(options.columns, options.preset, options.table, reference, folder, options.limits)
        named = sources.open_all(sources.find(inputs), folder, options.limits)
        opened = [
            _take_in(connection, source, number, opening, options) for number, source in enumerate(named)
        ]
        intake = Intake(connection, opened, options)
        _judge(intake)
        _count(intake)
        try:
            yield intake
        except duckdb.Error as error:  # a typed file is read to its end only now
            raise InputError(
                f"The files cannot be read to their end ({str(error).splitlines()[0]}): write them again"
            ) from error


@contextmanager
def _connected(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder),
        # No file names what else is loaded or fetched.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "threads": str(os.cpu_count() or 1),
    }
    with duckdb.connect(config=config) as connection:
        # A moment in a typed file falls on the day that customs there writes.
        connection.execute("SET TimeZone = 'Asia/Seoul'")
        # It would stand before the JSON of the answer.
        connection.execute("SET enable_progress_bar = false")
        yield connection


def _set_date_form(connection: duckdb.DuckDBPyConnection, form: str) -> None:
    connection.execute("SET VARIABLE date_form = $form", {"form": form})
    try:
        connection.execute("SELECT try_strptime('1', getvariable('date_form'))")
    except duckdb.Error:
        raise InputError(f"“{form}” is no form of a date: write it as %d/%m/%Y") from None


@cache
def _parts() -> dict[str, str]:
    text = (files("etl") / "sql" / "intake.sql").read_text(encoding="utf-8")
    found = (part.partition("\n") for part in text.split("\n-- part: ")[1:])
    return {
        name.strip(): re.sub(r"^ *--.*\n", "", body, flags=re.MULTILINE).strip() for name, _, body in found
    }


def _part(name: str) -> str:
    return _parts()[name]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    marks = ", ".join("unnest(?)" for _ in rows[0])
    lists = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO {table} SELECT {marks}", lists)


def _take_in(
    connection: duckdb.DuckDBPyConnection,
    source: sources.Source,
    number: int,
    opening: Opening,
    options: Options,
) -> Cells:
    """Open a file and, unless it has types of its own, type its rows."""
    cells = tables.open_file(connection, source, number, opening)
    if cells.broken:
        _fill(connection, "broken", [(number, row.line, row.reason, row.text) for row in cells.broken])
    if cells.stored:
        connection.execute(f"INSERT INTO typed {typed_query(cells, number, options)}")
        connection.execute(f"DROP TABLE cells_{number}")
    return cells


def typed_query(cells: Cells, number: int, options: Options, part: str = "typed") -> str:
    """The part of `intake.sql` that types a file's cells, with the cells and what is known of them before it."""
    facts = {name: str(value) for name, value in cells.facts().items()}
    facts["has_form"] = str(bool(options.date_format))
    facts["currency_said"] = quoted((options.currency or cells.columns.currency).upper(), "'")
    known = ", ".join(f"{value} AS {name}" for name, value in facts.items())
    blank = "".join(
        f", NULL::{kind} AS {name}"
        for name, kind in (("value_number", "DECIMAL(18, 4)"), ("day_typed", "DATE"))
        if f" AS {name}" not in cells.relation
    )
    body = _part(part)
    start = "WITH facts AS (SELECT {known}), cells AS (SELECT {number} AS file, *{blank} FROM ({relation}))"
    filled = start.format(known=known, number=number, blank=blank, relation=cells.relation)
    return f"{filled}, {body.removeprefix('WITH ')}" if body.startswith("WITH ") else f"{filled} {body}"


def _judge(intake: Intake) -> None:
    """Make `judged` (each line: file, line, reason, cell, krw, day, …) and `shipments` (each shipment) of the typed lines."""
    connection, opened, options = intake.connection, intake.files, intake.options
    streamed = [(number, cells) for number, cells in enumerate(opened) if not cells.stored]
    in_won = options.currency.upper() in {"", "KRW"}
    if streamed and len(streamed) == len(opened) and in_won and all(cells.whole_won for _, cells in streamed):
        # Nothing is kept: a file of any size is read anew by each query.
        queries = []
        for number, cells in streamed:
            otherwise = connection.execute(
                typed_query(cells, number, options, "spelled otherwise")
            ).fetchall()[0][0]
            part = "numbers" if otherwise else "numbers as they are"
            queries.append(f"({typed_query(cells, number, options, part)})")
        union = " UNION ALL ".join(queries)
        view = f"CREATE VIEW judged AS SELECT *, 'KRW' AS currency, NULL AS source FROM ({union})"  # noqa: S608 - built here
        connection.execute(view)
    else:
        for number, cells in streamed:
            connection.execute(f"INSERT INTO typed {typed_query(cells, number, options)}")
        per_order = {bool(cells.facts()["per_order"]) for cells in opened}
        if len(per_order) > 1:
            raise InputError(
                "Files with a value a line and files with a value an order cannot be read together: read them apart"
            )
        has_dates = any("date" in cells.columns.places for cells in opened)
        connection.execute("SET VARIABLE has_dates = $has_dates", {"has_dates": has_dates})
        connection.execute(_part("whole orders" if per_order == {True} else "lines"))
    grouped = any("order" in cells.columns.places for cells in opened)
    connection.execute(_part("shipments of orders" if grouped else "shipments of rows"))


def _count(intake: Intake) -> None:
    connection = intake.connection
    read, counted = connection.execute(_part("rows")).fetchall()[0]
    intake.rows_read, intake.rows_counted, intake.rows_rejected = read, counted, read - counted
    grouped = any("order" in cells.columns.places for cells in intake.files)
    intake.orders = counted
    if grouped:
        intake.orders = connection.execute("SELECT count(*) FROM shipments").fetchall()[0][0]
    # A large file is read anew by each query: none is asked that has nothing to say.
    if counted < read:
        for reason, rows, file, line, cell in connection.execute(_part("reasons")).fetchall():
            intake.refused.append(Refused(reason, rows, intake.files[file].source.name, line, cell or ""))
    if any(cells.stored or not cells.whole_won for cells in intake.files) or intake.options.currency:
        for currency, month, source, rows in connection.execute(_part("conversions")).fetchall():
            intake.conversions[f"{currency} {month}".strip()] = f"{source}, {rows:,} rows"
    unread = sum(len(cells.broken) for cells in intake.files)
    if grouped and unread:
        intake.notes.append(
            f"{unread:,} lines could not be read, so the orders that they belong to are not known; their values may be too low"
        )
    for cells in intake.files:
        intake.notes.extend(cells.notes)
        said = intake.options.currency or cells.columns.currency
        if not said and "currency" not in cells.columns.places:
            intake.notes.append(
                f"{cells.source.name}: no currency is stated; values without a sign are taken as won (say otherwise as --currency USD)"
            )
        if "date" not in cells.columns.places:
            intake.notes.append(f"{cells.source.name}: no column of dates; months are unknown")


def _inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
