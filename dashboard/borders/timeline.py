"""Rules over time: what ended, what holds, what comes next for the seller."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from dashboard import formats
from dashboard.borders import rules as read
from dashboard.borders.rules import Row
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Statement

ALL = "ALL"
_FIRST_YEAR = 2014
_PLACE = "{place}"  # filled when all destinations of a sentence are known
_YEARS_AHEAD = 3
_FIRST_OF_ALL = 2  # years before today, where all destinations are shown


def state_on(row: Row, day: date) -> str:
    """Whether a rule has ended, holds, or lies ahead, seen from a day; plans and drafts lie ahead until they are confirmed."""
    if row["status"] in {"planned", "draft"} or (row["valid_from_day"] and row["valid_from_day"] > day):
        return "ahead"
    return "ended" if row["valid_to_day"] and row["valid_to_day"] < day else "in_force"


def is_ahead(row: Row, day: date) -> bool:
    """Whether something still happens to a rule after a day: it starts, it ends, or it waits to be confirmed."""
    return state_on(row, day) == "ahead" or bool(row["valid_to_day"] and row["valid_to_day"] >= day)


def shown(rules: Sequence[Row], destination_id: str, day: date) -> list[Row]:
    """All rules of a destination; of all destinations only those of which something lies ahead, soonest first."""
    once = read.once(rules)
    if destination_id != ALL:
        return [row for row in once if row["destination_id"] == destination_id]
    return sorted((row for row in once if is_ahead(row, day)), key=_soonest(day))


def chart_rows(rules: Sequence[Row], day: date, evidence: Evidence) -> pd.DataFrame:
    """Rows for `charts.rule_timeline`; rules that differ in nothing but their destination are one row."""
    words = evidence.words
    lang = words.lang
    joined: dict[tuple[str, str, str], list[Row]] = {}
    for row in rules:
        said = f"{row[f'channel_{lang}']}: {read.dates(row, words)}, {read.status(row, words)}"
        joined.setdefault((said, _known_terms(row, evidence), str(row["valid_from_day"])), []).append(row)
    found = []
    for (said, both, _day), members in joined.items():
        first = members[0]
        found.append(
            {
                "heading": ", ".join(dict.fromkeys(row[f"destination_{lang}"] for row in members)),
                "name": ". ".join(filter(None, [said, both])),
                "start": _start(first, day),
                "end": pd.Timestamp(first["valid_to_day"]) if first["valid_to_day"] else None,
                "state": state_on(first, day),
            }
        )
    order = {name: place for place, name in enumerate(dict.fromkeys(row["heading"] for row in found))}
    found.sort(key=lambda row: order[row["heading"]])
    return pd.DataFrame(found, columns=["heading", "name", "start", "end", "state"])


def _start(row: Row, day: date) -> pd.Timestamp | None:
    """When the bar of a rule begins; a draft without a date cannot begin before today."""
    start = row["valid_from_day"] or (day if row["status"] == "draft" else None)
    return pd.Timestamp(start) if start else None


def span(rows: pd.DataFrame, destination_id: str, day: date) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From when to when the axis goes."""
    first = pd.Timestamp(day.year - _FIRST_OF_ALL if destination_id == ALL else _FIRST_YEAR, 1, 1)
    last = max([pd.Timestamp(day.year + _YEARS_AHEAD, 1, 1), *rows["end"].dropna(), *rows["start"].dropna()])
    return first, last + pd.Timedelta(days=92)


def heading(rules: Sequence[Row], destination_id: str, place: str, day: date, evidence: Evidence) -> str:
    """What comes next, as the title of the picture."""
    words = evidence.words
    _ = words.gettext
    dated = _coming(rules, day)
    if dated:
        first = dated[0]
        places = list(
            dict.fromkeys(
                each.row[f"destination_{words.lang}"] for each in dated if each.is_like(first, words.lang)
            )
        )
        named = places[0]
        if len(places) > 1:
            named = words.fill(
                _("{publishers} and {count} more"), publishers=named, count=str(len(places) - 1)
            )
        return words.fill(_("Next: {event}"), event=_event(first, named, words))
    if any(state_on(row, day) == "ahead" for row in rules):
        message = _("{place}: plans without a date, or whose start nobody has confirmed")
    else:
        message = _("{place}: no change ahead is known")
    return words.fill(message, place=_("All destinations") if destination_id == ALL else place)


def coming(rules: Sequence[Row], day: date, evidence: Evidence) -> list[Statement]:
    """What hits the seller next, soonest first: starts and ends with a date, then plans without one or unconfirmed."""
    words, lang = evidence.words, evidence.words.lang
    _ = words.gettext
    said: dict[str, list[str]] = {}
    dated = _coming(rules, day)
    for event in dated:
        text = _event(event, _PLACE, words)
        if event.is_start and (terms := _known_terms(event.row, evidence)):
            text += f". {terms}"
        said.setdefault(_cited(text, event.row, lang), []).append(event.row[f"destination_{lang}"])
    starting = {event.row["rule_id"] for event in dated if event.is_start}
    for row in rules:
        if row["status"] in {"planned", "draft"} and row["rule_id"] not in starting:
            message = (
                _("{place}: {rule} ({status}), named for {day}; whether it started is not confirmed")
                if row["valid_from"]
                else _("{place}: {rule} ({status}), no date yet")
            )
            text = words.fill(
                message,
                place=_PLACE,
                rule=_quoted(row, words),
                status=read.status(row, words),
                day=formats.date(row["valid_from"], lang),
            )
            text = ". ".join(filter(None, [text, _known_terms(row, evidence)]))
            said.setdefault(_cited(text, row, lang), []).append(row[f"destination_{lang}"])
    return [
        Statement(text.replace(_PLACE, ", ".join(dict.fromkeys(places))), ()) for text, places in said.items()
    ]


@dataclass(frozen=True)
class _Event:
    """A rule that starts or ends: the day to sort by, the date as known."""

    day: date
    known: str
    row: Row
    is_start: bool

    def is_like(self, other: "_Event", lang: str) -> bool:
        """Whether it is the same event at another destination."""
        name = f"channel_{lang}"
        return (self.known, self.row[name], self.is_start) == (other.known, other.row[name], other.is_start)


def _coming(rules: Sequence[Row], day: date) -> list[_Event]:
    """What starts or ends after a day, soonest first; an end that a start follows at once is left out.

    A plan known to the month or year comes until that is over.
    """
    starts = {(row["destination_id"], row["valid_from_day"]) for row in rules}
    found = []
    for row in rules:
        start, end = row["valid_from_day"], row["valid_to_day"]
        is_plan_within = row["status"] == "planned" and f"{day:%Y-%m-%d}".startswith(row["valid_from"] or "-")
        if start and row["status"] != "draft" and (start > day or is_plan_within):
            found.append(_Event(start, row["valid_from"], row, is_start=True))
        if end and end >= day and (row["destination_id"], end + timedelta(days=1)) not in starts:
            found.append(_Event(end, row["valid_to"], row, is_start=False))
    return sorted(found, key=lambda event: event.day)


def _event(event: _Event, place: str, words: Words) -> str:
    """One event in words: when, where, what."""
    _ = words.gettext
    starts, ends = _("{day}, {place}: {rule} begins"), _("{day}, {place}: {rule} ends")
    text = words.fill(
        starts if event.is_start else ends,
        day=formats.date(event.known, words.lang),
        place=place,
        rule=_quoted(event.row, words),
    )
    if not event.is_start:
        return text
    return words.fill(_("{event} ({status})"), event=text, status=read.status(event.row, words))


def _quoted(row: Row, words: Words) -> str:
    return f"“{row[f'channel_{words.lang}']}”"


def _soonest(day: date) -> Callable[[Row], tuple[date, str]]:
    """Sorts rules by the first day, from a given one on, on which something happens to them."""

    def key(row: Row) -> tuple[date, str]:
        days = [each for each in (row["valid_from_day"], row["valid_to_day"]) if each and each >= day]
        return min(days, default=date.max), str(row["rule_id"])

    return key


def _known_terms(row: Row, evidence: Evidence) -> str:
    """What a rule says of duty and tax; empty where neither is known."""
    return "" if {row["duty_relief"], row["tax_relief"]} == {"unknown"} else read.both_texts(row, evidence)


def _cited(text: str, row: Row, lang: str) -> str:
    return f"{text.rstrip('. ')}. [{row[f'publisher_{lang}']}]({row['url']})"


def subtitle(destination_id: str, place: str, day: date, words: Words) -> str:
    """What the picture shows."""
    _ = words.gettext
    if destination_id == ALL:
        message = _("Import rules that start, end or wait to be confirmed after {day}, by destination")
    else:
        message = _("Import rules of {place} over time, as known on {day}")
    return words.fill(message, place=place, day=formats.date(day, words.lang))


def today_label(day: date, words: Words) -> str:
    """What the tick in each bar means."""
    _ = words.gettext
    return words.fill(_("today, {day}"), day=formats.date(day, words.lang))


def legend(words: Words) -> str:
    """How the bars are to be read."""
    _ = words.gettext
    return _(
        "Filled: in force. Pale: ended. Hatched: announced, planned or a draft, which may still change. "
        "A bar that reaches an edge starts or ends beyond it, or has no known date there."
    )


def nothing_ahead(words: Words) -> Statement:
    """What to say where nothing lies ahead."""
    _ = words.gettext
    return Statement(_("Nothing is known here that lies ahead; a rule may still change at any time."), ())
