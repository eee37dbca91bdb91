"""What is said about the figures is what the figures say."""

import itertools

import duckdb
import pandas as pd
import pytest

from dashboard import charts, law, naming, store, tables, theme, views
from dashboard.evidence import Evidence
from dashboard.findings import headlines, members, over_time
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.receipts import Number

EN = words_for("en")


@pytest.fixture
def totals(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.totals(warehouse, "kcs_total")


@pytest.fixture
def years(totals: pd.DataFrame) -> pd.DataFrame:
    return totals[(totals["metric_id"] == "value_usd") & (totals["frequency"] == "year")]


@pytest.fixture
def limits(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.limits_in_force(warehouse)


def receipts_hold(text: str, numbers: tuple[Number, ...]) -> bool:
    """Whether each number stands in the text as its receipt has it."""
    return all(str(number) in text and number.receipt.inputs for number in numbers)


# --- headlines ------------------------------------------------------------


def test_headlines(totals: pd.DataFrame, shares: pd.DataFrame, limits: pd.DataFrame, english: Evidence):
    made = {each.key: each for each in headlines.headlines(totals, shares, limits, english)}
    assert {key: str(each.number) for key, each in made.items()} == {
        "value_usd": "USD 2,903 million",
        "cases": "61.17 million cases",
        "value_per_case_usd": "USD 47.46 per case",
        "top": "36%",
        "limit": "KRW 5 million",
    }
    assert "Japan" in made["top"].label
    assert all("2024" in made[key].detail for key in ("value_usd", "cases", "value_per_case_usd", "top"))
    assert made["limit"].detail.endswith("26 June 2026")
    assert made["value_per_case_usd"].number.receipt.value == pytest.approx(2_903e6 / 61.17e6)
    assert all(each.number.receipt.inputs for each in made.values())


def test_newest_needs_one(totals: pd.DataFrame):
    assert over_time.newest(totals, "cases", "half")["period"] == "2025-H1"
    with pytest.raises(KeyError):
        over_time.newest(totals, "firms")


def test_limits_of_the_simplified_declaration(limits: pd.DataFrame):
    assert law.in_force(limits)["limit_krw"].tolist() == [2_000_000, 4_000_000, 5_000_000]
    assert set(law.in_force(limits, "list_clearance")["limit_krw"]) == {2_000_000}


def test_limits_are_marked_on_their_day(limits: pd.DataFrame):
    marks = law.limit_marks(limits, EN)
    assert [f"{mark.day:%Y-%m-%d}" for mark in marks] == ["2014-07-30", "2024-08-01", "2026-06-26"]
    assert "KRW 4 million" in marks[1].label
    assert "1 August 2024" in marks[1].label


def test_only_limits_above_the_old_one_are_labelled(limits: pd.DataFrame):
    assert list(law.limit_labels(limits, 2_000_000, EN)) == [4e6, 5e6]
    assert list(law.limit_labels(limits, 4_000_000, EN)) == [5e6]
    assert law.limit_labels(limits, 5_000_000, EN) == {}


# --- titles ------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "verb"),
    [
        (1.2, "rose"),
        (0.8, "fell"),
        (1.009, "about the same"),
        (0.991, "about the same"),
        (1.011, "rose"),
        (0.989, "fell"),
    ],
)
def test_the_verb_is_what_the_change_supports(years: pd.DataFrame, english: Evidence, last: float, verb: str):
    points = years.head(2).copy()
    points["evidence"], points["formula"] = "derived", "part / total"
    points["value"] = [1e9, last * 1e9]
    title = over_time.total_title(points, "Value", english)
    assert verb in title
    assert "USD 1,000 million" in title
    assert "2016" in title
    assert "2019" in title


def test_a_title_of_one_point_compares_nothing(years: pd.DataFrame, english: Evidence):
    title = over_time.total_title(years.tail(1), "Value", english)
    assert title == "Value: USD 2,903 million (2024)"
    assert over_time.total_title(years.head(0), "Value", english) == "Value: no figure is published"


def test_growth_has_its_sign(years: pd.DataFrame, english: Evidence, korean: Evidence):
    rates = views.of("growth", years, "value_usd", english)
    assert rates.heading == "Export value grew by +25.1% in 2024"
    assert "+25.1%" in views.of("growth", years, "value_usd", korean).heading
    falling = rates.points.assign(value=-12.34)
    assert over_time.growth_title(falling, "Value", english) == "Value changed by −12.3% in 2024"
    assert "no figure" in over_time.growth_title(falling.head(0), "Value", english)


def test_average_growth_names_its_years(years: pd.DataFrame, english: Evidence):
    view = views.of("average", years, "value_usd", english, ("2019", "2024"))
    assert "+38.8%" in view.heading
    assert "from 2019 to 2024" in view.heading
    assert view.points["period"].tolist() == ["2019", "2020", "2021", "2023", "2024"]


# --- gaps and conversions ------------------------------------------------------------


@pytest.mark.parametrize(("lang", "named"), [("en", "2017, 2018, 2022"), ("ko", "2017년, 2018년, 2022년")])
def test_missing_years_are_named(years: pd.DataFrame, lang: Lang, named: str):
    assert named in over_time.gap_note(years, words_for(lang))


def test_where_no_year_is_missing_nothing_is_said(years: pd.DataFrame, totals: pd.DataFrame):
    assert over_time.gap_note(years[years["period"].between("2019", "2021")], EN) == ""
    assert over_time.gap_note(years.head(0), EN) == ""
    halves = totals[(totals["metric_id"] == "cases") & (totals["frequency"] == "half")]
    assert over_time.gap_note(halves, EN) == ""


def test_a_conversion_is_said(years: pd.DataFrame, totals: pd.DataFrame):
    won = totals[(totals["metric_id"] == "value_krw") & (totals["frequency"] == "year")]
    assert "average rate" in over_time.conversion_note(won, EN)
    assert over_time.conversion_note(years, EN) == ""
    assert over_time.conversion_note(won[won["period"] == "2024"], EN) == ""


# --- destinations and items ------------------------------------------------------------


def of_2023(shares: pd.DataFrame) -> pd.DataFrame:
    return members.publication(shares, "kcs_total", "share_value_pct", "2023", "destination")


def test_destinations_of_2023(shares: pd.DataFrame, english: Evidence):
    shown = members.with_rest(of_2023(shares), "destination", EN)
    assert shown["destination_id"].tolist() == ["JP", "US", "CN", "REST"]
    assert shown["value"].tolist() == pytest.approx([36.8, 20.3, 19.7, 23.2])
    title = members.members_title(shown, "destination", english)
    assert title == "Japan leads with 36.8%, then United States 20.3%, China 19.7%"
    rest = shown.iloc[-1].to_dict()
    assert english.receipt(rest, "rest").kind == "derived"
    assert [line.value for line in english.receipt(rest, "rest").inputs] == [36.8, 20.3, 19.7]


def test_a_rest_that_is_only_rounding_is_left_out(shares: pd.DataFrame):
    rounded = of_2023(shares).assign(value=[36.8, 43.3, 19.5])
    assert "REST" not in members.with_rest(rounded, "destination", EN)["destination_id"].to_numpy()
    visible = of_2023(shares).assign(value=[36.8, 43.3, 19.3])
    assert "REST" in members.with_rest(visible, "destination", EN)["destination_id"].to_numpy()


def test_groups_that_overlap_leave_no_rest(shares: pd.DataFrame):
    grouped = members.publication(shares, "kostat_old", "share_value_pct", "2016-Q1", "destination")
    assert "ASEAN" in grouped["destination_id"].to_numpy()
    assert members.with_rest(grouped, "destination", EN) is grouped
    assert "do not add them up" in members.groups_note(grouped, EN)
    assert members.groups_note(of_2023(shares), EN) == ""


def test_nothing_published_is_said(shares: pd.DataFrame, english: Evidence):
    nothing = of_2023(shares).head(0)
    assert "Nothing is published" in members.members_title(nothing, "destination", english)
    assert members.with_rest(nothing, "destination", EN).empty


def test_colours_belong_to_destinations(shares: pd.DataFrame):
    shown = members.with_rest(of_2023(shares), "destination", EN)
    drawn = members.bars(shown, "destination", EN)
    assert drawn["colour"].tolist() == [*map(theme.destination_colour, ("JP", "US", "CN")), theme.GREY]
    assert drawn["value"].tolist() == shown["value"].tolist()
    assert set(members.bars(shown.head(3), "item", EN)["colour"]) == {theme.ACCENT}


def test_publications_are_ordered_and_named(shares: pd.DataFrame, warehouse: duckdb.DuckDBPyConnection):
    named = naming.names_by_id(store.series(warehouse), "series", EN)
    codes = list(members.publications(shares, named, "share_value_pct", "destination", EN))
    totals = [code for code in codes if code.startswith("kcs_total:")]
    assert codes[: len(totals)] == totals
    assert totals.index("kcs_total:2024") < totals.index("kcs_total:2023") < totals.index("kcs_total:2021")
    assert members.default_publication(codes) == "kcs_total:2023"
    assert members.default_publication(["a:2020", "b:2019"]) == "a:2020"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dimension", ["destination", "item"])
@pytest.mark.parametrize("measure", ["share_value_pct", "share_cases_pct"])
def test_every_publication_can_be_shown(
    shares: pd.DataFrame,
    levels: pd.DataFrame,
    warehouse: duckdb.DuckDBPyConnection,
    evidences: dict[str, Evidence],
    lang: Lang,
    dimension: str,
    measure: str,
):
    evidence = evidences[lang]
    named = naming.names_by_id(store.series(warehouse), "series", evidence.words)
    codes = members.publications(shares, named, measure, dimension, evidence.words)
    assert codes
    for code in codes:
        series, _, period = code.partition(":")
        published = members.publication(shares, series, measure, period, dimension)
        shown = members.with_rest(published, dimension, evidence.words)
        metric = members.level_metric(levels, series, measure, period)
        values = members.publication(levels, series, metric, period, dimension)
        assert len(published) > 0
        assert published["value"].is_monotonic_decreasing
        assert shown[f"{dimension}_id"].is_unique
        title = members.members_title(shown, dimension, evidence)
        assert str(published[f"{dimension}_{lang}"].iloc[0]) in title
        figure = charts.ranked(members.bars(shown, dimension, evidence.words), "percent", "%", evidence.words)
        assert len(figure.data[0].x) == len(shown)
        table = tables.members(shown, values, dimension, ("name", "share", "level"), evidence)
        assert len(table.as_text()) == len(shown)
        assert all(number.receipt.inputs for number in table.numbers())


def test_levels_come_in_the_currency_of_the_publication(levels: pd.DataFrame):
    assert members.level_metric(levels, "kostat_old", "share_value_pct", "2019") == "value_krw"
    assert members.level_metric(levels, "kcs_total", "share_value_pct", "2023") == "value_usd"
    assert members.level_metric(levels, "kcs_total", "share_cases_pct", "2021") == "cases"


# --- statements ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_changed_since(
    totals: pd.DataFrame,
    shares: pd.DataFrame,
    limits: pd.DataFrame,
    evidences: dict[str, Evidence],
    lang: Lang,
):
    said = headlines.since_2023(shares, totals, limits, evidences[lang])
    values = [[number.receipt.value for number in each.numbers] for each in said]
    assert values == [[33.8, 26.6, 14.9], [1_604e6], [34_557_000, 28_891_000], [4e6], [5e6]]
    assert all(receipts_hold(each.text, each.numbers) for each in said)
    assert not [each.text for each in said if "{" in each.text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_law_behind_both_limits(limits: pd.DataFrame, evidences: dict[str, Evidence], lang: Lang):
    said = law.legal_basis(limits, evidences[lang])
    assert [[number.receipt.value for number in each.numbers] for each in said] == [[2e6], [5e6], []]
    assert all(receipts_hold(each.text, each.numbers) for each in said)
    assert "55" in said[0].text
    assert "43" in said[1].text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_for_download_has_a_name(lang: Lang):
    names = naming.table_names(words_for(lang))
    assert set(names) == set(store.TABLES)
    assert len(set(names.values())) == len(names)


# --- lines in all views ------------------------------------------------------------


def test_a_single_point_has_one_view():
    assert list(views.names(EN, 1)) == ["level"]
    assert list(views.names(EN, 2)) == ["level", "growth", "index", "average"]


def test_every_total_has_all_its_views(warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]):
    languages = itertools.cycle(evidences.values())
    points = warehouse.execute(
        "FROM mart.trend WHERE destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL' "
        "AND frequency <> 'span' ORDER BY period_start"
    ).df()
    drawn = 0
    for (_series, metric, _frequency), line in points.groupby(["series_id", "metric_id", "frequency"]):
        evidence, periods = next(languages), line["period"].tolist()
        for name in views.names(evidence.words, len(line)):
            view = views.of(name, line, str(metric), evidence, (periods[0], periods[-1]))
            rows = len(view.points) + (name == "average")
            assert len(view.table.numbers()) == rows
            assert view.heading
            assert view.axis
            if not view.points.empty:
                figure = charts.over_time(
                    [charts.Line(view.axis, view.points)], [], view.axis, evidence.words
                )
                assert [y for y in figure.data[0].y if pd.notna(y)] == view.points["value"].tolist()
                drawn += 1
    assert drawn > 100
