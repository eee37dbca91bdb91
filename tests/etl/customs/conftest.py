"""The Customs Service’s server, without faults until a test switches one on."""

from collections.abc import Iterator

import pytest

from etl.settings import Access
from etl.transport import Transport
from tests.etl.customs.desk import QUICK, VARIABLE, Desk
from tests.fake_apis import FakeServer, serving
from tests.fake_apis.customs import (
    KEY,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[FakeServer]:
    with serving() as server:
        yield server


@pytest.fixture
def desk(shared: FakeServer) -> Iterator[Desk]:
    """A server without faults, shared since it takes half a second to stop; what a test switches on goes off again."""
    waits: list[float] = []
    shared.calls.clear()
    with Transport(Access({VARIABLE: KEY}, shared.base), QUICK, sleep=waits.append) as transport:
        yield Desk(shared, transport, waits)
    shared.faults.clear()
