"""A market on one page as an HTML file of its own: printable, without script, with its sources inside."""

import html
from collections.abc import Sequence

from dashboard import formats
from dashboard.i18n import Words
from dashboard.markets.sheet import Sheet
from dashboard.receipts import Input, Number, Version

_STYLE = """
body{font:15px/1.45 system-ui,"Malgun Gothic","Apple SD Gothic Neo",sans-serif;color:#1a1a1a;background:#fff;
max-width:46rem;margin:2rem auto;padding:0 1rem;word-break:keep-all;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.05rem;margin:1.2rem 0 .3rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .5rem .2rem 0;border-bottom:1px solid #ccc}
th{font-weight:400;width:52%}td{font-variant-numeric:tabular-nums}li{margin:.15rem 0}small,li{font-size:.85rem}
@media print{body{margin:0;max-width:none;font-size:10.5px}h2{break-after:avoid}tr{break-inside:avoid}a{color:inherit;text-decoration:none}}
@page{size:A4;margin:14mm}
"""


def html_bytes(sheet: Sheet, address: str, version: Version, words: Words) -> bytes:
    """The sheet in the reader's language; `address` is where the view opens again. Text is escaped throughout."""
    _ = words.gettext
    body = [f"<h1>{_safe(sheet.title)}</h1>", f"<p>{_safe(sheet.lead)}</p>"]
    for section in sheet.sections:
        rows = "".join(
            f'<tr><th scope="row">{_safe(str(name))}</th><td>{_safe(str(cell))}</td></tr>'
            for name, cell in zip(*section.table.columns.values(), strict=True)
        )
        body.append(f"<h2>{_safe(section.heading)}</h2><table>{rows}</table>")
    body += [f"<p><small>{_safe(note)}</small></p>" for note in sheet.notes]
    sources = _("Sources")
    body.append(f"<h2>{_safe(sources)}</h2><ul>{_sources(sheet.numbers(), words)}</ul>")
    versions = words.fill(
        _("Data version {data}, model version {model}"), data=version.data, model=version.model
    )
    link = f'<br><a href="{_safe(address)}">{_safe(address)}</a>' if address.startswith("http") else ""
    body.append(f"<p><small>{_safe(versions)}{link}</small></p>")
    page = (
        f'<!DOCTYPE html><html lang="{words.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_safe(sheet.title)}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )
    return page.encode()


def _sources(numbers: Sequence[Number], words: Words) -> str:
    """One entry an input: what it is, its value, who published it and where."""
    lines = dict.fromkeys(line for number in numbers for line in number.receipt.inputs if line.publisher)
    return "".join(f"<li>{_entry(line, words)}</li>" for line in lines)


def _entry(line: Input, words: Words) -> str:
    value = formats.amount(line.value, line.unit, words.lang, significant=None)
    named = ", ".join(filter(None, [line.label, formats.period(line.period, words.lang)]))
    source = ", ".join(filter(None, [line.publisher, line.title, line.published, line.quality, line.note]))
    link = f' <a href="{_safe(line.url)}">{_safe(line.url)}</a>' if line.url.startswith("http") else ""
    return f"{_safe(named)}: {_safe(value)}. {_safe(source)}.{link}"


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
