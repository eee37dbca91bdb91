"""One page on one market: its figures, its place, what a parcel meets, what comes next, and where all of it is from."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.borders import rules as read
from dashboard.markets.known import GROUPS, Known, column_names, grade_words, group_names
from dashboard.receipts import Number
from dashboard.tables import Cell, Table


@dataclass(frozen=True)
class Section:
    """A heading and a table under it."""

    heading: str
    table: Table


@dataclass(frozen=True)
class Sheet:
    """A market on one page; `table` holds all its rows for a workbook."""

    title: str
    lead: str
    sections: Sequence[Section]
    notes: Sequence[str]

    @property
    def table(self) -> Table:
        """All sections below each other, with the heading of each row's section."""
        rows = [
            (section.heading, *cells)
            for section in self.sections
            for cells in zip(*section.table.columns.values(), strict=True)
        ]
        heads = [self.title, *next(iter(self.sections)).table.columns]
        return Table(dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True)))

    def numbers(self) -> list[Number]:
        """All numbers in order."""
        return [number for section in self.sections for number in section.table.numbers()]


def sheet(known: Known, destination_id: str, said: Sequence[str]) -> Sheet:
    """The sheet of one market; `said` are sentences on its place in the ranking."""
    words = known.words
    _ = words.gettext
    place = known.names[destination_id]
    names, groups = column_names(words, known.asked.item_id), group_names(words)
    sections = []
    for group, columns in GROUPS.items():
        rows = [
            (names[column], known.graded(destination_id, column)) for column in columns if known.has(column)
        ]
        sections.append(_section(groups[group], rows, known))
    sections.append(_section(groups["rules"], _border(known, destination_id), known))
    day = formats.date(known.asked.day.isoformat(), words.lang)
    lead = words.fill(
        _("{place} for a parcel of {value}, rules as of {day}"), place=place, value=known.parcel(), day=day
    )
    title = words.fill(_("Market sheet: {place}"), place=place)
    return Sheet(title, lead, sections, [*said, grade_words(words), read.no_advice(words)])


def _section(heading: str, rows: Sequence[tuple[str, Cell]], known: Known) -> Section:
    _ = known.words.gettext
    return Section(
        heading, Table({_("Fact"): [row[0] for row in rows], _("Figure"): [row[1] for row in rows]})
    )


def _border(known: Known, destination_id: str) -> list[tuple[str, Cell]]:
    """What holds on the day and what comes next, a row a rule."""
    words = known.words
    _ = words.gettext
    rows: list[tuple[str, Cell]] = [
        (_("Value of the parcel"), known.parcel()),
        (_("Ease of entry"), known.ease_number(destination_id) or formats.MISSING),
    ]
    for rule in read.once(known.on_day.get(destination_id, [])):
        name = f"{rule[f'channel_{words.lang}']} ({read.status(rule, words)})"
        rate = rule[f"rate_{words.lang}"]
        rows.append((name, ". ".join(filter(None, [read.both_texts(rule, known.evidence), rate]))))
    following = known.scheduled(destination_id)
    if following is not None:
        said = f"{read.dates(following, words)}: {read.both_texts(following, known.evidence)}"
        rows.append((_("Next change"), f"{said} ({read.status(following, words)})"))
    return rows
