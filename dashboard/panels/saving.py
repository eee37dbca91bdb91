"""Paperwork saved, break-even, and how people may respond; each response is off until it is switched on."""

import streamlit as st

from dashboard import address, frame, naming
from dashboard.answers import saving
from dashboard.panels.run import Run

_COSTS_KRW = (0, 10_000_000, 50_000_000, 100_000_000, 500_000_000, 1_000_000_000)


def show(run: Run) -> None:
    """The burden, the break-even of a cost, and mechanical against behavioural parts."""
    words, modelled = run.words, run.modelled
    _ = words.gettext
    frame.sheet(
        _("Paperwork saved a year"),
        saving.burden(modelled),
        "burden",
        note=_(
            "Standard Cost Model: fees where a broker files, else minutes times wage. The inputs are judgements that you may change."
        ),
    )
    costs = [naming.won_code(krw) for krw in _COSTS_KRW]
    cost = address.slide(
        _("Yearly cost of the change to set against it"), costs, "cost", naming.won(words), default=costs[3]
    )
    frame.sheet(_("Break-even"), saving.break_even(modelled, int(cost)), "break-even")
    frame.sheet(
        _("If people respond"),
        saving.behaviour(modelled),
        "behaviour",
        note=_(
            "Mechanical: as declared now. Responses are switched on above; the means of the parts add up."
        ),
    )
    st.caption(
        _(
            "Undoing split orders lowers the number of all declarations; undoing under-declaration changes no form."
        )
    )
