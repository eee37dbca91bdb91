"""Excel workbooks (.xlsx): the rows of one sheet as text, read member by member and never unpacked to the disk."""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from etl.errors import InputError
from etl.intake.sources import Limits

_CHUNK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    expat.ExpatError,
    KeyError,
    ValueError,
    IndexError,
)
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD_ROWS = 20
_FIRST_DAY = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(10_000, 80_000)  # the days from 1927 to 2119, as Excel counts them


@dataclass
class Sheet:
    """A sheet: its name, whether days count from 1904, and how many of its cells were results of formulas."""

    name: str
    member: str
    from_1904: bool
    formulas: int = 0
    shared: list[str] = field(default_factory=list)

    def day(self, cell: str) -> str:
        """A number in a column of dates as the day that Excel shows for it; other text as it is."""
        try:
            number = int(float(cell))
        except (ValueError, OverflowError):
            return cell
        if number not in _SERIALS:
            return cell
        return (_FIRST_DAY[self.from_1904] + timedelta(days=number)).isoformat()


@contextmanager
def opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """The workbook as an archive.

    Raises:
        InputError: no workbook, or one with a password; also where its content breaks off while it is read.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise InputError(
                f"{name} is protected by a password, or is of the old kind: save it as a plain .xlsx"
            )
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as error:
        raise InputError(f"{name} is no whole Excel workbook: open it in Excel and save it again") from error


def sheet_of(
    archive: zipfile.ZipFile,
    name: str,
    wanted: str | None,
    limits: Limits,
    is_header: Callable[[Sequence[str]], bool],
) -> Sheet:
    """The sheet that is wanted, else the first visible one with a header that is known.

    Raises:
        InputError: no such sheet, a member that lies outside the workbook, or one that unpacks too far.
    """
    listed, from_1904 = _listed(archive, name, limits)
    visible = [(title, member) for title, member, hidden in listed if not hidden]
    if wanted is not None:
        visible = [(title, member) for title, member, _ in listed if title == wanted]
    if not visible:
        titles = ", ".join(f"“{title}”" for title, _, _ in listed)
        raise InputError(
            f"{name} has no sheet “{wanted}”: it has {titles}" if wanted else f"{name} has no visible sheet"
        )
    shared = _shared(archive, name, limits)
    sheets = [Sheet(title, member, from_1904, shared=shared) for title, member in visible]
    for sheet in sheets:
        head = [cells for _, cells in islice(rows(archive, sheet, name, limits), _HEAD_ROWS)]
        sheet.formulas = 0
        if any(map(is_header, head)):
            return sheet
    return sheets[0]


def rows(
    archive: zipfile.ZipFile, sheet: Sheet, name: str, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet with their numbers; empty rows are left out.

    A formula counts with the result that Excel stored; without one its cell is the formula's text, which starts with "=".
    """
    reader = _RowReader(sheet)
    for chunk in _chunks(archive, sheet.member, name, limits):
        reader.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position only
        yield from reader.taken()
    reader.parser.Parse(b"", True)  # noqa: FBT003
    yield from reader.taken()


class _RowReader:
    """Collects rows from expat's calls; ElementTree would take four times as long."""

    def __init__(self, sheet: Sheet) -> None:
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._sheet = sheet
        self._rows: list[tuple[int, list[str]]] = []
        self._row: list[str] = []
        self._number = 0
        self._place = 0
        self._kind = ""
        self._parts: list[str] = []
        self._formula: list[str] = []
        self._into: list[str] | None = None
        self._has_formula = self._has_value = False

    def taken(self) -> list[tuple[int, list[str]]]:
        rows, self._rows = self._rows, []
        return rows

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._place = _place(attributes["r"]) if "r" in attributes else len(self._row)
            self._kind = attributes.get("t", "n")
            self._parts, self._formula = [], []
            self._has_formula = self._has_value = False
        elif tag == "v" or (tag == "t" and self._kind == "inlineStr"):
            self._into, self._has_value = self._parts, True
        elif tag == "f":
            self._into, self._has_formula = self._formula, True
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._row = []

    def _text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"v", "t", "f"}:
            self._into = None
        elif tag == "c":
            if self._place >= len(self._row):
                self._row.extend([""] * (self._place + 1 - len(self._row)))
            self._row[self._place] = self._cell()
        elif tag == "row" and any(self._row):
            self._rows.append((self._number, self._row))

    def _cell(self) -> str:
        text = "".join(self._parts)
        if self._has_formula:
            if not self._has_value or not text:
                return "=" + "".join(self._formula)
            self._sheet.formulas += 1
        if self._kind == "s":
            return self._sheet.shared[int(text)] if text else ""
        return _number(text) if self._kind == "n" and text else text


def _number(text: str) -> str:
    """A number as Excel shows it: 15 digits, no exponent."""
    if text.isdigit():
        return text
    return format(Decimal(f"{float(text):.15g}"), "f")


def _place(reference: str) -> int:
    """Column of a reference such as AB12, from 0."""
    place = 0
    for letter in reference:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter) - 64
    if not 0 < place <= 16_384:  # noqa: PLR2004 - the widest sheet that Excel knows
        raise ValueError(reference)
    return place - 1


def _shared(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    reader = _TextReader()
    for chunk in _chunks(archive, "xl/sharedStrings.xml", name, limits):
        reader.parser.Parse(chunk, False)  # noqa: FBT003 - as above
    return reader.texts


class _TextReader:
    """Collects the shared texts; how a word is pronounced (rPh) is no part of it."""

    def __init__(self) -> None:
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._spoken = self._reading = False

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._spoken = True
        self._reading = tag == "t" and not self._spoken

    def _text(self, text: str) -> None:
        if self._reading:
            self._parts.append(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self._reading = False
        if tag == "rPh":
            self._spoken = False
        elif tag == "si":
            self.texts.append("".join(self._parts))


def _listed(archive: zipfile.ZipFile, name: str, limits: Limits) -> tuple[list[tuple[str, str, bool]], bool]:
    """Title, member and whether hidden, of each sheet; and whether days count from 1904."""
    targets: dict[str, str] = {}
    for tag, attributes in _elements(archive, "xl/_rels/workbook.xml.rels", name, limits):
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes["Id"]] = _member(archive, name, attributes)
    sheets: list[tuple[str, str, bool]] = []
    from_1904 = False
    for tag, attributes in _elements(archive, "xl/workbook.xml", name, limits):
        if tag == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in {"1", "true"}
        elif tag == "sheet":
            relation = next(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
            if relation in targets:
                sheets.append(
                    (attributes["name"], targets[relation], attributes.get("state", "visible") != "visible")
                )
    return sheets, from_1904


def _member(archive: zipfile.ZipFile, name: str, attributes: dict[str, str]) -> str:
    target = attributes["Target"]
    path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target))
    if attributes.get("TargetMode") == "External" or path not in archive.namelist():
        raise InputError(
            f"{name} names a sheet outside itself ({target}): open it in Excel and save it again"
        )
    return path


def _elements(
    archive: zipfile.ZipFile, member: str, name: str, limits: Limits
) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    for chunk in _chunks(archive, member, name, limits):
        parser.Parse(chunk, False)  # noqa: FBT003
    return found


def _chunks(archive: zipfile.ZipFile, member: str, name: str, limits: Limits) -> Iterator[bytes]:
    """The bytes of a member, refused where it grows too far; zipfile reads no more than the size that is declared."""
    info = archive.getinfo(member)
    if info.flag_bits & 1:
        raise InputError(f"{name} is protected by a password: save it without one")
    limits.check(name, info.compress_size, info.file_size)
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _parser() -> Any:
    def refuse(*_: object) -> None:
        raise ValueError("a workbook declares no entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser
