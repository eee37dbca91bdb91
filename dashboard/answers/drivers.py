"""What drives the answer, where its uncertainty comes from, what figure would settle it."""

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.answers.core import Modelled
from dashboard.i18n import Words
from dashboard.model.priors import Assumption, StandardNormals
from dashboard.model.sensitivity import at_medians, tornado, variance_shares
from dashboard.receipts import Number
from dashboard.tables import Table

_MOST_BARS = 10
_MOST_ROWS = 10
_SECOND_SEED = 20260626
_SPLIT_DRAWS = 4_000


def bars(modelled: Modelled) -> pd.DataFrame:
    """The longest bars of the tornado: name, low_label, high_label, cases_at_low, cases_at_high."""
    asked, words = modelled.asked, modelled.words
    found = tornado(
        asked.worlds.population, asked.worlds.assumptions, asked.result.from_krw, asked.result.to_krw
    )
    return pd.DataFrame(
        [
            {
                "name": statement(bar.assumption, words),
                "low_input": bar.low_input,
                "high_input": bar.high_input,
                "low_label": formats.amount(bar.low_input, "", words.lang, significant=3),
                "high_label": formats.amount(bar.high_input, "", words.lang, significant=3),
                "cases_at_low": bar.cases_at_low,
                "cases_at_high": bar.cases_at_high,
            }
            for bar in found[:_MOST_BARS]
        ]
    )


def centre(modelled: Modelled) -> float:
    """Newly qualifying shipments with every input at its median."""
    asked = modelled.asked
    return at_medians(
        asked.worlds.population, asked.worlds.assumptions, asked.result.from_krw, asked.result.to_krw
    )


def bars_table(rows: pd.DataFrame, modelled: Modelled) -> Table:
    """The tornado as a table, and last where its bars begin."""
    _ = modelled.words.gettext
    at_low, at_high = _("Newly qualifying at its 5%"), _("Newly qualifying at its 95%")
    middle = _("every input in its middle")
    between = modelled.number(middle, centre(modelled), "cases")
    inputs = rows.to_dict("records")

    def chosen(name: str, value: float) -> Number:
        formula = _("quantile of the assumption’s distribution")
        return modelled.evidence.derived(name, value, "", formula, significant=3, kind="assumed")

    return Table(
        {
            _("Assumption"): [*rows["name"], middle],
            _("Its 5%"): [*(chosen(row["name"], row["low_input"]) for row in inputs), formats.MISSING],
            at_low: [*(modelled.number(at_low, value, "cases") for value in rows["cases_at_low"]), between],
            _("Its 95%"): [*(chosen(row["name"], row["high_input"]) for row in inputs), formats.MISSING],
            at_high: [
                *(modelled.number(at_high, value, "cases") for value in rows["cases_at_high"]),
                between,
            ],
        }
    )


def variance(modelled: Modelled) -> Table:
    """Shares of the variance of the logarithm, by group of assumptions."""
    asked, words = modelled.asked, modelled.words
    _ = words.gettext
    first = StandardNormals.default(_SPLIT_DRAWS)
    second = StandardNormals(np.random.default_rng(_SECOND_SEED), _SPLIT_DRAWS)
    names = {
        "data": _("published figures and their splits"),
        "tail": _("shape of the tail"),
        "heterogeneity": _("differences between destinations and items"),
        "behaviour": _("behaviour"),
        "cost": _("cost of paperwork"),
    }
    question = (asked.worlds.population, asked.worlds.assumptions, asked.result.from_krw, asked.result.to_krw)
    shares = variance_shares(*question, first, second, of_saving=True)
    cases = variance_shares(*question, first, second)
    of_cases, of_saving = _("Of newly qualifying shipments"), _("Of the won saved")
    return Table(
        {
            _("Cause"): [names[group] for group in shares],
            of_cases: [modelled.number(of_cases, 100 * cases.get(group, 0.0), "percent") for group in shares],
            of_saving: [modelled.number(of_saving, 100 * share, "percent") for share in shares.values()],
        }
    )


def settled_by(modelled: Modelled) -> Table:
    """Inputs and publishable figures, ranked by how much narrower the interval gets once one is known."""
    asked, words = modelled.asked, modelled.words
    _ = words.gettext
    found = asked.settling()[:_MOST_ROWS]
    rows = asked.worlds.assumptions.for_population(asked.worlds.population.id)
    label = _("Interval narrower by")
    return Table(
        {
            _("Figure"): [figure_name(each.name, rows.rows.get(each.name), words) for each in found],
            label: [modelled.number(label, 100 * max(each.shrink, 0.0), "percent") for each in found],
        }
    )


def figure_name(name: str, row: Assumption | None, words: Words) -> str:
    """An input by its statement, or a figure that a customs office could publish."""
    _ = words.gettext
    if row is not None:
        return statement(row, words)
    known = {
        "count_in_band": _("number of declarations between the two limits (one official count)"),
        "mean_value_in_band": _("average value of the declarations between the two limits"),
        "share_above_multiple_of_mean": _("share of shipments above ten times the average"),
    }
    if name in known:
        return known[name]
    krw = float(name.rpartition("_")[2])
    return words.fill(_("share of shipments above {limit}"), limit=formats.amount(krw, "KRW", words.lang))


def statement(row: Assumption, words: Words) -> str:
    """What an assumption says, in the reader's language."""
    return row.statement_ko if words.lang == "ko" else row.statement_en
