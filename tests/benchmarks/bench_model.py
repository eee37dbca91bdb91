"""How long an answer takes, step by step, beside a bare numpy pass over as many numbers.

Run on demand: `uv run python tests/benchmarks/bench_model.py [repetitions]`. What is left of the machine's speed in the
last column is the model's own work. Memory is what Python and numpy hold at their peak, two sets of assumptions alive.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np

from dashboard import ask, store
from dashboard.model.priors import StandardNormals
from dashboard.scenarios import Scenario
from etl.settings import ROOT, Settings
from etl.warehouse import build

REPETITIONS = 5
SWEPT_KRW = np.arange(2_200_000, 10_000_001, 200_000).astype(float)
MEGABYTE = 1e6
NUMBER = 8  # bytes


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, against its target, and the same for a bare pass."""

    name: str
    unit: str
    measured: float
    target: float
    bare: float

    def __str__(self) -> str:
        shown = f"{self.name:<38}{self.measured:>10.1f}{self.target:>10.0f} {self.unit:<3}"
        return f"{shown}{self.bare:>10.2f}{self.measured / self.bare:>9.1f}"


class Model:
    """The project's data; each asked scenario differs from all before, so that nothing is answered from memory."""

    def __init__(self, folder: Path) -> None:
        build(Settings(ROOT / "data" / "reference", folder / "raw", folder), lambda _: None)
        (file,) = folder.glob("*.duckdb")
        with store.connect(file) as connection:
            self.populations = store.population_rows(connection)
            self.assumptions = store.assumption_rows(connection)
        self.normals = StandardNormals.default()
        self._places = count()

    def changed(self) -> Scenario:
        """A scenario with an assumption that was not asked for before."""
        return Scenario(changed={"shape.s": 0.8 + next(self._places) / 1000})

    def headline(self) -> ask.Asked:
        return ask.ask(self.changed(), self.populations, self.assumptions, self.normals)

    def shared(self, asked: ask.Asked) -> ask.Shared:
        """What the limits of a scenario share, every one of the sweep evaluated."""
        found = ask.share(asked.scenario, self.populations, self.assumptions, self.normals)
        for limit in found.grid.limits_krw.tolist():
            found.grid.above(limit)
        return found

    def another_limit(self, asked: ask.Asked, shared: ask.Shared, to_krw: float) -> ask.Asked:
        """The whole answer to another limit, as the page asks for it: what no limit changes is handed in."""
        scenario = replace(asked.scenario, to_krw=to_krw)
        return ask.ask(scenario, self.populations, self.assumptions, self.normals, shared)


def milliseconds(work: Callable[[], object], repetitions: int) -> float:
    """Median time, after one that warms up."""
    work()
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def bare(numbers: int, repetitions: int) -> float:
    """Milliseconds of numpy's exponential over as many numbers, a block at a time as the model does it."""
    block = np.linspace(-1.0, 1.0, min(numbers, 12_500))
    return milliseconds(lambda: [np.exp(block) for _ in range(0, numbers, len(block))], repetitions)


def peak_megabytes(model: Model) -> float:
    """Peak of two sets of assumptions, each with its grid and sweep."""
    tracemalloc.start()
    kept = []
    for _ in range(2):
        grid = model.shared(model.headline()).grid
        kept.append((grid, grid.sweep(2e6, SWEPT_KRW.tolist())))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / MEGABYTE


def measured(model: Model, repetitions: int) -> Iterator[Row]:
    """The issue's five targets, in its order."""
    asked = model.headline()
    cells = asked.worlds.cells
    evaluated = cells.cases.size  # numbers at one limit
    kept = len(cells.destinations) + len(cells.items) + 2  # of each draw, by a grid
    held = kept * asked.worlds.draws
    shared = model.shared(asked)
    grid = shared.grid
    limits = len(grid.limits_krw)

    took = milliseconds(model.headline, repetitions)
    yield Row("headline after a changed assumption", "ms", took, 200, bare(2 * evaluated, repetitions))
    took = milliseconds(lambda: model.shared(asked), max(repetitions // 2, 1)) / 1000
    yield Row("grid, once a set of assumptions", "s", took, 4, bare(limits * evaluated, repetitions) / 1000)
    others = iter(2.05e6 + 1e4 * np.arange(700))
    took = milliseconds(lambda: model.another_limit(asked, shared, float(next(others))), repetitions)
    yield Row("another limit", "ms", took, 20, bare(2 * held, repetitions))
    took = milliseconds(lambda: grid.sweep(2e6, SWEPT_KRW.tolist()), repetitions)
    yield Row("whole sweep", "ms", took, 300, bare(len(SWEPT_KRW) * held, repetitions))
    yield Row("peak memory", "MB", peak_megabytes(model), 500, 2 * limits * held * NUMBER / MEGABYTE)


def main() -> None:
    """Print the table; exit with 1 where a target is missed."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    with tempfile.TemporaryDirectory() as folder:
        model = Model(Path(folder))
    sys.stdout.write(f"{'':<38}{'measured':>10}{'target':>10}    {'bare':>10}{'x bare':>9}\n")
    missed = []
    for row in measured(model, repetitions):
        sys.stdout.write(f"{row}\n")
        if row.measured > row.target:
            missed.append(row.name)
    if missed:
        raise SystemExit(f"beyond the target: {', '.join(missed)}")


if __name__ == "__main__":
    main()
