"""A market on one page as an HTML file of its own: printable, without script, with its sources inside."""

import html
from collections.abc import Sequence

from dashboard import formats
from dashboard.i18n import Words
from dashboard.markets.sheet import Sheet
from dashboard.receipts import Input, Number, Version

# Sections side by side where there is room, so that facts and sources fit one sheet of A4.
_STYLE = """
body{font:15px/1.4 system-ui,"Malgun Gothic","Apple SD Gothic Neo",sans-serif;color:#1a1a1a;background:#fff;
max-width:62rem;margin:2rem auto;padding:0 1rem;word-break:keep-all;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1rem;margin:.8rem 0 .2rem}p{margin:.3rem 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));column-gap:2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.15rem .5rem .15rem 0;border-bottom:1px solid #ccc}
th{font-weight:400;width:52%}td{font-variant-numeric:tabular-nums}
ul{columns:22rem 2;padding-left:1.1rem;margin:.2rem 0}li{margin:.1rem 0;break-inside:avoid}small,li{font-size:.8rem}
@media print{body{margin:0;padding:0;max-width:none;font-size:8.5pt;line-height:1.25}.facts{grid-template-columns:1fr 1fr}
ul{columns:2}small,li{font-size:5.6pt}a{color:inherit;text-decoration:none}}
@page{size:A4;margin:11mm}
"""


def html_bytes(sheet: Sheet, address: str, version: Version, words: Words) -> bytes:
    """The sheet in the reader's language; `address` is where the view opens again. Text is escaped throughout."""
    _ = words.gettext
    body = [f"<h1>{_safe(sheet.title)}</h1>", f"<p>{_safe(sheet.lead)}</p>"]
    facts = []
    for section in sheet.sections:
        rows = "".join(
            f'<tr><th scope="row">{_safe(str(name))}</th><td>{_safe(str(cell))}</td></tr>'
            for name, cell in zip(*section.table.columns.values(), strict=True)
        )
        facts.append(f"<section><h2>{_safe(section.heading)}</h2><table>{rows}</table></section>")
    body.append(f'<div class="facts">{"".join(facts)}</div>')
    body += [f"<p><small>{_safe(note)}</small></p>" for note in sheet.notes]
    sources = _("Sources")
    body.append(f"<h2>{_safe(sources)}</h2><ul>{_sources(sheet.numbers(), words)}</ul>")
    versions = words.fill(
        _("Data version {data}, model version {model}"), data=version.data, model=version.model
    )
    body.append(f"<p><small>{_safe(versions)}{_link(address)}</small></p>")
    page = (
        f'<!DOCTYPE html><html lang="{words.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_safe(sheet.title)}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )
    return page.encode()


def _sources(numbers: Sequence[Number], words: Words) -> str:
    """One entry a publication: who published it, where, and which figures were read in it."""
    lines = dict.fromkeys(line for number in numbers for line in number.receipt.inputs if line.publisher)
    publications: dict[tuple[str, ...], list[str]] = {}
    for line in lines:
        publication = (line.publisher, line.title, line.published, line.quality, line.url)
        publications.setdefault(publication, []).append(_figure(line, words))
    return "".join(
        f"<li>{_safe(', '.join(filter(None, said)))}: {_safe('; '.join(figures))}.{_link(url)}</li>"
        for (*said, url), figures in publications.items()
    )


def _figure(line: Input, words: Words) -> str:
    """A figure as it was read, with its period and what is to be minded."""
    value = formats.amount(line.value, line.unit, words.lang, significant=None)
    named = ", ".join(filter(None, [line.label, formats.period(line.period, words.lang)]))
    return f"{named}: {value}" + (f" ({line.note})" if line.note else "")


def _link(url: str) -> str:
    return f' <a href="{_safe(url)}">{_safe(url)}</a>' if url.startswith("http") else ""


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
