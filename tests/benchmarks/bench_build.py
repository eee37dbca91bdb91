"""How long a build takes, and how many times as long as a bare insert of as many rows.

Run on demand: `uv run python tests/benchmarks/bench_build.py [repetitions]`
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from etl.settings import ROOT, Settings
from etl.warehouse import build

REPETITIONS = 5


def whole_build(folder: Path) -> tuple[float, int]:
    """Seconds and rows of one build into an empty folder."""
    started = time.perf_counter()
    built = build(Settings(ROOT / "data" / "reference", folder / "raw", folder), lambda _: None)
    return time.perf_counter() - started, built.rows


def bare_insert(folder: Path, rows: int) -> float:
    """Seconds to open a new file, insert as many short rows in one statement, and close it."""
    started = time.perf_counter()
    with duckdb.connect(folder / "bare.duckdb") as connection:
        connection.execute("CREATE TABLE figure (id text PRIMARY KEY, value double)")
        names, values = [f"F{row}" for row in range(rows)], [float(row) for row in range(rows)]
        connection.execute(
            "INSERT INTO figure SELECT unnest(?::text[]), unnest(?::double[])", [names, values]
        )
    return time.perf_counter() - started


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    builds, inserts, rows = [], [], 0
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory() as folder:
            seconds, rows = whole_build(Path(folder))
            builds.append(seconds)
            inserts.append(bare_insert(Path(folder), rows))
    whole, bare = statistics.median(builds), statistics.median(inserts)
    sys.stdout.write(
        f"{rows} rows, median of {repetitions}: build {whole:.2f} s (budget 3 s), "
        f"bare insert {bare:.3f} s, ratio {whole / bare:.0f}\n"
    )


if __name__ == "__main__":
    main()
