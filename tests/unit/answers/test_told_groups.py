"""Groups, steps and responses: parts that add up to the whole."""

from collections.abc import Callable

import pytest

from dashboard.answers import groups, limits, saving
from dashboard.i18n import LANGUAGES, Lang
from dashboard.model.behaviour import Switches
from dashboard.scenarios import Scenario
from tests.unit.answers.asked import NOTHING, STACKED, Model, values

ALL_ON = Switches(exclusions=True, uptake=True, splitting=True, under_declaration=True, volume=True)


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
