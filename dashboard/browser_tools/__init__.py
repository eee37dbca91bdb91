"""What only the browser can do: take a chart along as a picture, and put a link on the clipboard.

Two small components without frames or network; the Python side sends texts, never numbers, and hears nothing back.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from dashboard.i18n import Words

_HERE = Path(__file__).parent
_STYLE = (_HERE / "buttons.css").read_text(encoding="utf-8")

_picture = st.components.v2.component(
    "yeokjikgu.picture",
    html='<div><button type="button" data-as="png"></button><button type="button" data-as="svg"></button></div>'
    '<span role="status"></span>',
    css=_STYLE,
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)
_link = st.components.v2.component(
    "yeokjikgu.link",
    html='<button type="button"></button><span role="status"></span><input type="text" readonly hidden>',
    css=_STYLE,
    js=(_HERE / "link.js").read_text(encoding="utf-8"),
)


def picture(key: str, title: str, subtitle: str, below: Sequence[str], words: Words) -> None:
    """Buttons that save the chart `chart-<key>` as PNG or SVG, with its texts: it must survive being cut out of the page."""
    _ = words.gettext
    _picture(
        key=f"picture-{key}",
        data={
            "chart": f"chart-{key}",
            "file": f"yeokjikgu-{key}",
            "title": title,
            "subtitle": subtitle,
            "below": list(below),
            "png": _("Picture (PNG)"),
            "svg": _("Picture (SVG)"),
            "saved": _("Saved"),
            "failed": _("The picture could not be made. Load the page again and try once more."),
        },
        width="content",
    )


def copy_link(key: str, versions: Mapping[str, str], words: Words) -> None:
    """A button that copies the address of this view: every control, the language and the versions."""
    _ = words.gettext
    _link(
        key=f"link-{key}",
        data={
            "versions": dict(versions),
            "label": _("Copy link"),
            "copied": _("Copied"),
            "by_hand": _("Copy this link by hand"),
        },
        width="content",
    )
