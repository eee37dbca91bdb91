"""Answers of the model on few draws, and the tables that tell them."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import ask
from dashboard.answers.core import Modelled
from dashboard.evidence import Evidence
from dashboard.i18n import Lang
from dashboard.model.priors import StandardNormals
from dashboard.receipts import Number
from dashboard.scenarios import STEPS, Scenario
from dashboard.tables import Table

FREE = 2_045_500  # 4.091tn / 2M


PLAIN = Scenario()


NOTHING = Scenario(from_krw=4e6, to_krw=4e6)


STACKED = PLAIN.on(STEPS["2m-5m"])


@dataclass(frozen=True)
class Model:
    """The project's data, few draws, and every answer given once."""

    populations: list[dict[str, object]]
    assumptions: list[dict[str, object]]
    input_ids: Mapping[str, list[str]]
    evidences: Mapping[str, Evidence]
    normals: StandardNormals
    kept: dict[str, ask.Asked]

    def __call__(self, scenario: Scenario = PLAIN, lang: Lang = "en") -> Modelled:
        key = repr(scenario)
        if key not in self.kept:
            self.kept[key] = ask.ask(scenario, self.populations, self.assumptions, self.normals)
        base = scenario.population
        ids = self.input_ids[base] if isinstance(base, str) else []
        return Modelled(self.kept[key], ids, self.evidences[lang])


def values(table: Table, column: int) -> list[float]:
    """The values behind the numbers of a column."""
    cells = list(table.columns.values())[column]
    return [
        cell.receipt.value for cell in cells if isinstance(cell, Number) and cell.receipt.value is not None
    ]
