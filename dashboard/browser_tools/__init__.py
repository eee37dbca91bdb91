"""What only the browser can do: take a chart along as a picture, and put a link or a frame on the clipboard.

Small components without frames or network; the Python side sends texts, never numbers, and hears nothing back. There is one
of each for every language, so that the buttons have their names from the start, before any script has run.
"""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.i18n import LANGUAGES, Lang, Words, words_for

_HERE = Path(__file__).parent
_STYLE = (_HERE / "buttons.css").read_text(encoding="utf-8")
# Room for the chart, its texts and its tools on a page of 700 pixels or more.
_FRAME_HEIGHT = 760
_LINK_ICON = '<path d="M10 8H8a4 4 0 0 0 0 8h2m4-8h2a4 4 0 0 1 0 8h-2m-5-4h6"/>'


def _picture_html(words: Words) -> str:
    _ = words.gettext
    names = {"png": _("Picture (PNG)"), "svg": _("Picture (SVG)")}
    buttons = "".join(
        f'<button type="button" data-as="{kind}">{html.escape(name)}</button>' for kind, name in names.items()
    )
    return f'<div>{buttons}</div><span role="status"></span>'


def _link_html(words: Words) -> str:
    _ = words.gettext
    name, by_hand = html.escape(_("Copy link")), html.escape(_("Copy this link by hand"))
    return (
        f'<button type="button"><svg viewBox="0 0 24 24" aria-hidden="true">{_LINK_ICON}</svg>'
        f'<span>{name}</span></button><span role="status"></span>'
        f'<input type="text" readonly hidden aria-label="{by_hand}">'
    )


def _embed_html(words: Words) -> str:
    _ = words.gettext
    labels, copy = (_("Address of this chart alone"), _("Line for another web page")), html.escape(_("Copy"))
    texts = "".join(
        f'<label>{html.escape(label)}<textarea readonly rows="3"></textarea></label>'
        f'<button type="button">{copy}</button>'
        for label in labels
    )
    return f'<div class="stack">{texts}</div><span role="status"></span>'


_CLIPBOARD = (_HERE / "clipboard.js").read_text(encoding="utf-8")


def _component(name: str, markup: Callable[[Words], str], script: str) -> dict[Lang, Any]:
    """The component of a tool, one a language: its words stand in its markup."""
    return {
        lang: st.components.v2.component(
            f"yeokjikgu.{name}-{lang}", html=markup(words_for(lang)), css=_STYLE, js=script
        )
        for lang in LANGUAGES
    }


_picture = _component("picture", _picture_html, (_HERE / "picture.js").read_text(encoding="utf-8"))
_link = _component("link", _link_html, _CLIPBOARD + (_HERE / "link.js").read_text(encoding="utf-8"))
_embed = _component("embed", _embed_html, _CLIPBOARD + (_HERE / "embed.js").read_text(encoding="utf-8"))


def picture(key: str, title: str, subtitle: str, below: Sequence[str], words: Words) -> None:
    """Buttons that save the chart `chart-<key>` as PNG or SVG, with its texts: it must survive being cut out of the page."""
    _ = words.gettext
    _picture[words.lang](
        key=f"picture-{key}",
        data={
            "chart": f"chart-{key}",
            "file": f"yeokjikgu-{key}",
            "title": title,
            "subtitle": subtitle,
            "below": list(below),
            "saved": _("Saved"),
            "failed": _("The picture could not be made. Load the page again and try once more."),
        },
        width="content",
    )


def copy_link(key: str, carried: Mapping[str, str], words: Words) -> None:
    """A button that copies the address of this view: every control, the language and what else the link carries."""
    _ = words.gettext
    _link[words.lang](
        key=f"link-{key}",
        data={
            "carried": dict(carried),
            "label": _("Copy link"),
            "copied": _("Copied"),
            "by_hand": _("Copy this link by hand"),
        },
        width="content",
    )


def embed(key: str, title: str, versions: Iterable[str], words: Words) -> None:
    """The address of the chart alone and the line that shows it on another site, under a title that newer data leave true.

    The names in `versions` do not go along: such a frame follows the newest data.
    """
    _ = words.gettext
    _embed[words.lang](
        key=f"embed-{key}",
        data={
            "chart": key,
            "title": title,
            "height": _FRAME_HEIGHT,
            "left_out": list(versions),
            "copied": _("Copied"),
            "by_hand": _("Copy this text by hand"),
        },
    )
