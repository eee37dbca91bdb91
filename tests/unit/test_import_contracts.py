"""The import contracts hold, see every module, and notice when one is broken."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dashboard", "etl")
LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]

CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

# Where the offence goes, what it imports, and which contract must notice.
OFFENCES = [
    ("dashboard/model/offence_1.py", "streamlit", "model"),
    ("dashboard/model/offence_2.py", "dashboard.formats", "dashboard-layers"),
    ("dashboard/charts/offence_1.py", "streamlit", "streamlit"),
    ("dashboard/charts/offence_2.py", "etl.warehouse", "pipeline"),
    ("dashboard/app_pages/offence_1.py", "dashboard.store", "store"),
    ("dashboard/app_pages/offence_2.py", "duckdb", "duckdb"),
    ("dashboard/app_pages/offence_3.py", "dashboard.app_pages.offence_1", "pages"),
    ("etl/settings.py", "dashboard.formats", "halves"),
    ("etl/settings.py", "etl.warehouse", "etl-layers"),
]


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LINT_IMPORTS, "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True, check=False
    )


def test_contracts_hold():
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert " 0 broken" in linted.stdout


def test_contracts_notice_every_offence(tmp_path: Path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in modules():
        copy = tmp_path / module.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, copy)
    for place, imported, _ in OFFENCES:
        with (tmp_path / place).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    linted = lint_imports(tmp_path)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    said = " ".join(linted.stdout.split())  # long lines are wrapped
    for place, imported, contract in OFFENCES:
        assert f"{CONTRACTS[contract]} BROKEN" in said
        offender = place.removesuffix(".py").replace("/", ".")
        assert re.search(rf"{re.escape(offender)} -> {re.escape(imported)} \(l", said), (
            offender,
            imported,
            said,
        )
    assert {contract for _, _, contract in OFFENCES} == set(CONTRACTS)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_escapes_the_contracts(package: str):
    # Without an __init__.py a folder is invisible to the import graph, and so to every contract.
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_model_imports_nothing_but_numbers():
    # The contract names what is forbidden; this names what is allowed.
    allowed = {*sys.stdlib_module_names, "numpy", "scipy"}
    foreign = set()
    for path in (ROOT / "dashboard" / "model").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [str(node.module)]
            foreign |= {
                (path.name, name)
                for name in names
                if name.partition(".")[0] not in allowed and not f"{name}.".startswith("dashboard.model.")
            }
    assert foreign == set()
