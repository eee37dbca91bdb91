"""English on Korean pages as the browser shows it: what Streamlit itself says, by component, and nothing else.

Streamlit cannot be told another language (https://github.com/streamlit/streamlit/issues/1353). Its own texts are listed here,
so that a new one is noticed; what the pages say is tested without a browser too, in `tests/pages/test_stray_english.py`.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.looking import Said
from tests.pages.test_stray_english import foreign
from tests.views import PAGES, VIEWS, View

Settled = Callable[[Page], None]

# Component (its `data-testid`) -> the words that it says in English: https://github.com/streamlit/streamlit/issues/1353.
STREAMLIT = {
    component: re.compile(texts)
    for component, texts in {
        # the page around ours
        "stSkipToContent": "Skip to main content",
        "stSidebar": "Sidebar",
        "stSidebarNav": "App pages",
        "stBaseButton-headerNoPadding": "Collapse sidebar|Expand sidebar",
        "stHeaderActionElements": "Link to heading",
        # lists
        "": r"\d+ options? available\.",  # said to screen readers when a list opens
        "stSelectbox": "Open|Choose an option",
        "stSelectboxVirtualDropdown": "Dismiss",
        "stMultiSelect": "Open|Choose options|Clear all",
        # numbers
        "stNumberInputStepDown": "Decrement",
        "stNumberInputStepUp": "Increment",
        # code and files
        "stBaseButton-elementToolbar": "Copy to clipboard",
        "stFileUploaderDropzoneInput": "file upload",
        "stFileUploaderDropzoneInstructions": r"500MB per file  • (?:TOML|CSV, TSV, TXT, XLSX, PARQUET, JSONL, GZ, ZST)",
        "stMarkdownContainer": "Upload",  # the button of a box for files
    }.items()
}
ALWAYS = {"trends", "simulator"}  # lists, boxes for files; the other pages are slow tests
TEXTS = """() => {
  const found = [];
  const look = (root, inside) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.matches('script, style, title, [data-testid="stIconMaterial"]') || each.closest("code")) continue;
      const within = each.closest("[data-testid]")?.dataset.testid ?? inside;
      if (each.shadowRoot) look(each.shadowRoot, within);
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-description"])
        if (each.getAttribute(name)) found.push([within, each.getAttribute(name)]);
      const words = [...each.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join(" ");
      if (words.trim() && each.checkVisibility()) found.push([within, words.trim()]);
    }
  };
  look(document.body, "");
  return found;
}"""


def english(page: Page) -> dict[str, set[str]]:
    """English words on a Korean page by the component that says them, without those that are known to be Streamlit's."""
    found: dict[str, set[str]] = {}
    for component, text in page.evaluate(TEXTS):
        known = STREAMLIT.get(component)
        if not (known and known.fullmatch(text)) and foreign(Said(component, text), "ko"):
            found.setdefault(component, set()).add(text)
    return found


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if path in ALWAYS else [pytest.mark.slow]) for path in PAGES],
)
def test_only_streamlit_says_english(page: Page, server: str, settled: Settled, path: str) -> None:
    page.goto(View(path).address(server, "ko"))
    settled(page)
    found = english(page)
    # what a click opens: the menu, the boxes of the first tools, a list
    for opens in ("stMainMenu", "stPopover", "stSelectbox"):
        if page.get_by_test_id(opens).count():
            page.get_by_test_id(opens).first.click()
            page.wait_for_timeout(300)
            for component, texts in english(page).items():
                found.setdefault(component, set()).update(texts)
            page.keyboard.press("Escape")
    assert found == {}


def test_a_panel_that_takes_files_says_no_other_english(page: Page, server: str, settled: Settled) -> None:
    (compare,) = [view for view in VIEWS if "compare" in view.query.values()]
    page.goto(compare.address(server, "ko"))
    settled(page)
    page.get_by_test_id("stMain").get_by_test_id("stFileUploader").first.scroll_into_view_if_needed()
    assert english(page) == {}


def test_english_would_be_found(page: Page, server: str, settled: Settled) -> None:
    page.goto(VIEWS[0].address(server, "ko"))
    settled(page)
    page.evaluate("document.querySelector('h1').setAttribute('title', 'Untranslated heading')")
    assert english(page) == {"stHeadingWithActionElements": {"Untranslated heading"}}
