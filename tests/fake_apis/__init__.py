"""All publishers on one local port, with their faults: for the tests, and by hand as `python -m tests.fake_apis`.

Every publisher is a module of this package with three names:

    KEYS: dict[str, str]                        variable -> the key that this publisher takes (empty if it takes none)
    FAULTS: dict[str, str]                      "<publisher>.<fault>" -> what it does, one line
    def add_routes(server: FakeServer, faults: Faults) -> None

`add_routes` registers handlers with `server.answer(path, handler)`, where `path` is a text or a compiled pattern without
host and query, the publisher's own ("/openapi/Param/statisticsParameterData.do"), and a handler takes a werkzeug `Request`
and gives a `Response` (`xml`, `text`, `page` and `as_json` below make one). Handlers ask `faults` at every call, so a test may
switch a fault between two calls. Figures depend on what is asked, on `server.today` and on the faults, on nothing else.

Faults of the wire (`WIRE_FAULTS`) are played here, for all publishers alike. In a test:

    with serving(Faults("drop=1")) as server:        # the first call is dropped, the second answered
        base = server.base                           # http://127.0.0.1:<port>, for YEOKJIKGU_API_BASE
        server.calls                                 # Counter of path?query without the key
"""

import importlib
import json
import logging
import pkgutil
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from urllib.parse import parse_qsl, urlencode

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

Handler = Callable[[Request], Response]

TODAY = "2026-11-23"
SECRETS = {"serviceKey", "apiKey", "subscription-key"}
WIRE_FAULTS = {
    "drop": "closes the connection without an answer, N times",
    "cut": "sends the first half of the body with a length that fits, N times",
    "broken-off": "announces the whole body, sends half and closes, N times",
    "slow": "waits N seconds before each answer",
    "drip": "sends the body in pieces with N seconds between them",
    "html": "answers 200 with a page for people, N times",
    "text-500": "answers 500 and the text “Unexpected errors”, N times",
    "limit-429": "answers 429 without a body that says more, N times",
    "retry-after": "answers 429 with Retry-After: 1, N times",
}
PAGE = "<!DOCTYPE html><html><head><title>점검</title></head><body><p>서비스 점검 중입니다.&nbsp;</p></body></html>"


class Faults:
    """Which faults are on, each with a number: how often, how long, after how many calls. `on` without one means always."""

    def __init__(self, *words: str) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, float] = {}
        for word in words:
            name, _, number = word.partition("=")
            self.switch_on(name, float(number) if number else float("inf"))

    def switch_on(self, name: str, number: float = float("inf")) -> None:
        self._numbers[name] = number

    def switch_off(self, name: str) -> None:
        self._numbers.pop(name, None)

    def clear(self) -> None:
        self._numbers.clear()

    def on(self, name: str) -> bool:
        return name in self._numbers

    def number(self, name: str, default: float = 0.0) -> float:
        """The number of a fault, `default` if it is off or has none."""
        number = self._numbers.get(name, default)
        return default if number == float("inf") else number

    def take(self, name: str) -> bool:
        """Whether to play a fault now that is to be played so many times: counts down."""
        with self._lock:
            left = self._numbers.get(name, 0.0)
            if left > 0:
                self._numbers[name] = left - 1
            return left > 0


class FakeServer(HTTPServer):
    """The server; `calls` counts what was asked by path and query, keys left out."""

    def __init__(self, faults: Faults, *, port: int = 0, today: str = TODAY) -> None:
        super().__init__(host="127.0.0.1", port=port, threaded=True)
        # The access log would hold the keys that the tests look for everywhere.
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.faults = faults
        self.today = today
        self.calls: Counter[str] = Counter()
        self._count = threading.Lock()
        self.answer("/calls", lambda _: as_json(dict(sorted(self.calls.items()))))

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str | re.Pattern[str], handler: Handler) -> None:
        """Let `handler` answer every GET of `path`; what was registered first goes first."""
        self.expect_request(path, method="GET").respond_with_handler(handler)

    def application(self, request: Request) -> Response:
        # As in the base class, but without its log, which would keep every body of a long backfill.
        if self._readiness_check_pending or request.path == "/calls":
            return self.dispatch(request)
        query = [
            (name, text) for name, text in parse_qsl(request.query_string.decode(), keep_blank_values=True)
        ]
        shown = urlencode([(name, text) for name, text in query if name not in SECRETS])
        with self._count:
            self.calls[request.path + (f"?{shown}" if shown else "")] += 1
        return self._over_a_bad_wire(request)

    def _over_a_bad_wire(self, request: Request) -> Response:
        faults = self.faults
        time.sleep(faults.number("slow"))
        if faults.take("drop"):
            hang_up(request)
        for name, fault in _INSTEAD.items():
            if faults.take(name):
                return fault()
        response = self.dispatch(request)
        if faults.take("cut"):
            body = response.get_data()
            response.set_data(body[: len(body) // 2])
        if faults.take("broken-off"):
            body = response.get_data()
            response.response = _half_and_gone(body, request)
            response.headers["Content-Length"] = str(len(body))
        elif faults.on("drip"):
            response.response = _drop_by_drop(response.get_data(), faults.number("drip", 0.1))
        return response


def hang_up(request: Request) -> None:
    """Close the connection that `request` came over, as a server does that wants no more of a caller."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _half_and_gone(body: bytes, request: Request) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    hang_up(request)


def _drop_by_drop(body: bytes, seconds: float) -> Iterator[bytes]:
    for start in range(0, len(body), 64):
        time.sleep(seconds)
        yield body[start : start + 64]


def xml(body: str, status: int = 200) -> Response:
    return Response(body.encode(), status, content_type="application/xml;charset=UTF-8")


def text(body: str, status: int = 200) -> Response:
    return Response(body, status, content_type="text/plain;charset=UTF-8")


def page(status: int = 200) -> Response:
    return Response(PAGE, status, content_type="text/html;charset=UTF-8")


def as_json(value: object, status: int = 200) -> Response:
    return Response(
        json.dumps(value, ensure_ascii=False), status, content_type="application/json;charset=UTF-8"
    )


def _come_back_in_a_second() -> Response:
    response = text("Too Many Requests", 429)
    response.headers["Retry-After"] = "1"
    return response


_INSTEAD: dict[str, Callable[[], Response]] = {
    "html": page,
    "text-500": lambda: text("Unexpected errors", 500),
    "limit-429": lambda: text("API rate limit exceeded", 429),
    "retry-after": _come_back_in_a_second,
}


def publishers() -> list[ModuleType]:
    """The modules of this package that play a publisher."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    )
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return [module for module in modules if hasattr(module, "add_routes")]


def all_faults() -> dict[str, str]:
    """Fault -> what it does, those of the wire first."""
    return WIRE_FAULTS | {name: says for module in publishers() for name, says in module.FAULTS.items()}


def all_keys() -> dict[str, str]:
    """Variable -> key, for all publishers that take one."""
    return {name: key for module in publishers() for name, key in module.KEYS.items()}


@contextmanager
def serving(faults: Faults | None = None, *, port: int = 0, today: str = TODAY) -> Iterator[FakeServer]:
    """All publishers, up for the length of the block; a port of 0 is any that is free."""
    server = FakeServer(faults or Faults(), port=port, today=today)
    for module in publishers():
        module.add_routes(server, server.faults)
    with server:
        yield server
