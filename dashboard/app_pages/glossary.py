"""Glossary: the terms of the field and of this dashboard, in both languages, with articles and sources."""

import streamlit as st

from dashboard import address, cached, frame, glossary, session
from dashboard.markdown import safe

words = session.words()
_ = words.gettext
frame.title(
    _("Glossary"),
    _(
        "What the words on these pages mean, in both languages, with the article of law and the "
        "source where there is one."
    ),
)

wanted = address.search(_("Search the glossary"), "term-search")
every = glossary.terms(cached.terms(), words.lang)
found = [term for term in every if term.says(wanted)]
if not found:
    st.info(_("No term says that. Shorten what you look for, or empty the box to see all terms."))
    raise frame.NothingToDrawError

letter = ""
for term in found:
    if glossary.initial(term, words.lang) != letter:
        letter = glossary.initial(term, words.lang)
        st.header(letter, anchor=False, divider="gray")
    st.subheader(f"{term.name} · {term.other_name}", anchor=term.term_id)
    st.markdown(safe(term.definition))
    lines = []
    if term.law:
        lines.append(words.fill(_("Article: {law}"), law=term.law))
    if term.publisher:
        lines.append(
            words.fill(_("Source: {publisher}, {title}"), publisher=term.publisher, title=term.title)
        )
    if term.url:
        address_name = _("Address")
        lines.append(f"[{address_name}]({term.url})")
    if lines:
        st.caption(safe(". ".join(lines)))
