"""How quick the pages are: `uv run python tests/benchmarks/bench_pages.py` prints each measure, its limit and a verdict.

* Server: median milliseconds of a warm run under AppTest.
* Browser: the first words of the main part and the first mark of a chart, each in a fresh context, beside bare Streamlit
  pages (one line; one Plotly bar chart) that are served the same way and opened in turns with ours. Both sides meet the
  same load of the machine, so their ratio says more than the milliseconds.
* Browser: from the click on a control to the last change of the chart.

It ends with exit code 1 where a limit is missed. Words behind the command choose parts: `server`, `first`, `redrawn`.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.i18n import LANGUAGES
from etl.settings import Settings
from etl.warehouse import build
from tests.browser.conftest import launched, running, settle
from tests.views import PAGES

APP = Path(dashboard.__file__).with_name("app.py")
ROUNDS = 7
MOST_SERVER_MILLISECONDS = 300
MOST_TIMES_BARE = 1.5
MOST_REDRAW_MILLISECONDS = 500
START_SECONDS = 60

ONE_LINE = "import streamlit as st\nst.write('One line')\n"
ONE_CHART = (
    "import plotly.graph_objects as go\nimport streamlit as st\n"
    "st.plotly_chart(go.Figure(go.Bar(x=['a', 'b', 'c'], y=[1, 2, 3])))\n"
)
WITHOUT_CHART = {"glossary", "monthly", "shipments", "sources", "storyboard"}
# Controls that change a chart on their page: path, name in the address, and how many of their buttons, from the first, are
# clicked in turns (1: a switch).
CONTROLS = [
    ("overview", "total", 3),
    ("trends", "view", 2),
    ("trends", "events", 1),
    ("destinations", "by", 2),
    ("destinations", "show", 3),
    ("series", "series-currency", 2),
]

# When words stood in the main part, and when a chart had a mark, in milliseconds since the navigation began.
NOTE_FIRSTS = """
window.firsts = {}
new MutationObserver(() => {
  const main = document.querySelector('[data-testid="stMain"]')
  if (!main) return
  const has = (name, wanted) => { if (!(name in firsts) && wanted()) firsts[name] = performance.now() }
  has("words", () => [...main.querySelectorAll("h1, p")].some((each) => each.textContent.trim()))
  has("mark", () => main.querySelector(
    ".js-plotly-plot :is(.point, .js-line, .slice, .choroplethlayer path, .shapelayer path)"))
}).observe(document, { childList: true, subtree: true })
"""
# The click on a control, and the last change within a chart after it.
NOTE_REDRAW = """
() => {
  window.clicked = window.redrawn = performance.now()
  document.addEventListener("click", () => { window.clicked = performance.now() }, true)
  const ofChart = (node) => node instanceof Element &&
    (node.closest(".js-plotly-plot") !== null || node.querySelector(".js-plotly-plot") !== null)
  new MutationObserver((changes) => {
    if (changes.some((each) => each.target.closest?.(".js-plotly-plot") || [...each.addedNodes].some(ofChart)))
      window.redrawn = performance.now()
  }).observe(document.querySelector('[data-testid="stMain"]'),
    { attributes: true, characterData: true, childList: true, subtree: true })
}
"""
QUIET_MILLISECONDS = 300
IS_REDRAWN = f"redrawn > clicked && performance.now() - redrawn > {QUIET_MILLISECONDS}"


@dataclass(frozen=True)
class Measure:
    """A median in milliseconds, what it may be at most, and what else is worth knowing."""

    name: str
    milliseconds: float
    limit: float
    said: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.milliseconds <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "MISSED"
        return f"{self.name:<34}{self.milliseconds:>9.0f}{self.limit:>9.0f}   {verdict:<8}{self.said}"


def server_times() -> Iterator[Measure]:
    """Each page in each language, after a run that warms the caches; the processor's share says how busy the machine was."""
    for page in PAGES.values():
        for lang in LANGUAGES:
            app = AppTest.from_file(APP, default_timeout=60)
            app.query_params["lang"] = lang
            app.switch_page(f"app_pages/{page}.py").run()
            walls, processor = [], []
            for _ in range(ROUNDS):
                wall, own = time.perf_counter(), time.process_time()
                app.run()
                walls.append(1000 * (time.perf_counter() - wall))
                processor.append(1000 * (time.process_time() - own))
                if app.exception:
                    raise SystemExit(app.exception[0].message)
            said = f"of which on the processor {statistics.median(processor):.0f}"
            yield Measure(f"{page} ({lang})", statistics.median(walls), MOST_SERVER_MILLISECONDS, said)


@contextmanager
def bare(folder: Path, name: str, script: str) -> Iterator[str]:
    """Serve a script of a few lines as the command serves ours; gives its address."""
    file = folder / f"{name}.py"
    file.write_text(script, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(file), "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    # from the project's folder: the same theme and settings
    with subprocess.Popen(
        command, cwd=APP.parents[1], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            end = time.monotonic() + START_SECONDS
            while time.monotonic() < end:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def firsts(browser: Browser, address: str, *, has_chart: bool) -> dict[str, float]:
    """Open an address as a first-time reader; milliseconds to the first words, and to the first mark of a chart."""
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(NOTE_FIRSTS)
    page.goto(address)
    page.wait_for_function(f"'{'mark' if has_chart else 'words'}' in firsts")
    found: dict[str, float] = page.evaluate("firsts")
    context.close()
    return found


def first_times(browser: Browser, server: str, folder: Path) -> Iterator[Measure]:
    """Every page beside the bare ones, in turns."""
    with bare(folder, "one_line", ONE_LINE) as line, bare(folder, "one_chart", ONE_CHART) as chart:
        addresses = {"one line": line, "one chart": chart} | {path: f"{server}/{path}" for path in PAGES}
        charted = addresses.keys() - WITHOUT_CHART - {"one line"}
        noted: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
        for turn in range(ROUNDS + 1):
            for name, address in addresses.items():
                found = firsts(browser, address, has_chart=name in charted)
                if turn:  # the first one warms the server
                    noted[name].append(found)

    def median(name: str, what: str) -> float:
        return statistics.median(each[what] for each in noted[name])

    words, mark = median("one line", "words"), median("one chart", "mark")
    yield Measure("first words: bare one-line page", words, words)
    for path in PAGES:
        taken = median(path, "words")
        yield Measure(f"first words: {path}", taken, MOST_TIMES_BARE * words, f"{taken / words:.2f} x bare")
    yield Measure("first chart: bare page, one chart", mark, mark)
    for path in PAGES:
        if path in charted:
            taken = median(path, "mark")
            yield Measure(f"first chart: {path}", taken, MOST_TIMES_BARE * mark, f"{taken / mark:.2f} x bare")


def redraw(page: Page, control: str, turn: int, choices: int) -> float:
    """Click a control and wait until its chart is quiet; milliseconds between the click and the chart's last change."""
    holder = page.locator(f'[data-testid="stMain"] [class*="st-key-{control}-"]').first
    buttons = holder.locator("button") if choices > 1 else holder.locator("label").first
    (buttons.nth(turn % choices) if choices > 1 else buttons).click()
    page.wait_for_function(IS_REDRAWN)
    settle(page)
    taken: float = page.evaluate("redrawn - clicked")
    return taken


def redraw_times(browser: Browser, server: str) -> Iterator[Measure]:
    """Each control, its choices taken in turns, after one turn that warms the server."""
    for path, control, choices in CONTROLS:
        context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{server}/{path}")
        settle(page)
        page.evaluate(NOTE_REDRAW)
        # the first choice is the one that is open already
        taken = [redraw(page, control, turn, choices) for turn in range(1, ROUNDS + choices + 1)]
        context.close()
        name = f"redrawn: {path}, {control}"
        yield Measure(name, statistics.median(taken[choices:]), MOST_REDRAW_MILLISECONDS)


def main() -> None:
    """Print the table; exit with 1 where a limit is missed."""
    parts = set(sys.argv[1:]) or {"server", "first", "redrawn"}
    missed = []

    def show(measures: Iterator[Measure]) -> None:
        for each in measures:
            sys.stdout.write(f"{each}\n")
            sys.stdout.flush()
            missed.extend([each.name] if not each.holds else [])

    sys.stdout.write(f"{'median of ' + str(ROUNDS):<34}{'ms':>9}{'at most':>9}\n")
    if hasattr(os, "getloadavg"):
        sys.stdout.write(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} as it begins\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["YEOKJIKGU_BUILT_DIR"] = str(folder / "data")
        build(Settings.from_environment(), lambda _: None)
        if "server" in parts:
            show(server_times())
        if parts & {"first", "redrawn"}:
            with (
                running(folder, folder / "data") as server,
                sync_playwright() as playwright,
                launched(playwright) as browser,
            ):
                if "first" in parts:
                    show(first_times(browser, server, folder))
                if "redrawn" in parts:
                    show(redraw_times(browser, server))
    if missed:
        raise SystemExit(f"Missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
