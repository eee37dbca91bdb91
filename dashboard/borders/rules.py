"""The destinations' rules as they are read: one a rule, in force on a day, in words, and as the model takes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboard import formats
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.model.markets.landed import Levy, Rate, Rule, Terms
from dashboard.receipts import Number
from dashboard.tables import Table

Row = Mapping[str, Any]

_FEES = {"fee_eu", "fee_national"}
_NOT_FROM_KOREA = {"other_origin", "gift"}  # or no sale
AHEAD = {"announced", "planned", "draft"}
_TENTATIVE = {"planned", "draft"}


def once(rules: Iterable[Row]) -> list[Row]:
    """One row a rule: a rule for several routes is read as one."""
    return list({str(row["rule_id"]): row for row in rules}.values())


def on_day(rules: Iterable[Row], day: date) -> list[Row]:
    """The rules that hold on a day. Plans count from the day that they name, drafts never; an end that nobody confirmed is none."""
    return [
        row
        for row in rules
        if row["status"] != "draft"
        and (row["valid_from_day"] is None or row["valid_from_day"] <= day)
        and (row["valid_to_day"] is None or row["valid_to_day"] >= day or row["status"] == "end_unconfirmed")
    ]


def of_parcels(rules: Iterable[Row]) -> list[Row]:
    """The rules that a parcel sold from Korea can meet, without fees."""
    return [row for row in rules if row["route"] not in _FEES | _NOT_FROM_KOREA]


def change_days(rules: Iterable[Row], limits: Iterable[date]) -> list[date]:
    """The days on which anything changes on either border, in order."""
    starts = {row["valid_from_day"] for row in rules if row["status"] != "draft"}
    ends = {row["valid_to_day"] + timedelta(days=1) for row in rules if row["valid_to_day"]}
    return sorted({*limits, *starts, *ends} - {None})


def terms(row: Row, levy: Levy) -> Terms:
    """What a rule says of a levy."""
    return Terms(row[f"{levy}_relief"], row[f"{levy}_free_up_to"])


def for_model(row: Row, rates: Mapping[str, Row], band: float) -> Rule:
    """A rule as the model takes it; without a rate where none of its currency is known. `band` is a share from 0 to below 1."""
    rate = rates.get(row["currency"])
    known = Rate(rate["krw_per_unit"], band) if rate else None
    return Rule(row["rule_id"], terms(row, "duty"), terms(row, "tax"), known)


def threshold(row: Row, levy: Levy, evidence: Evidence) -> Number:
    """The amount up to which a rule frees of a levy, with its receipt; only where its relief is `up_to`."""
    cited = {
        "value": row[f"{levy}_free_up_to"],
        "unit": row["currency"],
        "evidence": "published",
        "formula": "",
        "input_ids": [f"{row['rule_id']}:{levy}"],
    }
    return evidence.number(cited, significant=None)


def in_won(row: Row, levy: Levy, amount: float, rate: Row, band: Number, evidence: Evidence) -> Number:
    """A threshold in won, `amount`, from its own currency and the rate; `band` is how far off the rate was taken to be."""
    words = evidence.words
    _ = words.gettext
    name = words.fill(
        _("{levy} in won · {rule}"), levy=levy_names(words)[levy], rule=row[f"channel_{words.lang}"]
    )
    assumed = words.fill(_("exchange rate within {band} of the average: your choice"), band=band)
    return evidence.derived(
        name,
        amount,
        "KRW",
        _("threshold × won for one unit of its currency"),
        [f"{row['rule_id']}:{levy}", *rate["input_ids"]],
        assumptions=[assumed],
        significant=4,
        approximate=True,
    )


def levy_names(words: Words) -> dict[Levy, str]:
    """Names of what a border takes."""
    _ = words.gettext
    return {"duty": _("Duty"), "tax": _("Consumption tax")}


def terms_text(row: Row, levy: Levy, evidence: Evidence) -> str:
    """What a rule says of a levy, without its name."""
    words = evidence.words
    _ = words.gettext
    relief = row[f"{levy}_relief"]
    if relief == "up_to":
        return words.fill(_("free up to {amount}"), amount=threshold(row, levy, evidence))
    return {"none": _("levied at any value"), "all": _("none at any value"), "unknown": _("not known")}[
        relief
    ]


def both_texts(row: Row, evidence: Evidence) -> str:
    """What a rule says of duty and of tax, in one line."""
    names = levy_names(evidence.words)
    if terms(row, "duty") == terms(row, "tax"):
        both = together(evidence.words)
        return f"{both}: {terms_text(row, 'duty', evidence)}"
    duty, tax = (f"{name}: {terms_text(row, levy, evidence)}" for levy, name in names.items())
    return f"{duty}; {tax[:1].lower()}{tax[1:]}"


def together(words: Words) -> str:
    """The name of both levies where a rule treats them alike."""
    _ = words.gettext
    return _("Duty and consumption tax")


def status(row: Row, words: Words) -> str:
    """How a rule stands, with what is known of it."""
    _ = words.gettext
    names = {
        "in_force": _("in force"),
        "ended": _("ended"),
        "announced": _("announced"),
        "planned": _("planned"),
        "draft": _("draft"),
        # what is not known, or disputed, of these two is their note
        "unknown_rate": _("in force"),
        "disputed": _("in force"),
        "end_unconfirmed": _("end not confirmed"),
    }
    return ", ".join(dict.fromkeys(filter(None, [names[row["status"]], row[f"status_note_{words.lang}"]])))


def dates(row: Row, words: Words) -> str:
    """From when to when a rule holds, as far as known."""
    _ = words.gettext
    start, end = row["valid_from"], row["valid_to"]
    if start and end:
        return words.fill(
            _("{start} to {end}"), start=formats.date(start, words.lang), end=formats.date(end, words.lang)
        )
    if start and row["status"] in AHEAD:
        return words.fill(_("from {day}"), day=formats.date(start, words.lang))
    if start:
        return words.fill(_("since {day}"), day=formats.date(start, words.lang))
    if end:
        return words.fill(_("until {day}"), day=formats.date(end, words.lang))
    return _("no date known")


def register(
    rules: Sequence[Row],
    evidence: Evidence,
    *,
    with_place: bool = False,
    this_basket: Mapping[str, str] | None = None,
) -> Table:
    """Rules with terms, rates, dates, how they stand, and the source of each.

    `this_basket` says by rule id what a rule does with the basket; a rule that no parcel from Korea meets is in none.
    """
    words = evidence.words
    _ = words.gettext
    lang = words.lang
    names = levy_names(words)

    def cell(row: Row, levy: Levy) -> Number | str:
        is_amount = row[f"{levy}_relief"] == "up_to"
        return threshold(row, levy, evidence) if is_amount else terms_text(row, levy, evidence)

    places = {_("Destination"): [row[f"destination_{lang}"] for row in rules]} if with_place else {}
    met = (
        {_("This basket"): [this_basket.get(row["rule_id"], formats.MISSING) for row in rules]}
        if this_basket
        else {}
    )
    return Table(
        {
            **places,
            _("Rule"): [row[f"channel_{lang}"] for row in rules],
            **met,
            words.fill(_("{levy}: free up to"), levy=names["duty"]): [cell(row, "duty") for row in rules],
            words.fill(_("{levy}: free up to"), levy=names["tax"]): [cell(row, "tax") for row in rules],
            _("Rates"): [row[f"rate_{lang}"] or formats.MISSING for row in rules],
            _("Counted on"): [row[f"basis_{lang}"] or formats.MISSING for row in rules],
            _("When"): [f"{dates(row, words)}; {status(row, words)}" for row in rules],
            _("Note"): [row[f"note_{lang}"] or formats.MISSING for row in rules],
            _("Source"): [row[f"publisher_{lang}"] for row in rules],
            _("Address"): [row["url"] for row in rules],
        }
    )


def no_advice(words: Words) -> str:
    """What this page is not."""
    _ = words.gettext
    return _(
        "This is not legal advice. Most rules abroad were read in secondary sources; check the source of each before you rely on it."
    )
