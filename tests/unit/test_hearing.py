"""Questions for the hearing: the order is the tornado's, the ranges its bars', and every question says what would settle it."""

import pytest

from dashboard.answers import drivers, hearing
from dashboard.i18n import LANGUAGES, words_for
from dashboard.model.sensitivity import tornado
from tests.packs import Packs


@pytest.mark.parametrize("name", ["plain", "stacked", "few"])
def test_the_order_follows_the_tornado(packs: Packs, name: str):
    answer = packs(name).answer
    assert answer is not None
    result, worlds = answer.asked.result, answer.asked.worlds
    bars = tornado(worlds.population, worlds.assumptions, result.from_krw, result.to_krw)
    found = hearing.questions(answer)
    assert [each.assumption.parameter for each in found] == [bar.assumption.parameter for bar in bars[:5]]
    assert [each.assumption.statement_en for each in found] == drivers.bars(answer)["name"].tolist()[:5]
    ratios = [
        max(pair) / min(pair)
        for pair in ((each.low.receipt.value, each.high.receipt.value) for each in found)
    ]  # type: ignore[type-var, operator] (modelled numbers have values)
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_question_gives_the_range_our_answer_and_the_figure_to_ask_for(packs: Packs, lang: str):
    answer = packs("plain", lang).answer  # type: ignore[arg-type] (a language as text)
    assert answer is not None
    found = hearing.questions(answer)
    assert len(found) == 5
    for each, (_index, bar) in zip(found, drivers.bars(answer).iterrows(), strict=False):
        assert each.low.receipt.value == bar["cases_at_low"]
        assert each.high.receipt.value == bar["cases_at_high"]
        assert str(each.centre) in each.answer.text
        assert each.settled_by
        assert each.low.receipt.kind == "modelled"
        assert each.centre.receipt.kind == "assumed"
    shrinks = {each.name: each.shrink for each in answer.asked.settling()}
    first = found[0]
    assert first.assumption.parameter == "shape.s"
    assert first.narrower.receipt.value == pytest.approx(100 * shrinks["shape.s"])


def test_our_own_judgement_is_called_that(packs: Packs):
    answer = packs().answer
    assert answer is not None
    for each in hearing.questions(answer):
        assert ("our own judgement" in each.answer.text) == each.assumption.judgement


def test_every_assumption_that_the_tornado_moves_has_a_figure_of_its_own(packs: Packs):
    words = words_for("en")
    other = hearing.settled_by("no such assumption", words)
    for name in ("plain", "few"):
        answer = packs(name).answer
        assert answer is not None
        result, worlds = answer.asked.result, answer.asked.worlds
        for bar in tornado(worlds.population, worlds.assumptions, result.from_krw, result.to_krw):
            assert hearing.settled_by(bar.assumption.parameter, words) != other, bar.assumption.parameter


def test_where_nothing_qualifies_nothing_is_asked(packs: Packs):
    answer = packs("nothing").answer
    assert answer is not None
    assert hearing.questions(answer) == []
    assert "nothing newly qualifies" in hearing.title([], words_for("en"))
    assert "hearing" not in [each.key for each in packs("nothing").slides]
