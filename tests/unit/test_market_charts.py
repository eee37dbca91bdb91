"""The ladder of two borders, the timeline of rules, and ranks with their certainty, drawn as they are."""

import numpy as np
import pandas as pd
import pytest

from dashboard import charts, theme
from dashboard.charts.ladder import HIGHEST_KRW, LOWEST_KRW
from dashboard.i18n import LANGUAGES, Lang, words_for

EN = words_for("en")
INF = float("inf")


@pytest.fixture
def bands() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("Korea", "List clearance: up to KRW 2 million", "open", 0, 2e6),
            ("Japan: air", "Duty: free up to JPY 10,000", "free", 0, 85_000),
            ("Japan: air", "Duty: free up to JPY 10,000", "depends", 85_000, 105_000),
            ("Japan: air", "Duty: free up to JPY 10,000", "due", 105_000, INF),
            ("Japan: air", "Tax: not known", "unknown", 0, INF),
        ],
        columns=["heading", "name", "state", "low_krw", "high_krw"],
    )


def test_bands_keep_their_ends_within_the_axis(bands: pd.DataFrame):
    figure = charts.ladder(bands, 45_000, "basket", EN)
    drawn = {(trace.name, min(trace.x), max(trace.x)) for trace in figure.data if trace.meta != "guide"}
    assert drawn == {
        ("open", LOWEST_KRW, 2e6),
        ("free", LOWEST_KRW, 85_000),
        ("depends", 85_000, 105_000),
        ("due", 105_000, HIGHEST_KRW),
        ("unknown", LOWEST_KRW, HIGHEST_KRW),
    }
    assert figure.layout.xaxis.type == "log"
    assert "KRW" in figure.layout.xaxis.title.text


def test_states_differ_by_more_than_colour(bands: pd.DataFrame):
    figure = charts.ladder(bands, 45_000, "basket", EN)
    looks = {
        trace.name: (trace.fillcolor, trace.fillpattern.shape, trace.line.dash)
        for trace in figure.data
        if trace.meta != "guide"
    }
    assert looks["depends"][1] == "/"
    assert looks["due"][0] == looks["unknown"][0] == "rgba(0,0,0,0)"
    assert looks["unknown"][2] == "dot"
    assert looks["free"][0] == theme.ACCENT


def test_the_basket_stands_in_what_holds_for_it(bands: pd.DataFrame):
    """One diamond a row that covers the basket: above KRW 2 million there is none in the row of list clearance."""
    for basket, rows in ((45_000, 3), (3e6, 2)):
        figure = charts.ladder(bands, basket, "basket", EN)
        assert [list(trace.x) for trace in figure.data if trace.meta == "guide"] == [[basket]] * rows


def test_a_basket_beyond_the_axis_widens_it(bands: pd.DataFrame):
    for basket in (50.0, 8e8):
        low, high = (10**end for end in charts.ladder(bands, basket, "basket", EN).layout.xaxis.range)
        assert low < basket < high


def test_a_word_stands_inside_only_where_it_has_room(bands: pd.DataFrame):
    inside = [note.text for note in charts.ladder(bands, 70_000, "b", EN).layout.annotations]
    assert "free" in inside
    # in the middle of the band the basket's diamond would stand on it
    assert "free" not in [note.text for note in charts.ladder(bands, 29_000, "b", EN).layout.annotations]
    narrow = bands.assign(high_krw=bands["high_krw"].replace(85_000, 12_000))
    assert "free" not in [note.text for note in charts.ladder(narrow, 70_000, "b", EN).layout.annotations]


def test_a_heading_stands_once_over_its_rows(bands: pd.DataFrame):
    texts = " ".join(note.text for note in charts.ladder(bands, 45_000, "b", EN).layout.annotations)
    assert texts.count("Japan: air") == 1


# --- rules over time ------------------------------------------------------------


@pytest.fixture
def listed() -> pd.DataFrame:
    day = pd.Timestamp
    return pd.DataFrame(
        [
            ("Thailand", "until 2025", None, day(2025, 12, 31), "ended"),
            ("Thailand", "since 2026", day(2026, 1, 1), None, "in_force"),
            ("Japan", "from 2028", day(2028, 4, 1), None, "ahead"),
        ],
        columns=["heading", "name", "start", "end", "state"],
    )


SPAN = (pd.Timestamp(2020, 1, 1), pd.Timestamp(2030, 1, 1))


def test_open_ends_reach_the_edge(listed: pd.DataFrame):
    figure = charts.rule_timeline(listed, SPAN, pd.Timestamp(2026, 11, 23), "today", EN)
    assert [(min(trace.x), max(trace.x)) for trace in figure.data] == [
        (SPAN[0], pd.Timestamp(2025, 12, 31)),
        (pd.Timestamp(2026, 1, 1), SPAN[1]),
        (pd.Timestamp(2028, 4, 1), SPAN[1]),
    ]
    assert figure.data[2].fillpattern.shape == "/"
    assert figure.data[2].line.dash == "dash"


def test_today_is_marked_in_every_bar(listed: pd.DataFrame):
    figure = charts.rule_timeline(listed, SPAN, pd.Timestamp(2026, 11, 23), "today", EN)
    assert [shape.x0 for shape in figure.layout.shapes] == [pd.Timestamp(2026, 11, 23)] * 3


def test_a_heading_comes_back_where_another_stood_between(listed: pd.DataFrame):
    mixed = listed.iloc[[0, 2, 1]]
    texts = [note.text for note in charts.rule_timeline(mixed, SPAN, SPAN[0], "t", EN).layout.annotations]
    assert sum("<b>Thailand</b>" in text for text in texts) == 2


def test_years_fit_on_a_telephone(listed: pd.DataFrame):
    long = (pd.Timestamp(1990, 1, 1), pd.Timestamp(2030, 1, 1))
    assert len(charts.rule_timeline(listed, long, SPAN[0], "t", EN).layout.xaxis.tickvals) <= 6


# --- ranks ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ranks_say_how_sure_they_are(lang: Lang):
    ranked = pd.DataFrame(
        {"name": ["Japan", "Wien"], "score": [0.8, 0.3], "in_top": [0.913, 0.2], "p05": [1, 2], "p95": [2, 9]}
    )
    figure = charts.rank_certainty(ranked, 3, "Score", words_for(lang))
    (bar,) = figure.data
    assert list(bar.x) == [0.8, 0.3]
    assert list(bar.marker.color) == [theme.ACCENT, theme.GREY]
    said = [note.text for note in figure.layout.annotations]
    assert "91%" in said[0]
    assert "20%" in said[1]
    assert np.diff(bar.y)[0] > 0


def test_scores_below_zero_have_room():
    ranked = pd.DataFrame(
        {"name": ["a", "b"], "score": [1.0, -0.5], "in_top": [1, 0], "p05": [1, 2], "p95": [1, 2]}
    )
    low, high = charts.rank_certainty(ranked, 1, "Score", EN).layout.xaxis.range
    assert low < -0.5
    assert high > 1
