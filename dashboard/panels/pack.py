"""What can be taken into a meeting: the board pack of a scenario, and the charts of any page; built when they are asked for."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from dashboard import address, cached, frame, reproduce, session
from dashboard.evidence import Evidence
from dashboard.exports.pack import page, scenario
from dashboard.exports.pack.files import MIME, WRITERS, built_on
from dashboard.exports.pack.known import Known
from dashboard.exports.pack.slide import Pack
from dashboard.i18n import LANGUAGES, Lang, Words, words_for
from dashboard.panels.run import Run


def of_scenario(run: Run) -> None:
    """The board pack of the answer, in either language whatever the screen's, as slides, workbook or web page."""
    words = run.words
    _ = words.gettext
    asked, version = run.asked, session.versions()
    read, file, base_url = cached.reader(), cached.data_file(), (st.context.url or "").rpartition("/")[0]

    def build(lang: Lang) -> Pack:
        evidence = Evidence(read("figures"), words_for(lang), version)
        return scenario.pack(
            run.scenario, Known.of(read), evidence, base_url=base_url, built=built_on(file, lang), asked=asked
        )

    with st.expander(_("Board pack"), key="pack"):
        st.markdown(
            frame.safe(
                _(
                    "The answer as slides with charts that you can edit, as a workbook that recomputes, or as one web page that opens "
                    "without a network and prints on paper. Sources, receipts and the link are inside."
                )
            )
        )
        labels = {"ko": _("{file}, in Korean"), "en": _("{file}, in English")}
        for lang in LANGUAGES:
            with st.container(horizontal=True, key=f"pack-{lang}"):
                _downloads(partial(build, lang), f"pack-{lang}", labels[lang], words)


def of_page() -> None:
    """The charts and tables of this page, in either language, below everything else; nothing where it has none.

    The page's own language is at hand; for the other one the page is opened again, which needs an address that holds it all.
    """
    slides = session.slides_of_run()
    if not slides:
        return
    words, version = session.words(), session.versions()
    _ = words.gettext
    title, lead = session.page_title()
    place, carried = session.page(), session.carried()
    links = {lang: address.link({**carried, "lang": lang}) for lang in LANGUAGES}
    read, file = cached.reader(), cached.data_file()

    def build(lang: Lang) -> Pack:
        evidence, built = Evidence(read("figures"), words_for(lang), version), built_on(file, lang)
        if lang == words.lang:
            return page.pack(title, lead, slides, read, evidence, address=links[lang](), built=built)
        there = links[lang]()
        found = reproduce.seen(f"{place}?{urlsplit(there).query}")
        return page.pack(found.title, found.lead, found.slides, read, evidence, address=there, built=built)

    with st.popover(_("Take this page along"), key="page-pack"):
        labels = {"ko": _("{file}, in Korean"), "en": _("{file}, in English")}
        for lang in [words.lang] if session.is_held_alone() else LANGUAGES:
            with st.container(horizontal=True, key=f"page-pack-{lang}"):
                _downloads(partial(build, lang), f"page-pack-{lang}", labels[lang], words)


def _downloads(build: Callable[[], Pack], key: str, label: str, words: Words) -> None:
    _ = words.gettext
    names = {".pptx": _("Slides (PPTX)"), ".xlsx": _("Workbook (XLSX)"), ".html": _("Web page (HTML)")}
    for suffix, write in WRITERS.items():

        def content(write: Callable[[Pack], bytes] = write) -> bytes:
            return write(build())

        frame.download(
            words.fill(label, file=names[suffix]),
            content,
            f"yeokjikgu-{key}{suffix}",
            f"{key}{suffix}",
            MIME[suffix],
        )
