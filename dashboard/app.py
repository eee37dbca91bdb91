"""Page config, what all pages share (language, data), navigation."""

from pathlib import Path

import streamlit as st

from dashboard import accessibility, address, cached, frame, session
from dashboard.markdown import literal, safe
from dashboard.panels import pack

_MOST_SAID = 5

PAGES = Path(__file__).parent / "app_pages"

st.set_page_config(page_title="Yeokjikgu", layout="wide")
address.begin_run()
session.begin_run()
with st.sidebar:
    words = session.choose_language()
_ = words.gettext
accessibility.mend(words)
try:
    cached.begin_run()
except cached.NoDataError:
    st.error(_("There are no data yet: run “yeokjikgu build”, then load this page again."))
    st.stop()

pages = st.navigation(
    offered := [
        st.Page(PAGES / "overview.py", title=_("Overview"), url_path="overview", default=True),
        st.Page(PAGES / "trends.py", title=_("Trends"), url_path="trends"),
        st.Page(PAGES / "destinations.py", title=_("Destinations and items"), url_path="destinations"),
        st.Page(PAGES / "monthly.py", title=_("Monthly trade"), url_path="monthly"),
        st.Page(PAGES / "series.py", title=_("Five series side by side"), url_path="series"),
        st.Page(PAGES / "simulator.py", title=_("Simulator"), url_path="simulator"),
        st.Page(PAGES / "shipments.py", title=_("Your shipments"), url_path="shipments"),
        st.Page(PAGES / "markets.py", title=_("Export markets"), url_path="markets"),
        st.Page(PAGES / "borders.py", title=_("Two borders"), url_path="borders"),
        st.Page(PAGES / "storyboard.py", title=_("Storyboard"), url_path="storyboard"),
        st.Page(PAGES / "sources.py", title=_("Sources"), url_path="sources"),
        st.Page(PAGES / "glossary.py", title=_("Glossary"), url_path="glossary"),
    ]
)
session.opens(pages.url_path or "overview", {each.url_path or "overview": each.title for each in offered})
with st.sidebar:
    st.caption(session.versions_text())
other_versions, notice = st.empty(), st.empty()
address.begin_page(pages.url_path)
is_whole = True
try:
    pages.run()
    pack.of_page()
except frame.NothingToDrawError:
    is_whole = False
if (then := address.other_versions(session.marks())) and not session.is_accounted_for():
    now = {name: session.marks()[name] for name in then}
    other_versions.info(
        safe(
            words.fill(
                _("This link was made with {then}; this page shows {now}, so figures may differ."),
                then=session.marks_text(then),
                now=session.marks_text(now),
            )
        )
    )
address.end_run(is_whole=is_whole)
if lost := address.ignored():
    said = ", ".join(literal(f"{name}={value}") for name, value in lost[:_MOST_SAID])
    if len(lost) > _MOST_SAID:
        said += "…"
    notice.info(
        words.fill(
            _("The address asked for something that does not exist here and was not followed: {parameters}"),
            parameters=said,
        )
    )
