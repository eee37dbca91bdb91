"""What the pages owe to readers and Streamlit leaves out: boxes that scroll by keyboard, the chosen button legible at night.

A box that scrolls must take the focus (WCAG 2.1.1), or only a mouse moves it; Streamlit's tables and containers do not. The
chosen one of a row of buttons is written in the primary colour, which cannot both carry white words and stand on its own
tint at 4.5:1 by night (WCAG 1.4.3).
"""

from pathlib import Path

import streamlit as st

from dashboard.i18n import Words

_HERE = Path(__file__).parent
_STYLE = (_HERE / "page.css").read_text(encoding="utf-8")

_scrolling = st.components.v2.component(
    "yeokjikgu.scrolling", js=(_HERE / "scrolling.js").read_text(encoding="utf-8")
)


def mend(words: Words) -> None:
    """Mend the page as it stands, and as it changes; draws nothing."""
    _ = words.gettext
    st.html(f"<style>{_STYLE}</style>")
    _scrolling(key="scrolling", data={"label": _("Scrolls: use the arrow keys")}, height=1)
