"""What drives the answer, what settles it, paperwork, and the register of assumptions."""

import numpy as np
import pytest

from dashboard.answers import drivers, priors, saving
from dashboard.formats import MISSING
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.scenarios import Scenario
from tests.unit.answers.asked import Model, values

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
