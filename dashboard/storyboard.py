"""A storyboard: views of the dashboard in the order in which somebody tells them, as one TOML file. Read, write, arrange.

A view is noted by its page and choices (`simulator?step=4m-5m&...`, without the language) and the key of the chart or table
on it. Only what it was opened with is kept, never a number: the slides are drawn anew from the data in use.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import tomli_w

from dashboard import toml_file
from dashboard.i18n import LANGUAGES, Lang
from dashboard.toml_file import FileError, Format, Table

VERSION = 1
MOST_VIEWS = 40
# Bytes of a file; forty views with long notes come to a tenth of it.
LARGEST = 1_000_000
_MIGRATIONS: toml_file.Migrations = {}
_ADDRESS = re.compile(r"[a-z][a-z_-]*(\?[^#\s]*)?")
_KEY = re.compile(r"[\w-]+")
_EXAMPLES = Path(__file__).with_name("stories")


class StoryboardError(FileError):
    """A storyboard that cannot be read or takes no more views; `key` names the place in the file, empty for all of it."""


_FORMAT = Format("발표 자료 구성 파일", "storyboard", StoryboardError, counts=True)


@dataclass(frozen=True)
class View:
    """One chart or table of a page.

    Attributes:
        address: the page and its choices, with the versions that it was noted with, without the language.
        key: of the chart or table.
        finding: what its title said when it was noted, in the language of then.
        title: the presenter's own title; empty leaves it to the chart, which computes its finding anew.
        note: what the presenter says to it.
    """

    address: str
    key: str
    finding: str = ""
    title: str = ""
    note: str = ""

    @property
    def page(self) -> str:
        """The page's own path in the address."""
        return self.address.partition("?")[0]


@dataclass(frozen=True)
class Storyboard:
    """Views in order; `lang` is the language of the slides."""

    title: str = ""
    lang: Lang = LANGUAGES[0]
    views: tuple[View, ...] = ()

    def with_view(self, view: View) -> "Storyboard":
        """Add a view at the end; StoryboardError where it is full."""
        if len(self.views) >= MOST_VIEWS:
            raise _too_many()
        return replace(self, views=(*self.views, view))

    def has(self, view: View) -> bool:
        """Whether the same chart of the same address is in it."""
        return any((each.address, each.key) == (view.address, view.key) for each in self.views)

    def without(self, place: int) -> "Storyboard":
        """Leave one view out."""
        return replace(self, views=self.views[:place] + self.views[place + 1 :])

    def moved(self, place: int, to: int) -> "Storyboard":
        """Put one view before the one that stands at `to` now, or behind it where it comes from before; beyond the ends nothing moves."""
        if not 0 <= to < len(self.views):
            return self
        views = list(self.views)
        views.insert(to, views.pop(place))
        return replace(self, views=tuple(views))

    def said(self, place: int, **texts: str) -> "Storyboard":
        """Change title or note of one view."""
        views = list(self.views)
        views[place] = replace(views[place], **texts)
        return replace(self, views=tuple(views))


def read(content: bytes) -> Storyboard:
    """Read a storyboard's file; StoryboardError says what is wrong with it and where."""
    if len(content) > LARGEST:
        raise StoryboardError(
            "",
            "발표 자료 구성 파일이 1MB보다 큽니다. 다른 파일을 선택하십시오.",
            "The file is larger than 1 MB, so it is no storyboard: choose another one.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StoryboardError(
            "", "파일이 UTF-8이 아닙니다. UTF-8로 저장하십시오.", "The file is not UTF-8; save it as UTF-8."
        ) from error
    file = toml_file.read(text, _FORMAT, VERSION, _MIGRATIONS)
    views = file.tables("views")
    if len(views) > MOST_VIEWS:
        raise _too_many()
    board = Storyboard(file.text("title", ""), _lang(file), tuple(_view(each) for each in views))
    file.nothing_left()
    return board


def write(board: Storyboard) -> str:
    """Write a storyboard as TOML in the current format; what is empty is left out."""
    views = [{name: text for name, text in asdict(view).items() if text} for view in board.views]
    table = {"version": VERSION, "title": board.title, "lang": board.lang, "views": views}
    return tomli_w.dumps({name: value for name, value in table.items() if value not in ("", [])})


def example(lang: Lang) -> Storyboard:
    """The story of the limit, from KRW 2M to 4M to 5M, with notes in a language."""
    return read((_EXAMPLES / f"example-{lang}.toml").read_bytes())


def as_address(page: str, choices: Mapping[str, str]) -> str:
    """The address of a view as a storyboard keeps it: without language, and without what shows one chart alone."""
    kept = {name: code for name, code in choices.items() if name not in {"lang", "alone"}}
    return f"{page}?{urlencode(kept)}" if kept else page


def _too_many() -> StoryboardError:
    return StoryboardError(
        "views",
        f"views: 발표 자료 하나에는 화면을 {MOST_VIEWS}개까지 담을 수 있습니다. 일부를 빼거나 둘로 나누십시오.",
        f"views: a storyboard takes at most {MOST_VIEWS} views. Take some out, or make two of it.",
    )


def _lang(file: Table) -> Lang:
    lang: Any = file.text("lang", LANGUAGES[0])
    if lang not in LANGUAGES:
        raise file.error("lang", "ko 또는 en이어야 합니다", "must be ko or en")
    found: Lang = lang
    return found


def _view(table: Table) -> View:
    address, key = table.text("address", ""), table.text("key", "")
    if not _ADDRESS.fullmatch(address):
        raise table.error(
            "address",
            "simulator?step=4m-5m처럼 화면의 경로와 선택이어야 합니다",
            "must be a page and its choices, such as simulator?step=4m-5m",
        )
    if not _KEY.fullmatch(key):
        raise table.error(
            "key", "sweep처럼 차트나 표의 키여야 합니다", "must be the key of a chart or table, such as sweep"
        )
    view = View(address, key, table.text("finding", ""), table.text("title", ""), table.text("note", ""))
    table.nothing_left()
    return view
