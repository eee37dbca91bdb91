"""Numbers with their receipts: the only way a number reaches a page or a file.

A receipt says whether a number was published, derived, assumed or modelled, from which inputs, by which
formula and under which assumptions, and which versions of data and model it is true for. Its texts are in the
reader's language.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import pandas as pd

from dashboard import formats
from dashboard.i18n import Words

Kind = Literal["published", "derived", "assumed", "modelled"]

_CITED = ("value", "unit", "period", "source_id")  # what a row must have to be cited at all
_DETAIL = 8  # digits; more than any input has
BETWEEN = " | "  # between the inputs of one number where they share a cell of a file


@dataclass(frozen=True, slots=True)
class Version:
    """What a number is true for: the content of the warehouse and the release of the model."""

    data: str
    model: str


@dataclass(frozen=True, slots=True)
class Input:
    """One figure that a number rests on, with its source; None is a value that is missing."""

    label: str
    value: float | None
    unit: str
    period: str
    source_id: str = ""
    publisher: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    quality: str = ""
    note: str = ""
    kind: Kind = "published"
    figure_id: str = ""  # of mart.observation or mart.exchange_rate; none for what is neither

    def as_text(self, words: Words) -> str:
        """Write the input as one entry of a Markdown list; what there is none of is left out."""
        _ = words.gettext
        value = formats.amount(self.value, self.unit, words.lang, significant=None)
        named = ", ".join(filter(None, [self.label, formats.period(self.period, words.lang)]))
        source = ", ".join(filter(None, [self.publisher, self.title, self.published, self.quality]))
        address = _("Address")
        link = f"[{address}]({self.url})" if self.url.startswith("http") else ""
        said = f"{named}: **{value}** ({kind_name(self.kind, words)})"
        return ". ".join(filter(None, [said, source, link, self.note]))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a number is from."""

    kind: Kind
    label: str
    value: float | None
    unit: str
    formula: str | None
    inputs: tuple[Input, ...]
    assumptions: tuple[str, ...]
    data_version: str
    model_version: str

    def as_rows(self) -> list[dict[str, str | float | None]]:
        """Give one row an input, values as numbers, under names that are the same in both languages."""
        return [{name.name: getattr(line, name.name) for name in fields(Input)} for line in self.lines()]

    def as_frame(self, words: Words) -> pd.DataFrame:
        """Give one row an input as text, under translated names: what the reader sees."""
        _ = words.gettext
        rows = [
            {
                _("Figure"): line.label,
                _("Value"): formats.amount(line.value, line.unit, words.lang, significant=None),
                _("Period"): formats.period(line.period, words.lang),
                _("Kind"): kind_name(line.kind, words),
                _("Publisher"): line.publisher,
                _("Title"): line.title,
                _("Address"): line.url,
                _("Published on"): line.published,
                _("Quality"): line.quality,
                _("Note"): line.note,
            }
            for line in self.lines()
        ]
        return pd.DataFrame(rows, dtype="str")

    def as_items(self, words: Words) -> list[tuple[str, str]]:
        """Say what is true of the number itself, as names and texts; what there is none of is left out."""
        _ = words.gettext
        items = [
            (_("Figure"), self.label),
            (_("Kind"), kind_name(self.kind, words)),
            (_("Value in detail"), formats.amount(self.value, self.unit, words.lang, significant=_DETAIL)),
            (_("Formula"), self.formula or ""),
            *((_("Assumption"), assumption) for assumption in self.assumptions),
            (_("Data version"), self.data_version),
            (_("Model version"), self.model_version),
        ]
        return [(name, text) for name, text in items if text]

    def as_columns(self) -> dict[str, str]:
        """Flatten the receipt to one cell a column, for the row of a file; inputs are joined in order."""

        def joined(column: str) -> str:
            texts = [str(getattr(each, column)) for each in self.inputs]
            return BETWEEN.join(texts) if any(texts) else ""

        return {
            "receipt_kind": self.kind,
            "receipt_label": self.label,
            "receipt_unit": self.unit,
            "receipt_formula": self.formula or "",
            "receipt_inputs": BETWEEN.join(map(_in_one_line, self.inputs)),
            "receipt_assumptions": BETWEEN.join(self.assumptions),
            "receipt_source_id": joined("source_id"),
            "receipt_publisher": joined("publisher"),
            "receipt_title": joined("title"),
            "receipt_url": joined("url"),
            "receipt_published": joined("published"),
            "receipt_quality": joined("quality"),
            "receipt_note": joined("note"),
            "receipt_figure_id": joined("figure_id"),
            "data_version": self.data_version,
            "model_version": self.model_version,
        }

    def lines(self) -> tuple[Input, ...]:
        """Give the inputs; a number that rests on none, such as a limit that the reader chose, is its own."""
        return self.inputs or (Input(self.label, self.value, self.unit, period="", kind=self.kind),)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is read, inseparable from its receipt."""

    text: str
    receipt: Receipt

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and the numbers in it."""

    text: str
    numbers: tuple[Number, ...]


def number(
    value: float | None,
    unit: str,
    words: Words,
    receipt: Receipt,
    *,
    significant: int | None = 5,
    approximate: bool = False,
    signed: bool = False,
) -> Number:
    """Write a number in the reader's language; rounding and signs as in `formats.amount`.

    Raises ValueError for a receipt that is another number's: of another value or in another unit.
    """
    value = _missing_is_none(value)
    is_same = value is receipt.value or (
        value is not None and receipt.value is not None and math.isclose(value, receipt.value, rel_tol=1e-9)
    )
    if not is_same or unit != receipt.unit:
        raise ValueError(f"{value!r} {unit} is not what its receipt is for: {receipt.value!r} {receipt.unit}")
    text = formats.amount(
        value, unit, words.lang, significant=significant, approximate=approximate, signed=signed
    )
    return Number(text, receipt)


def cited(row: Mapping[str, Any], words: Words) -> Input:
    """Turn a row of mart.observation, or of another mart that cites its source, into an input.

    Of two languages the reader's is taken, or English where it is empty. A `label` (or `label_ko` and
    `label_en`) replaces the name made of series, metric and members. A row without `value`, `unit`, `period`
    or `source_id` raises KeyError.
    """
    absent = [column for column in _CITED if column not in row]
    if absent:
        raise KeyError(f"a row that is to be cited lacks {', '.join(absent)}")
    return Input(
        label=_label(row, words),
        value=_missing_is_none(row["value"]),
        unit=_text(row, "unit", words),
        period=_text(row, "period", words),
        source_id=_text(row, "source_id", words),
        publisher=_text(row, "publisher", words),
        title=_text(row, "title", words),
        url=_text(row, "url", words),
        published=published_on(row, words),
        quality=quality_name(_text(row, "quality", words), words),
        note=". ".join(
            filter(None, [bound_name(_text(row, "bound", words), words), _text(row, "note", words)])
        ),
        figure_id=_text(row, "observation_id", words),
    )


def published(row: Mapping[str, Any], words: Words, version: Version) -> Receipt:
    """Write the receipt of a published figure from its row of mart.observation."""
    return of_published(cited(row, words), version)


def of_published(source: Input, version: Version) -> Receipt:
    """Write the receipt of a published figure that is cited already."""
    return Receipt(
        kind="published",
        label=source.label,
        value=source.value,
        unit=source.unit,
        formula=None,
        inputs=(source,),
        assumptions=(),
        data_version=version.data,
        model_version=version.model,
    )


def derived(
    label: str,
    value: float | None,
    unit: str,
    formula: str,
    inputs: Iterable[Input | Receipt],
    version: Version,
    *,
    kind: Kind = "derived",
    assumptions: Iterable[str] = (),
) -> Receipt:
    """Write the receipt of a number that was computed; a receipt among the inputs brings its own along.

    `kind` is "modelled" where the model computed it, "assumed" where nothing but a choice stands behind it.
    """
    lines: list[Input] = []
    statements = list(assumptions)
    for each in inputs:
        if isinstance(each, Input):
            lines.append(each)
        else:
            lines.extend(each.lines())
            statements.extend(each.assumptions)
    return Receipt(
        kind=kind,
        label=label,
        value=_missing_is_none(value),
        unit=unit,
        formula=formula or None,
        inputs=tuple(dict.fromkeys(lines)),
        assumptions=tuple(dict.fromkeys(statements)),
        data_version=version.data,
        model_version=version.model,
    )


def receipt_columns(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """Give the receipts as columns to stand beside the figures of a file, one row a receipt, in order."""
    return pd.DataFrame([receipt.as_columns() for receipt in receipts], dtype="str")


def column_names(words: Words) -> dict[str, str]:
    """Name the columns of `Receipt.as_columns` in the reader's language, for sheets that people read."""
    _ = words.gettext
    return {
        "receipt_kind": _("Kind"),
        "receipt_label": _("Figure"),
        "receipt_unit": _("Unit"),
        "receipt_formula": _("Formula"),
        "receipt_inputs": _("Inputs"),
        "receipt_assumptions": _("Assumptions"),
        "receipt_source_id": _("Source id"),
        "receipt_publisher": _("Publisher"),
        "receipt_title": _("Title"),
        "receipt_url": _("Address"),
        "receipt_published": _("Published on"),
        "receipt_quality": _("Quality"),
        "receipt_note": _("Note"),
        "receipt_figure_id": _("Figure id"),
        "data_version": _("Data version"),
        "model_version": _("Model version"),
    }


def kind_name(kind: Kind, words: Words) -> str:
    """Name the kind of a number in the reader's language."""
    _ = words.gettext
    names: dict[Kind, str] = {
        "published": _("published"),
        "derived": _("derived"),
        "assumed": _("assumed"),
        "modelled": _("modelled"),
    }
    return names[kind]


def quality_name(quality: str, words: Words) -> str:
    """Name the quality of a source in the reader's language; an unknown one stays as it is."""
    _ = words.gettext
    names = {
        "official": _("official"),
        "press quoting official": _("press quoting official"),
        "official text on a broker's site": _("official text on a broker's site"),
        "secondary": _("secondary"),
    }
    return names.get(quality, quality)


def bound_name(bound: str, words: Words) -> str:
    """Say how a published value is to be read; an exact one needs no word."""
    _ = words.gettext
    names = {
        "": "",
        "exact": "",
        "approximate": _("approximate"),
        "provisional": _("provisional"),
        "at_least": _("at least"),
        "at_most": _("at most"),
        "forecast": _("forecast"),
    }
    return names.get(bound, bound)


def _in_one_line(line: Input) -> str:
    """Write an input for a cell of a file: its value as a plain number, in full."""
    value = formats.MISSING if line.value is None else f"{line.value:.15g}"
    when = f" ({line.period})" if line.period else ""
    return f"{line.label}: {value} {line.unit}{when}"


def _missing_is_none(value: Any) -> float | None:
    """Turn the missing values of Python, NumPy and pandas into None."""
    return None if value is None or pd.isna(value) else float(value)


def _text(row: Mapping[str, Any], name: str, words: Words) -> str:
    """Read a text: in the reader's language, else in English, else in the only one there is."""
    for column in (f"{name}_{words.lang}", f"{name}_en", name):
        value = row.get(column)
        if value is not None and not pd.isna(value) and value != "":
            return str(value)
    return ""


def _label(row: Mapping[str, Any], words: Words) -> str:
    """Name the figure: its own label, or series and measure and then every member that narrows it down."""
    members = (name for name in ("destination", "item", "channel") if row.get(f"{name}_id", "ALL") != "ALL")
    names = [_text(row, name, words) for name in ("series", "metric", *members)]
    return _text(row, "label", words) or " · ".join(filter(None, names))


def published_on(row: Mapping[str, Any], words: Words) -> str:
    """Say when the source was published, and what is uncertain about that."""
    day, note = _text(row, "published", words), _text(row, "published_note", words)
    said = formats.date(day, words.lang) if day else ""
    return f"{said} ({note})" if said and note else said or note
