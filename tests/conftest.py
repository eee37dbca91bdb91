"""The project's own figures, built once for all tests that read the dashboard's half."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import settings

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.i18n import LANGUAGES, words_for
from dashboard.receipts import Version
from etl.settings import ROOT, Settings
from etl.warehouse import build
from tests.packs import Packs

# A busy machine is no bug.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built warehouse, as YEOKJIKGU_BUILT_DIR names it."""
    folder = tmp_path_factory.mktemp("dashboard-data")
    build(Settings(ROOT / "data" / "reference", folder / "raw", folder), lambda _: None)
    return folder


@pytest.fixture(scope="session")
def warehouse(data_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (file,) = data_folder.glob("*.duckdb")
    with store.connect(file) as connection:
        yield connection


@pytest.fixture(scope="session")
def evidences(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Evidence]:
    """What receipts cite, by language."""
    figures = store.figures(warehouse)
    return {lang: Evidence(figures, words_for(lang), Version("0123456789ab", "0.1.0")) for lang in LANGUAGES}


@pytest.fixture(scope="session")
def english(evidences: dict[str, Evidence]) -> Evidence:
    return evidences["en"]


@pytest.fixture(scope="session")
def korean(evidences: dict[str, Evidence]) -> Evidence:
    return evidences["ko"]


@pytest.fixture(scope="session")
def shares(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.member_shares(warehouse)


@pytest.fixture(scope="session")
def levels(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.member_levels(warehouse)


@pytest.fixture(scope="session")
def packs(warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]) -> Packs:
    """Board packs of some scenarios, each built once."""
    return Packs(warehouse, evidences)


@pytest.fixture
def office() -> str:
    """LibreOffice; a test that needs it is skipped without, or fails where it is required."""
    missing = [name for name in ("soffice", "pdftoppm") if shutil.which(name) is None]
    if missing:
        reason = f"not on this machine: {', '.join(missing)}"
        if os.environ.get("YEOKJIKGU_REQUIRE_OFFICE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return "soffice"
