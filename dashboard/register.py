"""The registers of the Sources page: tables of texts in the reader's language; figures only with their receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import formats, receipts
from dashboard.evidence import Evidence
from dashboard.glossary import Term
from dashboard.i18n import Lang, Words
from dashboard.receipts import Number
from dashboard.tables import Table

Row = dict[str, Any]


@dataclass(frozen=True)
class Disagreement:
    """One question that publications answer differently; `table` is its part of the register of contradictions."""

    figure_ids: frozenset[str]
    table: Table

    def numbers(self) -> list[Number]:
        """All the answers."""
        return self.table.numbers()

    def as_markdown(self, words: Words) -> str:
        """The question, each answer with its publisher and whether we use it, and how we read them."""
        _ = words.gettext
        question, periods, series, values, used, sources, readings = self.table.columns.values()
        rows = zip(values, periods, series, sources, used, strict=True)
        use = {_("yes"): _("used"), _("no"): _("not used")}
        answers = [
            f"- **{value}** · {period} · {name} · {source} ({use[str(is_used)]})"
            for value, period, name, source, is_used in rows
        ]
        read = " ".join(dict.fromkeys(filter(None, map(str, readings))))
        return "\n".join([f"**{question[0]}**", "", *answers, "", read])


def series(frame: pd.DataFrame, words: Words) -> Table:
    """Every series: what it covers and leaves out, its span and how many figures it has."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Series"): lambda row: row[f"name_{lang}"],
            _("Letter"): lambda row: row["letter"] or formats.MISSING,
            _("Publisher"): lambda row: row[f"publisher_{lang}"],
            _("Covers"): lambda row: row[f"covers_{lang}"],
            _("Leaves out"): lambda row: row[f"leaves_out_{lang}"] or formats.MISSING,
            _("Breaks"): lambda row: row[f"break_{lang}"] or formats.MISSING,
            _("From"): lambda row: formats.date(row["first_day"].date(), lang),
            _("To"): lambda row: formats.date(row["last_day"].date(), lang),
            _("Number of figures"): lambda row: formats.amount(row["figures"], "", lang),
        },
    )


def sources(frame: pd.DataFrame, words: Words) -> Table:
    """Every publication, with its address and how many figures were read in it."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Publisher"): lambda row: row[f"publisher_{lang}"],
            _("Title"): lambda row: row["title"],
            _("Published on"): lambda row: receipts.published_on(row, words),
            _("Quality"): lambda row: receipts.quality_name(row["quality"], words),
            _("Number of figures"): lambda row: formats.amount(row["figures"], "", lang),
            _("Address"): lambda row: row["url"] or formats.MISSING,
        },
    )


def contradictions(frame: pd.DataFrame, evidence: Evidence) -> Table:
    """Figures that disagree, side by side, with how they are read."""
    words = evidence.words
    _ = words.gettext
    lang = words.lang
    rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    numbers = [
        evidence.number(
            {**row, "input_ids": [row["observation_id"]], "evidence": "published"}, significant=None
        )
        for row in rows
    ]
    return Table(
        {
            _("Question"): [row[f"title_{lang}"] if row["title_ko"] else _label(row, lang) for row in rows],
            _("Period"): [formats.period(row["period"], lang) for row in rows],
            _("Series"): [row[f"series_{lang}"] for row in rows],
            _("Value"): numbers,
            _("Used"): [_("yes") if row["preferred"] else _("no") for row in rows],
            _("Source"): [row[f"publisher_{lang}"] for row in rows],
            _("Reading"): [row[f"reading_{lang}"] for row in rows],
        }
    )


def disagreements(frame: pd.DataFrame, evidence: Evidence) -> list[Disagreement]:
    """The register of contradictions question by question, in its order."""
    return [
        Disagreement(frozenset(rows["observation_id"]), contradictions(rows, evidence))
        for _id, rows in frame.groupby("contradiction_id", sort=False)
    ]


def terms(found: Sequence[Term], words: Words) -> Table:
    """Terms of the glossary with the article of law and the source, as far as there are such."""
    _ = words.gettext
    return Table(
        {
            _("Term"): [term.name for term in found],
            _("Meaning"): [term.definition for term in found],
            _("Article of law"): [term.law for term in found],
            _("Publisher"): [term.publisher for term in found],
            _("Title"): [term.title for term in found],
            _("Address"): [term.url for term in found],
        }
    )


def limits(frame: pd.DataFrame, words: Words) -> Table:
    """The history of the limits by channel."""
    _ = words.gettext
    lang = words.lang
    status = {"in_force": _("in force"), "superseded": _("superseded"), "not_adopted": _("not adopted")}
    return _table(
        frame,
        {
            _("Channel"): lambda row: row[f"channel_{lang}"],
            _("Limit (FOB)"): lambda row: formats.amount(row["limit_krw"], "KRW", lang),
            _("Announced"): lambda row: (
                formats.date(row["announced"], lang) if row["announced"] else formats.MISSING
            ),
            _("Effective"): lambda row: (
                formats.date(row["effective"], lang) if row["effective"] else formats.MISSING
            ),
            _("Status"): lambda row: status[row["status"]],
            _("Change"): lambda row: row[f"change_{lang}"],
            _("Instrument"): lambda row: row[f"instrument_{lang}"],
            _("Source"): lambda row: row[f"publisher_{lang}"],
            _("Note"): lambda row: row[f"note_{lang}"],
        },
    )


def facts(frame: pd.DataFrame, words: Words) -> Table:
    """Facts that are no statistics."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Subject"): lambda row: row[f"subject_{lang}"],
            _("Value"): lambda row: _with_unit(row, lang),
            _("Since"): lambda row: (
                formats.date(row["valid_from"], lang) if row["valid_from"] else row[f"period_note_{lang}"]
            ),
            _("Quality"): lambda row: receipts.quality_name(row["quality"], words),
            _("Source"): lambda row: row[f"publisher_{lang}"],
            _("Note"): lambda row: row[f"note_{lang}"],
        },
    )


def assumptions(frame: pd.DataFrame, words: Words) -> Table:
    """Every judgement that an answer can rest on, with the range that a reader may choose from."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Statement"): lambda row: row[f"statement_{lang}"],
            _("Lowest"): lambda row: formats.amount(row["low"], "", lang),
            _("Highest"): lambda row: formats.amount(row["high"], "", lang),
            _("Whose"): lambda row: _("our judgement") if row["judgement"] else row[f"publisher_{lang}"],
            _("Alternatives"): lambda row: row[f"alternatives_{lang}"],
        },
    )


def dictionary(frame: pd.DataFrame, words: Words) -> Table:
    """Tables and columns as the schema comments them."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Table"): lambda row: row["table_name"],
            _("Column"): lambda row: row["column_name"],
            _("Type"): lambda row: row["data_type"],
            _("May be empty"): lambda row: _("yes") if row["is_nullable"] else _("no"),
            _("Meaning"): lambda row: row[f"column_{lang}"] or row[f"table_{lang}"],
        },
    )


def _table(frame: pd.DataFrame, columns: Mapping[str, Callable[[Row], str]]) -> Table:
    rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    return Table({name: [read(row) for row in rows] for name, read in columns.items()})


def _label(row: Row, lang: str) -> str:
    members = (
        row[f"{name}_{lang}"] for name in ("destination", "item", "channel") if row[f"{name}_id"] != "ALL"
    )
    return ", ".join([row[f"metric_{lang}"], *members])


def _with_unit(row: Row, lang: Lang) -> str:
    """A fact's value and unit; in Korean they stand apart only behind 만, 억 and 조."""
    value = formats.amount(row["value"], "", lang, significant=None)
    between = "" if lang == "ko" and value[-1].isdigit() else " "
    return f"{value}{between}{row[f'unit_{lang}']}"
