"""Every view shows itself without asking any other host for anything, also behind a base path."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from dashboard.i18n import LANGUAGES
from tests.views import VIEWS, View, always_tested

Settled = Callable[[Page], None]

DRAWN = """[...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(each => each.querySelector("svg.main-svg"))"""
# Long enough for what a page fetches late: charts, outlines of countries, fonts.
LATE_MILLISECONDS = 300
OURS = {"127.0.0.1"}
# Streamlit looks for its server at the page's own address first, then one level up.
LOOKED_FOR = ("/_stcore/health", "/_stcore/host-config")


class Listener:
    """A tab, the hosts that it asked, what it asked in vain, and what it was given."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
        self.hosts: set[str] = set()
        self.in_vain: list[str] = []
        self.given: list[str] = []
        self.context.on("request", lambda request: self._note(request.url))
        self.context.on("response", self._note_response)
        self.tab = self.context.new_page()
        self.tab.on("websocket", lambda socket: self._note(socket.url))

    def _note(self, address: str) -> None:
        if host := urlsplit(address).hostname:  # data: and blob: ask nobody
            self.hosts.add(host)

    def _note_response(self, response: Response) -> None:
        if response.status < 400:
            self.given.append(response.url)
        elif not response.url.endswith(LOOKED_FOR):
            self.in_vain.append(f"{response.status} {response.url}")

    def open(self, server: str, view: View, lang: str, settled: Settled) -> Page:
        self.tab.goto(view.address(server, lang))
        settled(self.tab)
        self.tab.wait_for_function(DRAWN)
        self.tab.mouse.move(640, 450)
        self.tab.mouse.wheel(0, 10_000)
        self.tab.wait_for_timeout(LATE_MILLISECONDS)
        return self.tab


@pytest.fixture(scope="module")
def listener(browser: Browser) -> Any:
    found = Listener(browser)
    yield found
    found.context.close()


@pytest.mark.parametrize(
    ("view", "lang"),
    [
        pytest.param(
            view, lang, marks=[] if always_tested(view, lang) else [pytest.mark.slow], id=f"{view}-{lang}"
        )
        for view in VIEWS
        if view.is_panel
        for lang in LANGUAGES
    ],
)
def test_page_asks_no_other_host(
    listener: Listener, server: str, settled: Settled, view: View, lang: str
) -> None:
    page = listener.open(server, view, lang, settled)
    assert page.locator('[data-testid="stException"]').all_inner_texts() == []
    assert page.locator("html").get_attribute("lang") == lang
    # An address that names no page falls back to the first one.
    assert urlsplit(page.url).path == f"/{view.place}"
    assert listener.hosts == OURS
    assert listener.in_vain == []


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(
            view,
            marks=[] if view.place == "" or "map" in view.query.values() else [pytest.mark.slow],
            id=str(view),
        )
        for view in VIEWS
        if view.is_panel and "panel" not in view.query
    ],
)
def test_page_works_behind_a_base_path(
    listener: Listener, server_below: str, settled: Settled, view: View
) -> None:
    listener.given.clear()
    page = listener.open(server_below, view, "ko", settled)
    assert page.locator('[data-testid="stException"]').all_inner_texts() == []
    assert urlsplit(page.url).path == f"/below/here/{view.place}"
    assert listener.hosts == OURS
    assert listener.in_vain == []
    if view.query.get("show") == "map":
        (outlines,) = [each for each in listener.given if "topojson" in each]
        assert outlines.startswith(f"{server_below}/app/static/topojson/")
        assert (
            page.locator(".choroplethlayer path").count() >= 3
        )  # Japan, the United States and China in 2023


def test_another_host_would_be_noticed(listener: Listener, server: str, settled: Settled) -> None:
    page = listener.open(server, VIEWS[0], "en", settled)
    page.evaluate("fetch('http://localhost:9/').catch(() => 0)")
    assert listener.hosts == {*OURS, "localhost"}
