"""A server that plays the Customs Service, and a refresh’s way to ask it."""

from dataclasses import dataclass
from urllib.parse import quote

import requests

from etl.sources.source import Answer, Dataset, Request, Rows, Scope
from etl.transport import Patience, Transport
from tests.fake_apis import FakeServer, Faults
from tests.fake_apis.customs import (
    KEY,
)

VARIABLE = "YEOKJIKGU_DATA_GO_KR_KEY"


QUICK = Patience(connect_seconds=2, read_seconds=0.5, backoff_seconds=0.01, busy_seconds=0.01)


SCOPE = Scope("2026-01", "2026-10", ("3304",), ("US",), "2026-11-23")


SERVICES = {
    "Newtrade": "Newtrade/getNewtradeList",
    "nationtrade": "nationtrade/getNationtradeList",
    "nitemtrade": "nitemtrade/getNitemtradeList",
    "Itemtrade": "Itemtrade/getItemtradeList",
    "rate": "retrieveTrifFxrtInfo/getRetrieveTrifFxrtInfo",
}


@dataclass
class Desk:
    """A server with its faults, and a refresh's way to ask it."""

    server: FakeServer
    transport: Transport
    waits: list[float]

    @property
    def faults(self) -> Faults:
        return self.server.faults

    def fetch(self, dataset: Dataset, scope: Scope = SCOPE) -> tuple[Answer, Rows, list[str]]:
        """The first request of a data set's plan: answer, rows and contradictions."""
        return self.send(dataset, dataset.plan(scope)[0])

    def send(self, dataset: Dataset, request: Request) -> tuple[Answer, Rows, list[str]]:
        answer, rows = self.transport.fetch(dataset, request)
        return answer, rows, list(dataset.check(rows, request, {}))

    def get(self, service: str, **params: str) -> Answer:
        """A call without the door, for what it would never send; the key goes along unless it is given."""
        params = {"serviceKey": KEY} | params
        return self.raw(
            f"{SERVICES[service]}?"
            + "&".join(f"{name}={quote(text, safe='')}" for name, text in params.items())
        )

    def raw(self, tail: str) -> Answer:
        response = requests.get(f"{self.server.base}/1220000/{tail}", timeout=5)
        return Answer(response.status_code, response.content, dict(response.headers))


def read(dataset: Dataset, answer: Answer) -> Rows:
    return dataset.read(answer, dataset.plan(SCOPE)[0])
