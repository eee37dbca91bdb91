"""Answers that were kept, as vintages of slices: what changed is a new vintage, what did not leaves no trace."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from etl import received
from etl.received import Received
from etl.sources.source import Dataset, Rows
from etl.warehouse import data_version, sql

COLUMNS = (
    "month",
    "hs_code",
    "hs_level",
    "country",
    "exports_usd",
    "exports_kg",
    "imports_usd",
    "imports_kg",
)
TRADE = Dataset(
    "nitemtrade", "customs", "무역", "trade", "trade_month", COLUMNS, "month",
    plan=lambda _: (), read=lambda *_: Rows({}, frozenset()), check=lambda *_: (),
)  # fmt: skip
START = datetime(2026, 1, 20, 9)  # noqa: DTZ001 (the warehouse keeps UTC without a zone)


def answer(
    query: str, days: int, *rows: tuple[str, str, str, int], periods: str = "2025-01 2025-02"
) -> Received:
    """An answer that came `days` after the first; a row is month, HS code, country and exports in USD."""
    cells = [(month, hs, len(hs), country, usd, usd // 10, 0, 0) for month, hs, country, usd in rows]
    columns = {name: [row[place] for row in cells] for place, name in enumerate(COLUMNS)}
    return Received(query, START + timedelta(days=days), Rows(columns, frozenset(periods.split())))


def loaded(*answers: Received) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in ("schema.sql", "received.sql"):
        connection.execute(sql(name))
    received.fill(connection, [TRADE], lambda _: answers, lambda _: None)
    for name in ("marts.sql", "received_marts.sql"):
        connection.execute(sql(name))
    return connection


@pytest.fixture
def revised() -> Iterator[duckdb.DuckDBPyConnection]:
    """January is revised in February's answer: one amount changed, one row added, one row gone."""
    connection = loaded(
        answer("hs=3304 to=US", 0, ("2025-01", "330499", "US", 100), ("2025-01", "330491", "US", 7), periods="2025-01"),
        answer("hs=3304 to=US", 30, ("2025-01", "330499", "US", 120), ("2025-01", "330420", "US", 5), ("2025-02", "330499", "US", 90)),
    )  # fmt: skip
    yield connection
    connection.close()


def rows(connection: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> list[tuple[object, ...]]:
    return connection.execute(query, parameters).fetchall()


def test_a_month_is_replaced_as_a_whole(revised: duckdb.DuckDBPyConnection):
    assert rows(revised, "SELECT month, hs_code, exports_usd FROM mart.trade_month ORDER BY ALL") == [
        ("2025-01", "330420", 5),
        ("2025-01", "330499", 120),
        ("2025-02", "330499", 90),
    ]


def test_every_past_value_stays(revised: duckdb.DuckDBPyConnection):
    known = "SELECT hs_code, exports_usd FROM mart.trade_month_as_of($day) ORDER BY ALL"
    assert rows(revised, known, day="2026-01-31") == [("330491", 7), ("330499", 100)]
    assert rows(revised, known, day="2026-01-01") == []


def test_a_revision_is_first_print_against_now(revised: duckdb.DuckDBPyConnection):
    found = rows(
        revised,
        "SELECT period, vintages, first_value, newest_value, first_rows, newest_rows FROM mart.revision",
    )
    # 100 + 7 = 107 at first, 120 + 5 = 125 now
    assert found == [("2025-01", 2, 107.0, 125.0, 2, 2)]


def test_asking_twice_leaves_no_trace():
    first = answer("hs=3304 to=US", 0, ("2025-01", "330499", "US", 100), ("2025-01", "330491", "US", 7))
    again = answer("hs=3304 to=US", 9, ("2025-01", "330491", "US", 7), ("2025-01", "330499", "US", 100))
    with loaded(first) as once, loaded(first, again) as twice:
        assert rows(twice, "SELECT max(vintage) FROM core.slice") == [(1,)]
        assert data_version(once) == data_version(twice)


def test_the_version_knows_content_and_not_the_time():
    row = ("2025-01", "330499", "US", 100)
    with (
        loaded(answer("hs=3304 to=US", 0, row)) as now,
        loaded(answer("hs=3304 to=US", 9, row)) as later,
        loaded(answer("hs=3304 to=US", 0, ("2025-01", "330499", "US", 101))) as other,
    ):
        assert data_version(now) == data_version(later) != data_version(other)


def test_published_and_empty_is_not_unpublished():
    with loaded(answer("hs=9503 to=US", 0)) as connection:
        assert rows(connection, "SELECT period, row_count FROM core.slice ORDER BY 1") == [
            ("2025-01", 0),
            ("2025-02", 0),
        ]


def test_a_narrower_query_gives_way_to_a_wider_one():
    wide = answer("hs=33 to=US", 0, ("2025-01", "3304", "US", 500), periods="2025-01")
    narrow = answer("hs=3304 to=US", 0, ("2025-01", "330499", "US", 480), ("2025-02", "330499", "US", 90))
    with loaded(wide, narrow) as connection:
        assert rows(connection, "SELECT month, hs_code, exports_usd FROM mart.trade_month ORDER BY ALL") == [
            ("2025-01", "3304", 500),
            ("2025-02", "330499", 90),
        ]


def test_the_rows_of_another_level_are_refused():
    broken = answer("hs=3304 to=US", 0, ("2025-01", "330499", "US", 100))
    broken.rows.columns["hs_level"][0] = 4
    with pytest.raises(duckdb.ConstraintException, match="hs_level"):
        loaded(broken)
