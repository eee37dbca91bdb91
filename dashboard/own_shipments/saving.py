"""What the simplified form would save on the shipments that newly qualify."""

import numpy as np

from dashboard.answers.core import assumption_sentence
from dashboard.model.burden import SavingPerCase
from dashboard.model.priors import Assumptions
from dashboard.own_shipments.figures import Counted
from dashboard.receipts import Number
from dashboard.tables import Cell, Table

_MINUTES = 60
_QUANTILES = (0.5, 0.05, 0.95)


def ends(counted: Counted) -> tuple[Number, ...]:
    """The quantiles that the columns are, in percent."""
    label = counted.evidence.words.gettext("Quantile")
    return tuple(
        counted.evidence.derived(label, 100 * each, "percent", "", kind="assumed") for each in _QUANTILES[1:]
    )


def saved(counted: Counted, cases: int, priors: Assumptions, each: SavingPerCase) -> Table:
    """Hours and won, in all and on one declaration: median and 90% interval of our judgements on minutes and fees."""
    evidence = counted.evidence
    _ = evidence.words.gettext
    statements = [
        assumption_sentence(row, evidence.words)
        for name, row in priors.rows.items()
        if name.startswith("burden.")
    ]
    rows = {
        _("Hours saved"): (cases * each.hours, "hours"),
        _("Won saved"): (cases * each.krw, "KRW"),
        _("Minutes saved on one declaration"): (_MINUTES * each.hours, "minutes"),
        _("Won saved on one declaration"): (each.krw, "KRW"),
    }

    def number(label: str, value: float, unit: str) -> Number:
        return evidence.derived(
            label,
            value,
            unit,
            _("newly qualifying shipments × what one simplified declaration saves (Standard Cost Model)"),
            [counted.source()],
            assumptions=statements,
            significant=2,
            approximate=True,
            kind="modelled",
        )

    found = {
        label: [float(each) for each in np.quantile(draws, _QUANTILES)]
        for label, (draws, _unit) in rows.items()
    }
    units = {label: unit for label, (_draws, unit) in rows.items()}
    columns: dict[str, list[Cell]] = {_("Quantity"): list(rows)}
    for place, name in enumerate((_("Median"), _("5%"), _("95%"))):
        columns[name] = [number(label, values[place], units[label]) for label, values in found.items()]
    return Table(columns)
