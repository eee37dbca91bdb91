"""Destinations and items: flipping keeps what can be kept, and every combination of controls shows something or says what to choose."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.i18n import LANGUAGES, Lang

Visit = Callable[..., Any]

PICTURES = ("bars", "map", "treemap", "ranks", "value-and-cases")
CHARTS = {"map": 2}
# One of each kind: years, a span, quarters with a group, one member, a group only, overlapping items.
PUBLICATIONS = {
    "destination": ["kcs_total:2018", "kcs_total:2020-01..2025-08", "kostat_new:2025-Q2", "mss_sme:2023-H1"],
    "item": ["kcs_total:2024", "kcs_item_coded:2018", "kostat_old:2024"],
}
COMBINATIONS = [
    (dimension, show, measure, publication)
    for dimension, show in itertools.product(("destination", "item"), PICTURES)
    for measure in ("share_value_pct", "share_cases_pct")
    for publication in PUBLICATIONS[dimension]
    if (dimension, show) != ("item", "map")
]


def test_every_combination_draws_or_says_what_to_choose(visit: Visit):
    """In turn through both languages; what the other measure does not publish is said, not drawn."""
    drawn = 0
    seen = {lang: visit("destinations", lang) for lang in LANGUAGES}
    # each language walks half of them, in one session, as a reader does
    for place, (dimension, show, measure, publication) in enumerate(COMBINATIONS):
        page = seen[LANGUAGES[place % len(LANGUAGES)]]
        page.go("destinations", split=dimension, show=show, by=measure, publication=publication)
        case = (dimension, show, measure, publication)
        assert not page.app.exception, case
        assert page.controls["show"].value == show, case
        assert page.controls["split"].value == dimension, case
        count = len(page.alternatives)
        assert count in {0, CHARTS.get(show, 1)}, case
        if not count:
            assert [note for note in page.app.info if len(note.value) > 20], case
        assert not [text for text in page.texts if "{" in text], case
        drawn += count
    assert drawn > len(COMBINATIONS) / 2


def test_flipping_keeps_the_publication(visit: Visit):
    seen = visit("destinations", publication="kostat_old:2024")
    seen.choose("split", "item")
    assert seen.controls["publication"].value == "kostat_old:2024"
    assert not seen.app.info
    seen.choose("by", "share_cases_pct")
    assert seen.controls["split"].value == "item"


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "gives no such shares by item"), ("ko", "품목별로 이 비중이 없어")]
)
def test_flipping_says_what_it_could_not_keep_and_brings_it_back(visit: Visit, lang: Lang, says: str):
    seen = visit("destinations", lang, publication="kcs_total:2018")
    seen.choose("split", "item")
    assert seen.controls["publication"].value == "kcs_total:2024"  # the newest of the same series
    (note,) = seen.app.info
    assert says in note.value
    assert "2018" in note.value
    assert seen.is_sound
    seen.choose("split", "destination")
    assert seen.controls["publication"].value == "kcs_total:2018"
    assert not seen.app.info


def test_items_have_no_map_and_the_map_comes_back(visit: Visit):
    seen = visit("destinations", show="map")
    assert len(seen.alternatives) == 2
    seen.choose("split", "item")
    assert len(seen.controls["show"].options) == len(PICTURES) - 1
    assert seen.controls["show"].value == "bars"
    seen.choose("split", "destination")
    assert seen.controls["show"].value == "map"


def test_value_against_cases_opens_with_the_united_states(visit: Visit):
    seen = visit("destinations", show="value-and-cases")
    assert seen.finding.startswith("United States: 4.4% of cases, 26.6% of value")
    assert "by" not in seen.controls
    seen.choose("cases", "2018")
    assert "share of cases 2018" in seen.finding
    assert [text for text in seen.texts if text.startswith("Two periods")]


def test_movement_since_an_earlier_publication(visit: Visit):
    seen = visit("destinations", show="ranks", publication="kostat_old:2024-Q3")
    seen.choose("since", "2018-Q3")
    assert seen.finding.startswith("Japan moved down since Q3 2018")
    assert "Ranks and movement" in [each.value for each in seen.app.subheader]
    # China stayed first, Japan fell from the second place to the third, the United States was not named
    assert {"0", "−1", "not named then"} <= set(seen.cells)


def test_electronics_carries_its_caveat(visit: Visit):
    for show in ("bars", "treemap"):
        seen = visit(
            "destinations", split="item", by="share_cases_pct", publication="kcs_total:2021", show=show
        )
        assert [text for text in seen.texts if text.startswith("† Electronics") and "K-pop CDs" in text]


def test_borders_are_said_to_be_natural_earths(visit: Visit):
    assert [text for text in visit("destinations", show="map").texts if "Natural Earth" in text]
