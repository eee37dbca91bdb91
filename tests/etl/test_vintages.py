"""What was received stays: whole, readable, in order of time, and never half written."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import vintages
from etl.errors import BuildError
from etl.sources.source import Answer, Request

REQUEST = Request(
    dataset="nitemtrade",
    address="https://publisher.example/list",
    params=(("hsSgn", "3304"), ("cntyCd", "US")),
    query="hs=3304 to=US",
    start="2024-01",
    end="2024-12",
)
ANSWER = Answer(
    200, "<items>총계</items>".encode(), {"content-type": "application/xml", "set-cookie": "secret"}
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_answer_comes_back_as_it_was(tmp_path: Path):
    vintages.keep(tmp_path, REQUEST, ANSWER, {"2024-01": 2}, NOON)
    (kept,) = vintages.kept(tmp_path, "nitemtrade")
    assert (kept.request, kept.retrieved, kept.rows, kept.status) == (REQUEST, NOON, {"2024-01": 2}, 200)
    assert kept.answer() == Answer(200, ANSWER.body, {"content-type": "application/xml"})


@given(body=st.binary(max_size=300), query=st.text(max_size=80), status=st.integers(100, 599))
def test_any_body_and_any_query(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, query: str, status: int
):
    query = query.encode("utf-8", "replace").decode()
    folder = tmp_path_factory.mktemp("raw")
    vintages.keep(folder, replace(REQUEST, query=query), Answer(status, body), {}, NOON)
    (kept,) = vintages.kept(folder, "nitemtrade")
    assert (kept.request.query, kept.answer()) == (query, Answer(status, body))


def test_order_is_that_of_time_and_not_of_names(tmp_path: Path):
    other = replace(REQUEST, query="hs=0101 to=CN")
    for request, hours in ((other, 3), (REQUEST, 1), (other, 0), (REQUEST, 2)):
        vintages.keep(tmp_path, request, ANSWER, {}, NOON + timedelta(hours=hours))
    found = vintages.kept(tmp_path, "nitemtrade")
    assert [each.retrieved.hour for each in found] == [12, 13, 14, 15]
    assert [each.request.query for each in found] == [other.query, REQUEST.query, REQUEST.query, other.query]


def test_what_was_known_on_a_day(tmp_path: Path):
    for day, body in enumerate((b"first", b"second", b"second", b"first")):
        vintages.keep(tmp_path, REQUEST, Answer(200, body), {}, NOON + timedelta(days=day))
    found = vintages.kept(tmp_path, "nitemtrade")
    assert [each.answer().body for each in vintages.as_of(found, NOON + timedelta(days=1))] == [
        b"first",
        b"second",
    ]
    assert vintages.as_of(found, NOON - timedelta(seconds=1)) == []
    # A repeat is no news, but a return to the first text is.
    assert [each.answer().body for each in vintages.distinct(found)] == [b"first", b"second", b"first"]


def test_repeat_counts_where_another_request_spoke_in_between(tmp_path: Path):
    shorter = replace(REQUEST, start="2024-10")
    said = ((REQUEST, b"old"), (shorter, b"new"), (REQUEST, b"old"), (REQUEST, b"old"), (shorter, b"new"))
    for hour, (request, body) in enumerate(said):
        vintages.keep(tmp_path, request, Answer(200, body), {"2024-10": 1}, NOON + timedelta(hours=hour))
    found = vintages.distinct(vintages.kept(tmp_path, "nitemtrade"))
    assert [each.retrieved.hour for each in found] == [12, 13, 14, 16]


def test_same_words_in_two_queries_are_two_files(tmp_path: Path):
    for query in ("a/b", "a:b", "a b"):
        vintages.keep(tmp_path, replace(REQUEST, query=query), ANSWER, {}, NOON)
    assert {each.request.query for each in vintages.kept(tmp_path, "nitemtrade")} == {"a/b", "a:b", "a b"}


def test_rejected_answer_is_no_vintage(tmp_path: Path):
    before = vintages.fingerprint(tmp_path)
    path = vintages.reject(tmp_path, REQUEST, ANSWER, "detail 3, total 4", NOON)
    assert b"detail 3, total 4" in gzip.decompress(path.read_bytes()).splitlines()[0]
    assert vintages.kept(tmp_path, "nitemtrade") == []
    assert vintages.fingerprint(tmp_path) == before
    vintages.keep(tmp_path, REQUEST, ANSWER, {}, NOON)
    assert vintages.fingerprint(tmp_path) != before


def emptied(_: bytes) -> bytes:
    return b""


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def no_gzip(_: bytes) -> bytes:
    return b"<html>"


def no_head(_: bytes) -> bytes:
    return gzip.compress(b"[]\nbody")


def other_letters(_: bytes) -> bytes:
    return gzip.compress(b"\xff\xfe\nbody")


def other_body(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content) + b"!")


@pytest.mark.parametrize("damage", [emptied, cut, no_gzip, no_head, other_letters, other_body])
def test_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]):
    path = vintages.keep(tmp_path, REQUEST, ANSWER, {}, NOON)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BuildError) as caught:
        [each.answer() for each in vintages.kept(tmp_path, "nitemtrade")]
    sentence = str(caught.value)
    assert path.name in sentence
    assert "yeokjikgu refresh" in sentence
    assert "\n" not in sentence


def test_any_cut_of_a_file_is_noticed(tmp_path: Path):
    path = vintages.keep(tmp_path, REQUEST, ANSWER, {}, NOON)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(BuildError):
            [each.answer() for each in vintages.kept(tmp_path, "nitemtrade")]


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from etl import vintages
from etl.sources.source import Answer, Request
number = 0
while True:
    number += 1
    request = Request("d", "a", (), f"n={number}", "2024", "2024")
    vintages.keep(Path(sys.argv[1]), request, Answer(200, str(number).encode() * 200_000), {}, datetime.now(UTC))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_killed_at_any_moment_leaves_nothing_half(tmp_path: Path):
    for attempt in range(4):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
        end = time.monotonic() + 20
        before = len(list(tmp_path.glob("d/*")))
        while len(list(tmp_path.glob("d/*"))) < before + 2 and time.monotonic() < end:
            time.sleep(0.003)
        time.sleep(attempt * 0.007)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    found = vintages.kept(tmp_path, "d")
    assert found
    for each in found:
        number = each.request.query.removeprefix("n=")
        assert each.answer().body == number.encode() * 200_000
    vintages.sweep(tmp_path)
    assert all(path.suffix == ".gz" for path in tmp_path.glob("d/*"))
