"""The model's numbers with their receipts, and the answer in one sentence: ranges first, points never alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.ask import Asked
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.model.bounds import Bound
from dashboard.model.priors import Assumption
from dashboard.model.summaries import Summary
from dashboard.receipts import Number, Statement

# Two digits are all that an interval of this width supports.
DIGITS = 2


@dataclass(frozen=True)
class Range:
    """A modelled quantity: middle (median) and the ends of its 90% interval."""

    low: Number
    middle: Number
    high: Number


class Modelled:
    """Writes what the model said about one scenario, with the receipt of the data and priors behind it."""

    def __init__(self, asked: Asked, input_ids: Sequence[str], evidence: Evidence) -> None:
        self.asked = asked
        self.evidence = evidence
        self.words = evidence.words
        self._input_ids = list(input_ids)
        self._statements = tuple(assumption_sentence(each, self.words) for each in priors_in_use(asked))

    @property
    def input_ids(self) -> list[str]:
        """The published figures that the base rests on."""
        return self._input_ids

    def number(
        self, label: str, value: float, unit: str, *, digits: int = DIGITS, kind: str = "modelled"
    ) -> Number:
        """One modelled number; `kind` is "derived" for what follows without the model."""
        _ = self.words.gettext
        is_modelled = kind == "modelled"
        formula = (
            _("quantile over the draws of the Pareto-lognormal model")
            if is_modelled
            else _("bound, see the method")
        )
        return self.evidence.derived(
            label,
            value,
            unit,
            formula,
            self._input_ids,
            assumptions=self._statements if is_modelled else (),
            significant=digits,
            approximate=is_modelled,
            kind="modelled" if is_modelled else "derived",
        )

    def range(self, label: str, summary: Summary, unit: str) -> Range:
        """Median and 90% interval of one quantity."""
        low, middle, high = (
            self.number(label, value, unit) for value in (summary.p05, summary.p50, summary.p95)
        )
        return Range(low, middle, high)

    def interval(self, summary: Summary, unit: str, factor: float = 1.0) -> str:
        """The 90% interval in words, in `unit` after multiplying by `factor`."""
        _ = self.words.gettext
        lang = self.words.lang
        # counts share one unit; money names it twice, for USD 9 million to 1 billion
        low = formats.amount(factor * summary.p05, "" if unit == "cases" else unit, lang, significant=DIGITS)
        high = formats.amount(factor * summary.p95, unit, lang, significant=DIGITS)
        return self.words.fill(_("90% interval: {low} to {high}"), low=low, high=high)

    def ends(self, label: str, summary: Summary, unit: str, factor: float = 1.0) -> tuple[Number, Number]:
        """The ends of that interval with their receipts."""
        _ = self.words.gettext
        quantiles = {_("5%"): summary.p05, _("95%"): summary.p95}
        low, high = (
            self.number(f"{label} · {name}", factor * value, unit) for name, value in quantiles.items()
        )
        return low, high

    def sample_size(self) -> Statement:
        """How many draws the answer is worth."""
        _ = self.words.gettext
        label = _("Effective draws")
        number = self.number(label, self.asked.worlds.effective_sample_size, "", digits=4)
        drawn = formats.amount(self.asked.worlds.draws, "", self.words.lang)
        return Statement(
            self.words.fill(_("Effective draws: {number} of {drawn}."), number=number, drawn=drawn), (number,)
        )


def priors_in_use(asked: Asked) -> list[Assumption]:
    """The uncertain priors of the cases, and whatever the reader changed."""
    rows = asked.worlds.assumptions.for_population(asked.worlds.population.id)
    skipped = ("behaviour.", "burden.", "forecast.", "power.")
    return [
        row
        for name, row in rows.rows.items()
        if (row.uncertain and not name.startswith(skipped))
        or row.parameter in asked.worlds.assumptions.changed
    ]


def assumption_sentence(row: Assumption, words: Words) -> str:
    """One assumption with its centre and unit."""
    statement, unit = (row.statement_ko, row.unit_ko) if words.lang == "ko" else (row.statement_en, row.unit)
    return f"{statement}: {formats.amount(row.centre, '', words.lang, significant=3)} ({unit})"


def sentence(modelled: Modelled) -> tuple[str, tuple[Number, ...]]:
    """The answer in one sentence whose verb follows the interval, with the bound that needs no model."""
    words, asked = modelled.words, modelled.asked
    _ = words.gettext
    cases = asked.result.cases
    found = modelled.range(_("Newly qualifying"), cases, "cases")
    free = asked.bounds["assumption_free"]
    numbers: tuple[Number, ...] = (found.low, found.middle, found.high)
    if cases.p95 < 1:
        return _("By value, no shipment newly qualifies."), numbers
    message = _(
        "{middle} a year newly qualify by value, between {low} and {high} in nine of ten plausible worlds"
    )
    if cases.p05 < 1:
        message = _(
            "perhaps none and at most {high} a year newly qualify by value in nine of ten plausible worlds"
        )
    # English counts name their unit once: between 11,000 and 85,000 cases
    low = formats.amount(cases.p05, "" if words.lang == "en" else "cases", words.lang, significant=DIGITS)
    text = words.fill(message, middle=found.middle, low=low, high=bare(found.high))
    if isinstance(free, Bound):
        most = modelled.number(
            _("Newly qualifying, at most"), free.cases[1], "cases", digits=5, kind="derived"
        )
        text = words.fill(
            _("{sentence}; at most {most} whatever the distribution."), sentence=text, most=most
        )
        numbers = (*numbers, most)
    return text[:1].upper() + text[1:], numbers


def bare(number: Number) -> str:
    """The number's text without "about": an interval says that by itself."""
    return str(number).removeprefix("about ").removeprefix("약 ")
