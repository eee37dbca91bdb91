"""What a browser sees of every view: WCAG 2.2 AA and KWCAG 2.2 as far as a machine tells (axe-core), nothing lost when zoomed
or on a phone, in the language asked for, and no other host asked for anything."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n import LANGUAGES
from tests.browser.conftest import OURS, WIDE, Listener
from tests.views import PAGES, VIEWS, View, always_tested

Settled = Callable[[Page], None]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async only => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const runOnly = only.length ? {type: "rule", values: only} : {type: "tag", values: rules};
  const found = await axe.run(document, {runOnly, resultTypes: ["violations"]});
  return found.violations.filter(each => ["serious", "critical"].includes(each.impact)).flatMap(each => each.nodes.map(
    node => ({rule: each.id, target: node.target.join(" "), html: node.html.slice(0, 120), why: node.failureSummary})));
}"""
# Streamlit's own, by rule and the element that it is inside of; each with the reason why we cannot mend it.
UPSTREAM: list[tuple[str, str]] = []
DARK_GROUND = "rgb(18, 23, 29)"
# 1440 pixels at 200% leave 720; 390 is a telephone.
WIDTHS = {"zoomed to 200%": 720, "telephone": 390}
CUT = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const wide = Math.max(...[document.scrollingElement, main].map(each => each.scrollWidth - each.clientWidth));
  // Words whose box hides a part of them: headings, sentences, buttons, names of controls.
  const words = main.querySelectorAll('h1, h2, h3, p, button, label, [data-testid="stHtml"] div');
  const hidden = [...words].filter(each => each.offsetParent && getComputedStyle(each).overflowX !== "visible"
    && each.scrollWidth > each.clientWidth + 1).map(each => each.innerText.slice(0, 60));
  // Words drawn into a picture, beyond its frame.
  const drawn = [...main.querySelectorAll(".js-plotly-plot")].flatMap(plot => {
    const frame = plot.getBoundingClientRect();
    return [...plot.querySelectorAll("text")].filter(each => each.textContent.trim()).filter(each => {
      const box = each.getBoundingClientRect();
      return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
    }).map(each => each.textContent.slice(0, 60));
  });
  return [wide, hidden, drawn];
}"""


def _seen() -> Iterator[Any]:
    """Every page in both languages; panels and pictures too, and other choices in one language each, if there is time."""
    for place, view in enumerate(VIEWS):
        for lang in LANGUAGES if view.is_panel else [LANGUAGES[place % 2]]:
            yield pytest.param(
                view, lang, marks=[] if always_tested(view, lang) else [pytest.mark.slow], id=f"{view}-{lang}"
            )


@pytest.fixture
def opened(listener: Listener, server: str, settled: Settled) -> Callable[[View, str], Page]:
    """Show a view in the one tab of all: loaded once, it is seen by day and by night, and ever narrower."""

    def open_(view: View, lang: str) -> Page:
        tab = listener.tab
        tab.set_viewport_size(WIDE)
        tab.emulate_media(color_scheme="light")
        tab.goto(view.address(server, lang))
        settled(tab)
        assert tab.get_by_test_id("stException").all_inner_texts() == []
        return tab

    return open_


def violations(tab: Page, *only: str) -> list[dict[str, Any]]:
    """What axe finds and we could mend, by all its rules or some."""
    # colours fade in, and axe would read the middle of it
    tab.wait_for_function("document.getAnimations().every(each => each.playState !== 'running')")
    tab.evaluate(AXE)
    return [
        each
        for each in tab.evaluate(RUN, list(only))
        if not any(
            each["rule"] == rule and tab.locator(f":is({inside}) >> css={each['target']}").count()
            for rule, inside in UPSTREAM
        )
    ]


def lost(tab: Page) -> list[Any]:
    """What its box hides once charts have followed the width: at once on an idle machine, seconds later on a busy one."""
    for _ in range(20):
        tab.wait_for_timeout(250)
        if not (found := [each for each in tab.evaluate(CUT) if each]):
            break
    return found


@pytest.mark.parametrize(("view", "lang"), list(_seen()))
def test_everyone_can_read_it(
    opened: Callable[[View, str], Page], settled: Settled, listener: Listener, view: View, lang: str
) -> None:
    page = opened(view, lang)
    assert page.locator("html").get_attribute("lang") == lang
    # An address that names no page falls back to the first one.
    assert urlsplit(page.url).path == f"/{view.place}"
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    settled(page)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", DARK_GROUND)  # a moment later
    found["dark"] = violations(
        page, "color-contrast", "link-in-text-block"
    )  # what changes by night is colour
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        found[name] = lost(page)
    assert {name: each for name, each in found.items() if each} == {}
    listener.look_around()
    assert listener.hosts == OURS
    assert listener.in_vain == []


# --- the test can fail ------------------------------------------------------------


def test_axe_would_find_it(opened: Callable[[View, str], Page]) -> None:
    page = opened(VIEWS[0], "en")
    page.evaluate(
        """document.querySelector('h1').insertAdjacentHTML('afterend', '<img src="data:,"><button></button>')"""
    )
    assert {each["rule"] for each in violations(page)} >= {"image-alt", "button-name"}


def test_words_that_are_cut_off_would_be_found(opened: Callable[[View, str], Page]) -> None:
    page = opened(VIEWS[0], "en")
    page.evaluate(
        "document.querySelector('h1').style.cssText = 'overflow: hidden; white-space: nowrap; width: 90px'"
    )
    wide, hidden, drawn = page.evaluate(CUT)
    assert (wide, len(hidden), drawn) == (0, 1, [])


def test_every_page_is_looked_at() -> None:
    assert {view.path for view in VIEWS} == set(PAGES)
