"""The server says the page's language, and its colours can be read."""

import asyncio
import gzip
import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dashboard import server
from dashboard.server import PageLanguage, page_language

ROOT = Path(__file__).resolve().parents[2]
INDEX = b'<!DOCTYPE html>\n<html lang="en">\n<head><title lang="en">x</title></head></html>'
HTML = (b"content-type", b"text/html; charset=utf-8")


def answer(
    path: str = "/",
    query: str = "",
    *,
    method: str = "GET",
    asked: tuple[tuple[bytes, bytes], ...] = (),
    status: int = 200,
    headers: tuple[tuple[bytes, bytes], ...] = (HTML,),
    chunks: tuple[bytes, ...] = (INDEX,),
) -> tuple[dict[bytes, bytes], bytes, dict[bytes, bytes]]:
    """Return headers and body of an answer behind the middleware, and the request's headers as passed on."""
    passed: dict[bytes, bytes] = {}
    sent: list[dict[str, Any]] = []

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        passed.update(scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        for number, chunk in enumerate(chunks, start=1):
            await send({"type": "http.response.body", "body": chunk, "more_body": number < len(chunks)})

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(asked)}
    scope["query_string"] = query.encode()
    asyncio.run(PageLanguage(application)(scope, receive, send))
    assert [message["type"] for message in sent[:1]] == ["http.response.start"]
    return dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:]), passed


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "", "ko"),
        ("lang=en", "ko", "en"),
        ("lang=ko", "en", "ko"),
        ("metric=value&lang=en", "", "en"),
        ("lang=fr", "en-US,en;q=0.9", "en"),
        ("lang=", "en", "en"),
        ("", "en-US,en;q=0.9,ko;q=0.8", "en"),
        ("", "en;q=0.8, KO-kr;q=0.9", "ko"),
        ("", "fr-FR,fr;q=0.9,en;q=0.1", "en"),
        ("", "fr, *;q=0.5", "ko"),
        ("", "en;q=0", "ko"),
        ("", "en;q=nonsense", "ko"),
    ],
)
def test_page_language(query: str, accept: str, language: str):
    assert page_language(query, accept) == language


@pytest.mark.parametrize("path", ["/", "/trends", "/exports/", "/exports/trends"])
def test_html_says_the_language_of_the_address(path: str):
    _, body, _ = answer(path, "lang=ko")
    start, script, end = body.partition(server._END_OF_HEAD)
    assert start + b"</head>" + end == INDEX.replace(b'<html lang="en"', b'<html lang="ko"')
    assert b'["ko", "en"]' in script


def test_html_says_the_language_of_the_browser():
    assert b'<html lang="ko"' in answer(asked=((b"accept-language", b"ko-KR,ko;q=0.9,en;q=0.8"),))[1]
    assert b'<html lang="en"' in answer(asked=((b"accept-language", b"en-GB"),))[1]


def test_headers_fit_the_rewritten_page():
    kept = (b"cache-control", b"no-cache")
    of_the_file = ((b"content-length", b"7"), (b"etag", b'"1"'), (b"last-modified", b"x"))
    headers, body, _ = answer("/", "lang=ko", headers=(HTML, kept, *of_the_file))
    assert headers == dict([HTML, kept, (b"vary", b"Accept-Language")]) | {
        b"content-length": str(len(body)).encode()
    }


def test_page_in_pieces_and_compressed():
    packed = gzip.compress(INDEX)
    headers, body, _ = answer(
        "/trends",
        "lang=ko",
        headers=(HTML, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")),
        chunks=(packed[:20], packed[20:], b""),
    )
    assert b'<html lang="ko"' in body
    assert b"content-encoding" not in headers
    assert headers[b"vary"] == b"Accept-Encoding, Accept-Language"


def test_head_has_no_body_and_promises_no_length():
    headers, body, _ = answer(
        query="lang=ko", method="HEAD", headers=(HTML, (b"content-length", b"7863")), chunks=(b"",)
    )
    assert body == b""
    assert b"content-length" not in headers


def test_no_kept_copy_and_no_part_stands_in_for_a_page():
    conditions = ((b"if-none-match", b'"1"'), (b"if-modified-since", b"x"), (b"range", b"bytes=0-9"))
    assert answer("/trends", asked=(*conditions, (b"accept", b"*/*")))[2] == {b"accept": b"*/*"}
    assert answer("/media/1.csv", asked=conditions)[2] == dict(conditions)


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/media/board.html", 200, b"text/html"),  # a download says its own language
        ("/component/x/index.html", 200, b"text/html"),
        ("/_stcore/health", 200, b"text/plain"),
        ("/trends", 404, b"text/html"),
    ],
)
def test_everything_else_passes_untouched(path: str, status: int, content_type: bytes):
    given = ((b"content-type", content_type), (b"etag", b'"1"'))
    headers, body, _ = answer(path, "lang=ko", status=status, headers=given, chunks=(INDEX[:9], INDEX[9:]))
    assert (headers, body) == (dict(given), INDEX)


# --- colours of .streamlit/config.toml

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = pytest.mark.parametrize(
    "theme", [CONFIG["theme"]["light"], CONFIG["theme"]["dark"]], ids=["light", "dark"]
)
WHITE = (255.0, 255.0, 255.0)
Colour = tuple[float, ...]


def colour(text: str) -> Colour:
    return tuple(float(part) for part in bytes.fromhex(text.removeprefix("#")))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of WCAG 2.2."""
    lights = []
    for shade in (one, other):
        linear = [
            part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
            for part in shade
        ]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)


def test_contrast_of_black_and_white():
    assert contrast((0.0, 0.0, 0.0), WHITE) == pytest.approx(21)


@THEMES
def test_text_can_be_read(theme: dict[str, str]):
    text = colour(theme["textColor"])
    for name in ("backgroundColor", "secondaryBackgroundColor"):
        ground = colour(theme[name])
        caption = tuple(0.6 * ink + 0.4 * paper for ink, paper in zip(text, ground, strict=True))
        assert contrast(text, ground) >= 7
        assert contrast(caption, ground) >= 4.5
        assert contrast(colour(theme["linkColor"]), ground) >= 4.5
    assert contrast(WHITE, colour(theme["primaryColor"])) >= 4.5


@THEMES
def test_controls_can_be_seen(theme: dict[str, str]):
    names = itertools.product(
        ("primaryColor", "borderColor"), ("backgroundColor", "secondaryBackgroundColor")
    )
    for control, ground in names:
        assert contrast(colour(theme[control]), colour(theme[ground])) >= 3, (control, ground)


def test_nothing_leaves_this_machine_by_default():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert "://" not in CONFIG["theme"]["font"]
