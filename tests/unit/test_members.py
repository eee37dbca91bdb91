"""Destinations and items: what is said of a publication, of two of them, and of value against cases."""

import json
import math
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import dashboard
from dashboard import naming, pictures, store, theme
from dashboard.charts import world_map
from dashboard.evidence import Evidence
from dashboard.findings import members
from dashboard.findings.members import Choice
from dashboard.i18n import LANGUAGES, Lang, words_for

EN = words_for("en")
OUTLINES = Path(dashboard.__file__).parent / "static" / "topojson" / "world_50m.json"
TOTAL_2023 = Choice("destination", "share_value_pct", "kcs_total", "2023")
QUARTER = Choice("destination", "share_value_pct", "kostat_old", "2024-Q3")


@pytest.fixture(scope="module")
def named(warehouse: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return naming.names_by_id(store.series(warehouse), "series", EN)


@pytest.fixture(scope="module")
def data(
    warehouse: duckdb.DuckDBPyConnection, shares: pd.DataFrame, levels: pd.DataFrame, named: dict[str, str]
) -> pictures.Data:
    return pictures.Data(shares, levels, store.destinations(warehouse), named)


def of_2023(shares: pd.DataFrame) -> pd.DataFrame:
    return members.chosen(shares, TOTAL_2023)


def invented(
    values: dict[str, float], period: str = "2023", measure: str = "share_value_pct"
) -> pd.DataFrame:
    """Shares of a series of our own in one year, to work out by hand."""
    return pd.DataFrame(
        [
            {
                "series_id": "s", "definition_id": "s", "metric_id": measure, "unit": "percent", "period": period,
                "period_start": pd.Timestamp(f"{period}-01-01"), "period_end": pd.Timestamp(f"{period}-12-31"),
                "frequency": "year", "destination_id": member, "destination_ko": member, "destination_en": member,
                "destination_kind": "country", "item_id": "ALL", "caveat_ko": "", "caveat_en": "", "value": value,
                "evidence": "published", "formula": "", "input_ids": [f"{member}{period}"], "bound": "exact",
            }
            for member, value in values.items()
        ]
    )  # fmt: skip


INVENTED = Choice("destination", "share_value_pct", "s", "2023")

# --- one publication ------------------------------------------------------------


def test_destinations_of_2023(shares: pd.DataFrame, english: Evidence):
    shown = members.with_rest(of_2023(shares), "destination", EN)
    assert shown["destination_id"].tolist() == ["JP", "US", "CN", "REST"]
    assert shown["value"].tolist() == pytest.approx([36.8, 20.3, 19.7, 23.2])
    title = members.members_title(shown, "destination", english)
    assert title == "Japan leads with 36.8%, then United States 20.3%, China 19.7%"
    assert members.rest_title(shown, "destination", english).startswith("23.2% goes to others")
    rest = shown.iloc[-1].to_dict()
    assert english.receipt(rest, "rest").kind == "derived"
    assert [line.value for line in english.receipt(rest, "rest").inputs] == [36.8, 20.3, 19.7]


def test_a_rest_that_is_only_rounding_is_left_out(shares: pd.DataFrame):
    rounded = of_2023(shares).assign(value=[36.8, 43.3, 19.5])
    assert "REST" not in members.with_rest(rounded, "destination", EN)["destination_id"].to_numpy()
    visible = of_2023(shares).assign(value=[36.8, 43.3, 19.3])
    assert "REST" in members.with_rest(visible, "destination", EN)["destination_id"].to_numpy()


def test_a_group_beside_others_leaves_a_rest(shares: pd.DataFrame):
    # ASEAN holds none of China, Japan and the United States: 75.9 + 7.1 + 5.3 + 3.6 = 91.9
    choice = Choice("destination", "share_value_pct", "kostat_old", "2016-Q1")
    shown = members.with_rest(members.chosen(shares, choice), "destination", EN)
    assert shown["destination_id"].tolist() == ["CN", "US", "JP", "ASEAN", "REST"]
    assert shown["value"].iloc[-1] == pytest.approx(8.1, abs=0.05)
    assert members.overlap_note(shown, "destination", EN) == ""


def test_what_contains_others_is_not_counted_twice(shares: pd.DataFrame, english: Evidence):
    # clothing and cosmetics together 55.7 = 36.7 + 19.0; 36.7 + 19.0 + 2.5 + 2.4 = 60.6, which leaves 39.4
    choice = Choice("item", "share_value_pct", "kcs_item_coded", "2018")
    shown = members.with_rest(members.chosen(shares, choice), "item", EN)
    assert shown["value"].iloc[-1] == pytest.approx(39.4)
    assert "clothing_and_cosmetics" not in members.parts(shown, "item")["item_id"].to_numpy()
    assert members.overlap_note(shown, "item", EN).startswith("Clothing and cosmetics together: contains")
    assert members.members_title(shown, "item", english).startswith(
        "Clothing leads with 36.7%, then Cosmetics 19%"
    )


def test_nothing_published_is_said(shares: pd.DataFrame, english: Evidence):
    nothing = of_2023(shares).head(0)
    assert "Nothing is published" in members.members_title(nothing, "destination", english)
    assert members.with_rest(nothing, "destination", EN).empty


def test_colours_belong_to_destinations_and_items(shares: pd.DataFrame):
    shown = members.with_rest(of_2023(shares), "destination", EN)
    drawn = members.bars(shown, "destination", EN)
    assert drawn["colour"].tolist() == [*map(theme.destination_colour, ("JP", "US", "CN")), theme.GREY]
    assert drawn["value"].tolist() == shown["value"].tolist()
    items = {theme.item_colour(each) for each in shares["item_id"]} - {theme.GREY}
    destinations = {theme.destination_colour(each) for each in shares["destination_id"]} - {theme.GREY}
    assert len(items) >= 5
    assert not items & destinations


def test_caveats_stand_in_place(shares: pd.DataFrame):
    choice = Choice("item", "share_cases_pct", "kcs_total", "2021")
    shown = members.chosen(shares, choice)
    marked = members.bars(shown, "item", EN)["name"].tolist()
    assert "Electronics†" in marked
    assert "Clothing" in marked
    assert [
        each
        for each in members.caveats(shown, EN)
        if each.startswith("† Electronics") and "K-pop CDs" in each
    ]


def test_groups_are_named_with_their_figures(shares: pd.DataFrame, english: Evidence):
    choice = Choice("destination", "share_value_pct", "kostat_new", "2025-Q2")
    assert (
        members.groups_note(members.chosen(shares, choice), english) == "Groups are not painted: ASEAN 6.5%."
    )
    assert members.groups_note(of_2023(shares), english) == ""


def test_publications_are_ordered_and_named(shares: pd.DataFrame, named: dict[str, str]):
    codes = list(members.publications(shares, named, "share_value_pct", "destination", EN))
    totals = [code for code in codes if code.startswith("kcs_total:")]
    assert codes[: len(totals)] == totals
    assert totals.index("kcs_total:2024") < totals.index("kcs_total:2023") < totals.index("kcs_total:2021")
    assert members.default_publication(codes) == "kcs_total:2023"
    assert members.default_publication(["a:2020", "b:2019"]) == "a:2020"
    # who was at a series stays with it
    assert members.default_publication(codes, "kostat_old:2014").startswith("kostat_old:")


def test_a_lost_publication_is_said(named: dict[str, str]):
    said = members.moved_note("kcs_total:2018", "kcs_total:2023", named, "item", EN)
    assert said.startswith("“2018, Customs total")
    assert "by item" in said
    assert "“2023, Customs total" in said


def test_levels_come_in_the_currency_of_the_publication(levels: pd.DataFrame):
    assert members.level_metric(levels, "kostat_old", "share_value_pct", "2019") == "value_krw"
    assert members.level_metric(levels, "kcs_total", "share_value_pct", "2023") == "value_usd"
    assert members.level_metric(levels, "kcs_total", "share_cases_pct", "2021") == "cases"


# --- growth ------------------------------------------------------------


def test_growth_since_the_latest_earlier_year(levels: pd.DataFrame, english: Evidence, shares: pd.DataFrame):
    # Japan: 36.8% of USD 2,320M = 853.8M in 2023; USD 796M in 2021: 853.76 / 796 - 1 = 7.256%
    grown = members.growth(levels, TOTAL_2023, "value_usd")
    (japan,) = grown.to_dict("records")
    assert japan["destination_id"] == "JP"
    assert japan["since"] == "2021"
    assert japan["value"] == pytest.approx(100 * (0.368 * 2_320 / 796 - 1))
    assert len(japan["input_ids"]) >= 3
    title = members.growth_title(of_2023(shares), grown, TOTAL_2023, english)
    assert title == "Japan: value grew by 7.3% since 2021"


def level(member: str, period: str, value: float, **changes: object) -> pd.DataFrame:
    rows = invented({member: value}, period).assign(metric_id="value_usd", unit="USD")
    return rows.assign(**changes) if changes else rows


@pytest.mark.parametrize(
    ("earlier", "says"),
    [
        (level("JP", "2021", 100.0), 50.0),  # 150 / 100 - 1
        (level("JP", "2021", 100.0, definition_id="other"), None),
        (level("JP", "2021", 100.0, bound="at_least"), None),
        # half a year is no year, and the second half starts elsewhere
        (level("JP", "2021", 100.0, period_end=pd.Timestamp("2021-06-30")), None),
        (level("JP", "2021", 100.0, period_start=pd.Timestamp("2021-07-01")), None),
        (level("US", "2021", 100.0), None),
        (level("JP", "2024", 100.0), None),
    ],
)
def test_growth_needs_an_earlier_figure_of_the_same_kind(earlier: pd.DataFrame, says: float | None):
    grown = members.growth(pd.concat([level("JP", "2023", 150.0), earlier]), INVENTED, "value_usd")
    assert grown["value"].tolist() == ([] if says is None else [pytest.approx(says)])


def test_a_fall_is_called_one(english: Evidence, shares: pd.DataFrame, levels: pd.DataFrame):
    choice = Choice("item", "share_value_pct", "kostat_old", "2024")
    shown = members.chosen(shares, choice)
    # cosmetics: KRW 991.2bn after 1,034.0bn
    title = members.growth_title(shown, members.growth(levels, choice, "value_krw"), choice, english)
    assert title == "Cosmetics: value fell (−4.1%) since 2023"


# --- ranks ------------------------------------------------------------


def test_ranks_and_movement_by_hand():
    years = [
        invented(
            {"JP": 20.0, "CN": 60.0, "US": 15.0}, "2021"
        ),  # 95 named: nobody unnamed can have more than 5
        invented({"JP": 40.0, "US": 10.0}, "2022"),  # 50 are not named: only a share of 50 would be firm
        invented({"JP": 50.0, "CN": 30.0, "TW": 10.0}, "2023"),
    ]
    ranked = members.ranks(pd.concat(years), INVENTED)
    by_place = {(row["period"], row["destination_id"]): row for row in ranked.to_dict("records")}
    ranks = {place: row["rank"] for place, row in by_place.items()}
    assert ranks == {
        ("2021", "CN"): 1, ("2021", "JP"): 2, ("2021", "US"): 3,
        ("2022", "JP"): 1, ("2022", "US"): 2,
        ("2023", "JP"): 1, ("2023", "CN"): 2, ("2023", "TW"): 3,
    }  # fmt: skip
    assert ("2022", "CN") not in ranks  # not named is no rank
    assert [place for place, row in by_place.items() if not row["is_firm"]] == [
        ("2022", "JP"),
        ("2022", "US"),
    ]
    assert members.earlier_periods(ranked, "2023") == ["2022", "2021"]
    moved = members.movement(ranked, INVENTED, "2021")
    assert moved["destination_id"].tolist() == ["JP", "CN", "TW"]
    assert moved["moved"].tolist()[:2] == [1, -1]
    assert math.isnan(moved["moved"].iloc[2])


def test_the_furthest_mover_is_named(shares: pd.DataFrame):
    ranked = members.ranks(shares, QUARTER)
    # Q4 2016: China, United States, Japan; Q3 2018: China, Japan; Q3 2024: China, United States, Japan
    still = members.movement(ranked, QUARTER, "2016-Q4")
    assert members.movement_title(still, QUARTER, "2016-Q4", EN).startswith("No place")
    down = members.movement(ranked, QUARTER, "2018-Q3")
    assert members.movement_title(down, QUARTER, "2018-Q3", EN) == "Japan moved down since Q3 2018"
    nobody = members.movement(
        ranked.assign(destination_id=ranked["destination_id"] + ranked["period"]), QUARTER, "2018-Q3"
    )
    assert members.movement_title(nobody, QUARTER, "2018-Q3", EN).startswith("Nobody is named both")


def test_only_periods_of_the_same_length_are_ranked_together(shares: pd.DataFrame):
    assert set(members.ranks(shares, QUARTER)["frequency"]) == {"quarter"}
    total = Choice("destination", "share_cases_pct", "kcs_total", "2020-01..2020-09")
    assert set(members.ranks(shares, total)["period"]) == {"2020-01..2020-09"}


# --- value against cases ------------------------------------------------------------


def test_the_united_states_have_few_cases_and_much_value(data: pictures.Data, english: Evidence):
    codes = list(members.publications(data.shares, data.named, "share_value_pct", "destination", EN))
    opening = pictures.opening("value-and-cases", data, codes, "destination", "")
    assert opening == "kcs_total:2024-01..2024-08"
    choice = Choice("destination", "share_value_pct", *opening.split(":"))
    cases = members.case_periods(data.shares, choice)[0]
    assert cases == "2020-01..2025-08"
    (picture,) = pictures.of("value-and-cases", choice, data, english, cases)
    # 11.70 of 264.64 million cases are 4.42%; 26.6 / 4.42 = 6.0
    assert (
        picture.heading
        == "United States: 4.4% of cases, 26.6% of value; a case is worth about 6x the average"
    )
    assert "Jan–Aug 2024" in picture.subtitle
    assert "Jan 2020–Aug 2025" in picture.subtitle
    assert [note for note in picture.notes if note.startswith("Two periods")]


def test_one_period_needs_no_such_note(data: pictures.Data, english: Evidence):
    choice = Choice("destination", "share_value_pct", "kcs_total", "2018")
    assert members.case_periods(data.shares, choice)[0] == "2018"
    (picture,) = pictures.of("value-and-cases", choice, data, english, "2018")
    # 11.2 / 5.1 = 2.196
    assert picture.heading == "United States: 5.1% of cases, 11.2% of value; a case is worth 2.2x the average"
    assert not [note for note in picture.notes if note.startswith("Two periods")]
    marks = [trace for trace in picture.figure.data if trace.meta != "guide"]
    assert dict(zip(marks[0].x, marks[0].y, strict=True))[5.1] == 11.2


# --- pictures ------------------------------------------------------------


def test_each_country_has_a_place_and_an_outline(data: pictures.Data):
    geometries = json.loads(OUTLINES.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    centres = {each["id"]: each["properties"]["ct"] for each in geometries if "id" in each}
    countries = data.destinations[data.destinations["kind"] == "country"]
    assert {"SGP", "HKG", "MAC"} <= set(countries["iso3"])
    for iso3 in countries["iso3"]:
        place = world_map.PLACES[iso3]
        assert (place.lon, place.lat) == pytest.approx(centres[iso3], abs=0.01)


@pytest.mark.parametrize(("share", "place"), [(0.0, 0), (4.9, 0), (5.0, 1), (19.9, 2), (40.0, 4), (100.0, 4)])
def test_a_share_falls_into_its_class(share: float, place: int):
    assert world_map.colour_of(share) == theme.SEQUENCE[place]


def test_the_map_paints_countries_and_never_groups(data: pictures.Data, english: Evidence):
    choice = Choice("destination", "share_value_pct", "kostat_new", "2025-Q2")
    world, bars = pictures.of("map", choice, data, english)
    (painted,) = [trace for trace in world.figure.data if trace.type == "choropleth"]
    assert set(painted.locations) == {"CHN", "JPN", "USA"}
    assert "ASEAN 6.5%" in " ".join(world.notes)
    assert "ASEAN" in bars.figure.data[0].y
    circles = {trace.name for trace in world.figure.data if trace.meta is None and trace.type == "scattergeo"}
    assert circles == {"Singapore", "Hong Kong", "Macau"}
    grey = {trace.name for trace in world.figure.data if trace.legendgroup == theme.NO_FIGURE}
    assert grey == {*circles, "no figure published"}
    colours = {
        is_dark: theme.ink(world.figure, is_dark=is_dark).layout.geo.landcolor for is_dark in (False, True)
    }
    assert len(set(colours.values())) == 2
    assert not set(colours.values()) & set(theme.SEQUENCE)


def test_a_map_of_groups_only_says_what_to_choose(data: pictures.Data, english: Evidence):
    choice = Choice("destination", "share_value_pct", "mss_sme", "2023-H1")
    with pytest.raises(pictures.NothingToShowError, match="Choose ranked bars"):
        pictures.of("map", choice, data, english)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (
            Choice("destination", "share_value_pct", "bok_direct", "2024"),
            "another series, such as: Customs total",
        ),
        (Choice("item", "share_cases_pct", "kcs_total", "2021"), "Choose “by value”"),
    ],
)
def test_one_publication_has_no_ranks_over_time(
    data: pictures.Data, english: Evidence, choice: Choice, says: str
):
    with pytest.raises(pictures.NothingToShowError, match=says):
        pictures.of("ranks", choice, data, english)


def test_value_without_cases_says_what_to_choose(data: pictures.Data, english: Evidence):
    assert members.case_periods(data.shares, QUARTER) == []
    with pytest.raises(pictures.NothingToShowError, match="Choose the customs total"):
        pictures.of("value-and-cases", QUARTER, data, english)


def test_tiles_say_what_became_of_each(data: pictures.Data, english: Evidence):
    (picture,) = pictures.of("treemap", TOTAL_2023, data, english)
    (tiles,) = picture.figure.data
    said = dict(zip(tiles.labels, tiles.text, strict=True))
    assert said["Japan"] == "<b>Japan</b><br>36.8%<br>+7.3% since 2021"
    assert said["China"].endswith("no earlier figure")
    assert said["all others"] == "<b>all others</b><br>23.2%"
    assert sum(tiles.values) == pytest.approx(100)
    small = pictures.of("treemap", Choice("item", "share_value_pct", "kostat_new", "2025-Q2"), data, english)[
        0
    ]
    assert [note for note in small.notes if note.startswith("Small tiles: Food 3.6% (+49.8% since Q2 2024)")]


def test_lines_of_ranks_break_where_a_member_is_not_named(data: pictures.Data, english: Evidence):
    choice = Choice("destination", "share_value_pct", "kcs_total", "2024")
    (picture,) = pictures.of("ranks", choice, data, english, "2023")
    marks = {trace.name: list(trace.y) for trace in picture.figure.data if trace.meta != "guide"}
    assert marks == {
        "China": [1, 3],
        "Japan": [2, 1, 1, 1],
        "United States": [3, 2],
        "Singapore": [4],
        "Taiwan": [5],
    }
    lines = [
        (trace.line.dash, [y for y in trace.y if y]) for trace in picture.figure.data if trace.meta == "guide"
    ]
    # only Japan is named in neighbouring publications: 2018, 2021 and 2023 with years between, 2024 right after
    assert sorted(lines) == [("dot", [2, 1, 1, 1]), ("solid", [1, 1])]
    table = picture.table.as_text()
    assert table["China"].tolist() == ["1", "–", "3", "–"]
    moved = pictures.movement(choice, data, english, "2021").as_text()
    assert moved["Places moved up"].tolist() == ["0"]
    assert all(number.receipt.inputs for number in pictures.movement(choice, data, english, "2021").numbers())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("dimension", "show"), [(d, s) for d in ("destination", "item") for s in pictures.names(d, EN)]
)
def test_publications_can_be_shown(
    data: pictures.Data, evidences: dict[str, Evidence], lang: Lang, dimension: str, show: str
):
    evidence = evidences[lang]
    drawn = 0
    for measure in ("share_value_pct", "share_cases_pct")[: 1 if show == "value-and-cases" else 2]:
        codes = list(members.publications(data.shares, data.named, measure, dimension, evidence.words))
        # every fifth one, others in the other language
        for code in codes[LANGUAGES.index(lang) :: 5]:
            series, _, period = code.partition(":")
            choice = Choice(dimension, measure, series, period)
            others = [""]
            if show == "ranks":
                others = members.earlier_periods(members.ranks(data.shares, choice), period)[:1] or [""]
            if show == "value-and-cases":
                others = members.case_periods(data.shares, choice) or [""]
            try:
                found = pictures.of(show, choice, data, evidence, others[0])
            except pictures.NothingToShowError:
                continue
            for picture in found:
                drawn += 1
                assert picture.heading
                assert not np.isnan([number.receipt.value for number in picture.table.numbers()]).any()
                assert all(number.receipt.inputs for number in picture.table.numbers())
                assert "{" not in "".join([picture.heading, picture.subtitle, *picture.notes])
    assert drawn


def test_the_table_has_a_row_for_each_bar(data: pictures.Data, english: Evidence):
    (picture,) = pictures.of("bars", TOTAL_2023, data, english)
    assert list(picture.table.as_text()["Destination"]) == list(picture.figure.data[0].y)[::-1]
