"""Where the numbers of a picture or file are from, in one line and in full."""

from collections.abc import Sequence

from dashboard import formats, receipts
from dashboard.i18n import Words
from dashboard.receipts import Receipt, Version

_MOST_SOURCES = 3
_MOST_FIGURES = 40
_DETAIL = 8


def source_line(found: Sequence[Receipt], words: Words, version: Version) -> str:
    """Who published what is shown, and which version of the data, and of the model where it computed."""
    _ = words.gettext
    publishers = list(
        dict.fromkeys(line.publisher for receipt in found for line in receipt.inputs if line.publisher)
    )
    named = ", ".join(publishers[:_MOST_SOURCES])
    if len(publishers) > _MOST_SOURCES:
        named = words.fill(
            _("{publishers} and {count} more"), publishers=named, count=str(len(publishers) - _MOST_SOURCES)
        )
    source = named or _("our own computation")
    if any(receipt.kind == "modelled" for receipt in found):
        modelled = _("Source: {publishers}. Data version {data}, model version {model}.")
        return words.fill(modelled, publishers=source, data=version.data, model=version.model)
    return words.fill(
        _("Source: {publishers}. Data version {version}."), publishers=source, version=version.data
    )


def receipt_lines(found: Sequence[Receipt], words: Words) -> list[str]:
    """The receipts as plain lines: figures with kind and value, formulas, assumptions, inputs with their sources, each once."""
    _ = words.gettext
    figures = list(dict.fromkeys(_figure(each, words) for each in found))
    lines = [f"· {figure}" for figure in figures[:_MOST_FIGURES]]
    if len(figures) > _MOST_FIGURES:
        left = str(len(figures) - _MOST_FIGURES)
        lines.append(words.fill(_("and {count} more, each in the workbook"), count=left))
    parts = {
        _("Formula"): [each.formula for each in found if each.formula],
        _("Assumptions"): [each for receipt in found for each in receipt.assumptions],
        _("Inputs"): [_input(line, words) for receipt in found for line in receipt.inputs],
    }
    for heading, entries in parts.items():
        if entries:
            lines += [f"{heading}:", *(f"· {entry}" for entry in dict.fromkeys(entries))]
    return lines


def _figure(receipt: Receipt, words: Words) -> str:
    value = formats.amount(receipt.value, receipt.unit, words.lang, significant=_DETAIL)
    return f"{receipt.label}: {value} ({receipts.kind_name(receipt.kind, words)})"


def _input(line: receipts.Input, words: Words) -> str:
    value = formats.amount(line.value, line.unit, words.lang, significant=None)
    named = ", ".join(filter(None, [line.label, formats.period(line.period, words.lang)]))
    source = ", ".join(filter(None, [line.publisher, line.title, line.published, line.url]))
    return ". ".join(filter(None, [f"{named}: {value}", source, line.note]))
