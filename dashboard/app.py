"""Page config, what all pages share (language, data), navigation."""

import contextlib
from importlib.metadata import version
from pathlib import Path

import streamlit as st

from dashboard import address, cached, frame, session

PAGES = Path(__file__).parent / "app_pages"

st.set_page_config(page_title="Yeokjikgu", layout="wide")
address.begin_run()
with st.sidebar:
    words = session.choose_language()
_ = words.gettext
try:
    cached.begin_run()
except cached.NoDataError:
    st.error(_("There are no data yet: run “yeokjikgu build”, then load this page again."))
    st.stop()

pages = st.navigation(
    [
        st.Page(PAGES / "overview.py", title=_("Overview"), url_path="overview", default=True),
        st.Page(PAGES / "trends.py", title=_("Trends"), url_path="trends"),
        st.Page(PAGES / "destinations.py", title=_("Destinations and items"), url_path="destinations"),
        st.Page(PAGES / "simulator.py", title=_("Simulator"), url_path="simulator"),
        st.Page(PAGES / "sources.py", title=_("Sources"), url_path="sources"),
    ]
)
with st.sidebar:
    st.caption(
        words.fill(
            _("Data version {data}, model version {model}"),
            data=cached.data_version(),
            model=version("yeokjikgu"),
        )
    )
notice = st.empty()
with contextlib.suppress(frame.NothingToDrawError):
    pages.run()
address.end_run()
if lost := address.ignored():
    said = ", ".join(f"{name}={value}" for name, value in lost)
    notice.info(
        frame.safe(
            words.fill(
                _(
                    "The address asked for something that does not exist here and was not followed: {parameters}"
                ),
                parameters=said,
            )
        )
    )
