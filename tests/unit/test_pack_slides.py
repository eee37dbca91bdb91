"""The board pack as slides: charts are charts, their numbers the answer's, and nothing stands outside its place."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu

from dashboard.exports.pack import room
from dashboard.exports.pack.native import differences
from dashboard.exports.pack.slide import Plot, Series, Shape, Slide
from dashboard.exports.pack.slides import FONT, pptx_bytes
from dashboard.exports.workbook import Shown
from dashboard.i18n import LANGUAGES
from dashboard.receipts import Number
from tests.packs import URL, Packs, slide

HANGUL = re.compile("[가-힣]")


def shown(packs: Packs, name: str = "plain", lang: Any = "en") -> Any:
    return Presentation(io.BytesIO(packs.pptx(name, lang)))


def charts(show: Any) -> list[Any]:
    return [shape.chart for page in show.slides for shape in page.shapes if shape.has_chart]


def texts(page: Any) -> list[str]:
    found = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    tables = [shape.table for shape in page.shapes if shape.has_table]
    return found + [cell.text for table in tables for row in table.rows for cell in row.cells]


def page_of(show: Any, pack: Any, key: str) -> Any:
    title = slide(pack, key).shown.title
    return next(
        page
        for page in show.slides
        if page.shapes.title.text_frame.text == title and slide(pack, key).shown.subtitle in texts(page)
    )


def values(chart: Any) -> list[list[float]]:
    return [[float(value) for value in series.values] for plot in chart.plots for series in plot.series]


def test_slides_are_wide_and_have_a_finding_each(packs: Packs):
    show = shown(packs)
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert all(page.shapes.title.text_frame.text for page in show.slides)
    assert 14 <= len(show.slides) <= 22


def test_charts_are_chart_objects_and_no_pictures(packs: Packs):
    show = shown(packs)
    assert len(charts(show)) == 7
    assert not [shape for page in show.slides for shape in page.shapes if shape.shape_type == 13]
    with zipfile.ZipFile(io.BytesIO(packs.pptx())) as file:
        # each chart brings the workbook that PowerPoint edits it with
        assert sum(name.endswith(".xlsx") for name in file.namelist()) == 7


@pytest.mark.parametrize("name", ["plain", "stacked"])
def test_the_band_cumulates_to_the_answer(packs: Packs, name: str):
    pack = packs(name)
    (chart,) = [shape.chart for shape in page_of(shown(packs, name), pack, "sweep").shapes if shape.has_chart]
    assert [plot.chart_type if hasattr(plot, "chart_type") else None for plot in chart.plots]
    areas, line = chart.plots
    assert chart.chart_type == XL_CHART_TYPE.AREA_STACKED
    columns = list(slide(pack, "sweep").table.columns.values())[1:]  # type: ignore[union-attr] (it has one)
    table = [[cell.receipt.value for cell in cells if isinstance(cell, Number)] for cells in columns]
    p05, p25, p50, p75, p95 = table
    stacked = list(
        accumulate(
            [list(each.values) for each in areas.series],
            lambda low, more: [a + b for a, b in zip(low, more, strict=True)],
        )
    )
    for edge, answer in zip(stacked, (p05, p25, p75, p95), strict=True):
        assert edge == pytest.approx(answer, rel=1e-12)
    assert list(line.series[0].values) == p50
    # the scenario's own limit stands among the names, and its median is the headline's
    assert pack.answer is not None
    assert pack.answer.asked.result.cases.p50 in p50


def test_the_base_of_a_band_is_invisible_and_not_in_the_legend(packs: Packs):
    (chart,) = [shape.chart for shape in page_of(shown(packs), packs(), "sweep").shapes if shape.has_chart]
    areas, line = chart.plots
    assert next(iter(areas.series)).format.fill.type == 5  # no fill
    deleted = chart._chartSpace.findall(".//{*}legendEntry")
    assert [each.find("{*}idx").get("val") for each in deleted] == ["0"]
    axes = {axis.get("val") for axis in chart._chartSpace.findall(".//{*}areaChart/{*}axId")}
    assert {axis.get("val") for axis in chart._chartSpace.findall(".//{*}lineChart/{*}axId")} == axes
    assert len(list(line.series)) == 1


@pytest.mark.parametrize("name", ["plain", "everything", "low"])
def test_every_drawn_number_stands_in_the_table_of_its_slide(packs: Packs, name: str):
    for each in packs(name).slides:
        if each.plot is None or each.table is None:
            continue
        known = [number.receipt.value for number in each.table.numbers() if number.receipt.value is not None]
        drawn = [value for series in each.plot.series for value in series.values if value is not None]
        drawn = list(each.plot.xs[0]) if each.plot.xs else drawn
        assert [
            value
            for value in drawn
            if not any(value == pytest.approx(one, rel=1e-9, abs=1e-9) for one in known)
        ] == [], each.key


def test_bars_from_edge_to_edge_cumulate_to_the_interval(packs: Packs):
    pack = packs()
    (chart,) = [
        shape.chart for shape in page_of(shown(packs), pack, "gains-destination").shapes if shape.has_chart
    ]
    assert pack.answer is not None
    groups = sorted(pack.answer.asked.result.by_destination, key=lambda group: group.cases.p50)
    low, to_median, to_high = values(chart)
    # drawn from the bottom: the fewest first
    assert low == [group.cases.p05 for group in groups]
    assert [a + b for a, b in zip(low, to_median, strict=True)] == pytest.approx(
        [group.cases.p50 for group in groups]
    )
    assert [a + b + c for a, b, c in zip(low, to_median, to_high, strict=True)] == pytest.approx(
        [group.cases.p95 for group in groups]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slide_names_its_source_and_its_notes_hold_receipts_and_address(packs: Packs, lang: str):
    pack = packs("plain", lang)  # type: ignore[arg-type] (a language as text)
    for page in shown(packs, "plain", lang).slides:
        said, notes = " ".join(texts(page)), page.notes_slide.notes_text_frame.text
        sources = {each.shown.source for each in pack.slides}
        (source,) = [each for each in sources if each in said]
        assert source in notes
        assert pack.version.data in notes
        assert f"{URL}/simulator?lang={lang}&population=total-2024" in notes
    notes = page_of(shown(packs, "plain", lang), pack, "sweep").notes_slide.notes_text_frame.text
    assert ("파레토·로그정규" if lang == "ko" else "Pareto-lognormal") in notes  # the formula
    assert "4.091 trillion" in notes or "4조 910억" in notes  # an input
    assert "0.85" in notes  # an assumption


def test_the_scenario_itself_stands_in_the_notes_of_the_method(packs: Packs):
    notes = page_of(shown(packs, "stacked"), packs("stacked"), "method").notes_slide.notes_text_frame.text
    assert "via_krw = [\n    4000000,\n]" in notes


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_is_the_packs_and_a_font_with_hangul_is_named(packs: Packs, lang: str):
    show = shown(packs, "plain", lang)
    titles = [page.shapes.title.text_frame.text for page in show.slides]
    assert all(HANGUL.search(title) for title in titles) == (lang == "ko")
    assert lang == "ko" or not any(HANGUL.search(title) for title in titles)
    with zipfile.ZipFile(io.BytesIO(packs.pptx("plain", lang))) as file:  # type: ignore[arg-type] (a language as text)
        theme = file.read("ppt/theme/theme1.xml").decode()
    assert theme.count(f'<a:ea typeface="{FONT}"') == theme.count(f'<a:latin typeface="{FONT}"') == 2


@pytest.mark.parametrize(
    ("name", "lang"),
    [("plain", "ko"), ("plain", "en"), ("everything", "ko"), ("few", "en"), ("nothing", "en"), ("low", "ko")],
)
def test_nothing_stands_outside_the_slide_or_needs_more_room_than_it_has(packs: Packs, name: str, lang: str):
    show = shown(packs, name, lang)
    for page in show.slides:
        for shape in page.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height, shape.name
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                needed = room.height(shape.text_frame.text, size, Emu(shape.width).inches - 0.2)
                assert needed <= Emu(shape.height).inches + 0.12, shape.text_frame.text
        pieces = sorted(
            (shape.top, shape.top + shape.height)
            for shape in page.shapes
            if shape.has_chart or shape.has_table
        )
        source = max(shape.top for shape in page.shapes)
        assert all(bottom <= source for _top, bottom in pieces)


def test_a_long_table_goes_on_on_the_next_slide_and_loses_no_row(packs: Packs):
    pack = packs()
    table = slide(pack, "assumptions").table
    assert table is not None
    rows = [
        row.cells[0].text
        for page in shown(packs).slides
        for shape in page.shapes
        if shape.has_table
        and page.shapes.title.text_frame.text.startswith(slide(pack, "assumptions").shown.title)
        for row in list(shape.table.rows)[1:]
    ]
    assert rows == list(map(str, next(iter(table.columns.values()))))


def test_the_same_pack_gives_the_same_bytes(packs: Packs):
    assert pptx_bytes(packs()) == packs.pptx()
    assert packs.pptx() != packs.pptx("plain", "ko")


def test_edges_become_what_lies_between_them():
    edges = (Series("5%", (1.0, None), "#000000"), Series("95%", (4.0, 9.0), "#000000"))
    plot = Plot("ranges", ("a", "b"), edges, "")
    assert [(each.name, each.values) for each in differences(plot)] == [
        ("5%", (1.0, None)),
        ("5% – 95%", (3.0, None)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_draws_every_slide(packs: Packs, tmp_path: Path, office: str, lang: str):
    """One picture a slide, none of them empty, and Hangul in the text layer of the Korean ones."""
    file = tmp_path / "pack.pptx"
    file.write_bytes(packs.pptx("plain", lang))  # type: ignore[arg-type] (a language as text)
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=170
    )
    subprocess.run(
        [
            str(shutil.which("pdftoppm")),
            "-r",
            "20",
            "-gray",
            str(tmp_path / "pack.pdf"),
            str(tmp_path / "slide"),
        ],
        check=True,
        timeout=60,
    )
    pictures = sorted(tmp_path.glob("slide-*.pgm"))
    assert len(pictures) == len(shown(packs, "plain", lang).slides)
    assert all(len(set(picture.read_bytes()[20:])) > 20 for picture in pictures)
    said = subprocess.run(
        [str(shutil.which("pdftotext")), str(tmp_path / "pack.pdf"), "-"],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout.decode()
    assert bool(re.search("새로 대상이 되는", said)) == (lang == "ko")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"])
@pytest.mark.parametrize("shape", ["bars", "points"])
def test_no_name_is_a_formula_in_the_sheet_behind_a_chart(packs: Packs, text: str, shape: Shape):
    xs = ((1.0,),) if shape == "points" else ()
    plot = Plot(shape, (text,), (Series(text, (-2.5,), "#2867ee"),), "Value", xs=xs)
    pack = replace(packs(), slides=[Slide("x", Shown(text, text, (), text), plot=plot)], answer=None)
    (chart,) = charts(Presentation(io.BytesIO(pptx_bytes(pack))))
    cells = [
        each
        for row in openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        for each in row
    ]
    assert "f" not in {each.data_type for each in cells}
    assert -2.5 in [each.value for each in cells]
