"""The frame that all pages share: headlines, and charts and tables with title, subtitle, source and the same tools."""

import html
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard import address, markdown, session, theme, toolbar
from dashboard.exports import cited
from dashboard.exports.pack.slide import Plot, Slide
from dashboard.exports.workbook import Shown
from dashboard.receipts import Number, Receipt, Statement
from dashboard.tables import Table
from dashboard.term_links import glossary_button

# The mode bar speaks English only and would fetch nothing that the frame's own downloads lack.
# A map's outlines are ours (dashboard/static); the address is relative, or it would fail behind a base path.
_CONFIG = {
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "showTips": False,
    "topojsonURL": "app/static/topojson/",
}
# The controls stay behind it: they carry the choices of the address.
_ALONE = """
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"] { display: none !important }
[data-testid="stMainBlockContainer"] { padding: 1rem !important }
[data-testid="stMain"] :is([data-testid="stElementContainer"], [data-testid="stLayoutWrapper"],
  [data-testid="stColumn"]):not(.st-key-alone *, .st-key-alone, :has(.st-key-alone)) { display: none !important }
"""
_SMALL = "font-size:0.9rem"
_LARGE = "font-size:1.4rem;font-weight:650;line-height:1.3;word-break:keep-all;overflow-wrap:anywhere"
_LISTING_HEIGHT = 640
_SHORT_LISTING = 12


download = toolbar.download
safe = markdown.safe


class NothingToDrawError(Exception):
    """A page ends here; unlike `st.stop` it lets the app say what it has to say below."""


def title(text: str, lead: str) -> None:
    """Title of a page and what it is for, in one or two sentences."""
    session.begins_page(text, lead)
    st.title(text, anchor=False)
    st.markdown(safe(lead))


def headline(label: str, number: Number, detail: str, key: str, *, cites: Sequence[Number] = ()) -> None:
    """One headline figure in a box: what, how much, for which period and series, and the receipt.

    `cites` are the numbers that the detail names.
    """
    numbers = [number, *cites]
    with st.container(border=True, key=f"headline-{key}", height="stretch"):
        st.html(
            f'<div style="{_SMALL}">{html.escape(label)}</div>'
            f'<div style="{_LARGE}">{html.escape(str(number))}</div>'
            f'<div style="{_SMALL};opacity:0.8">{html.escape(detail)}</div>'
        )
        toolbar.receipt_button([each.receipt for each in numbers], f"headline-{key}")
    session.shows(numbers)


def chart(
    heading: str,
    subtitle: str,
    figure: go.Figure,
    table: Table,
    key: str,
    *,
    notes: Sequence[str] = (),
    cites: Sequence[Number] = (),
    plot: Plot | None = None,
) -> None:
    """A chart in its frame: the finding, what is measured, the picture, its source, and the tools.

    The finding is the picture's alternative text too. `cites` are numbers that the texts name and the table does not hold; `plot`
    is what slides draw where they cannot draw the figure.
    """
    with _shell(key):
        _chart(heading, subtitle, figure, table, key, tuple(filter(None, notes)), cites, plot)


def _chart(
    heading: str,
    subtitle: str,
    figure: go.Figure,
    table: Table,
    key: str,
    said: tuple[str, ...],
    cites: Sequence[Number],
    plot: Plot | None,
) -> None:
    st.subheader(safe(heading), anchor=False)
    st.caption(safe(subtitle))
    theme.ink(figure, is_dark=st.context.theme.type == "dark")
    st.plotly_chart(figure, key=f"chart-{key}", config=_CONFIG, alt=f"{heading}. {subtitle}")
    for note in said:
        st.caption(safe(note))
    source = source_line([number.receipt for number in [*table.numbers(), *cites]])
    st.caption(safe(source))
    shown = Shown(heading, subtitle, said, source)
    session.shows_slide(Slide(key, shown, table, plot, figure, cites=tuple(cites)))
    _finish(table, key, shown, cites, has_picture=True)


def _shell(key: str) -> AbstractContextManager[Any]:
    """Nothing, or where the address asks for this chart alone: a box that hides all that is around it."""
    if not address.is_alone(key):
        return nullcontext()
    shell = st.container(key="alone")
    shell.html(f"<style>{_ALONE}</style>")
    return shell


def definition(series: Mapping[str, Any]) -> None:
    """What the chosen series covers and leaves out."""
    words = session.words()
    _ = words.gettext
    lang = words.lang
    said = words.fill(
        _("**{publisher}.** Covers: {covers}."),
        publisher=series[f"publisher_{lang}"],
        covers=series[f"covers_{lang}"],
    )
    if series[f"leaves_out_{lang}"]:
        said += " " + words.fill(_("Leaves out: {leaves_out}."), leaves_out=series[f"leaves_out_{lang}"])
    if series[f"break_{lang}"]:
        said += f" {series[f'break_{lang}']}."
    st.markdown(safe(said))


def listing(table: Table, key: str, heading: str = "") -> None:
    """A register in a scrolling box with its tools; `heading` stands on the page already and names its files' contents."""
    frame = table.as_text()
    with st.container(
        height=_LISTING_HEIGHT if len(frame) > _SHORT_LISTING else "content", key=f"listing-{key}"
    ):
        st.table(frame.set_index(frame.columns[0]).map(markdown.cell))
    _finish(table, key, Shown(heading, "", (), ""), [])


def sheet(heading: str, table: Table, key: str, *, note: str = "", cites: Sequence[Number] = ()) -> None:
    """A table in the frame: heading, rows, note, source where it holds numbers, and its tools."""
    st.subheader(safe(heading), anchor=False)
    st.table(table.as_text().set_index(next(iter(table.columns))).map(markdown.cell))
    if note:
        st.caption(safe(note))
    receipts = [number.receipt for number in [*table.numbers(), *cites]]
    source = source_line(receipts) if receipts else ""
    if source:
        st.caption(safe(source))
    shown = Shown(heading, "", (note,) if note else (), source)
    session.shows_slide(Slide(key, shown, table, cites=tuple(cites)))
    _finish(table, key, shown, cites)


def _finish(
    table: Table, key: str, shown: Shown, cites: Sequence[Number], *, has_picture: bool = False
) -> None:
    numbers = [*table.numbers(), *cites]
    session.shows(numbers)
    receipts = [number.receipt for number in numbers]
    toolbar.tools(key, table, receipts, shown, has_picture=has_picture)


def statements(heading: str, said: Sequence[Statement], key: str) -> None:
    """Sentences under a heading, and one receipt for the numbers in them."""
    if heading:
        st.subheader(safe(heading), anchor=False)
    bullet = "- " if len(said) > 1 else ""
    for each in said:
        st.markdown(safe(f"{bullet}{each.text}"))
    numbers = [number for each in said for number in each.numbers]
    session.shows(numbers)
    with st.container(horizontal=True, key=f"tools-{key}"):
        if numbers:
            toolbar.receipt_button([number.receipt for number in numbers], key)
        glossary_button([heading, *(each.text for each in said)], key)


def source_line(receipts: Sequence[Receipt]) -> str:
    """Who published what the picture shows, and which version of the data, and of the model where it computed."""
    return cited.source_line(receipts, session.words(), session.versions())
