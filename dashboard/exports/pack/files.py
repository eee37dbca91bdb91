"""A pack as a file: which endings there are, and what writes each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dashboard import formats
from dashboard.exports.pack.deck import html_bytes
from dashboard.exports.pack.recompute import xlsx_bytes
from dashboard.exports.pack.slide import Pack
from dashboard.exports.pack.slides import pptx_bytes
from dashboard.i18n import Lang

WRITERS: Mapping[str, Callable[[Pack], bytes]] = {
    ".pptx": pptx_bytes,
    ".xlsx": xlsx_bytes,
    ".html": html_bytes,
}
MIME: Mapping[str, str] = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html",
}


def built_on(file: Path, lang: Lang) -> str:
    """The day on which the data of a file were built, in words; empty where the file is gone."""
    if not file.exists():
        return ""
    return formats.date(datetime.fromtimestamp(file.stat().st_mtime, UTC).date(), lang)
