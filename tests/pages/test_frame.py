"""The frame and the address: the same tools under every chart, what a link says of its versions, what was ignored."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest

from dashboard import session
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.receipts import Number

Visit = Callable[..., Any]

# A chart or table of every page and panel: page, its parameters, its key, whether it is a chart.
FRAMES = [
    ("overview", {}, "total", True),
    ("overview", {}, "destinations-2023", True),
    ("trends", {}, "trend", True),
    ("destinations", {}, "members", True),
    ("simulator", {}, "sweep", True),
    ("simulator", {}, "bases", False),
    ("simulator", {"panel": "drivers"}, "tornado", True),
    ("sources", {}, "series", False),
    ("sources", {"section": "contradictions"}, "contradictions", False),
]


def popovers(seen: Any) -> list[str]:
    return [each.proto.popover.label for each in seen.app.main.get("popover")]


def downloads(seen: Any) -> list[str]:
    return [str(each.key) for each in seen.app.main.get("download_button")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("page", "query", "key", "is_chart"), FRAMES)
def test_every_chart_and_table_has_the_same_tools(
    visit: Visit, page: str, query: dict[str, str], key: str, lang: Lang, *, is_chart: bool
):
    seen = visit(page, lang, **query)
    assert seen.is_sound
    assert {f"csv-{key}", f"xlsx-{key}"} <= set(downloads(seen))
    components = [str(each.proto.id) for each in seen.app.main.get("bidi_component")]
    assert any(each.endswith(f"link-{key}") for each in components)
    assert any(each.endswith(f"picture-{key}") for each in components) == is_chart


def test_the_published_figures_are_offered_where_numbers_rest_on_a_series(visit: Visit):
    assert "all-total" in downloads(visit("overview"))
    # what is published about the series is a text, not a number
    assert "all-series" not in downloads(visit("sources"))


# --- why our number differs ------------------------------------------------------------


def test_the_frame_says_why_publications_differ(visit: Visit):
    seen = visit("overview")
    said = [text for text in seen.texts if "KRW 4.091 trillion" in text and "not used" in text]
    assert said
    assert "**" in said[0]
    label = words_for("ko").gettext("Why our number differs")
    assert label in popovers(visit("overview", "ko"))


def test_where_nothing_differs_nothing_is_said(visit: Visit):
    assert words_for("en").gettext("Why our number differs") not in popovers(visit("sources"))


# --- receipts of the run ------------------------------------------------------------


def test_all_numbers_of_a_run_are_gathered(visit: Visit):
    seen = visit("overview")
    numbers: list[Number] = seen.app.session_state[session._NUMBERS]
    texts = {str(each) for each in numbers}
    assert {"USD 2,903 million", "61.17 million cases", "36.8%", "KRW 5 million"} <= texts
    before = len(numbers)
    seen.run()
    assert len(seen.app.session_state[session._NUMBERS]) == before  # not twice


# --- links of other versions ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["overview", "trends", "destinations", "simulator", "sources"])
def test_a_link_of_other_data_says_so(visit: Visit, page: str, lang: Lang):
    seen = visit(page, lang, data="0123456789ab", model=version("yeokjikgu"))
    (said,) = seen.app.info
    assert "0123456789ab" in said.value
    assert version("yeokjikgu") not in said.value
    # the sidebar names the data of today
    today = next(word for word in seen.app.sidebar.caption[0].value.split() if len(word.strip(",")) == 12)
    assert today.strip(",") in said.value
    assert seen.run().app.info  # for as long as the link stands in the address


def test_a_link_of_another_model_says_so(visit: Visit):
    (said,) = visit("simulator", model="0.0.1").app.info
    assert "model version 0.0.1" in said.value
    assert f"model version {version('yeokjikgu')}" in said.value


def test_a_link_of_today_says_nothing(visit: Visit):
    today = visit("overview").app.sidebar.caption[0].value.split()[2].strip(",")
    seen = visit("overview", data=today, model=version("yeokjikgu"))
    assert not seen.app.info


# --- what the address cannot ask ------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("overview", {"nonsense": "1"}),
        ("trends", {"panel": "drivers"}),  # another page's
        ("destinations", {"data": "<b>"}),
        ("simulator", {"Panel": "drivers", "x": ""}),
        ("sources", {"series": "[a](http://example.org)"}),
    ],
)
def test_names_that_nobody_knows_are_said_and_leave_the_address(
    visit: Visit, page: str, query: dict[str, str]
):
    seen = visit(page, **query)
    assert seen.is_sound
    (notice,) = seen.app.info
    for name, value in query.items():
        assert f"`{name}={value}`" in notice.value
        assert name not in seen.address
    assert not seen.run().app.info  # once


def test_much_nonsense_is_said_in_short(visit: Visit):
    seen = visit("overview", **{f"name{place}": "x" * 500 for place in range(20)})
    (notice,) = seen.app.info
    assert len(notice.value) < 600
    assert notice.value.endswith("…")


def test_what_we_wrote_ourselves_leaves_without_a_word(visit: Visit):
    seen = visit("trends", view="index", series="kcs_total", measure="value_usd", **{"from": "2019"})
    assert seen.address["from"] == "2019"
    seen.choose("view", "level")
    assert "from" not in seen.address
    assert not seen.app.info
    # the choice itself is kept for as long as the reader stays
    seen.choose("view", "index")
    assert seen.address["from"] == "2019"
    assert not seen.app.info


def test_a_page_that_ends_early_keeps_what_it_did_not_ask_for(visit: Visit):
    seen = visit("simulator", step="own", old="4000000", new="3000000", panel="saving")
    assert len(seen.app.error) == 1
    assert seen.address["panel"] == "saving"
    assert not seen.app.info
