"""What the model said, as it is told: with receipts, with honest verbs, with parts that add up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import pytest

from dashboard import ask, store
from dashboard.answers import comparison, core, drivers, groups, history, limits, priors, saving
from dashboard.answers.core import Modelled
from dashboard.evidence import Evidence
from dashboard.formats import MISSING
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.law import questions
from dashboard.model.behaviour import Switches
from dashboard.model.bounds import Bound
from dashboard.model.compare import waterfall
from dashboard.model.errors import ModelError
from dashboard.model.power import detectability
from dashboard.model.priors import StandardNormals, read_assumptions
from dashboard.model.simulate import survival_grid
from dashboard.naming import names_by_id
from dashboard.receipts import Number
from dashboard.scenarios import STEPS, OwnBase, Scenario
from dashboard.tables import Table

FREE = 2_045_500  # 4.091tn / 2M
ALL_ON = Switches(exclusions=True, uptake=True, splitting=True, under_declaration=True, volume=True)
PLAIN = Scenario()
NOTHING = Scenario(from_krw=4e6, to_krw=4e6)
FEW = Scenario(population=OwnBase(1_000, 60_000_000, 2025))
LOW = Scenario(from_krw=1e6, to_krw=2e6)  # where list clearance reaches above the old limit
STACKED = PLAIN.on(STEPS["2m-5m"])


@dataclass(frozen=True)
class Model:
    """The project's data, few draws, and every answer given once."""

    populations: list[dict[str, object]]
    assumptions: list[dict[str, object]]
    input_ids: Mapping[str, list[str]]
    evidences: Mapping[str, Evidence]
    normals: StandardNormals
    kept: dict[str, ask.Asked]

    def __call__(self, scenario: Scenario = PLAIN, lang: Lang = "en") -> Modelled:
        key = repr(scenario)
        if key not in self.kept:
            self.kept[key] = ask.ask(scenario, self.populations, self.assumptions, self.normals)
        base = scenario.population
        ids = self.input_ids[base] if isinstance(base, str) else []
        return Modelled(self.kept[key], ids, self.evidences[lang])


@pytest.fixture(scope="session")
def model(warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]) -> Model:
    rows = store.populations(warehouse).to_dict("records")
    return Model(
        store.population_rows(warehouse),
        store.assumption_rows(warehouse),
        {str(row["population_id"]): list(row["input_ids"]) for row in rows},
        evidences,
        StandardNormals.default(800),
        {},
    )


@pytest.fixture(scope="session")
def names(warehouse: duckdb.DuckDBPyConnection) -> Callable[[str, Lang], dict[str, str]]:
    return lambda kind, lang: names_by_id(store.table(warehouse, kind), kind, words_for(lang))


def values(table: Table, column: int) -> list[float]:
    """The values behind the numbers of a column."""
    cells = list(table.columns.values())[column]
    return [
        cell.receipt.value for cell in cells if isinstance(cell, Number) and cell.receipt.value is not None
    ]


def tables(modelled: Modelled) -> dict[str, Table]:
    """Every table that tells an answer."""
    rows, bars = groups.split_frame(modelled, "destination", {}), drivers.bars(modelled)
    bins = groups.distribution(modelled)
    return {
        "steps": limits.steps_table(modelled),
        "dots": limits.dots_table(modelled.asked.result.dots(50), modelled),
        "bounds": limits.bounds(modelled)[1],
        "gains": groups.split_table(rows, "Destination", modelled),
        "distribution": groups.distribution_table(bins, modelled),
        "tornado": drivers.bars_table(bars, modelled),
        "variance": drivers.variance(modelled),
        "settling": drivers.settled_by(modelled),
        "burden": saving.burden(modelled),
        "break-even": saving.break_even(modelled, 100_000_000),
        "behaviour": saving.behaviour(modelled),
        "side-by-side": comparison.side_by_side([modelled], ["one"]),
    }


# --- receipts ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_says_how_it_came_about(model: Model, lang: Lang):
    modelled = model(lang=lang)
    for name, table in tables(modelled).items():
        numbers = table.numbers()
        assert numbers, name
        for number in numbers:
            receipt = number.receipt
            if receipt.kind == "assumed":  # a quantile of a prior rests on no figure
                assert name == "tornado"
                assert receipt.label, name
                assert receipt.formula, name
                continue
            assert receipt.kind in {"modelled", "derived"}, name
            # what follows without the model assumes nothing of it
            assert bool(receipt.assumptions) == (receipt.kind == "modelled"), name
            assert receipt.label, name
            assert receipt.formula, name
            assert {line.value for line in receipt.inputs} >= {61_170_000, 4.091e12}, name
            assert all(line.kind == "published" and line.url for line in receipt.inputs), name


def test_only_bounds_are_derived(model: Model):
    kinds = {name: {each.receipt.kind for each in table.numbers()} for name, table in tables(model()).items()}
    both = {"modelled", "derived"}
    assert kinds.pop("bounds") == both
    assert kinds.pop("gains") == both
    assert kinds.pop("tornado") == {"modelled", "assumed"}  # its inputs are quantiles of the priors
    assert set(map(frozenset, kinds.values())) == {frozenset({"modelled"})}


def test_a_receipt_names_the_priors_of_its_base(model: Model):
    stated = model().number("x", 1.0, "cases").receipt.assumptions
    assert any("Share of value going to Japan: 0.36" in each for each in stated)
    declared = model(Scenario(population="declared-2021")).number("x", 1.0, "cases").receipt
    assert any("Share of value going to Japan: 0.318" in each for each in declared.assumptions)
    assert 708_132_000 in {line.value for line in declared.inputs}


def test_a_changed_assumption_stands_in_every_receipt(model: Model):
    # the wage is no prior of the cases, and is named only because the reader moved it
    moved = Scenario(changed={"burden.wage_krw_per_hour": 40_000.0})
    wage = model(moved).asked.worlds.assumptions["burden.wage_krw_per_hour"].statement_en
    plain, changed = (model(each).number("x", 1.0, "KRW").receipt.assumptions for each in (PLAIN, moved))
    assert not [each for each in plain if wage in each]
    assert len([each for each in changed if wage in each]) == 1


def test_an_own_base_rests_on_nothing_published(model: Model):
    receipt = model(FEW).number("x", 1.0, "cases").receipt
    assert receipt.inputs == ()
    assert receipt.assumptions


# --- the sentence ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "english", "korean"),
    [
        (PLAIN, "newly qualify by value, between", "사이입니다"),
        (FEW, "Perhaps none and at most", "없을 수도 있으며"),
        (NOTHING, "By value, no shipment newly qualifies.", "새로 대상이 되는 건은 없습니다."),
    ],
)
def test_the_verb_follows_the_interval(model: Model, scenario: Scenario, english: str, korean: str):
    cases = model(scenario).asked.result.cases
    assert (cases.p95 < 1, cases.p05 < 1) == (scenario is NOTHING, scenario is not PLAIN)
    for lang, said in {"en": english, "ko": korean}.items():
        text, numbers = core.sentence(model(scenario, "ko" if lang == "ko" else "en"))
        assert said in text
        assert "{" not in text
        assert text[0] == text[0].upper()
        assert [each.receipt.value for each in numbers[:3]] == [cases.p05, cases.p50, cases.p95]


def test_the_sentence_names_the_bound_that_needs_no_model(model: Model):
    for lang, said in {
        "en": "at most 2,045,500 cases whatever",
        "ko": "204만 5,500건을 넘지 않습니다",
    }.items():
        text, numbers = core.sentence(model(lang="ko" if lang == "ko" else "en"))
        assert said in text
        assert numbers[-1].receipt.value == pytest.approx(FREE)
        assert numbers[-1].receipt.kind == "derived"


def test_units_are_said_once(model: Model):
    text, _numbers = core.sentence(model())
    between = text.partition("between ")[2].partition(" in nine")[0]
    assert between.count("cases") == 1
    assert "about" not in between
    cases, won = model().asked.result.cases, model().asked.result.value_krw
    assert model().interval(cases, "cases").count("cases") == 1
    assert model().interval(won, "KRW").count("KRW") == 2


def test_effective_draws_are_told(model: Model):
    said = model().sample_size()
    assert said.numbers[0].receipt.value == model().asked.worlds.effective_sample_size
    assert said.text.endswith("of 800.")


# --- titles ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "english", "korean"),
    [
        (PLAIN, "A limit of KRW 4 million brings in ", "한도 400만 원에서 연간 "),
        (FEW, "may bring in none, or up to ", "없거나 연간"),
        (NOTHING, "brings in no shipment by value", "새로 대상이 되는 건 없음"),
    ],
)
def test_titles_are_findings(model: Model, scenario: Scenario, english: str, korean: str):
    assert english in limits.title(model(scenario))
    assert korean in limits.title(model(scenario, "ko"))


def test_titles_of_bounds_and_values(model: Model):
    assert "at most 2,045,500 cases a year" in limits.bounds_title(model())
    assert "204만 5,500건" in limits.bounds_title(model(lang="ko"))
    # 2M / 66,879
    assert "30 times the average" in groups.distribution_title(model())


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


# --- parts add up ------------------------------------------------------------------


@pytest.mark.parametrize("by", ["destination", "item"])
def test_groups_add_up_to_the_whole(model: Model, by: str):
    result = model().asked.result
    splits = result.splits()[0 if by == "destination" else 1]
    assert sum(each.newly.mean for each in splits) == pytest.approx(result.cases.mean, rel=1e-9)
    whole = sum(each.already_below.mean + each.newly.mean + each.still_above.mean for each in splits)
    drawn = model().asked.worlds.base.total_cases @ model().asked.worlds.weights
    assert whole == pytest.approx(drawn, rel=1e-9)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("by", ["destination", "item"])
def test_who_gains_is_ranked_and_complete(
    model: Model, names: Callable[[str, Lang], dict[str, str]], by: str, lang: Lang
):
    rows = groups.split_frame(model(lang=lang), by, names(by, lang))
    assert rows["p50"].is_monotonic_decreasing
    assert rows["name"].is_unique
    assert not set(rows["name"]) & {"JP", "US", "cosmetics"}
    parts = rows[["already_below", "newly_share", "still_above"]].sum(axis="columns")
    assert parts.tolist() == pytest.approx([100] * len(rows))
    assert (rows["p95"] <= rows["upper_bound"]).all()


def test_nothing_newly_qualifies_where_nothing_moves(model: Model):
    rows = groups.split_frame(model(NOTHING), "item", {})
    assert rows[["p05", "p50", "p95", "newly_share", "upper_bound"]].to_numpy().tolist() == [[0.0] * 5] * len(
        rows
    )


def test_an_excluded_item_is_no_group(model: Model):
    rows = groups.split_frame(model(Scenario(excluded_items=("food", "other"))), "item", {})
    assert set(rows["name"]) == {"cosmetics", "fashion", "electronics"}


def test_stacked_steps_add_up_in_means(model: Model):
    table = limits.steps_table(model(STACKED))
    assert table.as_text().iloc[:, 0].tolist() == [
        "KRW 2 million to KRW 4 million",
        "KRW 4 million to KRW 5 million",
        "KRW 2 million to KRW 5 million",
    ]
    *steps, whole = values(table, 1)
    assert sum(steps) == pytest.approx(whole, rel=1e-9)


def test_behaviour_adds_up_in_means(model: Model):
    table = saving.behaviour(model(Scenario(switches=ALL_ON)))
    *parts, total, all_declarations = values(table, 1)
    assert len(parts) == 8
    outcome = model(Scenario(switches=ALL_ON)).asked.outcome
    weights = model(Scenario(switches=ALL_ON)).asked.worlds.weights
    assert all_declarations == pytest.approx(float(weights @ outcome.change_in_all_declarations))
    assert sum(parts) == pytest.approx(total, rel=1e-9)
    assert parts[0] == model().asked.result.cases.mean


def test_undoing_splits_lowers_the_number_of_all_declarations(model: Model):
    table = saving.behaviour(model(Scenario(switches=Switches(splitting=True))))
    _mechanical, gained, _total, all_declarations = values(table, 1)
    # an order sent whole is one declaration instead of two: one gained as simplified, one less in all
    assert gained > 0
    assert all_declarations == pytest.approx(-gained)


def test_the_sentence_on_responses_says_what_counts_them(model: Model):
    plain, on = model(), model(Scenario(switches=Switches(splitting=True, uptake=True)))
    assert on.asked.result.cases == plain.asked.result.cases
    assert on.asked.burden.krw.p50 != plain.asked.burden.krw.p50
    said = saving.with_responses(on)
    assert said.text.endswith("The saving above counts them, the other numbers above do not.")
    assert str(said.numbers[1]) in said.text


def test_without_responses_the_total_is_mechanical(model: Model):
    assert len(set(values(saving.behaviour(model()), 1))) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_has_a_name(model: Model, lang: Lang):
    modelled = model(Scenario(switches=ALL_ON), lang)
    parts = saving.behaviour(modelled).as_text().iloc[:, 0]
    assert parts.is_unique
    assert not parts.str.contains("_").any()


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


# --- drivers ------------------------------------------------------------------


def test_the_longest_bar_comes_first(model: Model):
    bars = drivers.bars(model())
    assert 2 <= len(bars) <= 10
    length = np.abs(np.log(bars["cases_at_high"] / bars["cases_at_low"]))
    assert length.is_monotonic_decreasing
    assert bars["name"].is_unique
    middle = drivers.centre(model())
    first = bars.iloc[0]
    assert min(first["cases_at_low"], first["cases_at_high"]) < middle
    assert max(first["cases_at_low"], first["cases_at_high"]) > middle


def test_what_settles_it_is_ranked(model: Model):
    table = drivers.settled_by(model())
    shares = values(table, 1)
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 100 for share in shares)
    assert "one official count" in table.as_text().iloc[0, 0]
    assert shares[0] > 95


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_that_settles_has_words(model: Model, lang: Lang):
    said = drivers.settled_by(model(lang=lang)).as_text().iloc[:, 0]
    assert said.is_unique
    assert not said.str.contains("_").any()


def test_causes_of_variance_add_up(model: Model):
    table = drivers.variance(model())
    of_cases, of_saving = (values(table, place) for place in (1, 2))
    assert sum(of_cases) == pytest.approx(100, abs=1e-6)
    assert sum(of_saving) == pytest.approx(100, abs=1e-6)
    assert len(of_cases) == len(of_saving) == 5


# --- paperwork ------------------------------------------------------------------


def test_burden_is_the_models(model: Model):
    found = model().asked.burden
    table = saving.burden(model())
    assert values(table, 1)[1:3] == [found.hours.p50, found.krw.p50]
    for low, middle, high in zip(*(values(table, place) for place in (2, 1, 3)), strict=True):
        assert 0 < low < middle < high


def test_a_cost_of_nothing_pays_for_itself(model: Model):
    free, dear = (saving.break_even(model(), cost).numbers() for cost in (0, 10**12))
    assert free[0].receipt.value == 0
    assert free[-1].receipt.value == pytest.approx(100)
    assert dear[-1].receipt.value == pytest.approx(0)


# --- assumptions ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_register_marks_what_was_changed(model: Model, lang: Lang):
    modelled = model(Scenario(changed={"shape.s": 0.9, "mean.item.food": 1.2}), lang)
    assumptions = modelled.asked.worlds.assumptions
    table = priors.register(assumptions, "total-2024", modelled.words).as_text()
    changed = {
        assumptions[name].statement_ko if lang == "ko" else assumptions[name].statement_en
        for name in assumptions.changed
    }
    marks = table[modelled.words.gettext("Changed")]
    assert set(table.loc[marks != MISSING].iloc[:, 0]) == changed
    # changed ones first
    assert (marks != MISSING).tolist()[:2] == [True, True]
    note = priors.changed_note(modelled)
    assert all(statement in note for statement in changed)


def test_unchanged_is_not_marked(model: Model):
    assumptions = model().asked.worlds.assumptions
    assert priors.changed_note(model()) == ""
    table = priors.register(assumptions, "total-2024", words_for("en")).as_text()
    assert (table["Changed"] == MISSING).all()
    assert set(table["Whose"]) == {"our judgement", "published"}


def test_the_register_holds_judgements_and_no_settings(model: Model):
    rows = priors.in_use(model().asked.worlds.assumptions, "total-2024")
    assert "shape.s" in rows
    assert not [name for name in rows if name.startswith(("sweep.", "draws.", "limit.")) or "@" in name]
    offered = priors.editable(model().asked.worlds.assumptions, "total-2024", words_for("ko"))
    assert set(offered) <= set(rows)
    assert "shape.s" in offered


def test_changes_survive_the_address():
    changes = {"shape.s": 0.9, "burden.wage_krw_per_hour": 31_234.5, "share.item.food": 1e-3}
    assert priors.read_changes(priors.write_changes(changes)) == changes
    assert priors.write_changes({}) == ""
    assert priors.read_changes("") == {}
    assert priors.read_changes("shape.s:0.9,") == {"shape.s": 0.9}


@pytest.mark.parametrize(
    "text", ["nonsense", "shape.s:", "shape.s:wide", "shape.s:0.9;shape.rho:1", "shape.s=0.9"]
)
def test_what_is_no_change_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 (the page shows no word of it)
        priors.read_changes(text)


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
