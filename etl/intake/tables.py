"""One file as cells in DuckDB: a relation with a column for each role, the line of each row, and what was no row."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from etl.errors import InputError
from etl.histogram import SCHEMA
from etl.intake import delimited, workbook
from etl.intake.columns import Columns, has_values, match
from etl.intake.delimited import Broken
from etl.intake.sources import Limits, Source

_BATCH = 50_000
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_NUMBERS = (*_WHOLE, "UBIGINT", "HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE")
_DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
# Roles as the typing query calls them.
_TEXTS = {
    "value": "value_text",
    "date": "date_text",
    "currency": "currency",
    "destination": "destination",
    "item": "item",
    "channel": "channel",
    "order": "order_id",
    "quantity": "quantity",
    "line": "line_id",
    "cancelled": "cancelled",
}


@dataclass
class Cells:
    """A file that was opened.

    Attributes:
        form: what it is, for a person: "UTF-8, commas".
        relation: SQL that gives `line` and one column a role.
        header: the names of its columns.
        types: role -> type of its column in DuckDB, text where a file has no types.
        header_line: where the names stand, 0 where a file has them apart.
        broken: lines that are no rows; filled while the file is read.
        stored: the relation is a table of this run (True), or the file itself, which is read anew by each query.
    """

    source: Source
    form: str
    relation: str
    header: list[str]
    columns: Columns
    types: dict[str, str]
    header_line: int = 0
    broken: list[Broken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stored: bool = True

    @property
    def whole_won(self) -> bool:
        """Values are whole numbers of won, days are days, and a row is a shipment: nothing is to be read out of text."""
        places = self.columns.places
        return (
            self.types["value"] in _WHOLE
            and self.columns.currency in {"", "KRW"}
            and ("date" not in places or self.types["date"] in _DAYS)
            and not {"currency", "order", "quantity", "line", "cancelled"} & places.keys()
        )

    def facts(self) -> dict[str, bool]:
        """What the typing query asks of a file."""
        places = self.columns.places
        return {
            "has_type": _is_number(self.types["value"]),
            "has_date": "date" in places,
            "has_day": self.types.get("date", "") in _DAYS,
            "has_order": "order" in places,
            "has_quantity": "quantity" in places,
            "has_line": "line" in places,
            "per_order": bool(
                self.columns.preset and self.columns.preset.value_per == "order" and "order" in places
            ),
        }


@dataclass(frozen=True)
class Opening:
    """How to open files.

    Attributes:
        said: role -> column, as a person named them.
        table: sheet of a workbook or table of a database.
    """

    said: Mapping[str, str]
    preset: str | None
    table: str | None
    reference: Path
    folder: Path
    limits: Limits

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether these cells name a column of values."""
        return has_values(cells, self.said, self.reference)

    def match(self, name: str, header: Sequence[str]) -> Columns:
        """The roles of a file's columns."""
        return match(name, header, self.said, self.preset, self.reference)


def open_file(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    number: int,
    opening: Opening,
    *,
    quick: bool = True,
) -> Cells:
    """Open a file; without `quick` a text file is read by the careful reader in any case.

    Raises:
        InputError: not readable, or without a column of values.
    """
    openers: dict[str, Callable[[], Cells]] = {
        "csv": lambda: _open_csv(connection, source, number, opening, quick=quick),
        "xlsx": lambda: _open_workbook(connection, source, number, opening),
        "jsonl": lambda: _open_jsonl(connection, source, number, opening),
        "parquet": lambda: _open_parquet(connection, source, opening),
        "duckdb": lambda: _open_database(connection, source, number, opening),
    }
    return openers[source.kind]()


def _open_csv(
    connection: duckdb.DuckDBPyConnection, source: Source, number: int, opening: Opening, *, quick: bool
) -> Cells:
    form = delimited.form_of(source.path, source.name, opening.limits, opening.is_header)
    head = delimited.head(source.path, form, opening.limits)
    if not head:
        raise InputError(f"{source.name} has no row that can be read: is it a text file?")
    place = _header_place(head, opening)
    header_line, header = head[place]
    columns = opening.match(source.name, header)
    # The line after the header's last one; a name may hold a line break.
    first = header_line + 1 + sum(name.count("\n") for name in header)
    cells = Cells(
        source, str(form), "", header, columns, dict.fromkeys(columns.places, "VARCHAR"), header_line
    )
    table = f"cells_{number}"
    quickly = _read_quickly(connection, table, cells, form, first, opening) if quick else ""
    if not quickly:
        body = (row for row in delimited.rows(source.path, form, opening.limits) if _line(row) > header_line)
        _store(connection, table, columns, _whole_rows(body, len(header), cells.broken))
    cells.relation = quickly or f"SELECT * FROM {table}"  # noqa: S608 - own name
    return cells


def _read_quickly(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    cells: Cells,
    form: delimited.Form,
    first: int,
    opening: Opening,
) -> str:
    """Have DuckDB read the rows from line `first` on; "" where it cannot, or where a row's number would not tell its line.

    It reads in order. If each line is a row, or else if rows and the line breaks inside their cells make up all lines, then
    nothing was left out, joined or parted, and each row's line is known.
    """
    if form.lines is None or form.damaged or len(cells.header) == 1:
        return ""
    path = delimited.as_utf8(cells.source.path, form, opening.folder / f"{table}.csv")
    names = [f"c{place}" for place in range(len(cells.header))]
    typed = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    every = f"concat({', '.join(names)})"
    for breaks in ("0", f"length({every}) - length(replace({every}, chr(10), ''))"):
        try:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {_selected(cells.columns, 'c{}')}, {breaks} AS breaks "  # noqa: S608 - own names
                f"FROM read_csv($path, columns = {{{typed}}}, header = false, skip = $skip, delim = $delimiter, quote = '\"', "
                "escape = '\"', auto_detect = false, strict_mode = true, max_line_size = $longest)",
                {
                    "path": literal_path(path),
                    "skip": first - 1,
                    "delimiter": form.delimiter,
                    "longest": opening.limits.line_chars,
                },
            )
        except duckdb.Error:  # a row that its reader does not take; the careful one says which and why
            return ""
        counted = connection.execute(f"SELECT count(*), coalesce(sum(breaks), 0) FROM {table}")  # noqa: S608 - own name
        rows, broken = counted.fetchall()[0]
        if rows + broken == form.lines - (first - 1):
            before = "coalesce(sum(breaks) OVER (ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
            line = f"rowid + {first}" + (f" + {before}" if broken else "")
            return f"SELECT {line} AS line, * EXCLUDE (breaks) FROM {table}"  # noqa: S608
    return ""


def _open_workbook(
    connection: duckdb.DuckDBPyConnection, source: Source, number: int, opening: Opening
) -> Cells:
    with workbook.opened(source.path, source.name) as archive:
        sheet = workbook.sheet_of(archive, source.name, opening.table, opening.limits, opening.is_header)
        content = workbook.rows(archive, sheet, source.name, opening.limits)
        head = list(islice(content, delimited.HEAD_ROWS))
        if not head:
            raise InputError(
                f"{source.name} has no rows on the sheet “{sheet.name}”: name another, as --table SHEET"
            )
        place = _header_place(head, opening)
        header_line, header = head[place]
        columns = opening.match(source.name, header)
        cells = Cells(
            source,
            f"Excel, sheet “{sheet.name}”",
            f"SELECT * FROM cells_{number}",  # noqa: S608
            header,
            columns,
            dict.fromkeys(columns.places, "VARCHAR"),
            header_line,
        )
        day = columns.places.get("date")

        def body() -> Iterator[tuple[int, list[str]]]:
            for line, row in chain(head[place + 1 :], content):
                padded = [*row, *[""] * (len(header) - len(row))]
                if day is not None:
                    padded[day] = sheet.day(padded[day])
                yield line, padded

        _store(connection, f"cells_{number}", columns, _whole_rows(body(), len(header), cells.broken))
        if sheet.formulas:
            cells.notes.append(
                f"{source.name}: {sheet.formulas:,} cells are formulas; what Excel stored as their results is used"
            )
    return cells


def _open_jsonl(
    connection: duckdb.DuckDBPyConnection, source: Source, number: int, opening: Opening
) -> Cells:
    form = delimited.form_of(source.path, source.name, opening.limits, lambda _: False)
    header: dict[str, None] = {}
    for _, found in islice(_json_lines(source.path, form, opening.limits), delimited.HEAD_ROWS):
        header.update(dict.fromkeys(found if isinstance(found, dict) else ()))
    names = list(header)
    if not names:
        raise InputError(f'{source.name} begins with no object: each line must be one, as {{"value": 1000}}')
    columns = opening.match(source.name, names)
    cells = Cells(
        source,
        "JSON lines",
        f"SELECT * FROM cells_{number}",  # noqa: S608
        names,
        columns,
        dict.fromkeys(columns.places, "VARCHAR"),
    )

    def body() -> Iterator[tuple[int, list[str]]]:
        for number_of_line, line in _json_lines(source.path, form, opening.limits):
            if isinstance(line, dict):
                yield number_of_line, [_json_cell(line.get(name)) for name in names]
            else:
                cells.broken.append(Broken(number_of_line, "json", str(line)[:80]))

    _store(connection, f"cells_{number}", columns, body())
    return cells


def _open_parquet(connection: duckdb.DuckDBPyConnection, source: Source, opening: Opening) -> Cells:
    path = quoted(literal_path(source.path), "'")
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()  # noqa: S608 - quoted
    except duckdb.Error as error:
        raise InputError(f"{source.name} is no whole Parquet file: write it again") from error
    return _typed(
        source,
        "Parquet",
        described,
        f"read_parquet({path}, file_row_number = true)",
        "file_row_number + 1",
        opening,
    )


def _open_database(
    connection: duckdb.DuckDBPyConnection, source: Source, number: int, opening: Opening
) -> Cells:
    name = f"input_{number}"
    try:
        connection.execute(f"ATTACH {quoted(str(source.path), chr(39))} AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise InputError(
            f"{source.name} is no DuckDB database that this version reads: export the table as Parquet"
        ) from error
    # Tables only: a view of a stranger's file may read any other file of this machine.
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $name ORDER BY ALL",
        {"name": name},
    ).fetchall()
    wanted = [
        (schema, table) for schema, table in tables if opening.table in {None, table, f"{schema}.{table}"}
    ]
    if len(wanted) != 1:
        there = ", ".join(f"{schema}.{table}" for schema, table in tables) or "none"
        raise InputError(f"{source.name}: say which table to read, as --table NAME (it has: {there})")
    ((schema, table),) = wanted
    place = ".".join((name, quoted(schema), quoted(table)))
    described = connection.execute(f"DESCRIBE SELECT * FROM {place}").fetchall()  # noqa: S608 - quoted
    return _typed(source, f"DuckDB, table {schema}.{table}", described, place, "rowid + 1", opening)


def _typed(
    source: Source, form: str, described: Sequence[Sequence[str]], place: str, line: str, opening: Opening
) -> Cells:
    header = [str(row[0]) for row in described]
    if header == SCHEMA.names:
        raise InputError(
            f"{source.name} is a histogram, not shipments: count it by itself, or reduce the shipments again"
        )
    kinds = {str(row[0]): str(row[1]) for row in described}
    columns = opening.match(source.name, header)
    types = {role: kinds[header[place_]] for role, place_ in columns.places.items()}
    selected = [f"{line} AS line"]
    for role, name in _TEXTS.items():
        if role not in columns.places:
            selected.append(f"NULL::VARCHAR AS {name}")
            continue
        column = quoted(header[columns.places[role]])
        selected.append(f"CAST({column} AS VARCHAR) AS {name}")
        if role == "value" and _is_number(types[role]):
            kind = "BIGINT" if types[role] in _WHOLE else "DECIMAL(18, 4)"
            selected.append(f"TRY_CAST({column} AS {kind}) AS value_number")
        if role == "date" and types[role] in _DAYS:
            selected.append(f"CAST({column} AS DATE) AS day_typed")
    relation = f"SELECT {', '.join(selected)} FROM {place}"  # noqa: S608 - quoted
    return Cells(source, form, relation, header, columns, types, stored=False)


def is_histogram(path: Path) -> bool:
    """Whether a file is a histogram that was written by `etl.histogram`: its rows must never count as shipments."""
    try:
        return path.suffix in {".parquet", ".pq"} and pq.read_schema(path).names == SCHEMA.names
    except (OSError, pa.ArrowException):
        return False


def literal_path(path: Path) -> str:
    """A path that DuckDB takes as it is: it would read `orders[1].csv` as a pattern, and so another file."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def quoted(name: str, mark: str = '"') -> str:
    """A name (or, with an apostrophe, a text) for SQL."""
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def _is_number(kind: str) -> bool:
    return kind in _NUMBERS or kind.startswith("DECIMAL")


def _header_place(head: Sequence[tuple[int, list[str]]], opening: Opening) -> int:
    """Which of the first rows names the columns: lists often begin with a title."""
    return next((place for place, (_, cells) in enumerate(head) if opening.is_header(cells)), 0)


def _line(row: delimited.Row) -> int:
    return row.line if isinstance(row, Broken) else row[0]


def _whole_rows(
    rows: Iterable[delimited.Row], width: int, broken: list[Broken]
) -> Iterator[tuple[int, list[str]]]:
    """Rows of the header's length; blank cells behind its end do not matter."""
    for row in rows:
        if isinstance(row, Broken):
            broken.append(row)
            continue
        line, cells = row
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            yield line, cells[:width]
        else:
            broken.append(Broken(line, "cells", f"{len(cells)} instead of {width}"))


def _selected(columns: Columns, name: str) -> str:
    chosen = []
    for role, text in _TEXTS.items():
        place = columns.places.get(role)
        chosen.append(f"NULL::VARCHAR AS {text}" if place is None else f"{name.format(place)} AS {text}")
    return ", ".join(chosen)


def _store(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, rows: Iterator[tuple[int, list[str]]]
) -> None:
    fields = ", ".join(f"{name} VARCHAR" for name in _TEXTS.values())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (line BIGINT, {fields})")
    while batch := list(islice(rows, _BATCH)):
        arrays: list[pa.Array] = [pa.array([line for line, _ in batch], pa.int64())]
        for role in _TEXTS:
            place = columns.places.get(role)
            arrays.append(
                pa.nulls(len(batch), pa.string())
                if place is None
                else pa.array([cells[place] for _, cells in batch], pa.string())
            )
        connection.register("batch", pa.table(arrays, names=["line", *_TEXTS.values()]))
        connection.execute(f"INSERT INTO {table} SELECT * FROM batch")  # noqa: S608 - own name
        connection.unregister("batch")


def _json_lines(path: Path, form: delimited.Form, limits: Limits) -> Iterator[tuple[int, object]]:
    """Each line with its number: the object on it, or its text where there is none."""
    with path.open(encoding=form.encoding, errors="replace", newline="\n") as text:
        number = 0
        while line := text.readline(limits.line_chars + 1):
            number += 1
            if len(line) > limits.line_chars:
                rest = line
                while rest and not rest.endswith("\n"):
                    rest = text.readline(limits.line_chars)
                yield number, line[:80]
            elif line.strip():
                try:
                    found = json.loads(line, parse_int=str, parse_float=str)
                except (ValueError, RecursionError):
                    found = line.strip()
                yield number, found if isinstance(found, dict) else line.strip()


def _json_cell(cell: object) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
