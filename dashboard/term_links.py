"""Terms explained where they stand: a button beside a chart that defines the words of its texts."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from dashboard import cached, glossary, session
from dashboard.glossary import Term
from dashboard.i18n import Lang
from dashboard.markdown import safe

_PAGE = Path(__file__).parent / "app_pages" / "glossary.py"
_MOST = 12


def glossary_button(texts: Iterable[str], key: str) -> None:
    """Open the definitions of the terms that occur in `texts`, with the way to the glossary; nothing where none occurs."""
    words = session.words()
    _ = words.gettext
    found = glossary.occurring(texts, _known(str(cached.data_file()), words.lang), words.lang)[:_MOST]
    if not found:
        return
    with st.popover(_("Terms explained"), icon=":material/dictionary:", key=f"terms-{key}"):
        entries = "\n".join(
            " ".join(filter(None, [f"- **{term.name}**: {term.definition}", term.law])) for term in found
        )
        st.markdown(safe(entries))
        st.page_link(
            _PAGE, label=_("All terms"), icon=":material/menu_book:", query_params={"lang": words.lang}
        )


@st.cache_resource(show_spinner=False, max_entries=4)
def _known(file: str, lang: Lang) -> list[Term]:
    del file  # part of the key: other data, other terms
    return glossary.terms(cached.terms(), lang)
