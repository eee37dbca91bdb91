"""Overview: what this is, the headline figures, the customs total, destinations, what changed since."""

import streamlit as st

from dashboard import address, cached, charts, frame, law, naming, session, tables
from dashboard.findings import headlines, members, over_time

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Korea’s e-commerce exports and the limit of their simplified declaration"),
    _(
        "Published figures on what Korean sellers send abroad to online buyers (reverse direct purchase), each with its source. "
        "The simulator shows what a higher limit of the simplified export declaration changes: what is certain, and what is not."
    ),
)
totals, shares, limits = cached.totals("kcs_total"), cached.member_shares(), cached.limits_in_force()

with st.container(horizontal=True, key="headlines"):
    for item in headlines.headlines(totals, shares, limits, evidence):
        frame.headline(item.label, item.number, item.detail, item.key)

names = naming.measure_names(words)
measure = address.segments(
    _("Measure"), ["value_usd", "cases", "value_per_case_usd"], "total", names.__getitem__
)
points = totals[totals["metric_id"] == measure]
years, halves = points[points["frequency"] == "year"], points[points["frequency"] == "half"]
frame.chart(
    over_time.total_title(years, naming.measure_subjects(words)[measure], evidence),
    words.fill(
        _(
            "{measure}, customs total: list clearance, simplified and formal declarations; full years, first halves apart"
        ),
        measure=names[measure],
    ),
    charts.over_time(
        [charts.Line(_("full year"), years), charts.Line(_("first half"), halves, hollow=True)],
        law.limit_marks(limits, words),
        names[measure],
        words,
    ),
    tables.totals(
        totals[totals["frequency"].isin(["year", "half"])],
        {each: names[each] for each in ("value_usd", "value_krw", "cases", "value_per_case_usd")},
        evidence,
    ),
    "total",
    notes=[
        over_time.gap_note(years, words),
        _("The limit’s own effect cannot be read from these totals: other changes came at the same time."),
    ],
)

of_2023 = members.with_rest(
    members.publication(shares, "kcs_total", "share_value_pct", "2023", "destination"), "destination", words
)
values = members.publication(cached.member_levels(), "kcs_total", "value_usd", "2023", "destination")
frame.chart(
    members.members_title(of_2023, "destination", evidence),
    _("Share of export value by destination, 2023, customs total"),
    charts.ranked(members.bars(of_2023, "destination", words), "percent", _("Share of value (%)"), words),
    tables.members(
        of_2023, values, "destination", (_("Destination"), _("Share of value"), _("Value (USD)")), evidence
    ),
    "destinations-2023",
    notes=[
        _(
            "Only three destinations are published for this year. Shares of value and of cases differ: value per case is not the same everywhere."
        )
    ],
)

frame.statements(_("What changed since"), headlines.since_2023(shares, totals, limits, evidence), "since")
