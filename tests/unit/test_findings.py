"""What is said about the figures is what the figures say."""

import itertools

import duckdb
import pandas as pd
import pytest

from dashboard import charts, law, naming, store, views
from dashboard.evidence import Evidence
from dashboard.findings import headlines, over_time
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
    rates = views.of(views.Choice("growth"), years, "value_usd", english)
    assert rates.heading == "Export value grew by +25.1% in 2024"
    assert "+25.1%" in views.of(views.Choice("growth"), years, "value_usd", korean).heading
    falling = rates.points.assign(value=-12.34)
    assert over_time.growth_title(falling, "Value", english) == "Value changed by −12.3% in 2024"
    assert "no figure" in over_time.growth_title(falling.head(0), "Value", english)


def test_average_growth_names_its_years(years: pd.DataFrame, english: Evidence):
    view = views.of(views.Choice("average", start="2019", end="2024"), years, "value_usd", english)
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


def choose(view: str, periods: list[str]) -> views.Choice:
    return views.Choice(view, start=periods[0], end=periods[-1])


def test_a_single_point_has_one_view():
    assert list(views.names(EN, 1)) == ["level"]
    assert list(views.names(EN, 2)) == ["level", "growth", "change", "index", "average"]


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
            view = views.of(choose(name, periods), line, str(metric), evidence)
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
