"""`alone=<key>`: one chart without what is around it, for a frame on another site; and programs are served beside the pages."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.i18n import LANGUAGES, Lang, words_for

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
