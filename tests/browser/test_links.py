"""A copied link reproduces the view in a fresh browser, for every page and both languages; reload and Back keep controls."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.i18n import LANGUAGES, Lang, words_for
from tests.views import PAGES, VIEWS, View

Settled = Callable[[Page], None]

# A page of one text (a glossary) is reproduced by its words, any other by its findings.
FINDINGS = """() => [...document.querySelectorAll(
  '[data-testid="stMain"] :is(h1, h2, h3, [data-testid="stTable"])')].map(each => each.innerText)"""
CONTROLS = """() => [...document.querySelectorAll(
  '[data-testid="stMain"] [data-selected="true"], [data-testid="stMain"] input, [data-testid="stMain"] [role="slider"]')].map(
  each => each.getAttribute("aria-valuetext") ?? (each.type === "checkbox" ? String(each.checked) : each.value || each.innerText))"""


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ko-KR", permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def another_choice(page: Page) -> bool:
    """Change the first row of buttons or list that a page has; False where it has none."""
    main = page.get_by_test_id("stMain")
    others = main.locator('[data-testid="stButtonGroup"] button:not([data-selected="true"])')
    if others.count():
        others.first.click()
        return True
    lists = main.get_by_test_id("stSelectbox")
    if lists.count():
        lists.first.click()
        page.get_by_role("option").last.click()
        return True
    fields = main.get_by_role("textbox")
    if fields.count():
        fields.first.fill("FOB")
        fields.first.press("Enter")
        return True
    return False


Shown = tuple[list[str], list[str]]


def shown(page: Page, wanted: Shown) -> Shown:
    """What a page says and what its controls stand at, once it is what is wanted, or after a while."""
    for _try in range(20):
        found = page.evaluate(FINDINGS), page.evaluate(CONTROLS)
        if found == wanted:
            break
        page.wait_for_timeout(200)
    return found


def copied(page: Page, lang: Lang) -> str:
    """What the tool puts on the clipboard; a page without charts and tables has its address."""
    _ = words_for(lang).gettext
    button = page.get_by_role("button", name=_("Copy link"))
    if not button.count():
        return page.url
    button.first.click()
    expect(page.get_by_role("status").filter(has_text=_("Copied")).first).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_copied_link_opens_the_same_view_elsewhere(
    reader: BrowserContext, browser: Browser, server: str, settled: Settled, path: str, lang: Lang
) -> None:
    page = reader.new_page()
    page.goto(f"{server}/{path}?lang={lang}")
    settled(page)
    before = page.evaluate(FINDINGS), query(page.url)
    assert another_choice(page), "no control to change"
    # the address follows the page
    page.wait_for_function("before => location.search !== before", arg=f"?{urlsplit(page.url).query}")
    settled(page)
    page.wait_for_timeout(300)
    assert query(page.url) != before[1]
    link = copied(page, lang)
    assert query(link)["lang"] == lang
    # every control stands in it, also those at their default
    assert set(before[1]) - set(query(link)) <= set(before[1]) - set(query(page.url))
    seen = page.evaluate(FINDINGS), page.evaluate(CONTROLS)

    fresh = browser.new_context(locale="de-DE")
    try:
        other = fresh.new_page()
        other.goto(link)
        settled(other)
        expect(other.locator("html")).to_have_attribute("lang", lang)
        assert shown(other, seen) == seen
        assert other.get_by_test_id("stAlert").filter(has_text=re.compile(r"\w+=")).count() == 0
        other.reload()
        settled(other)
        assert shown(other, seen) == seen
    finally:
        fresh.close()

    # Back undoes the choice
    after = page.url
    page.go_back()
    page.wait_for_function("after => location.href !== after", arg=after)
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert query(page.url)["lang"] == lang
    page.close()


@pytest.mark.parametrize("view", [view for view in VIEWS if view.query and view.is_panel], ids=str)
@pytest.mark.slow
def test_an_address_opens_its_view_for_everyone(
    reader: BrowserContext, browser: Browser, server: str, settled: Settled, view: View
) -> None:
    page = reader.new_page()
    page.goto(f"{server}/{view.path}?" + "&".join(f"{name}={code}" for name, code in view.query.items()))
    settled(page)
    link, seen = copied(page, "ko"), page.evaluate(FINDINGS)
    page.close()
    fresh = browser.new_context(locale="en-US")
    try:
        other = fresh.new_page()
        other.goto(link)
        settled(other)
        other.wait_for_timeout(300)
        assert other.evaluate(FINDINGS) == seen
    finally:
        fresh.close()
