"""What is said of an answer: receipts, the sentence that may be quoted, titles that are findings."""

import pytest

from dashboard.answers import comparison, core, drivers, groups, limits, saving
from dashboard.answers.core import Modelled
from dashboard.i18n import LANGUAGES, Lang
from dashboard.scenarios import OwnBase, Scenario
from dashboard.tables import Table
from tests.unit.answers.asked import FREE, NOTHING, PLAIN, Model

FEW = Scenario(population=OwnBase(1_000, 60_000_000, 2025))


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
