"""Presentation mode: views collected on two pages, prepared, presented full screen and turned by keys; offline as a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from dashboard.exports.pack.deck import html_bytes
from tests.packs import Packs

Settled = Callable[[Page], None]
OpenPage = Callable[..., Page]

SHOWN = "section.shown"
LARGE = 24
SMALL = 16
FONT = "one => parseFloat(getComputedStyle(one).fontSize)"


@pytest.mark.slow
def test_a_story_is_collected_and_presented(open_page: OpenPage, settled: Settled):
    page = open_page("overview", lang="en")
    page.set_viewport_size({"width": 1440, "height": 810})
    page.locator(".st-key-story-total button").click()
    page.get_by_text("Added. The page").wait_for()
    page.get_by_role("link", name="Five series side by side").click()
    settled(page)
    page.locator(".st-key-story-five-series button").click()
    page.get_by_text("Added. The page").first.wait_for()
    settled(page)
    page.get_by_role("link", name="Storyboard").click()
    settled(page)
    page.get_by_label("Title of the presentation").fill("For the committee")
    page.get_by_label("Note, shown below the title").first.fill("What I say to it")
    page.get_by_role("button", name="Prepare the slides").click()
    page.locator('[data-testid="stMain"] iframe').wait_for(timeout=60_000)
    settled(page)
    frame = page.locator('[data-testid="stMain"] iframe')
    frame.scroll_into_view_if_needed()
    deck: FrameLocator = frame.content_frame
    deck.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    assert deck.locator(f"{SHOWN} h1").inner_text() == "For the committee"
    page.keyboard.press("ArrowRight")
    deck.locator(SHOWN).get_by_text("What I say to it").wait_for()
    deck.locator(f"{SHOWN} .chart .point").first.wait_for(state="attached")
    page.keyboard.press("End")
    assert deck.locator("#place").inner_text() == "3 / 3"
    page.keyboard.press("Escape")
    page.wait_for_function("document.fullscreenElement === null")
    deck.get_by_role("button", name="Full screen").wait_for()
    # the slides were made beside this session: it goes on, files and all
    with page.expect_download() as saved:
        page.get_by_role("button", name="Storyboard (TOML)").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert 'title = "For the committee"' in text
    assert 'note = "What I say to it"' in text
    with page.expect_download() as saved:
        page.get_by_role("button", name="Web page (HTML)").click()
    assert b"For the committee" in Path(saved.value.path()).read_bytes()


def test_presented_type_is_large_controls_are_gone_and_keys_work_with_no_network(
    browser: Browser, packs: Packs, tmp_path: Path
):
    file = tmp_path / "pack.html"
    file.write_bytes(html_bytes(packs("plain", "ko")))
    context = browser.new_context(viewport={"width": 1440, "height": 810}, offline=True)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(file.as_uri())
    tab.keyboard.press("f")
    tab.wait_for_function("document.fullscreenElement !== null")
    tab.keyboard.press("ArrowRight")
    for _each in range(4):
        tab.wait_for_function(
            "document.querySelector('section.shown [data-drawn] .main-svg, section.shown table')"
        )
        sizes = tab.eval_on_selector_all(f"{SHOWN} > :is(h2, .subtitle, .said)", f"all => all.map({FONT})")
        assert sizes
        assert min(sizes) >= LARGE
        small = tab.eval_on_selector_all(
            f"{SHOWN} > :is(.note, .source), {SHOWN} td", f"all => all.map({FONT})"
        )
        assert all(size >= SMALL for size in small)
        assert tab.locator("button:visible, a:visible").count() == 0
        # the chart fills its place and nothing is beside the screen
        assert tab.evaluate("document.documentElement.scrollWidth") <= 1440
        for left, right, wide in tab.eval_on_selector_all(
            f"{SHOWN} .chart",
            "all => all.map(one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right, one.offsetWidth])",
        ):
            assert 0 <= left < right <= 1440
            assert right - left > wide  # enlarged, its letters too
        tab.keyboard.press("ArrowRight")
    place = tab.locator("#place").inner_text()
    tab.keyboard.press("Home")
    assert tab.locator("#place").inner_text().startswith("1 /")
    assert tab.locator(f"{SHOWN} .said").first.is_visible()
    tab.keyboard.press("n")
    assert not tab.locator(f"{SHOWN} .said").first.is_visible()
    tab.keyboard.press("n")
    tab.keyboard.press("Escape")
    tab.wait_for_function("document.fullscreenElement === null")
    assert tab.locator("nav button:visible").count() == 4
    # what was enlarged is as it was, and prints so
    tab.keyboard.press("Escape")
    assert tab.eval_on_selector_all(".chart", "all => all.every(one => !one.style.transform)")
    assert place.startswith("6 /")
    assert said == []
    context.close()
