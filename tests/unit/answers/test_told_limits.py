"""Bounds, dots, the sweep over all limits, and how values are spread."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.answers import groups, limits
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.law import questions
from dashboard.model.bounds import Bound
from dashboard.model.errors import ModelError
from dashboard.model.simulate import survival_grid
from dashboard.scenarios import Scenario
from tests.unit.answers.asked import FREE, PLAIN, Model, values

LOW = Scenario(from_krw=1e6, to_krw=2e6)  # where list clearance reaches above the old limit


# --- bounds ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scenario", [PLAIN, LOW, Scenario(from_krw=1e5, to_krw=2e5)])
def test_each_bound_stands_there_or_its_reason(model: Model, scenario: Scenario, lang: Lang):
    modelled = model(scenario, lang)
    layers, table, reasons = limits.bounds(modelled)
    found = modelled.asked.bounds
    assert len(layers) == sum(isinstance(each, Bound) for each in found.values())
    assert len(reasons) == sum(isinstance(each, ModelError) for each in found.values())
    assert len(layers) + len(reasons) == len(found)
    # the model's median and intervals are the last rows
    assert len(table.as_text()) == len(layers) + 3
    assert values(table, 2)[:-3] == layers["cases_upper"].tolist()
    cases = modelled.asked.result.cases
    assert values(table, 1)[-3:] == [cases.p50, cases.p25, cases.p05]
    assert values(table, 2)[-3:] == [cases.p50, cases.p75, cases.p95]
    names = limits.bound_names(modelled.words)
    assert set(found) <= set(names)
    for key, each in found.items():
        if isinstance(each, ModelError):
            assert f"{names[key]}: {each.in_language(lang)}" in reasons


def test_the_first_bound_is_the_one_without_assumptions(model: Model):
    layers, _table, reasons = limits.bounds(model())
    assert layers["cases_upper"].iloc[0] == pytest.approx(FREE)
    assert reasons == []


def test_each_base_says_which_question_it_answers(model: Model):
    bases = {base: model(Scenario(population=base)) for base in model.input_ids}
    words = words_for("en")
    table = limits.bases_table(bases, {base: base for base in bases}, questions(words), words)
    text = table.as_text()
    assert text.iloc[:, 0].tolist() == list(bases)
    assert text.iloc[:, 1].is_unique
    assert values(table, 5) == pytest.approx([FREE, 999_025, 405_389], rel=1e-4)
    for low, middle, high, most in zip(*(values(table, place) for place in (3, 2, 4, 5)), strict=True):
        assert low < middle < high < most


# --- dots, sweep, values ------------------------------------------------------------------


def test_fifty_dots_in_order(model: Model):
    result = model().asked.result
    dots = result.dots(50)
    assert len(dots) == 50
    assert list(dots) == sorted(dots)
    assert sum(dot <= result.cases.p50 for dot in dots) == 25
    table = limits.dots_table(dots, model())
    assert values(table, 1) == dots.tolist()
    assert next(iter(table.columns.values()))[-1] == "50"


def test_the_sweep_rises_with_the_limit(model: Model):
    asked = model().asked
    grid = survival_grid(asked.worlds)
    points = grid.sweep(2e6, np.arange(2.2e6, 10e6 + 1, 2e5))
    frame = limits.sweep_frame(points)
    assert frame["new_krw"].is_monotonic_increasing
    assert frame["new_krw"].iloc[-1] == 10e6
    quantiles = ["p05", "p25", "p50", "p75", "p95"]
    for name in quantiles:
        assert frame[name].is_monotonic_increasing
    for lower, upper in pairwise(quantiles):
        assert (frame[lower] <= frame[upper]).all()
    at = frame.loc[frame["new_krw"] == 4e6, "p50"].item()
    assert at == pytest.approx(asked.result.cases.p50, rel=0.01)
    table = limits.sweep_table(points, model())
    assert values(table, 3) == frame["p50"].tolist()
    assert table.as_text().iloc[0, 0] == "KRW 2.2 million"


def test_values_are_spread_over_all_shipments(model: Model):
    bins = groups.distribution(model())
    assert (bins["share"] >= 0).all()
    assert 98 < bins["share"].sum() <= 100 + 1e-9
    assert bins["low_krw"].tolist()[1:] == bins["high_krw"].tolist()[:-1]
    # most shipments are worth less than the average
    assert bins.loc[bins["high_krw"] <= 1e5, "share"].sum() > 50
