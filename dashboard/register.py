"""The registers of the Sources page: tables of texts in the reader's language; figures only with their receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard import formats, naming, receipts, received
from dashboard.evidence import Evidence, formula_text
from dashboard.glossary import Term
from dashboard.i18n import Lang, Words
from dashboard.receipts import Number
from dashboard.tables import Cell, Table

Row = dict[str, Any]

_LEFT_AFTER_YEARS = 2  # overdue for longer, a series counts as given up


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


def freshness(frame: pd.DataFrame, today: date, words: Words) -> Table:
    """Every series that comes with the tool: newest period, when it was published, whether the next one is due."""
    _ = words.gettext
    lang = words.lang
    return _table(
        frame,
        {
            _("Series"): lambda row: row[f"name_{lang}"],
            _("Publisher"): lambda row: row[f"publisher_{lang}"],
            _("Newest period"): lambda row: formats.period(row["period"], lang),
            _("Status"): lambda row: freshness_name(_state(row, today), words),
            _("Exactness"): lambda row: receipts.bound_name(row["bound"], words) or _("exact"),
            _("Published on"): lambda row: _day(row["published_on"], lang),
            _("Next expected"): lambda row: _day(row["next_expected"], lang),
        },
    )


def datasets(frame: pd.DataFrame, today: date, words: Words) -> Table:
    """Every data set that can be fetched: last success, newest period, rows, when the next is due, and the command."""
    _ = words.gettext
    lang = words.lang
    publishers = naming.publisher_names(words)
    return _table(
        frame,
        {
            _("Data set"): lambda row: row[f"name_{lang}"],
            _("Publisher"): lambda row: publishers[row["publisher"]],
            _("Status"): lambda row: freshness_name(_state_of_dataset(row, today), words),
            _("Last fetched"): lambda row: _day(row["last_success"], lang),
            _("Newest period"): lambda row: (
                formats.MISSING
                if _is_missing(row["newest_period"])
                else formats.period(row["newest_period"], lang)
            ),
            _("Rows"): lambda row: formats.amount(
                None if _is_missing(row["row_count"]) else float(row["row_count"]), "", lang, significant=None
            ),
            _("Next expected"): lambda row: _day(row["due_on"], lang),
            _("Licence"): lambda row: row[f"licence_{lang}"],
        },
    )


def how_to_get(frame: pd.DataFrame, words: Words) -> Table:
    """Every data set that can be fetched: the command, the variable of its key, and where to get one."""
    _ = words.gettext
    lang = words.lang
    publishers = naming.publisher_names(words)
    return _table(
        frame,
        {
            _("Data set"): lambda row: row[f"name_{lang}"],
            _("Publisher"): lambda row: publishers[row["publisher"]],
            _("Key"): lambda row: _key(row, words),
            _("Where to get it"): lambda row: row["apply_at"] or formats.MISSING,
            _("Command"): lambda row: f"`{command(row)}`",
        },
    )


def command(row: Mapping[str, Any]) -> str:
    """What to type to get a data set."""
    imports = {"trass": "import-trass FILE.xlsx", "kosis_file": "import-kosis FILE.csv"}
    return f"uv run yeokjikgu {imports.get(row['dataset'], 'refresh ' + row['publisher'])}"


def commands(frame: pd.DataFrame) -> list[str]:
    """What to type to get all data sets, each command once."""
    rows = ({str(name): value for name, value in row.items()} for row in frame.to_dict("records"))
    return list(dict.fromkeys(map(command, rows)))


def freshness_name(state: str, words: Words) -> str:
    """How a series or data set stands."""
    _ = words.gettext
    return {
        "fresh": _("fresh"),
        "due": _("due"),
        "overdue": _("overdue"),
        "left": _("no longer followed"),
        "never": _("never fetched"),
    }[state]


def revisions(frame: pd.DataFrame, found: pd.DataFrame, watched: received.Names, evidence: Evidence) -> Table:
    """First print against now, with the change and the days between both; `found` is what `store.datasets` gives."""
    words = evidence.words
    _ = words.gettext
    lang = words.lang
    first_name, now_name, change_name = _("First print"), _("Now"), _("Change (%)")
    between = _("Days between")
    days_formula = formula_text("day of the newest vintage − day of the first", words)
    columns: dict[str, list[Cell]] = {
        name: [] for name in (_("What"), _("Period"), first_name, now_name, change_name, between)
    }
    for each in frame.to_dict("records"):
        row = {str(name): value for name, value in each.items()}
        dataset = naming.row(found, "dataset", row["dataset"])
        what = received.query_name(row["query"], dataset, watched, words)
        inputs = [
            received.printed(row, which, f"{what} · {name}", dataset, words)
            for which, name in (("first", first_name), ("newest", now_name))
        ]
        published = [
            evidence.number(
                {
                    "value": line.value,
                    "unit": line.unit,
                    "evidence": "published",
                    "formula": "",
                    "input_ids": [line],
                },
                significant=None,
            )
            for line in inputs
        ]
        change = {
            "value": row["change_pct"], "unit": "percent", "evidence": "derived", "formula": "value now / first print − 1",
            "input_ids": inputs,
        }  # fmt: skip
        cells: list[Cell] = [
            what,
            formats.period(row["period"], lang),
            *published,
            evidence.number(change, f"{what} · {change_name}", significant=3, signed=True),
            evidence.derived(f"{what} · {between}", row["days"], "days", days_formula, inputs),
        ]
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return Table(columns)


def _state(row: Row, today: date) -> str:
    """How a series stands that comes with the tool."""
    if _is_missing(row["next_expected"]) or today < _as_date(row["next_expected"]):
        return "fresh"
    late = _as_date(row["overdue_from"])
    if today < late:
        return "due"
    return (
        "overdue"
        if today < late.replace(year=late.year + _LEFT_AFTER_YEARS, day=min(late.day, 28))
        else "left"
    )


def _state_of_dataset(row: Row, today: date) -> str:
    if _is_missing(row["due_on"]):
        return "never"
    if today < _as_date(row["due_on"]):
        return "fresh"
    return "due" if today < _as_date(row["overdue_on"]) else "overdue"


def _is_missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _as_date(day: Any) -> date:
    return pd.Timestamp(day).date()


def _day(day: Any, lang: Lang) -> str:
    return formats.MISSING if _is_missing(day) else formats.date(_as_date(day), lang)


def _key(row: Row, words: Words) -> str:
    _ = words.gettext
    if not row["key_variable"]:
        return _("none needed")
    name = f"`{row['key_variable']}`"
    return words.fill(_("{name} (optional)"), name=name) if row["key_optional"] else name


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
