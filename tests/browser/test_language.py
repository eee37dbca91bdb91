"""The page says which language it is in, also after the reader has changed it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(("first", "then", "name"), [("ko", "en", "English"), ("en", "ko", "한국어")])
def test_language_of_the_document_follows_the_switch(
    open_page: Callable[..., Page], first: str, then: str, name: str
) -> None:
    page = open_page("trends", lang=first)
    expect(page.locator("html")).to_have_attribute("lang", first)
    page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", then)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", then)
