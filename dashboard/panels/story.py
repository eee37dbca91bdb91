"""The parts of the storyboard's page: load a file, arrange the views, present and save them."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import streamlit as st

from dashboard import address, cached, frame, reproduce, session, storyboard
from dashboard.evidence import Evidence
from dashboard.exports.pack import story
from dashboard.exports.pack.deck import html_bytes
from dashboard.exports.pack.files import MIME, WRITERS, built_on
from dashboard.exports.pack.slide import Pack
from dashboard.exports.pack.story import Seen
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.markdown import escaped
from dashboard.storyboard import Storyboard, StoryboardError, View

EXAMPLE = "example"
_LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
_ARRANGED = "storyboard arranged anew"
_FILES = "storyboard files taken"
_DECK_HEIGHT = 720  # pixels


def load(name: str) -> None:
    """Take a storyboard from a file in place of the reader's own one; the example needs none."""
    words = session.words()
    _ = words.gettext
    if name == EXAMPLE:
        return
    # Another key empties the box for files: the file in it would come back after every change.
    taken: int = st.session_state.setdefault(_FILES, 0)
    given = st.file_uploader(_("Load a storyboard (TOML)"), type="toml", key=f"story|file|{taken}")
    if given is None:
        return
    try:
        board = storyboard.read(given.getvalue())
    except StoryboardError as error:
        st.error(escaped(error.in_language(words.lang)))
        return
    address.choose("slides", board.lang)
    st.session_state[_FILES] += 1
    _keep(board, name)
    st.rerun()


def arrange(name: str) -> Storyboard:
    """Draw the views in order with their titles and notes, and return the storyboard as it stands."""
    words = session.words()
    _ = words.gettext
    board = session.storyboard(name)
    if name != EXAMPLE and not (board and board.views):
        st.info(
            _(
                "No view yet. Press “Add to storyboard” under a chart or table of any page, load a file above, or choose the example."
            )
        )
        return Storyboard()
    lang = cast(
        Lang,
        address.segments(
            _("Language of the slides"), LANGUAGES, "slides", _LANGUAGE_NAMES.__getitem__, default=words.lang
        ),
    )
    if name == EXAMPLE:
        name = f"{EXAMPLE} {lang}"  # its notes are written in a language
        board = session.storyboard(name)
        if not (board and board.views):
            board = storyboard.example(lang)
            session.keep_storyboard(board, name)
    board = replace(board or Storyboard(), lang=lang)
    # What is arranged anew is drawn anew: a box would keep the text of the view that stood there.
    anew: int = st.session_state.setdefault(_ARRANGED, 0)
    title = f"story|title|{name}|{anew}"
    st.text_input(
        _("Title of the presentation"),
        board.title,
        key=title,
        placeholder=" ",
        on_change=_write,
        args=(name, title, lambda board, text: replace(board, title=text)),
        live=True,
    )
    for place, view in enumerate(board.views):
        with st.container(border=True, key=f"story-view-{place}"):
            _view(view, place, len(board.views), name, f"{name}|{anew}|{place}")
    return board


def _view(view: View, place: int, count: int, name: str, key: str) -> None:
    """One view: where it is from, its texts, and what moves it."""
    words = session.words()
    _ = words.gettext
    page = session.pages().get(view.page, view.page)
    st.markdown(f"**{escaped(page)}**" + (f": {escaped(view.finding)}" if view.finding else ""))
    title, note = f"story|view|{key}", f"story|note|{key}"
    st.text_input(
        _("Title (empty: the finding as the chart computes it)"),
        view.title,
        key=title,
        placeholder=" ",
        on_change=_write,
        args=(name, title, lambda board, text: board.said(place, title=text)),
        live=True,
    )
    st.text_area(
        _("Note, shown below the title"),
        view.note,
        key=note,
        height="content",
        placeholder=" ",
        on_change=_write,
        args=(name, note, lambda board, text: board.said(place, note=text)),
    )
    moves: dict[str, tuple[str, bool, Callable[[Storyboard], Storyboard]]] = {
        "arrow_upward": (_("Up"), place == 0, lambda board: board.moved(place, place - 1)),
        "arrow_downward": (_("Down"), place == count - 1, lambda board: board.moved(place, place + 1)),
        "delete": (_("Remove"), False, lambda board: board.without(place)),
    }
    with st.container(horizontal=True, key=f"story-tools-{place}"):
        for icon, (label, is_off, move) in moves.items():
            st.button(
                label,
                key=f"story|{icon}|{key}",
                icon=f":material/{icon}:",
                disabled=is_off,
                on_click=_move,
                args=(name, move),
            )
        link = f"{_base_url()}/{view.address}{'&' if '?' in view.address else '?'}lang={words.lang}"
        st.link_button(_("Open the view"), link, icon=":material/open_in_new:")


def take_along(board: Storyboard) -> None:
    """Present the slides, save the storyboard, and offer the files of a pack."""
    words, version = session.words(), session.versions()
    _ = words.gettext
    read, file, base_url = cached.reader(), cached.data_file(), _base_url()
    text = storyboard.write(board)

    def build() -> Pack:
        evidence = Evidence(read("figures"), words_for(board.lang), version)
        return story.pack(
            board,
            lambda place: _opened(place, board.lang),
            read,
            evidence,
            base_url=base_url,
            built=built_on(file, board.lang),
        )

    def pack() -> Pack:
        return _kept_pack(f"{file}", f"{version}", text, base_url, build)

    st.subheader(_("Present and take along"), anchor=False)
    st.caption(_("The storyboard stays until you close or reload this page: save it as a file to keep it."))
    with st.container(horizontal=True, key="story-files"):
        is_wanted = st.button(
            _("Prepare the slides"), key="story|prepare", type="primary", icon=":material/slideshow:"
        )
        frame.download(
            _("Storyboard (TOML)"), text.encode(), "storyboard.toml", "story-toml", "application/toml"
        )
        names = {".pptx": _("Slides (PPTX)"), ".xlsx": _("Workbook (XLSX)"), ".html": _("Web page (HTML)")}
        for suffix, write in WRITERS.items():

            def content(write: Callable[[Pack], bytes] = write) -> bytes:
                return write(pack())

            frame.download(names[suffix], content, f"storyboard{suffix}", f"story{suffix}", MIME[suffix])
    if is_wanted:
        with st.spinner(_("Opening every view once on the data in use: about a second each")):
            slides = html_bytes(pack()).decode()
        st.caption(
            _(
                "“Full screen” or the key F presents the slides: arrow keys, Home and End turn them, N hides and shows your notes, "
                "Escape ends it. Charts answer to the pointer."
            )
        )
        st.iframe(slides, height=_DECK_HEIGHT, alt=board.title or _("Storyboard"))


@st.cache_resource(show_spinner=False, max_entries=4)
def _kept_pack(file: str, version: str, text: str, base_url: str, _build: Callable[[], Pack]) -> Pack:
    del file, version, text, base_url  # the key
    return _build()


def _opened(place: str, lang: Lang) -> Seen | str:
    """The page of an address, or why it does not open."""
    words = words_for(lang)
    _ = words.gettext
    try:
        return reproduce.seen(place, lang)
    except reproduce.ViewError as error:
        return error.reason or words.fill(_("there is no page “{page}”."), page=place.partition("?")[0])


# Several controls may have changed at once: each callback goes on from what the one before has kept.
def _write(name: str, widget: str, change: Callable[[Storyboard, str], Storyboard]) -> None:
    session.keep_storyboard(change(_kept(name), st.session_state[widget]), name)


def _move(name: str, change: Callable[[Storyboard], Storyboard]) -> None:
    _keep(change(_kept(name)), name)


def _kept(name: str) -> Storyboard:
    return session.storyboard(name) or Storyboard()


def _keep(board: Storyboard, name: str) -> None:
    session.keep_storyboard(board, name)
    st.session_state[_ARRANGED] = st.session_state.get(_ARRANGED, 0) + 1


def _base_url() -> str:
    return (st.context.url or "").rpartition("/")[0]
