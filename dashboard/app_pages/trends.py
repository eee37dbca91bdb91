"""Trends: any series over time, or its members side by side; series of different definitions never share a line."""

import streamlit as st

from dashboard import address, cached, charts, frame, naming, session, views
from dashboard.findings import newest, over_time
from dashboard.panels import trend

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Trends"),
    _(
        "One series at a time: five official series share one name and are many times apart, "
        "so they are never joined. A missing year stays a gap."
    ),
)

measures, series = cached.measures(), cached.series()
totals = measures.query("destination_id == 'ALL' and item_id == 'ALL' and channel_id == 'ALL'")
named = naming.names_by_id(series, "series", words)
drawable = [each for each in named if each in set(totals["series_id"])]
metric_names, frequency_names = naming.measure_names(words), naming.frequency_names(words)

chosen = address.select(_("Series"), drawable, "series", named.__getitem__, default="kcs_total")
frame.definition(naming.row(series, "series_id", chosen))
of_series = totals[totals["series_id"] == chosen]
with st.container(horizontal=True, key="measure-frequency"):
    metrics = naming.offered_measures(of_series)
    metric = address.segments(_("Measure"), metrics, "measure", metric_names.__getitem__, within=chosen)
    there = set(of_series[of_series["metric_id"] == metric]["frequency"])
    frequencies = [each for each in frequency_names if each in there]
    frequency = address.segments(_("Frequency"), frequencies, "frequency", frequency_names.__getitem__)
    terms = trend.choose_terms(of_series, chosen, metric, frequency)
    source = terms.source(metric)
    split = trend.choose_split(measures[measures["series_id"] == chosen], chosen, source, frequency)
published = cached.trend(chosen, source, frequency=frequency)
points = terms.of(published)
members = trend.read_members(chosen, source, split, frequency, terms)
if points.empty:
    st.info(_("No year of this series has a price index. Choose the terms “As published”."))
    raise frame.NothingToDrawError

level = terms.axis(metric_names[metric], words)
with st.container(horizontal=True, key="headlines"):
    for item in newest.headlines(points, level, evidence):
        frame.headline(item.label, item.number, item.detail, item.key)

with st.container(horizontal=True, key="span"):
    periods = views.shared_periods(members) if members else points["period"].tolist()
    choice = trend.choose_view(periods, frequency, is_split=bool(members))
    neighbours = {} if members else trend.choose_neighbours(series, chosen, source, frequency, terms)
    is_marked = not members and address.switch(_("Events"), "events", default=True)
    axes = trend.choose_axes() if members else ""

if members:
    shown = views.of_members(choice, members, split, level, evidence)
else:
    shown = views.of(
        choice, points, metric, evidence, terms, {named[each]: line for each, line in neighbours.items()}
    )
if shown.is_empty:
    st.info(_("There are no two figures to compare in this view. Choose the level, or another comparison."))
    raise frame.NothingToDrawError
marks, events = trend.events(shown.points, is_on=is_marked)
both = " / ".join(named[each] for each in neighbours or [chosen])
parts = [shown.axis, both, frequency_names[frequency], *views.deflator(terms, words)]
subtitle = over_time.subtitle(shown.points, parts, words)
frame.chart(
    shown.heading,
    subtitle,
    charts.small_multiples(shown.lines, shown.axis, words, is_shared=axes == "shared")
    if members
    else charts.over_time(shown.lines, [], shown.axis, words, events=marks),
    shown.table,
    "trend",
    notes=[
        over_time.formula_note(shown.formula, words),
        *views.term_notes(terms, published, words),
        "" if members else over_time.gap_note(points, words),
        over_time.hollow_note(shown.points, words),
        over_time.conversion_note(points, words),
        *over_time.break_notes(chosen, [naming.row(series, "series_id", each) for each in neighbours], words),
        over_time.panels_note(axes, words) if members else "",
        over_time.monthly_note(words),
    ],
)
trend.list_events(events)
if members:
    trend.ranks(members, split, level, ", ".join(parts[1:]))
