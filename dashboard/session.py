"""What one run of the script knows: the reader's language, the data and their version."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from importlib.metadata import version
from typing import cast

import streamlit as st

from dashboard import address, cached, register
from dashboard.evidence import Evidence
from dashboard.exports.pack.slide import Slide
from dashboard.i18n import LANGUAGES, Lang, Words, preferred_language, words_for
from dashboard.receipts import Number, Version
from dashboard.storyboard import Storyboard
from dashboard.tables import Table

_LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
_WORDS = "words_of_this_run"
_NUMBERS = "numbers_of_this_run"
_SLIDES = "slides_of_this_run"
_TABLES = "tables_of_this_run"
_TITLE = "page_title_of_this_run"
_CLAIMS = "claims_of_this_run"
_ACCOUNTED = "versions_accounted_for_in_this_run"
_TODAY = "today_of_this_session"
_PAGES = "pages_of_this_run"
_HELD = "held_by_this_session_alone"
_STORYBOARDS = "storyboards_of_this_session"
OWN_STORYBOARD = "own"


def begin_run() -> None:
    """Forget what the run before has shown."""
    st.session_state[_NUMBERS] = []
    st.session_state[_SLIDES] = []
    st.session_state[_TABLES] = {}
    st.session_state[_TITLE] = ("", "")
    st.session_state[_CLAIMS] = {}
    st.session_state[_ACCOUNTED] = False
    st.session_state[_PAGES] = ("", {})
    st.session_state[_HELD] = False


def opens(page: str, pages: Mapping[str, str]) -> None:
    """Note which page this run shows by its path in the address, and what all pages are called by theirs."""
    st.session_state[_PAGES] = (page, pages)


def page() -> str:
    """The path of this run's page in the address."""
    return str(st.session_state[_PAGES][0])


def pages() -> Mapping[str, str]:
    """What the pages are called, by their path in the address."""
    found: Mapping[str, str] = st.session_state[_PAGES][1]
    return found


def holds_alone() -> None:
    """Note that this run shows what no address opens again: a reader's own file, or scenarios that were kept."""
    st.session_state[_HELD] = True


def is_held_alone() -> bool:
    """Whether this run shows what no address opens again."""
    return bool(st.session_state[_HELD])


def storyboard(name: str = OWN_STORYBOARD) -> Storyboard | None:
    """The storyboard of that name in this session; None where there is none yet."""
    found: Storyboard | None = st.session_state.get(_STORYBOARDS, {}).get(name)
    return found


def keep_storyboard(board: Storyboard, name: str = OWN_STORYBOARD) -> None:
    """Keep a storyboard for as long as the session lasts."""
    st.session_state.setdefault(_STORYBOARDS, {})[name] = board


def shows(numbers: Iterable[Number]) -> None:
    """Note numbers whose receipts can be opened on this page."""
    st.session_state[_NUMBERS].extend(numbers)


def receipts_of_run() -> list[Number]:
    """Every number whose receipt this page opens, in order of appearance."""
    found: list[Number] = st.session_state[_NUMBERS]
    return found


def begins_page(title: str, lead: str) -> None:
    """Note what the page is called and what it is for."""
    st.session_state[_TITLE] = (title, lead)


def page_title() -> tuple[str, str]:
    """What the page is called, and what it is for."""
    found: tuple[str, str] = st.session_state[_TITLE]
    return found


def shows_slide(slide: Slide) -> None:
    """Note a chart or table that can be taken along."""
    st.session_state[_SLIDES].append(slide)


def shows_table(key: str, table: Table) -> None:
    """Note the rows behind a chart or table by its key; long registers too, which are no slides."""
    st.session_state[_TABLES][key] = table


def has_slide(key: str) -> bool:
    """Whether a chart or table of that key was noted."""
    return any(slide.key == key for slide in slides_of_run())


def slides_of_run() -> list[Slide]:
    """Every chart and table of this page, in order of appearance."""
    found: list[Slide] = st.session_state[_SLIDES]
    return found


def choose_language() -> Words:
    """Draw the language switch and keep the choice for this run; the browser's wish is the default."""
    wished = preferred_language(st.context.headers.get("Accept-Language", ""))
    lang = address.segments("언어 · Language", LANGUAGES, "lang", _LANGUAGE_NAMES.__getitem__, default=wished)
    st.session_state[_WORDS] = words_for(cast(Lang, lang))
    return words()


def words() -> Words:
    """The words of this run."""
    found: Words = st.session_state[_WORDS]
    return found


def today() -> date:
    """The day on which this session began: what is fresh or overdue is judged by it."""
    day: date = st.session_state.setdefault(_TODAY, datetime.now().astimezone().date())
    return day


def versions() -> Version:
    """The versions that everything on the page is true for."""
    return _versions(str(cached.data_file()))


@st.cache_resource(show_spinner=False, max_entries=4)
def _versions(file: str) -> Version:
    del file  # the key: every receipt asks, and looking the package's version up takes milliseconds
    return Version(data=cached.data_version(), model=version("yeokjikgu"))


def marks() -> dict[str, str]:
    """The versions as a copied link carries them."""
    return {"data": versions().data, "model": versions().model}


def claims(codes: Mapping[str, str]) -> None:
    """Note what links to this page say of it besides its choices; before the first tools are drawn."""
    st.session_state[_CLAIMS] = dict(codes)


def carried() -> dict[str, str]:
    """What a copied link carries besides the choices: what the page claims, and the versions."""
    return {**st.session_state[_CLAIMS], **marks()}


def accounts_for_versions() -> None:
    """Note that the page itself says what newer versions changed since the followed link was made."""
    st.session_state[_ACCOUNTED] = True


def is_accounted_for() -> bool:
    """Whether it does."""
    return bool(st.session_state[_ACCOUNTED])


def marks_text(some: Mapping[str, str]) -> str:
    """Some of those in words."""
    _ = words().gettext
    names = {"data": _("data version {version}"), "model": _("model version {version}")}
    return ", ".join(words().fill(names[name], version=version) for name, version in some.items())


def versions_text() -> str:
    """The versions in words."""
    _ = words().gettext
    return words().fill(_("Data version {data}, model version {model}"), **marks())


def disagreements() -> list[register.Disagreement]:
    """Questions that publications answer differently."""
    return _disagreements(str(cached.data_file()), words().lang, versions().model)


@st.cache_resource(show_spinner=False, max_entries=4)
def _disagreements(file: str, lang: Lang, model: str) -> list[register.Disagreement]:
    return register.disagreements(cached.contradictions(), _evidence(file, lang, model))


def evidence() -> Evidence:
    """What this run's receipts may cite."""
    return _evidence(str(cached.data_file()), words().lang, versions().model)


@st.cache_resource(show_spinner=False, max_entries=4)
def _evidence(file: str, lang: Lang, model: str) -> Evidence:
    del file, model  # parts of the key: other data, other figures
    return Evidence(cached.figures(), words_for(lang), versions())
