"""The model on the project’s own data, each question answered once."""

from collections.abc import Callable

import duckdb
import pytest

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.i18n import Lang, words_for
from dashboard.model.priors import StandardNormals
from dashboard.naming import names_by_id
from tests.unit.answers.asked import Model


@pytest.fixture(scope="session")
def model(warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]) -> Model:
    rows = store.populations(warehouse).to_dict("records")
    return Model(
        store.population_rows(warehouse),
        store.assumption_rows(warehouse),
        {str(row["population_id"]): list(row["input_ids"]) for row in rows},
        evidences,
        StandardNormals.default(800),
        {},
    )


@pytest.fixture(scope="session")
def names(warehouse: duckdb.DuckDBPyConnection) -> Callable[[str, Lang], dict[str, str]]:
    return lambda kind, lang: names_by_id(store.table(warehouse, kind), kind, words_for(lang))
