"""Paperwork saved, what would pay for a cost, and what people's responses add."""

from collections.abc import Sequence

from dashboard import formats
from dashboard.answers.core import Modelled, bare
from dashboard.i18n import Words
from dashboard.model.summaries import Summary
from dashboard.receipts import Statement
from dashboard.tables import Cell, Table


def burden(modelled: Modelled) -> Table:
    """Declarations, hours and won saved a year, and per declaration."""
    _ = modelled.words.gettext
    found = modelled.asked.burden
    return _quantities(
        [
            (
                _("Declarations that use the simplified form (uptake counted)"),
                found.declarations,
                "declarations",
            ),
            (_("Hours saved"), found.hours, "hours"),
            (_("Won saved"), found.krw, "KRW"),
            (_("Minutes saved on one declaration"), found.minutes_per_case, "minutes"),
            (_("Won saved on one declaration"), found.krw_per_case, "KRW"),
        ],
        modelled,
    )


def break_even(modelled: Modelled, cost_krw: int) -> Table:
    """How many declarations pay for a yearly cost, and how likely the saving exceeds it."""
    words = modelled.words
    _ = words.gettext
    found = modelled.asked.burden.break_even(cost_krw)
    few, middle, many = found.cases_needed
    needed, chance = _("Declarations that pay for it"), _("Chance that the saving exceeds it")
    return Table(
        {
            _("Yearly cost"): [formats.amount(cost_krw, "KRW", words.lang, significant=None)],
            needed: [modelled.number(needed, middle, "declarations")],
            _("5%"): [modelled.number(needed, few, "declarations")],
            _("95%"): [modelled.number(needed, many, "declarations")],
            chance: [modelled.number(chance, 100 * found.chance_that_saving_exceeds_cost, "percent")],
        }
    )


def behaviour(modelled: Modelled) -> Table:
    """Mechanical, each response that is on, and the total; means add up, so the mean stands first."""
    words = modelled.words
    _ = words.gettext
    names = part_names(words)
    outcome = modelled.asked.outcome
    found = outcome.summaries()
    if outcome.switches.splitting or outcome.switches.volume:
        weights = modelled.asked.worlds.weights
        found["all_declarations"] = Summary.of(outcome.change_in_all_declarations, weights)
    mean = _("Mean")
    columns: dict[str, Sequence[Cell]] = {
        _("Part"): [names[name] for name in found],
        mean: [
            modelled.number(names[name], summary.mean, "declarations", digits=3)
            for name, summary in found.items()
        ],
        _("5%"): [
            modelled.number(names[name], summary.p05, "declarations") for name, summary in found.items()
        ],
        _("95%"): [
            modelled.number(names[name], summary.p95, "declarations") for name, summary in found.items()
        ],
    }
    return Table(columns)


def with_responses(modelled: Modelled) -> Statement:
    """The answer once the responses that are switched on are counted."""
    words = modelled.words
    _ = words.gettext
    label = _("Newly simplified declarations, responses counted")
    found = modelled.range(label, modelled.asked.outcome.summaries()["total"], "declarations")
    text = words.fill(
        _(
            "With the responses that are switched on: {middle} a year, between {low} and {high}. "
            "The saving above counts them, the other numbers above do not."
        ),
        middle=found.middle,
        low=bare(found.low),
        high=bare(found.high),
    )
    return Statement(text, (found.low, found.middle, found.high))


def part_names(words: Words) -> dict[str, str]:
    """Names of the parts of the answer, by the model's."""
    _ = words.gettext
    return {
        "mechanical": _("mechanical: as declared now"),
        "excluded_confirmation": _("goods under confirmation stay out"),
        "excluded_reexport": _("re-exports on conditions stay out"),
        "excluded_breach": _("returns for breach of contract stay out"),
        "uptake": _("not all who may use it do"),
        "splitting": _("split orders are sent whole again"),
        "under_declaration": _("values declared too low are declared in full"),
        "volume": _("cheaper paperwork brings more trade"),
        "total": _("total"),
        "all_declarations": _("change in the number of all declarations"),
    }


def _quantities(rows: Sequence[tuple[str, Summary, str]], modelled: Modelled) -> Table:
    _ = modelled.words.gettext
    ranges = [modelled.range(label, summary, unit) for label, summary, unit in rows]
    return Table(
        {
            _("Quantity"): [label for label, _summary, _unit in rows],
            _("Median"): [each.middle for each in ranges],
            _("5%"): [each.low for each in ranges],
            _("95%"): [each.high for each in ranges],
        }
    )
