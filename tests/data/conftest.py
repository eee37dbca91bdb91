"""The project's own figures, built once."""

from collections.abc import Iterator

import duckdb
import pytest

from etl.settings import ROOT, Settings
from etl.warehouse import build


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("built")
    built = build(Settings(ROOT / "data" / "reference", folder / "raw", folder), lambda _: None)
    with duckdb.connect(built.path, read_only=True) as opened:
        yield opened
