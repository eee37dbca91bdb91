"""Text files of rows and cells: which encoding, which delimiter, and a reader that knows each row's line.

Two readers give the same rows. The quick one is DuckDB's (`tables.py`); it may be used only where the count of lines proves that
it left nothing out, because only then the number of a row tells its line. The careful one here handles what is left: blank
lines, broken quotes, rows of another length, lines that are too long.
"""

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from etl.errors import InputError
from etl.intake.sources import Limits

_CHUNK = 1 << 22
_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ("cp949", "cp932")  # what Korean and Japanese shops and spreadsheets still write
_JOINED_LINES = 1000
_LONGEST_CELL = csv.field_size_limit()
_SHOWN_CHARS = 80
HEAD_ROWS = 20


@dataclass(frozen=True)
class Broken:
    """A line that is no row: its number from 1, the reason, and what stands there."""

    line: int
    reason: str
    text: str


Row = tuple[int, list[str]] | Broken


@dataclass(frozen=True)
class Form:
    """How a text file is written.

    Attributes:
        damaged: some bytes do not fit the encoding.
        lines: the number of lines without blank ones at the end; None where a carriage return stands alone, because
            then line feeds do not count lines.
    """

    encoding: str
    damaged: bool
    delimiter: str
    lines: int | None

    def __str__(self) -> str:
        return f"{self.encoding.removesuffix('-sig').upper()}, {_DELIMITERS[self.delimiter]}"


def form_of(path: Path, name: str, limits: Limits, is_header: Callable[[Sequence[str]], bool]) -> Form:
    """Recognise encoding and delimiter: those under which a header is found, else the likeliest.

    Raises:
        InputError: the file is empty.
    """
    if not path.stat().st_size:
        raise InputError(f"{name} is empty")
    lines = _count_lines(path)
    candidates = [
        Form(encoding, damaged, delimiter, lines)
        for encoding, damaged in _encodings(path)
        for delimiter in _DELIMITERS
    ]
    for form in candidates:
        if any(is_header(row[1]) for row in head(path, form, limits)):
            return form
    first = next(iter(head(path, candidates[0], limits)), (1, [""]))
    text = "".join(first[1])
    return max(
        candidates[: len(_DELIMITERS)],
        key=lambda form: max(text.count(form.delimiter), len(first[1]) - 1 if form.delimiter == "," else 0),
    )


def head(path: Path, form: Form, limits: Limits) -> list[tuple[int, list[str]]]:
    """The first rows that can be read, each with its line."""
    return [row for row in islice(rows(path, form, limits), HEAD_ROWS) if isinstance(row, tuple)]


def rows(path: Path, form: Form, limits: Limits) -> Iterator[Row]:
    """The rows with the line that each starts on; blank lines are left out, a broken line never takes the next with it."""
    errors = "surrogateescape" if form.damaged else "strict"
    with path.open(encoding=form.encoding, errors=errors, newline="") as text:
        lines = _Lines(text, limits.line_chars)
        while taken := lines.take():
            line, content = taken
            if len(content) > limits.line_chars:
                yield Broken(line, "long", content[:_SHOWN_CHARS])
            elif form.damaged and any("\ud800" <= letter <= "\udfff" for letter in content):
                yield Broken(line, "bytes", content.encode(errors="replace").decode()[:_SHOWN_CHARS])
            elif '"' not in content and len(content) < _LONGEST_CELL:
                if not content.isspace():
                    yield (
                        line,
                        content.rstrip("\r\n").split(form.delimiter),
                    )  # three times as fast as csv, and the same
            elif content.strip():
                yield _row(line, content, form.delimiter, lines)


class _Lines:
    """The lines of a text with their numbers; what was taken too far can be given back."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self.longest = longest
        self._text = text
        self._number = 0
        self._given_back: deque[tuple[int, str]] = deque()

    def take(self) -> tuple[int, str] | None:
        """The next line; of one that is too long only its start, which is longer than allowed."""
        if self._given_back:
            return self._given_back.popleft()
        line = self._text.readline(self.longest + 1)
        if not line:
            return None
        self._number += 1
        rest = line
        while len(rest) >= self.longest and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(self.longest)
        return self._number, line

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        """Have these lines taken again, in their order."""
        self._given_back.extendleft(reversed(lines))


def _row(line: int, content: str, delimiter: str, lines: _Lines) -> Row:
    """One row, with as many of the lines that follow as its open quote needs."""
    used: list[tuple[int, str]] = []
    parts = [content]
    while True:
        try:
            return line, next(csv.reader(("".join(parts),), delimiter=delimiter, strict=True))
        except csv.Error as error:
            open_quote = "unexpected end" in str(error)
            reason = "long" if "field larger" in str(error) else "quotes"
        if not open_quote or not _lengthen(parts, used, lines):
            lines.give_back(used)
            return Broken(line, reason, content[:_SHOWN_CHARS].rstrip())


def _lengthen(parts: list[str], used: list[tuple[int, str]], lines: _Lines) -> bool:
    """Add lines up to the next one with a quote, before which nothing can close the open one; False where there is none."""
    while more := lines.take():
        used.append(more)
        parts.append(more[1])
        if sum(map(len, parts)) > lines.longest or len(used) > _JOINED_LINES:
            return False
        if '"' in more[1]:
            return True
    return False


def as_utf8(path: Path, form: Form, target: Path) -> Path:
    """The file in UTF-8: itself, or a copy at `target`."""
    if form.encoding in {"utf-8", "utf-8-sig"}:
        return path
    with (
        path.open(encoding=form.encoding, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while chunk := source.read(_CHUNK):
            copy.write(chunk)
    return target


def _encodings(path: Path) -> list[tuple[str, bool]]:
    """Encodings that fit the whole file; where none does, the one that spoils the fewest lines, marked as damaged."""
    with path.open("rb") as file:
        start = file.read(4)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return [(encoding, not _fits(path, encoding))]
    if _fits(path, "utf-8"):
        return [("utf-8", False)]
    fitting = [(encoding, False) for encoding in _OLD if _fits(path, encoding)]
    return fitting or [(min(("utf-8", *_OLD), key=lambda encoding: _spoilt(path, encoding)), True)]


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _spoilt(path: Path, encoding: str) -> int:
    spoilt = 0
    with path.open("rb") as file:
        while line := file.readline(_CHUNK):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                spoilt += 1
    return spoilt


def _count_lines(path: Path) -> int | None:
    feeds = returns = both = 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            both += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
        file.seek(max(0, file.tell() - _CHUNK))
        end = file.read()
    if returns != both:
        return None
    blank = end[len(end.rstrip(b"\r\n")) :].count(b"\n") - 1
    return feeds + (last != b"\n") - max(0, blank)
