"""The one door, over a real socket: it waits, tries again, gives up in one sentence, and never says a key."""

import gzip
import logging
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response

from etl.errors import BusyError, QuotaError, RefusedError, SourceError, UnreachableError
from etl.settings import Access
from etl.sources.source import Answer, Dataset, Request, Rows
from etl.transport import Patience, Redactor, Transport

KEY = "ab+cd/ef==SECRET"
VARIABLE = "YEOKJIKGU_DATA_GO_KR_KEY"
FORMS = (
    KEY,
    quote(KEY),
    quote(KEY, safe=""),
    quote(quote(KEY, safe=""), safe=""),
    KEY.replace("+", " "),
    "SECRET",
)
ANYWHERE = re.compile("/.*")
QUICK = Patience(
    connect_seconds=1,
    read_seconds=0.5,
    backoff_seconds=0.01,
    repeat_wait_seconds=0,
    busy_seconds=0.01,
    connect_retries=1,
    answer_seconds=1,
)
REQUEST = Request("toy", "https://publisher.example/list", (("month", "2024-01"),), "", "2024-01", "2024-01")


def read(answer: Answer, _request: Request) -> Rows:
    """A publisher in small: its words decide, not its status."""
    words = answer.body.decode(errors="replace")
    if words.startswith("rows"):
        return Rows({"month": [words]}, frozenset({"2024-01"}))
    if words.startswith("wait"):
        raise BusyError(f"too fast: {words}", float(words.split()[1]))
    if words.startswith("quota"):
        raise QuotaError("no more today", "tomorrow")
    if words.startswith("refused"):
        raise RefusedError(words)
    raise BusyError(f"“{words[:20]}” is no answer (HTTP {answer.status})")


TOY = Dataset(
    dataset_id="toy",
    publisher="customs",
    name_ko="장난감",
    name_en="Toy",
    table="toy",
    columns=("month",),
    period_column="month",
    plan=lambda _: [REQUEST],
    read=read,
    check=lambda *_: [],
    key=VARIABLE,
    key_in="query",
    key_name="serviceKey",
    calls_per_second=1000,
    apply_at="https://publisher.example/keys",
)
KEYLESS = replace(TOY, key="", key_in="", key_name="")


class Script:
    """Answers in turn, the last one for ever; keeps what was asked."""

    def __init__(self, *answers: Response | Callable[[Asked], Response]) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []

    def __call__(self, request: Asked) -> Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return (
            answer(request)
            if not isinstance(answer, Response)
            else Response(answer.get_data(), answer.status_code, answer.headers)
        )


@pytest.fixture(scope="module")
def running() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as started:
        yield started


@pytest.fixture
def server(running: HTTPServer) -> HTTPServer:
    running.clear()
    return running


@pytest.fixture
def play(server: HTTPServer) -> Callable[..., Script]:
    def prepare(*answers: Response | Callable[[Asked], Response]) -> Script:
        script = Script(*answers)
        server.expect_request("/list").respond_with_handler(script)
        return script

    return prepare


@pytest.fixture
def access(server: HTTPServer) -> Access:
    return Access({VARIABLE: KEY}, f"http://127.0.0.1:{server.port}")


def ask(access: Access, dataset: Dataset = TOY, patience: Patience = QUICK) -> tuple[Answer, Rows]:
    with Transport(access, patience) as transport:
        return transport.fetch(dataset, REQUEST)


def refused(
    access: Access, kind: type[SourceError], dataset: Dataset = TOY, patience: Patience = QUICK
) -> str:
    with pytest.raises(kind) as caught:
        ask(access, dataset, patience)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "127.0.0.1" not in sentence
    assert not any(form in repr(caught.value) for form in FORMS)
    # Nothing below it in the traceback may be shown either: that is where addresses are.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return sentence


def hang_up(request: Asked) -> Response:
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def half(request: Asked) -> Response:
    def body() -> Iterator[bytes]:
        yield b"rows and"
        hang_up(request)

    return Response(body(), headers={"Content-Length": "100"})


def test_answer_as_received(play: Callable[..., Script], access: Access):
    script = play(Response("rows 총계", headers={"X-RateLimit-Remaining": "9"}))
    answer, rows = ask(access)
    assert (answer.status, answer.body, answer.headers["x-ratelimit-remaining"]) == (
        200,
        "rows 총계".encode(),
        "9",
    )
    assert rows.columns == {"month": ["rows 총계"]}
    assert script.asked[0].args.to_dict() == {"month": "2024-01", "serviceKey": KEY}


@pytest.mark.parametrize("place", ["query", "header", "path"])
def test_key_in_its_place(server: HTTPServer, access: Access, place: str):
    script = Script(Response("rows"))
    server.expect_request(ANYWHERE).respond_with_handler(script)
    name = {"query": "apiKey", "header": "Subscription-Key", "path": "SERVICE_KEY"}[place]
    dataset = replace(TOY, key_in=place, key_name=name)
    request = replace(REQUEST, address="https://publisher.example/list/SERVICE_KEY/json", params=())
    with Transport(access, QUICK) as transport:
        transport.fetch(dataset, request)
    (asked,) = script.asked
    assert (asked.args.get("apiKey") == KEY) == (place == "query")
    assert (asked.headers.get("Subscription-Key") == KEY) == (place == "header")
    assert (quote(KEY, safe="") in asked.environ["REQUEST_URI"]) == (place != "header")
    assert ("SERVICE_KEY" in asked.path) == (place != "path")


def test_key_arrives_once_encoded_in_either_form(play: Callable[..., Script], server: HTTPServer):
    for written in (KEY, quote(KEY, safe="")):
        access = Access.from_environment(
            {VARIABLE: f" {written}\n", "YEOKJIKGU_API_BASE": f"http://127.0.0.1:{server.port}/"}, folders=()
        )
        script = play(Response("rows"))
        ask(access)
        assert parse_qs(script.asked[0].query_string.decode())["serviceKey"] == [KEY]
        server.clear()


@pytest.mark.parametrize("optional", [True, False])
def test_no_key(play: Callable[..., Script], server: HTTPServer, optional: bool):  # noqa: FBT001
    play(Response("rows"))
    access = Access({}, f"http://127.0.0.1:{server.port}")
    dataset = replace(TOY, key_optional=optional)
    if optional:
        assert ask(access, dataset)[0].status == 200
    else:
        sentence = refused(access, RefusedError, dataset)
        assert VARIABLE in sentence
        assert "https://publisher.example/keys" in sentence


def test_key_never_travels_in_the_clear():
    sentence = refused(Access({VARIABLE: KEY}, "http://publisher.example:8999"), RefusedError)
    assert "unencrypted" in sentence


@pytest.mark.parametrize(
    "fault", [Response("Unexpected errors", 500), Response("", 502), Response("", 503), hang_up, half]
)
def test_fault_that_passes(play: Callable[..., Script], access: Access, fault: Response):
    script = play(fault, Response("rows"))
    assert ask(access)[1].columns == {"month": ["rows"]}
    assert len(script.asked) == 2


def test_fault_that_stays(play: Callable[..., Script], access: Access):
    script = play(hang_up)
    sentence = refused(access, UnreachableError)
    assert sentence == "could not reach the Korea Customs Service (the connection broke)"
    assert len(script.asked) == 1 + QUICK.retries


def test_error_that_stays(play: Callable[..., Script], access: Access):
    script = play(Response("Unexpected errors", 500))
    assert "Unexpected errors" in refused(access, BusyError)
    assert len(script.asked) == 1 + QUICK.retries


def test_answer_that_never_comes_whole(play: Callable[..., Script], access: Access):
    script = play(half)
    assert "whole answer" in refused(access, BusyError)
    assert len(script.asked) == QUICK.busy_tries


@pytest.mark.parametrize("status", [200, 403, 429])
def test_refusal_is_not_repeated(play: Callable[..., Script], access: Access, status: int):
    script = play(Response("refused: bad key", status))
    assert refused(access, RefusedError) == "refused: bad key"
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [200, 429])
def test_quota_is_not_hammered(play: Callable[..., Script], access: Access, status: int):
    script = play(Response("quota", status))
    refused(access, QuotaError)
    assert len(script.asked) == 1


def waits(access: Access) -> list[float]:
    slept: list[float] = []
    with Transport(access, QUICK, clock=lambda: 0.0, sleep=slept.append) as transport:
        transport.fetch(replace(TOY, calls_per_second=1e9), REQUEST)
    return [round(each, 3) for each in slept if each > 1e-6]


def test_body_says_how_long_to_wait(play: Callable[..., Script], access: Access):
    play(Response("wait 7", 429), Response("rows"))
    assert waits(access) == [7.0]


def test_header_says_how_long_to_wait(play: Callable[..., Script], access: Access):
    play(Response("slow down", 429, {"Retry-After": "3"}), Response("rows"))
    assert waits(access) == [3.0]


def test_header_says_until_when_to_wait(play: Callable[..., Script], access: Access):
    play(Response("slow down", 429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), Response("rows"))
    assert waits(access) == []


def test_without_a_word_the_waits_grow(play: Callable[..., Script], access: Access):
    play(Response("?"), Response("?"), Response("?"), Response("rows"))
    assert waits(access) == [0.01, 0.02, 0.04]


@pytest.mark.parametrize(("status", "calls"), [(429, 1), (503, 1 + QUICK.retries)])
def test_long_pause_is_a_quota(play: Callable[..., Script], access: Access, status: int, calls: int):
    script = play(Response("slow down", status, {"Retry-After": "3600"}))
    assert "60 minutes" in refused(access, QuotaError)
    assert len(script.asked) == calls


@pytest.mark.parametrize("words", ["x", "-1", "９", "1e9", "Wed, 99 Oct 2015", "99999999999999999999"])
def test_retry_after_that_means_nothing(play: Callable[..., Script], access: Access, words: str):
    play(Response("?", 429, {"Retry-After": words.encode().decode("latin-1")}), Response("rows"))
    expected = pytest.raises(QuotaError) if words.isdigit() and words.isascii() else nullcontext()
    with Transport(access, QUICK, sleep=lambda _: None) as transport, expected:
        transport.fetch(TOY, REQUEST)


def test_calls_are_paced_by_host(play: Callable[..., Script], access: Access):
    play(Response("rows"))
    now = 100.0
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    with Transport(access, QUICK, clock=lambda: now, sleep=sleep, paced=True) as transport:
        for _ in range(4):
            transport.fetch(replace(TOY, calls_per_second=2), REQUEST)
        assert slept == [0.5, 0.5, 0.5]
        now += 10
        transport.fetch(replace(TOY, calls_per_second=2), REQUEST)
        transport.fetch(replace(TOY, publisher="kosis"), REQUEST)
    assert slept == [0.5, 0.5, 0.5]


def test_slow_answer(play: Callable[..., Script], access: Access):
    def late(_: Asked) -> Response:
        time.sleep(0.4)
        return Response("rows")

    play(late)
    patience = replace(QUICK, read_seconds=0.1, retries=1)
    assert refused(access, UnreachableError, patience=patience) == (
        "could not reach the Korea Customs Service (no answer in time)"
    )
    time.sleep(0.5)  # let the server end in peace


def test_answer_drop_by_drop(play: Callable[..., Script], access: Access):
    def body() -> Iterator[bytes]:
        for _ in range(100):
            yield b"rows"
            time.sleep(0.05)

    play(lambda _: Response(body(), headers={"Content-Length": "400"}))
    started = time.monotonic()
    patience = replace(QUICK, answer_seconds=0.3, busy_tries=1)
    assert "still sending" in refused(access, BusyError, patience=patience)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("zipped", [True, False])
def test_answer_without_end(play: Callable[..., Script], access: Access, zipped: bool):  # noqa: FBT001
    body = b"0" * 3_000_000
    headers = {"Content-Encoding": "gzip"} if zipped else {}
    play(Response(gzip.compress(body) if zipped else body, headers=headers))
    sentence = refused(access, RefusedError, patience=replace(QUICK, answer_bytes=1_000_000))
    assert "more than 1,000,000 bytes" in sentence


def test_broken_compression(play: Callable[..., Script], access: Access):
    play(Response(b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert "whole answer" in refused(access, BusyError)


@pytest.mark.parametrize("place", ["https://elsewhere.example/list?k=1", "/login", "//elsewhere.example"])
def test_redirect_is_not_followed(play: Callable[..., Script], access: Access, place: str):
    script = play(Response("", 302, {"Location": place}))
    sentence = refused(access, RefusedError)
    assert "instead of answering" in sentence
    assert len(script.asked) == 1


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_there():
    access = Access({VARIABLE: KEY}, f"http://127.0.0.1:{closed_port()}")
    assert refused(access, UnreachableError) == "could not reach the Korea Customs Service (no connection)"


def test_connect_timeout():
    with closing(socket.socket()) as listener, closing(socket.socket()) as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())  # fills the queue: the next one is left waiting
        seconds = socket.socket()
        seconds.setblocking(False)  # noqa: FBT003
        seconds.connect_ex(listener.getsockname())
        access = Access({}, f"http://127.0.0.1:{listener.getsockname()[1]}")
        sentence = refused(
            access, UnreachableError, KEYLESS, replace(QUICK, connect_seconds=0.2, connect_retries=0)
        )
        seconds.close()
    assert sentence == "could not reach the Korea Customs Service (connect timeout)"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_certificate_is_verified(tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(
        ["openssl", "req", *words, "-keyout", key, "-out", certificate],  # noqa: S607 (found above)
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
                with connection, context.wrap_socket(connection, server_side=True):
                    pass
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    access = Access({VARIABLE: KEY}, f"https://127.0.0.1:{listener.getsockname()[1]}")
    try:
        sentence = refused(access, RefusedError)
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
    assert "certificate" in sentence


@pytest.mark.parametrize(
    "answers", [b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300]
)
def test_no_http(answers: bytes):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(20):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(10_000)
                connection.sendall(answers)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        sentence = refused(
            Access({VARIABLE: KEY}, f"http://127.0.0.1:{listener.getsockname()[1]}"), UnreachableError
        )
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
    assert sentence == "could not reach the Korea Customs Service (the connection broke)"


@given(
    body=st.binary(max_size=200),
    status=st.sampled_from([200, 204, 301, 304, 400, 401, 403, 404, 418, 422, 429]),
)
def test_any_body_is_rows_or_one_sentence(running: HTTPServer, body: bytes, status: int):
    running.clear()
    running.expect_request("/list").respond_with_handler(Script(Response(body, status)))
    access = Access({VARIABLE: KEY}, f"http://127.0.0.1:{running.port}")
    with Transport(access, QUICK, sleep=lambda _: None) as transport:
        try:
            answer, _ = transport.fetch(TOY, REQUEST)
        except SourceError as error:
            sentence = str(error)
            assert sentence
        else:
            assert answer.body == body


LEAKS = (
    Response("rows"),
    Response(f"refused: {KEY}", 403),
    Response(f"refused: {quote(KEY, safe='')}", 403),
    Response(f"refused: {quote(quote(KEY, safe=''), safe='').lower()}", 403),
    Response(f"rows for {KEY} {quote(KEY)}", 200, {"Location": KEY, "X-Asked": quote(KEY)}),
    Response(
        "",
        302,
        {"Location": f"https://{KEY.lower().replace('/', '').replace('+', '').replace('=', '')}.example/"},
    ),
    Response("Unexpected errors", 500),
    Response("wait 0"),
    hang_up,
    half,
)


@pytest.mark.parametrize("answer", LEAKS)
@pytest.mark.parametrize("place", ["query", "header", "path"])
def test_key_in_no_words(
    server: HTTPServer,
    access: Access,
    caplog: pytest.LogCaptureFixture,
    answer: Response,
    place: str,
):
    server.expect_request(ANYWHERE).respond_with_handler(Script(answer))
    dataset = replace(TOY, key_in=place, key_name={"path": "SERVICE_KEY"}.get(place, "apiKey"))
    request = replace(REQUEST, address="https://publisher.example/list/SERVICE_KEY/json")
    words = ""
    with caplog.at_level(logging.DEBUG), Transport(access, replace(QUICK, retries=1)) as transport:
        try:
            words += repr(transport.fetch(dataset, request))
        except SourceError as error:
            words += repr(error) + repr(error.__cause__)
    assert "urllib3" in {record.name.partition(".")[0] for record in caplog.records}, "the log must be on"
    # The server in this process writes a log of its own, with all that it was asked.
    words += repr([vars(record) for record in caplog.records if record.name != "werkzeug"])
    for form in FORMS[:-1]:
        assert form not in words
        assert form.lower() not in words.lower()
    assert repr(access).count("SECRET") == 0


def test_log_is_left_as_it_was(access: Access):
    logger = logging.getLogger("urllib3.connectionpool")
    before = list(logger.filters)
    with Transport(access):
        assert logger.filters != before
    assert logger.filters == before


KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=90)


@given(key=KEYS, before=st.text(max_size=5), after=st.text(max_size=5))
def test_any_key_in_any_form(key: str, before: str, after: str):
    redactor = Redactor({"A": key})
    once = quote(key, safe="")
    for form in (key, once, once.lower(), quote(key), quote(once, safe="")):
        text = before + form + after
        assert form not in redactor.text(text) or form in "[key]"
        assert form.encode() not in redactor.body(text.encode("utf-8", "replace"))


def test_short_word_is_no_secret():
    assert Redactor({"A": "sample"}).text("a sample") == "a sample"
    assert Redactor({}).text("nothing to hide") == "nothing to hide"
