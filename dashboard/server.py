"""The ASGI application: Streamlit's pages, whose HTML says in which language it is from the first byte."""

import gzip
import json
import logging
import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.application import api
from dashboard.i18n import LANGUAGES, preferred_language
from dashboard.migrations import PAGES

# Streamlit and the command say where the dashboard is; uvicorn's greeting would say it again.
logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

# Streamlit puts the base path before its own routes only.
_BASE = str(st.get_option("server.baseUrlPath") or "").strip("/")
API = f"/{_BASE}/api/v1" if _BASE else "/api/v1"

_HTML_LANG = re.compile(rb'(<html\b[^>]*?\blang=")[^"]*')
# A page differs by language, so neither a kept copy nor a part of one may stand in for it.
_CONDITIONS = frozenset({b"if-modified-since", b"if-none-match", b"if-range", b"range"})
# What draws charts and most controls: Streamlit asks for it when the first of them arrives, and then waits.
_SOON = (
    *(
        "PlotlyChart",
        "withFullScreenWrapper",
        "printWidthCap",
        "resolveDefaultExport",
    ),  # the latter ones Plotly’s part imports
    *("ButtonGroup", "Selectbox", "Html", "BidiComponent"),
)
_STATIC = Path(st.__file__).with_name("static")
_CODE = [
    f"./{file.relative_to(_STATIC).as_posix()}"
    for name in _SOON
    for file in _STATIC.glob(f"static/js/{name}.*.js")
]
# Streamlit notes a page's plain address in the history before the page has written its choices there, and an address again
# where two runs write the same one; two entries for one click would make Back stand still.
# A page changes its address without asking again for the HTML; a browser too old to tell keeps the first answer's language.
_END_OF_HEAD = f"""<script>
const push = history.pushState.bind(history)
history.pushState = (state, unused, address) => {{
  const to = new URL(address ?? location.href, location.href)
  const isBare = !location.search && to.pathname === location.pathname
  isBare || to.href === location.href ? history.replaceState(state, unused, address) : push(state, unused, address)
}}
window.navigation?.addEventListener("currententrychange", () => {{
  const lang = new URLSearchParams(location.search).get("lang")
  if ({json.dumps(LANGUAGES)}.includes(lang)) document.documentElement.lang = lang
}})
addEventListener("DOMContentLoaded", () => {{
  for (const href of {json.dumps(_CODE)})
    document.head.append(Object.assign(document.createElement("link"), {{ rel: "modulepreload", crossOrigin: "", href }}))
}})
</script>
</head>""".encode()
_OF_THE_FILE = ("accept-ranges", "content-encoding", "content-length", "etag", "last-modified")


def page_language(query: str, accept_language: str) -> str:
    """Return the language that the address asks for, else the browser's; the pages choose theirs alike."""
    asked = parse_qs(query).get("lang", [""])[-1]
    return asked if asked in LANGUAGES else preferred_language(accept_language)


class PageLanguage:
    """Middleware that corrects `<html lang>`, which Streamlit fixes to "en", in a page's HTML.

    An address that ends in a file's name is no page: downloads and components say their own language, and so does the
    read-only interface, whose readers may keep what they hold.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, but hold back an HTML answer until it is whole and rewritten."""
        if scope["type"] != "http" or "." in scope["path"].rpartition("/")[2] or _is_read(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        language = page_language(scope["query_string"].decode("latin-1"), asked.get("accept-language", ""))
        start: Message | None = None
        body = bytearray()

        async def relay(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            headers = MutableHeaders(raw=start["headers"])
            page = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else bytes(body)
            page, found = _HTML_LANG.subn(rb"\g<1>" + language.encode(), page, count=1)
            if found:
                page = page.replace(b"</head>", _END_OF_HEAD, 1)
            for name in _OF_THE_FILE:
                del headers[name]
            headers.add_vary_header("Accept-Language")
            if scope["method"] != "HEAD":
                headers["content-length"] = str(len(page))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": page})

        unconditional = {
            **scope,
            "headers": [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS],
            "extensions": {},  # some servers offer to send a file by its path, past this middleware
        }
        await self._app(unconditional, receive, relay)


class MovedPages:
    """Middleware that leads from a page's former name to where it is now, with its parameters."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the query; a relative address holds below a base path too."""
        name = scope["path"].rpartition("/")[2] if scope["type"] == "http" else ""
        if name not in PAGES:
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        await RedirectResponse(f"./{PAGES[name]}?{query}" if query else f"./{PAGES[name]}")(
            scope, receive, send
        )


def _is_html(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == HTTPStatus.OK and headers.get("content-type", "").startswith("text/html")


def _is_read(path: str) -> bool:
    return path.startswith(f"{API}/")


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[Mount(API, api)],
    middleware=[Middleware(MovedPages), Middleware(PageLanguage)],
)
