"""Bins, files and sums of histograms."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import InputError
from etl.histogram import (
    EDGES,
    LARGEST_KRW,
    OPEN_BIN,
    SCHEMA,
    Histogram,
    Input,
    append,
    bin_of,
    fingerprint,
    merge,
    read,
    span,
    write,
)

Rows = list[tuple[str, str, int, int]]  # month, destination, value of a case in won, cases


def histogram_of(rows: Rows, sha256: str, rejected: int = 0) -> Histogram:
    table = pa.table(
        [
            [month for month, *_ in rows],
            [destination for _, destination, *_ in rows],
            [""] * len(rows),
            [""] * len(rows),
            [bin_of(value) for *_, value, _ in rows],
            [cases for *_, cases in rows],
            [value * cases for *_, value, cases in rows],
        ],
        schema=SCHEMA,
    )
    counted: dict[str, int] = {}
    for month, *_, cases in rows:
        counted[month] = counted.get(month, 0) + cases
    # Adding it to nothing puts it in order.
    return Histogram(merge(Histogram(table, ())).table, (Input(sha256, counted, rejected),))


JANUARY = histogram_of([("2024-01", "JP", 50_000, 3), ("2024-01", "US", 2_000_001, 1)], "a" * 64, rejected=2)
FEBRUARY = histogram_of([("2024-02", "JP", 50_000, 4)], "b" * 64)


def test_there_are_3701_bins() -> None:
    assert OPEN_BIN == 3701
    # 1,000 up to 10 million, 900 each up to 100 million, 1 billion and 10 billion, and the open one.
    assert [bin_of(reach) for reach in (10**7, 10**8, 10**9, 10**10)] == [1000, 1900, 2800, 3700]
    assert bin_of(10**10 + 1) == bin_of(LARGEST_KRW) == OPEN_BIN


def test_a_limit_is_at_most() -> None:
    assert bin_of(2_000_000) == 200
    assert bin_of(2_000_001) == 201
    assert span(200) == (1_990_001, 2_000_000)
    assert bin_of(1) == bin_of(10_000) == 1


def test_every_bin_is_the_span_between_two_edges() -> None:
    for number in range(1, OPEN_BIN + 1):
        least, greatest = span(number)
        assert bin_of(least) == bin_of(greatest) == number
        assert least == 1 or bin_of(least - 1) == number - 1
    assert len(EDGES) == OPEN_BIN


@pytest.mark.parametrize("value", [0, -1, LARGEST_KRW + 1])
def test_what_is_no_value_has_no_bin(value: int) -> None:
    with pytest.raises(ValueError, match="is no value of a shipment"):
        bin_of(value)


ROW = st.tuples(
    st.sampled_from(["2024-01", "2024-02", ""]),
    st.sampled_from(["JP", "홍콩", ""]),
    st.integers(1, LARGEST_KRW),
    st.integers(1, 9),
)


@given(st.lists(ROW, min_size=1, max_size=30), st.lists(ROW, min_size=1, max_size=30))
def test_parts_add_up_to_the_whole(one: Rows, other: Rows) -> None:
    parts = merge(histogram_of(one, "a" * 64), histogram_of(other, "b" * 64, rejected=3))
    assert parts.table.equals(histogram_of(one + other, "c" * 64).table)
    assert parts.rows_read == parts.rows_counted + 3
    assert parts.table.equals(merge(histogram_of(other, "b" * 64), histogram_of(one, "a" * 64)).table)


def test_one_input_does_not_count_twice() -> None:
    with pytest.raises(InputError, match="hash aaaaaaaaaaaa… is in two of the histograms"):
        merge(JANUARY, JANUARY)


def test_a_new_month_is_appended() -> None:
    both = append(JANUARY, FEBRUARY)
    assert both.table.num_rows == 3
    assert (both.rows_read, both.rows_counted, both.rows_rejected) == (10, 8, 2)


def test_an_input_that_is_in_already_is_refused() -> None:
    with pytest.raises(InputError, match="is in the histogram already; replace it, or leave it out"):
        append(append(JANUARY, FEBRUARY), FEBRUARY)


def test_a_month_that_is_in_already_is_refused() -> None:
    corrected = histogram_of([("2024-01", "JP", 60_000, 1), ("", "JP", 1, 1)], "c" * 64)
    with pytest.raises(InputError, match=r"holds 2024-01 already; replace the whole month"):
        append(JANUARY, corrected)
    with pytest.raises(InputError, match=r"holds rows without a month already"):
        append(append(FEBRUARY, corrected), histogram_of([("", "JP", 1, 1)], "d" * 64))


def test_on_request_the_whole_month_is_replaced() -> None:
    corrected = histogram_of([("2024-01", "JP", 60_000, 5)], "c" * 64, rejected=1)
    year = append(append(JANUARY, FEBRUARY), corrected, replace=True)
    assert year.table.equals(append(FEBRUARY, corrected).table)
    assert [part.sha256[0] for part in year.inputs] == ["b", "c"]
    assert (year.rows_read, year.rows_rejected) == (4 + 5 + 1, 1)


def test_an_input_of_two_months_keeps_the_one_that_is_not_replaced() -> None:
    both = histogram_of([("2024-01", "JP", 50_000, 3), ("2024-02", "JP", 50_000, 4)], "e" * 64, rejected=7)
    year = append(both, histogram_of([("2024-02", "US", 1, 1)], "f" * 64), replace=True)
    assert year.inputs[0] == Input("e" * 64, {"2024-01": 3}, 7)
    assert year.rows_counted == 3 + 1 == sum(year.table.column("cases").to_pylist())


def test_the_same_input_replaces_itself_though_its_months_differ_now() -> None:
    again = histogram_of([("2024-03", "JP", 50_000, 3)], JANUARY.inputs[0].sha256)
    assert append(JANUARY, again, replace=True).table.equals(again.table)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    write(JANUARY, tmp_path / "one.parquet")
    found = read(tmp_path / "one.parquet")
    assert found.table.equals(JANUARY.table)
    assert found.inputs == JANUARY.inputs
    assert [path.name for path in tmp_path.iterdir()] == ["one.parquet"]


def test_equal_histograms_are_equal_files(tmp_path: Path) -> None:
    write(merge(JANUARY, FEBRUARY), tmp_path / "one.parquet")
    write(merge(FEBRUARY, JANUARY), tmp_path / "other.parquet")
    assert fingerprint(tmp_path / "one.parquet") == fingerprint(tmp_path / "other.parquet")


def test_the_file_tells_what_was_read(tmp_path: Path) -> None:
    write(JANUARY, tmp_path / "it's.parquet")
    with duckdb.connect() as connection:
        ((about,),) = connection.execute(
            "SELECT decode(value) FROM parquet_kv_metadata($file)", {"file": str(tmp_path / "it's.parquet")}
        ).fetchall()
    assert json.loads(about) == {
        "format": 1,
        "rows_read": 6,
        "rows_counted": 4,
        "rows_rejected": 2,
        "inputs": [{"sha256": "a" * 64, "rejected": 2, "counted": {"2024-01": 4}}],
    }


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    write(JANUARY, path)
    before = path.read_bytes()
    with pytest.raises(duckdb.Error):
        write(Histogram(JANUARY.table.select([]), ()), path)  # a file needs columns
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["one.parquet"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"one.parquet cannot be written: No such file"):
        write(JANUARY, tmp_path / "none" / "one.parquet")
    with pytest.raises(InputError, match=r"one.csv cannot be read: No such file"):
        fingerprint(tmp_path / "one.csv")


def _text_file(path: Path) -> None:
    path.write_text("month,cases\n", encoding="utf-8")


def _another_parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.sql("SELECT 1 AS cases").write_parquet(str(path))


def _other_metadata(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 1 AS cases) TO '{path}' (FORMAT parquet, KV_METADATA {{yeokjikgu_histogram: '[]'}})"
        )


@pytest.mark.parametrize("make", [_text_file, _another_parquet, _other_metadata])
def test_another_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x.parquet")
    with pytest.raises(
        InputError, match=r"x\.parquet is no histogram of shipments; `yeokjikgu shipments reduce`"
    ):
        read(tmp_path / "x.parquet")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"x\.parquet is not there, or is no file"):
        read(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("column", "value"),
    [("bin", 3702), ("bin", 0), ("cases", 0), ("value_krw", 30_000_001), ("value_krw", 3)],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, column: str, value: int) -> None:
    position = SCHEMA.names.index(column)
    cells = [value, *JANUARY.table.column(column).to_pylist()[1:]]
    table = JANUARY.table.set_column(
        position, SCHEMA.field(column), pa.array(cells, SCHEMA.field(column).type)
    )
    write(Histogram(table, JANUARY.inputs), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="contradicts itself at 2024-01, JP, , , bin"):
        read(tmp_path / "x.parquet")
