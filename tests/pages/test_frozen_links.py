"""Addresses frozen in the repository: each opens its page with its choices, in the words of today, and says what changed."""

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import dashboard
from dashboard.claims import NAMES
from etl.settings import ROOT
from tests.views import PAGES

Visit = Callable[..., Any]

FILE = ROOT / "tests" / "data" / "frozen_links.toml"
LINKS: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["link"]
# Controls of what only a session's own doing brings: fetched data, scenarios kept side by side.
WITHOUT_A_LINK = {"goods", "table", "baseline"}
# Where the key stands among the arguments of `dashboard.address`.
PLACE = {
    "select": 2,
    "segments": 2,
    "slide": 2,
    "several": 2,
    "switch": 1,
    "number": 1,
    "search": 1,
    "kept": 0,
}


def parts(address: str) -> tuple[str, dict[str, str]]:
    """The page's path and the parameters."""
    split = urlsplit(address)
    return split.path, dict(parse_qsl(split.query, keep_blank_values=True))


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["address"][:70])
def test_a_frozen_link_opens_what_it_opened(visit: Visit, link: dict[str, Any]):
    path, query = parts(link["address"])
    seen = visit(PAGES[path], **query)
    assert seen.is_sound
    assert seen.title == link["title"]
    expected = query | link.get("becomes", {})
    assert {name: seen.address.get(name, "") for name in expected} == expected
    said = "\n".join(seen.texts).replace("\\", "")
    assert [words for words in link.get("says", []) if words not in said] == []
    notes = "\n".join(note.value for note in seen.app.info)
    assert [name for name in query if f"`{name}=" in notes] == [
        name for name in query if name in link.get("not_followed", [])
    ]


def keys() -> Iterator[str]:
    """The key of every control that the code names in full."""
    for file in sorted(Path(dashboard.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "address"
                and node.func.attr in PLACE
            ):
                key = node.args[PLACE[node.func.attr]]
                if isinstance(key, ast.Constant):
                    yield str(key.value)


def test_every_control_stands_in_a_frozen_link():
    frozen = {name for link in LINKS for name in parts(link["address"])[1]}
    found = set(keys())
    assert len(found) > 50
    missing = sorted(found - frozen - WITHOUT_A_LINK)
    assert not missing, f"add an address with {', '.join(missing)} to {FILE.name}"
    assert frozen >= set(NAMES)
    assert {parts(link["address"])[0] for link in LINKS} == set(PAGES)
