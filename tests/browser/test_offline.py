"""Every page renders in both languages without asking any other host for anything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

PAGES = ["", "trends", "destinations", "simulator", "sources"]
LANGUAGES = ["ko", "en"]
# Long enough for what a page fetches late: charts, map shapes, fonts.
LATE_MILLISECONDS = 1_000


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_page_asks_no_other_host(
    open_page: Callable[..., Page], requested_hosts: set[str], path: str, lang: str
) -> None:
    page = open_page(path, lang=lang)
    page.mouse.wheel(0, 10_000)
    page.wait_for_timeout(LATE_MILLISECONDS)
    assert requested_hosts == {"127.0.0.1"}
    assert page.locator('[data-testid="stException"]').all_inner_texts() == []
    assert page.locator("html").get_attribute("lang") == lang
    # An address that names no page falls back to the first one.
    assert page.url.split("?")[0].rstrip("/").endswith(path)
