"""The pages' only way to the data: what `store` reads, kept for as long as the warehouse file stays the same.

A run resolves the pointer once (`begin_run`), so that a build that lands in the middle never mixes two versions on a page.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import streamlit as st

from dashboard import store
from etl import warehouse
from etl.settings import Settings

_FILE = "data_file_of_this_run"

P = ParamSpec("P")
R = TypeVar("R")


class NoDataError(Exception):
    """Nothing was built yet."""


def begin_run() -> None:
    """Fix the warehouse file for this run of the script.

    Raises:
        NoDataError: there is none.
    """
    path = warehouse.current(Settings.from_environment())
    if path is None:
        raise NoDataError
    st.session_state[_FILE] = str(path)


def data_file() -> Path:
    """The warehouse file of this run."""
    return Path(st.session_state[_FILE])


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    connection.close()


@st.cache_resource(show_spinner=False, max_entries=2, on_release=_close)
def _connection(file: str) -> duckdb.DuckDBPyConnection:
    return store.connect(Path(file))


# One cached function for all readers: Streamlit tells functions apart by name and source, and closures share both.
@st.cache_data(show_spinner=False, max_entries=512)
def _read(file: str, reader: str, arguments: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> Any:
    with _connection(file).cursor() as cursor:  # a cursor a read: sessions run in threads
        return getattr(store, reader)(cursor, *arguments, **dict(named))


def _cached(reader: Callable[Concatenate[duckdb.DuckDBPyConnection, P], R]) -> Callable[P, R]:
    def read(*arguments: P.args, **named: P.kwargs) -> R:
        result: R = _read(st.session_state[_FILE], reader.__name__, arguments, tuple(named.items()))
        return result

    return read


data_version = _cached(store.data_version)
series = _cached(store.series)
trend = _cached(store.trend)
measures = _cached(store.measures)
totals = _cached(store.totals)
member_shares = _cached(store.member_shares)
member_levels = _cached(store.member_levels)
figures = _cached(store.figures)
limits = _cached(store.limits)
limits_in_force = _cached(store.limits_in_force)
populations = _cached(store.populations)
assumptions = _cached(store.assumptions)
contradictions = _cached(store.contradictions)
sources = _cached(store.sources)
facts = _cached(store.facts)
dictionary = _cached(store.dictionary)
table = _cached(store.table)
