"""The tools under every chart and table, always in the same place: table, downloads, receipt, why others differ, link, storyboard."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import streamlit as st

from dashboard import address, browser_tools, cached, formats, glossary, register, reproduce, session
from dashboard.exports.csv_file import csv_bytes, table_bytes
from dashboard.exports.workbook import Shown, xlsx_bytes
from dashboard.markdown import cell, safe
from dashboard.receipts import Receipt
from dashboard.storyboard import Storyboard, StoryboardError, View, as_address
from dashboard.tables import Table
from dashboard.term_links import glossary_button

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tools(key: str, table: Table, receipts: Sequence[Receipt], shown: Shown, *, has_picture: bool) -> None:
    """Draw the row; a chart hides its table in the first tool and can be saved as a picture."""
    words, carried = session.words(), session.carried()
    _ = words.gettext
    session.shows_table(key, table)
    with st.container(horizontal=True, key=f"tools-{key}"):
        if has_picture:
            with st.popover(_("Table"), icon=":material/table:", key=f"table-{key}"):
                st.table(table.as_text().set_index(next(iter(table.columns))).map(cell))
        with st.popover(_("Download"), icon=":material/download:", key=f"download-{key}"):
            if has_picture:
                below = [*shown.notes, shown.source]
                browser_tools.picture(key, shown.title, shown.subtitle, below, words)
            _files(key, table, receipts, shown, address.link(carried))
        if receipts:
            receipt_button(receipts, key)
            _why_others_differ(receipts, key)
        if table.numbers():
            _in_python(key)
        glossary_button([shown.title, shown.subtitle, *shown.notes], key)
        if has_picture and not address.is_alone(key):
            with st.popover(_("Embed"), icon=":material/web_asset:", key=f"frame-{key}"):
                st.caption(
                    _(
                        "Shows this chart on another web page, with source and receipt. It follows the newest data here."
                    )
                )
                browser_tools.embed(key, shown.subtitle, carried, words)
        browser_tools.copy_link(key, carried, words)
        if session.has_slide(key) and not address.is_alone(key):
            _to_storyboard(key, shown.title)


def _to_storyboard(key: str, finding: str) -> None:
    """Put this chart or table on the storyboard, or say why that cannot be."""
    _ = session.words().gettext
    label, icon = _("Add to storyboard"), ":material/add_to_queue:"
    if session.is_held_alone():
        with st.popover(label, icon=icon, key=f"story-{key}"):
            st.caption(
                _(
                    "Slides open a view anew from its address. This one shows what only your session holds (your own file, or scenarios "
                    "kept for comparison), and no address opens that: take the picture or the page’s files along instead."
                )
            )
        return
    link, page = address.link(session.marks()), session.page()

    def note() -> None:
        choices = dict(parse_qsl(urlsplit(link()).query, keep_blank_values=True))
        view = View(as_address(page, choices), key, finding)
        board = session.storyboard() or Storyboard(lang=session.words().lang)
        if board.has(view):
            st.toast(_("This view is on the storyboard already."))
            return
        try:
            session.keep_storyboard(board.with_view(view))
        except StoryboardError as error:
            st.toast(safe(error.in_language(session.words().lang)))
        else:
            st.toast(_("Added. The page “Storyboard” shows all views in order."))

    st.button(label, key=f"story-{key}", icon=icon, on_click=note)


def _in_python(key: str) -> None:
    marks = session.marks()
    python(reproduce.snippet(address.link(marks)(), key, **marks), key)


def python(code: str, key: str) -> None:
    """A few lines of Python that give the numbers again, in full, from the same data."""
    _ = session.words().gettext
    with st.popover(_("Python"), icon=":material/code:", key=f"python-{key}"):
        st.caption(_("Gives these numbers in full, from the same data. Run it in the project’s folder."))
        st.code(code, language="python", wrap_lines=True)


def _files(
    key: str, table: Table, receipts: Sequence[Receipt], shown: Shown, link: Callable[[], str]
) -> None:
    """Files are made when they are asked for, outside of any run: what they need is at hand before."""
    words, version, evidence = session.words(), session.versions(), session.evidence()
    _ = words.gettext
    series_ids = evidence.series_behind(receipts)
    series, known, file = cached.series(), cached.terms(), cached.data_file()

    def seen() -> bytes:
        return csv_bytes(table.columns) if table.numbers() else table_bytes(table.as_text())

    def everything() -> bytes:
        return table_bytes(evidence.published(series_ids))

    def workbook() -> bytes:
        built = datetime.fromtimestamp(file.stat().st_mtime, UTC).date() if file.exists() else None
        behind = series[series["series_id"].isin(series_ids)]
        said = [shown.title, shown.subtitle, *shown.notes, *table.columns]
        terms = glossary.occurring(said, glossary.terms(known, words.lang), words.lang)
        return xlsx_bytes(
            table,
            shown,
            address=link(),
            version=version,
            built=formats.date(built, words.lang) if built else "",
            definitions=[register.series(behind, words), *([register.terms(terms, words)] if terms else [])],
            words=words,
        )

    download(_("CSV: what is shown"), seen, f"yeokjikgu-{key}.csv", f"csv-{key}")
    if series_ids:
        label = _("CSV: all published figures of the series")
        download(label, everything, f"yeokjikgu-{key}-all.csv", f"all-{key}")
    download(_("Workbook (XLSX)"), workbook, f"yeokjikgu-{key}.xlsx", f"xlsx-{key}", _XLSX)


def download(
    label: str, content: bytes | Callable[[], bytes], file_name: str, key: str, mime: str = "text/csv"
) -> None:
    """A download that does not run the page again; what is called is called when the reader asks for it."""
    st.download_button(
        label, content, file_name, mime, key=key, on_click="ignore", icon=":material/download:"
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
            st.table(_summary(receipts).map(safe))
            assumptions = dict.fromkeys(each for receipt in receipts for each in receipt.assumptions)
            if assumptions:
                # many numbers rest on the same ones: they are said once
                heading, entries = _("Assumptions"), "\n".join(f"- {each}" for each in assumptions)
                st.markdown(safe(f"**{heading}**\n\n{entries}"))
        lines = dict.fromkeys(line for receipt in receipts for line in receipt.inputs)
        if lines:
            heading, entries = _("Inputs"), "\n".join(f"- {line.as_text(words)}" for line in lines)
            st.markdown(safe(f"**{heading}**\n\n{entries}"))
        if len(receipts) > 1:
            st.caption(session.versions_text())


def _why_others_differ(receipts: Sequence[Receipt], key: str) -> None:
    """Where publications disagree about a figure that these numbers rest on: all of them, which one is used, and why."""
    words = session.words()
    _ = words.gettext
    named = {line.figure_id for receipt in receipts for line in receipt.inputs}
    questions = [each for each in session.disagreements() if not named.isdisjoint(each.figure_ids)]
    if not questions:
        return
    with st.popover(_("Why our number differs"), icon=":material/compare_arrows:", key=f"differs-{key}"):
        for each in questions:
            st.markdown(safe(each.as_markdown(words)))
            session.shows(each.numbers())


def _summary(receipts: Sequence[Receipt]) -> pd.DataFrame:
    words = session.words()
    _ = words.gettext
    said_below = {_("Data version"), _("Model version"), _("Assumption")}
    rows = [dict(receipt.as_items(words)) for receipt in receipts]
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in said_below]
    cells = dict.fromkeys(tuple(row.get(name, "") for name in columns) for row in rows)
    return pd.DataFrame(list(cells), columns=columns, dtype="str").set_index(_("Figure"))
