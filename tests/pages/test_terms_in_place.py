"""The words of a chart are explained beside it, in the reader's language."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.i18n import LANGUAGES, Lang

Visit = Callable[..., Any]
NAMES = {"ko": ("관세청 총계", "평균환율"), "en": ("Customs total", "Average exchange rate")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terms_of_a_chart_are_defined_beside_it(visit: Visit, lang: Lang):
    (explained, *_more) = [text for text in visit("series", lang).texts if f"**{NAMES[lang][0]}**:" in text]
    assert all(f"- **{name}**: " in explained for name in NAMES[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_way_to_the_glossary_keeps_the_language(visit: Visit, lang: Lang):
    links = visit("series", lang).app.main.get("page_link")
    assert links
    assert {(link.proto.page, link.proto.query_string) for link in links} == {("glossary", f"lang={lang}")}


def test_an_article_stands_behind_a_legal_term(visit: Visit):
    said = " ".join(visit("series").texts)
    assert "(수출 및 반송통관에 관한 고시), art. 55(1)8" in said  # list clearance
