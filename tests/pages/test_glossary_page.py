"""The glossary: every term in both languages, a search that stands in the address, and the way there."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard import store
from dashboard.i18n import LANGUAGES, Lang

Visit = Callable[..., Any]


def names(seen: Any) -> list[str]:
    return [str(heading.value) for heading in seen.app.main.subheader]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_has_its_name_in_both_languages_and_an_anchor(visit: Visit, warehouse: Any, lang: Lang):
    seen = visit("glossary", lang)
    rows = store.terms(warehouse)
    other = "en" if lang == "ko" else "ko"
    expected = {f"{row[f'term_{lang}']} · {row[f'term_{other}']}" for row in rows.to_dict("records")}
    assert set(names(seen)) == expected
    assert {heading.anchor for heading in seen.app.main.subheader} == set(rows["term_id"])


def test_a_search_finds_names_and_definitions_in_either_language(visit: Visit):
    seen = visit("glossary", **{"term-search": "drawback"})
    assert "Duty drawback · 관세환급" in names(seen)
    assert "List clearance · 목록통관" in names(seen)
    assert "Lognormal · 로그정규분포" not in names(seen)
    assert visit("glossary", **{"term-search": "관세환급"}).is_sound
    assert names(visit("glossary", **{"term-search": "관세환급"})) == ["Duty drawback · 관세환급"]


def test_what_is_typed_stands_in_the_address(visit: Visit):
    seen = visit("glossary")
    seen.app.text_input[0].set_value("FOB")
    seen.run()
    assert seen.address["term-search"] == "FOB"
    assert names(seen)[0].startswith("CIF")
    seen.app.text_input[0].set_value("")
    seen.run()
    assert len(names(seen)) > 30


def test_a_search_without_a_find_says_what_to_do(visit: Visit):
    seen = visit("glossary", **{"term-search": "zebra"})
    assert names(seen) == []
    assert "empty the box" in seen.app.info[0].value


def test_articles_and_sources_are_cited(visit: Visit):
    captions = [str(each.value) for each in visit("glossary").app.main.caption]
    assert any("art. 43(1)2" in text and "custra" in text for text in captions)
    assert any("](http" in text for text in captions)
