"""What the interface answers from: one warehouse file, resolved at each question, and the model on it.

A version of the data never changes, so what is kept is kept by the file's name.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pandas as pd

from dashboard import scenarios, store
from dashboard.ask import ask, draw
from dashboard.model.burden import SavingPerCase, saving_per_case
from dashboard.model.errors import Lang
from dashboard.model.priors import StandardNormals
from dashboard.model.simulate import Above, SurvivalGrid, Worlds, above_limit, check_limits
from dashboard.scenarios import Scenario
from etl import warehouse
from etl.settings import Settings

# All that the page's slider offers; each takes about 1.2 MB.
_LIMITS_KEPT = 96

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
class _Shared:
    """What all limits share under the same assumptions, and what each limit asked for leaves above it."""

    worlds: Worlds
    saving: SavingPerCase
    above: dict[float, Above] = field(default_factory=dict)

    def grid(self, limits: tuple[float, ...]) -> SurvivalGrid:
        """A grid of these limits only, so that every one of them is exact."""
        found = {}
        for limit in limits:
            found[limit] = self.above.get(limit) or above_limit(self.worlds, limit)
        if len(self.above) > _LIMITS_KEPT:
            self.above = {}
        self.above = {**self.above, **found}
        order = sorted(found)
        return SurvivalGrid(self.worlds, np.array(order), tuple(found[limit] for limit in order))


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
    return _Shared(worlds, saving_per_case(base, normals))


@lru_cache(maxsize=128)
def simulated(file: Path, scenario: str, lang: Lang) -> dict[str, object]:
    """The answer to a scenario (TOML) as `simulate --json` prints it; ModelError says why it cannot be asked."""
    asked = scenarios.read(scenario)
    rows, shared = _rows(file), _shared(file, asked)
    check_limits(asked.from_krw, asked.to_krw, shared.worlds.assumptions.value("limit.highest_krw"))
    answer = ask(
        asked,
        rows.populations,
        rows.assumptions,
        worlds=shared.worlds,
        grid=shared.grid((asked.from_krw, *asked.via_krw, asked.to_krw)),
        saving=shared.saving,
    )
    return answer.as_json(model_version(), data_version(file), lang)
