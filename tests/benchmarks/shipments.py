"""Shipments in Parquet to a histogram file: ours against SQL by hand, Polars and Spark, in time, memory and rows.

Run on demand: `uv run --group bench --extra spark python tests/benchmarks/shipments.py [--rows 1,10,100] [--times 5]`
(rows in millions; 1000 needs 6 GB of disk). Each run is a process of its own, so that its peak memory is its own; the
contenders take turns, so that a busy machine slows all of them alike, and ratios are taken turn by turn. Each writes what
it counted as Parquet. The data go to a temporary folder that is removed.
"""

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import ibis

from etl.histogram import write
from etl.shipments import from_backend, from_duckdb

THREADS = 2
MILLION = 1_000_000
LIMITS = {"time": 1.1, "memory_mb": 1000}

# Values: log-normal with a fifth on round numbers; destinations and items: a few hold most.
GENERATE = """
COPY (
    SELECT DATE '2024-01-01' + (h1 % 366)::INTEGER AS date,
        chr(65 + d // 26) || chr(65 + d % 26) AS destination,
        '33' || lpad(floor(30 * pow((h3 % 1000003) / 1000003.0, 2))::INTEGER::VARCHAR, 4, '0') AS item,
        greatest(1, CASE WHEN h4 % 5 = 0 THEN ceil(v / 10000) * 10000 ELSE v END)::BIGINT AS value_krw
    FROM (
        SELECT h1, h3, h4, floor(60 * pow((h2 % 1000003) / 1000003.0, 2))::INTEGER AS d,
            exp(10.5 + 0.9 * sqrt(-2 * ln((1 + h4 % 1000000007) / 1000000008.0)) * cos(2 * pi() * (h5 % 1000003) / 1000003.0)) AS v
        FROM (SELECT hash(i) AS h1, hash(-i) AS h2, hash(i + 1e12::BIGINT) AS h3, hash(i + 2e12::BIGINT) AS h4,
            hash(i + 3e12::BIGINT) AS h5 FROM range($first, $last) AS t(i))
    )
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
BY_HAND = """
COPY (
    SELECT {month} AS month, destination, item, '' AS channel,
        CASE WHEN value_krw <= 10000000 THEN (value_krw + 9999) // 10000
            WHEN value_krw <= 100000000 THEN 1000 + (value_krw - 10000000 + 99999) // 100000
            WHEN value_krw <= 1000000000 THEN 1900 + (value_krw - 100000000 + 999999) // 1000000
            WHEN value_krw <= 10000000000 THEN 2800 + (value_krw - 1000000000 + 9999999) // 10000000
            ELSE 3701 END::INTEGER AS bin,
        count(*) AS cases, sum(value_krw)::BIGINT AS value_krw
    FROM '{source}' WHERE value_krw > 0 GROUP BY ALL {order}
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": THREADS})


def ours(source: Path, target: Path) -> None:
    """The reduction and its file."""
    with _duckdb() as connection:
        reduced = from_duckdb(connection, "SELECT * FROM read_parquet($file)", {"file": str(source)})
    write(reduced.histogram("benchmark"), target)


def by_hand(source: Path, target: Path) -> None:
    """What somebody writes who wants the same table: months as text, in order."""
    with _duckdb() as connection:
        month = "strftime(date, '%Y-%m')"
        connection.execute(BY_HAND.format(month=month, source=source, target=target, order="ORDER BY ALL"))


def bare(source: Path, target: Path) -> None:
    """The quickest GROUP BY that we can write: months as dates, in any order, so not the same table; to compare, no limit."""
    with _duckdb() as connection:
        month = "date_trunc('month', date)"
        connection.execute(BY_HAND.format(month=month, source=source, target=target, order=""))


def polars(source: Path, target: Path) -> None:
    """The same table by Polars' streaming engine."""
    pl = importlib.import_module("polars")  # only where it runs: its memory is its own
    v = pl.col("value_krw")
    number = (
        pl.when(v <= 10**7)
        .then((v + 9_999) // 10**4)
        .when(v <= 10**8)
        .then(1000 + (v - 10**7 + 99_999) // 10**5)
        .when(v <= 10**9)
        .then(1900 + (v - 10**8 + 999_999) // 10**6)
        .when(v <= 10**10)
        .then(2800 + (v - 10**9 + 9_999_999) // 10**7)
        .otherwise(3701)
    )
    month = pl.col("date").dt.truncate("1mo").alias("month")
    counts = (
        pl.scan_parquet(source)
        .filter(v > 0)
        .group_by(month, "destination", "item", number.alias("bin"))
        .agg(pl.len().alias("cases"), v.sum())
    )
    counts.sink_parquet(target, compression="zstd", engine="streaming")


def spark(source: Path, target: Path) -> None:
    """The reduction on PySpark in local mode, and its file."""
    builder = (
        importlib.import_module("pyspark.sql")
        .SparkSession.builder.master(f"local[{THREADS}]")
        .config("spark.ui.enabled", "false")
    )
    session = (
        builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.memory", "4g").getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    write(from_backend(ibis.pyspark.connect(session).read_parquet(source)).histogram("benchmark"), target)
    session.stop()


NEEDS = {"polars": "polars", "spark": "pyspark"}
CONTENDERS = {run.__name__: run for run in (ours, by_hand, bare, polars, spark)}


def run_here(name: str, source: Path, target: Path) -> None:
    """One run in this process; prints seconds of wall and processor without the imports, and the peak memory in MB."""
    for package in {"polars": ["polars"], "spark": ["pyspark.sql"]}.get(name, []):
        importlib.import_module(package)
    started, used = time.perf_counter(), time.process_time()
    CONTENDERS[name](source, target)
    wall, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"wall": wall, "processor": processor, "peak": peak}))


def measured(name: str, source: Path, target: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--run", name, str(source), str(target)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}; what it said stands above")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def same_rows(one: Path, other: Path) -> bool:
    """Whether two files hold the same counts, however they are ordered and typed."""
    columns = "strftime(month::DATE, '%Y-%m') AS month, destination, item, bin::INTEGER, cases::BIGINT, value_krw::BIGINT"
    text = columns.replace("month::DATE", "(month || '-01')::DATE")
    with duckdb.connect() as connection:
        kinds = dict(connection.execute(f"SELECT name, type FROM parquet_schema('{other}')").fetchall())  # noqa: S608
        theirs = text if kinds["month"] == "BYTE_ARRAY" else columns
        a, b = f"SELECT {text} FROM '{one}'", f"SELECT {theirs} FROM '{other}'"  # noqa: S608 (own files)
        (differing,) = connection.execute(
            f"SELECT count(*) FROM ((({a}) EXCEPT ALL ({b})) UNION ALL (({b}) EXCEPT ALL ({a})))"  # noqa: S608
        ).fetchall()[0]
    return bool(differing == 0)


def generate(millions: int, folder: Path) -> Path:
    """A file of shipments, in parts of ten million so that memory does not matter."""
    source = folder / f"{millions}"
    source.mkdir()
    for part in range(0, millions, 10):
        with _duckdb() as connection:
            query = GENERATE.format(path=source / f"{part:05}.parquet")
            rows = {"first": part * MILLION, "last": min(part + 10, millions) * MILLION}
            connection.execute(
                query.replace("$first", str(rows["first"])).replace("$last", str(rows["last"]))
            )
    return source / "*.parquet"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def compare(millions: int, times: int, folder: Path, names: list[str]) -> dict[str, dict[str, float]]:
    """Medians of `times` turns in each of which every contender runs once."""
    source = generate(millions, folder)
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(times):
        for name in names:
            if name != "spark" or not turns[name]:  # once is enough: it is here for its rows
                turns[name].append(measured(name, source, folder / f"{name}.parquet"))
                sys.stderr.write(f"{millions} million, {name}: {turns[name][-1]}\n")
    equal = all(same_rows(folder / "ours.parquet", folder / f"{name}.parquet") for name in names)
    bytes_equal = (
        "spark" not in names
        or (folder / "ours.parquet").read_bytes() == (folder / "spark.parquet").read_bytes()
    )
    result = {}
    for name, runs in turns.items():
        ratios = [mine["wall"] / run["wall"] for mine, run in zip(turns["ours"], runs, strict=False)]
        busy = [mine["processor"] / run["processor"] for mine, run in zip(turns["ours"], runs, strict=False)]
        result[name] = {
            "wall": statistics.median(run["wall"] for run in runs),
            "processor": statistics.median(run["processor"] for run in runs),
            "peak": max(run["peak"] for run in runs),
            "ratio": statistics.median(ratios),
            "busy": statistics.median(busy),
        }
        say(
            f"{millions:>7} {name:<8} {result[name]['wall']:>8.2f} {result[name]['processor']:>8.2f} "
            f"{result[name]['wall'] / millions:>9.3f} {result[name]['peak']:>8.0f} {result[name]['ratio']:>7.2f} "
            f"{result[name]['busy']:>7.2f}"
        )
    say(
        f"{'':>7} same rows: {'yes' if equal else 'NO'}; same bytes on Spark: "
        + (("yes" if bytes_equal else "NO") if "spark" in names else "not run")
    )
    for path in folder.rglob("*.parquet"):
        path.unlink()
    return result


def main() -> int:
    """Prints the table; 1 where a limit of ours is broken at the largest size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1,10,100", help="millions, separated by commas")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", default=",".join(CONTENDERS), help="contenders, separated by commas")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        run_here(asked.run[0], Path(asked.run[1]), Path(asked.run[2]))
        return 0
    names = asked.only.split(",")
    if missing := [
        name for name, package in NEEDS.items() if name in names and not importlib.util.find_spec(package)
    ]:
        parser.error(
            f"{', '.join(missing)}: not installed; add --group bench and --extra spark, or name the others in --only"
        )
    say(
        f"{'M rows':>7} {'':<8} {'wall s':>8} {'CPU s':>8} {'s per M':>9} {'peak MB':>8} {'ours/it':>7} {'in CPU':>7}"
    )
    last: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for millions in map(int, asked.rows.split(",")):
            last = compare(millions, asked.times, Path(folder), names)
    kept = last["ours"]["peak"] <= LIMITS["memory_mb"]
    kept &= "by_hand" not in last or last["by_hand"]["ratio"] <= LIMITS["time"]
    kept &= "polars" not in last or last["polars"]["ratio"] < 1
    say("Within the limits." if kept else "A limit is broken.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
