"""The register of assumptions: what each says, its range, whose it is, and what a reader changed."""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from dashboard import formats
from dashboard.answers.core import Modelled
from dashboard.i18n import Words
from dashboard.model.priors import Assumption, Assumptions
from dashboard.tables import Table

# Settings of the computation, not judgements about shipments.
_SETTINGS = ("sweep.", "draws.", "limit.", "power.", "forecast.")


def in_use(assumptions: Assumptions, population_id: str) -> dict[str, Assumption]:
    """The priors that hold for a population, by plain name, without settings of the computation."""
    rows = assumptions.for_population(population_id)
    return {name: row for name, row in rows.rows.items() if not name.startswith(_SETTINGS)}


def register(assumptions: Assumptions, population_id: str, words: Words) -> Table:
    """Every prior in use: statement, centre, spread, range, unit, whose it is, alternatives; changed ones first."""
    _ = words.gettext
    lang = words.lang
    is_korean = lang == "ko"
    rows = sorted(
        in_use(assumptions, population_id).values(), key=lambda row: row.parameter not in assumptions.changed
    )

    def said(value: float) -> str:
        return formats.amount(value, "", lang, significant=3)

    def between(low: float, high: float) -> str:
        return f"{said(low)}~{said(high)}" if is_korean else f"{said(low)} – {said(high)}"

    def spread(row: Assumption) -> str:
        low, high = row.at(ndtri(np.array([0.05, 0.95]))).tolist()
        return between(low, high) if row.uncertain else formats.MISSING

    return Table(
        {
            _("Assumption"): [row.statement_ko if is_korean else row.statement_en for row in rows],
            _("Centre"): [said(row.centre) for row in rows],
            _("5% to 95%"): [spread(row) for row in rows],
            _("May be"): [between(row.low, row.high) for row in rows],
            _("Unit"): [row.unit_ko if is_korean else row.unit for row in rows],
            _("Whose"): [_("our judgement") if row.judgement else _("published") for row in rows],
            _("Changed"): [
                _("changed") if row.parameter in assumptions.changed else formats.MISSING for row in rows
            ],
            _("Alternatives"): [
                (row.alternatives_ko if is_korean else row.alternatives_en) or formats.MISSING for row in rows
            ],
        }
    )


def editable(assumptions: Assumptions, population_id: str, words: Words) -> dict[str, str]:
    """The priors that a reader may move, by plain name, with their statements."""
    return {
        name: row.statement_ko if words.lang == "ko" else row.statement_en
        for name, row in in_use(assumptions, population_id).items()
        if row.low < row.high
    }


def read_changes(text: str) -> dict[str, float]:
    """Changes as the address holds them, `parameter:centre` with commas between; ValueError where it is not that."""
    changes = {}
    for part in filter(None, text.split(",")):
        name, colon, value = part.partition(":")
        if not colon:
            raise ValueError(part)
        changes[name] = float(value)
    return changes


def write_changes(changes: Mapping[str, float]) -> str:
    """Changes for the address."""
    return ",".join(f"{name}:{value:.12g}" for name, value in changes.items())


def changed_note(modelled: Modelled) -> str:
    """Say it wherever an answer rests on assumptions that the reader changed."""
    words, assumptions = modelled.words, modelled.asked.worlds.assumptions
    _ = words.gettext
    if not assumptions.changed:
        return ""
    rows = [assumptions[name] for name in sorted(assumptions.changed)]
    named = "; ".join(row.statement_ko if words.lang == "ko" else row.statement_en for row in rows)
    return words.fill(_("Changed by you: {assumptions}"), assumptions=named)
