"""Five series side by side: which is which, how far apart they are, and where arithmetic brings them together."""

import streamlit as st

from dashboard import address, cached, charts, frame, naming, session
from dashboard.findings import reconciliation, series
from dashboard.markdown import safe

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Five series side by side"),
    _(
        "Five official series are all called e-commerce exports or reverse direct purchases. They measure different things, "
        "so they are drawn side by side and never joined."
    ),
)

currency_names = naming.measure_names(words)
with st.container(horizontal=True, key="five-controls"):
    currency = address.segments(
        _("Currency"), series.CURRENCIES, "series-currency", currency_names.__getitem__
    )
    points = series.drawn(cached.five_series(), currency)
    years = series.years(points)
    year = address.select(
        _("Year compared"),
        years,
        "series-year",
        naming.period_name(words),
        default=series.widest_year(points),
    )

in_the_news = st.container()  # filled below: the chart takes longest to draw, so the browser gets it first
apart = series.apart(points, year, evidence)
frame.chart(
    apart.text,
    words.fill(
        _(
            "{measure}, yearly totals on one logarithmic axis; the letter is the series, each definition a line of its own"
        ),
        measure=currency_names[currency],
    ),
    charts.side_by_side(series.definitions(points, words), year, currency_names[currency], words),
    series.table(points, evidence),
    "five-series",
    notes=[
        _(
            "Published in the other currency: converted at the average rate of the period, whose source "
            "stands in the receipt."
        ),
        _(
            "Hollow marks: a total that follows from a published share or growth rate, or a single month "
            "(E), which is never annualised."
        ),
        _(
            "Not drawn: three early vintages of C (2010 to 2016) that disagree with one another; they "
            "stand on the Sources page."
        ),
    ],
    cites=apart.numbers,
)

with in_the_news:
    st.header(_("Which of them is the figure in the news?"), anchor=False)
    with st.container(horizontal=True, key="five-news"):
        for item in series.in_the_news(points, evidence):
            frame.headline(item.label, item.number, item.detail, item.key)

frame.sheet(
    _("Which series for which question"),
    series.by_question(points, evidence),
    "five-questions",
    note=_("B answers no question of its own: it is D in dollars."),
)

st.header(_("What each of them counts"), anchor=False)
for title, row in series.told(cached.series(), words):
    st.markdown(safe(f"**{title}**"))
    frame.definition(row)

st.header(_("Where arithmetic brings them together"), anchor=False)
for each in reconciliation.reconciliations(cached.reconciliations(), evidence):
    frame.statements(each.heading, each.said, f"five-{each.key}")
