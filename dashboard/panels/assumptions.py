"""Every assumption as data: what it says, whose it is; each may be moved within its range, and is marked when it was."""

import streamlit as st

from dashboard import address, frame
from dashboard.answers import priors
from dashboard.i18n import Words
from dashboard.panels.run import Run

KEY, SPREAD = "assume", "spread"


def show(run: Run) -> None:
    """A form that moves one assumption, and the register of all."""
    words, worlds = run.words, run.asked.worlds
    _ = words.gettext
    base = worlds.population.id
    names = priors.editable(worlds.assumptions, base, words)
    chosen = st.selectbox(
        _("Assumption to change"), list(names), format_func=names.__getitem__, key="assumption|pick"
    )
    row = worlds.assumptions.for_population(base)[chosen]
    with st.form(key="assumption-form", border=True):
        centre = st.number_input(
            words.fill(_("Its centre ({unit})"), unit=row.unit_ko if words.lang == "ko" else row.unit),
            min_value=row.low,
            max_value=row.high,
            value=row.centre,
            format="%.6g",
            key=f"assumption|centre|{chosen}",
        )
        if st.form_submit_button(_("Use this value")):
            changes = {**run.scenario.changed, chosen: centre}
            address.put(KEY, priors.write_changes(changes))
            st.rerun()
    if run.scenario.changed or run.scenario.spread:
        take_back(words)
    frame.sheet(
        _("All assumptions"),
        priors.register(worlds.assumptions, base, words),
        "assumptions",
        note=_(
            "10,000 draws with a fixed seed; the soft anchor of the tail weighs them. Effective draws are shown below."
        ),
    )
    frame.statements("", [run.modelled.sample_size()], "sample-size")


def take_back(words: Words) -> None:
    """A button that takes all changes back."""
    _ = words.gettext
    if st.button(_("Take all changes back"), key="assumption|reset"):
        for key in (KEY, SPREAD):
            address.put(key, "")
        st.rerun()
