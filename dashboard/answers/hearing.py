"""Questions for the hearing: the weakest assumptions in the order of the tornado, and what we would answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.answers.core import Modelled, bare
from dashboard.answers.drivers import statement
from dashboard.i18n import Words
from dashboard.model.priors import Assumption
from dashboard.model.sensitivity import TornadoBar, tornado
from dashboard.receipts import Number, Statement
from dashboard.tables import Table

_MOST_QUESTIONS = 5
_LEAST_SHRINK = 0.005  # less than half a percent is the noise of the draws


@dataclass(frozen=True)
class Question:
    """One thing that a committee may doubt.

    `low` and `high` are the newly qualifying cases if the truth lies at the assumption's own 5% and 95% point, all others at
    their medians; `narrower` by how much the 90% interval shrinks once it is known, in percent.
    """

    assumption: Assumption
    asked: str
    centre: Number
    low: Number
    high: Number
    narrower: Number
    answer: Statement
    settled_by: str


def questions(modelled: Modelled) -> list[Question]:
    """The five assumptions that move the answer most, the longest bar of the tornado first; none where nothing can qualify."""
    asked = modelled.asked
    result = asked.result
    bars = tornado(asked.worlds.population, asked.worlds.assumptions, result.from_krw, result.to_krw)
    shrinks = {each.name: each.shrink for each in asked.settling()}
    if result.cases.p95 < 1:
        return []
    rows = asked.worlds.assumptions.for_population(asked.worlds.population.id).rows
    plain = {row.id: name for name, row in rows.items()}
    return [
        _question(bar, plain[bar.assumption.id], shrinks.get(plain[bar.assumption.id], 0.0), modelled)
        for bar in bars[:_MOST_QUESTIONS]
    ]


def table(found: Sequence[Question], words: Words) -> Table:
    """The questions, what each end would mean, our answer and what would settle it, a row a question."""
    _ = words.gettext
    return Table(
        {
            _("Question"): [each.asked for each in found],
            _("We assume"): [each.centre for each in found],
            _("Newly qualifying at its 5%"): [each.low for each in found],
            _("Newly qualifying at its 95%"): [each.high for each in found],
            _("Our answer"): [each.answer.text for each in found],
            _("The figure that would settle it"): [each.settled_by for each in found],
            _("Interval narrower by"): [each.narrower for each in found],
        }
    )


def ranges(found: Sequence[Question], words: Words) -> Table:
    """What each assumption would change if it were wrong, and by how much knowing it narrows the interval: few columns."""
    _ = words.gettext
    return Table(
        {
            _("Assumption"): [statement(each.assumption, words) for each in found],
            _("Newly qualifying at its 5%"): [each.low for each in found],
            _("Newly qualifying at its 95%"): [each.high for each in found],
            _("Interval narrower by"): [each.narrower for each in found],
        }
    )


def statements(found: Sequence[Question], words: Words) -> list[Statement]:
    """Each question with its answer and what would settle it, to be read out."""
    _ = words.gettext
    return [
        Statement(
            words.fill(
                _("{question} {answer} It would be settled by {figure}."),
                question=each.asked,
                answer=each.answer.text,
                figure=each.settled_by,
            ),
            each.answer.numbers,
        )
        for each in found
    ]


def title(found: Sequence[Question], words: Words) -> str:
    """What the questions are about."""
    _ = words.gettext
    if not found:
        return _("No question for the hearing: nothing newly qualifies")
    return words.fill(
        _("The first question will be: {assumption}"), assumption=statement(found[0].assumption, words)
    )


def _question(bar: TornadoBar, name: str, shrink: float, modelled: Modelled) -> Question:
    words, row = modelled.words, bar.assumption
    _ = words.gettext
    said = statement(row, words)
    unit = row.unit_ko if words.lang == "ko" else row.unit
    at_low, at_high = _("Newly qualifying at its 5%"), _("Newly qualifying at its 95%")
    low = modelled.number(f"{said} · {at_low}", bar.cases_at_low, "cases")
    high = modelled.number(f"{said} · {at_high}", bar.cases_at_high, "cases")
    known = shrink if shrink >= _LEAST_SHRINK else 0.0
    narrower = modelled.number(_("Interval narrower by"), 100 * known, "percent")
    centre = _chosen(said, row.centre, modelled)
    fewer, more = sorted((low, high), key=lambda each: each.receipt.value or 0.0)
    message = (
        _(
            "We take {centre} ({unit}) by our own judgement, as nobody publishes it; anywhere within its range "
            "between {fewer} and {more} a year newly qualify."
        )
        if row.judgement
        else _(
            "We take {centre} ({unit}) from a published figure; anywhere within its range between {fewer} and {more} "
            "a year newly qualify."
        )
    )
    # English counts name their unit once
    few = formats.amount(
        fewer.receipt.value, "" if words.lang == "en" else "cases", words.lang, significant=2
    )
    answer = Statement(
        words.fill(message, centre=centre, unit=unit, fewer=few, more=bare(more)), (centre, fewer, more)
    )
    return Question(
        row,
        words.fill(_("What if this is wrong: {assumption}?"), assumption=said),
        centre,
        low,
        high,
        narrower,
        answer,
        settled_by(name, words),
    )


def _chosen(label: str, value: float, modelled: Modelled) -> Number:
    _ = modelled.words.gettext
    formula = _("quantile of the assumption’s distribution")
    return modelled.evidence.derived(label, value, "", formula, significant=3, kind="assumed")


def settled_by(name: str, words: Words) -> str:
    """The figure to ask for, by the plain name of the assumption; the first prefix that fits counts."""
    _ = words.gettext
    figures = {
        "shape.s_item": _("declarations by item in bands of their value"),
        "shape.": _("a count of declarations in a few bands of their value, over a year"),
        "tail.": _("the share of shipments above ten times the average value"),
        "share.destination.": _("the value of all shipments by destination, for the same year"),
        "case_share.destination.": _("the number of all shipments by destination, for the same year"),
        "mean.destination.": _("value and number of shipments by destination, in one release"),
        "share.item.": _("the value of all shipments by item, for the same year"),
        "mean.item.": _("value and number of shipments by item, in one release"),
        "value.noise": _("the unrounded total value in won"),
        "cases.noise": _("the unrounded total number of shipments"),
        "mean.cell_noise": _("value and number of shipments by destination and item at once"),
        "share.cell_noise": _("the value of shipments by destination and item at once"),
    }
    return next(
        (figure for prefix, figure in figures.items() if name.startswith(prefix)),
        _("one official count of the declarations between the two limits"),
    )
