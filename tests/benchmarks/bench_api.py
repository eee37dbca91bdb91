"""The read-only interface under load: 20 clients at once ask `/simulate`, each its next question as soon as it is answered.

`uv run python tests/benchmarks/bench_api.py [URL]`: without an address it serves the interface itself, in another process.
Cold: the first answer. Repeated: 20 questions that others have asked. New limits: no question was asked before, the
assumptions were; the limits are those of the page's sliders. Any amounts: two limits to the won that nobody named before.
Goal: p95 below 250 ms with assumptions cached.

Then, where a browser is found, the whole dashboard is served, and a control of a page is clicked, alone and while 20 clients
ask: milliseconds from the click to the last change of the chart. `page` or `load` behind the command leave the other out.
"""

import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from etl.settings import Settings
from tests.benchmarks.bench_pages import NOTE_REDRAW, redraw
from tests.browser.conftest import executable, launched, running, settle
from tests.serving import serving

CLIENTS, EACH = 20, 20
# Even: each round begins with the choice that is not open.
CLICKS = 12


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve(port: Connection) -> None:
    with serving() as server:
        port.send(server.url)
        port.recv()


def ask(connection: HTTPConnection, place: str) -> tuple[float, int]:
    start = time.perf_counter()
    connection.request("GET", place)
    answer = connection.getresponse()
    answer.read()
    return time.perf_counter() - start, answer.status


def connect(url: str) -> HTTPConnection:
    place = urlsplit(url)
    return HTTPConnection(place.hostname or "", place.port or 80, timeout=60)


def load(url: str, questions: list[list[str]]) -> None:
    found: list[tuple[float, int]] = []

    def client(mine: list[str]) -> None:
        connection = connect(url)
        found.extend([ask(connection, f"{urlsplit(url).path}/simulate?{each}") for each in mine])

    threads = [threading.Thread(target=client, args=(mine,)) for mine in questions]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    taken = 1000 * np.array([each for each, _status in found])
    p50, p95 = np.quantile(taken, [0.5, 0.95])
    refused = sum(status == 429 for _each, status in found)
    wrong = sum(status not in {200, 429} for _each, status in found)
    say(
        f"  p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   {len(found) / seconds:6.0f} a second   429: {refused}   other: {wrong}"
    )


def measure(url: str) -> None:
    first = connect(url)
    rng = np.random.default_rng(1)
    say(f"cold      {1000 * ask(first, f'{urlsplit(url).path}/simulate')[0]:.1f} ms")
    same = [f"old={2_000_000 + 100_000 * step}&new=5000000" for step in range(20)]
    for each in same:
        ask(first, f"{urlsplit(url).path}/simulate?{each}")
    say(f"{CLIENTS} clients, repeated")
    load(url, [[same[(client + turn) % len(same)] for turn in range(EACH)] for client in range(CLIENTS)])
    say(f"{CLIENTS} clients, new limits (slider steps of KRW 100,000)")
    fresh = [(old, new) for old in range(5, 60) for new in range(old + 1, 60)]
    picked = [fresh[each] for each in rng.choice(len(fresh), CLIENTS * EACH, replace=False)]
    asked = [f"old={old}00000&new={new}00000" for old, new in picked]
    load(url, [asked[client::CLIENTS] for client in range(CLIENTS)])
    say(f"{CLIENTS} clients, any amounts (won)")
    amounts = np.sort(rng.integers(500_000, 10_000_000, (CLIENTS * EACH, 2)), axis=1)
    asked = [f"old={old}&new={new}" for old, new in amounts]
    load(url, [asked[client::CLIENTS] for client in range(CLIENTS)])


@contextmanager
def asking(url: str, question: Callable[[int], str]) -> Iterator[list[int]]:
    """Clients that go on asking until the block ends; gives the statuses that they got."""
    done, number, statuses = threading.Event(), count(), list[int]()

    def client() -> None:
        connection = connect(url)
        while not done.is_set():
            statuses.append(ask(connection, f"{urlsplit(url).path}/simulate?{question(next(number))}")[1])

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        done.set()
        for thread in threads:
            thread.join()


def clicks(page: Page, said: str) -> None:
    taken = [redraw(page, "view", turn, 2) for turn in range(1, CLICKS + 1)]
    say(f"  {said:<44} p50 {statistics.median(taken):6.0f} ms   most {max(taken):6.0f} ms")


def measure_page() -> None:
    """A click on the Trends page, alone and under each load."""
    loads: dict[str, Callable[[int], str]] = {
        "repeated questions": lambda number: f"old={2_000_000 + 100_000 * (number % 20)}&new=5000000",
        "new questions, slider steps": lambda number: (
            f"old={5 + number % 50}00000&new={60 + number // 50 % 40}00000"
        ),
        "new questions, any amounts": lambda number: (
            f"old={1_000_001 + 7 * number}&new={5_000_001 + 7 * number}"
        ),
    }
    say("A click on the Trends page until its chart is drawn")
    with tempfile.TemporaryDirectory() as folder:
        data = Settings.from_environment().built_dir
        with (
            running(Path(folder), data) as server,
            sync_playwright() as playwright,
            launched(playwright) as browser,
        ):
            page = browser.new_page(locale="ko-KR", viewport={"width": 1280, "height": 900})
            page.goto(f"{server}/trends")
            settle(page)
            page.evaluate(NOTE_REDRAW)
            clicks(page, "alone, first clicks")
            clicks(page, "alone")
            for said, question in loads.items():
                start = time.perf_counter()
                with asking(f"{server}/api/v1", question) as statuses:
                    clicks(page, f"{CLIENTS} clients, {said}")
                refused = sum(status != 200 for status in statuses)
                a_second = len(statuses) / (time.perf_counter() - start)
                say(f"    meanwhile {a_second:.0f} answers a second, refused {refused}")


if __name__ == "__main__":
    words = sys.argv[1:]
    if addresses := [each for each in words if "://" in each]:
        measure(addresses[0].rstrip("/"))
    elif "page" not in words:
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
        server.start()
        measure(here.recv())
        here.send("done")
        server.join()
    if not addresses and "load" not in words and executable():
        measure_page()
