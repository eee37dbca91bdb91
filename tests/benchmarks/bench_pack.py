"""How quick a board pack is: `uv run python tests/benchmarks/bench_pack.py` prints each file, its limit and a verdict.

From the scenario to the bytes, the model's answer included; the slides of both languages, the workbook and the HTML file.
It ends with exit code 1 where a limit is missed.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.pack import scenario
from dashboard.exports.pack.files import WRITERS
from dashboard.exports.pack.known import Known
from dashboard.i18n import LANGUAGES, words_for
from dashboard.receipts import Version
from dashboard.scenarios import Scenario
from etl.settings import Settings
from etl.warehouse import build, current

ROUNDS = 5
MOST_SECONDS = 5.0


def main() -> None:
    """Print the table; exit with 1 where a limit is missed."""
    missed = False
    with tempfile.TemporaryDirectory() as name:
        os.environ["YEOKJIKGU_BUILT_DIR"] = name
        settings = Settings.from_environment()
        build(settings, lambda _: None)
        file = current(settings)
        with store.connect(file or Path(name)) as connection:
            known = Known.of(lambda what, *rest: getattr(store, what)(connection, *rest))
            figures = store.figures(connection)
    sys.stdout.write(f"{'file':<16}{'seconds':>9}{'at most':>9}{'slides':>8}{'kB':>8}\n")
    for suffix, write in WRITERS.items():
        for lang in LANGUAGES:
            taken, slides, size = [], 0, 0
            for _round in range(ROUNDS):
                begun = time.perf_counter()
                evidence = Evidence(figures, words_for(lang), Version("0123456789ab", "0.1.0"))
                pack = scenario.pack(Scenario(), known, evidence, base_url="http://127.0.0.1:8501", built="")
                size, slides = len(write(pack)), len(pack.slides)
                taken.append(time.perf_counter() - begun)
            median = statistics.median(taken)
            verdict = "ok" if median <= MOST_SECONDS else "MISSED"
            missed |= median > MOST_SECONDS
            label = f"{suffix} ({lang})"
            sys.stdout.write(
                f"{label:<16}{median:>9.2f}{MOST_SECONDS:>9.1f}{slides:>8}{size // 1000:>8}   {verdict}\n"
            )
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
