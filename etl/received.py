"""From the bodies that were kept to typed rows: every vintage of every slice, the newest one marked by its number."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from etl.sources.source import Columns, Dataset, Rows
from etl.vintages import FILE, Kept

_DIGEST_DIGITS = 16
_BATCH_ROWS = 50_000  # four times as many take 250 MB more and save no time


@dataclass(frozen=True, slots=True)
class Received:
    """One answer that was kept and read: which query, when it came (UTC), its rows."""

    query: str
    retrieved: datetime
    rows: Rows


class Loader:
    """Takes the answers of one data set in order of time and fills its table and `core.slice`.

    A slice whose rows did not change is no new vintage, so that asking twice leaves no trace in the content.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
        self._connection = connection
        self._dataset = dataset
        self._newest: dict[tuple[str, str], tuple[int, str]] = {}
        self._slices: list[tuple[object, ...]] = []
        self._names = ("query", "vintage", *dataset.columns)
        self._types = _types(connection, dataset.table)
        self._waiting: Columns = {name: [] for name in self._names}

    def take(self, received: Received) -> None:
        """Add what is new in one answer."""
        columns, dataset = received.rows.columns, self._dataset
        places = defaultdict(list)
        for place, period in enumerate(columns[dataset.period_column]):
            places[period].append(place)
        for period in sorted(received.rows.periods):
            rows = _rows(columns, dataset.columns, places[period])
            digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:_DIGEST_DIGITS]
            vintage, before = self._newest.get((received.query, period), (0, ""))
            if digest == before:
                continue
            self._newest[received.query, period] = vintage + 1, digest
            self._slices.append(
                (
                    dataset.dataset_id,
                    received.query,
                    period,
                    vintage + 1,
                    len(rows),
                    digest,
                    received.retrieved,
                )
            )
            self._wait(received.query, vintage + 1, rows)
        if len(self._waiting["query"]) >= _BATCH_ROWS:
            self._write()

    def finish(self) -> int:
        """Write what is still waiting; returns the number of slices, all vintages."""
        self._write()
        columns = list(zip(*self._slices, strict=True)) or [()] * 7
        self._connection.execute(
            "INSERT INTO core.slice SELECT unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::integer[]), "
            "unnest(?::integer[]), unnest(?::text[]), unnest(?::timestamp[])",
            [list(column) for column in columns],
        )
        return len(self._slices)

    def _wait(self, query: str, vintage: int, rows: Sequence[tuple[object, ...]]) -> None:
        waiting = self._waiting
        waiting["query"].extend([query] * len(rows))
        waiting["vintage"].extend([vintage] * len(rows))
        for name, cells in zip(self._dataset.columns, zip(*rows, strict=True), strict=False):
            waiting[name].extend(cells)

    def _write(self) -> None:
        names = ", ".join(self._names)
        lists = ", ".join(f"unnest(?::{self._types[name]}[])" for name in self._names)
        self._connection.execute(
            f"INSERT INTO core.{self._dataset.table} ({names}) SELECT {lists}",
            [self._waiting[name] for name in self._names],
        )
        self._waiting = {name: [] for name in self._names}


def _rows(columns: Columns, names: Iterable[str], places: Sequence[int]) -> list[tuple[object, ...]]:
    """The rows at some places, in an order of their own: what an answer's order says nothing about must not count."""
    cells = [columns[name] for name in names]
    return sorted((tuple(column[place] for column in cells) for place in places), key=repr)


def _types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    found = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'core' AND table_name = $table",
        {"table": table},
    ).fetchall()
    return dict(found)


def fill(
    connection: duckdb.DuckDBPyConnection,
    datasets: Iterable[Dataset],
    answers: Callable[[Dataset], Iterable[Received]],
    report: Callable[[str], None],
) -> int:
    """Fill the tables of all data sets that something was kept of; returns the number of slices.

    `answers` gives what was kept of a data set in order of time.
    """
    slices = 0
    for dataset in datasets:
        loader = Loader(connection, dataset)
        for received in answers(dataset):
            loader.take(received)
        if found := loader.finish():
            report(f"Read {dataset.name_en}: {found} slices")
        slices += found
    return slices


def describe(
    connection: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset], last: Mapping[str, Kept]
) -> None:
    """Write `mart.dataset`: what each publisher's data set is, where it was last received from and when (UTC), when the next is due."""
    connection.execute(
        "CREATE TABLE mart.dataset (dataset text PRIMARY KEY, publisher text, name_ko text, name_en text, licence_ko text, licence_en text, "
        "key_variable text, key_optional boolean, apply_at text, address text, due_days integer, overdue_days integer, last_success timestamp)"
    )
    connection.execute(
        "COMMENT ON TABLE mart.dataset IS '받을 수 있는 자료와 마지막 수신 | Data sets that can be fetched, and when they last were'"
    )
    for each in datasets:
        kept = last.get(each.dataset_id)
        connection.execute(
            "INSERT INTO mart.dataset VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                each.dataset_id, each.publisher, each.name_ko, each.name_en, each.licence_ko, each.licence_en,
                each.key, each.key_optional, each.apply_at, kept.request.address if kept and kept.request.address != FILE else "",
                each.due_days, each.overdue_days, kept.retrieved.astimezone(UTC).replace(tzinfo=None) if kept else None,
            ],
        )  # fmt: skip
