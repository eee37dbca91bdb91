"""The page Two borders: any question from the address, and a sentence wherever there is nothing to draw."""

import pytest

from tests.pages.conftest import Visit


def test_the_ladder_opens_on_japan(visit: Visit):
    page = visit("borders")
    assert page.is_sound
    assert page.title == "Two borders"
    assert page.finding.startswith(
        "Japan, KRW 45,000: list clearance in Korea; no duty, no consumption tax at its border."
    )
    assert any("This is not legal advice" in text for text in page.texts)


def test_the_address_asks_the_whole_question(visit: Visit):
    query = {"abroad": "US", "basket": "1200000", "on": "2025-08-29", "fx": "0"}
    page = visit("borders", **query)
    assert page.is_sound
    assert page.finding.startswith("United States, KRW 1.2 million: list clearance in Korea; duty levied")
    assert "29 August 2025" in page.finding
    assert {key: page.address[key] for key in query} == query


def test_a_choice_stands_in_the_address(visit: Visit):
    page = visit("borders").choose("abroad", "TW")
    assert page.address["abroad"] == "TW"
    assert page.finding.startswith("Taiwan")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"basket": "30000000"}, "lies above every limit and threshold"),
        ({"abroad": "TH", "on": "2015-03-23"}, "No import rule of Thailand is known here for 23 March 2015"),
        ({"abroad": "XX"}, "abroad=XX"),
        ({"basket": "-5"}, "basket=-5"),
        ({"on": "2020-13-44"}, "on=2020-13-44"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(visit: Visit, query: dict[str, str], said: str):
    page = visit("borders", **query)
    assert page.is_sound
    assert any(said in text for text in page.texts)
    assert page.finding  # and the picture is there all the same


def test_a_parcel_through_time_by_address(visit: Visit):
    page = visit("borders", borders="parcel", basket="3000000")
    assert page.is_sound
    assert "formal declaration until 31 July 2024, simplified declaration since 1 August 2024" in " ".join(
        page.texts
    )
    page.controls["confirmed"].set_value(True)
    page.run()
    assert page.address["confirmed"] == "1"
    assert "formal declaration throughout" in " ".join(page.texts)


def test_the_parcel_keeps_the_basket(visit: Visit):
    page = visit("borders", basket="3000000").choose("borders", "parcel")
    assert "A parcel of KRW 3 million" in " ".join(page.texts)


def test_the_timeline_filters_by_destination(visit: Visit):
    page = visit("borders", borders="timeline")
    assert page.finding.startswith("Next: ")
    page.choose("abroad", "HK")
    assert page.is_sound
    assert page.finding.startswith("Hong Kong: no change ahead is known")
