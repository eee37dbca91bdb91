"""Scenarios side by side, and the causes of their difference in bars that add up."""

from collections.abc import Sequence

import pandas as pd

from dashboard import formats
from dashboard.answers.core import Modelled
from dashboard.i18n import Words
from dashboard.model.compare import Question, Step
from dashboard.tables import Cell, Table


def question(modelled: Modelled) -> Question:
    """The scenario as the model compares it."""
    asked = modelled.asked
    return Question(
        asked.worlds.population,
        asked.worlds.assumptions,
        asked.result.from_krw,
        asked.result.to_krw,
        asked.outcome.switches,
        asked.scenario.excluded_items,
    )


def side_by_side(all_modelled: Sequence[Modelled], names: Sequence[str]) -> Table:
    """One row a scenario: limits, newly qualifying with interval, value, won saved."""
    words = all_modelled[0].words
    _ = words.gettext
    lang = words.lang

    def won(krw: float) -> str:
        return formats.amount(krw, "KRW", lang, significant=None)

    cases, value, saved = _("Newly qualifying"), _("Their value"), _("Won saved")
    counted = _("Responses counted")
    columns: dict[str, Sequence[Cell]] = {
        _("Scenario"): list(names),
        _("Old limit"): [won(each.asked.result.from_krw) for each in all_modelled],
        _("New limit"): [won(each.asked.result.to_krw) for each in all_modelled],
        cases: [each.number(cases, each.asked.result.cases.p50, "cases") for each in all_modelled],
        _("5%"): [each.number(cases, each.asked.result.cases.p05, "cases") for each in all_modelled],
        _("95%"): [each.number(cases, each.asked.result.cases.p95, "cases") for each in all_modelled],
        counted: [
            each.number(counted, each.asked.outcome.summaries()["total"].p50, "declarations")
            for each in all_modelled
        ],
        value: [each.number(value, each.asked.result.value_krw.p50, "KRW") for each in all_modelled],
        saved: [each.number(saved, each.asked.burden.krw.p50, "KRW") for each in all_modelled],
    }
    return Table(columns)


def cause_names(words: Words) -> dict[str, str]:
    """Names of the causes of a difference."""
    _ = words.gettext
    return {
        "limits": _("limits"),
        "cases": _("number of shipments"),
        "value_per_case": _("value per case"),
        "mix": _("destinations and items"),
        "assumptions": _("assumptions"),
        "items": _("items that may not qualify"),
        "behaviour": _("responses"),
    }


def steps_frame(steps: Sequence[Step], words: Words) -> pd.DataFrame:
    """The bars of the waterfall: cause and change."""
    names = cause_names(words)
    return pd.DataFrame(
        {"name": [names[step.cause] for step in steps], "change": [step.change for step in steps]}
    )


def steps_table(steps: Sequence[Step], modelled: Modelled) -> Table:
    """The waterfall as a table."""
    _ = modelled.words.gettext
    names = cause_names(modelled.words)
    change, after = _("Change of the median"), _("Median after it")
    return Table(
        {
            _("Cause"): [names[step.cause] for step in steps],
            change: [modelled.number(change, step.change, "cases", digits=3) for step in steps],
            after: [modelled.number(after, step.after, "cases", digits=3) for step in steps],
        }
    )
