"""The pages' only way to the data: what `store` reads, kept for as long as the warehouse file stays the same.

A run resolves the pointer once (`begin_run`), so that a build that lands in the middle never mixes two versions on a page.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import numpy as np
import streamlit as st

from dashboard import claims, scenarios, store
from dashboard.ask import OWN, Asked, Shared, ask, share
from dashboard.ask import assumptions as own_assumptions
from dashboard.claims import Account, Claim
from dashboard.model.burden import SavingPerCase, saving_per_case
from dashboard.model.errors import ModelError
from dashboard.model.priors import Assumptions, StandardNormals
from dashboard.model.simulate import SweepPoint
from dashboard.scenarios import Scenario
from etl import warehouse
from etl.settings import Settings

_FILE = "data_file_of_this_run"
_DRAWS_PER_BASE = 2_000

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
members = _cached(store.members)
events = _cached(store.events)
price_index = _cached(store.price_index)
yearly_rates = _cached(store.yearly_rates)
totals = _cached(store.totals)
member_shares = _cached(store.member_shares)
member_levels = _cached(store.member_levels)
destinations = _cached(store.destinations)
figures = _cached(store.figures)
market = _cached(store.market)
market_metrics = _cached(store.market_metrics)
destination_rules = _cached(store.destination_rules)
currency_rates = _cached(store.currency_rates)
limits = _cached(store.limits)
limits_in_force = _cached(store.limits_in_force)
populations = _cached(store.populations)
population_rows = _cached(store.population_rows)
assumptions = _cached(store.assumptions)
assumption_rows = _cached(store.assumption_rows)
former_assumption_rows = _cached(store.former_assumption_rows)
market_assumption_rows = _cached(store.market_assumption_rows)
published_totals = _cached(store.published_totals)
contradictions = _cached(store.contradictions)
sources = _cached(store.sources)
facts = _cached(store.facts)
dictionary = _cached(store.dictionary)
terms = _cached(store.terms)
five_series = _cached(store.five_series)
reconciliations = _cached(store.reconciliations)
table = _cached(store.table)
datasets = _cached(store.datasets)
freshness = _cached(store.freshness)
revisions = _cached(store.revisions)
watched = _cached(store.watched)
monthly_lines = _cached(store.monthly_lines)
monthly_exports = _cached(store.monthly_exports)
online_members = _cached(store.online_members)
online_trade = _cached(store.online_trade)


# The model's draws and grids are large and never changed: they are shared, not copied.
@st.cache_resource(show_spinner=False, max_entries=1)
def _normals() -> StandardNormals:
    return StandardNormals.default()


# A grid holds about 95 MB once every limit has been asked for.
@st.cache_resource(show_spinner=False, max_entries=2)
def _shared(file: str, anywhere: str) -> Shared:
    del file  # part of the key: other data, another answer
    return share(scenarios.read(anywhere), population_rows(), assumption_rows(), _normals())


@st.cache_resource(show_spinner=False, max_entries=8)
def _asked(file: str, scenario: str) -> Asked:
    read = scenarios.read(scenario)
    shared = _shared(file, _anywhere(read))
    return ask(read, population_rows(), assumption_rows(), _normals(), shared)


def _anywhere(scenario: Scenario) -> str:
    return scenarios.write(scenarios.anywhere(scenario))


def reader() -> Callable[..., Any]:
    """What reads from the file of this run by the name of a reader in `store`, also when the run has ended."""
    file = st.session_state[_FILE]
    return lambda name, *arguments: _read(file, name, arguments, ())


def asked(scenario: Scenario) -> Asked:
    """The model's answer to a scenario; ModelError where it cannot be asked."""
    return _asked(st.session_state[_FILE], scenarios.write(scenario))


@st.cache_resource(show_spinner=False, max_entries=16)
def _account(file: str, scenario: str, claim: Claim) -> Account:
    asked = _asked(file, scenario)
    return claims.account(claim, asked, population_rows(), assumption_rows(), former_assumption_rows())


def account(scenario: Scenario, claim: Claim) -> Account:
    """Why today's answer to a scenario is another one than a link claims."""
    return _account(st.session_state[_FILE], scenarios.write(scenario), claim)


@st.cache_resource(show_spinner=False, max_entries=16)
def _on_each_base(file: str, scenario: str) -> dict[str, Asked]:
    del file  # part of the key: other data, another answer
    read, rows = scenarios.read(scenario), population_rows()
    few = StandardNormals.default(_DRAWS_PER_BASE)
    found = {}
    for base in (str(row["population_id"]) for row in rows):
        # What a reader knows of one base's values, or moved in its range, may be impossible for another.
        with suppress(ModelError):
            found[base] = ask(replace(read, population=base, anchors=()), rows, assumption_rows(), few)
    return found


def on_each_base(scenario: Scenario) -> dict[str, Asked]:
    """The same question to each population that it can be put to, with fewer draws: enough to set them side by side."""
    return _on_each_base(
        st.session_state[_FILE], scenarios.write(replace(scenario, population=Scenario().population))
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _kept(file: str, what: str, scenario: str, reader: str, _build: Callable[[], Any]) -> Any:
    del file, what, scenario, reader  # the key
    return _build()


def kept(what: str, scenario: Scenario, lang: str, build: Callable[[], R]) -> R:
    """Pictures and tables of an answer, built once for scenario, language and theme; `what` names them, nobody changes them."""
    reader = f"{lang} {st.context.theme.type}"
    made: R = _kept(st.session_state[_FILE], what, scenarios.write(scenario), reader, build)
    return made


@st.cache_resource(show_spinner=False, max_entries=2)
def _saving(file: str) -> tuple[Assumptions, SavingPerCase]:
    del file  # part of the key: other data, another answer
    priors = own_assumptions(assumption_rows(), Scenario()).for_population(OWN)
    return priors, saving_per_case(priors, _normals())


def saving_on_own() -> tuple[Assumptions, SavingPerCase]:
    """The priors for a reader's own shipments, and what they say one simplified declaration saves."""
    return _saving(st.session_state[_FILE])


def sweep(scenario: Scenario, highest_krw: float, step_krw: float) -> list[SweepPoint]:
    """The answer for every new limit from the old one to `highest_krw`, won; one pass serves all limits."""
    shared = _shared(st.session_state[_FILE], _anywhere(scenario))
    limits = np.arange(scenario.from_krw + step_krw, highest_krw + 1, step_krw)
    return shared.grid.sweep(scenario.from_krw, sorted({*map(float, limits), float(scenario.to_krw)}))
