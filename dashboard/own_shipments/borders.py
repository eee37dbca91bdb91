"""Two borders on one ladder: which of a reader's shipments are above what the destination lets in free of duty or tax."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from dashboard import formats, uploads
from dashboard.own_shipments.figures import Counted, shown_parts
from dashboard.receipts import Number
from dashboard.tables import Cell, Table
from dashboard.uploads import Bounds

Row = Mapping[str, Any]
ROUTES = ("express", "post")
LEVIES = ("duty", "tax")
_SOMETIMES = {"draft", "planned", "announced"}


@dataclass(frozen=True)
class Border:
    """One rule of one destination for one levy, and the shipments above its threshold.

    Attributes:
        free_krw: up to which value nothing is due, in won: 0 where all is due, None where nothing is or where it is not known.
        relief: "up_to", "none" (all is due), "all" (nothing is due) or "unknown".
        above: of all shipments there; newly: of those that newly qualify at the Korean border.
    """

    destination: str
    rule: Row
    levy: str
    relief: str
    free_krw: float | None
    shipments: int
    above: Bounds | None
    newly: Bounds | None


def in_force(rules: Iterable[Row], route: str, day: date) -> list[Row]:
    """The rules for all goods on a route that hold on a day; an end that nobody confirmed is none."""
    return [
        row
        for row in rules
        if row["route"] == route
        and row["goods"] == "ALL"
        and row["status"] not in _SOMETIMES
        and (row["valid_from_day"] is None or row["valid_from_day"] <= day)
        and (row["valid_to_day"] is None or row["valid_to_day"] >= day or row["status"] == "end_unconfirmed")
    ]


def borders(counted: Counted, rules: Sequence[Row], rates: Iterable[Row]) -> list[Border]:
    """A border a rule and levy, for the destinations that the page shows, in their order."""
    won = {str(row["currency"]): float(row["krw_per_unit"]) for row in rates} | {"KRW": 1.0}
    found = []
    for part in shown_parts(counted.count.by_destination, counted):
        for rule in (row for row in rules if row["destination_id"] == part.name):
            for levy in LEVIES:
                relief, amount = str(rule[f"{levy}_relief"]), rule[f"{levy}_free_up_to"]
                free = 0.0 if relief == "none" else None
                if relief == "up_to" and rule["currency"] in won:
                    free = float(amount) * won[str(rule["currency"])]
                above, newly = _above(counted, part.name, free) if free is not None else (None, None)
                found.append(Border(part.name, rule, levy, relief, free, part.cases, above, newly))
    return found


def _above(counted: Counted, destination: str, free_krw: float) -> tuple[Bounds, Bounds]:
    """Shipments to a destination above a value, and those of them between the two Korean limits."""
    made = counted.taken.counted
    if made is None:
        raise ValueError("a file without a count has no borders")
    there = replace(made, table=made.table.filter(uploads.is_to(made, destination)))
    count, floor = counted.count, int(free_krw)
    every = uploads.count(there, floor, uploads.LARGEST_KRW).band
    if floor >= count.to_krw:
        return every, Bounds((0, 0), (0, 0))
    return every, uploads.count(there, max(floor, count.from_krw), count.to_krw).band


def ladder_frame(found: Sequence[Border], counted: Counted) -> pd.DataFrame:
    """What the ladder draws: name, free_krw (won), levy, said; only thresholds above zero."""
    words = counted.evidence.words
    _ = words.gettext
    named = {"duty": _("duty"), "tax": _("VAT or consumption tax")}
    rows = [
        {
            "name": f"{counted.name('destination', each.destination)} · {each.rule[f'channel_{words.lang}']}",
            "free_krw": each.free_krw,
            "levy": each.levy,
            "said": words.fill(_("free of {levy} up to here"), levy=named[each.levy]),
        }
        for each in found
        if each.free_krw
    ]
    return pd.DataFrame(rows, columns=["name", "free_krw", "levy", "said"])


def table(found: Sequence[Border], rates: Sequence[Row], counted: Counted) -> Table:
    """Each border with its threshold as published and in won, and the shipments above it."""
    words = counted.evidence.words
    _ = words.gettext
    levies = {"duty": _("Duty"), "tax": _("VAT or consumption tax")}
    names, every = [counted.name("destination", each.destination) for each in found], _("Shipments")
    columns: dict[str, list[Cell]] = {
        _("Destination"): list(names),
        _("Route and rule"): [str(each.rule[f"channel_{words.lang}"]) for each in found],
        _("Levy"): [levies[each.levy] for each in found],
        _("Free up to"): [_threshold(each, counted) for each in found],
        _("In won, about"): [_in_won(each, rates, counted) for each in found],
        every: [
            counted.cases(f"{name} · {every}", each.shipments)
            for name, each in zip(names, found, strict=True)
        ],
    }
    above, newly = _("Above it"), _("Newly qualifying and above it")
    for title, attribute in ((above, "above"), (newly, "newly")):
        for end, suffix in ((0, _("at least")), (1, _("at most"))):
            heading = f"{title}, {suffix}"
            columns[heading] = [
                formats.MISSING
                if getattr(each, attribute) is None
                else counted.cases(f"{name} · {heading}", getattr(each, attribute).cases[end])
                for name, each in zip(names, found, strict=True)
            ]
    return Table(columns)


def _threshold(each: Border, counted: Counted) -> Cell:
    """The amount as published, or what there is instead of one."""
    _ = counted.evidence.words.gettext
    if each.relief == "up_to":
        row = {
            "value": each.rule[f"{each.levy}_free_up_to"],
            "unit": each.rule["currency"],
            "evidence": "published",
            "formula": "",
            "input_ids": [f"{each.rule['rule_id']}:{each.levy}"],
        }
        return counted.evidence.number(row, significant=None)
    return {
        "none": _("due from the first won"),
        "all": _("not due at any value"),
        "unknown": _("not known"),
    }[each.relief]


def _in_won(each: Border, rates: Sequence[Row], counted: Counted) -> Cell:
    """The threshold in won at the rate that the data hold."""
    words = counted.evidence.words
    _ = words.gettext
    if not each.free_krw:
        return formats.MISSING
    rate = next((row for row in rates if row["currency"] == each.rule["currency"]), None)
    ids = [f"{each.rule['rule_id']}:{each.levy}", *(rate["input_ids"] if rate else ())]
    return counted.evidence.derived(
        words.fill(_("Threshold in won · {name}"), name=counted.name("destination", each.destination)),
        each.free_krw,
        "KRW",
        _("threshold × won per unit of its currency"),
        ids,
        significant=3,
        approximate=True,
    )


def heading(found: Sequence[Border], counted: Counted) -> tuple[str, tuple[Number, ...]]:
    """How many of the newly qualifying shipments pay at the other border all the same, at least."""
    words = counted.evidence.words
    _ = words.gettext
    newly: dict[str, int] = {}
    for each in found:
        if each.newly is not None:
            newly[each.destination] = max(newly.get(each.destination, 0), each.newly.cases[0])
    label = _("Newly qualifying and above a threshold of the destination")
    number = counted.cases(label, sum(newly.values()))
    text = words.fill(
        _(
            "The form at the Korean border gets simpler, the other border stays: {number} of these are above a threshold there"
        ),
        number=number,
    )
    return text, (number,)


def from_the_first(found: Sequence[Border], counted: Counted) -> str:
    """Where duty or tax is due at any value, so that the ladder has no mark."""
    words = counted.evidence.words
    _ = words.gettext
    named = {"duty": _("duty"), "tax": _("VAT or consumption tax")}
    due: dict[str, list[str]] = {}
    for each in found:
        if each.relief == "none":
            due.setdefault(counted.name("destination", each.destination), []).append(named[each.levy])
    said = "; ".join(f"{name} ({', '.join(dict.fromkeys(levies))})" for name, levies in due.items())
    return words.fill(_("Due from the first won, so without a mark: {places}."), places=said) if said else ""


def unknown(found: Sequence[Border], counted: Counted) -> str:
    """The destinations of the file of which no rule is known."""
    words = counted.evidence.words
    _ = words.gettext
    known = {each.destination for each in found}
    parts = shown_parts(counted.count.by_destination, counted)
    names = [counted.name("destination", part.name) for part in parts if part.name not in known]
    return words.fill(_("No threshold is known here for: {names}."), names=", ".join(names)) if names else ""
