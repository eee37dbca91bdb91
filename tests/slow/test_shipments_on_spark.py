"""The reduction on PySpark in local mode against DuckDB: the same rows, the same file."""

import gc
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import pytest

from etl.histogram import EDGES, LARGEST_KRW, Histogram, read, write
from etl.shipments import from_backend, from_duckdb

pytestmark = pytest.mark.slow

pyspark = pytest.importorskip("pyspark", reason="the extra yeokjikgu[spark] is not installed")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ibis.BaseBackend]:
    """Spark in this process, with a time zone far from that of the machine, and its own folder for what it leaves."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    folder = tmp_path_factory.mktemp("spark")
    session = (
        pyspark.sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.warehouse.dir", str(folder))
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PySpark leaves its sockets to the collector
        session.stop()
        gc.collect()


def on_both(spark: ibis.BaseBackend, shipments: Path, folder: Path) -> tuple[Histogram, Histogram]:
    """The two histograms, by way of their files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # PySpark leaves its sockets to the collector
        reduced = {"spark": from_backend(spark.read_parquet(shipments))}
        gc.collect()
    with duckdb.connect() as connection:
        reduced["duckdb"] = from_duckdb(
            connection, "SELECT * FROM read_parquet($file)", {"file": str(shipments)}
        )
    for engine, found in reduced.items():
        write(found.histogram(), folder / f"{engine}.parquet")
    assert (folder / "spark.parquet").read_bytes() == (folder / "duckdb.parquet").read_bytes()
    return read(folder / "spark.parquet"), read(folder / "duckdb.parquet")


def test_every_edge_and_what_cannot_be_counted(spark: ibis.BaseBackend, tmp_path: Path) -> None:
    values = [edge + step for edge in EDGES for step in (-1, 0, 1)]
    values += [LARGEST_KRW, LARGEST_KRW + 1, 2**63 - 1, -(2**63), None]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest($v::BIGINT[]) AS value_krw", {"v": values})
        connection.table("t").write_parquet(str(tmp_path / "shipments.parquet"))
    one, other = on_both(spark, tmp_path / "shipments.parquet", tmp_path)
    assert one.table.num_rows == len(EDGES)
    assert one.rows_rejected == other.rows_rejected == 2 + 4
    assert one.rows_read == len(values)


def test_shipments_with_gaps(spark: ibis.BaseBackend, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.sql(
            "SELECT CASE WHEN i % 97 > 0 THEN DATE '2023-11-15' + (i % 90)::INTEGER END AS date, "
            "CASE WHEN i % 5 > 0 THEN ['JP', 'US', '중국', 'a''b'][1 + i % 4] END AS destination, "
            "CASE WHEN i % 3 > 0 THEN (3304 + i % 9)::VARCHAR ELSE '' END AS item, "
            "(exp(9 + 3 * (hash(i) % 1000003) / 250000.0))::BIGINT - 8000 AS value_krw FROM range(200000) AS t(i)"
        ).write_parquet(str(tmp_path / "shipments.parquet"))
    one, other = on_both(spark, tmp_path / "shipments.parquet", tmp_path)
    assert one.table.equals(other.table)
    assert one.rows_read == 200_000
    assert sorted(one.inputs[0].counted) == ["", "2023-11", "2023-12", "2024-01", "2024-02"]
