"""What of the data a pack needs, and what it says about a scenario's base."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import naming
from dashboard.scenarios import OwnBase, Scenario


@dataclass(frozen=True)
class Known:
    """What of the data a pack needs, as `store` gives it."""

    populations: pd.DataFrame
    population_rows: Sequence[Mapping[str, Any]]
    assumption_rows: Sequence[Mapping[str, Any]]
    destinations: pd.DataFrame
    items: pd.DataFrame
    limits_in_force: pd.DataFrame
    series: pd.DataFrame
    terms: pd.DataFrame

    @classmethod
    def of(cls, read: Callable[..., Any]) -> "Known":
        """Read it by the names that `store` has for it."""
        return cls(
            populations=read("populations"),
            population_rows=read("population_rows"),
            assumption_rows=read("assumption_rows"),
            destinations=read("table", "destination"),
            items=read("table", "item"),
            limits_in_force=read("limits_in_force"),
            series=read("series"),
            terms=read("terms"),
        )

    def input_ids(self, scenario: Scenario) -> list[str]:
        """The published figures that the scenario's base rests on; an own base rests on none."""
        if isinstance(scenario.population, OwnBase):
            return []
        return list(naming.row(self.populations, "population_id", scenario.population)["input_ids"])
