"""The simulator's pictures: what they show equals what they were given, in both languages, and no labels collide."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import charts, theme
from dashboard.charts import axes, rows
from dashboard.charts.quantile_dots import _stacks
from dashboard.i18n import LANGUAGES, Words, words_for

MARKS = {4e6: "KRW 4 million<br>since 1 August 2024", 5e6: "KRW 5 million<br>since 26 June 2026"}
QUANTILES = ["p05", "p25", "p50", "p75", "p95"]
MODEL = dict(zip(QUANTILES, (11_000.0, 26_000.0, 41_500.0, 60_000.0, 83_800.0), strict=True))


def sweep(old: float = 2e6, highest: float = 10e6, step: float = 2e5) -> pd.DataFrame:
    limits = np.arange(old, highest + 1, step)
    reach = 1 - old / limits
    levels = {name: scale * reach for name, scale in zip(QUANTILES, (5e3, 3e4, 5e4, 8e4, 1.2e5), strict=True)}
    return pd.DataFrame({"new_krw": limits, **levels})


def layers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["no assumption", "list clearance taken out", "rarer with value", "cannot say"],
            "cases_upper": [2_045_500.0, 981_840.0, 1_022_750.0, math.nan],
        }
    )


def gains() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["일본", "그 밖의 목적지 전체를 하나로 묶은 아주 긴 이름", "미국"],
            "p05": [0.0, 11.0, 10_000.0],
            "p50": [1_500.0, 910.0, 33_000.0],
            "p95": [18_000.0, 9_600.0, 58_000.0],
            "upper_bound": [736_380.0, math.nan, 552_285.0],
            "already_below": [99.995, 100.0, 98.5],
            "still_above": [0.0006, 0.0, 0.3],
        }
    )


def histogram() -> pd.DataFrame:
    edges = np.geomspace(1e3, 2e7, 21)
    share = np.exp(-(np.linspace(-3, 3, 20) ** 2))
    return pd.DataFrame({"low_krw": edges[:-1], "high_krw": edges[1:], "share": 100 * share / share.sum()})


def inputs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["cases", "the spread of the log of the value of a shipment within one cell", "US share"],
            "low_label": ["0.97", "0.61", "3.2%"],
            "high_label": ["1.03", "1.18", "6.3%"],
            "cases_at_low": [38_800.0, 12_600.0, 53_500.0],
            "cases_at_high": [35_400.0, 78_400.0, 25_200.0],
        }
    )


def steps() -> pd.DataFrame:
    return pd.DataFrame(
        {"name": ["limits", "value per case", "behaviour"], "change": [6_200.0, -3_300.0, -900.0]}
    )


def every_chart(words: Words) -> dict[str, go.Figure]:
    return {
        "band_sweep": charts.band_sweep(sweep(), 4e6, MARKS, words),
        "quantile_dots": charts.quantile_dots(np.linspace(4e3, 9e4, 50), words),
        "nested_bounds": charts.nested_bounds(layers(), MODEL, {"light": 2e4, "heavy": 6e4}, words),
        "who_gains": charts.who_gains(gains(), words),
        "value_distribution": charts.value_distribution(histogram(), MARKS, words),
        "tornado": charts.tornado(inputs(), 37_000, words),
        "waterfall": charts.waterfall(steps(), ("before", 41_000.0), ("after", 43_000.0), words),
    }


@pytest.fixture(scope="module", params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    return words_for(request.param)


def trace(figure: go.Figure, name: str) -> go.Scatter:
    return next(each for each in figure.data if each.name == name)


def texts(figure: go.Figure) -> list[str]:
    return [each.text for each in figure.layout.annotations]


# --- all of them ------------------------------------------------------------------


def test_every_value_axis_has_a_title_and_few_readable_ticks(words: Words):
    for name, figure in every_chart(words).items():
        shown = [axis for axis in (figure.layout.xaxis, figure.layout.yaxis) if axis.visible is not False]
        for axis in shown:
            assert axis.title.text, name
            assert 2 <= len(axis.ticktext) <= 8, name
            assert len(set(axis.ticktext)) == len(axis.ticktext), name


def test_nothing_is_mutated(words: Words):
    frames = [sweep(), layers(), gains(), histogram(), inputs(), steps()]
    before = [frame.copy(deep=True) for frame in frames]
    points, bands, who, bins, bars, causes = frames
    model = dict(MODEL)
    charts.band_sweep(points, 4e6, MARKS, words)
    charts.nested_bounds(bands, model, {}, words)
    charts.who_gains(who, words)
    charts.value_distribution(bins, MARKS, words)
    charts.tornado(bars, 37_000, words)
    charts.waterfall(causes, ("before", 41_000.0), ("after", 43_000.0), words)
    for frame, kept in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)
    assert model == MODEL


def test_colours_come_from_the_theme(words: Words):
    known = {theme.BLUE, theme.VERMILION, theme.GREY, theme.INK}
    rgb = {theme.faded(colour, 1).rpartition(",")[0] for colour in known - {theme.INK}}

    def colours(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node[key] for key in ("color", "fillcolor", "bgcolor") if isinstance(node.get(key), str)]
            return own + [found for value in node.values() for found in colours(value)]
        return [found for each in node for found in colours(each)] if isinstance(node, list | tuple) else []

    for figure in every_chart(words).values():
        bare = figure.to_plotly_json()
        bare["layout"].pop("template", None)
        for colour in colours(bare):
            assert colour in known or colour.rpartition(",")[0] in rgb


# --- the sweep --------------------------------------------------------------------


def test_the_sweep_draws_the_points_given(words: Words):
    points = sweep()
    figure = charts.band_sweep(points.sample(frac=1, random_state=1), 4e6, MARKS, words)
    for name in QUANTILES:
        assert list(trace(figure, name).x) == points["new_krw"].tolist()
        assert list(trace(figure, name).y) == points[name].tolist()
    cursor = trace(figure, "cursor")
    assert (cursor.x[0], cursor.y[0]) == (4e6, points.loc[points["new_krw"] == 4e6, "p50"].item())


def test_the_pale_band_is_paler_than_the_dark_one(words: Words):
    figure = charts.band_sweep(sweep(), 4e6, MARKS, words)
    pale, dark = (
        float(trace(figure, name).fillcolor.rpartition(",")[2].rstrip(")")) for name in ("p95", "p75")
    )
    assert 0 < pale < dark < 1


@pytest.mark.parametrize(
    ("old", "cursor"), [(2e6, 2e6), (2e6, 10e6), (9.8e6, 10e6), (10e6, 10e6), (2e6, 4.05e6)]
)
def test_the_sweep_works_up_to_the_highest_limit(words: Words, old: float, cursor: float):
    figure = charts.band_sweep(sweep(old), cursor, MARKS, words)
    low, high = figure.layout.xaxis.range
    assert low <= cursor <= high
    assert low < high
    shown = [at for at, label in MARKS.items() if label in texts(figure)]
    assert shown == [at for at in MARKS if low <= at <= high]


def test_labels_of_limits_stand_on_levels_of_their_own(words: Words):
    figure = charts.band_sweep(sweep(), 4e6, MARKS, words)
    levels = [each.yshift for each in figure.layout.annotations if each.text in MARKS.values()]
    assert len(set(levels)) == len(levels) == 2
    assert figure.layout.margin.t > max(levels)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6).map(sorted), st.floats(0.1, 1e5))
def test_labels_are_pushed_apart(positions: list[float], least: float):
    placed = axes.spread(positions, least)
    assert all(later - earlier >= least * 0.999 for earlier, later in pairwise(placed))
    assert all(at >= wanted for at, wanted in zip(placed, positions, strict=True))


# --- dots -------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60))
def test_each_value_is_one_dot_near_its_place(values: list[float]):
    figure = charts.quantile_dots(values, words_for("en"))
    dots = figure.data[0]
    assert len(dots.x) == len(dots.y) == len(values)
    assert len({(x, y) for x, y in zip(dots.x, dots.y, strict=True)}) == len(values)
    width = max(*values, 1.0) / 22
    assert all(abs(at - value) <= width for at, value in zip(dots.x, sorted(values), strict=True))


def test_stacks_are_wilkinsons():
    assert _stacks([0, 0.4, 0.9, 1.0, 5.0], 1.0) == [[0, 0.4, 0.9], [1.0], [5.0]]


def test_fifty_zeros_are_one_stack(words: Words):
    figure = charts.quantile_dots([0.0] * 50, words)
    assert set(figure.data[0].x) == {0.0}
    assert figure.layout.height < 600


# --- bounds -----------------------------------------------------------------------


def test_bounds_are_nested_widest_first(words: Words):
    figure = charts.nested_bounds(layers(), MODEL, {}, words)
    bands = [each for each in figure.data if each.fill == "toself"]
    assert [max(each.x) for each in bands] == [2_045_500, 1_022_750, 981_840]
    begins = [min(each.y) for each in bands]
    assert begins == sorted(begins)
    assert len({max(each.y) for each in bands}) == 1
    assert trace(figure, "p50").x == (MODEL["p50"],)
    assert trace(figure, "p05-p95").x == (MODEL["p05"], MODEL["p95"])


def test_every_bound_says_its_number_or_that_it_does_not_hold():
    said = texts(charts.nested_bounds(layers(), MODEL, {"light": 2e4}, words_for("en")))
    assert "<b>at most 2,045,500 cases</b>" in said
    assert said[said.index("cannot say") + 1] == "does not hold here"


def test_a_model_that_reaches_zero_stays_on_the_axis(words: Words):
    figure = charts.nested_bounds(layers(), dict.fromkeys(QUANTILES, 0.0), {"light": 0.0}, words)
    low, high = (10**end for end in figure.layout.xaxis.range)
    for each in figure.data:
        assert all(low * 0.999 <= at <= high * 1.001 for at in each.x)


# --- who gains --------------------------------------------------------------------


def test_gains_are_sorted_and_equal_the_input(words: Words):
    figure = charts.who_gains(gains(), words)
    assert list(trace(figure, "p50").x) == [33_000, 1_500, 910]
    np.testing.assert_equal(np.array(trace(figure, "upper_bound").x), [552_285, 736_380, math.nan])
    assert trace(figure, "미국").x == (10_000, 58_000)
    places = list(trace(figure, "p50").y)
    assert places == sorted(places)


def test_nearly_all_is_not_all():
    said = " ".join(texts(charts.who_gains(gains(), words_for("en"))))
    assert "already below 99.995%, still above 0.0006%" in said
    assert "already below 100.0%, still above 0.0%" in said
    assert "already below 98.5%, still above 0.3%" in said


# --- values -----------------------------------------------------------------------


@pytest.mark.parametrize("of_value", [False, True])
def test_bins_are_drawn_with_their_own_width(words: Words, *, of_value: bool):
    bins = histogram()
    bars = charts.value_distribution(bins, MARKS, words, of_value=of_value).data[0]
    np.testing.assert_allclose(np.array(bars.x) - np.array(bars.width) / 2, bins["low_krw"])
    np.testing.assert_allclose(np.array(bars.x) + np.array(bars.width) / 2, bins["high_krw"])
    np.testing.assert_allclose(np.array(bars.y), bins["share"])


# --- tornado ----------------------------------------------------------------------


def test_the_longest_bar_is_on_top(words: Words):
    figure = charts.tornado(inputs(), 37_000, words)
    bars = {each.name: each for each in figure.data}
    assert bars["US share low"].x == (37_000, 53_500)
    assert bars["US share high"].x == (37_000, 25_200)
    tops = [bars[f"{name} low"].y[0] for name in inputs()["name"].iloc[[1, 2, 0]]]
    assert tops == sorted(tops)


@pytest.mark.parametrize("centre", [37_000, 500_000, 100])
def test_both_ends_carry_their_inputs_outside_the_bar(words: Words, centre: float):
    figure = charts.tornado(inputs(), centre, words)
    for _, row in inputs().iterrows():
        found = {
            each.text: each
            for each in figure.layout.annotations
            if each.text in {row["low_label"], row["high_label"]}
        }
        ends = [math.log10(at) for at in (row["cases_at_low"], row["cases_at_high"], centre)]
        assert sorted(each.x for each in found.values()) == pytest.approx([min(ends), max(ends)])
        assert {each.xanchor for each in found.values()} == {"left", "right"}


def test_an_input_that_leaves_nothing_stays_on_the_axis(words: Words):
    bars = inputs().assign(cases_at_low=0.0)
    figure = charts.tornado(bars, 37_000, words)
    assert all(at > 0 for each in figure.data for at in each.x)


# --- waterfall --------------------------------------------------------------------


def test_bars_of_the_waterfall_add_up(words: Words):
    figure = charts.waterfall(steps(), ("before", 41_000.0), ("after", 43_000.0), words)
    bars = figure.data[0]
    assert list(bars.x) == [41_000, 6_200, -3_300, -900, 43_000]
    ends = [base + change for base, change in zip(bars.base, bars.x, strict=True)]
    assert list(bars.base)[1:-1] == ends[:-2]
    assert ends[-2] == ends[-1] == 43_000


def test_steps_are_signed():
    said = texts(charts.waterfall(steps(), ("before", 41_000.0), ("after", 43_000.0), words_for("en")))
    assert "limits <b>+6,200 cases</b>" in said
    assert "behaviour <b>−900 cases</b>" in said
    assert "before <b>41,000 cases</b>" in said


def test_a_waterfall_that_does_not_add_up_is_refused(words: Words):
    with pytest.raises(ValueError, match="lead to 43000"):
        charts.waterfall(steps(), ("before", 41_000.0), ("after", 44_000.0), words)


# --- axes and rows ----------------------------------------------------------------


@given(st.floats(0.1, 1e9), st.floats(1.05, 1e9))
def test_log_ticks_are_few_different_and_inside(low: float, factor: float):
    high = low * factor
    for lang in LANGUAGES:
        ticks, labels = axes.log_ticks(low, high, "cases", words_for(lang))
        assert all(low * 0.999 <= tick <= high * 1.001 for tick in ticks)
        assert 1 <= len(ticks) <= 7
        assert len(labels) == len(ticks)


def test_log_ticks_read_as_people_count():
    assert axes.log_ticks(1, 1e6, "cases", words_for("ko"))[1] == [
        "1",
        "10",
        "100",
        "1,000",
        "1만",
        "10만",
        "100만",
    ]
    assert axes.log_ticks(9e3, 1.2e5, "cases", words_for("en"))[1] == ["10k", "20k", "50k", "100k"]


@given(st.text(st.sampled_from("가나 abc"), max_size=200))
def test_wrapping_keeps_every_word(text: str):
    lines = rows.wrapped(text)
    assert " ".join(lines).split() == text.split()
    assert all(rows.width(line) <= 48 or " " not in line for line in lines)


@given(st.lists(st.floats(1, 200), max_size=20))
def test_rows_never_overlap(heights: list[float]):
    places = rows.tops(heights)
    assert [b - a for a, b in pairwise(places)] == pytest.approx(heights)
