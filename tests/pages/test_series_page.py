"""The page of the five series: its controls, its title, its arithmetic."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.findings import series
from dashboard.i18n import LANGUAGES, Lang

Visit = Callable[..., Any]


def test_the_title_is_computed_for_the_year_compared(visit: Visit):
    seen = visit("series")
    assert seen.address["series-year"] == "2019"
    assert "26.7x" in seen.finding
    seen.choose("series-year", "2024")
    # A USD 2,903M / C₃ USD 1,010M = 2.87
    assert "In 2024 figures of one name differ by up to 2.87x" in seen.finding
    assert "USD 1,010 million (C₃ SME ministry, SMEs)" in seen.finding


def test_won_is_another_view_of_the_same_definitions(visit: Visit):
    seen = visit("series", **{"series-currency": "value_krw", "series-year": "2020"})
    # D₁ 5,982.4bn / C₃ 349.5M × 1,180.5554
    assert "KRW 5.982 trillion" in seen.finding
    assert any("KRW 4.091 trillion" in cell for cell in seen.cells)
    assert not [text for text in seen.headlines if "USD" in text]


def test_each_letter_has_a_card(visit: Visit):
    cards = visit("series").headlines
    assert len(cards) == 5
    assert all(f"{letter} ·" in card for letter, card in zip("ABCDE", cards, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_definition_is_explained(visit: Visit, lang: Lang):
    said = visit("series", lang).texts
    for code in series.CODES.values():
        assert any(text.startswith(f"**{code} ") for text in said), code


def test_the_arithmetic_is_shown(visit: Visit):
    said = " ".join(visit("series").texts)
    for result in (
        "KRW 3.5777 trillion", "KRW 1,100.15 per USD",  # B is D
        "1.45x", "1.51x", "2.16x",  # the redesign
        "2.09x", "83.6%",  # the SME ministry
        "USD 885.19 million", "USD 1,330 million", "USD 1,523.2 million",  # what is left for list clearance
        "USD 155 million", "USD 381 million",  # KIEP
        "57%",  # duty-free
    ):  # fmt: skip
        assert result in said, result


def test_a_year_without_two_definitions_is_refused(visit: Visit):
    seen = visit("series", **{"series-year": "2014"})
    assert seen.address["series-year"] == "2019"
    assert any("series-year" in info.value for info in seen.app.info)
