"""The reference files: CSV that people keep, read as text, typed by the schema, refused by file, line and column."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import duckdb
from babel import Locale

from etl.errors import BuildError, RowError
from etl.periods import parse_date_as_known, parse_day, parse_period

Cell = object | None
_NO_HEADER = "empty; the first line must name the columns"


@dataclass(frozen=True)
class Line:
    """One row of a reference file: column name -> text, and the line of the file that it starts on."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A reference file, the table that it fills, and how a line is completed before it is typed.

    `expand` adds the columns that follow from others (a period's days, a country's name), so that a person writes each
    thing once. It may turn one line into several and raises `ValueError` naming the column as `column: reason`.
    """

    file: str
    name: str
    expand: Callable[[dict[str, str]], Iterable[dict[str, str]]] = lambda cells: (cells,)


def _with_period(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    try:
        period = parse_period(cells["period"])
    except ValueError as error:
        raise ValueError(f"period: {error}") from None
    yield cells | {
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
        "frequency": period.frequency,
    }


def _with_effective_date(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    # Only a day counts as a date of entry into force; "2014-10" stays a text.
    is_day = len(cells["effective"]) == len("2014-10-01")
    yield cells | {"effective_date": cells["effective"] if is_day else ""}


def _with_names(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    """Names from CLDR where the file leaves them empty (it overrides those that are too long for a chart)."""
    names = {}
    for language in ("ko", "en"):
        column = f"name_{language}"
        name = cells[column] or Locale(language).territories.get(cells["destination_id"], "")
        if not name:
            raise ValueError(f"{column}: CLDR knows no country “{cells['destination_id']}”, write the name")
        names[column] = name
    yield cells | names


def _one_row_per_route(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    """A rule for several routes is one row each, so that rules can be held against each other route by route."""
    rest = {column: text for column, text in cells.items() if column != "routes"}
    days = {}
    for column, to_day in (("valid_from", _first_day), ("valid_to", _last_day)):
        try:
            days[f"{column}_day"] = to_day(cells[column])
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from None
    if not cells["routes"].strip():
        raise ValueError("routes: empty; name the routes that the rule is for")
    for route in cells["routes"].split():
        yield rest | days | {"route": route}


def _first_day(known: str) -> str:
    """The first day of what may be a year, a month or a day; nothing for what is not known."""
    return parse_date_as_known(known).isoformat() if known else ""


def _last_day(known: str) -> str:
    """The last day of a rule. An end known to the month or year only counts as the eve of it: what starts in it follows at once."""
    if not known:
        return ""
    day = parse_date_as_known(known)
    is_day = len(known) == len("2014-10-01")
    return (day if is_day else day - timedelta(days=1)).isoformat()


def _watched(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    """Goods bring their names along; a destination's name comes from CLDR."""
    if cells["kind"] != "destination":
        yield cells
        return
    for named in _with_names(cells | {"destination_id": cells["code"]}):
        yield {column: text for column, text in named.items() if column != "destination_id"}


def _one_row_per_observation(cells: dict[str, str]) -> Iterator[dict[str, str]]:
    rest = {column: text for column, text in cells.items() if column != "observation_ids"}
    if not cells["observation_ids"].strip():
        raise ValueError("observation_ids: empty; name the figures that disagree")
    for observation_id in cells["observation_ids"].split():
        yield rest | {"observation_id": observation_id}


# In the order in which foreign keys need them.
TABLES = (
    Table("sources.csv", "source"),
    Table("metrics.csv", "metric"),
    Table("series.csv", "series"),
    Table("destinations.csv", "destination", _with_names),
    Table("items.csv", "item"),
    Table("channels.csv", "channel"),
    Table("observations.csv", "observation", _with_period),
    Table("contradictions.csv", "contradiction", _one_row_per_observation),
    Table("facts.csv", "fact"),
    Table("limits.csv", "clearance_limit", _with_effective_date),
    Table("events.csv", "event"),
    Table("exchange_rates.csv", "exchange_rate", _with_period),
    Table("price_index.csv", "price_index", _with_period),
    Table("currency_rates.csv", "currency_rate", _with_period),
    Table("market_metrics.csv", "market_metric"),
    Table("market_figures.csv", "market_figure", _with_period),
    Table("destination_rules.csv", "destination_rule", _one_row_per_route),
    Table("assumptions.csv", "assumption"),
    Table("former_assumptions.csv", "former_assumption"),
    Table("glossary.csv", "term"),
    Table("watchlist.csv", "watch", _watched),
)


def load(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table) -> int:
    """Fill `core.<table>` from its file; returns the number of rows.

    Raises:
        RowError: the file is missing, not UTF-8, lacks a column, or a row breaks the table's contract.
    """
    columns = _columns(connection, table.name)
    lines = list(_expanded(table, read(folder / table.file)))
    _expect_columns(table, columns, lines)
    rows = [
        {column: _typed(table, line, column, contract) for column, contract in columns.items()}
        for line in lines
    ]
    try:
        connection.execute("BEGIN")
        _insert(connection, table, columns, rows)
        connection.execute("COMMIT")
    except duckdb.Error:
        # One statement says that something is wrong; a row at a time says which line.
        connection.execute("ROLLBACK")
        for line, row in zip(lines, rows, strict=True):
            try:
                _insert(connection, table, columns, [row])
            except duckdb.Error as error:
                raise _refusal(table, line, columns, str(error)) from None
        raise
    return len(rows)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    columns: dict[str, tuple[str, bool]],
    rows: list[dict[str, Cell]],
) -> None:
    """One statement with a list a column: quick, and it needs no data frame, whose import takes a second."""
    names = ", ".join(f'"{column}"' for column in columns)
    lists = ", ".join(f"unnest(?::{kind}[])" for kind, _ in columns.values())
    cells = [[row[column] for row in rows] for column in columns]
    connection.execute(f'INSERT INTO core."{table.name}" ({names}) SELECT {lists}', cells)


def read(path: Path) -> list[Line]:
    """The lines of a CSV file as text, surrounding blanks kept, empty lines left out.

    Raises:
        BuildError: the file is missing.
        RowError: not UTF-8, no header, no rows, or a row of another length than the header.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BuildError(f"{path.name} cannot be read from {path.parent.name}: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RowError(path.name, line, "", "not UTF-8; save the file as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    header: list[str] | None = None
    started = 1
    try:
        for cells in reader:
            if header is None:
                header = cells
                _expect_header(path.name, header)
            elif cells:
                if len(cells) != len(header):
                    reason = f"{len(cells)} cells where the header has {len(header)}"
                    raise RowError(path.name, started, "", reason)
                lines.append(Line(started, dict(zip(header, cells, strict=True))))
            started = reader.line_num + 1
    except csv.Error as error:
        raise RowError(path.name, started, "", f"not readable as CSV: {error}") from None
    if not lines:
        raise RowError(path.name, 1, "", "no rows below the header" if header else _NO_HEADER)
    return lines


def _expect_header(file: str, header: list[str]) -> None:
    if not header:
        raise RowError(file, 1, "", _NO_HEADER)
    for column in header:
        if header.count(column) > 1:
            raise RowError(file, 1, column, "this column stands twice in the header")


def _expanded(table: Table, lines: list[Line]) -> Iterator[Line]:
    for line in lines:
        try:
            for cells in table.expand(line.cells):
                yield replace(line, cells=cells)
        except KeyError as error:
            raise RowError(table.file, 1, str(error.args[0]), "this column is missing") from None
        except ValueError as error:
            column, _, reason = str(error).partition(": ")
            raise RowError(table.file, line.number, column, reason) from None


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, tuple[str, bool]]:
    """Column -> (type, nullable) as `schema.sql` declares them: the contract stands there and nowhere else."""
    found = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE schema_name = 'core' AND table_name = $table ORDER BY column_index",
        {"table": table},
    ).fetchall()
    return {name: (kind, nullable) for name, kind, nullable in found}


def _expect_columns(table: Table, columns: dict[str, tuple[str, bool]], lines: list[Line]) -> None:
    given = set(lines[0].cells)
    for column in columns:
        if column not in given:
            raise RowError(table.file, 1, column, "this column is missing")
    for column in sorted(given - set(columns)):
        raise RowError(table.file, 1, column, "no such column is known")


def _typed(table: Table, line: Line, column: str, contract: tuple[str, bool]) -> Cell:
    text, (kind, nullable) = line.cells[column], contract
    if text == "" and nullable:
        return None
    try:
        if text and column in _DATES_AS_KNOWN:
            parse_date_as_known(text)
        return _CONVERT[kind](text)
    except ValueError as error:
        raise RowError(table.file, line.number, column, str(error)) from None


def _number(text: str) -> float:
    # float() would also take "1_000", "nan", " 7 " and full-width digits.
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        raise ValueError(f"“{text}” is no number; write digits with a decimal point, no commas")
    return float(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"“{text}” is no whole number")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"“{text}” is neither yes nor no")
    return text == "yes"


# Texts, because a publication is often dated to the year or the month only.
_DATES_AS_KNOWN = {"published", "announced", "effective", "valid_from", "valid_to"}

_CONVERT: dict[str, Callable[[str], Cell]] = {
    "VARCHAR": str,
    "DOUBLE": _number,
    "BIGINT": _integer,
    "BOOLEAN": _yes_or_no,
    "DATE": parse_day,
}


def _refusal(table: Table, line: Line, columns: dict[str, tuple[str, bool]], message: str) -> RowError:
    """Turn DuckDB's message on a broken constraint into one sentence."""
    if found := re.search(r'key "(?P<key>[^"]*)" does not exist', message):
        *others, last = found["key"].split(", ")
        column, _, value = last.partition(": ")
        if others:
            return RowError(table.file, line.number, column, f"not known together: {found['key']}")
        return RowError(table.file, line.number, column, f"“{value}” is not known")
    if found := re.search(r'[Dd]uplicate key "(?P<key>[^"]*)"', message):
        column = found["key"].partition(": ")[0]
        return RowError(table.file, line.number, column, f"stands twice: {found['key']}")
    rule = re.search(r"expression:? (?P<rule>.*)", message)
    broken = (rule["rule"] if rule else message.splitlines()[0]).strip()
    column = next((name for name in columns if re.search(rf'\b"?{name}"?\b', broken)), "")
    return RowError(
        table.file, line.number, column, f"“{line.cells.get(column, '')}” breaks the rule {broken}"
    )
