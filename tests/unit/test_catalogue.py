"""The Korean catalogue holds every message of the code, and nothing else."""

import ast
import io
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

import dashboard
from dashboard.i18n import catalogue_path

PACKAGE = Path(dashboard.__file__).parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2)}
HOW_TO = (
    "Or merge all at once: uv run pybabel extract --no-default-keywords -k _ -k gettext -k ngettext:1,2 "
    "-o messages.pot dashboard && uv run pybabel update --no-fuzzy-matching --no-wrap -N -l ko -D dashboard "
    "-d dashboard/locales -i messages.pot"
)

# Latin words that Korean readers expect in Latin letters.
LATIN = re.compile(
    "A|B|C|D|E|"  # the five series
    "ACI|API|ASEAN|Apache-2.0|B2C|CAGR|CSV|DB|DuckDB|EMS|EU|FOB|GDP|HS|HTML|ID|ISO|JSON|K-beauty|K-pop|KB|"
    "Comtrade|ECOS|Frankfurter|KOSIS|TRASS|"  # publishers' interfaces
    "Excel|GZ|JPY|Parquet|TSV|UTF-8|ZST|b|d|m|xlsx|M|Y|"  # files, their forms, marks of the bunching estimate
    "End|Esc|F|Home|N|"  # keys
    "KCS|KOSTAT|KOTRA|KRW|MB|MSS|NTS|PNG|PPTX|SQL|SVG|TOML|UN|URL|US|USD|XLSX|Yeokjikgu"
)


class Message(NamedTuple):
    """A message of the code, with where it stands."""

    ids: tuple[str, ...]
    place: tuple[str, int]


class Translation(NamedTuple):
    """An entry of the catalogue."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    is_fuzzy: bool


def messages_of(source: str, name: str = "snippet.py") -> list[Message]:
    """Extract the messages of one source text as gettext would."""
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return [Message((ids,) if isinstance(ids, str) else tuple(ids), (name, line)) for line, ids, *_ in found]


def translations_of(catalogue: Catalog) -> list[Translation]:
    """List the entries of a catalogue, without its header."""
    entries = []
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if ids != ("",):
            entries.append(Translation(ids, texts, message.fuzzy))
    return entries


def entries_to_paste(messages: Iterable[Message]) -> str:
    """Write messages as entries of a .po file that wait for their translation."""
    catalogue = Catalog(locale="ko")
    for message in messages:
        catalogue.add(message.ids if len(message.ids) > 1 else message.ids[0], locations=[message.place])
    file = io.BytesIO()
    write_po(file, catalogue, omit_header=True, width=0)
    return file.getvalue().decode()


def placeholders(text: str) -> Counter[str]:
    """Count the `{placeholders}` of a message; a format behind one counts as part of its name."""
    fields = string.Formatter().parse(text)
    return Counter(
        f"{name}{':' if spec else ''}{spec or ''}" for _, name, spec, _ in fields if name is not None
    )


def latin_words(text: str) -> set[str]:
    """Find Latin words that are neither allowed, nor placeholders, code, icons, colours or addresses."""
    text = re.sub(r"\{[^{}]*\}|`[^`]*`|:[a-z]+(?:/[a-z_]+:|\[)|https?://\S+", " ", text)
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*", text)
    return {word for word in words if not LATIN.fullmatch(word)}


def faults(entry: Translation) -> Iterator[str]:
    """Say what is wrong with one entry."""
    if entry.is_fuzzy:
        yield "is fuzzy"
    if not entry.texts or not all(text.strip() for text in entry.texts):
        yield "is not translated"
        return
    for text in entry.texts:
        # A plural may leave the number out of its singular ("one source"), so its last form decides.
        if placeholders(text) != placeholders(entry.ids[-1]):
            yield "has other placeholders"
        if any(":" in name for name in placeholders(text)):
            yield "formats a number"
        if words := latin_words(text):
            yield f"has Latin words: {', '.join(sorted(words))}"


def misuses(source: str) -> list[str]:
    """Say, line by line, where a call for a translation cannot be seen by the extractor."""
    tree = ast.parse(source)
    in_f_strings = {
        inner for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in KEYWORDS:
                wanted = node.args[: len(KEYWORDS[name] or (1,))]
                if node in in_f_strings:
                    found.append(f"{node.lineno}: {name}() inside an f-string")
                if not wanted or not all(
                    isinstance(each, ast.Constant) and isinstance(each.value, str) for each in wanted
                ):
                    found.append(f"{node.lineno}: {name}() of what is no literal")
    return found


def sources() -> Iterator[tuple[str, str]]:
    """Every module of the package: its name in the project, and its text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE.parent).as_posix(), path.read_text("utf-8")


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return [message for name, source in sources() for message in messages_of(source, name)]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with catalogue_path("ko").open("rb") as file:
        return read_po(file, locale="ko", abort_invalid=True)


def test_nothing_is_missing(messages: list[Message], catalogue: Catalog) -> None:
    known = {entry.ids for entry in translations_of(catalogue)}
    missing = [message for message in messages if message.ids not in known]
    assert not missing, f"paste into dashboard.po and translate:\n\n{entries_to_paste(missing)}\n{HOW_TO}"


def test_nothing_is_obsolete(messages: list[Message], catalogue: Catalog) -> None:
    used = {message.ids for message in messages}
    unused = [entry.ids[0] for entry in translations_of(catalogue) if entry.ids not in used]
    unused += [str(message.id) for message in catalogue.obsolete.values()]
    assert not unused, f"no code asks for these any more; take them out of dashboard.po: {unused}"


def test_every_entry_is_sound(catalogue: Catalog) -> None:
    unsound = {entry.ids[0]: list(faults(entry)) for entry in translations_of(catalogue)}
    assert not {message: why for message, why in unsound.items() if why}


def test_the_extractor_sees_every_message() -> None:
    unseen = {name: found for name, source in sources() if (found := misuses(source))}
    assert not unseen, "write _(...) with a plain literal, outside f-strings, and fill it with words.fill"


# --- the guards themselves --------------------------------------------------------------------------------


def test_messages_are_found_with_their_plurals() -> None:
    source = '_("one")\nwords.gettext("two " "parts")\nwords.ngettext("{n} day", "{n} days", n)\n_(name)\n'
    assert [message.ids for message in messages_of(source)] == [
        ("one",),
        ("two parts",),
        ("{n} day", "{n} days"),
    ]


def test_missing_messages_are_ready_to_paste() -> None:
    pasted = entries_to_paste([Message(("one",), ("a.py", 3)), Message(("{n} day", "{n} days"), ("b.py", 4))])
    assert '#: a.py:3\nmsgid "one"\nmsgstr ""\n' in pasted
    assert 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] ""\n' in pasted


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Translation(("a",), ("가",), is_fuzzy=True), "is fuzzy"),
        (Translation(("a",), ("",), is_fuzzy=False), "is not translated"),
        (Translation(("a",), (), is_fuzzy=False), "is not translated"),
        (Translation(("{x} a",), ("{y} 가",), is_fuzzy=False), "has other placeholders"),
        (Translation(("{x} a",), ("가",), is_fuzzy=False), "has other placeholders"),
        (Translation(("{x:.1f}",), ("{x:.1f}",), is_fuzzy=False), "formats a number"),
        (Translation(("a",), ("Value 값",), is_fuzzy=False), "has Latin words: Value"),
    ],
)
def test_an_unsound_entry_is_caught(entry: Translation, why: str) -> None:
    assert why in list(faults(entry))


@pytest.mark.parametrize(
    ("message", "korean"),
    [
        ("{place} leads", "{place}이(가) 앞섬"),
        ("Download CSV", ":material/download: CSV 내려받기"),
        ("see :blue[here]", ":blue[여기] 참고"),
        ("K-pop at `?lang=en`", "K-pop, `?lang=en`"),
    ],
)
def test_a_sound_entry_passes(message: str, korean: str) -> None:
    assert not list(faults(Translation((message,), (korean,), is_fuzzy=False)))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("f\"{_('one')}\"", "1: _() inside an f-string"),
        ("f\"{words.gettext('one')} and\"", "1: gettext() inside an f-string"),
        ("_(name)", "1: _() of what is no literal"),
        ('_(f"{n} days")', "1: _() of what is no literal"),
        ('words.ngettext("day", days, n)', "1: ngettext() of what is no literal"),
        ("_()", "1: _() of what is no literal"),
    ],
)
def test_a_message_that_the_extractor_misses_is_caught(source: str, why: str) -> None:
    assert why in misuses(source)


def test_a_plain_call_is_no_misuse() -> None:
    assert misuses('_("one")\nwords.ngettext("{n} day", "{n} days", n)\n') == []
