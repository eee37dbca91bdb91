"""The frame that all pages share: headlines, and charts with title, subtitle, table, source, download and receipt."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import session, theme
from dashboard.exports.csv_file import csv_bytes, table_bytes
from dashboard.receipts import Number, Receipt, Statement
from dashboard.tables import Table

# The mode bar speaks English only and would fetch nothing that the frame's own downloads lack.
_CONFIG = {"displayModeBar": False, "responsive": True, "showTips": False}
_SMALL = "font-size:0.9rem"
_LARGE = "font-size:1.4rem;font-weight:650;line-height:1.3;word-break:keep-all;overflow-wrap:anywhere"
_MOST_SOURCES = 3
_LISTING_HEIGHT = 640
_SHORT_LISTING = 12


class NothingToDrawError(Exception):
    """A page ends here; unlike `st.stop` it lets the app say what it has to say below."""


def safe(text: str) -> str:
    """Text that Markdown shows as it is: two tildes or dollar signs in a block would strike it through or set a formula."""
    return text.replace("~", "\\~").replace("$", "\\$")


def title(text: str, lead: str) -> None:
    """Title of a page and what it is for, in one or two sentences."""
    st.title(text, anchor=False)
    st.markdown(safe(lead))


def headline(label: str, number: Number, detail: str, key: str) -> None:
    """One headline figure in a box: what, how much, for which period and series, and the receipt."""
    _ = session.words().gettext
    with st.container(border=True, key=f"headline-{key}", height="stretch"):
        st.html(
            f'<div style="{_SMALL}">{html.escape(label)}</div>'
            f'<div style="{_LARGE}">{html.escape(str(number))}</div>'
            f'<div style="{_SMALL};opacity:0.8">{html.escape(detail)}</div>'
        )
        receipt_button([number.receipt], f"headline-{key}")


def chart(
    heading: str,
    subtitle: str,
    figure: go.Figure,
    table: Table,
    key: str,
    *,
    notes: Sequence[str] = (),
) -> None:
    """A chart in its frame: the finding, what is measured, the picture, its source, its table, CSV and receipts.

    The finding is the picture's alternative text too.
    """
    words = session.words()
    _ = words.gettext
    st.subheader(safe(heading), anchor=False)
    st.caption(safe(subtitle))
    theme.ink(figure, is_dark=st.context.theme.type == "dark")
    st.plotly_chart(figure, key=f"chart-{key}", config=_CONFIG, alt=f"{heading}. {subtitle}")
    for note in filter(None, notes):
        st.caption(safe(note))
    receipts = [number.receipt for number in table.numbers()]
    st.caption(safe(source_line(receipts)))
    with st.container(horizontal=True, key=f"tools-{key}"):
        with st.popover(_("Table"), icon=":material/table:", key=f"table-{key}"):
            st.table(table.as_text().set_index(next(iter(table.columns))))
        download(_("CSV"), csv_bytes(table.columns), f"yeokjikgu-{key}.csv", f"csv-{key}")
        receipt_button(receipts, key)


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


def listing(table: Table, key: str) -> None:
    """A register in a scrolling box, with its rows as CSV."""
    words = session.words()
    frame = table.as_text()
    _ = words.gettext
    download(_("CSV"), table_bytes(frame), f"yeokjikgu-{key}.csv", f"csv-{key}")
    with st.container(
        height=_LISTING_HEIGHT if len(frame) > _SHORT_LISTING else "content", key=f"listing-{key}"
    ):
        st.table(frame.set_index(frame.columns[0]).map(safe))


def sheet(heading: str, table: Table, key: str, *, note: str = "") -> None:
    """A table in the frame: heading, rows, note, source, CSV and receipts where it holds numbers."""
    words = session.words()
    _ = words.gettext
    st.subheader(safe(heading), anchor=False)
    st.table(table.as_text().set_index(next(iter(table.columns))).map(safe))
    if note:
        st.caption(safe(note))
    receipts = [number.receipt for number in table.numbers()]
    with st.container(horizontal=True, key=f"tools-{key}"):
        if receipts:
            download(_("CSV"), csv_bytes(table.columns), f"yeokjikgu-{key}.csv", f"csv-{key}")
            receipt_button(receipts, key)


def statements(heading: str, said: Sequence[Statement], key: str) -> None:
    """Sentences under a heading, and one receipt for the numbers in them."""
    if heading:
        st.subheader(safe(heading), anchor=False)
    bullet = "- " if len(said) > 1 else ""
    for each in said:
        st.markdown(safe(f"{bullet}{each.text}"))
    receipt_button([number.receipt for each in said for number in each.numbers], key)


def download(label: str, content: bytes, file_name: str, key: str, mime: str = "text/csv") -> None:
    """A download that does not run the page again."""
    st.download_button(
        label, content, file_name, mime, key=key, on_click="ignore", icon=":material/download:"
    )


def source_line(receipts: Sequence[Receipt]) -> str:
    """Who published what the picture shows, and which data version."""
    words = session.words()
    _ = words.gettext
    publishers = list(
        dict.fromkeys(line.publisher for receipt in receipts for line in receipt.inputs if line.publisher)
    )
    named = ", ".join(publishers[:_MOST_SOURCES])
    if len(publishers) > _MOST_SOURCES:
        named = words.fill(
            _("{publishers} and {count} more"), publishers=named, count=str(len(publishers) - _MOST_SOURCES)
        )
    return words.fill(
        _("Source: {publishers}. Data version {version}."),
        publishers=named or _("our own computation"),
        version=session.versions().data,
    )


def receipt_button(receipts: Sequence[Receipt], key: str) -> None:
    """Open the receipts: kind, value, formula, assumptions, versions, and the sources of all inputs."""
    words = session.words()
    _ = words.gettext
    with st.popover(_("Receipt"), icon=":material/receipt_long:", key=f"receipt-{key}"):
        if len(receipts) == 1:
            items = receipts[0].as_items(words)
            st.markdown(safe("\n".join(f"- **{name}**: {text}" for name, text in items)))
        else:
            st.table(_summary(receipts))
            assumptions = dict.fromkeys(each for receipt in receipts for each in receipt.assumptions)
            if assumptions:
                # many numbers rest on the same ones: they are said once
                heading, entries = _("Assumptions"), "\n".join(f"- {each}" for each in assumptions)
                st.markdown(safe(f"**{heading}**\n\n{entries}"))
        lines = dict.fromkeys(line for receipt in receipts for line in receipt.inputs)
        if lines:
            heading, entries = _("Inputs"), "\n".join(f"- {line.as_text(words)}" for line in lines)
            st.markdown(safe(f"**{heading}**\n\n{entries}"))


def _summary(receipts: Sequence[Receipt]) -> pd.DataFrame:
    words = session.words()
    _ = words.gettext
    rows = [dict(receipt.as_items(words)) for receipt in receipts]
    frame = pd.DataFrame(rows).fillna("").astype("str")
    said_below = [_("Data version"), _("Model version"), _("Assumption")]
    return (
        frame.drop(columns=[name for name in said_below if name in frame])
        .drop_duplicates()
        .set_index(_("Figure"))
    )
