"""What every panel of one run knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.answers.core import Modelled
from dashboard.ask import Asked
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.scenarios import Scenario


@dataclass(frozen=True)
class Run:
    """The scenario, its answer and how to say it; `names` holds those of destinations and items by code."""

    scenario: Scenario
    title: str
    modelled: Modelled
    input_ids: Sequence[str]
    names: Mapping[str, Mapping[str, str]]

    @property
    def asked(self) -> Asked:
        """The model's answer."""
        return self.modelled.asked

    @property
    def evidence(self) -> Evidence:
        """What receipts may cite."""
        return self.modelled.evidence

    @property
    def words(self) -> Words:
        """The reader's language."""
        return self.modelled.words
