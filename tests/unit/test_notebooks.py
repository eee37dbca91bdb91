"""Every notebook is stored without outputs and runs from top to bottom, without Jupyter."""

import json
from pathlib import Path
from typing import Any

import pytest

from etl.settings import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text("utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_cleared(path: Path):
    assert json.loads(path.read_text("utf-8"))["nbformat"] == 4
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing_that_could_be_reused(path: Path):
    for cell in cells(path, "code"):
        assert not {"def", "class"} & {line.split(" ")[0] for line in source(cell).splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells(path, "code"), start=1):
        code = compile(source(cell), f"{path.name}, code cell {number}", "exec")
        exec(code, names)  # noqa: S102 (our own cells)
