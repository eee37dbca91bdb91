"""The five series: which is which, how far apart they are, and their arithmetic in words."""

import duckdb
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import charts, naming, store
from dashboard.evidence import Evidence
from dashboard.findings import reconciliation, series
from dashboard.i18n import LANGUAGES, Lang, words_for

EN = words_for("en")


@pytest.fixture
def everything(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.five_series(warehouse)


@pytest.fixture
def dollars(everything: pd.DataFrame) -> pd.DataFrame:
    return series.drawn(everything, "value_usd")


@pytest.fixture
def won(everything: pd.DataFrame) -> pd.DataFrame:
    return series.drawn(everything, "value_krw")


@pytest.fixture
def figure(dollars: pd.DataFrame) -> go.Figure:
    return charts.side_by_side(series.definitions(dollars, EN), "2019", "Value (USD)", EN)


# --- which is which ------------------------------------------------------------


def test_every_letter_is_there_and_every_definition_has_its_own_code(dollars: pd.DataFrame):
    assert set(dollars["letter"]) == set("ABCDE")
    assert len(set(series.CODES.values())) == len(series.CODES)
    letters = dollars.drop_duplicates("series_id").set_index("series_id")["letter"]
    assert {series_id: code[0] for series_id, code in series.CODES.items()} == letters.to_dict()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_definition_has_a_name(lang: Lang, warehouse: duckdb.DuckDBPyConnection):
    words = words_for(lang)
    named = series.names(words)
    assert len(set(named.values())) == len(named)
    told = series.told(store.series(warehouse), words)
    assert [title.split()[0] for title, _row in told] == list(series.CODES.values())


def test_the_news_cards_name_the_newest_figure_of_each_letter(dollars: pd.DataFrame, english: Evidence):
    cards = series.in_the_news(dollars, english)
    assert [card.label[0] for card in cards] == list("ABCDE")
    assert [str(card.number) for card in cards] == [
        "USD 2,903 million",
        "USD 3,252 million",
        "USD 1,100 million",
        "USD 2,127 million",
        "USD 138.3 million",
    ]
    assert all(card.number.receipt.inputs for card in cards)


def test_each_question_has_one_series(dollars: pd.DataFrame, english: Evidence):
    table = series.by_question(dollars, english).as_text()
    assert not table.iloc[:, 0].duplicated().any()
    assert table.iloc[:, 1].str[0].tolist() == ["A", "C", "C", "D", "D", "E"]


# --- how far apart ------------------------------------------------------------


def test_times_apart(dollars: pd.DataFrame, english: Evidence):
    # 2019: D1 5,999.5bn won / 1,165.8016 = USD 5,146.2M; C1 USD 193M; 5,146.2 / 193 = 26.66
    number = series.times_apart(dollars, "2019", english)
    assert number.receipt.value == pytest.approx(5_999.5e9 / 1_165.8016 / 193e6)
    assert str(number) == "26.7x"
    # 2018: only B and D1, which are one figure: 3,603.9bn / 1,099.2926 = 3,278.4M; / 3,252M = 1.008
    assert series.times_apart(dollars, "2018", english).receipt.value == pytest.approx(1.00811, rel=1e-4)


def test_the_widest_year_is_the_default(dollars: pd.DataFrame):
    assert series.widest_year(dollars) == "2019"
    assert "2016" in series.years(dollars)
    assert "2014" not in series.years(dollars)  # D1 alone
    assert not [year for year in series.years(dollars) if len(year) != 4]  # no month


def test_the_title_says_both_ends(dollars: pd.DataFrame, english: Evidence):
    said = series.apart(dollars, "2019", english)
    assert "26.7x" in said.text
    assert said.text.index("USD 5,146 million") < said.text.index("USD 193 million")
    assert "D₁ direct sales, before 2025" in said.text
    assert "C₁ KOTRA, declared" in said.text
    assert all(str(number) in said.text for number in said.numbers)


def test_a_month_is_never_compared_with_years(dollars: pd.DataFrame, english: Evidence):
    # E's June 2025 (USD 138M) is the smallest of all; it must not be an end of 2025.
    assert "E" not in {row["code"] for row in series._ends(series._rows(dollars), "2025")}
    columns = series.table(dollars, english).columns
    month = list(columns["Period"]).index("June 2025")
    assert columns["largest / smallest"][month] == "–"


# --- the picture ------------------------------------------------------------


def test_every_definition_is_a_line_of_its_own(figure: go.Figure):
    assert [trace.name.split()[0] for trace in figure.data] == list(series.CODES.values())
    looks = [
        (trace.line.color, trace.line.dash, trace.marker.symbol[0].removesuffix("-open"))
        for trace in figure.data
    ]
    assert len(set(looks)) == len(looks)
    assert figure.layout.yaxis.type == "log"


def test_the_colour_is_the_letter(figure: go.Figure):
    colours = {(trace.name[0], trace.line.color) for trace in figure.data}
    assert len(colours) == len(dict(colours)) == 5
    assert len({colour for _letter, colour in colours}) == 5


def test_every_line_carries_its_code(figure: go.Figure):
    for trace in figure.data:
        code = trace.name.split()[0]
        assert [text for text in trace.text if text] == [f"<b>{code}</b>"]


def test_a_missing_year_is_a_gap(figure: go.Figure):
    a = figure.data[0]
    drawn = dict(zip(a.x, a.y, strict=True))
    # 2016, then nothing until 2019: an empty point on 1 January 2017 keeps the line apart
    assert pd.isna(drawn[pd.Timestamp("2017-01-01")])
    assert not a.connectgaps


def test_what_follows_from_a_rate_is_hollow(figure: go.Figure):
    (sme,) = [trace for trace in figure.data if trace.name.startswith("C₃")]
    hollow = {
        pd.Timestamp(day).year
        for day, symbol in zip(sme.x, sme.marker.symbol, strict=True)
        if symbol.endswith("-open")
    }
    assert hollow == {2020, 2022}
    (month,) = [trace for trace in figure.data if trace.name.startswith("E")]
    assert all(symbol.endswith("-open") for symbol in month.marker.symbol)


@pytest.mark.parametrize("metric", series.CURRENCIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_point_stands_in_the_table(
    metric: str, lang: Lang, everything: pd.DataFrame, evidences: dict[str, Evidence]
):
    points = series.drawn(everything, metric)
    evidence = evidences[lang]
    figure = charts.side_by_side(series.definitions(points, evidence.words), "2019", "", evidence.words)
    plotted = {value for trace in figure.data for value in trace.y if pd.notna(value)}
    listed = {number.receipt.value for number in series.table(points, evidence).numbers()}
    assert plotted
    assert plotted <= listed


def test_converted_points_say_so_in_the_receipt(won: pd.DataFrame, english: Evidence):
    row = naming.plain(won[(won["series_id"] == "kotra_declared") & (won["period"] == "2019")].iloc[0])
    receipt = english.number(row).receipt
    assert receipt.value == pytest.approx(193e6 * 1_165.8016)
    assert receipt.formula == "value at the period’s average rate"
    assert [line.source_id for line in receipt.inputs][-1] == "fed-h10-2026-07-21"


def test_two_steps_are_both_told(dollars: pd.DataFrame, english: Evidence):
    row = naming.plain(
        dollars[(dollars["series_id"] == "kostat_old") & (dollars["period"] == "2017")].iloc[0]
    )
    formula = english.number(row).receipt.formula
    assert formula == "level / (1 + growth) → value at the period’s average rate"


# --- the arithmetic in words ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_shows_its_numbers(
    lang: Lang, warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]
):
    made = reconciliation.reconciliations(store.reconciliations(warehouse), evidences[lang])
    assert [each.key for each in made] == ["release", "redesign", "basis", "declared", "ratio", "duty-free"]
    for each in made:
        for said in each.said:
            assert said.numbers
            assert all(str(number) in said.text and number.receipt.inputs for number in said.numbers)
            assert "{" not in said.text


def test_the_release_of_2019(warehouse: duckdb.DuckDBPyConnection, english: Evidence):
    first = reconciliation.reconciliations(store.reconciliations(warehouse), english)[0].said[0]
    for text in ("KRW 3.5777 trillion", "USD 3,252 million", "KRW 1,100.15 per USD", "KRW 1,099.29 per USD"):
        assert text in first.text
