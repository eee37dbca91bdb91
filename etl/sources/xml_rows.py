"""The envelope that data.go.kr puts around every answer: errors of its gateway, errors of the service, or flat items.

Decisions follow the body, never the status: the gateway sends its errors with 200 as readily as with 403. The status is asked
only where a body says nothing at all ("Unauthorized").
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import NoReturn
from xml.parsers import expat

from etl.errors import BusyError, FormatError, QuotaError, RefusedError, SourceError
from etl.sources.source import Answer

# A country's whole trade in one year is 20 MB and 2 million tags; much more is no answer to what we ask.
_MAX_BYTES = 100_000_000
_MAX_TAGS = 4_000_000
_SHOWN = 80

_HTML = re.compile(rb"<(!doctype\s+)?html\b", re.IGNORECASE)
_JSON_CODE = re.compile(rb'"(?:returnReasonCode|resultCode|code)"\s*:\s*"?0*([0-9]{1,3})\b')
_NO_RIGHT = (401, 403)

_KEY_HINT = (
    "the key is wrong (copy the decoding form again), or this very service has not been applied for (활용신청) "
    "on data.go.kr, or the key is less than an hour old"
)
# The gateway's codes; the texts beside them differ from one generation of the gateway to the next.
_PASSES = {
    "1": "an error of the application behind the gateway",
    "4": "an HTTP error behind the gateway",
    "5": "the service timed out",
    "23": "more calls a second than allowed",
    "99": "an unknown error of the gateway",
}
_STAYS = {
    "10": "an invalid request parameter",
    "12": "no such service: the address is wrong (upper and lower case count), or the service was retired",
    "20": "the key is missing, or access is denied: " + _KEY_HINT,
    "29": "this network address is blocked",
    "30": _KEY_HINT,
    "31": "the key has expired; renew it on data.go.kr",
    "32": "this network address is not registered for the key",
}
_QUOTA = "22"
_AT_MIDNIGHT = "after midnight, Korean time"


class Items:
    """The items of an answer, column by column: field -> one text an item, None where an item lacks the field."""

    def __init__(self, count: int, columns: Mapping[str, Sequence[str | None]], asked: str) -> None:
        self._count = count
        self._columns = columns
        self._asked = asked

    def __len__(self) -> int:
        return self._count

    def texts(self, *names: str) -> list[str]:
        """One field of every item, stripped; of several names, the first that there is.

        Raises:
            FormatError: an item lacks the field.
        """
        if not self._count:
            return []
        name = next((name for name in names if name in self._columns), names[0])
        texts = [text.strip() for text in self._columns.get(name, ()) if text is not None]
        if len(texts) != self._count:
            raise FormatError(f"{self._asked}: rows without the field {' or '.join(names)}")
        return texts


def read_items(answer: Answer, asked: str) -> Items:
    """The items of an answer; `asked` names the request in the sentence of an error.

    Raises:
        BusyError: not XML, HTML, cut, or an error that passes.
        QuotaError: the day's calls are used up.
        RefusedError: key, parameters or address are wrong.
        FormatError: XML that is none of the documented forms.
    """
    body = _markup(answer, asked)
    ends = _ends(body, asked)
    if columns := _alike(ends):
        return Items(len(next(iter(columns.values()))), columns, asked)
    # `_ends` has refused what is no XML or has a document type, so nothing can expand here.
    root = ET.XML(body, ET.XMLParser(encoding="utf-8"))  # noqa: S314 (see above)
    gateway = root.tag == "OpenAPI_ServiceResponse"
    if not gateway and root.tag != "response":
        raise FormatError(f"{asked}: XML with the root <{_shown(root.tag)}>, not <response>")
    code = _code(root.findtext(".//returnReasonCode" if gateway else "header/resultCode"))
    message = _shown(root.findtext("header/resultMsg") or "")
    if code == "3":
        return Items(0, {}, asked)
    if gateway:
        raise _gateway_error(code, answer, asked)
    if code == "99":
        # This service's only code of its own: 99 means whatever the text says, and never passes by itself.
        raise RefusedError(f"{asked} was refused: “{message}”")
    if code in _PASSES or code in _STAYS or code == _QUOTA:
        raise _gateway_error(code, answer, asked)
    if code != "0":
        raise FormatError(f"{asked}: an answer with the unknown result code “{_shown(code)}” ({message})")
    if root.find("body/items") is None:
        raise FormatError(f"{asked}: the answer is marked as good but holds no items")
    items = root.findall("body/items/item")
    rows = [{field.tag: field.text or "" for field in item} for item in items]
    names = dict.fromkeys(name for row in rows for name in row)
    return Items(len(rows), {name: [row.get(name) for row in rows] for name in names}, asked)


def _markup(answer: Answer, asked: str) -> bytes:
    """The body, if it can be XML that is meant for programs."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body.startswith(b"<"):
        raise _no_markup(body, answer, asked)
    if _HTML.search(body[:2_000]):
        if answer.status in _NO_RIGHT:
            raise RefusedError(
                f"{asked}: access denied by a page for people (HTTP {answer.status}): {_KEY_HINT}"
            )
        raise BusyError(f"{asked}: a page for people came instead of data")
    if len(body) > _MAX_BYTES or body.count(b"<") > _MAX_TAGS:
        raise FormatError(f"{asked}: {len(body):,} bytes are more than such an answer can have; not read")
    return body


def _ends(body: bytes, asked: str) -> list[str]:
    """Texts, and the names of elements where they end, in the order of the body: all that a flat answer says.

    A tree of elements would cost five times the time of this list, which expat fills without a line of Python.
    """
    found: list[str] = []

    def refuse(*_: object) -> NoReturn:
        raise FormatError(f"{asked}: the XML declares a document type, which no answer does; not read")

    # UTF-8 whatever the declaration says, as the service documents it.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.CharacterDataHandler = found.append
    parser.EndElementHandler = found.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 (the last piece; it takes no keyword)
    except expat.ExpatError:
        raise BusyError(f"{asked}: the XML is cut or garbled") from None
    return found


def _alike(ends: list[str]) -> dict[str, list[str]] | None:
    """The columns of a good answer whose items all have the same fields in the same order, none of them empty.

    Then the list repeats itself: text, name, text, name ... "item". None for any other answer, which is read from its tree.
    """
    if ends[1:5:2] + ends[4:5] + ends[-3:] != [
        "resultCode",
        "resultMsg",
        "header",
        "items",
        "body",
        "response",
    ]:
        return None
    cells = ends[5:-3]
    if ends[0] != "00" or "item" not in cells:
        return None
    step = cells.index("item") + 1
    count, rest = divmod(len(cells), step)
    names = cells[1 : step - 1 : 2]
    if (
        rest
        or step != 2 * len(names) + 1
        or len(set(names)) != len(names)
        or cells[step - 1 :: step] != ["item"] * count
        or any(cells[2 * place + 1 :: step] != [name] * count for place, name in enumerate(names))
    ):
        return None
    return {name: cells[2 * place :: step] for place, name in enumerate(names)}


def _no_markup(body: bytes, answer: Answer, asked: str) -> SourceError:
    """The error of a body that is text, JSON or nothing."""
    if found := _JSON_CODE.search(body):
        return _gateway_error(_code(found[1].decode()), answer, asked)
    text = f"“{_shown(body[:400].decode(errors='replace'))}”" if body else "an empty body"
    if answer.status in _NO_RIGHT:
        return RefusedError(f"{asked}: {text} (HTTP {answer.status}): {_KEY_HINT}")
    return BusyError(f"{asked}: {text} came instead of data (HTTP {answer.status})")


def _gateway_error(code: str, answer: Answer, asked: str) -> SourceError:
    if code == _QUOTA:
        return QuotaError(f"{asked}: the calls of this key for today are used up (code 22)", _AT_MIDNIGHT)
    if code in _PASSES:
        return BusyError(f"{asked}: {_PASSES[code]} (code {code.zfill(2)})")
    if code in _STAYS:
        return RefusedError(f"{asked}: {_STAYS[code]} (code {code})")
    if answer.status in _NO_RIGHT:
        return RefusedError(f"{asked}: access denied (HTTP {answer.status}): {_KEY_HINT}")
    return FormatError(f"{asked}: the gateway's unknown code “{_shown(code)}” (HTTP {answer.status})")


def _code(text: str | None) -> str:
    """A code without its leading zeros: "00" and "0" are one, so are "04" and "4"."""
    stripped = (text or "").strip()
    return stripped.lstrip("0") or stripped[:1]


def _shown(text: str) -> str:
    """A foreign text, fit to stand inside one sentence."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
