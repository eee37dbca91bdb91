"""Kinds of file: JSON lines, typed files, databases, packed ones, and those that are not what they say."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.errors import InputError
from etl.histogram import SCHEMA
from tests.etl.intake.taken import HEADER, refused, rows, taken, values


def test_json_lines(write: Callable[..., Path]):
    lines = [
        {"date": "2024-08-01", "country": "JP", "value": 1000},
        {"date": "2024-08-01", "country": "US", "value": "1,234,000", "extra": [1]},
        {"country": "US", "date": "2024-08-01"},
    ]
    text = (
        "\n".join(json.dumps(line) for line in lines)
        + '\n\n[1]\n{"value": 1\n{"date": "2024-08-02", "value": 2e3}\n'
    )
    with taken(write(text, "orders.jsonl")) as intake:
        assert values(intake) == [1000, 1_234_000]
        assert refused(intake) == [(3, "empty"), (5, "json"), (6, "json"), (7, "text")]


def test_parquet_with_types(tmp_path: Path):
    path = tmp_path / "orders[1].parquet"
    frame = {
        "date": pa.array([19936, 19936, None, 19937, 19937], pa.date32()),
        "destination": ["JP", "미국", "JP", "KR", None],
        "HS": pa.array([330499, 330499, 1, 1, 610910], pa.int64()),
        "value": pa.array([1000, 0, 3000, 4000, 5000], pa.int64()),
    }
    pq.write_table(pa.table(frame), path)
    other = tmp_path / "orders1.parquet"  # what a pattern would read in its place
    pq.write_table(pa.table({**frame, "value": pa.array([7] * 5, pa.int64())}), other)
    with taken(path) as intake:
        assert rows(intake) == [
            ("2024-08-01", "JP", "330499", "", 1000),
            ("2024-08-02", "", "610910", "", 5000),
        ]
        assert refused(intake) == [(2, "zero"), (3, "date"), (4, "domestic")]
        assert not intake.connection.execute("SELECT * FROM typed").fetchall(), (
            "a typed file is read where it is"
        )


def test_a_typed_file_gives_the_same_with_text_and_with_fractions(tmp_path: Path):
    days = ["2024-08-01", "2024-08-02"]
    for name, prices in (("text", ["1000", "2000"]), ("float", [1000.0, 2000.0]), ("int", [1000, 2000])):
        pq.write_table(pa.table({"date": days, "value": prices}), tmp_path / f"{name}.parquet")
        with taken(tmp_path / f"{name}.parquet") as intake:
            assert rows(intake) == [("2024-08-01", "", "", "", 1000), ("2024-08-02", "", "", "", 2000)]
    pq.write_table(pa.table({"value": [float("nan"), -1.0, None, 1e30, 5.0]}), tmp_path / "odd.parquet")
    with taken(tmp_path / "odd.parquet") as intake:
        assert values(intake) == [5]
        assert refused(intake) == [(1, "large"), (2, "negative"), (3, "empty"), (4, "large")]


def test_a_moment_falls_on_its_day_in_korea(tmp_path: Path):
    moments = pa.array(
        [1_722_438_000, 1_722_437_999], pa.timestamp("s", tz="UTC")
    )  # 31 July 2024, 15:00 and a second before
    pq.write_table(pa.table({"date": moments, "value": [1, 2]}), tmp_path / "orders.parquet")
    with taken(tmp_path / "orders.parquet") as intake:
        assert [row[0] for row in sorted(rows(intake), key=lambda row: row[-1])] == [
            "2024-08-01",
            "2024-07-31",
        ]


def test_a_typed_file_that_breaks_off_is_said(tmp_path: Path):
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"value": list(range(1, 50_000))}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[4:half] = b"\0" * (half - 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"), taken(path) as intake:
        intake.histogram()


def test_a_database_is_read_by_its_table_and_never_by_its_views(tmp_path: Path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(path) as made:
        made.execute(
            "CREATE TABLE orders AS SELECT DATE '2024-08-01' AS date, 'JP' AS country, 1000 AS value"
        )
        made.execute("CREATE VIEW elsewhere AS SELECT 42 AS value")  # as well read_csv of any file
    with taken(path) as intake:
        assert rows(intake) == [("2024-08-01", "JP", "", "", 1000)]
    with (
        pytest.raises(InputError, match=r"say which table to read, as --table NAME \(it has: main.orders\)"),
        taken(path, table="elsewhere"),
    ):
        pass
    with duckdb.connect(path) as made:
        made.execute("CREATE TABLE other AS SELECT 5 AS value")
    with taken(path, table="other") as intake:
        assert values(intake) == [5]


def test_a_histogram_is_not_taken_for_shipments(tmp_path: Path):
    pq.write_table(SCHEMA.empty_table(), tmp_path / "histogram.parquet")
    with (
        pytest.raises(InputError, match="is a histogram, not shipments"),
        taken(tmp_path / "histogram.parquet"),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", b"PAR1"), ("a.duckdb", b"x" * 5000), ("a.xlsx", b"PK"), ("a.csv.gz", b"\x1f\x8b")],
)
def test_files_that_are_not_what_they_say(write: Callable[..., Path], name: str, content: bytes):
    path = write(content, name)
    with pytest.raises(InputError, match=rf"{name} is no "), taken(path):
        pass


def test_packed_files_are_read_alike(write: Callable[..., Path], tmp_path: Path):
    text = (HEADER + "2024-08-01,JP,1,1000,\n").encode()
    write(gzip.compress(text), "a.csv.gz")
    with pa.CompressedOutputStream(str(tmp_path / "b.tsv.zst"), "zstd") as packed:
        packed.write(text.replace(b",", b"\t"))
    for name in ("a.csv.gz", "b.tsv.zst"):
        with taken(tmp_path / name) as intake:
            assert rows(intake) == [("2024-08-01", "JP", "1", "", 1000)]


def test_what_was_unpacked_is_gone_afterwards(write: Callable[..., Path]):
    with taken(write(gzip.compress(b"value,x\n5,6\n"), "a.csv.gz")) as intake:
        inside = intake.files[0].source.path
        assert inside.exists()
    assert not inside.parent.exists()
