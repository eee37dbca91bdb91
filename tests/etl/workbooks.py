"""Writes workbooks for the tests: as Excel does where that matters, and as nobody should."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | float | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Raw(str):
    """A cell's element as it is, `{at}` for its reference."""

    __slots__ = ()


def workbook(
    path: Path,
    sheets: dict[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    from_1904: bool = False,
    members: dict[str, str] | None = None,
) -> Path:
    """Texts go into the shared strings, as Excel writes them; `members` replaces whole members."""
    shared: dict[str, int] = {}
    written: dict[str, str] = {}
    listed, related = "", ""
    for number, (title, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if title in hidden else ""
        listed += f'<sheet name="{escape(title)}" sheetId="{number}"{state} r:id="rId{number}"/>'
        related += (
            f'<Relationship Id="rId{number}" Type="{REL}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        body = ""
        for line, row in enumerate(rows, start=1):
            cells = "".join(_cell(f"{chr(65 + place)}{line}", cell, shared) for place, cell in enumerate(row))
            body += f'<row r="{line}">{cells}</row>'
        written[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    texts = "".join(f"<si><t>{escape(text)}</t><rPh><t>읽기</t></rPh></si>" for text in shared)
    written |= {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr date1904="{int(from_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in (written | (members or {})).items():
            archive.writestr(member, text)
    return path


def _cell(at: str, cell: Cell, shared: dict[str, int]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Raw):
        return cell.format(at=at)
    if isinstance(cell, str):
        return f'<c r="{at}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'
    return f'<c r="{at}"><v>{cell!r}</v></c>'
