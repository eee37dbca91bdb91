"""A refresh's way to ask the publishers of `tests.fake_apis`, and bodies spoiled in every way, for the tests of the readers."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from etl.errors import SourceError
from etl.settings import Access
from etl.sources.source import Answer, Dataset, Request, Rows, Scope
from etl.transport import Patience, Transport
from tests.fake_apis import FakeServer, Faults, all_keys

QUICK = Patience(connect_seconds=2, read_seconds=5, backoff_seconds=0.01, busy_seconds=0.01)
SCOPE = Scope("2024-01", "2026-10", ("3304", "6109"), ("US", "JP"), "2026-11-23")


@dataclass
class Desk:
    """A server with its faults, the door, and the seconds that it would have waited."""

    server: FakeServer
    transport: Transport
    waits: list[float]

    @property
    def faults(self) -> Faults:
        return self.server.faults

    def first(self, dataset: Dataset, scope: Scope = SCOPE, **params: str) -> tuple[Rows, list[str]]:
        """Rows of the first request of a plan, and what contradicts; `params` are sent instead, left out where empty."""
        return self.send(dataset, with_params(dataset.plan(scope)[0], **params))

    def send(self, dataset: Dataset, request: Request) -> tuple[Rows, list[str]]:
        _, rows = self.transport.fetch(dataset, request)
        return rows, list(dataset.check(rows, request, {}))


@contextmanager
def asking(server: FakeServer, keys: dict[str, str] | None = None) -> Iterator[Desk]:
    """A desk at a running server, with all keys unless others are given."""
    server.faults.clear()
    server.calls.clear()
    waits: list[float] = []
    access = Access(all_keys() if keys is None else keys, server.base)
    with Transport(access, QUICK, sleep=waits.append) as transport:
        yield Desk(server, transport, waits)
    server.faults.clear()


def with_params(request: Request, **params: str) -> Request:
    """A request with other parameters; an empty one is left out."""
    changed = dict(request.params) | params
    return replace(request, params=tuple((name, text) for name, text in changed.items() if text))


def rows_or_refusal(dataset: Dataset, answer: Answer, request: Request) -> Rows | None:
    """What a reader must give for any body: sound rows, or one of the named errors in one line."""
    try:
        rows = dataset.read(answer, request)
    except SourceError as error:
        words = str(error)
        assert words.strip()
        assert words.isprintable()
        return None
    assert tuple(rows.columns) == dataset.columns
    assert len({len(column) for column in rows.columns.values()}) == 1
    assert rows.periods == frozenset(map(str, rows.columns[dataset.period_column]))
    for column in rows.columns.values():
        for cell in column:
            assert cell is None or cell == cell, "not a number"  # noqa: PLR0124 (NaN is not equal to itself)
            str(cell).encode()
    assert all(isinstance(each, str) for each in dataset.check(rows, request, {}))
    return rows


statuses = st.sampled_from([200, 200, 200, 400, 403, 404, 429, 500, 502])
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from(["", "-", "2024", "202401", "1e5", "١٢", "\ud800", "x" * 300, "A\nB"]),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([{}]),
)


@st.composite
def spoiled(draw: st.DrawFn, sound: Any) -> bytes:
    """A sound JSON body with a value replaced, left out or doubled somewhere, or with bytes cut or changed."""
    value = copy.deepcopy(sound)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = _somewhere(draw, value)
        if holder is None:
            return draw(st.binary(max_size=50))
        match draw(st.sampled_from(["replace", "drop", "double"])):
            case "drop":
                del holder[key]
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(draw(leaves))
    body = json.dumps(value).encode()
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(max_size=3)) + body[place + draw(st.integers(0, 40)) :]
    return body


def _somewhere(draw: st.DrawFn, value: Any) -> tuple[Any, Any]:
    """A container within `value` and one of its keys; None where there is none."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        for key in keys:
            found.append((each, key))
            waiting.append(each[key])
    return draw(st.sampled_from(found)) if found else (None, None)
