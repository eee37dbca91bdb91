"""A built warehouse to read, and a copy of the reference files to break."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from etl.settings import ROOT, Settings
from etl.warehouse import Build, build
from tests.etl.desk import Desk, asking
from tests.fake_apis import FakeServer, serving

Rows = list[list[str]]


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's reference files as they are when the tests start."""
    folder = tmp_path_factory.mktemp("project") / "reference"
    return Path(shutil.copytree(ROOT / "data" / "reference", folder))


@pytest.fixture(scope="session")
def built(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Build]:
    """The project's figures, built once into a folder of the tests."""
    folder = tmp_path_factory.mktemp("built")
    settings = Settings(reference, folder / "raw", folder)
    return settings, build(settings, lambda _: None)


@pytest.fixture(scope="session")
def connection(built: tuple[Settings, Build]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(built[1].path, read_only=True) as opened:
        yield opened


@pytest.fixture
def copied_reference(reference: Path, tmp_path: Path) -> Path:
    """The reference files, for one test to break."""
    return Path(shutil.copytree(reference, tmp_path / "reference"))


@pytest.fixture
def settings(built: tuple[Settings, Build], copied_reference: Path, tmp_path: Path) -> Settings:
    """The copied reference files, and the built data in use in a folder of the test's own."""
    folder = tmp_path / "built"
    # Linked, not copied: a built file is never changed.
    shutil.copytree(built[0].built_dir, folder, copy_function=os.link)
    return Settings(copied_reference, tmp_path / "raw", folder)


@pytest.fixture
def rewrite(copied_reference: Path) -> Callable[[str, Callable[[Rows], Rows]], None]:
    """Read all cells of a file, header first, pass them to a function and write what it returns."""

    def apply(file: str, edit: Callable[[Rows], Rows]) -> None:
        path = copied_reference / file
        with path.open(encoding="utf-8", newline="") as source:
            rows = list(csv.reader(source))
        with path.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(edit(rows))

    return apply


@pytest.fixture
def change(rewrite: Callable[[str, Callable[[Rows], Rows]], None]) -> Callable[..., None]:
    """`change(file, key, column=text)` sets cells of the one row whose first cell is `key`."""

    def apply(file: str, key: str, **cells: str) -> None:
        def edit(rows: Rows) -> Rows:
            (row,) = (row for row in rows if row[0] == key)
            for column, text in cells.items():
                assert row[rows[0].index(column)] != text, "the test changes nothing"
                row[rows[0].index(column)] = text
            return rows

        rewrite(file, edit)

    return apply


@pytest.fixture
def add(
    rewrite: Callable[[str, Callable[[Rows], Rows]], None], change: Callable[..., None]
) -> Callable[..., None]:
    """`add(file, like, key, column=text)` appends a copy of the row `like` under a new key and sets cells."""

    def apply(file: str, like: str, key: str, **cells: str) -> None:
        rewrite(file, lambda rows: rows + [[key, *row[1:]] for row in rows if row[0] == like])
        change(file, key, **cells)

    return apply


@pytest.fixture
def drop(rewrite: Callable[[str, Callable[[Rows], Rows]], None]) -> Callable[[str, str], None]:
    """`drop(file, key)` removes the one row whose first cell is `key`."""

    def apply(file: str, key: str) -> None:
        def edit(rows: Rows) -> Rows:
            assert [row[0] for row in rows].count(key) == 1
            return [row for row in rows if row[0] != key]

        rewrite(file, edit)

    return apply


@pytest.fixture(scope="session")
def publishers() -> Iterator[FakeServer]:
    """All publishers on one port, up for the whole run since a server takes half a second to stop."""
    with serving() as server:
        yield server


@pytest.fixture
def desk(publishers: FakeServer) -> Iterator[Desk]:
    """A refresh's way to ask them, with all keys; the faults that a test switches on go off again."""
    with asking(publishers) as opened:
        yield opened
