"""The board pack as one HTML file: opened from a disk without a network, turned by keys, printed on A4."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from dashboard import charts
from dashboard.exports.pack.deck import ROWS_TOGETHER, html_bytes
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.exports.workbook import Shown
from tests.packs import Packs

PDF_TO_TEXT = shutil.which("pdftotext")
# A4 without its margins at 96 points an inch: 210 - 28 mm wide, 297 - 30 mm high.
PAPER_WIDTH, PAPER_HEIGHT = 688, 1009


def with_map(pack: Pack) -> Pack:
    """The pack with a map behind its last slide."""
    countries = pd.DataFrame({"iso3": ["JPN", "SGP"], "name": ["일본", "싱가포르"], "value": [36.8, 6.0]})
    shown = Shown("지도", "금액 비중", (), "")
    figure = charts.world(countries, "금액 비중 (%)", pack.words)
    return replace(pack, slides=[*pack.slides, Slide("map", shown, figure=figure)])


class Deck:
    """A file opened with no network, and everything that it asked for or complained of."""

    def __init__(self, browser: Browser, file: Path) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        self.tab: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.goto(file.as_uri())


@pytest.fixture(scope="module")
def deck(browser: Browser, packs: Packs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    file = tmp_path_factory.mktemp("deck") / "pack.html"
    file.write_bytes(html_bytes(with_map(packs("plain", "ko"))))
    opened = Deck(browser, file)
    yield opened
    opened.context.close()


def count(deck: Deck) -> int:
    return deck.tab.locator("section").count()


def place(deck: Deck) -> int:
    """The slide that is shown, from zero."""
    shown = deck.tab.eval_on_selector_all("section", "all => all.map(one => one.offsetHeight > 0)")
    assert sum(shown) == 1
    return int(shown.index(True))


def test_keys_turn_the_slides(deck: Deck):
    assert place(deck) == 0
    deck.tab.keyboard.press("ArrowRight")
    deck.tab.keyboard.press("PageDown")
    assert place(deck) == 2
    deck.tab.keyboard.press("ArrowLeft")
    assert place(deck) == 1
    deck.tab.keyboard.press("End")
    deck.tab.keyboard.press("ArrowRight")
    assert place(deck) == count(deck) - 1
    deck.tab.keyboard.press("Home")
    deck.tab.keyboard.press("ArrowLeft")
    assert place(deck) == 0
    assert deck.tab.locator("#place").inner_text() == f"1 / {count(deck)}"
    deck.tab.get_by_role("button", name="다음 슬라이드").click()
    assert place(deck) == 1


def test_every_chart_is_drawn_with_no_network_the_map_too(deck: Deck):
    deck.tab.keyboard.press("Home")
    for _each in range(count(deck)):
        section = deck.tab.locator("section.shown")
        if section.locator(".chart").count():
            section.locator(".chart svg.main-svg").first.wait_for()
            assert (
                section.locator(".chart :is(.point, .js-line, .js-fill, .choroplethlayer path)").count() > 0
            )
        deck.tab.keyboard.press("ArrowRight")
    # outlines of countries, from the file itself
    deck.tab.locator("#chart-map .choroplethlayer path").first.wait_for(state="attached")
    assert deck.tab.locator("#chart-map .layer.land path, #chart-map .layer.countries path").count() > 0
    assert [address for address in deck.asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert deck.said == []


def test_nothing_is_wider_than_a_telephone(deck: Deck):
    deck.tab.set_viewport_size({"width": 390, "height": 800})
    deck.tab.keyboard.press("Home")
    for _each in range(count(deck)):
        deck.tab.wait_for_function("document.documentElement.scrollWidth <= 390")
        deck.tab.keyboard.press("ArrowRight")
    deck.tab.set_viewport_size({"width": 1280, "height": 800})


def test_on_paper_no_chart_and_no_table_is_split(deck: Deck, tmp_path: Path):
    """Nothing that must stay together is higher than a page, so none is split; and no page is left over."""
    file = tmp_path / "pack.pdf"
    deck.tab.pdf(path=str(file), prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", file.read_bytes()))
    deck.tab.evaluate("paper()")
    deck.tab.emulate_media(media="print")
    deck.tab.set_viewport_size({"width": PAPER_WIDTH, "height": PAPER_HEIGHT})
    pieces = deck.tab.eval_on_selector_all(
        ".chart, table",
        "all => all.map(one => [one.offsetHeight, one.offsetWidth, getComputedStyle(one).breakInside])",
    )
    heights = deck.tab.eval_on_selector_all("section", "all => all.map(one => one.offsetHeight)")
    deck.tab.emulate_media(media="screen")
    deck.tab.set_viewport_size({"width": 1280, "height": 800})
    assert len(pieces) > 15
    for height, width, together in pieces:
        assert 0 < height <= PAPER_HEIGHT
        assert width <= PAPER_WIDTH
        assert together == "avoid"
    # a slide that fits on a page takes one; what moves to the next page whole leaves at most half a page empty
    least = sum(-(-height // PAPER_HEIGHT) for height in heights)
    assert least <= pages <= least + sum(height > PAPER_HEIGHT for height in heights)


@pytest.mark.skipif(PDF_TO_TEXT is None, reason="pdftotext is not on this machine")
def test_on_paper_a_piece_of_a_table_stands_on_one_page(deck: Deck, tmp_path: Path):
    file = tmp_path / "pack.pdf"
    deck.tab.pdf(path=str(file), prefer_css_page_size=True)
    command = [str(PDF_TO_TEXT), "-layout", str(file), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode().split("\f")
    (first,) = [text for text in pages if re.search(r"^ *220만 원", text, re.MULTILINE)]
    last = f"{200 + 20 * (ROWS_TOGETHER - 1)}만 원"
    assert last in first
    assert not any(text.strip() == "" for text in pages[:-1])
