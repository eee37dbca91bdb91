"""Pictures of every page, panel and picture, ko and en, 1440 and 390 wide, by day and by night, into `.screenshots`.

Run on demand: `uv run python -m tests.browser.screenshots [part of a view's name]`. Each is as high as its page.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.i18n import LANGUAGES
from tests.browser.conftest import launched, running, settle
from tests.views import VIEWS, View

FOLDER = Path(__file__).resolve().parents[2] / ".screenshots"
WIDTHS = (1440, 390)
SCHEMES = ("light", "dark")
LEAST_HEIGHT = 900
# The page scrolls inside its main part; charts and outlines of countries come a moment after the text.
HEIGHT = "document.querySelector('[data-testid=\"stMain\"]').scrollHeight"
LATE_MILLISECONDS = 700


def take(page: Page, server: str, view: View, lang: str, width: int, file: Path) -> None:
    """Take one picture, as high as its page."""
    page.set_viewport_size({"width": width, "height": LEAST_HEIGHT})
    page.goto(view.address(server, lang))
    settle(page)
    page.wait_for_timeout(LATE_MILLISECONDS)
    page.set_viewport_size({"width": width, "height": max(LEAST_HEIGHT, int(page.evaluate(HEIGHT)))})
    page.wait_for_timeout(LATE_MILLISECONDS)
    page.screenshot(path=file)


def take_all(browser: Browser, server: str, views: list[View]) -> int:
    """Take all pictures; gives their number."""
    taken = 0
    for scheme in SCHEMES:
        context = browser.new_context(locale="ko-KR", color_scheme=scheme)
        page = context.new_page()
        for view, lang, width in product(views, LANGUAGES, WIDTHS):
            take(page, server, view, lang, width, FOLDER / f"{view}-{lang}-{width}-{scheme}.png")
            taken += 1
        context.close()
    return taken


def main() -> None:
    """Take the pictures of the views whose name has the word given, or of all pages, panels and pictures."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    views = [view for view in VIEWS if (word in str(view) if word else view.is_panel)]
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with running(folder, folder / "data") as server, launched(playwright) as browser:
            taken = take_all(browser, server, views)
    sys.stdout.write(f"{taken} pictures in {FOLDER}\n")


if __name__ == "__main__":
    main()
