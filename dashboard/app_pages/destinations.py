"""Destinations and items: shares and levels of one publication, ranked, by value or by cases."""

import streamlit as st

from dashboard import address, cached, charts, frame, naming, session, tables
from dashboard.findings import members

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Destinations and items"),
    _(
        "Who buys and what is sold, as published: one publication at a time, "
        "because each covers other years, members and series."
    ),
)

dimensions = {"destination": _("Destinations"), "item": _("Items")}
measures = {"share_value_pct": _("By value"), "share_cases_pct": _("By cases")}
with st.container(horizontal=True, key="split-by"):
    dimension = address.segments(_("Split by"), list(dimensions), "split", dimensions.__getitem__)
    measure = address.segments(_("Ranked"), list(measures), "by", measures.__getitem__)

shares, levels, series = cached.member_shares(), cached.member_levels(), cached.series()
named = naming.names_by_id(series, "series", words)
publications = members.publications(shares, named, measure, dimension, words)
chosen = address.select(
    _("Publication"),
    list(publications),
    "publication",
    publications.__getitem__,
    default=members.default_publication(list(publications)),
    within=f"{dimension} {measure}",
)
series_id, _separator, period = chosen.partition(":")
definition = naming.row(series, "series_id", series_id)
frame.definition(definition)
if series_id != "kcs_total":
    st.warning(
        _(
            "This publication covers another series than the customs total; do not set them against each other."
        )
    )

published = members.publication(shares, series_id, measure, period, dimension)
shown = members.with_rest(published, dimension, words)
metric = members.level_metric(levels, series_id, measure, period)
member_name = {"destination": _("Destination"), "item": _("Item")}[dimension]
share_name = {"share_value_pct": _("Share of value"), "share_cases_pct": _("Share of cases")}[measure]
frame.chart(
    members.members_title(shown, dimension, evidence),
    words.fill(_("{share}, {publication}"), share=share_name, publication=publications[chosen]),
    charts.ranked(
        members.bars(shown, dimension, words),
        "percent",
        words.fill(_("{share} (%)"), share=share_name),
        words,
    ),
    tables.members(
        shown,
        members.publication(levels, series_id, metric, period, dimension),
        dimension,
        (member_name, share_name, naming.measure_names(words)[metric]),
        evidence,
    ),
    "members",
    notes=[*members.caveats(shown, words), members.groups_note(shown, words)],
)
