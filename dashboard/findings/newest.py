"""The newest figure of a line with two comparisons at once, and members ranked with their movement."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from dashboard import formats, naming, transform
from dashboard.evidence import Evidence, formula_text
from dashboard.findings import over_time
from dashboard.findings.headlines import Headline
from dashboard.receipts import Number
from dashboard.tables import Cell, Table
from dashboard.transform import Against


def headlines(points: pd.DataFrame, measure: str, evidence: Evidence) -> list[Headline]:
    """The newest level, its change on the period before, and on the same period a year before; what is missing is said.

    Of yearly figures both comparisons are the same: the second is with the first figure of the line.
    """
    words = evidence.words
    _ = words.gettext
    last, first = points.iloc[-1], points.iloc[0]
    when = formats.period(last["period"], words.lang)
    found = [Headline("newest", measure, evidence.number(naming.plain(last), measure, significant=4), when)]
    is_yearly = last["frequency"] == "year"
    if not is_yearly:
        found.append(_comparison(points, "before", _("Change on the period before"), evidence))
    found.append(
        _comparison(
            points,
            "year",
            _("Change on the year before") if is_yearly else _("Change on the same period a year before"),
            evidence,
        )
    )
    if is_yearly and len(points) > 1:
        label = _("Change since the first figure")
        value = 100 * (last["value"] / first["value"] - 1)
        inputs = [*last["input_ids"], *first["input_ids"]]
        number = evidence.derived(
            label, value, "percent", formula_text("level / level of the base period − 1", words), inputs
        )
        detail = words.fill(
            _("{from_period} to {period}"),
            from_period=formats.period(first["period"], words.lang),
            period=when,
        )
        found.append(Headline("since-first", label, _signed(number, evidence), detail))
    return found


def _comparison(points: pd.DataFrame, against: Against, label: str, evidence: Evidence) -> Headline:
    words = evidence.words
    _ = words.gettext
    last = points.iloc[-1]
    when = formats.period(last["period"], words.lang)
    rates = transform.growth(points, against)
    made = rates[rates["period"] == last["period"]]
    if made.empty:
        formula = {
            "year": "level / level a year earlier − 1",
            "before": "level / level of the period before − 1",
        }
        number = evidence.derived(
            label, None, "percent", formula_text(formula[against], words), last["input_ids"]
        )
        return Headline(
            against, label, number, words.fill(_("no figure to compare {period} with"), period=when)
        )
    number = evidence.number(naming.plain(made.iloc[0]), label, signed=True)
    return Headline(against, label, number, when)


def ranking(
    lines: Mapping[str, pd.DataFrame],
    periods: tuple[str, str],
    dimension: str,
    measure: str,
    evidence: Evidence,
) -> Table:
    """Members ranked by their level in the later of two `periods` (newer, earlier), with the change since and places moved."""
    words = evidence.words
    _ = words.gettext
    now, earlier = periods
    rank = _("Rank")
    label = words.fill(_("Change on {period}"), period=formats.period(earlier, words.lang))
    name = {"destination": _("Destination"), "item": _("Item"), "channel": _("Channel")}[dimension]
    columns: dict[str, list[Cell]] = {rank: [], name: [], measure: [], label: [], _("Places moved"): []}
    for row in transform.ranked(lines, now, earlier):
        level, before = row.level, row.before
        inputs = [*level["input_ids"], *(before["input_ids"] if before is not None else [])]
        member = over_time.member_name(lines[row.member], dimension, words)
        change = None if before is None else 100 * (level["value"] / before["value"] - 1)
        rate = evidence.derived(
            f"{member} · {label}",
            change,
            "percent",
            formula_text("level / level of the base period − 1", words),
            inputs,
        )
        cells: list[Cell] = [
            evidence.derived(f"{member} · {rank}", row.rank, "", _("place by value"), inputs),
            member,
            evidence.number(naming.plain(level), f"{member} · {measure}", significant=4),
            _signed(rate, evidence),
            _moved(row.moved, member, inputs, evidence),
        ]
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return Table(columns)


def _moved(places: int | None, member: str, inputs: list[str], evidence: Evidence) -> Cell:
    """How many places up or down, in words that need no colour."""
    _ = evidence.words.gettext
    moved = _("Places moved")
    if places is None:
        return _("no figure before")
    label = f"{member} · {moved}"
    number = evidence.derived(label, abs(places), "places", _("place before − place now"), inputs)
    if not places:
        return replace(number, text=_("= same place"))
    message = _("▲ up {places}") if places > 0 else _("▼ down {places}")
    return replace(number, text=evidence.words.fill(message, places=number))


def _signed(number: Number, evidence: Evidence) -> Number:
    """The same number with its sign."""
    receipt = number.receipt
    text = formats.amount(receipt.value, receipt.unit, evidence.words.lang, signed=True)
    return replace(number, text=text)
