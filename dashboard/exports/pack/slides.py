"""The pack as slides: PPTX, 16:9, charts that stay editable, source on each slide, receipts and address in the notes."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches, Pt

from dashboard.exports.cited import receipt_lines
from dashboard.exports.pack import native, room
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.i18n import Words
from dashboard.tables import Table

FONT = "Malgun Gothic"  # on every Windows and in Office for the Mac; elsewhere another font with Hangul takes its place
WIDTH, HEIGHT = 13.333, 7.5  # inches, 16:9
_OLD_WIDTH = 10.0  # python-pptx's own template is 4:3
_LEFT, _INNER = 0.6, 12.13
_TITLE = (0.35, 1.0)  # top, height
_SUBTITLE = (1.33, 0.55)
_BODY_TOP, _SOURCE_TOP = 1.95, 6.95
_TITLE_SIZES, _SUBTITLE_SIZES, _SAID_SIZES, _CELL_SIZES = (
    (28, 26, 24, 22, 20, 18),
    (14, 13, 12, 11),
    (20, 18, 16, 14, 12),
    (16, 14, 12, 11, 10),
)
_SMALL = 10
_GAP = 0.12
_LONG_CELL = 7.0  # inches of text from which on a cell has several lines
_LONG_WORD = 2.0  # inches; what is longer breaks
_BOLD = 1.15  # as wide as plain letters; the head is bold
_CELL_MARGIN = 0.2  # inches, both sides
_ROW_MARGIN = 0.12
_INK, _GREY, _ACCENT = "1F2933", "5A6570", "2867EE"
_LANG = {"ko": "ko-KR", "en": "en-US"}
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (the format writes no zone; the same pack gives the same bytes)
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def pptx_bytes(pack: Pack) -> bytes:
    """Write the pack as a presentation; the same pack gives the same bytes."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _fit_template(show)
    properties = show.core_properties
    properties.title, properties.subject, properties.author = pack.title, pack.subtitle, "Yeokjikgu"
    properties.created = properties.modified = _MADE
    properties.last_modified_by = "Yeokjikgu"
    for each in pack.slides:
        _add(show, each, pack)
    out = io.BytesIO()
    show.save(out)
    return _same_bytes(out.getvalue())


def _fit_template(show: Any) -> None:
    """Stretch the template's own places to 16:9, and name a font with Hangul for all text."""
    factor = WIDTH / _OLD_WIDTH
    for page in (show.slide_master, *show.slide_layouts):
        for shape in page.placeholders:
            if shape._element.spPr.find(".//{*}xfrm") is not None:  # noqa: SLF001 (else it inherits its place)
                shape.left, shape.width = int(shape.left * factor), int(shape.width * factor)
    theme = show.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', text)
    text = re.sub(r'<a:ea typeface="[^"]*"', f'<a:ea typeface="{FONT}"', text)
    theme._blob = text.encode("utf-8")  # noqa: SLF001 (python-pptx reads themes and has no words to change one)


def _add(show: Any, slide: Slide, pack: Pack) -> None:
    """One slide, or several where its table is long."""
    parts = _parts(slide)
    for place, (table, size) in enumerate(parts):
        page = show.slides.add_slide(show.slide_layouts[5])  # title only
        title = slide.shown.title
        if len(parts) > 1:
            title = f"{title} ({place + 1}/{len(parts)})"
        _head(page, title, slide, pack)
        _body(page, slide, table, size, pack, is_first=place == 0)
        _foot(page, slide, pack)
        page.notes_slide.notes_text_frame.text = notes(slide, pack)


def _head(page: Any, text: str, slide: Slide, pack: Pack) -> None:
    shape = page.shapes.title
    top, height = _TITLE
    shape.left, shape.top, shape.width, shape.height = map(Inches, (_LEFT, top, _INNER, height))
    size = room.fitted(text, _TITLE_SIZES, _INNER - 0.2, height)
    _write(shape.text_frame, [text], size, _INK, pack.words, is_bold=True)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    subtitle = slide.shown.subtitle
    if subtitle:
        top, height = _SUBTITLE
        size = room.fitted(subtitle, _SUBTITLE_SIZES, _INNER - 0.2, height)
        _box(page, (_LEFT, top, _INNER, height), [subtitle], size, _GREY, pack.words)


def _body(page: Any, slide: Slide, table: Table | None, size: float, pack: Pack, *, is_first: bool) -> None:
    """Sentences, then the chart or the table, then the notes, each where the one before ends."""
    top, bottom = _BODY_TOP, _SOURCE_TOP - 0.1
    words = pack.words
    below = [*slide.shown.notes, *filter(None, [slide.plot.note if slide.plot else ""])]
    has_picture = slide.plot is not None or table is not None
    note_height = room.height("\n".join(below), _SMALL, _INNER - 0.2) + _GAP if below else 0.0
    if slide.said and is_first:
        text = "\n".join(slide.said)
        sizes = _SAID_SIZES[2:] if has_picture else _SAID_SIZES
        room_left = 1.2 if has_picture else bottom - top - note_height
        said_size = room.fitted(text, sizes, _INNER - 0.2, room_left)
        height = room.height(text, said_size, _INNER - 0.2) + _GAP
        _box(
            page,
            (_LEFT, top, _INNER, height),
            slide.said,
            said_size,
            _INK,
            words,
            space=0 if has_picture else 6,
        )
        top += height
    if slide.plot is not None:
        box = (_LEFT, top, _INNER, bottom - note_height - top)
        native.add(page.shapes, slide.plot, box, f"{slide.shown.title}. {slide.shown.subtitle}", words)
    elif table is not None:
        _table(page, table, (top, size), words)
    if below:
        _box(page, (_LEFT, bottom - note_height, _INNER, note_height), below, _SMALL, _GREY, words)


def _foot(page: Any, slide: Slide, pack: Pack) -> None:
    source = slide.shown.source
    size = room.fitted(source, (_SMALL, 9, 8), _INNER - 0.2, 0.4)
    _box(page, (_LEFT, _SOURCE_TOP, _INNER, 0.4), [source], size, _GREY, pack.words)


def _box(
    page: Any,
    box: native.Box,
    texts: Sequence[str],
    size: float,
    colour: str,
    words: Words,
    *,
    space: float = 0,
) -> None:
    shape = page.shapes.add_textbox(*map(Inches, box))
    _write(shape.text_frame, texts, size, colour, words, space=space)


def _write(
    frame: Any,
    texts: Sequence[str],
    size: float,
    colour: str,
    words: Words,
    *,
    is_bold: bool = False,
    space: float = 0,
) -> None:
    frame.word_wrap = True
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        paragraph.space_after = Pt(space)
        paragraph.alignment = PP_ALIGN.LEFT
        font = run.font
        font.size, font.bold, font.color.rgb = Pt(size), is_bold, RGBColor(*bytes.fromhex(colour))
        run._r.get_or_add_rPr().set("lang", _LANG[words.lang])  # noqa: SLF001 (so that Office checks the right spelling)


def notes(slide: Slide, pack: Pack) -> str:
    """What the speaker may be asked: measure, source, receipts, and where to open the same view."""
    words = pack.words
    _ = words.gettext
    versions = words.fill(
        _("Data version {data}, model version {model}"), data=pack.version.data, model=pack.version.model
    )
    lines = [slide.shown.subtitle, *slide.shown.notes, "", slide.shown.source, versions]
    if slide.receipts:
        lines += ["", _("Receipts"), *receipt_lines(slide.receipts, words)]
    lines += ["", _("Address of the view") + f": {slide.address or pack.address}"]
    if slide.key == "method" and pack.scenario_toml:
        lines += ["", _("The scenario as a file"), pack.scenario_toml]
    return "\n".join(lines).strip()


# --- tables ------------------------------------------------------------


def _parts(slide: Slide) -> list[tuple[Table | None, float]]:
    """The table cut so that each part fits on a slide, with the size of its letters; nothing to cut where a chart is drawn."""
    if slide.table is None or slide.plot is not None:
        return [(None, 0.0)]
    free = _SOURCE_TOP - 0.1 - _BODY_TOP
    said = room.height("\n".join(slide.said), 14, _INNER - 0.2) + _GAP if slide.said else 0.0
    below = (
        room.height("\n".join(slide.shown.notes), _SMALL, _INNER - 0.2) + _GAP if slide.shown.notes else 0.0
    )
    table = _without_addresses(slide.table)
    columns = table.columns
    for size in _CELL_SIZES:
        heights = row_heights(table, size)
        if sum(heights) <= free - said - below:
            return [(table, size)]
    size = _CELL_SIZES[-1]

    def part(rows: Sequence[int]) -> Table:
        return Table({name: [cells[row] for row in rows] for name, cells in columns.items()})

    parts: list[list[int]] = [[]]
    for row in range(len(next(iter(columns.values())))):
        # a part has columns, and so heights, of its own
        if parts[-1] and sum(row_heights(part([*parts[-1], row]), size)) > free - said - below:
            parts.append([])
        parts[-1].append(row)
    return [(part(rows), size) for rows in parts]


def _without_addresses(table: Table) -> Table:
    """The table without columns of web addresses, which nobody reads on a slide: the receipts and the workbook keep them."""
    kept = {
        name: cells
        for name, cells in table.columns.items()
        if not any(str(cell).startswith(("http://", "https://")) for cell in cells)
    }
    return Table(kept)


def column_widths(table: Table, size: float) -> list[float]:
    """Widths in inches by what the columns hold, together as wide as the slide's inside; no word of usual length is broken."""
    least, wanted = [], []
    for name, cells in table.columns.items():
        texts = [name, *map(str, cells)]
        least.append(
            max(
                min(room.width(word, size), _LONG_WORD) * (_BOLD if text == name else 1.0)
                for text in texts
                for word in text.split() or [""]
            )
            + _CELL_MARGIN
        )
        mean = sum(room.width(text, size) for text in texts) / len(texts)
        wanted.append(max(least[-1], min(mean, _LONG_CELL) + _CELL_MARGIN))
    spare = _INNER - sum(wanted)
    if spare >= 0:
        return [each + spare * each / sum(wanted) for each in wanted]
    over = [want - need for want, need in zip(wanted, least, strict=True)]
    if not sum(over):
        return [_INNER * each / sum(wanted) for each in wanted]
    return [max(want + spare * more / sum(over), 0.4) for want, more in zip(wanted, over, strict=True)]


def row_heights(table: Table, size: float) -> list[float]:
    """Heights in inches of the head and of each row."""
    widths = [width - _CELL_MARGIN for width in column_widths(table, size)]
    rows = [list(table.columns), *zip(*table.columns.values(), strict=True)]
    return [
        max(room.height(str(cell), size, width) for cell, width in zip(row, widths, strict=True))
        + _ROW_MARGIN
        for row in rows
    ]


def _table(page: Any, table: Table, place: tuple[float, float], words: Words) -> None:
    top, size = place
    heights = row_heights(table, size)
    names = list(table.columns)
    shape = page.shapes.add_table(
        len(heights), len(names), Inches(_LEFT), Inches(top), Inches(_INNER), Inches(sum(heights))
    )
    grid = shape.table
    for column, width in enumerate(column_widths(table, size)):
        grid.columns[column].width = Inches(width)
    rows = [names, *zip(*table.columns.values(), strict=True)]
    for at, (row, height) in enumerate(zip(rows, heights, strict=True)):
        grid.rows[at].height = Inches(height)
        for column, cell in enumerate(row):
            inside = grid.cell(at, column)
            inside.margin_left = inside.margin_right = Inches(_CELL_MARGIN / 2)
            inside.margin_top = inside.margin_bottom = Inches(_ROW_MARGIN / 3)
            inside.fill.solid()
            inside.fill.fore_color.rgb = RGBColor(
                *bytes.fromhex("E6EDFD" if at == 0 else "FFFFFF" if at % 2 else "F5F7FA")
            )
            _write(inside.text_frame, [str(cell)], size, _INK, words, is_bold=at == 0)


# --- the same bytes ------------------------------------------------------------


def _same_bytes(content: bytes) -> bytes:
    """Write the archive again without the time at which it was made, and so the workbooks of its charts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            inner = read.read(name)
            if name.endswith(".xlsx"):
                inner = _same_bytes(inner)
            elif name == "docProps/core.xml":
                inner = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", inner)
            written.writestr(zipfile.ZipInfo(name, _ZIP_DATE), inner, zipfile.ZIP_DEFLATED)
    return out.getvalue()
