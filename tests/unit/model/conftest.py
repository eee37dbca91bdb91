"""What the model's tests share: the assumptions as shipped, the bases of the issue, and small draws."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, StandardNormals, read_assumptions

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def rows() -> list[Mapping[str, str]]:
    with (ROOT / "data/reference/assumptions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def reference(rows: list[Mapping[str, str]]) -> Assumptions:
    return read_assumptions(rows, "reference")


@pytest.fixture(scope="session")
def default(rows: list[Mapping[str, str]]) -> Assumptions:
    return read_assumptions(rows, "default")


@pytest.fixture(scope="session")
def bases() -> dict[str, Population]:
    return {
        base.id: base
        for base in (
            Population("total-2024", 2024, 61.17e6, 4.091e12),
            Population.in_usd("total-2021", 2021, 40.497e6, 1_745.187e6, 1_144.8911),
            Population.in_usd("declared-2021", 2021, 9.228e6, 708.132e6, 1_144.8911),
        )
    }


@pytest.fixture(scope="session")
def normals() -> StandardNormals:
    return StandardNormals.default()


@pytest.fixture(scope="session")
def few() -> StandardNormals:
    return StandardNormals.default(400)
