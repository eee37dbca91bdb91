"""A followed link against today's answer: the box, when it comes and when it goes; on the same data and on newer ones."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.claims import NAMES, Claim
from dashboard.exports.pack import link
from dashboard.i18n import LANGUAGES, Lang
from dashboard.receipts import Version
from dashboard.scenarios import Scenario
from etl.settings import ROOT, Settings
from etl.warehouse import build
from tests.looking import Said
from tests.pages.test_frozen_links import LINKS, parts
from tests.pages.test_receipt_for_every_digit import uncovered

Visit = Callable[..., Any]

CLAIM = Claim(1.0, 2.0, 3.0, 4.0, 5.0, "0123abcd")
(OLD,) = [parts(each["address"])[1] for each in LINKS if "base_cases=40000000" in each["address"]]
HEADING = {
    "en": "This link showed 21,204 cases; now it is",
    "ko": "이 링크가 보여 준 값은 2만 1,204건, 지금은",
}


def heading(seen: Any) -> str:
    """The finding of the box; empty where there is none."""
    found = [
        each.value
        for each in seen.app.main.subheader
        if "This link showed" in each.value or "이 링크가" in each.value
    ]
    return found[0] if found else ""


def claimed(seen: Any) -> dict[str, str]:
    """What a link copied from this page would claim, with the versions."""
    state = seen.app.session_state
    version = state["numbers_of_this_run"][0].receipt
    return {**state["claims_of_this_run"], "data": version.data_version, "model": version.model_version}


# --- on the same data ----------------------------------------------------------------


def test_a_link_says_the_headline_that_it_showed(visit: Visit):
    seen = visit("simulator", panel="saving", set="reference")
    claims = claimed(seen)
    # the receipt of the headline has the median in detail: 18,782
    assert round(float(claims["p50"])) == 18_782
    assert (round(float(claims["p05"])), round(float(claims["p95"]))) == (2_546, 66_256)
    assert (claims["base_cases"], claims["base_value_krw"]) == ("61170000", "4091000000000")


def test_nothing_is_said_where_nothing_changed(visit: Visit):
    first = visit("simulator", panel="saving")
    again = visit("simulator", panel="saving", **claimed(first))
    assert again.is_sound
    assert "\n".join(again.texts) == "\n".join(first.texts)
    assert {name: again.address[name] for name in NAMES} == {name: claimed(first)[name] for name in NAMES}


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        (
            "en",
            "The numbers are those that this link showed with data version aaaaaaaaaaaa, model version 0.1.0",
        ),
        ("ko", "이 링크가 데이터 버전 aaaaaaaaaaaa, 모형 버전 0.1.0에서 보여 준 값과 같습니다."),
    ],
)
def test_the_same_numbers_on_other_versions_are_one_quiet_line(visit: Visit, lang: Lang, line: str):
    claims = claimed(visit("simulator", panel="saving"))
    seen = visit("simulator", lang, panel="saving", **{**claims, "data": "aaaaaaaaaaaa", "model": "0.1.0"})
    assert [each for each in seen.app.main.caption if line in each.value]
    assert not heading(seen)
    # it takes the place of the note that only warns
    assert not seen.app.info


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_box_stays_with_the_question_and_goes_with_another(visit: Visit, lang: Lang):
    seen = visit("simulator", **{**OLD, "lang": lang})
    assert heading(seen).startswith(HEADING[lang])
    assert not seen.app.info
    # another panel, another language: the same question
    seen.choose("panel", "assumptions")
    assert heading(seen).startswith(HEADING[lang])
    other = next(each for each in LANGUAGES if each != lang)
    seen.choose("lang", other)
    assert heading(seen).startswith(HEADING[other])
    # another scenario: the link's claim was not about it
    before = dict(seen.address)
    seen.choose("set", "default")
    assert seen.is_sound
    assert not heading(seen)
    assert not seen.app.info
    assert not set(NAMES) & set(seen.address)
    assert not {"data", "model"} & set(seen.address)
    # nor does it come back by itself
    seen.choose("set", "reference")
    assert not heading(seen)
    assert not seen.app.info
    # Back brings the address back, and with it what it claims
    seen.choose("set", "default")
    seen.address.clear()
    seen.address.update(before)
    seen.run()
    assert heading(seen).startswith(HEADING[other])


def test_a_new_link_from_the_old_one_claims_todays_answer(visit: Visit):
    seen = visit("simulator", **OLD)
    assert seen.address["p50"] == OLD["p50"]
    assert round(float(claimed(seen)["p50"])) == 18_782


@pytest.mark.parametrize(
    ("lost", "is_another"), [({"panel": "nowhere"}, False), ({"lang": "la"}, False), ({"set": "best"}, True)]
)
def test_only_what_the_question_needs_makes_it_another_one(
    visit: Visit, lost: dict[str, str], *, is_another: bool
):
    seen = visit("simulator", **{**OLD, **lost})
    assert seen.is_sound
    said = "\n".join(seen.texts)
    assert ("answers another question" in said) == is_another
    assert bool(heading(seen)) != is_another


def test_on_another_page_a_claim_is_only_an_unknown_word(visit: Visit):
    seen = visit("overview", **{name: OLD[name] for name in NAMES})
    assert seen.is_sound
    assert "p05=3105.21" in "\n".join(note.value for note in seen.app.info)


SCENARIOS = [
    Scenario(spread={"shape.s": 0.05}, list_clearance_krw=1_500_000.0, effective=""),
    Scenario(to_krw=5_000_000, via_krw=(3_000_000, 4_500_000), effective=""),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_pack_s_link_opens_its_own_number(visit: Visit, scenario: Scenario):
    """Spreads, several steps and another limit of list clearance have no control, yet the link carries them."""
    _path, query = parts("simulator?" + link.query(scenario, "en", Version("a" * 12, "0.1.0"), CLAIM))
    seen = visit(
        "simulator",
        panel="saving",
        **{name: text for name, text in query.items() if name not in NAMES and name != "lang"},
    )
    assert seen.is_sound
    assert not [note for note in seen.app.info if "not followed" in note.value]
    (code,) = [each.value for each in seen.app.code if "scenarios.read" in each.value]
    if scenario.spread:
        assert '"shape.s" = 0.05' in code
        assert '"list.limit_krw" = 1500000' in code
    else:
        assert "3000000" in code
        assert "4500000" in code


# --- on newer data ----------------------------------------------------------------


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of a year later: the total of 2024 was revised upwards, and one assumption moved."""
    folder = tmp_path_factory.mktemp("newer")
    reference = folder / "reference"
    shutil.copytree(ROOT / "data" / "reference", reference)
    for name, changes in {
        "observations.csv": {("observation_id", code): {"value": "64000000"} for code in ("F017", "G249")},
        "assumptions.csv": {("assumption_id", "R001"): {"p1": "0.9"}},
    }.items():
        path = reference / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for (column, code), change in changes.items():
            (row,) = [each for each in rows if each[column] == code]
            row.update(change)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    build(Settings(reference, folder / "raw", folder), lambda _: None)
    return folder


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_newer_data_the_cause_is_computed(
    visit: Visit, newer: Path, monkeypatch: pytest.MonkeyPatch, lang: Lang
):
    made = visit("simulator", panel="saving", set="reference")
    old = claimed(made)
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(newer))
    seen = visit("simulator", lang, panel="saving", set="reference", **old)
    assert seen.is_sound
    now = claimed(seen)
    assert now["base_cases"] == "64000000"
    assert now["assumptions"] != old["assumptions"]
    numbers = {
        each.receipt.label: each.receipt.value for each in seen.app.session_state["numbers_of_this_run"]
    }
    parts_en = ("From the figures", "From the assumptions", "Difference of the medians")
    parts_ko = ("통계 수치의 변경분", "가정의 변경분", "중앙값의 차이")
    figures, assumed, whole = (numbers[name] for name in (parts_en if lang == "en" else parts_ko))
    # more cases of the same value are worth less each; a wider spread brings more above the limit
    assert figures < 0 < assumed
    assert figures + assumed == pytest.approx(whole, abs=1e-3)
    assert whole == pytest.approx(float(now["p50"]) - float(old["p50"]), abs=1e-3)
    said = "\n".join(seen.texts).replace("\\", "")
    spread = {
        "en": "Standard deviation of the log value of a case within a cell (0.85 → 0.9)",
        "ko": "같은 목적국·품목 안에서 건당 금액 로그값의 표준편차(0.85 → 0.9)",
    }[lang]
    model = {"en": "Nothing of it comes from the model.", "ko": "모형에서 비롯한 차이는 없습니다."}[lang]
    assert spread in said
    assert model in said
    assert {"en": "18,782 cases", "ko": "1만 8,782건"}[lang] in heading(seen)
    # every digit of the box has its receipt
    (box,) = [each.value for each in seen.app.main.markdown if spread in each.value.replace("\\", "")]
    texts = [Said("markdown", each.value) for each in seen.app.main.markdown if each.value.startswith("- ")]
    assert box
    assert uncovered(texts[:5], seen.app.session_state["numbers_of_this_run"], lang) == {}
