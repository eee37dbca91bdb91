"""Two borders in words: a basket between limits and thresholds, a parcel through time, rules ahead; from the shipped data."""

from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest

from dashboard import store
from dashboard.borders import ladder, parcel, rules, timeline
from dashboard.evidence import Evidence
from dashboard.model.markets.regime import Parcel
from dashboard.receipts import Number

TODAY = date(2026, 11, 23)
M = 1_000_000.0


@pytest.fixture(scope="module")
def read(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return {
        "rules": store.destination_rules(warehouse),
        "rates": store.currency_rates(warehouse),
        "limits": store.limits_in_force(warehouse),
        "facts": store.facts(warehouse),
    }


@pytest.fixture
def evidence(english: Evidence) -> Evidence:
    return english


def asked(
    read: dict[str, Any], evidence: Evidence, place: str, basket: float, day: date = TODAY, band: float = 10
) -> ladder.Ladder:
    of_place = [row for row in read["rules"] if row["destination_id"] == place]
    on_day = rules.once(rules.on_day(of_place, day))
    return ladder.Ladder(
        ladder.Question(place, place, basket, day, band), on_day, read["rates"], read["limits"], evidence
    )


# --- the ladder ------------------------------------------------------------


def test_cosmetics_at_45_000_won_to_japan(read: dict[str, Any], evidence: Evidence):
    """10,000 yen at 1421.4 / 149.5686 won are 95,030 won; ten percent either way 85,530 and 104,500."""
    found = asked(read, evidence, "JP", 45_000).answer()
    assert (
        found.heading == "JP, KRW 45,000: list clearance in Korea; no duty, no consumption tax at its border"
    )
    air = found.table.as_text().query("Rule.str.startswith('Post and express by air')").iloc[0]
    assert list(air)[1:] == [
        "JPY 10,000",
        "about KRW 95,030",
        "about KRW 85,530",
        "about KRW 104,500",
        "free",
    ]
    assert found.above_all == ""


@pytest.mark.parametrize(
    ("place", "basket", "day", "expected"),
    [
        (
            "JP",
            90_000,
            TODAY,
            "depends on route and goods",
        ),  # by air it hangs on the rate, for own use it is free
        ("US", 45_000, date(2025, 8, 28), "no duty, no consumption tax"),
        ("US", 45_000, date(2025, 8, 29), "duty levied, no consumption tax"),
        ("DE", 45_000, date(2026, 6, 30), "no duty, consumption tax levied"),
        ("DE", 45_000, date(2026, 7, 1), "duty levied, consumption tax levied"),
        ("GB", 45_000, TODAY, "no duty, consumption tax levied"),
        ("TH", 45_000, date(2024, 7, 4), "no duty, no consumption tax"),
        ("TH", 45_000, date(2024, 7, 5), "no duty, consumption tax levied"),
        ("TH", 45_000, date(2026, 1, 1), "duty levied, consumption tax levied"),
        ("VN", 45_000, date(2025, 2, 17), "no duty, no consumption tax"),
        ("VN", 45_000, date(2025, 2, 18), "duty levied, consumption tax levied"),
        (
            "JP",
            45_000,
            date(2028, 4, 1),
            "depends on route and goods",
        ),  # mail order pays tax, own use does not
        ("HK", 9 * M, TODAY, "no duty, no consumption tax"),
    ],
)
def test_the_answer_follows_the_date(
    read: dict[str, Any], evidence: Evidence, place: str, basket: float, day: date, expected: str
):
    assert expected in asked(read, evidence, place, basket, day).answer().heading


@pytest.mark.parametrize(
    ("basket", "day", "expected"),
    [
        (2 * M, TODAY, "list clearance"),
        (2 * M + 1, date(2024, 7, 31), "formal declaration"),
        (2 * M + 1, date(2024, 8, 1), "simplified declaration"),
        (4.5 * M, date(2026, 6, 25), "formal declaration"),
        (4.5 * M, date(2026, 6, 26), "simplified declaration"),
    ],
)
def test_koreas_side_follows_the_date_too(
    read: dict[str, Any], evidence: Evidence, basket: float, day: date, expected: str
):
    assert f"{expected} in Korea" in asked(read, evidence, "JP", basket, day).answer().heading


def test_a_basket_above_every_limit_is_a_sentence(read: dict[str, Any], evidence: Evidence):
    said = asked(read, evidence, "JP", 30 * M).answer().above_all
    assert said.startswith("KRW 30 million lies above every limit")


def test_a_day_before_every_rule_is_a_sentence(read: dict[str, Any], evidence: Evidence):
    question = asked(read, evidence, "TH", 45_000, date(2015, 1, 1))
    assert question.rules == []
    assert "No import rule of TH is known here for 1 January 2015" in ladder.without_rules(
        question.asked, evidence
    )
    assert question.answer().heading == "TH, KRW 45,000: list clearance in Korea"


def test_without_a_rate_nothing_is_said_in_won(read: dict[str, Any], evidence: Evidence):
    found = asked({**read, "rates": []}, evidence, "JP", 45_000).answer()
    assert "duty not known, consumption tax not known" in found.heading
    assert set(found.bands[found.bands["heading"] != "Korea, export"]["state"]) == {"unknown"}


@pytest.mark.slow
def test_every_destination_on_every_day_of_change(read: dict[str, Any], evidence: Evidence):
    """No destination and no day breaks the page, and the bands of each row lie end to end."""
    places = {row["destination_id"] for row in read["rules"]}
    assert len(places) == 32
    limits = [day.date() for day in read["limits"]["valid_from"]]
    for place in places:
        of_place = [row for row in read["rules"] if row["destination_id"] == place]
        for day in [*rules.change_days(of_place, limits), TODAY]:
            bands = asked(read, evidence, place, 45_000, day).answer().bands
            for (heading, _name), parts in bands[~bands["state"].eq("open")].groupby(["heading", "name"]):
                low = parts["low_krw"].drop_duplicates().sort_values().tolist()
                high = parts["high_krw"].drop_duplicates().sort_values().tolist()
                assert low == [0, *high[:-1]], heading
                assert high[-1] == float("inf"), heading


def test_fees_and_parcels_from_elsewhere_are_listed_but_not_drawn(read: dict[str, Any], evidence: Evidence):
    of_place = [row for row in read["rules"] if row["destination_id"] == "CA"]
    drawn = asked(read, evidence, "CA", 45_000)
    assert {row["rule_id"] for row in rules.on_day(of_place, TODAY)} == {"CA-korea", "CA-from-us-mx"}
    assert list(drawn.this_basket()) == ["CA-korea"]
    table = rules.register(rules.once(of_place), evidence, this_basket=drawn.this_basket()).as_text()
    assert table["This basket"].tolist().count("–") == 1


def test_a_register_cites_every_source(read: dict[str, Any], evidence: Evidence):
    table = rules.register(rules.once(read["rules"]), evidence, with_place=True)
    assert all(str(address).startswith("http") for address in table.columns["Address"])
    cited = [cell for column in table.columns.values() for cell in column if isinstance(cell, Number)]
    assert all(number.receipt.inputs[0].url.startswith("http") for number in cited)


# --- one parcel ------------------------------------------------------------


def changes(read: dict[str, Any], evidence: Evidence, asked_for: Parcel) -> parcel.Changes:
    return parcel.Changes(asked_for, read["limits"], read["facts"], evidence)


def test_three_million_won_through_time(read: dict[str, Any], evidence: Evidence):
    found = changes(read, evidence, Parcel(3 * M))
    assert found.heading() == (
        "A parcel of KRW 3 million: formal declaration until 31 July 2024, simplified declaration since 1 August 2024"
    )
    table = found.table().as_text()
    assert table["In force"].tolist() == [
        "30 July 2014 to 31 July 2024",
        "1 August 2024 to 25 June 2026",
        "since 26 June 2026",
    ]
    assert table["Simplified declaration up to"].tolist() == [
        "KRW 2 million",
        "KRW 4 million",
        "KRW 5 million",
    ]
    assert table["List clearance up to"].tolist() == ["KRW 2 million"] * 3
    assert table["Change"].tolist() == ["–", "another procedure", "no change"]


def test_what_no_change_touched(read: dict[str, Any], evidence: Evidence):
    assert "list clearance throughout" in changes(read, evidence, Parcel(45_000)).heading()
    assert (
        "simplified declaration throughout"
        in changes(read, evidence, Parcel(45_000, wants_drawback=True)).heading()
    )
    assert (
        "formal declaration throughout"
        in changes(read, evidence, Parcel(45_000, needs_confirmation=True)).heading()
    )


def test_conditions_name_their_articles_and_cite_their_numbers(read: dict[str, Any], evidence: Evidence):
    """Articles 43, 55, 42 and 72 of the notice, and 226 of the Customs Act."""
    said = [
        statement
        for each in (Parcel(45_000), Parcel(3 * M), Parcel(6 * M))
        for statement in changes(read, evidence, each).conditions()
    ]
    text = " ".join(statement.text for statement in said)
    for article in (
        "art. 55(1)8",
        "43(1)",
        "art. 42(2)",
        "art. 72(2)",
        "art. 59(4)",
        "Customs Act, art. 226",
    ):
        assert article in text
    assert "within 90 days" in text
    assert "before 26 June 2026 it was 60 days" in text
    numbers = [number for statement in said for number in statement.numbers]
    assert all(
        number.receipt.kind == "published" and number.receipt.inputs[0].source_id for number in numbers
    )


# --- rules over time ------------------------------------------------------------


def test_what_comes_next_for_all(read: dict[str, Any], evidence: Evidence):
    listed = timeline.shown(read["rules"], timeline.ALL, TODAY)
    title = timeline.heading(listed, timeline.ALL, "All", TODAY, evidence)
    assert title == "Next: November 2026, Germany and 6 more: “EU handling fee” begins (planned)"
    said = [each.text for each in timeline.coming(listed, TODAY, evidence)]
    assert any(text.startswith("1 April 2028, Japan: “Mail-order sales") for text in said)
    # the rule before it ends on the eve: that is the same change, and is not said twice
    assert not any("31 March 2028" in text for text in said)
    assert any("Vietnam" in text and "no date yet" in text for text in said)
    assert any("Kazakhstan, Russia" in text and "not confirmed" in text for text in said)
    assert all("{place}" not in text and "](http" in text for text in said)


def test_a_destination_with_nothing_ahead_says_so(read: dict[str, Any], evidence: Evidence):
    listed = timeline.shown(read["rules"], "HK", TODAY)
    assert (
        timeline.heading(listed, "HK", "Hong Kong", TODAY, evidence) == "Hong Kong: no change ahead is known"
    )
    assert timeline.coming(listed, TODAY, evidence) == []


def test_bars_end_where_their_rules_end(read: dict[str, Any], evidence: Evidence):
    listed = timeline.shown(read["rules"], "TH", TODAY)
    bars = timeline.chart_rows(listed, TODAY, evidence)
    assert list(bars["state"]) == ["ended", "ended", "in_force"]
    assert list(bars["end"])[:2] == [pd.Timestamp(2024, 7, 4), pd.Timestamp(2025, 12, 31)]
    assert bars["end"].isna().tolist() == [False, False, True]
    first, last = timeline.span(bars, "TH", TODAY)
    assert first < bars["start"].min()
    assert last > pd.Timestamp(TODAY)


def test_countries_with_one_rule_share_a_row(read: dict[str, Any], evidence: Evidence):
    bars = timeline.chart_rows(timeline.shown(read["rules"], timeline.ALL, TODAY), TODAY, evidence)
    joined = bars[bars["heading"].str.startswith("Germany")]
    assert joined["heading"].unique().tolist() == [
        "Germany, Spain, France, Italy, Netherlands, Poland, Sweden"
    ]
    assert joined.index.tolist() == list(range(joined.index[0], joined.index[0] + len(joined)))


@pytest.mark.parametrize(
    ("rule_id", "day", "expected"),
    [
        ("JP-mail-order", TODAY, "ahead"),
        ("JP-mail-order", date(2028, 4, 1), "in_force"),
        ("DE-2021", TODAY, "ended"),
        ("RU-2026", TODAY, "ahead"),  # planned, and nobody has confirmed that it started
        ("VN-draft", TODAY, "ahead"),
    ],
)
def test_how_a_rule_stands_on_a_day(read: dict[str, Any], rule_id: str, day: date, expected: str):
    row = next(row for row in read["rules"] if row["rule_id"] == rule_id)
    assert timeline.state_on(row, day) == expected


def test_drafts_never_hold_and_an_unconfirmed_end_is_none(read: dict[str, Any]):
    on_day = {row["rule_id"] for row in rules.on_day(read["rules"], TODAY)}
    assert "VN-draft" not in on_day
    assert {"RU-2024", "RU-2026"} <= on_day


def test_every_destination_has_its_timeline(read: dict[str, Any], korean: Evidence):
    for place in {row["destination_id"] for row in read["rules"]}:
        listed = timeline.shown(read["rules"], place, TODAY)
        assert not timeline.chart_rows(listed, TODAY, korean).empty
        assert timeline.heading(listed, place, place, TODAY, korean)
        assert all("{" not in each.text for each in timeline.coming(listed, TODAY, korean))
