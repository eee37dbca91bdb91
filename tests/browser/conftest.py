"""The real command serving real pages, and the system's browser to look at them."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
START_SECONDS = 120.0
PATIENCE_MILLISECONDS = 20_000  # a busy machine is no bug
STOP_SECONDS = 15.0
WIDE: ViewportSize = {"width": 1280, "height": 900}
OURS = {"127.0.0.1"}
# Streamlit looks for its server at the page's own address first, then one level up.
LOOKED_FOR = ("/_stcore/health", "/_stcore/host-config")
DRAWN = """[...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(each => each.querySelector("svg.main-svg"))"""
# Long enough for what a page fetches late: charts, outlines of countries, fonts.
LATE_MILLISECONDS = 300

OpenPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder, so that `-m "not browser"` leaves it out, and put it last.

    Cheap tests shall fail first; and while Playwright is open, no other event loop can run in this thread.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(here))


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server runs; its data is in `data`."""
    return tmp_path_factory.mktemp("server")


@contextmanager
def running(folder: Path, data: Path, base_path: str = "") -> Iterator[str]:
    """Serve the dashboard from a folder on the data in another; gives its base address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    said = folder / f"said-{port}.txt"
    command = [sys.executable, "-m", "dashboard.cli", "--no-browser", "--port", str(port)]
    with (
        said.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            [*command, *(["--base-path", base_path] if base_path else [])],
            cwd=folder,
            env={**os.environ, "YEOKJIKGU_BUILT_DIR": str(data), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            # The command says where it is once the first page has content.
            address = f"Yeokjikgu is at http://127.0.0.1:{port}"
            end = time.monotonic() + START_SECONDS
            while address not in said.read_text(encoding="utf-8"):
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"the dashboard did not start:\n{said.read_text(encoding='utf-8')}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}{'/' if base_path else ''}{base_path}"
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def server(server_folder: Path) -> Iterator[str]:
    """Base address of a dashboard on data built for this session."""
    with running(server_folder, server_folder / "data") as address:
        yield address


@pytest.fixture(scope="session")
def server_below(server: str, server_folder: Path) -> Iterator[str]:
    """The same behind a base path, as below a ministry's own site."""
    assert server  # its data are built
    with running(server_folder, server_folder / "data", "below/here") as address:
        yield address


def executable() -> str | None:
    """The system's Chromium or Chrome: nothing is downloaded."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """Run the system's browser."""
    # Chromium refuses its sandbox to root, which is who runs in containers.
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    running_browser = playwright.chromium.launch(executable_path=executable(), args=args)
    yield running_browser
    running_browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of the session."""
    if executable() is None:
        reason = f"found no browser: none of {', '.join(BROWSERS)} is on the path"
        if os.environ.get("YEOKJIKGU_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright, launched(playwright) as found:
        yield found


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A Korean reader, who has been here before: one for all tests, so that scripts are fetched once."""
    context = browser.new_context(
        locale="ko-KR",
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    """An empty tab of that reader."""
    tab = reader.new_page()
    yield tab
    tab.close()


@pytest.fixture
def open_page(page: Page, server: str) -> OpenPage:
    """Open a page by its path and query, and wait until it has run and shows its title."""

    def open_(path: str = "", **query: str) -> Page:
        words = "&".join(f"{name}={value}" for name, value in query.items())
        page.goto(f"{server}/{path}?{words}")
        settle(page)
        return page

    return open_


@pytest.fixture
def settled() -> Callable[[Page], None]:
    """Wait until a page shows what it has to show."""
    return settle


def settle(page: Page) -> None:
    """Wait until the page has a title, or an exception, its script has ended, and nothing on it is stale."""
    page.locator('[data-testid="stMain"] :is(h1, h2, [data-testid="stException"])').first.wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    # Parts whose scripts are still on their way stand there as grey boxes.
    page.wait_for_function(
        """document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]') === null"""
    )


class Listener:
    """A tab, the hosts that it asked, what it asked in vain, and what it was given."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(locale="ko-KR", viewport=WIDE, reduced_motion="reduce")
        self.hosts: set[str] = set()
        self.in_vain: list[str] = []
        self.given: list[str] = []
        self.context.on("request", lambda request: self._note(request.url))
        self.context.on("response", self._note_response)
        self.tab = self.context.new_page()
        self.tab.on("websocket", lambda socket: self._note(socket.url))

    def look_around(self) -> None:
        """Point at the middle and scroll to the end, for what a page fetches only then."""
        self.tab.wait_for_function(DRAWN)
        self.tab.mouse.move(640, 450)
        self.tab.mouse.wheel(0, 10_000)
        self.tab.wait_for_timeout(LATE_MILLISECONDS)

    def _note(self, address: str) -> None:
        if host := urlsplit(address).hostname:  # data: and blob: ask nobody
            self.hosts.add(host)

    def _note_response(self, response: Response) -> None:
        if response.status < 400:
            self.given.append(response.url)
        elif not response.url.endswith(LOOKED_FOR):
            self.in_vain.append(f"{response.status} {response.url}")


@pytest.fixture(scope="module")
def listener(browser: Browser) -> Iterator[Listener]:
    """A tab that notes what it asks."""
    found = Listener(browser)
    yield found
    found.context.close()
