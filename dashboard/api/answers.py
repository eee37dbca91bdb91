"""What the interface answers from: one warehouse file, resolved at each question, and the model on it.

A version of the data never changes, so what is kept is kept by the file's name.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from dashboard import scenarios, store
from dashboard.ask import Shared, ask, share
from dashboard.model.errors import Lang
from dashboard.model.priors import StandardNormals
from dashboard.scenarios import Scenario
from etl import warehouse
from etl.settings import Settings

R = TypeVar("R")


class NoDataError(Exception):
    """Nothing was built yet."""


def data_file() -> Path:
    """The warehouse file in use; NoDataError where there is none."""
    path = warehouse.current(Settings.from_environment())
    if path is None:
        raise NoDataError
    return path


@cache
def model_version() -> str:
    """Version of the model: the package's."""
    return version("yeokjikgu")


@lru_cache(maxsize=2)
def _connection(file: Path) -> duckdb.DuckDBPyConnection:
    return store.connect(file)


def read(file: Path, reader: Callable[[duckdb.DuckDBPyConnection], R]) -> R:
    """Read with one of `store`'s functions; a cursor a read, since questions run in threads."""
    with _connection(file).cursor() as cursor:
        return reader(cursor)


@lru_cache(maxsize=16)
def table(file: Path, reader: Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]) -> pd.DataFrame:
    """The same, kept: nobody changes the frame."""
    return read(file, reader)


@lru_cache(maxsize=2)
def data_version(file: Path) -> str:
    """Version of the data in the file."""
    return read(file, store.data_version)


@dataclass
class _Rows:
    populations: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]


@lru_cache(maxsize=2)
def _rows(file: Path) -> _Rows:
    return _Rows(read(file, store.population_rows), read(file, store.assumption_rows))


def populations(file: Path) -> list[dict[str, Any]]:
    """The populations that a simulation may name, as the model reads them."""
    return _rows(file).populations


@dataclass
class _Ahead:
    """Evaluates the limits that the page's sliders offer before anybody asks, in the worlds drawn last."""

    newest: Shared | None = None

    def begin(self, shared: Shared) -> None:
        """Go on with these worlds, beside whoever asks."""
        self.newest = shared
        threading.Thread(target=self.evaluate, args=(shared,), name="ahead", daemon=True).start()

    def evaluate(self, shared: Shared) -> None:
        """Evaluate until other worlds are drawn; rests as long as it works: who asks meanwhile, and the pages, come first."""
        for limit in shared.grid.limits_krw.tolist():
            if self.newest is not shared:
                return
            began = time.perf_counter()
            shared.grid.above(limit)
            time.sleep(time.perf_counter() - began)


_ahead = _Ahead()
_drawing = threading.Lock()


def _shared(file: Path, scenario: Scenario) -> Shared:
    # Who asks while another draws the same worlds waits for them rather than draw them again.
    with _drawing:
        return _drawn(file, scenarios.write(scenarios.anywhere(scenario)))


@lru_cache(maxsize=3)
def _drawn(file: Path, anywhere: str) -> Shared:
    rows = _rows(file)
    shared = share(scenarios.read(anywhere), rows.populations, rows.assumptions, StandardNormals.default())
    _ahead.begin(shared)
    return shared


@lru_cache(maxsize=128)
def simulated(file: Path, scenario: str, lang: Lang) -> dict[str, object]:
    """The answer to a scenario (TOML) as `simulate --json` prints it; ModelError says why it cannot be asked."""
    asked = scenarios.read(scenario)
    rows = _rows(file)
    answer = ask(asked, rows.populations, rows.assumptions, shared=_shared(file, asked))
    return answer.as_json(model_version(), data_version(file), lang)
