"""The read-only interface under load: 20 clients at once ask `/simulate`, each its next question as soon as it is answered.

`uv run python tests/benchmarks/bench_api.py [URL]`: without an address it serves the interface itself, in another process.
Cold: the first answer. Repeated: 20 questions that others have asked. New limits: no question was asked before, the
assumptions were. Goal: p95 below 250 ms with assumptions cached.
"""

import multiprocessing
import sys
import threading
import time
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.serving import serving

CLIENTS, EACH = 20, 20


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


def load(url: str, questions: list[list[str]]) -> None:
    place = urlsplit(url)
    found: list[tuple[float, int]] = []

    def client(mine: list[str]) -> None:
        connection = HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        found.extend([ask(connection, f"{place.path}/simulate?{each}") for each in mine])

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
    print(  # noqa: T201 (its output is what it measured)
        f"  p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   {len(found) / seconds:6.0f} a second   429: {refused}   other: {wrong}"
    )


def measure(url: str) -> None:
    place = urlsplit(url)
    first = HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
    print(f"cold      {1000 * ask(first, f'{place.path}/simulate')[0]:.1f} ms")  # noqa: T201 (its output is what it measured)
    same = [f"old={2_000_000 + 100_000 * step}&new=5000000" for step in range(20)]
    for each in same:
        ask(first, f"{place.path}/simulate?{each}")
    print(f"{CLIENTS} clients, repeated")  # noqa: T201 (its output is what it measured)
    load(url, [[same[(client + turn) % len(same)] for turn in range(EACH)] for client in range(CLIENTS)])
    print(f"{CLIENTS} clients, new limits (slider steps of KRW 100,000)")  # noqa: T201 (its output is what it measured)
    fresh = [(old, new) for old in range(5, 60) for new in range(old + 1, 60)]
    rng = np.random.default_rng(1)
    picked = [fresh[each] for each in rng.choice(len(fresh), CLIENTS * EACH, replace=False)]
    asked = [f"old={old}00000&new={new}00000" for old, new in picked]
    load(url, [asked[client::CLIENTS] for client in range(CLIENTS)])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1].rstrip("/"))
    else:
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
        server.start()
        measure(here.recv())
        here.send("done")
        server.join()
