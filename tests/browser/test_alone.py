"""`alone=<key>`: one chart without what is around it, for a frame on another site; and programs are served beside the pages."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.i18n import LANGUAGES, Lang, words_for
from etl.settings import ROOT

AROUND = '[data-testid="stSidebar"], h1, h2, [data-testid="stSelectbox"], [data-testid="stButtonGroup"]'


def ended(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def in_frame(page: Page, server: str, address: str) -> Page:
    """Another site's page that holds the dashboard in a frame, and the dashboard in it."""
    page.set_content(f'<iframe src="{server}/{address}" width="390" height="800"></iframe>')
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_chart_stands_alone_with_source_and_receipt(browser: Browser, server: str, lang: Lang):
    _ = words_for(lang).gettext
    context = browser.new_context(viewport={"width": 420, "height": 820})
    page = in_frame(context.new_page(), server, f"destinations?alone=members&by=share_cases_pct&lang={lang}")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".js-plotly-plot")).to_be_visible()
    expect(inside.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    assert [each.inner_text() for each in inside.locator(AROUND).all() if each.is_visible()] == []
    expect(inside.locator("h3:visible")).to_have_count(1)
    expect(inside.locator(".st-key-alone").get_by_text(_("Source")).first).to_be_visible()
    inside.get_by_role("button", name=_("Receipt")).click()
    expect(inside.get_by_text(_("Inputs"), exact=False).first).to_be_visible()
    context.close()


def test_a_key_that_the_page_lacks_shows_the_page_and_says_so(browser: Browser, server: str):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/trends?alone=nothing&lang=en")
    ended(page)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("alone=nothing")).to_be_visible()
    context.close()


def test_programs_are_answered_below_the_base_path_too(server: str, server_below: str):
    for base in (server, server_below):
        with urllib.request.urlopen(f"{base}/api/v1/limits?rows=1") as answer:  # noqa: S310 (our own server)
            assert json.load(answer)["rows"]
            kept = urllib.request.Request(  # noqa: S310 (as above)
                f"{base}/api/v1/limits?rows=1", headers={"If-None-Match": answer.headers["etag"]}
            )
        with pytest.raises(HTTPError, match="304"):
            urllib.request.urlopen(kept)  # noqa: S310 (as above)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_embed_gives_the_line_that_shows_this_chart(browser: Browser, server: str, lang: Lang):
    """The line is put into another page as it is, and that page shows the chart with the choices made before."""
    _ = words_for(lang).gettext
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{server}/destinations?lang={lang}&split=item&data=0&model=0")
    ended(page)
    page.locator(".st-key-frame-members button").click()
    box = page.locator(".st-key-embed-members")
    boxes = [each.bounding_box() for each in box.locator("textarea").all()]
    assert all(each and each["x"] >= 0 and each["x"] + each["width"] <= 390 for each in boxes)
    box.get_by_role("button", name=_("Copy")).nth(1).click()
    expect(box.get_by_role("status")).to_have_text(_("Copied"))
    line = str(page.evaluate("navigator.clipboard.readText()"))
    assert line.startswith("<iframe ")
    assert "&amp;alone=members" in line
    assert "data=" not in line
    finding = page.get_by_role("figure").first.get_attribute("aria-label") or ""
    page.set_content(line)
    expect(page.frame_locator("iframe").get_by_role("figure")).to_have_attribute("aria-label", finding)
    assert page.locator("iframe").get_attribute("title")
    context.close()


def test_a_title_with_marks_of_html_stays_one_attribute(browser: Browser, server: str):
    """The script that makes the line, run on a title that would end its attribute."""
    source = (ROOT / "dashboard" / "browser_tools" / "embed.js").read_text(encoding="utf-8")
    page = browser.new_page()
    page.goto(f"{server}/api/v1/limits?rows=1")
    title = '"><script>alert("1")</script>&amp;'
    found = page.evaluate(
        """([source, title]) => {
          const parentElement = document.createElement("div")
          parentElement.innerHTML = "<textarea></textarea><textarea></textarea><span role=status></span>"
          const embed = new Function(source.replace("export default function", "return function"))()
          embed({ parentElement, data: { chart: "c", title, height: 1, left_out: [] } })
          const made = new DOMParser().parseFromString(parentElement.querySelectorAll("textarea")[1].value, "text/html")
          return [made.body.childElementCount, made.querySelectorAll("script").length, made.querySelector("iframe").title]
        }""",
        [source, title],
    )
    assert found == [1, 0, title]
    page.close()
