"""What a page says and draws under AppTest: every text with where it stands, every chart with its table, every number."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

import dashboard
from dashboard import frame
from dashboard.i18n import LANGUAGES, words_for
from dashboard.receipts import Number
from dashboard.tables import Table
from tests.views import View

# Columns that say where the figures of a row are from.
SOURCES = {words_for(lang).gettext(name) for lang in LANGUAGES for name in ("Source", "Alternatives")}
APP = Path(dashboard.__file__).with_name("app.py")

_KEY = re.compile(r"\$\$ID-[0-9a-f]+-(?P<key>.+)")
_MARKUP = re.compile(r"<[^>]+>")
# Fields of an element that nobody reads: names for machines, pictures (their texts are taken from the figure), code.
_UNSEEN = set(
    re.split(
        r"\s+",
        "id icon url form_id key type spec config theme mime_type file_name language element_id element_type "
        "autocomplete divider tag anchor page page_script_hash query_string "
        "content_icon query_param_key js_content html_content css_content component_name json",
    )
)


@dataclass(frozen=True)
class Said:
    """A text on the page: the kind of its element, and the keys of the containers around it."""

    kind: str
    text: str
    within: tuple[str, ...] = ()

    def stands_in(self, prefix: str) -> bool:
        """Whether a container whose key begins so is around it."""
        return any(key.startswith(prefix) for key in self.within)


@dataclass(frozen=True)
class Drawn:
    """A call of `frame.chart`."""

    heading: str
    subtitle: str
    figure: go.Figure
    table: Table
    key: str


@dataclass
class Look:
    """One page, looked at once."""

    said: list[Said] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def look(view: View, lang: str) -> Look:
    """Open a view in a session of its own."""
    found = Look()
    draw = frame.chart

    def note(heading: str, subtitle: str, figure: go.Figure, table: Table, key: str, **more: Any) -> None:
        found.drawn.append(Drawn(heading, subtitle, go.Figure(figure), table, key))
        draw(heading, subtitle, figure, table, key, **more)

    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update({**view.query, "lang": lang})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "chart", note)
        app.switch_page(f"app_pages/{view.page}.py").run()
    found.wrong = [each.value for each in [*app.exception, *app.error]]
    found.numbers = list(app.session_state["numbers_of_this_run"])
    found.said = list(_walk(app._tree, ()))
    return found


def _walk(block: Block, within: tuple[str, ...]) -> Iterator[Said]:
    for node in block.children.values():
        if isinstance(node, Block):
            named = _KEY.fullmatch(node._block_id if hasattr(node, "_block_id") else "")
            inner = (*within, named["key"]) if named else (*within, node.type)
            if isinstance(node.proto, Message):
                yield from (Said(node.type, text, within) for text in _strings(node.proto))
            yield from _walk(node, inner)
        elif node.type in {"table", "arrow_table"}:
            yield from _cells(node.value, within)
        elif node.type == "html" and "<style>" in node.proto.body:
            continue
        elif isinstance(getattr(node, "proto", None), Message):
            texts = _strings(node.proto)
            yield from (
                Said(node.type, _MARKUP.sub(" ", text) if node.type == "html" else text, within)
                for text in texts
            )


def _cells(table: pd.DataFrame, within: tuple[str, ...]) -> Iterator[Said]:
    """The names of columns and rows, and the cells; a table with a column of sources is a register."""
    if SOURCES & set(table.columns):
        within = (*within, "register")
    yield from (Said("column", str(name), within) for name in [table.index.name, *table.columns] if name)
    yield from (Said("row", str(name), within) for name in table.index)
    yield from (Said("table", str(cell), within) for cell in table.to_numpy().ravel())


def _strings(message: Message) -> Iterator[str]:
    for descriptor, value in message.ListFields():
        if descriptor.name in _UNSEEN:
            continue
        values = value if descriptor.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from _strings(each)
            elif isinstance(each, str) and each.strip():
                yield html.unescape(each)


def words_in(figure: go.Figure, *, ticks: bool = True) -> list[str]:
    """The texts of a figure: titles, ticks (unless not wanted), labels, annotations and what is read on hovering."""
    layout = figure.layout
    axes = [getattr(layout, name) for name in layout if re.fullmatch(r"[xy]axis\d*", name)]
    found = [axis.title.text for axis in axes]
    found += [label for axis in axes if ticks for label in axis.ticktext or ()]
    found += [note.text for note in layout.annotations]
    for trace in figure.data:
        for name in ("text", "customdata", "labels", "hovertext"):
            value = getattr(trace, name, None)
            found += [value] if isinstance(value, str) else list(value if value is not None else ())
        if getattr(trace, "orientation", None) == "h":
            found += list(trace.y)
    return [html.unescape(_MARKUP.sub(" ", each)) for each in found if isinstance(each, str) and each.strip()]
