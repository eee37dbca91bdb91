"""The pack as one HTML file: slides with charts to hover over, turned by arrow keys, printed on A4; it opens with no network.

Key F, or the button, presents them: full screen, large type, nothing but the finding, its chart and where it is from.

Plotly.js, the data and the outlines of maps stand in the file itself.
"""

import html
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from dashboard import theme
from dashboard.exports.cited import receipt_lines
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.i18n import Words
from dashboard.tables import Table

_HERE = Path(__file__).parent
_OUTLINES = Path(__file__).parents[2] / "static" / "topojson" / "world_50m.json"
_ON_MAPS = {"choropleth", "scattergeo"}
# Rows of a table that stay together on paper; a longer table goes on under its heads.
ROWS_TOGETHER = 16


def html_bytes(pack: Pack) -> bytes:
    """Write the pack as one HTML file; the same pack gives the same bytes."""
    words = pack.words
    figures = {
        f"chart-{slide.key}": _figure(slide.figure) for slide in pack.slides if slide.figure is not None
    }
    slides = "\n".join(_slide(slide, place, pack) for place, slide in enumerate(pack.slides))
    parts = [
        "<!doctype html>",
        f'<html lang="{words.lang}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<title>{html.escape(pack.title)}</title>",
        f"<style>{_file('deck.css')}</style></head><body>",
        f"<main>{slides}</main>{_controls(words)}",
        f"<script>{_in_script(get_plotlyjs())}</script>",
        _maps(pack.slides),
        f'<script id="figures" type="application/json">{_json(figures)}</script>',
        f"<script>{_file('deck.js')}</script></body></html>",
    ]
    return "\n".join(filter(None, parts)).encode("utf-8")


def _figure(figure: go.Figure) -> dict[str, object]:
    """A figure as data, in the ink of a light ground whatever the screen had."""
    copied = go.Figure(figure)
    theme.ink(copied, is_dark=False)
    copied.update_layout(paper_bgcolor="white", plot_bgcolor="white", width=None, autosize=True)
    found: dict[str, object] = json.loads(copied.to_json())
    layout = found["layout"]
    if isinstance(layout, dict):
        layout.pop("template", None)  # Plotly's own, many times as long as the figure
    return found


def _json(what: object) -> str:
    text = json.dumps(what, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")  # no text of a figure can end the script that it stands in


def _in_script(text: str) -> str:
    """Text that cannot end the script around it."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _maps(slides: Iterable[Slide]) -> str:
    """The outlines of countries, where a map needs them: Plotly would fetch them from the network otherwise."""
    drawn = (trace.type for slide in slides if slide.figure is not None for trace in slide.figure.data)
    if _ON_MAPS.isdisjoint(drawn):
        return ""
    outlines = _in_script(_OUTLINES.read_text(encoding="utf-8"))
    return f"<script>window.PlotlyGeoAssets={{topojson:{{world_50m:{outlines}}}}}</script>"


def _controls(words: Words) -> str:
    _ = words.gettext
    names = {
        "previous": (_("Previous slide"), "←"),
        "next": (_("Next slide"), "→"),
        "all": (_("All slides"), "≡"),
        "present": (_("Full screen (key F); Escape leaves it"), _("Full screen")),
    }
    buttons = "".join(
        f'<button type="button" id="{name}" aria-label="{html.escape(said)}" title="{html.escape(said)}">{html.escape(sign)}</button>'
        for name, (said, sign) in names.items()
    )
    slides = html.escape(_("Slides"))
    return f'<nav aria-label="{slides}">{buttons}<output id="place"></output></nav>'


def _slide(slide: Slide, place: int, pack: Pack) -> str:
    words = pack.words
    _ = words.gettext
    shown = slide.shown
    level = "h1" if place == 0 else "h2"
    alt = html.escape(f"{shown.title}. {shown.subtitle}")
    parts = [
        f'<section id="slide-{html.escape(slide.key)}" aria-label="{html.escape(shown.title)}">',
        f"<{level}>{html.escape(shown.title)}</{level}>",
        _paragraph(shown.subtitle, "subtitle"),
        *(_paragraph(text, "said") for text in slide.said),
    ]
    if slide.figure is not None:
        height = slide.figure.layout.height or 420
        parts.append(
            f'<div class="stage"><div class="chart" id="chart-{html.escape(slide.key)}" role="img" aria-label="{alt}" '
            f'style="height:{int(height)}px"></div></div>'
        )
    # the source stands before the table: on paper it would be left alone behind a long one
    parts += [*(_paragraph(note, "note") for note in shown.notes), _paragraph(shown.source, "source")]
    of_table, of_receipts = html.escape(_("Table")), html.escape(_("Receipts"))
    if slide.table is not None:
        table = "".join(_pieces(slide.table))
        if slide.figure is None:
            parts.append(f'<div class="table">{table}</div>')
        else:
            parts.append(f'<details class="table"><summary>{of_table}</summary>{table}</details>')
    if slide.receipts:
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in receipt_lines(slide.receipts, words))
        parts.append(f'<details class="receipts"><summary>{of_receipts}</summary><ul>{lines}</ul></details>')
    named, address = html.escape(_("Address of the view")), html.escape(slide.address or pack.address)
    parts.append(f'<p class="address">{named}: <a href="{address}">{address}</a></p>')
    parts.append("</section>")
    return "".join(parts)


def _paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>' if text else ""


def _pieces(table: Table) -> Iterable[str]:
    """The table in pieces that each fit on a page, every one under the heads."""
    rows: Sequence[Sequence[object]] = list(zip(*table.columns.values(), strict=True))
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    for start in range(0, max(len(rows), 1), ROWS_TOGETHER):
        body = "".join(_row(row) for row in rows[start : start + ROWS_TOGETHER])
        later = ' class="later"' if start else ""
        yield f"<table{later}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Sequence[object]) -> str:
    first, *rest = (html.escape(str(cell)) for cell in row)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
