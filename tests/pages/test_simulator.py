"""The simulator: every panel and control, bad input in one sentence, assumptions moved, scenarios compared."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from dashboard import scenarios
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.model.behaviour import Switches
from dashboard.scenarios import OwnBase, Scenario

Visit = Callable[..., Any]

# Panel -> number of charts in it.
PANELS = {"answer": 3, "gains": 2, "drivers": 1, "saving": 0, "assumptions": 0, "compare": 0, "history": 0}
FREE = {"en": "2,045,500 cases", "ko": "204만 5,500건"}


def said(seen: Any) -> str:
    return "\n".join(seen.texts)


def press(seen: Any, key: str) -> Any:
    """Press a button by its key."""
    seen.app.button(key=key).click()
    return seen.run()


# --- panels ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_opens(visit: Visit, panel: str, lang: Lang):
    seen = visit("simulator", lang, panel=panel)
    assert seen.is_sound
    assert len(seen.headlines) == 4
    assert len(seen.alternatives) == PANELS[panel]
    assert seen.cells
    assert FREE[lang] in said(seen)
    assert not [text for text in seen.texts if "{" in text and "= " not in text]
    # the legal basis stands below all of them
    law = words_for(lang).gettext("Below the limit of list clearance nothing changed")
    assert law in [each.value for each in seen.app.main.subheader]


def test_panels_speak_the_reader_s_language(visit: Visit):
    for panel in PANELS:
        korean, english = (
            {each.value for each in visit("simulator", lang, panel=panel).app.main.subheader}
            for lang in LANGUAGES
        )
        assert not korean & english


@pytest.mark.parametrize(
    ("lang", "cases", "free"),
    [("en", ">about 19,000 cases<", "at most 2,045,500 cases"), ("ko", ">약 1만 9,000건<", "204만 5,500건")],
)
def test_the_method_paper_s_answer(visit: Visit, lang: Lang, cases: str, free: str):
    seen = visit("simulator", lang, set="reference")
    assert cases in seen.headlines[0]
    # the receipt has the median in detail
    assert [text for text in seen.texts if ("18,782" if lang == "en" else "1만 8,782") in text]
    assert [text for text in seen.texts if free in text]


def test_the_first_answer(visit: Visit):
    seen = visit("simulator")
    cases, value, share, saved = seen.headlines
    assert ">about 42,000 cases<" in cases
    assert "90% interval: 11,000 to 84,000 cases" in cases
    assert "KRW" in value
    assert "0.0" in share
    assert "KRW" in saved
    assert "brings in 11,000 to 84,000 cases a year" in seen.alternatives[0]
    assert "at most 2,045,500 cases a year" in seen.alternatives[2]


def test_each_base_answers_on_the_same_page(visit: Visit):
    cells = visit("simulator", population="declared-2021").cells
    bounds = ["2,045,500 cases", "999,020 cases", "405,370 cases"]
    assert [each for each in bounds if each not in cells] == []


def test_receipts_of_a_table_say_every_assumption(visit: Visit):
    seen = visit("simulator", panel="saving")
    (listed, *_rest) = [text for text in seen.texts if text.startswith("**Assumptions**")]
    assert listed.count("\n- ") > 20
    assert "Share of value going to Japan: 0.36" in listed


# --- controls ------------------------------------------------------------------

# Where, what is chosen, and what the page then says that it did not say before.
CONTROLS: list[tuple[dict[str, str], str, Any, str, str]] = [
    ({}, "population", "declared-2021", "declared-2021", "9,228,000 cases"),
    ({}, "population", "own", "own", "about 53 cases"),
    ({}, "step", "4m-5m", "4m-5m", "1,022,800 cases"),
    ({}, "step", "2m-5m", "2m-5m", "about 46,000 cases"),
    ({}, "step", "own", "own", ""),
    ({}, "set", "reference", "reference", "about 19,000 cases"),
    ({"step": "own"}, "new", "3000000", "3000000", "about 32,000 cases"),
    ({"step": "own"}, "old", "2500000", "2500000", "1,636,400 cases"),
    ({"step": "5m-6m"}, "new", "7000000", "7000000", "about 3,100 cases"),
    ({}, "exclusions", True, "1", "re-exports on conditions stay out"),
    ({}, "uptake", True, "1", "not all who may use it do"),
    ({}, "splitting", True, "1", "split orders are sent whole again"),
    ({}, "under_declaration", True, "1", "values declared too low are declared in full"),
    ({}, "volume", True, "1", "cheaper paperwork brings more trade"),
    ({}, "exclude", ["cosmetics", "food"], "cosmetics,food", "about 31,000 cases"),
    ({"panel": "answer"}, "anchor", True, "1", "with your own anchors"),
    ({"panel": "answer", "anchor": "1"}, "anchor_per_million", 100.0, "100", "6,117 cases"),
    ({"population": "own"}, "own_cases", 200_000.0, "200000", "about 19 cases"),
    ({"population": "own"}, "own_value", 12_000_000_000.0, "12000000000", "about 240 cases"),
    ({"population": "own"}, "own_year", 2023.0, "2023", ""),
    ({"panel": "gains"}, "gain", "item", "item", "Electronics"),
    ({}, "cost", "500000000", "500000000", "KRW 500 million"),
    ({}, "panel", "history", "history", "43 + 17"),
]


@pytest.mark.parametrize(("start", "key", "value", "code", "says"), CONTROLS)
def test_a_control_changes_the_page_and_the_address(
    visit: Visit, start: dict[str, str], key: str, value: Any, code: str, says: str
):
    query = {"panel": "saving", **start}
    seen = visit("simulator", **query)
    # where it says nothing new, the control itself is what changed
    assert not says or says not in said(seen)
    seen.choose(key, value)
    assert seen.is_sound
    assert says in said(seen)
    assert seen.address[key] == code
    # what the address says brings back the same page
    again = visit("simulator", **{**query, key: code})
    assert again.is_sound
    assert again.controls[key].value == value
    assert said(again) == said(seen)


def test_responses_move_the_saving_and_not_the_mechanical_count(visit: Visit):
    seen = visit("simulator", panel="saving")
    cases, _value, _share, saved = seen.headlines
    seen.controls["splitting"].set_value(True)
    seen.run()
    assert seen.headlines[0] == cases
    assert seen.headlines[3] != saved


def test_a_stacked_step_adds_up_on_the_page(visit: Visit):
    seen = visit("simulator", step="2m-5m")
    assert {"KRW 2 million to KRW 4 million", "KRW 4 million to KRW 5 million"} <= set(seen.cells)
    assert "The steps add up" in [each.value for each in seen.app.main.subheader]


def test_equal_limits_bring_nothing(visit: Visit):
    for panel in ("answer", "gains", "drivers", "saving"):
        seen = visit("simulator", step="own", old="3000000", new="3000000", panel=panel)
        assert seen.is_sound
        assert "By value, no shipment newly qualifies." in said(seen)


# --- bad input ------------------------------------------------------------------

BAD: list[tuple[dict[str, str], str, str]] = [
    (
        {"step": "own", "old": "4000000", "new": "3000000"},
        "The old limit is above the new one.",
        "새 한도보다 높습니다.",
    ),
    ({"assume": "shape.s:9"}, "choose a value between 0.5 and 1.5", "0.5"),
    ({"assume": "shape.s:nan"}, "changed.shape.s must be a number", "숫자여야 합니다"),
    ({"assume": "nonsense:1"}, "nonsense is no parameter", "그런 가정이 없습니다"),
    (
        {"anchor": "1", "anchor_krw": "1000000", "anchor_per_million": "999999"},
        "contradict the mean",
        "평균",
    ),
    ({"anchor": "1", "anchor_per_million": "2000000"}, "fraction between 0 and 1", "0과 1 사이"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("query", "english", "korean"), BAD)
def test_bad_input_is_one_sentence(
    visit: Visit, query: dict[str, str], english: str, korean: str, lang: Lang
):
    seen = visit("simulator", lang, **query)
    assert not seen.app.exception
    (error,) = seen.app.error
    assert (english if lang == "en" else korean) in error.value
    # nothing is drawn from it, and nothing of what was asked is lost
    assert seen.alternatives == []
    assert seen.headlines == []
    assert {"population", "step", "set", "uptake", "exclude", "anchor"} <= set(seen.controls)
    assert [name for name, code in query.items() if seen.address[name] != code] == []
    (caption,) = seen.app.sidebar.caption
    assert caption.value


def test_the_way_back_from_bad_input(visit: Visit):
    seen = visit("simulator", step="own", old="4000000", new="3000000")
    seen.choose("new", "10000000")
    assert seen.is_sound
    assert len(seen.headlines) == 4
    seen = visit("simulator", assume="shape.s:9", panel="saving")
    press(seen, "assumption|reset")
    assert seen.is_sound
    assert seen.address["assume"] == ""
    assert len(seen.headlines) == 4


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    [
        {"assume": "nonsense"},
        {"population": "own", "own_cases": "0"},
        {"population": "own", "own_value": "-5"},
        {"population": "own", "own_value": "many"},
        {"population": "own", "own_cases": "²"},
        {"population": "own", "own_cases": "9" * 400},
        {"anchor": "1", "anchor_krw": "0"},
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_stays(visit: Visit, query: dict[str, str], lang: Lang):
    seen = visit("simulator", lang, panel="saving", **query)
    assert seen.is_sound
    key, code = list(query.items())[-1]
    (notice,) = seen.app.info
    assert f"{key}={code}"[:40] in notice.value  # a very long one is cut
    assert len(seen.headlines) == 4
    assert seen.address[key] != code


def test_what_is_known_of_one_base_may_be_impossible_for_another(visit: Visit):
    """The mean of the declared channel bears this anchor, that of the total does not."""
    seen = visit("simulator", population="declared-2021", anchor="1", anchor_per_million="80000")
    assert seen.is_sound
    assert len(seen.alternatives) == 3


# --- assumptions ------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_moves_an_assumption(visit: Visit, lang: Lang):
    seen = visit("simulator", lang, panel="assumptions")
    cases = seen.headlines[0]
    assert not seen.app.info
    seen.app.selectbox(key="assumption|pick").set_value("shape.s").run()
    seen.app.number_input(key="assumption|centre|shape.s").set_value(0.7)
    (submit,) = seen.app.form_submit_button
    submit.click()
    seen.run()
    assert seen.is_sound
    assert seen.address["assume"] == "shape.s:0.7"
    assert seen.headlines[0] != cases
    # marked beside the headline, and first in the register
    (note,) = seen.app.info
    statement = "표준편차" if lang == "ko" else "Standard deviation of the log value"
    assert statement in note.value
    _ = words_for(lang).gettext
    (register,) = [each.value for each in seen.app.main.get("table") if _("Alternatives") in each.value]
    assert statement in register.index[0]
    marks = register[_("Changed")].tolist()
    assert marks[0] == _("changed") != marks[1]
    assert len(set(marks[1:])) == 1
    press(seen, "assumption|reset")
    assert seen.address["assume"] == ""
    assert seen.headlines[0] == cases
    assert not seen.app.info


@pytest.mark.parametrize("panel", ["gains", "saving", "assumptions", "compare", "history"])
def test_a_changed_assumption_is_marked_whatever_is_shown(visit: Visit, panel: str):
    seen = visit("simulator", panel=panel, assume="shape.s:0.7")
    assert seen.is_sound
    assert "Changed by you: Standard deviation of the log value" in seen.app.info[0].value


def test_changes_gather(visit: Visit):
    seen = visit("simulator", panel="assumptions", assume="shape.s:0.7")
    seen.app.selectbox(key="assumption|pick").set_value("shape.rho").run()
    seen.app.number_input(key="assumption|centre|shape.rho").set_value(0.3)
    seen.app.form_submit_button[0].click()
    seen.run()
    assert seen.address["assume"] == "shape.s:0.7,shape.rho:0.3"
    assert seen.is_sound


# --- comparison ------------------------------------------------------------------

KEEP, FORGET = "scenario|keep", "scenario|forget"


def side_by_side(seen: Any) -> pd.DataFrame:
    tables = [each.value for each in seen.app.main.get("table")]
    return next(table for table in tables if "Old limit" in table)


def test_two_scenarios_stand_side_by_side(visit: Visit):
    seen = visit("simulator", panel="compare", set="reference")
    assert "side by side" in seen.app.info[0].value
    press(seen, KEEP)
    assert seen.app.button(key=KEEP).disabled  # once is enough
    seen.choose("step", "2m-5m").choose("population", "declared-2021")
    press(seen, KEEP)
    assert seen.is_sound
    first, second = side_by_side(seen).to_numpy().tolist()
    assert first[:3] == ["KRW 2 million", "KRW 4 million", "about 19,000 cases"]
    assert second[1] == "KRW 5 million"
    (waterfall,) = seen.alternatives
    assert waterfall.startswith(
        "Why declared channel 2021, KRW 2 million to KRW 5 million differs from customs"
    )
    causes = seen.cells
    assert {"limits", "number of shipments", "value per case", "destinations and items"} & set(causes)
    # any of them may be the baseline
    seen.choose("baseline", "1")
    assert seen.alternatives[0].startswith(
        "Why customs total 2024, KRW 2 million to KRW 4 million differs from"
    )
    press(seen, FORGET)
    assert seen.alternatives == []


def test_each_scenario_cites_its_own_base(visit: Visit):
    seen = visit("simulator", panel="compare", population="declared-2021")
    press(seen, KEEP)
    seen.choose("population", "total-2021")
    # the page is about the total now, the scenario kept is not
    assert [text for text in seen.texts if "USD 708.132 million" in text]


def test_items_left_out_explain_a_difference(visit: Visit):
    seen = press(visit("simulator", panel="compare"), KEEP)
    seen.choose("exclude", ["cosmetics"])
    press(seen, KEEP)
    assert seen.is_sound
    assert "items that may not qualify" in seen.cells


def test_four_are_enough(visit: Visit):
    seen = press(visit("simulator", panel="compare"), KEEP)
    for step in ("4m-5m", "2m-5m", "5m-6m"):
        assert not seen.choose("step", step).app.button(key=KEEP).disabled
        press(seen, KEEP)
    assert seen.app.button(key=KEEP).disabled
    assert seen.is_sound
    assert len(side_by_side(seen)) == 4


def upload(seen: Any, content: bytes) -> Any:
    seen.app.file_uploader[0].set_value(("scenario.toml", content, "application/toml"))
    return seen.run()


def test_a_scenario_file_comes_back(visit: Visit):
    scenario = Scenario(
        name="Ours",
        population=OwnBase(50_000, 4e9, 2025),
        switches=Switches(uptake=True),
        changed={"shape.s": 0.9},
    )
    seen = upload(visit("simulator", panel="compare"), scenarios.write(scenario).encode())
    assert seen.is_sound
    assert "Ours" in seen.cells
    press(seen, KEEP)
    assert len(seen.alternatives) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("content", "english", "korean"),
    [
        (b"version = ", "no valid TOML", "TOML로 읽을 수 없습니다"),
        (b"\xff\xfe\x00", "not UTF-8", "UTF-8"),
        (b'version = 1\npopulation = "moon"', "there is no population moon", "없습니다"),
        (b"version = 1\n[limits]\nfrom_krw = 5000000\nto_krw = 4000000", "above the new one", "높습니다"),
        (b"version = 9", "does not know", "모르는 형식"),
    ],
)
def test_a_broken_file_is_one_sentence(visit: Visit, content: bytes, english: str, korean: str, lang: Lang):
    seen = upload(visit("simulator", lang, panel="compare"), content)
    assert not seen.app.exception
    (error,) = seen.app.error
    assert (english if lang == "en" else korean) in error.value
    # everything else is still there
    assert len(seen.headlines) == 4
    assert seen.app.button(key=KEEP)


def test_forgetting_forgets_an_uploaded_file_too(visit: Visit):
    seen = upload(visit("simulator", panel="compare"), scenarios.write(Scenario(name="Ours")).encode())
    assert "Ours" in seen.cells
    press(seen, FORGET)
    assert "Ours" not in seen.run().cells
