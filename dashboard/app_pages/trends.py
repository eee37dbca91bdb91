"""Trends: any series over time; series of different definitions never share a line."""

import streamlit as st

from dashboard import address, cached, charts, frame, law, naming, session, views
from dashboard.findings import over_time

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Trends"),
    _(
        "One series at a time: five official series share one name and differ by up to ten times, "
        "so they are never joined. A missing year stays a gap."
    ),
)

measures = cached.measures().query("destination_id == 'ALL' and item_id == 'ALL' and channel_id == 'ALL'")
series = cached.series()
named = naming.names_by_id(series, "series", words)
drawable = [each for each in named if each in set(measures["series_id"])]
metric_names, frequency_names = naming.measure_names(words), naming.frequency_names(words)

chosen = address.select(_("Series"), drawable, "series", named.__getitem__, default="kcs_total")
of_series = measures[measures["series_id"] == chosen]
with st.container(horizontal=True, key="measure-frequency"):
    metrics = naming.offered_measures(of_series)
    metric = address.segments(_("Measure"), metrics, "measure", metric_names.__getitem__, within=chosen)
    there = set(of_series[of_series["metric_id"] == metric]["frequency"])
    frequencies = [each for each in frequency_names if each in there]
    frequency = address.segments(_("Frequency"), frequencies, "frequency", frequency_names.__getitem__)
points = cached.trend(chosen, metric, frequency=frequency)
view_names = views.names(words, len(points))
view = address.segments(_("View"), list(view_names), "view", view_names.__getitem__)

periods, period_name = points["period"].tolist(), naming.period_name(words)
start, end = periods[0], periods[-1]
with st.container(horizontal=True, key="span"):
    if view in {"index", "average"}:
        label = _("Base period") if view == "index" else _("First period")
        start = address.select(label, periods[:-1], "from", period_name, default=start)
    if view == "average":
        later = periods[periods.index(start) + 1 :]
        end = address.select(_("Last period"), later, "to", period_name, default=end)

frame.definition(naming.row(series, "series_id", chosen))
shown = views.of(view, points, metric, evidence, (start, end))
if shown.points.empty:
    st.info(_("Growth needs two neighbouring years with a figure; this series has none. Choose the level."))
    raise frame.NothingToDrawError
frame.chart(
    shown.heading,
    words.fill(
        _("{measure}, {series}, {frequency}"),
        measure=shown.axis,
        series=named[chosen],
        frequency=frequency_names[frequency],
    ),
    charts.over_time(
        [charts.Line(shown.axis, shown.points)],
        law.limit_marks(cached.limits_in_force(), words),
        shown.axis,
        words,
    ),
    shown.table,
    "trend",
    notes=[
        over_time.gap_note(points, words),
        over_time.conversion_note(points, words),
        _("No monthly e-commerce series is published; nothing here is seasonally adjusted or annualised."),
    ],
)
