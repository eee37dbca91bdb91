"""The tools under a chart, in a real browser: the picture that can be taken along, and the link that brings the view back."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, expect

OpenPage = Callable[..., Page]
Settled = Callable[[Page], None]

SVG = "{http://www.w3.org/2000/svg}"
VERSION = re.compile(r"[0-9a-f]{12}")


def tools(page: Page, key: str, lang: str = "en") -> Page:
    """Open the downloads of a chart."""
    name = {"en": "Download", "ko": "내려받기"}[lang]
    page.locator(f".st-key-tools-{key}").get_by_role("button", name=name).click()
    return page


def saved(page: Page, label: str) -> tuple[str, bytes]:
    """The file that a button in the open box gives: its name and content."""
    with page.expect_download() as started:
        page.get_by_role("button", name=label, exact=True).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def texts(picture: ET.Element) -> str:
    return " ".join("".join(each.itertext()) for each in picture.iter(f"{SVG}text"))


# --- the picture ------------------------------------------------------------


def test_the_svg_survives_being_cut_out_of_the_page(open_page: OpenPage):
    page = tools(open_page(lang="ko"), "total", "ko")
    name, content = saved(page, "그림(SVG)")
    assert name == "yeokjikgu-total.svg"
    picture = ET.fromstring(content)  # noqa: S314 (our own file)
    finding = page.get_by_role("heading", level=3).first.inner_text()
    assert "수출액" in finding
    assert picture.findtext(f"{SVG}title") == finding
    said = texts(picture)
    assert "관세청 총계" in said  # the subtitle
    assert "출처:" in said
    assert VERSION.search(said)  # the data version
    assert "29.03억" in said  # the chart itself
    assert "2024" in said
    # nothing is fetched, and no part is named by an address of this machine
    assert b"http://127.0.0.1" not in content
    assert not [each for each in picture.iter() if each.tag in {f"{SVG}image", f"{SVG}foreignObject"}]
    # all of it lies within the picture
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    inner = picture.find(f"{SVG}svg")
    assert inner is not None
    assert float(inner.get("x", 0)) + float(inner.get("width", 0)) <= width
    assert float(inner.get("y", 0)) + float(inner.get("height", 0)) <= height


def test_the_svg_opens_on_its_own_and_no_text_runs_out_of_it(
    open_page: OpenPage, browser: Browser, tmp_path: Path
):
    page = tools(open_page("destinations", lang="en"), "members")
    file = tmp_path / "picture.svg"
    file.write_bytes(saved(page, "Picture (SVG)")[1])
    alone = browser.new_page()
    alone.goto(file.as_uri())
    outside = alone.evaluate(
        """() => {
          const whole = document.documentElement.getBoundingClientRect()
          const words = [...document.querySelectorAll("text")].map((each) => each.getBoundingClientRect())
          return words.filter((box) => box.width > 0 && (box.left < 0 || box.right > whole.width + 1
            || box.bottom > whole.height + 1)).length
        }"""
    )
    assert outside == 0
    alone.close()


def test_the_png_is_twice_as_fine_as_the_svg(open_page: OpenPage):
    page = tools(open_page(lang="en"), "total")
    picture = ET.fromstring(saved(page, "Picture (SVG)")[1])  # noqa: S314 (our own file)
    name, content = saved(page, "Picture (PNG)")
    assert name == "yeokjikgu-total.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    size = struct.unpack(">II", content[16:24])
    assert size == (2 * int(picture.get("width", 0)), 2 * int(picture.get("height", 0)))
    assert len(content) > 20_000  # a blank one is smaller
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


@pytest.fixture
def dark_page(browser: Browser, server: str, settled: Settled) -> Iterator[Page]:
    context = browser.new_context(color_scheme="dark", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server}/?lang=en")
    settled(page)
    yield page
    context.close()


def test_the_picture_has_the_ground_of_the_page(dark_page: Page):
    tools(dark_page, "total")
    picture = ET.fromstring(saved(dark_page, "Picture (SVG)")[1])  # noqa: S314 (our own file)
    ground, words = picture.find(f"{SVG}rect"), picture.find(f"{SVG}text")
    assert ground is not None
    assert words is not None
    assert ground.get("fill") == "rgb(18, 23, 29)"
    assert words.get("fill") == "rgb(237, 241, 245)"
    # a phone's narrow chart breaks its long texts
    assert float(picture.get("width", 0)) <= 390 + 48
    assert len([each for each in picture.iter(f"{SVG}text") if each.get("font-size") == "20"]) > 1


# --- files ------------------------------------------------------------


def test_files_are_made_when_they_are_asked_for(open_page: OpenPage):
    page = tools(open_page("trends", lang="en", measure="value_usd"), "trend")
    name, all_figures = saved(page, "CSV: all published figures of the series")
    assert name == "yeokjikgu-trend-all.csv"
    lines = all_figures.decode("utf-8-sig").splitlines()
    assert len(lines) > 50
    assert all(
        column in lines[0].split(",") for column in ("value", "preferred", "source_id", "publisher_en", "url")
    )
    name, workbook = saved(page, "Workbook (XLSX)")
    assert name == "yeokjikgu-trend.xlsx"
    sheets = zipfile.ZipFile(io.BytesIO(workbook)).read("xl/workbook.xml").decode()
    assert re.findall(r'<sheet name="(\w+)"', sheets) == [
        "Data",
        "Metadata",
        "Definitions",
        "Receipts",
        "Sources",
    ]
    shared = zipfile.ZipFile(io.BytesIO(workbook)).read("xl/sharedStrings.xml").decode()
    # the address of the view is whole
    assert re.search(r"/trends\?[^<]*measure=value_usd[^<]*view=level[^<]*data=[0-9a-f]{12}", shared)


# --- the link ------------------------------------------------------------


def clipboard(page: Page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return str(page.evaluate("navigator.clipboard.readText()"))


def copied(page: Page, key: str, label: str = "Copy link") -> dict[str, str]:
    """What the copied link asks for."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(f".st-key-link-{key}").get_by_role("button", name=label).click()
    expect(page.locator(f".st-key-link-{key}").get_by_role("status")).not_to_be_empty()
    return dict(parse_qsl(urlsplit(clipboard(page)).query, keep_blank_values=True))


def test_a_link_says_everything_even_what_is_at_its_default(open_page: OpenPage):
    page = open_page("trends", lang="ko")
    asked = copied(page, "trend", "링크 복사")
    assert asked.items() >= {"lang": "ko", "series": "kcs_total", "view": "level"}.items()
    assert {"measure", "frequency"} <= asked.keys()
    assert VERSION.fullmatch(asked["data"])
    assert asked["model"] == version("yeokjikgu")
    expect(page.locator(".st-key-link-trend").get_by_role("status")).to_have_text("복사했습니다")


def test_a_link_of_today_opens_without_a_word(open_page: OpenPage, settled: Settled):
    page = open_page("destinations", lang="en", split="item")
    copied(page, "members")
    finding = page.get_by_role("figure").first.get_attribute("aria-label") or ""
    page.goto(clipboard(page))
    settled(page)
    expect(page.get_by_role("figure").first).to_have_attribute("aria-label", finding)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_link_is_copied_without_a_clipboard_too(open_page: OpenPage):
    """Plain http on another machine's address has no navigator.clipboard."""
    page = open_page("trends", lang="en")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate(
        "document.addEventListener('copy', () => { window.taken = document.activeElement.value }, true)"
    )
    page.locator(".st-key-link-trend").get_by_role("button", name="Copy link").click()
    expect(page.locator(".st-key-link-trend").get_by_role("status")).to_have_text("Copied")
    assert "series=kcs_total" in page.evaluate("window.taken")


def test_a_link_that_cannot_be_copied_is_shown(open_page: OpenPage):
    page = open_page("trends", lang="en")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("document.execCommand = () => false")
    page.locator(".st-key-link-trend").get_by_role("button", name="Copy link").click()
    box = page.get_by_role("textbox", name="Copy this link by hand")
    expect(box).to_be_visible()
    assert "series=kcs_total" in box.input_value()


def test_the_tools_can_be_reached_by_keyboard(open_page: OpenPage):
    page = open_page("trends", lang="en")
    page.locator(".st-key-table-trend").get_by_role("button").focus()
    names = []
    for _ in range(9):
        names.append(
            page.evaluate(
                """() => { let each = document.activeElement
                  while (each.shadowRoot?.activeElement) each = each.shadowRoot.activeElement
                  return each.innerText.split("\\n").at(-1).trim() + each.innerText }"""
            )
        )
        if "Copy link" in names[-1]:
            break
        page.keyboard.press("Tab")
    said = " ".join(names)
    assert all(name in said for name in ("Table", "Download", "Receipt", "Copy link"))


# --- the first page by its name ------------------------------------------------------------


def test_the_first_page_opens_by_its_name(page: Page, server: str, settled: Settled):
    page.goto(f"{server}/overview?lang=en&total=cases")
    settled(page)
    expect(page.get_by_role("figure").first).to_have_attribute("aria-label", re.compile("Cases rose"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_all_this_works_behind_a_base_path(page: Page, server_below: str, settled: Settled):
    page.goto(f"{server_below}/overview?lang=en&total=cases")
    settled(page)
    assert urlsplit(page.url).path == f"{urlsplit(server_below).path}/"
    tools(page, "total")
    assert b"Cases rose" in saved(page, "Picture (SVG)")[1]
    name, _workbook = saved(page, "Workbook (XLSX)")
    assert name == "yeokjikgu-total.xlsx"
    page.keyboard.press("Escape")
    assert copied(page, "total")["total"] == "cases"
    assert clipboard(page).startswith(f"{server_below}/?")
