"""The Markets page: a shortlist in three choices, and a sentence wherever there is nothing to rank."""

import pytest

from tests.pages.conftest import Visit, Visitor

SHORTLIST = ("United States", "China", "Japan")


def said(page: Visitor) -> str:
    return " ".join(page.texts)


def test_a_seller_of_cosmetics_at_45000_won_opens_the_page_to_a_ranked_and_explained_shortlist(visit: Visit):
    """No choice is needed at all: these are the defaults; what matters may be changed with one."""
    page = visit("markets")
    assert page.is_sound
    first = page.headlines[:3]
    assert all(place in text for place, text in zip(SHORTLIST, first, strict=True))
    assert all("in the first three in" in text and "Ahead in:" in text for text in first)
    assert page.finding.startswith("United States, China, Japan lead")
    growing = page.choose("matters", "growing")
    assert "Mexico" in growing.headlines[0]


def test_three_choices_stand_in_the_address_and_bring_the_same_shortlist_back(visit: Visit):
    chosen = (
        visit("markets").choose("item", "recorded_media").choose("basket", 30_000).choose("matters", "easy")
    )
    address = {name: chosen.address[name] for name in ("item", "basket", "matters", "markets")}
    assert {name: value if isinstance(value, str) else value[0] for name, value in address.items()} == {
        "item": "recorded_media",
        "basket": "30000",
        "matters": "easy",
        "markets": "shortlist",
    }
    again = visit("markets", item="recorded_media", basket="30000", matters="easy")
    assert again.headlines == chosen.headlines
    assert again.finding == chosen.finding


def test_weights_of_zero_are_a_sentence_and_no_empty_frame(visit: Visit):
    weights = {
        f"w_{name}": "0" for name in ("size", "growth", "position", "value_per_case", "ease", "concentration")
    }
    page = visit("markets", markets="ranking", **weights)
    assert page.is_sound
    assert "With all weights at zero nothing can be ranked" in said(page)
    assert not page.alternatives


def test_weights_and_floors_stand_in_the_address(visit: Visit):
    page = visit("markets", markets="ranking", w_growth="100", least_exports="500000000", scale="rank")
    assert page.is_sound
    assert "Below the floor, not ranked:" in said(page)
    assert page.controls["w_growth"].value == "100"


def test_one_market_only_is_a_sentence(visit: Visit):
    page = visit(
        "markets", markets="ranking", least_people="100000000", least_exports="500000000", matters="proven"
    )
    names = page.finding
    assert page.is_sound
    assert names.startswith(("United States", "China"))


def test_a_floor_that_nobody_meets_and_a_market_without_figures_are_sentences(visit: Visit):
    nobody = visit("markets", markets="ranking", item="recorded_media", least_exports="500000000")
    assert "No market is left to rank" in said(nobody)
    without = visit("markets", markets="sizing", sized="CH")
    assert "there is no size: Switzerland." in said(without)
    assert not without.alternatives
    nothing = visit("markets", markets="beside", compared="")
    assert "Choose at least one market." in said(nothing)


def test_a_basket_above_every_limit_is_a_sentence(visit: Visit):
    page = visit("markets", basket="10000000")
    assert page.is_sound
    assert "is above every threshold that is known" in said(page)


def test_nonsense_in_the_address_gives_the_default_and_a_note(visit: Visit):
    page = visit("markets", item="unicorns", matters="luck", basket="-5", markets="nowhere")
    assert page.is_sound
    assert "did not" in said(page) or "was not followed" in said(page)
    assert all(place in text for place, text in zip(SHORTLIST, page.headlines[:3], strict=True))


def test_more_than_four_markets_are_cut_with_a_sentence(visit: Visit):
    page = visit("markets", markets="beside", compared="JP,US,CN,HK,TW")
    assert page.is_sound
    assert "Only the first four are shown." in said(page)
    assert len(page.app.main.get("table")[0].value.columns) == 4


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_table_says_how_to_fetch_what_is_not_there(visit: Visit, lang: str):
    page = visit("markets", lang, markets="table", columns="item")
    assert page.is_sound
    assert "yeokjikgu refresh comtrade" in said(page)


def test_direct_sales_are_a_column_of_their_own_beside_the_customs_total(visit: Visit):
    page = visit("markets", markets="table", columns="ecommerce")
    columns = list(page.app.main.get("table")[0].value.columns)
    assert [each for each in columns if "Statistics Korea" in each]
    assert [each for each in columns if "customs total" in each]
    assert "never add or compare them" in said(page)


def test_grades_are_explained_in_words(visit: Visit):
    assert "A is an official publication’s own figure" in said(visit("markets", markets="table"))


def test_what_matters_most_and_is_not_known_is_said_aloud(visit: Visit):
    """Nobody publishes how exports of albums grew by destination."""
    page = visit("markets", item="recorded_media", matters="growing")
    assert page.is_sound
    assert [each.value for each in page.app.info] == [
        "Not weighed because fewer than two markets have a figure: Growth of exports."
    ]
