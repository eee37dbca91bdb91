"""Nothing is asked of any other host behind a base path either; `test_accessibility` sees to it for every view without one."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OURS, Listener
from tests.views import VIEWS, View

Settled = Callable[[Page], None]


def opened(listener: Listener, address: str, settled: Settled) -> Page:
    listener.tab.goto(address)
    settled(listener.tab)
    listener.look_around()
    return listener.tab


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
    page = opened(listener, view.address(server_below, "ko"), settled)
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
    page = opened(listener, VIEWS[0].address(server, "en"), settled)
    page.evaluate("fetch('http://localhost:9/').catch(() => 0)")
    assert listener.hosts == {*OURS, "localhost"}
