"""The pack of a page: what it drew, with its texts, tables and receipts."""

from collections.abc import Callable, Sequence
from typing import Any

from dashboard import glossary, register
from dashboard.evidence import Evidence
from dashboard.exports.pack.redrawn import redrawn
from dashboard.exports.pack.slide import Pack, Slide


def pack(
    title: str,
    lead: str,
    slides: Sequence[Slide],
    read: Callable[..., Any],
    evidence: Evidence,
    *,
    address: str,
    built: str,
) -> Pack:
    """Build the pack of a page in the language that it was shown in; `read` gives what `store` reads, by name."""
    words = evidence.words
    drawn = [redrawn(slide, words) for slide in slides]
    ids = evidence.series_behind([receipt for slide in drawn for receipt in slide.receipts])
    series = read("series")
    said = [text for slide in drawn for text in (slide.shown.title, slide.shown.subtitle)]
    terms = glossary.occurring(said, glossary.terms(read("terms"), words.lang), words.lang)
    behind = series[series["series_id"].isin(ids)]
    return Pack(
        title=title,
        subtitle=lead,
        slides=drawn,
        address=address,
        version=evidence.version,
        built=built,
        words=words,
        definitions=[register.series(behind, words), *([register.terms(terms, words)] if terms else [])],
    )
