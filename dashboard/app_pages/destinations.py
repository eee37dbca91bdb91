"""Destinations and items: one publication at a time as bars, map, treemap, ranks, or value against cases."""

import streamlit as st

from dashboard import address, cached, frame, naming, pictures, session
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
    offered = pictures.names(dimension, words)
    show = address.segments(_("Picture"), list(offered), "show", offered.__getitem__)
    measure = "share_value_pct"
    if show != "value-and-cases":
        measure = address.segments(_("Ranked"), list(measures), "by", measures.__getitem__)

series = cached.series()
named = naming.names_by_id(series, "series", words)
data = pictures.Data(cached.member_shares(), cached.member_levels(), cached.destinations(), named)
publications = members.publications(data.shares, named, measure, dimension, words)
wished = address.wish("publication")
chosen = address.select(
    _("Publication"),
    list(publications),
    "publication",
    publications.__getitem__,
    default=pictures.opening(show, data, list(publications), dimension, wished),
)
if wished and wished not in publications:
    st.info(frame.safe(members.moved_note(wished, chosen, named, dimension, words)))
series_id, _separator, period = chosen.partition(":")
frame.definition(naming.row(series, "series_id", series_id))
if series_id != "kcs_total":
    st.warning(
        _(
            "This publication covers another series than the customs total; do not set them against each other."
        )
    )

choice = members.Choice(dimension, measure, series_id, period)
period_name, other = naming.period_name(words), ""
if show == "ranks" and (earlier := members.earlier_periods(members.ranks(data.shares, choice), period)):
    other = address.select(_("Movement since"), earlier, "since", period_name)
elif show == "value-and-cases" and (cases := members.case_periods(data.shares, choice)):
    other = address.select(_("Share of cases of"), cases, "cases", period_name, within=chosen)

try:
    drawn = pictures.of(show, choice, data, evidence, other)
except pictures.NothingToShowError as nothing:
    st.info(frame.safe(nothing.advice))
    raise frame.NothingToDrawError from nothing
for column, each in zip(st.columns([3, 2][: len(drawn)]), drawn, strict=True):
    with column:
        frame.chart(each.heading, each.subtitle, each.figure, each.table, each.key, notes=each.notes)
if show == "ranks":
    frame.sheet(
        _("Ranks and movement"), pictures.movement(choice, data, evidence, other), "movement",
        note=_("A plus sign is a move towards the first place."),
    )  # fmt: skip
