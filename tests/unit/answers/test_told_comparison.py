"""Scenarios side by side, the causes of a difference, and the backtest."""

import duckdb
import pytest

from dashboard import ask, store
from dashboard.answers import comparison, history
from dashboard.evidence import Evidence
from dashboard.formats import MISSING
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.model.behaviour import Switches
from dashboard.model.compare import waterfall
from dashboard.model.power import detectability
from dashboard.model.priors import read_assumptions
from dashboard.receipts import Number
from dashboard.scenarios import Scenario
from tests.unit.answers.asked import STACKED, Model, values

# --- comparison ------------------------------------------------------------------


def test_scenarios_stand_side_by_side(model: Model):
    several = [model(), model(STACKED), model(Scenario(population="declared-2021"))]
    table = comparison.side_by_side(several, ["one", "two", "three"])
    assert table.as_text().iloc[:, 0].tolist() == ["one", "two", "three"]
    assert values(table, 3) == [each.asked.result.cases.p50 for each in several]
    assert table.as_text().iloc[1, 2] == "KRW 5 million"
    # each row cites the figures of its own base
    cited = [{line.value for line in number.receipt.inputs} for number in table.numbers()]
    assert 708_132_000 in cited[-1]
    assert 708_132_000 not in cited[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bars_of_the_waterfall_add_up_exactly(model: Model, lang: Lang):
    start = model(lang=lang)
    end = model(
        Scenario(
            population="declared-2021",
            from_krw=4e6,
            to_krw=5e6,
            changed={"shape.s": 0.9},
            switches=Switches(uptake=True),
            excluded_items=("food",),
        ),
        lang,
    )
    steps = waterfall(comparison.question(start), comparison.question(end), model.normals)
    frame = comparison.steps_frame(steps, start.words)
    assert steps[0].before == start.asked.result.cases.p50
    # what the page says of both ends, items left out and responses included
    assert steps[-1].after == pytest.approx(end.asked.outcome.summaries()["total"].p50, rel=1e-9)
    assert frame["change"].sum() == pytest.approx(steps[-1].after - steps[0].before, rel=1e-12)
    assert frame["name"].is_unique
    table = comparison.steps_table(steps, end)
    assert values(table, 1) == frame["change"].tolist()
    assert values(table, 2)[-1] == steps[-1].after


def test_every_cause_has_a_name():
    for lang in LANGUAGES:
        named = comparison.cause_names(words_for(lang))
        assert set(named) == {"limits", "cases", "value_per_case", "mix", "assumptions", "items", "behaviour"}
        assert len(set(named.values())) == len(named)


# --- history ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_history_is_the_backtest(
    model: Model, warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence], lang: Lang
):
    totals = store.published_totals(warehouse)
    found = ask.backtest(totals, read_assumptions(model.assumptions, "default"))
    table = history.outturns(found, totals, evidences[lang])
    assert len(table.as_text()) == len(found.outturns)
    for place, name in enumerate(("p05", "p50", "p95"), 1):
        assert values(table, place) == [getattr(each.forecast, name) for each in found.outturns]
    known = [each for each in found.outturns if each.actual is not None]
    assert values(table, 4) == [each.actual for each in known]
    assert values(table, 5) == pytest.approx([100 * each.miss for each in known if each.miss is not None])
    text = table.as_text()
    assert (text.iloc[:, 4] == MISSING).tolist() == [each.actual is None for each in found.outturns]
    assert (text.iloc[:, 6] == MISSING).tolist() == [each.actual is None for each in found.outturns]
    # a forecast cites what stood published, and never its own year
    for row, each in zip(zip(*table.columns.values(), strict=True), found.outturns, strict=True):
        middle = row[2]
        assert isinstance(middle, Number)
        assert {int(line.period[:4]) for line in middle.receipt.inputs} == set(each.forecast.known_years)
        assert each.forecast.year not in each.forecast.known_years
    assert len(history.reasons(found, evidences[lang])) == len(found.not_forecast)


def test_totals_cannot_show_the_effect(model: Model, english: Evidence):
    found = detectability(43, 17, read_assumptions(model.assumptions, "default"))
    assumptions = read_assumptions(model.assumptions, "default")
    least, effect, power = history.detectable(found, 3.1, assumptions, english).numbers()
    assert len(least.receipt.assumptions) == 5
    assert least.receipt.value == pytest.approx(11, abs=1)
    assert effect.receipt.value == 3.1
    assert power.receipt.value is not None
    assert power.receipt.value < 20
    # whatever the drift of monthly totals, a judgement, the largest effect stays hidden
    for drift in (0.0, 0.01, 0.02):
        other = detectability(43, 17, assumptions.with_fixed("power.level_drift", drift))
        assert 100 * other.minimum_detectable_change > 3.4
