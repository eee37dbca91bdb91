"""Simulator: what is certain, what is modelled, what drives it and what would settle it."""

import streamlit as st

from dashboard import address, cached, frame, law, session
from dashboard.answers.core import Modelled
from dashboard.model.errors import ModelError
from dashboard.panels import answer, claimed, controls, pack, panels
from dashboard.panels.assumptions import take_back
from dashboard.panels.run import Run

words, evidence = session.words(), session.evidence()
_ = words.gettext
above = st.container()  # filled below, where a link is followed
frame.title(
    _("How many shipments newly qualify?"),
    _(
        "Nobody publishes how many shipments lie between two limits. Certain is an upper bound; between zero and that bound "
        "our model says what is plausible, and which assumption says so."
    ),
)

scenario = controls.scenario(words)
claimed.follow(scenario)
try:
    asked = cached.asked(scenario)
except ModelError as error:
    st.error(frame.safe(error.in_language(words.lang)))
    if scenario.changed or scenario.spread:
        take_back(words)
    raise frame.NothingToDrawError from None

input_ids = controls.input_ids(scenario)
run = Run(
    scenario,
    controls.title(scenario, words),
    Modelled(asked, input_ids, evidence),
    input_ids,
    controls.names(words),
)
claimed.says(run)
headlines = st.container()  # filled below: charts take longest to draw, so the browser gets them first
shown = panels(words)
chosen = address.segments(_("Show"), list(shown), "panel", lambda code: shown[code][0])
shown[chosen][1](run)
with headlines:
    answer.headline(run)

claimed.show(run, above)
pack.of_scenario(run)
frame.statements(
    _("Below the limit of list clearance nothing changed"),
    law.legal_basis(cached.limits_in_force(), evidence),
    "law",
)
