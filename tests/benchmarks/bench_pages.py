"""How long the server takes for each page, warm: `uv run python tests/benchmarks/bench_pages.py`.

Median of 7 runs under AppTest, beside a page of one line: what is left of the machine's speed then is the page's own work.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.i18n import LANGUAGES
from etl.settings import Settings
from etl.warehouse import build

APP = Path(dashboard.__file__).with_name("app.py")
PAGES = ("overview", "trends", "destinations", "simulator", "sources")
RUNS = 7
MOST_MILLISECONDS = 300


def median_milliseconds(app: AppTest) -> float:
    """Median time of a run after one that warms the caches."""
    app.run()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        app.run()
        times.append(1000 * (time.perf_counter() - started))
        if app.exception:
            raise SystemExit(app.exception[0].message)
    return statistics.median(times)


def page(name: str, lang: str) -> AppTest:
    """A page as its address opens it."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    return app.switch_page(f"app_pages/{name}.py")


def main() -> None:
    """Print the table; exit with 1 where a page takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["YEOKJIKGU_BUILT_DIR"] = folder
        build(Settings.from_environment(), lambda _: None)
        bare = median_milliseconds(AppTest.from_string("import streamlit as st\nst.title('one line')"))
        measured = {
            f"{name} ({lang})": median_milliseconds(page(name, lang)) for name in PAGES for lang in LANGUAGES
        }
    lines = [f"{'page':<20}{'median ms':>12}{'x one line':>14}", f"{'one line':<20}{bare:>12.1f}{1:>14.1f}"]
    lines += [f"{name:<20}{each:>12.1f}{each / bare:>14.1f}" for name, each in measured.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    slow = [name for name, milliseconds in measured.items() if milliseconds >= MOST_MILLISECONDS]
    if slow:
        raise SystemExit(f"{MOST_MILLISECONDS} ms or more: {', '.join(slow)}")


if __name__ == "__main__":
    main()
