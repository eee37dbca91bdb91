"""JSON bodies as publishers send them: read strictly, every value checked, and refused in one sentence that names who sent it."""

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from etl.errors import BusyError, FormatError, RefusedError, SourceError
from etl.sources.source import Answer

_LONGEST_QUOTE = 200
_LARGEST = 1e18  # no figure of any publisher comes near; DuckDB's BIGINT ends at 9.2e18
_TOO_MANY = 429
_BAD_REQUEST = 400
_SERVER_FAULT = 500
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(answer: Answer, publisher: str, *, strict: bool = True) -> Any:
    """The value of a body, whatever its status: `refusal` judges by that where the value brings no data.

    With `strict` off, raw tabs and line ends inside of texts are taken (KOSIS sends them).

    Raises:
        BusyError: a page, an empty or a cut body, or a fault of the server in words: asking again may help.
        RefusedError: words of refusal instead of data (status 4xx).
        FormatError: not JSON though it is whole.
    """
    try:
        text = answer.body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise FormatError(f"{publisher} sent a body that is not UTF-8") from None
    if not text or text[0] == "<" or text[-1] not in "]}":
        if answer.status >= _BAD_REQUEST:
            raise refusal(answer, publisher, "" if text[:1] == "<" else text)
        what = (
            "nothing"
            if not text
            else "a page instead of data"
            if text[0] == "<"
            else "a body that is cut off"
        )
        raise BusyError(f"{publisher} sent {what}")
    try:
        return json.loads(text, strict=strict, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if error.pos >= len(text):  # more was to come behind this bracket
            raise BusyError(f"{publisher} sent a body that is cut off") from None
        raise _no_json(publisher, text) from None
    except RecursionError:
        raise FormatError(f"{publisher} sent JSON that is nested too deep") from None
    except ValueError:  # also whole numbers of thousands of digits
        raise _no_json(publisher, text) from None


def refusal(answer: Answer, publisher: str, message: str) -> SourceError:
    """What a body without data means, by its status."""
    said = f": “{quoted(message)}”" if message.strip() else ""
    if answer.status == _TOO_MANY:
        return BusyError(f"{publisher} was asked too often{said}", retry_after(answer))
    if answer.status >= _SERVER_FAULT:
        return BusyError(
            f"{publisher} has a fault of its own (HTTP {answer.status}){said}", retry_after(answer)
        )
    if answer.status >= _BAD_REQUEST:
        return RefusedError(f"{publisher} refused the call (HTTP {answer.status}){said}")
    return FormatError(f"{publisher} sent something else than data{said}")


def retry_after(answer: Answer) -> float | None:
    """Seconds that the header `Retry-After` asks to wait, None where it gives none (a date counts as none)."""
    text = answer.headers.get("retry-after", "").strip()
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def records(value: Any, publisher: str) -> list[dict[str, Any]]:
    """`value` as a list of objects.

    Raises:
        FormatError: it is something else.
    """
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise FormatError(f"{publisher} sent something else than a list of records")
    return value


def field(record: Any, name: str, kind: Literal["text", "object", "list"], publisher: str) -> Any:
    """The value of a field that must be there and of this kind.

    Raises:
        FormatError: the field is missing or of another kind, or a text that no encoding can write.
    """
    types = {"text": str, "object": dict, "list": list}
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, types[kind]):
        raise FormatError(f"{publisher} sent a record without the {kind} “{name}”")
    if isinstance(value, str) and _SURROGATE.search(value):
        raise FormatError(f"{publisher} sent a broken text in “{name}”")
    return value


def number(value: Any, name: str, publisher: str) -> float | int:
    """`value` as the number that it is, whole where it was sent so.

    Raises:
        FormatError: no number, not finite, or beyond any that a publisher could mean.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST < value < _LARGEST:
        raise FormatError(f"{publisher} sent no number in “{name}”: “{quoted(str(value)[:40])}”")
    return value


def whole(value: Any, name: str, publisher: str) -> int:
    """`value` as a whole number, also where it was sent as a text.

    Raises:
        FormatError: anything else.
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -_LARGEST < value < _LARGEST:
        raise FormatError(f"{publisher} sent no whole number in “{name}”: “{quoted(str(value)[:40])}”")
    return value


def quoted(text: str) -> str:
    """Foreign words for a sentence of ours: one line, printable, not long."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"


def listed(names: Sequence[str], longest: int = 5) -> str:
    """The first few of many names, for a sentence."""
    shown = ", ".join(names[:longest])
    return shown if len(names) <= longest else f"{shown} and {len(names) - longest} more"


def _no_json(publisher: str, text: str) -> FormatError:
    return FormatError(f"{publisher} sent a body that is not JSON: “{quoted(text[:60])}”")


def _no_number(text: str) -> float:
    raise ValueError(text)
