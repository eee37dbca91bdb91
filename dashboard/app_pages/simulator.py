"""Simulator, first version: what follows without a distribution when the limit of the simplified declaration rises."""

import streamlit as st

from dashboard import address, answers, cached, charts, findings, frame, session

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("How many shipments newly qualify?"),
    _(
        "Nobody publishes how many shipments lie between two limits. What follows from the published totals alone is an upper bound; "
        "the lower bound is zero."
    ),
)

limits, populations = cached.limits_in_force(), cached.populations()
names = answers.population_names(populations, evidence)
chosen = address.select(_("Shipments of"), list(names), "population", names.__getitem__, default="total-2024")
cap = int(findings.in_force(limits, "list_clearance").iloc[-1]["limit_krw"])
steps = answers.limit_steps(cap)
left, right = st.columns(2)
with left:
    old = int(address.slide(_("Old limit (FOB)"), steps[:-1], "old", findings.won(words), default="2000000"))
with right:
    new = int(address.slide(_("New limit (FOB)"), steps[1:], "new", findings.won(words), default="4000000"))
if new <= old:
    st.warning(
        _(
            "The new limit is not above the old one, so no shipment newly qualifies. Move the new limit up or the old one down."
        )
    )
    raise frame.NothingToDrawError

question = answers.Question(findings.row(populations, "population_id", chosen), old, new, cap)
if question.needs_list_share:
    judged = findings.row(cached.assumptions(), "assumption_id", "list_clearance_value_share")
    percents = answers.list_shares(judged)
    share = address.slide(
        _("Assumed: share of value by list clearance (%)"),
        percents,
        "list_share",
        str,
        default=answers.list_share_default(judged),
    )
    question = question.with_list_share(int(share))
    st.caption(frame.safe(judged[f"statement_{words.lang}"]))
assumption = findings.list_share_statement(question.list_share, words)
result = answers.answer(question, assumption, evidence)

with st.container(horizontal=True, key="answers"):
    frame.headline(
        _("At most, no assumption at all"),
        result.assumption_free,
        _("shipments a year; value ÷ old limit"),
        "free",
    )
    detail = (
        _("list clearance is out of this population already")
        if question.is_declared
        else _("its goods are capped by law")
    )
    frame.headline(_("At most, list clearance taken out"), result.list_clearance_capped, detail, "capped")
    frame.headline(_("Share of all shipments, at most"), result.share_of_cases, names[chosen], "share")

frame.chart(
    answers.title(question, result, evidence),
    words.fill(
        _(
            "Upper bounds a year against the new limit, {population}; the truth lies between zero and the lowest line whose assumption holds"
        ),
        population=names[chosen],
    ),
    charts.bounds(
        answers.sweep(question),
        answers.bound_names(question, evidence),
        new,
        findings.limit_labels(limits, old, words),
        words,
    ),
    answers.sweep_table(question, assumption, evidence),
    "bounds",
    notes=[
        findings.population_note(is_declared=question.is_declared, words=words),
        _("Full years only: the season is strong, and a part year is never multiplied up."),
    ],
)
frame.statements(
    _("Below the limit of list clearance nothing changed"), findings.legal_basis(limits, evidence), "law"
)
