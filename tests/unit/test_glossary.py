"""The glossary says each term in both languages, and finds terms where they stand."""

import re

import duckdb
import pandas as pd
import pytest

from dashboard import glossary, store
from dashboard.i18n import LANGUAGES, Lang


@pytest.fixture
def rows(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.terms(warehouse)


@pytest.fixture
def korean_terms(rows: pd.DataFrame) -> list[glossary.Term]:
    return glossary.terms(rows, "ko")


@pytest.fixture
def english_terms(rows: pd.DataFrame) -> list[glossary.Term]:
    return glossary.terms(rows, "en")


def ids(found: list[glossary.Term]) -> list[str]:
    return [term.term_id for term in found]


# --- what stands in it ------------------------------------------------------------


def test_the_legal_terms_are_there_with_their_articles(english_terms: list[glossary.Term]):
    laws = {term.term_id: term.law for term in english_terms}
    assert "43(1)" in laws["simplified-declaration"]
    assert "55(1)8" in laws["list-clearance"]
    assert "43(1)2" in laws["list-conversion"]
    assert "2(15)" in laws["transaction-code"]
    assert "72(2)" in laws["co-loading"]
    assert "226" in laws["customs-confirmation"]
    assert all(term.publisher for term in english_terms if term.law and term.term_id != "limit")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_definitions_are_whole_and_hold_no_figures(rows: pd.DataFrame, lang: Lang):
    for row in rows.to_dict("records"):
        definition = row[f"definition_{lang}"]
        assert definition.endswith("."), row["term_id"]
        # Amounts and dates change; they stand in the data with their sources, not in a definition.
        assert not re.search(r"\d", definition), row["term_id"]


def test_korean_definitions_are_korean_and_english_ones_english(rows: pd.DataFrame):
    for row in rows.to_dict("records"):
        assert re.search("[가-힣]", row["definition_ko"])
        assert not re.search("[A-Za-z]{3,}", row["definition_ko"]), row["term_id"]
        assert re.search("[A-Za-z]{3,}", row["definition_en"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_means_two_terms(rows: pd.DataFrame, lang: Lang):
    said = [
        word.casefold()
        for term in glossary.terms(rows, lang)
        for word in {term.name.casefold(), *(each.casefold() for each in term.also)}
    ]
    assert sorted(said) == sorted(set(said))


# --- in their alphabets ------------------------------------------------------------


def test_terms_stand_in_the_alphabet_of_each_language(
    korean_terms: list[glossary.Term], english_terms: list[glossary.Term]
):
    assert [term.name.casefold() for term in english_terms] == sorted(
        term.name.casefold() for term in english_terms
    )
    letters = [glossary.initial(term, "ko") for term in korean_terms]
    assert letters == sorted(letters)
    assert letters[0] == "ㄱ"
    assert ids(korean_terms) != ids(english_terms)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("간이수출신고", "ㄱ"), ("본선인도", "ㅂ"), ("역직구", "ㅇ"), ("합포장", "ㅎ"), ("까", "ㄱ")],
)
def test_a_korean_term_stands_under_its_first_consonant(name: str, letter: str):
    term = glossary.Term("x", name, "", (), "", "", "", "", "")
    assert glossary.initial(term, "ko") == letter


# --- where they occur ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("목록통관", ["list-clearance"]),
        ("목록통관은 환급을 신청하지 않는 물품만", ["list-clearance", "duty-drawback"]),
        ("간이수출신고의 한도", ["simplified-declaration", "limit"]),  # not 수출신고 inside
        ("전자상거래 간이수출신고가", ["simplified-declaration"]),
        ("온라인 해외 직접판매액(개편 전)", ["direct-sales", "redesign"]),
        ("200만 원(FOB)까지", ["fob"]),
        ("상한으로는 부족함", ["upper-bound"]),
        ("구간들", []),  # no particle
        ("고시원", []),  # another word that begins alike
        ("시간이수출신고", []),  # in another word's middle
        ("", []),
    ],
)
def test_korean_terms_are_found_with_their_particles(
    text: str, expected: list[str], korean_terms: list[glossary.Term]
):
    assert ids(glossary.occurring([text], korean_terms, "ko")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("List clearance keeps its own limit", ["list-clearance", "limit"]),
        ("simplified export declarations", ["simplified-declaration"]),  # and no “declarations” inside
        ("The customs total less declarations", ["customs-total", "export-declaration"]),
        ("priors and intervals", ["prior", "interval"]),
        ("a priority", []),
        ("unlimited", []),
        ("KRW 2 million, FOB", ["fob"]),
        ("limit, limit and limits", ["limit"]),
    ],
)
def test_english_terms_are_found_whole(text: str, expected: list[str], english_terms: list[glossary.Term]):
    assert ids(glossary.occurring([text], english_terms, "en")) == expected


def test_terms_come_in_the_order_of_their_mention(english_terms: list[glossary.Term]):
    found = glossary.occurring(["The limit (FOB)", "of list clearance and the limit"], english_terms, "en")
    assert ids(found) == ["limit", "fob", "list-clearance"]


def test_nothing_occurs_where_nothing_is_known():
    assert glossary.occurring(["목록통관"], [], "ko") == []


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("", True),
        ("drawback", True),
        ("DUTY goods", True),
        ("관세환급", False),
        ("목록통관", True),
        ("55(1)8", True),
    ],
)
def test_a_search_looks_at_all_of_a_term(wanted: str, says: bool, english_terms: list[glossary.Term]):  # noqa: FBT001 (a parameter of the test)
    (term,) = [term for term in english_terms if term.term_id == "list-clearance"]
    assert term.says(wanted) == says
