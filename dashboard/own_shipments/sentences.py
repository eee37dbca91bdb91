"""What the pipeline says of a file, in the reader's language and for a page: its own sentences are English, for the command.

A sentence is recognised by its template, the text at the place where it is raised with names for what fills it. A test takes
all templates out of the pipeline's code and finds each one here.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from functools import cache

from dashboard.i18n import Words

_FIELD = re.compile(r"\\{(\w+)\\}")

# Template of the pipeline -> code of the sentence below.
FAULTS: Mapping[str, str] = {
    "{file} is empty": "empty",
    "{file} has no row that can be read: is it a text file?": "no row",
    '{file} begins with no object: each line must be one, as {{"value": 1000}}': "no object",
    "{file} has no column of values that is known by name ({shown}): say which, as --column value=NAME": "no values",
    "{file} has no column “{column}” for {role}: it has {shown}": "no column",
    "{file} has {number} columns “{column}” for {role}: rename one of them": "two columns",
    "There is no preset “{preset}”: take one of {known}": "option",
    "A column can be {known}, not “{role}”": "option",
    "“{text}” is no exchange rate: write USD=1380 or JPY:2024-08=9.21 (won per unit)": "rate",
    "“{text}” is no currency that is known here: write its code, as USD": "option",
    "The share of rows that may be refused is a number from 0 to 1, as 0.05": "option",
    "“{text}” is no form of a date: write it as %d/%m/%Y": "date form",
    "{faults} of {rows} rows ({share}) cannot be counted, more than {most} may be; most often: {reason} ({file}, line {line}: “{cell}”)": "too many",
    "No shipment is left to count: see the reasons with inspect": "none left",
    "Files with a value a line and files with a value an order cannot be read together: read them apart": "option",
    "The files cannot be read to their end ({why}): write them again": "not whole",
    "{file} is an Excel file of the old kind: save it as .xlsx": "old excel",
    "{file} is of a kind that is not read here: it reads {kinds}": "kind",
    "{file} unpacks to more than {size} MiB: unpack it yourself and name the unpacked file": "bomb",
    "{file} grows more than {ratio} times when unpacked, as a zip bomb does: unpack it yourself if you trust it, and name the unpacked file": "bomb",
    "{file} holds no file that is read here: {kinds}": "kind",
    "{file} and {other} are the same file: name one of them": "option",
    "{file} leads out of {folder}: name the file itself if you mean it": "option",
    "{file} is no whole {packing} file: pack or fetch it again": "not whole",
    "{file} does not exist: check the name": "not whole",
    "{file} does not fit on the disk when unpacked: make room": "disk",
    "{file}: say which table to read, as --table NAME (it has: {there})": "kind",
    "{file} is a histogram, not shipments: count it by itself, or reduce the shipments again": "histogram",
    "{file} has no rows on the sheet “{sheet}”: name another, as --table SHEET": "no rows",
    "{file} is no whole Parquet file: write it again": "not whole",
    "{file} is no DuckDB database that this version reads: export the table as Parquet": "kind",
    "{file} has no sheet “{sheet}”: it has {titles}": "no rows",
    "{file} has no visible sheet": "no rows",
    "{file} names a sheet outside itself ({target}): open it in Excel and save it again": "resave",
    "{file} is protected by a password: save it without one": "password",
    "{file} is protected by a password, or is of the old kind: save it as a plain .xlsx": "password",
    "{file} is no whole Excel workbook: open it in Excel and save it again": "resave",
    "The values of a bin add up to more than 9.2e18 won; a value must be a slip": "slip",
    "From {old} to {new} won is no step up; name a lower and a higher limit": "limits",
    # One word before the other templates that it fits too, so last.
    "{file} cannot be read: {why}": "not whole",
    "{file} cannot be written: {why}": "disk",
}
NOTES: Mapping[str, str] = {
    "{unread} lines could not be read, so the orders that they belong to are not known; their values may be too low": "unread",
    "{file}: {cells} cells are formulas; what Excel stored as their results is used": "formulas",
    "{file}: no currency is stated; values without a sign are taken as won (say otherwise as --currency USD)": "currency",
    "{file}: no column of dates; months are unknown": "dates",
}


def _fault_messages(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "empty": _("{file} is empty. Export it again and drop it here."),
        "no row": _("{file} has no row that can be read. Is it a text file? Save it as CSV or XLSX."),
        "no object": _("{file} does not begin with a JSON object; each line must be one."),
        "no values": _(
            "{file} has no column of values that is known by name. Choose it below, under “Columns and currency”."
        ),
        "no column": _("{file} has no column “{column}”. Choose another one below."),
        "two columns": _(
            "{file} has several columns “{column}”. Rename one of them and drop the file again."
        ),
        "option": _("These choices do not fit the file. Set them back to “as recognised”."),
        "rate": _("“{text}” is no exchange rate. Write won per unit, for example: {example}."),
        "date form": _("“{text}” is no form of a date. Write it as, for example: {form}."),
        "too many": _(
            "{faults} of {rows} rows ({share}) cannot be counted, more than {most}, so nothing is counted. "
            "Most often: {reason} (line {line}). Correct the file, map its columns below, or allow more rows to be left out."
        ),
        "none left": _(
            "No shipment is left to count: every row was left out. The reasons stand below; the rows can be downloaded."
        ),
        "not whole": _("{file} cannot be read to its end. Save it again and drop it here."),
        "old excel": _("{file} is an Excel file of the old kind. Save it as .xlsx."),
        "kind": _(
            "{file} is of a kind that is not read here. Save it as CSV, TSV, XLSX, Parquet or JSON lines."
        ),
        "bomb": _("{file} grows too large when unpacked. Unpack it yourself and drop the unpacked file."),
        "disk": _("There is no room on this computer’s disk to read {file}. Make room and try again."),
        "histogram": _("{file} is a histogram, not shipments. Drop the file with the shipments themselves."),
        "no rows": _("{file} has no rows on its first visible sheet. Put the list there and drop it again."),
        "resave": _("{file} is no whole workbook. Open it in Excel, save it again and drop it here."),
        "password": _("{file} is protected by a password, or of the old kind. Save it as a plain .xlsx."),
        "slip": _("The values add up to more than all trade of the world. One of them must be a slip."),
        "limits": _("The new limit must be higher than the old one, and both at most 1,000 trillion won."),
        "": _("{file} cannot be used."),
    }


def _note_messages(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "unread": _(
            "{unread} lines could not be read; the orders that they belong to are not known and may count too low."
        ),
        "formulas": _("{cells} cells are formulas; what Excel stored as their results is used."),
        "currency": _("No currency is stated: values without a sign are taken as won. Choose another below."),
        "dates": _("There is no column of dates, so months are unknown."),
    }


def reasons(words: Words) -> dict[str, str]:
    """Why a row is not counted, by the pipeline's code."""
    _ = words.gettext
    return {
        "empty": _("no value"),
        "zero": _("the value is zero"),
        "negative": _("the value is negative"),
        "text": _("the value is no number"),
        "dots": _("one dot and three digits: thousands, or a fraction of a won"),
        "large": _("the value is too large for a shipment"),
        "formula": _("a formula without its result: open the file in Excel and save it"),
        "currency": _("the sign of the currency contradicts the currency, or fits several"),
        "rate": _("no exchange rate for this currency and month: give one below"),
        "quantity": _("the quantity is no positive number"),
        "date": _("no date, or one that is not read: give its form below"),
        "order": _("no order number"),
        "totals": _("the lines of the order state different values for it"),
        "with": _("another line of the same order is refused, so its value is not known"),
        "cells": _("another number of cells than the header"),
        "quotes": _("a quotation mark is opened and not closed, or stands inside a cell"),
        "long": _("the line is too long"),
        "bytes": _("bytes that do not fit the file’s encoding: save it as UTF-8"),
        "json": _("no JSON object"),
        "domestic": _("goes to Korea: no export"),
        "cancelled": _("the order was cancelled"),
        "summary": _("sums up the lines below"),
    }


def fault(sentence: str, file: str, words: Words, english: Mapping[str, str]) -> str:
    """Why a file, or all of its rows, cannot be used; `english` has the pipeline's reasons by their code."""
    code, found = _recognised(sentence, FAULTS)
    if "reason" in found:
        by_text = {text: reason for reason, text in english.items()}
        found["reason"] = reasons(words).get(by_text.get(found["reason"], ""), found["reason"])
    examples = {"example": "JPY=9.4 USD=1380", "form": "%d/%m/%Y"}
    return words.fill(_fault_messages(words)[code], **{"file": file, **examples, **found})


def note(sentence: str, words: Words) -> str:
    """What a person should know of a file."""
    code, found = _recognised(sentence, NOTES)
    return words.fill(_note_messages(words)[code], **found) if code else sentence


def rejects(content: bytes, words: Words) -> Callable[[], bytes]:
    """The rows that are not counted as CSV, their reasons in the reader's language; made when it is called."""

    def made() -> bytes:
        _ = words.gettext
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        out = io.StringIO()
        writer = csv.writer(out)
        next(rows)
        writer.writerow([_("File"), _("Line"), _("Reason (code)"), _("Reason"), _("Cell")])
        known = reasons(words)
        writer.writerows(
            [file, line, code, known.get(code, said), cell] for file, line, code, said, cell in rows
        )
        return out.getvalue().encode("utf-8-sig")

    return made


def _recognised(sentence: str, templates: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    plain = " ".join(sentence.split())
    for template, code in templates.items():
        if found := _pattern(template).fullmatch(plain):
            return code, found.groupdict()
    return "", {}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    literal = re.escape(template.replace("{{", "\0").replace("}}", "\1"))
    return re.compile(
        _FIELD.sub(r"(?P<\1>.*?)", literal).replace("\0", r"\{").replace("\1", r"\}"), re.DOTALL
    )
