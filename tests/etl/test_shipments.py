"""The reduction on DuckDB at every edge, and what other engines are told, run as they would divide."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import ibis
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as sql

from etl.errors import InputError
from etl.histogram import EDGES, KEYS, LARGEST_KRW, OPEN_BIN, bin_of, fingerprint, write
from etl.shipments import Reduced, from_connection, from_duckdb, reduce

COLUMNS = {"date": "date", "destination": "string", "item": "string", "value_krw": "int64"}
SHIPMENTS = ibis.table(COLUMNS, name="shipments")
# One won below, at and above each edge, and what cannot be counted.
AT_EDGES = [edge + step for edge in EDGES for step in (-1, 0, 1)]
OUTSIDE = [LARGEST_KRW, LARGEST_KRW + 1, 2**63 - 1, -(2**63), 0, None]


def reduced(query: str, **parameters: object) -> Reduced:
    with duckdb.connect() as connection:
        return from_duckdb(connection, query, parameters or None)


def bins(found: Reduced) -> dict[int, tuple[int, int]]:
    """Bin -> cases and value."""
    columns = (found.table.column(name).to_pylist() for name in ("bin", "cases", "value_krw"))
    return {number: (cases, value) for number, cases, value in zip(*columns, strict=True)}


def by_hand(values: list[int | None]) -> dict[int, tuple[int, int]]:
    expected: dict[int, tuple[int, int]] = {}
    for value in values:
        if value is not None and 0 < value <= LARGEST_KRW:
            cases, total = expected.get(bin_of(value), (0, 0))
            expected[bin_of(value)] = (cases + 1, total + value)
    return expected


def test_every_edge_falls_into_its_own_bin_on_duckdb() -> None:
    found = reduced("SELECT unnest($v::BIGINT[]) AS value_krw", v=AT_EDGES + OUTSIDE)
    assert bins(found) == by_hand(AT_EDGES + OUTSIDE)
    assert len(bins(found)) == OPEN_BIN
    assert (
        found.rejected == 2 + len(OUTSIDE) - 1
    )  # -1 and 0 won below the first edge; the largest value counts
    assert sum(found.counted.values()) + found.rejected == len(AT_EDGES + OUTSIDE)


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.integers(-10, 2 * 10**10)), min_size=1, max_size=50))
def test_any_values_fall_into_their_bins(values: list[int | None]) -> None:
    found = reduced("SELECT unnest($v::BIGINT[]) AS value_krw", v=values)
    assert bins(found) == by_hand(values)
    assert found.rejected == sum(value is None or value <= 0 for value in values)


def rounded_to_six_decimals(one: sql.Expression, other: sql.Expression) -> sql.Expression:
    """What Snowflake makes of the quotient of two whole numbers."""
    quotient = sql.Div(this=sql.cast(one, "DECIMAL(38, 0)"), expression=other)
    return sql.Round(this=quotient, decimals=sql.Literal.number(6))


def as_floats(one: sql.Expression, other: sql.Expression) -> sql.Expression:
    """What Trino, BigQuery and Spark make of it."""
    return sql.Div(this=sql.cast(one, "DOUBLE"), expression=sql.cast(other, "DOUBLE"))


@pytest.mark.parametrize("divide", [rounded_to_six_decimals, as_floats])
@pytest.mark.parametrize("engine", ["trino", "bigquery", "snowflake", "oracle", "pyspark"])
def test_what_other_engines_are_told_is_exact_at_every_edge_however_they_divide(
    engine: str, divide: Callable[[sql.Expression, sql.Expression], sql.Expression]
) -> None:
    told = sqlglot.parse_one(
        ibis.to_sql(reduce(SHIPMENTS), dialect=engine), read=DIALECTS.get(engine, engine)
    )
    quotients = [
        node for node in told.walk() if isinstance(node, sql.Div) or node.name.lower() == "ieee_divide"
    ]
    assert len(quotients) >= 11  # 4 limits and 7 bins
    for node in reversed(quotients):  # the inner ones first
        node.replace(divide(*(node.expressions or (node.this, node.expression))))
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE shipments AS SELECT DATE '2024-02-29' AS date, 'JP' AS destination, '3304' AS item, "
            "unnest($v::BIGINT[]) AS value_krw",
            {"v": AT_EDGES},
        )
        rows = connection.execute(told.sql("duckdb")).fetchall()
    assert {row[4]: (row[5], row[6]) for row in rows if row[4]} == by_hand(AT_EDGES)
    assert {row[1:4] for row in rows} == {("JP", "3304", "")}


DIALECTS = {"pyspark": "spark"}


def test_a_wide_bin_divided_at_once_would_be_wrong_with_six_decimals() -> None:
    # Why steps of ten thousand come first: 2,000,000,000 won is the upper edge of bin 2,900, and
    # (2,000,000,000 - 1,000,000,000 + 9,999,999) / 10,000,000 = 100.9999999 becomes 101.000000.
    with duckdb.connect() as connection:
        ((quotient,),) = connection.execute(
            "SELECT floor(round(1009999999::DECIMAL(38, 0) / 10000000, 6))"
        ).fetchall()
    assert quotient == 101
    assert bin_of(2_000_000_000) == 2_900 == 2_800 + 100


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("trino", """DATE_TRUNC('MONTH', "t0"."date")"""),
        ("bigquery", "DATE_TRUNC(`t0`.`date`, MONTH)"),
        ("snowflake", """TO_CHAR("t2"."month", 'yyyy-mm')"""),
        ("oracle", """TRUNC("t0"."date", 'MONTH')"""),
        ("pyspark", "DATE_FORMAT(`t2`.`month`, 'yyyy-MM')"),
    ],
)
def test_each_engine_is_spoken_to_in_its_own_words(engine: str, says: str) -> None:
    text = ibis.to_sql(reduce(SHIPMENTS), dialect=engine)
    assert says in text
    assert text.count("GROUP BY") == 1


def test_months_and_names_of_unknown_are_empty() -> None:
    found = reduced(
        "SELECT * FROM (VALUES (DATE '2024-02-29', 'JP', NULL, 5), (NULL, NULL, '3304', 6), "
        "(DATE '2024-02-01', 'JP', NULL, 7)) AS t(date, destination, item, value_krw)"
    )
    assert found.table.select([*KEYS, "cases", "value_krw"]).to_pylist() == [
        {"month": "", "destination": "", "item": "3304", "channel": "", "cases": 1, "value_krw": 6},
        {"month": "2024-02", "destination": "JP", "item": "", "channel": "", "cases": 2, "value_krw": 12},
    ]
    assert found.counted == {"": 1, "2024-02": 2}


def test_null_and_empty_text_are_one_key() -> None:
    found = reduced("SELECT unnest(['', NULL, 'JP']) AS destination, 5 AS value_krw")
    assert found.table.column("destination").to_pylist() == ["", "JP"]
    assert found.table.column("cases").to_pylist() == [2, 1]


def test_a_moment_counts_in_its_month() -> None:
    found = reduced("SELECT TIMESTAMP '2024-02-29 23:59:59.999' AS date, 1 AS value_krw")
    assert found.counted == {"2024-02": 1}


def test_codes_kept_as_numbers_or_lists_of_names_become_text() -> None:
    found = reduced(
        "SELECT 330499 AS item, 'JP'::ENUM('JP', 'US') AS destination, 1::UTINYINT AS value_krw, [1] AS other"
    )
    (row,) = found.table.to_pylist()
    assert (row["item"], row["destination"]) == ("330499", "JP")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT 1 AS amount", "No column value_krw"),
        (
            "SELECT 1.5 AS value_krw",
            r"The column value_krw is decimal\(2, 1\); convert it to whole won first",
        ),
        ("SELECT 1 AS value_krw, '2024-01' AS date", "The column date is string; convert it to a date"),
        (
            "SELECT 1 AS value_krw, TIMESTAMPTZ '2024-01-31 23:00:00+00' AS date",
            "convert it to a date of Korean time",
        ),
        ("SELECT 1 AS value_krw, TIME '10:00' AS date", "The column date is time"),
    ],
)
def test_what_cannot_be_reduced_is_refused_in_one_sentence(query: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        reduced(query)


def test_too_little_memory_is_said_in_one_sentence() -> None:
    with duckdb.connect(config={"threads": 1, "memory_limit": "8MB", "temp_directory": ""}) as connection:
        query = "SELECT 1 + range * 10000 AS value_krw, range::VARCHAR AS item FROM range(1_000_000)"
        with pytest.raises(InputError, match=r"takes more memory than there is; .* with --append"):
            from_duckdb(connection, query)


def test_parts_give_the_file_of_the_whole_whatever_the_order_and_the_threads(tmp_path: Path) -> None:
    query = (
        "SELECT DATE '2024-01-01' + (i % 90)::INTEGER AS date, 'D' || i % 7 AS destination, 'H' || i % 11 AS item, "
        "(1 + hash(i) % 900000000)::BIGINT AS value_krw FROM range(300000) AS t(i)"
    )
    for threads, order in ((1, "i"), (4, "hash(i)")):
        with duckdb.connect(config={"threads": threads}) as connection:
            found = from_duckdb(connection, f"{query} ORDER BY {order}")
        write(found.histogram(), tmp_path / f"{threads}.parquet")
    assert found.table.num_rows > 2**17  # more than one row group
    assert fingerprint(tmp_path / "1.parquet") == fingerprint(tmp_path / "4.parquet")


def test_without_a_file_the_hash_is_that_of_the_counts() -> None:
    one, same, other = (
        reduced(f"SELECT {value} AS value_krw").histogram().inputs[0].sha256 for value in (5, 5, 6)
    )
    assert one == same != other


def test_a_connection_that_fails_names_the_engine_and_keeps_the_password() -> None:
    with pytest.raises(InputError, match="ibis-framework") as caught:
        from_connection(
            "trino://analyst:geheim@127.0.0.1:1/customs", "exports.declarations", {"value_krw": "fob"}
        )
    assert "geheim" not in str(caught.value)
    with pytest.raises(InputError, match="nonsense gave no answer on declarations: ValueError"):
        from_connection("nonsense", "declarations", {"value_krw": "fob"})


def test_dates_before_the_epoch_and_leap_days_keep_their_month() -> None:
    days = [dt.date(1969, 12, 31), dt.date(2024, 2, 29), dt.date(2099, 12, 31)]
    found = reduced("SELECT unnest($d::DATE[]) AS date, 1 AS value_krw", d=days)
    assert list(found.counted) == ["1969-12", "2024-02", "2099-12"]


@pytest.fixture
def warehouse(tmp_path: Path) -> str:
    """Another engine that needs no server, by its connection string: declarations at every edge."""
    path = tmp_path / "warehouse.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE declarations (fob INTEGER, country TEXT, accepted DATE)")
        rows = [(value, "JP", "2024-02-29") for value in AT_EDGES + OUTSIDE]
        connection.executemany("INSERT INTO declarations VALUES (?, ?, ?)", rows)
        connection.commit()
    return f"sqlite://{path}"


# Ibis 12 asks pandas for an option that pandas 3 is about to drop.
@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")
def test_another_engine_by_connection_string_gives_the_same_counts(warehouse: str) -> None:
    names = {"value_krw": "fob", "destination": "country", "date": "accepted"}
    theirs = from_connection(warehouse, "declarations", names)
    ours = reduced(
        "SELECT unnest($v::BIGINT[]) AS value_krw, 'JP' AS destination, DATE '2024-02-29' AS date",
        v=AT_EDGES + OUTSIDE,
    )
    assert theirs.table.equals(ours.table)
    assert (theirs.counted, theirs.rejected) == (ours.counted, ours.rejected)
    assert theirs.histogram().inputs == ours.histogram().inputs


def test_a_column_or_table_that_is_not_there_is_named(warehouse: str) -> None:
    with pytest.raises(
        InputError, match="declarations has no column value; there are fob, country, accepted"
    ):
        from_connection(warehouse, "declarations", {"value_krw": "value"})
    with pytest.raises(InputError, match="sqlite gave no answer on imports"):
        from_connection(warehouse, "imports", {"value_krw": "fob"})
