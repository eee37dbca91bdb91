"""A copied link reproduces the view in a fresh browser, for every page and both languages; reload and Back keep controls."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.claims import NAMES
from dashboard.i18n import LANGUAGES, Lang, words_for
from tests.views import FOLLOWED, PAGES, VIEWS, View

Settled = Callable[[Page], None]

# A page of one text (a glossary) is reproduced by its words, any other by its findings.
FINDINGS = """() => [...document.querySelectorAll(
  '[data-testid="stMain"] :is(h1, h2, h3, [data-testid="stTable"])')].map(each => each.innerText)"""
CHOICES = f'[data-testid="stMain"] :is({", ".join(f"[data-testid={name}]" for name in ("stButtonGroup", "stSelectbox", "stTextInput"))})'
ALWAYS = {("trends", "ko")}
NOTHING_TO_CHOOSE = {"monthly"}  # before anything was received
CONTROLS = """() => [...document.querySelectorAll(
  '[data-testid="stMain"] [data-selected="true"], [data-testid="stMain"] input, [data-testid="stMain"] [role="slider"]')].map(
  each => each.getAttribute("aria-valuetext") ?? (each.type === "checkbox" ? String(each.checked) : each.value || each.innerText))"""


@pytest.fixture(scope="module")
def stranger(browser: Browser) -> Iterator[BrowserContext]:
    """Someone else, whose language is neither of ours."""
    context = browser.new_context(locale="de-DE")
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
    fields = main.get_by_test_id("stTextInput").locator("input")
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


def each_page_in_each_language() -> Iterator[Any]:
    """Every page; two of them always, the others among the slow tests."""
    for path in PAGES:
        for lang in LANGUAGES:
            marks = [] if (path, lang) in ALWAYS else [pytest.mark.slow]
            yield pytest.param(View(path), lang, marks=marks, id=f"{path}-{lang}")


@pytest.mark.parametrize(("view", "lang"), list(each_page_in_each_language()))
def test_a_copied_link_opens_the_same_view_elsewhere(
    page: Page, stranger: BrowserContext, server: str, settled: Settled, view: View, lang: Lang
) -> None:
    page.goto(view.address(server, lang))
    settled(page)
    if view.path in NOTHING_TO_CHOOSE:
        assert page.locator(CHOICES).count() == 0
        return
    page.locator(CHOICES).first.wait_for()
    before, asked = (page.evaluate(FINDINGS), page.evaluate(CONTROLS)), query(page.url)
    search = f"?{urlsplit(page.url).query}"
    assert another_choice(page), "no control to change"
    page.wait_for_function("asked => location.search !== asked", arg=search)  # the address follows the page
    settled(page)
    page.wait_for_timeout(300)
    assert query(page.url) != asked
    link = copied(page, lang)
    # every control stands in it, also those at their default
    assert query(link).items() >= query(page.url).items()
    assert query(link)["lang"] == lang
    assert set(NAMES) <= set(query(link)) or view.path != "simulator"
    seen = page.evaluate(FINDINGS), page.evaluate(CONTROLS)

    other = stranger.new_page()
    other.goto(link)
    settled(other)
    expect(other.locator("html")).to_have_attribute("lang", lang)
    assert shown(other, seen) == seen
    assert other.get_by_test_id("stAlert").filter(has_text=re.compile(r"\w+=")).count() == 0
    other.reload()
    settled(other)
    assert shown(other, seen) == seen
    other.close()

    # another page and back again: the choice is kept, and so is the language
    pages = page.get_by_test_id("stSidebarNav").get_by_role("link")
    here = list(PAGES).index(view.path)
    for place in (here - 1, here):
        pages.nth(place % len(PAGES)).click()
        expect(page).to_have_url(re.compile(rf"/{View(list(PAGES)[place]).place}\?.*lang={lang}"))
        settled(page)
    assert shown(page, seen) == seen
    # Back undoes the way there and back, and then the choice; one pressed while a page still runs may be lost
    for _press in range(9):
        page.go_back()
        settled(page)
        page.wait_for_timeout(500)
        if query(page.url) == asked:
            break
    assert query(page.url) == asked
    assert shown(page, before) == before
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("view", [view for view in VIEWS if view.query and view.is_panel], ids=str)
@pytest.mark.slow
def test_an_address_opens_its_view_for_everyone(
    page: Page, stranger: BrowserContext, server: str, settled: Settled, view: View
) -> None:
    page.goto(view.address(server, "ko"))
    settled(page)
    link, seen = copied(page, "ko"), (page.evaluate(FINDINGS), page.evaluate(CONTROLS))
    other = stranger.new_page()
    other.goto(link)
    settled(other)
    assert shown(other, seen) == seen
    other.close()


@pytest.mark.slow
def test_an_old_link_is_held_against_today_s_answer_until_it_asks_something_else(
    page: Page, server: str, settled: Settled
) -> None:
    page.goto(View("simulator", tuple(FOLLOWED.items())).address(server, "en"))
    settled(page)
    box = page.locator(".st-key-then-and-now")
    expect(box).to_contain_text("This link showed 31,000 cases; now it is ")
    expect(box).to_contain_text("on record here")
    assert query(page.url)["p50"] == "31000"
    # what is copied from here is today's
    assert query(copied(page, "en"))["p50"] not in {"31000", ""}
    page.get_by_role("radio", name="as in the method paper").or_(
        page.get_by_role("button", name="as in the method paper")
    ).first.click()
    expect(box).to_have_count(0)
    settled(page)
    assert not {*NAMES, "data", "model"} & set(query(page.url))
    page.go_back()
    expect(box).to_contain_text("This link showed 31,000 cases; now it is ")
