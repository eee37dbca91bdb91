"""Each page opens in both languages, follows its controls and the address, and says what is odd."""

import os
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from dashboard import store
from dashboard.i18n import LANGUAGES, Lang, words_for
from etl.settings import ROOT, Settings
from etl.warehouse import build

Visit = Callable[..., Any]

CHARTS = {
    "overview": 2,
    "trends": 1,
    "destinations": 1,
    "simulator": 3,
    "sources": 0,
    "series": 1,
    "glossary": 0,
}
SECTIONS = [
    "series",
    "sources",
    "contradictions",
    "limits",
    "facts",
    "assumptions",
    "dictionary",
    "downloads",
]


def title_of(page: str, lang: Lang) -> str:
    _ = words_for(lang).gettext
    return {
        "overview": _("Korea’s e-commerce exports and the limit of their simplified declaration"),
        "trends": _("Trends"),
        "destinations": _("Destinations and items"),
        "simulator": _("How many shipments newly qualify?"),
        "sources": _("Sources"),
        "series": _("Five series side by side"),
        "glossary": _("Glossary"),
    }[page]


def version_in(folder: Path) -> str:
    return (folder / "current").read_text(encoding="utf-8").split("-")[1]


# --- opening ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", CHARTS)
def test_each_page_opens(visit: Visit, data_folder: Path, page: str, lang: Lang):
    seen = visit(page, lang)
    assert seen.is_sound
    assert not seen.app.info
    assert not seen.app.warning
    assert seen.title == title_of(page, lang)
    assert len(seen.alternatives) == CHARTS[page]
    assert all(len(text) > 20 for text in seen.alternatives)
    assert not [text for text in seen.texts if "{" in text]
    (caption,) = seen.app.sidebar.caption
    assert version_in(data_folder) in caption.value
    assert version("yeokjikgu") in caption.value


@pytest.mark.parametrize("page", CHARTS)
def test_the_languages_differ(visit: Visit, page: str):
    assert title_of(page, "ko") != title_of(page, "en")
    korean, english = (set(visit(page, lang).texts) for lang in LANGUAGES)
    # only what a publisher wrote is the same in both
    assert len(korean & english) < len(english) / 2


def test_the_first_page_is_the_overview_in_korean(first_visit: Visit):
    seen = first_visit()
    assert seen.address["lang"] == "ko"
    assert seen.title == title_of("overview", "ko")


# --- the figures that everyone checks first ------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "figures"),
    [
        (
            "en",
            ["USD 563 million", "USD 1,190.1 million", "USD 1,745.2 million", "USD 2,320 million", "USD 2,903 million",
             "13.198 million cases", "26.887 million cases", "40.497 million cases", "61.17 million cases",
             "28.891 million cases", "34.557 million cases", "USD 1,604 million", "36.8%", "20.3%", "19.7%"],
        ),
        (
            "ko",
            ["5억 6,300만 달러", "11억 9,010만 달러", "17억 4,520만 달러", "23억 2,000만 달러", "29억 300만 달러",
             "1,319만 8,000건", "2,688만 7,000건", "4,049만 7,000건", "6,117만 건",
             "2,889만 1,000건", "3,455만 7,000건", "16억 400만 달러", "36.8%", "20.3%", "19.7%"],
        ),
    ],
)  # fmt: skip
def test_the_overview_shows_the_published_figures(visit: Visit, lang: Lang, figures: list[str]):
    cells = visit("overview", lang).cells
    assert [figure for figure in figures if figure not in cells] == []


def test_the_overview_opens_with_the_newest_year(visit: Visit):
    headlines = visit("overview").headlines
    assert len(headlines) == 5
    for text, headline in zip(
        ("USD 2,903 million", "61.17 million cases", "USD 47.46 per case", "36%", "KRW 5 million"),
        headlines,
        strict=True,
    ):
        assert f">{text}<" in headline


def test_missing_years_are_said(visit: Visit):
    assert [text for text in visit("overview").texts if "2017, 2018, 2022" in text]
    seen = visit("overview", total="cases")
    assert [text for text in seen.texts if "2022, 2023" in text]


# --- controls ------------------------------------------------------------

CHANGES = [
    ("overview", "total", "cases", "Cases rose"),
    ("overview", "total", "value_per_case_usd", "Value per case rose"),
    ("trends", "series", "kostat_old", "before the redesign"),
    ("trends", "measure", "value_krw", "KRW 4.091 trillion"),
    ("trends", "frequency", "half", "half-yearly"),
    ("trends", "view", "growth", "grew by +50.6% in 2021"),
    ("trends", "view", "index", "Index, 2016 = 100"),
    ("trends", "view", "average", "a year on average, from 2016 to 2024"),
    ("destinations", "split", "item", "Cosmetics: 22.5%"),
    ("destinations", "by", "share_cases_pct", "Share of cases"),
    ("destinations", "publication", "kcs_total:2024", "Share of value, 2024"),
    ("simulator", "population", "total-2021", "customs total 2021"),
    ("simulator", "step", "4m-5m", "KRW 4 million to KRW 5 million"),
    ("simulator", "set", "reference", "brings in 2,"),
]
# Of several charts the one that tells of the choice.
PLACES = {"overview": 0, "simulator": 0}


@pytest.mark.parametrize(("page", "key", "code", "says"), CHANGES)
def test_a_control_changes_the_page_and_the_address(visit: Visit, page: str, key: str, code: str, says: str):
    seen = visit(page)
    place = PLACES.get(page, -1)
    before = seen.alternatives[place]
    assert says not in before
    seen.choose(key, code)
    assert seen.is_sound
    assert says in seen.alternatives[place]
    assert seen.address[key] == code
    assert seen.controls[key].value == code


@pytest.mark.parametrize(("page", "key", "code", "says"), CHANGES)
def test_the_address_does_what_the_control_does(visit: Visit, page: str, key: str, code: str, says: str):
    seen = visit(page, **{key: code})
    assert seen.is_sound
    assert not seen.app.info
    assert says in seen.alternatives[PLACES.get(page, -1)]
    assert seen.controls[key].value == code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_of_the_sources_opens(visit: Visit, lang: Lang, section: str):
    seen = visit("sources", lang, section=section)
    assert seen.is_sound
    assert not seen.app.info
    (header,) = seen.app.main.header
    assert header.value == seen.controls["section"].format_func(section)
    assert len(seen.cells) >= 5 or section == "downloads"


def test_all_tables_can_be_downloaded(visit: Visit, data_folder: Path):
    seen = visit("sources", section="downloads")
    assert len(seen.app.main.download_button) == len(store.TABLES) + 1
    assert [text for text in seen.texts if version_in(data_folder) in text]


def test_contradictions_show_both_values(visit: Visit):
    cells = visit("sources", section="contradictions").cells
    assert "KRW 4.091 trillion" in cells
    assert "USD 2,903 million" in cells


# --- odd choices ------------------------------------------------------------


def test_a_series_with_one_point(visit: Visit):
    seen = visit("trends", measure="value_usd", frequency="half", view="growth")
    assert seen.is_sound
    assert seen.controls["view"].options == ["Level"]
    assert "USD 1,604 million (H1 2025)" in seen.finding
    # what the address asked for is not there, and that is said
    assert "view=growth" in seen.app.info[0].value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_growth_without_neighbouring_years(visit: Visit, data_folder: Path, lang: Lang):
    seen = visit("trends", lang, series="bok_direct", view="growth")
    assert seen.is_sound
    assert len(seen.app.info) == 1
    assert seen.alternatives == []
    assert version_in(data_folder) in seen.app.sidebar.caption[0].value
    seen.choose("view", "level")
    assert len(seen.alternatives) == 1


def test_the_last_period_follows_the_first(visit: Visit):
    seen = visit("trends", measure="value_usd", view="average", **{"from": "2016", "to": "2019"})
    assert "from 2016 to 2019" in seen.finding
    seen.choose("from", "2021")
    assert seen.controls["to"].options == ["2023", "2024"]
    assert "from 2021 to 2024" in seen.finding


def test_a_series_brings_its_own_measures(visit: Visit):
    """What one series was asked for is kept for it, and does not trouble another."""
    seen = visit("trends", measure="value_per_case_usd")
    seen.choose("series", "mss_all")
    assert seen.is_sound
    assert not seen.app.info
    assert seen.controls["measure"].value == "value_usd"
    seen.choose("series", "kcs_total")
    assert seen.controls["measure"].value == "value_per_case_usd"


@pytest.mark.parametrize("publication", ["kostat_old:2019", "mss_sme:2023-H1", "kotra_declared:2021"])
def test_a_publication_of_another_series_is_marked(visit: Visit, publication: str):
    seen = visit("destinations", publication=publication)
    assert seen.is_sound
    assert not seen.app.info
    assert len(seen.app.warning) == 1


# --- the address ------------------------------------------------------------

NONSENSE = [
    ("overview", {"total": "nonsense"}, "Export value rose"),
    ("trends", {"series": "nonsense", "view": "9"}, "Customs total of e-commerce exports"),
    ("destinations", {"publication": "kcs_total:1066", "by": "x"}, "Share of value, 2023"),
    (
        "simulator",
        {"step": "9", "population": "<b>", "exclude": "gold", "uptake": "2", "assume": "nonsense"},
        "A limit of KRW 4 million brings in",
    ),
]


@pytest.mark.parametrize(("page", "query", "default"), NONSENSE)
def test_nonsense_in_the_address_is_said_and_not_followed(
    visit: Visit, page: str, query: dict[str, str], default: str
):
    seen = visit(page, **query)
    assert seen.is_sound
    (notice,) = seen.app.info
    for key, code in query.items():
        assert f"{key}={code}" in notice.value
        assert seen.address[key] != code
    assert default in seen.alternatives[0]
    assert not seen.run().app.info  # once


def test_nonsense_is_said_where_nothing_is_drawn(visit: Visit):
    seen = visit("simulator", step="own", old="4000000", new="3000000", population="nonsense")
    assert len(seen.app.error) == 1
    assert "population=nonsense" in seen.app.info[0].value


def test_an_unknown_language_is_said(visit: Visit):
    seen = visit("overview", "fr")
    assert seen.address["lang"] == "ko"
    assert "lang=fr" in seen.app.info[0].value


def test_the_whole_state_stands_in_the_address(visit: Visit):
    first = visit("trends", "ko", series="kostat_old", measure="value_krw", frequency="quarter", view="index")
    first.choose("from", "2018-Q4")
    assert first.address["from"] == "2018-Q4"
    copied = {key: code for key, code in first.address.items() if key != "lang"}
    assert set(copied) >= {"series", "measure", "frequency", "view", "from"}
    second = visit("trends", "ko", **copied)
    assert not second.app.info
    assert second.texts == first.texts


@pytest.mark.parametrize(
    ("page", "key", "code"),
    [
        ("trends", "series", "kostat_old"),
        ("destinations", "publication", "kcs_total:2021"),
        ("simulator", "step", "4m-5m"),
    ],
)
def test_a_choice_survives_another_language(visit: Visit, page: str, key: str, code: str):
    seen = visit(page).choose(key, code).choose("lang", "ko")
    assert seen.is_sound
    assert seen.title == title_of(page, "ko")
    assert seen.controls[key].value == code
    assert seen.address[key] == code
    # codes, not labels
    assert all(str(each).isascii() for each in seen.address.values())


def test_a_choice_survives_another_page(visit: Visit):
    seen = visit("trends").choose("series", "kostat_old").go("simulator").choose("step", "4m-5m")
    assert "Statistics Korea" not in seen.finding
    seen.go("trends")
    assert seen.controls["series"].value == "kostat_old"
    seen.go("simulator")
    assert seen.controls["step"].value == "4m-5m"


def test_back_returns_to_the_choice_before(visit: Visit):
    seen = visit("trends")
    before, finding = dict(seen.address), seen.finding
    seen.choose("series", "kotra_declared").choose("view", "index")
    assert seen.finding != finding
    seen.address.clear()
    seen.address.update(before)  # what the browser sends
    assert seen.run().finding == finding
    assert not seen.app.info
    assert dict(seen.address) == before


def test_a_late_address_does_not_undo_a_choice(visit: Visit):
    """The browser may send the next click before it has heard of the address that the last one made."""
    seen = visit("simulator", step="own", panel="saving")
    late = dict(seen.address)
    seen.choose("new", "5000000")
    seen.address.update(late)
    seen.choose("population", "declared-2021")
    assert seen.controls["new"].value == "5000000"
    seen.address.update(late)
    seen.choose("new", "5100000")
    assert (seen.address["new"], seen.address["population"]) == ("5100000", "declared-2021")
    assert seen.controls["population"].value == "declared-2021"


# --- the data ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_data_one_sentence_says_what_to_do(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: Lang
):
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(tmp_path))
    seen = visit("overview", lang)
    assert not seen.app.exception
    (error,) = seen.app.error
    assert "yeokjikgu build" in error.value
    assert seen.texts == [error.value]


def test_a_build_that_lands_is_seen_on_the_next_run(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_folder: Path
):
    folder, reference = tmp_path / "built", tmp_path / "reference"
    shutil.copytree(data_folder, folder, copy_function=os.link)
    shutil.copytree(ROOT / "data" / "reference", reference)
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(folder))
    seen = visit("overview")
    before = version_in(folder)
    assert "USD 2,903 million" in seen.alternatives[0]

    observations = reference / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    assert text.count(",2903000000,") >= 1
    observations.write_text(text.replace(",2903000000,", ",2904000000,"), encoding="utf-8")
    build(Settings(reference, tmp_path / "raw", folder), lambda _: None)
    after = version_in(folder)
    assert after != before

    seen.run()
    assert seen.is_sound
    assert "USD 2,904 million" in seen.alternatives[0]
    assert after in seen.app.sidebar.caption[0].value
    assert not [text for text in seen.texts if before in text]
