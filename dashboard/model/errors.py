"""What can be wrong with a question put to the model: named, one sentence, in Korean and in English."""

from typing import Literal

Lang = Literal["ko", "en"]


class ModelError(ValueError):
    """A question that the model cannot answer; `ko` and `en` say why and what to do."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en

    def in_language(self, lang: Lang) -> str:
        """Return the sentence in one of the two languages."""
        return self.ko if lang == "ko" else self.en


class LimitError(ModelError):
    """A limit that is no amount of money, out of range, or an old limit above the new one."""


class PopulationError(ModelError):
    """A base whose cases, value or shares cannot be those of real shipments."""


class AssumptionError(ModelError):
    """An assumption that is missing, malformed or outside the range a user may pick."""


class InfeasibleAnchorsError(ModelError):
    """Published or user-given shares that contradict the mean or each other."""


class HistogramError(ModelError):
    """Counts by value that do not fit their edges, or are too few for what is asked of them."""
