"""What one run of the script knows: the reader's language, the data and their version."""

from importlib.metadata import version
from typing import cast

import streamlit as st

from dashboard import address, cached
from dashboard.evidence import Evidence
from dashboard.i18n import LANGUAGES, Lang, Words, preferred_language, words_for
from dashboard.receipts import Version

_LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
_WORDS = "words_of_this_run"


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


def versions() -> Version:
    """The versions that everything on the page is true for."""
    return Version(data=cached.data_version(), model=version("yeokjikgu"))


def evidence() -> Evidence:
    """What this run's receipts may cite."""
    return _evidence(str(cached.data_file()), words().lang, versions().model)


@st.cache_resource(show_spinner=False, max_entries=4)
def _evidence(file: str, lang: Lang, model: str) -> Evidence:
    del file, model  # parts of the key: other data, other figures
    return Evidence(cached.figures(), words_for(lang), versions())
