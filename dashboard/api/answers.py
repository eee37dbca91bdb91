"""What the interface answers from: one warehouse file, resolved at each question, and the model on it.

A version of the data never changes, so what is kept is kept by the file's name.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import duckdb
import pandas as pd

from dashboard import scenarios, store
from dashboard.ask import ask, draw
from dashboard.model.burden import SavingPerCase, saving_per_case
from dashboard.model.errors import Lang
from dashboard.model.priors import StandardNormals
from dashboard.model.simulate import Worlds, survival_grid
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


class _Shared:
    """What all limits share under the same assumptions: worlds, what lies above each limit, and the saving."""

    newest: ClassVar["_Shared | None"] = None

    def __init__(self, worlds: Worlds, saving: SavingPerCase) -> None:
        self.grid, self.saving = survival_grid(worlds), saving

    def evaluate_ahead(self) -> None:
        """Evaluate the limits that the page's sliders offer before anybody asks, until other worlds are drawn.

        It rests as long as it works: whoever asks meanwhile, and the pages, come first.
        """
        for limit in self.grid.limits_krw.tolist():
            if _Shared.newest is not self:
                return
            began = time.perf_counter()
            self.grid.above(limit)
            time.sleep(time.perf_counter() - began)


_drawing = threading.Lock()


def _shared(file: Path, scenario: Scenario) -> _Shared:
    # Who asks while another draws the same worlds waits for them rather than draw them again.
    plain = Scenario(population=scenario.population, assumptions=scenario.assumptions)
    asked = replace(
        plain,
        changed=scenario.changed,
        spread=scenario.spread,
        excluded_items=scenario.excluded_items,
        list_clearance_krw=scenario.list_clearance_krw,
    )
    with _drawing:
        return _drawn(file, scenarios.write(asked))


@lru_cache(maxsize=3)
def _drawn(file: Path, scenario: str) -> _Shared:
    rows, normals = _rows(file), StandardNormals.default()
    worlds = draw(scenarios.read(scenario), rows.populations, rows.assumptions, normals)
    base = worlds.assumptions.for_population(worlds.population.id)
    shared = _Shared.newest = _Shared(worlds, saving_per_case(base, normals))
    threading.Thread(target=shared.evaluate_ahead, name="ahead", daemon=True).start()
    return shared


@lru_cache(maxsize=128)
def simulated(file: Path, scenario: str, lang: Lang) -> dict[str, object]:
    """The answer to a scenario (TOML) as `simulate --json` prints it; ModelError says why it cannot be asked."""
    asked = scenarios.read(scenario)
    rows, shared = _rows(file), _shared(file, asked)
    answer = ask(
        asked,
        rows.populations,
        rows.assumptions,
        worlds=shared.grid.worlds,
        grid=shared.grid,
        saving=shared.saving,
    )
    return answer.as_json(model_version(), data_version(file), lang)
