"""Figures show the data as they are: all of them, with gaps, with labels that can be read."""

import itertools
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import charts, law, store, theme
from dashboard.charts import Line, Mark
from dashboard.charts.axes import value_ticks
from dashboard.i18n import LANGUAGES, Lang, words_for

EN, KO = words_for("en"), words_for("ko")
MARKS = [
    Mark(pd.Timestamp(2014, 7, 30), "2M"),
    Mark(pd.Timestamp(2024, 8, 1), "4M"),
    Mark(pd.Timestamp(2026, 6, 26), "5M"),
]


@pytest.fixture
def years(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.trend(warehouse, "kcs_total", "value_usd")


@pytest.fixture
def halves(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.trend(warehouse, "kcs_total", "value_usd", frequency="half")


def drawn(trace: Any) -> dict[pd.Timestamp, float]:
    """What a trace shows, without its gaps."""
    return {
        pd.Timestamp(at): float(value) for at, value in zip(trace.x, trace.y, strict=True) if pd.notna(value)
    }


def texts(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


# --- lines over time ------------------------------------------------------------


def test_a_line_shows_its_points_at_the_middle_of_their_periods(years: pd.DataFrame):
    figure = charts.over_time([Line("Value", years)], [], "Value (USD)", EN)
    (trace,) = figure.data
    shown = drawn(trace)
    assert list(shown.values()) == years["value"].tolist()
    assert [at.year for at in shown] == [2016, 2019, 2020, 2021, 2023, 2024]
    assert all((at.month, at.day) in {(7, 1), (7, 2)} for at in shown)
    assert figure.layout.yaxis.title.text == "Value (USD)"


def test_a_missing_year_is_a_gap(years: pd.DataFrame):
    (trace,) = charts.over_time([Line("Value", years)], [], "Value", EN).data
    assert trace.connectgaps is False
    read = [float(value) / 1e6 for value in trace.y]
    gap = float("nan")
    assert read == pytest.approx([269, gap, 563, 1190.134, 1745.187, gap, 2320, 2903], nan_ok=True)
    assert list(trace.x) == sorted(trace.x)
    assert [text == "" for text in trace.text] == [bool(np.isnan(value)) for value in read]
    assert [text == "" for text in trace.customdata] == [bool(np.isnan(value)) for value in read]


def test_neighbouring_quarters_are_joined(warehouse: duckdb.DuckDBPyConnection):
    quarters = store.trend(warehouse, "kostat_old", "value_krw", frequency="quarter")
    (trace,) = charts.over_time([Line("Value", quarters)], [], "Value", EN).data
    breaks = sum(
        later - earlier > pd.Timedelta(days=1)
        for earlier, later in zip(quarters["period_end"], quarters["period_start"].iloc[1:], strict=False)
    )
    assert breaks > 0
    assert np.isnan(np.array(trace.y, dtype=float)).sum() == breaks
    assert list(drawn(trace).values()) == quarters["value"].tolist()


def test_part_years_stand_apart(years: pd.DataFrame, halves: pd.DataFrame):
    figure = charts.over_time(
        [Line("full year", years), Line("first half", halves, hollow=True)], [], "Value", EN
    )
    full, half = figure.data
    assert list(drawn(half).values()) == halves["value"].tolist() == [1_604e6]
    assert not full.marker.symbol.endswith("-open")
    assert half.marker.symbol.endswith("-open")
    assert (full.line.color, full.line.dash, full.marker.symbol) != (
        half.line.color,
        half.line.dash,
        half.marker.symbol,
    )
    # the names stand at the lines
    assert texts(figure) == ["full year", "first half"]


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("en", ["269M", "563M", "1.19bn", "1.745bn", "2.32bn", "2.903bn"]),
        ("ko", ["2.69억", "5.63억", "11.9억", "17.45억", "23.2억", "29.03억"]),
    ],
)
def test_points_are_labelled(years: pd.DataFrame, lang: Lang, labels: list[str]):
    (trace,) = charts.over_time([Line("Value", years)], [], "Value", words_for(lang)).data
    assert [text for text in trace.text if text] == labels
    assert (
        trace.customdata[0]
        == {
            "en": "2016<br>USD 269 million",
            "ko": "2016년<br>2억 6,900만 달러",
        }[lang]
    )


def test_a_value_beside_the_line_of_a_day_is_not_struck_through(years: pd.DataFrame):
    newest = years.iloc[-1]
    middle = newest["period_start"] + (newest["period_end"] - newest["period_start"]) / 2
    for days, place in (
        ([30], "top left"),
        ([-30], "top right"),
        ([0, 30], "top left"),
        ([2_000], "top center"),
    ):
        marks = [Mark(middle + pd.Timedelta(days=each), "4M") for each in days]
        (trace,) = charts.over_time([Line("Value", years)], marks, "Value", EN).data
        assert trace.textposition[-1] == place


def test_limits_are_marked_where_they_changed(years: pd.DataFrame):
    figure = charts.over_time([Line("Value", years)], MARKS, "Value", EN)
    assert texts(figure) == ["4M", "5M"]  # the first limit is older than the line
    assert [pd.Timestamp(shape.x0) for shape in figure.layout.shapes] == [mark.day for mark in MARKS[1:]]
    first, last = map(pd.Timestamp, figure.layout.xaxis.range)
    assert first < years["period_start"].min()
    assert last > MARKS[-1].day
    # labels of neighbours stand on two levels
    assert len({annotation.yshift for annotation in figure.layout.annotations}) == 2


def test_one_point_is_a_chart(halves: pd.DataFrame):
    figure = charts.over_time([Line("first half", halves)], MARKS, "Value", KO)
    assert list(drawn(figure.data[0]).values()) == [1_604e6]
    assert len(figure.layout.xaxis.tickvals) == len(set(figure.layout.xaxis.ticktext)) > 0


def test_years_on_the_axis_do_not_crowd(warehouse: duckdb.DuckDBPyConnection):
    long = store.trend(warehouse, "kostat_old", "value_krw")
    for points in (long, long.tail(3)):
        axis = charts.over_time([Line("Value", points)], MARKS, "Value", EN).layout.xaxis
        assert 3 <= len(axis.ticktext) <= 7
        assert [str(pd.Timestamp(at).year) for at in axis.tickvals] == list(axis.ticktext)


def test_falling_rates_stay_on_the_chart(years: pd.DataFrame):
    rates = years.assign(value=[-20.0, 10.0, 5.0, -35.0, 2.0, 3.0], unit="percent")
    figure = charts.over_time([Line("Growth", rates)], [], "Growth (%)", EN)
    low, high = figure.layout.yaxis.range
    assert low <= -35
    assert high >= 10


# --- what is not exact, what happened ------------------------------------------------------------


def test_what_is_not_exact_is_hollow(years: pd.DataFrame):
    points = years.assign(bound=["exact", "forecast", "exact", "provisional", "exact", "approximate"])
    (trace,) = charts.over_time([Line("Value", points)], [], "Value", EN).data
    hollow = [
        symbol.endswith("-open")
        for symbol, value in zip(trace.marker.symbol, trace.y, strict=True)
        if pd.notna(value)
    ]
    assert hollow == [False, True, False, True, False, True]


def test_labels_keep_their_distance(warehouse: duckdb.DuckDBPyConnection):
    """Cases of 2016 to 2018 are alike: on a telephone their values would lie on each other."""
    cases = store.trend(warehouse, "kcs_total", "cases")
    (trace,) = charts.over_time([Line("Cases", cases)], MARKS, "Cases", EN).data
    labelled = [
        (pd.Timestamp(at), value)
        for at, value, text in zip(trace.x, trace.y, trace.text, strict=True)
        if text
    ]
    assert labelled[-1][1] == cases["value"].iloc[-1]
    span = pd.Timestamp(2026, 6, 26) - pd.Timestamp(2016, 1, 1)
    for (x, y), (right, high) in itertools.combinations(labelled, 2):
        assert (right - x) / span > 0.17 or abs(high - y) > 0.06 * cases["value"].max()
    assert len(labelled) < len(cases)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_events_are_dashed_when_announced_and_solid_in_effect(
    warehouse: duckdb.DuckDBPyConnection, years: pd.DataFrame, lang: Lang
):
    shown = law.events_within(store.events(warehouse), years)
    assert shown["sign"].tolist() == list("①②③④⑤⑥⑦")
    figure = charts.over_time(
        [Line("Value", years)], [], "Value", words_for(lang), events=law.event_marks(shown)
    )
    drawn = {(pd.Timestamp(shape.x0), shape.line.dash) for shape in figure.layout.shapes}
    # the limit of KRW 5M: announced, and in effect ten months later
    assert {(pd.Timestamp(2025, 8, 28), "dash"), (pd.Timestamp(2026, 6, 26), "solid")} <= drawn
    # known to the year only: drawn at its beginning
    assert (pd.Timestamp(2025, 1, 1), "solid") in drawn
    # the signs that are near each other stand on levels of their own
    signs = [(pd.Timestamp(each.x), each.yshift) for each in figure.layout.annotations]
    span = pd.Timestamp(figure.layout.xaxis.range[1]) - pd.Timestamp(figure.layout.xaxis.range[0])
    for (x, level), (right, other) in itertools.combinations(signs, 2):
        assert level != other or abs(right - x) / span >= 0.055
    assert len(law.event_lines(shown, words_for(lang))) == len(shown)


def test_events_outside_the_chart_are_not_listed(warehouse: duckdb.DuckDBPyConnection, years: pd.DataFrame):
    shown = law.events_within(store.events(warehouse), years.head(1))  # 2016 only
    assert shown.empty
    assert law.event_marks(shown) == []


def test_lines_with_long_names_are_named_above_the_plot(warehouse: duckdb.DuckDBPyConnection):
    old, new = (store.trend(warehouse, each, "value_krw") for each in ("kostat_old", "kostat_new"))
    names = ["Online direct sales, before the redesign", "Online direct sales, redesigned"]
    figure = charts.over_time([Line(names[0], old), Line(names[1], new)], [], "Value", EN)
    named = [each for each in figure.layout.annotations if each.yref == "paper"]
    assert len({each.yshift for each in named}) == len(named) >= 2
    one, other = figure.data
    assert (one.line.color, one.line.dash, one.marker.symbol) != (
        other.line.color,
        other.line.dash,
        other.marker.symbol,
    )
    # two definitions are two lines
    assert len(drawn(one)) == len(old)
    assert len(drawn(other)) == len(new)


# --- small multiples ------------------------------------------------------------


@pytest.fixture
def panels(warehouse: duckdb.DuckDBPyConnection) -> list[Line]:
    found = store.members(warehouse, "kostat_old", "value_krw", "destination", "quarter")
    return [Line(name, found[name]) for name in ("CN", "US", "JP")]


def test_panels_share_their_axis_or_have_their_own(panels: list[Line]):
    shared = charts.small_multiples(panels, "Value (KRW)", EN, is_shared=True)
    free = charts.small_multiples(panels, "Value (KRW)", EN, is_shared=False)
    for figure in (shared, free):
        assert [list(drawn(trace).values()) for trace in figure.data] == [
            panel.points["value"].tolist() for panel in panels
        ]
        # all panels show the same years
        axes = [figure.layout.xaxis, figure.layout.xaxis2, figure.layout.xaxis3]
        assert len({axis.range for axis in axes}) == 1
        assert set(texts(figure)) == {"CN", "US", "JP", "Value (KRW)"}
    highest = [axis.range[1] for axis in (free.layout.yaxis, free.layout.yaxis2, free.layout.yaxis3)]
    assert highest[0] > 10 * highest[1]  # China sold for 1.6tn, the United States for less than 0.1tn
    same = [axis.range for axis in (shared.layout.yaxis, shared.layout.yaxis2, shared.layout.yaxis3)]
    assert len(set(same)) == 1
    # where heights do not compare, each panel says its own
    assert free.layout.yaxis2.showticklabels
    assert not shared.layout.yaxis2.showticklabels


# --- value axes ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", ["USD", "KRW", "cases", "percent", "USD/case", "KRW/case", "index"])
@pytest.mark.parametrize("high", [0.7, 36.8, 111.4, 5_859_000.0, 4.091e12])
@pytest.mark.parametrize("low", [0.0, -0.4])
def test_ticks_can_be_read(lang: Lang, unit: str, high: float, low: float):
    if unit in {"KRW", "cases", "KRW/case"} and high < 10:
        high *= 100  # there are no parts of a won or of a shipment
    ticks, labels = value_ticks([high, high * low, float("nan")], unit, words_for(lang))
    assert 0.0 in ticks
    assert ticks[0] <= high * low
    assert ticks[-1] >= high
    assert 3 <= len(ticks) <= 9
    steps = np.diff(ticks)
    assert steps.min() == pytest.approx(steps.max())
    assert len(set(labels)) == len(labels) == len(ticks)
    assert max(map(len, labels)) <= 8
    assert all(label.endswith("%") for label in labels) == (unit == "percent")


def test_an_axis_without_values_has_a_zero():
    assert value_ticks([], "USD", EN) == ([0.0], ["0"])
    assert value_ticks([float("nan"), 0.0], "percent", EN) == ([0.0], ["0%"])


# --- ranked bars ------------------------------------------------------------

BARS = pd.DataFrame(
    {
        "name": ["Japan", "United States", "all others"],
        "value": [36.8, 20.3, 42.9],
        "colour": ["#111111", "#222222", theme.GREY],
    }
)


def test_bars_show_their_values_the_first_on_top():
    figure = charts.ranked(BARS, "percent", "Share (%)", EN)
    (trace,) = figure.data
    # a horizontal axis counts from below
    assert list(trace.y)[::-1] == BARS["name"].tolist()
    assert list(trace.x)[::-1] == BARS["value"].tolist()
    assert list(trace.marker.color)[::-1] == BARS["colour"].tolist()
    assert list(trace.text)[::-1] == ["36.8%", "20.3%", "42.9%"]
    assert figure.layout.xaxis.title.text == "Share (%)"
    assert list(figure.layout.xaxis.range) == [0, pytest.approx(42.9 * 1.3)]


def test_more_bars_take_more_room():
    few, many = (charts.ranked(pd.concat([BARS] * count), "percent", "", EN) for count in (1, 4))
    assert many.layout.height - few.layout.height == 9 * (
        few.layout.height - charts.ranked(BARS.head(2), "percent", "", EN).layout.height
    )


# --- all of them ------------------------------------------------------------


def test_nothing_is_changed_in_place(years: pd.DataFrame, halves: pd.DataFrame):
    inputs = [years, halves, BARS]
    before = [frame.copy(deep=True) for frame in inputs]
    charts.over_time([Line("a", years), Line("b", halves, hollow=True)], MARKS, "Value", KO)
    charts.ranked(BARS, "percent", "Share", KO)
    for frame, copy in zip(inputs, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_the_language_changes_labels_and_nothing_else(years: pd.DataFrame):
    for one, other in itertools.pairwise(
        [
            charts.over_time([Line("Value", years)], [], "Value", EN),
            charts.over_time([Line("Value", years)], [], "Value", KO),
        ]
    ):
        assert list(one.data[0].x) == list(other.data[0].x)
        assert one.layout.yaxis.tickvals == other.layout.yaxis.tickvals
        assert one.layout.yaxis.ticktext != other.layout.yaxis.ticktext
        assert one.data[0].text != other.data[0].text


def test_the_frame_labels_directly(years: pd.DataFrame):
    for figure in (
        charts.over_time([Line("Value", years)], MARKS, "Value", EN),
        charts.ranked(BARS, "percent", "Share", EN),
    ):
        assert figure.layout.showlegend is False
        assert figure.layout.title.text is None  # the finding stands above the chart, as text
        assert figure.layout.font.family == theme.FONT
