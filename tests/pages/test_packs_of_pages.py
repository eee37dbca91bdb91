"""What a page draws can be taken along: as charts that slides have, in the numbers of its tables; and the link leads back."""

import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import openpyxl
import pytest
from pptx import Presentation

from dashboard import theme
from dashboard.claims import Claim
from dashboard.exports.pack.deck import html_bytes
from dashboard.exports.pack.link import query
from dashboard.exports.pack.recompute import xlsx_bytes
from dashboard.exports.pack.redrawn import of_figure, redrawn
from dashboard.exports.pack.slide import Pack, Plot, Slide
from dashboard.exports.pack.slides import pptx_bytes
from dashboard.exports.workbook import Shown
from dashboard.i18n import words_for
from dashboard.model.behaviour import Switches
from dashboard.panels import pack as pack_panel
from dashboard.panels.run import Run
from dashboard.receipts import Version
from dashboard.scenarios import STEPS, OwnBase, Scenario, ShareAbove
from tests.looking import Drawn
from tests.pages.conftest import Looked, Visit
from tests.views import VIEWS, View

CHARTED = [view for view in VIEWS if view.path not in {"sources", "glossary"}]
# Rows of intervals and of rules: slides hold their tables, or what the panel hands over for them.
TABLES = {"dots", "bounds", "gains", "tornado", "sizing", "ladder", "timeline", "own-borders"}
VERSION = Version("0123456789ab", "0.1.0")
CLAIM = Claim(1.0, 2.0, 3.0, 1_000_000.0, 50_000_000_000.0, "0123abcd")
WORDS = words_for("en")


def as_slide(drawn: Drawn) -> Slide:
    return Slide(drawn.key, Shown(drawn.heading, drawn.subtitle, (), ""), drawn.table, figure=drawn.figure)


def pack_of(slides: list[Slide]) -> Pack:
    return Pack("Page", "What it is for", slides, "https://board.example/", VERSION, "", WORDS)


@pytest.mark.parametrize("view", CHARTED, ids=str)
def test_the_numbers_on_slides_are_those_of_the_table(looked: Looked, view: View):
    for drawn in looked(view, "en").drawn:
        slide = redrawn(as_slide(drawn), WORDS)
        if slide.plot is None:  # the slide holds the table itself
            assert drawn.key in TABLES, drawn.key
            continue
        known = np.array(
            [each.receipt.value for each in drawn.table.numbers() if each.receipt.value is not None]
        )
        values = [value for series in slide.plot.series for value in series.values if value is not None]
        values += [x for xs in slide.plot.xs for x in xs]
        missing = [value for value in values if not np.isclose(known, value, rtol=1e-9, atol=1e-9).any()]
        # the map of shares against shares also draws where both are equal
        assert missing == [], drawn.key


def test_each_kind_of_chart_becomes_one_that_slides_have(looked: Looked):
    shapes = {
        (str(view), drawn.key): plot.shape if (plot := of_figure(drawn.figure, drawn.table, WORDS)) else None
        for view in CHARTED
        for drawn in looked(view, "en").drawn
    }
    assert shapes["overview", "total"] == "lines"
    assert shapes["overview", "destinations-2023"] == "bars"
    assert shapes["destinations-value-and-cases", "value-and-cases"] == "points"
    assert shapes["simulator", "sweep"] == "band"
    assert shapes["destinations-map", "members-map"] is None
    assert shapes["destinations-treemap", "members-tiles"] is None


def test_slides_have_the_colours_of_the_screen(looked: Looked):
    """Bars one by one, tiles, marks with their names, and lines with dash and marker."""

    def plot(view: str, key: str) -> Plot:
        (found,) = [each for each in VIEWS if str(each) == view]
        drawn = next(each for each in looked(found, "en").drawn if each.key == key)
        made = redrawn(as_slide(drawn), WORDS).plot
        assert made is not None
        return made

    japan, america, china, rest = theme.VERMILION, theme.BLUE, theme.OCHRE, theme.GREY
    assert plot("overview", "destinations-2023").series[0].colours == (japan, america, china, rest)
    tiles = plot("destinations-treemap", "members-tiles")
    assert [name.partition(":")[0] for name in tiles.names] == [
        "Japan",
        "all others",
        "United States",
        "China",
    ]
    assert tiles.series[0].colours == (japan, rest, america, china)
    marks = plot("destinations-value-and-cases", "value-and-cases")
    assert {series.name.split()[0]: series.colour for series in marks.series} == {
        "Japan": japan, "United": america, "China": china
    }  # fmt: skip
    lines = plot("series", "five-series").series
    assert len({(each.colour, each.dash, each.marker) for each in lines}) == len(lines)
    bars = plot("shipments-example-bunching", "own-bunching")
    assert [each.colour for each in bars.series] == [theme.BLUE, theme.VERMILION]


def test_the_colours_stand_in_the_file(looked: Looked):
    (view,) = [each for each in VIEWS if str(each) == "destinations"]
    slides = [redrawn(as_slide(each), WORDS) for each in looked(view, "en").drawn]
    (page,) = Presentation(io.BytesIO(pptx_bytes(pack_of(slides)))).slides
    (chart,) = [shape.chart for shape in page.shapes if shape.has_chart]
    (bars,) = chart.plots[0].series
    assert slides[0].plot is not None
    names = list(chart.plots[0].categories)
    fills = [str(bars.points[place].format.fill.fore_color.rgb) for place in range(len(names))]
    assert dict(zip(names, fills, strict=True))["Japan: 36.8%"] == theme.VERMILION[1:].upper()


def test_members_in_panels_become_lines_of_one_chart(looked: Looked):
    query = {"series": "kostat_old", "frequency": "quarter", "panels": "destination"}
    (drawn,) = looked(View("trends", tuple(query.items())), "en").drawn
    made = of_figure(drawn.figure, drawn.table, WORDS)
    assert made is not None
    assert made.shape == "lines"
    assert [series.name for series in made.series][:2] == ["China", "United States"]
    assert made.value_title == "Value (KRW)"
    assert len({(each.dash, each.marker) for each in made.series}) == len(made.series)


def test_a_map_becomes_ranked_bars_and_says_so(looked: Looked):
    (view,) = [each for each in VIEWS if str(each) == "destinations-map"]
    drawn = next(each for each in looked(view, "en").drawn if each.key == "members-map")
    slide = redrawn(as_slide(drawn), WORDS)
    assert slide.plot is not None
    assert slide.plot.shape == "bars"
    assert slide.plot.names[0] == "Japan: 36.8%"
    assert "same numbers as ranked bars" in slide.plot.note
    (page,) = Presentation(io.BytesIO(pptx_bytes(pack_of([slide])))).slides
    assert slide.plot.note in " ".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)
    assert slide.plot.note not in html_bytes(pack_of([slide])).decode()  # a browser draws the map itself


def test_a_pages_pack_opens_as_slides_and_as_a_workbook(looked: Looked):
    (view,) = [each for each in VIEWS if str(each) == "overview"]
    pack = pack_of([redrawn(as_slide(each), WORDS) for each in looked(view, "en").drawn])
    show = Presentation(io.BytesIO(pptx_bytes(pack)))
    charts = [shape.chart for page in show.slides for shape in page.shapes if shape.has_chart]
    assert len(charts) == len(pack.slides) == 2
    assert "https://board.example/" in show.slides[0].notes_slide.notes_text_frame.text
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(pack)))
    assert book.sheetnames == ["Contents", "Table 1", "Table 2", "Receipts", "Sources"]


@pytest.mark.parametrize(("page", "has_pack"), [("overview", True), ("glossary", False), ("series", True)])
def test_every_page_with_a_chart_offers_its_files(visit: Visit, page: str, has_pack: bool):  # noqa: FBT001 (a parameter of the test)
    labels = [each.proto.label for each in visit(page, "en").app.main.get("download_button")]
    offered = [
        f"{kind}, in {lang}"
        for lang in ("Korean", "English")
        for kind in ("Slides (PPTX)", "Web page (HTML)")
    ]
    assert [label for label in labels if label.startswith(("Slides", "Web page"))] == (
        offered if has_pack else []
    )


# --- the link ------------------------------------------------------------

LINKED = [
    Scenario(),
    Scenario().on(STEPS["2m-5m"]),
    Scenario(from_krw=3e6, to_krw=7e6, effective=""),
    Scenario(population="declared-2021", assumptions="reference", changed={"shape.s": 0.9}),
    Scenario(population=OwnBase(20_000, 3e9, 2024), anchors=(ShareAbove(1e6, 0.002, "cases"),)),
    Scenario(switches=Switches(uptake=True, volume=True), excluded_items=("food", "other")),
]


@pytest.mark.parametrize("scenario", LINKED, ids=range(len(LINKED)))
def test_the_link_in_a_pack_opens_the_same_scenario(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, scenario: Scenario
):
    seen: list[Run] = []
    monkeypatch.setattr(pack_panel, "of_scenario", seen.append)
    codes = dict(parse_qsl(query(scenario, "en", VERSION, CLAIM)))
    assert codes.pop("lang") == "en"
    visitor = visit("simulator", "en", **codes)
    assert visitor.is_sound
    (run,) = seen
    again: Any = SimpleNamespace(**{**vars(run.scenario), "effective": scenario.effective})
    assert vars(again) == vars(scenario)


def test_a_file_is_made_when_it_is_asked_for(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    contents: dict[str, Callable[[], bytes]] = {}

    def note(label: str, content: Callable[[], bytes], file_name: str, key: str, mime: str = "") -> None:
        del label, key, mime
        contents[file_name] = content

    monkeypatch.setattr(pack_panel.frame, "download", note)
    monkeypatch.setattr(pack_panel, "WRITERS", {".pptx": lambda pack: made.append(pack.title) or b"x"})
    visit("simulator", "ko")
    assert made == []
    assert sorted(contents) == [
        "yeokjikgu-pack-en.pptx",
        "yeokjikgu-pack-ko.pptx",
        "yeokjikgu-page-pack-en.pptx",
        "yeokjikgu-page-pack-ko.pptx",
    ]
    assert contents["yeokjikgu-pack-en.pptx"]() == b"x"
    (title,) = made
    assert title.startswith("A limit of KRW 4 million")


def test_a_page_is_taken_along_in_the_other_language_with_the_same_numbers(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
):
    made: list[Pack] = []
    contents: dict[str, Callable[[], bytes]] = {}

    def note(label: str, content: Callable[[], bytes], file_name: str, key: str, mime: str = "") -> None:
        del label, key, mime
        contents[file_name] = content

    monkeypatch.setattr(pack_panel.frame, "download", note)
    monkeypatch.setattr(pack_panel, "WRITERS", {".pptx": lambda pack: made.append(pack) or b"x"})
    visit("overview", "en", total="cases")
    for lang in ("en", "ko"):
        contents[f"yeokjikgu-page-pack-{lang}.pptx"]()
    english, korean = made
    assert (english.words.lang, korean.words.lang) == ("en", "ko")
    assert "total=cases" in korean.address
    assert "lang=ko" in korean.address
    for one, other in zip(english.slides, korean.slides, strict=True):
        assert [each.receipt.value for each in one.numbers] == [each.receipt.value for each in other.numbers]
    assert "Cases" in english.slides[0].shown.subtitle or "cases" in english.slides[0].shown.title
    assert re.search("[가-힣]", korean.title + korean.slides[0].shown.title)
