"""What a line over time says: titles from the first to the newest point, growth, gaps, conversions."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import formats, naming, transform
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Number, bound_name

_SHARED = 2  # members in a period make it one to compare them in
# How many more percent a level must have changed before a title says that it rose or fell.
_NO_CHANGE_PCT = 1.0


def newest(points: pd.DataFrame, metric_id: str, frequency: str = "year") -> pd.Series:
    """The newest point of a measure; KeyError where there is none."""
    found = points[(points["metric_id"] == metric_id) & (points["frequency"] == frequency)]
    if found.empty:
        raise KeyError(metric_id)
    row: pd.Series = found.sort_values("period_end").iloc[-1]
    return row


def total_title(points: pd.DataFrame, name: str, evidence: Evidence) -> str:
    """From the first to the newest level, with a verb that the change supports."""
    words = evidence.words
    _ = words.gettext
    if points.empty:
        return words.fill(_("{measure}: no figure is published"), measure=name)
    first, last = points.iloc[0], points.iloc[-1]
    start, end = (evidence.number(naming.plain(row), name, significant=4) for row in (first, last))
    when = {
        "first_period": formats.period(first["period"], words.lang),
        "period": formats.period(last["period"], words.lang),
    }
    if len(points) == 1:
        return words.fill(_("{measure}: {end} ({period})"), measure=name, end=end, period=when["period"])
    change = 100 * (last["value"] / first["value"] - 1)
    if abs(change) < _NO_CHANGE_PCT:
        message = _("{measure} is about the same: {start} ({first_period}), {end} ({period})")
    elif change > 0:
        message = _("{measure} rose from {start} ({first_period}) to {end} ({period})")
    else:
        message = _("{measure} fell from {start} ({first_period}) to {end} ({period})")
    return words.fill(message, measure=name, start=start, end=end, **when)


def growth_title(points: pd.DataFrame, subject: str, evidence: Evidence) -> str:
    """The newest growth rate."""
    words = evidence.words
    _ = words.gettext
    if points.empty:
        return words.fill(_("{measure}: no figure is published"), measure=subject)
    last = points.iloc[-1]
    rate = _signed(evidence, last)
    message = _("{measure} changed by {rate} in {period}")
    if last["value"] > 0:
        message = _("{measure} grew by {rate} in {period}")
    return words.fill(message, measure=subject, rate=rate, period=formats.period(last["period"], words.lang))


def average_title(average: pd.Series, start: str, end: str, subject: str, evidence: Evidence) -> str:
    """Average growth between two periods."""
    words = evidence.words
    _ = words.gettext
    return words.fill(
        _("{measure}: {rate} a year on average, from {start} to {end}"),
        measure=subject,
        rate=_signed(evidence, average),
        start=formats.period(start, words.lang),
        end=formats.period(end, words.lang),
    )


def member_name(line: pd.DataFrame, dimension: str, words: Words) -> str:
    """The name of a destination, item or channel; a group of countries is called one."""
    _ = words.gettext
    name = str(line[f"{dimension}_{words.lang}"].iloc[0])
    is_group = dimension == "destination" and line["destination_kind"].iloc[0] == "group"
    return words.fill(_("{name} (group of countries)"), name=name) if is_group else name


def leader_title(panels: Sequence[tuple[str, pd.DataFrame]], view: str, evidence: Evidence) -> str:
    """Which member has the highest figure in the newest period that most of them share; `panels` are names with points."""
    words = evidence.words
    _ = words.gettext
    if not panels:
        return ""
    everything = pd.concat([points.assign(member=name) for name, points in panels])
    shared = everything.groupby("period_end")["member"].count()
    newest = shared[shared >= min(_SHARED, len(panels))].index.max()
    rows = everything[everything["period_end"] == newest].sort_values("value", ascending=False)
    first = rows.iloc[0]
    message = _("{name} leads with {value} in {period}")
    if view != "level":
        message = _("Highest in {period}: {name}, {value}")
    return words.fill(
        message,
        name=first["member"],
        value=evidence.number(naming.plain(first), signed=view in {"growth", "change"}),
        period=formats.period(first["period"], words.lang),
    )


def hollow_note(points: pd.DataFrame, words: Words) -> str:
    """Which points are drawn hollow, because they are provisional, approximate or a forecast; empty where all are exact."""
    _ = words.gettext
    if "bound" not in points:
        return ""
    said = []
    for bound, rows in points[points["bound"] != "exact"].groupby("bound"):
        periods = ", ".join(formats.period(period, words.lang) for period in dict.fromkeys(rows["period"]))
        said.append(f"{bound_name(str(bound), words)}: {periods}")
    if not said:
        return ""
    return words.fill(_("Hollow points are not exact. {listed}."), listed="; ".join(said))


def break_notes(chosen: str, neighbours: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """Why the line of a series and those of its neighbours in time are not joined: the reasons of the series that came later."""
    _ = words.gettext
    return [
        words.fill(
            _("“{series}” is another definition, drawn as a line of its own and not joined. {reason}."),
            series=each[f"name_{words.lang}"],
            reason=str(each[f"break_{words.lang}"]).rstrip(".") or _("The definition changed"),
        )
        for each in neighbours
        if each["series_id"] != chosen
    ]


def subtitle(points: pd.DataFrame, parts: Sequence[str], words: Words) -> str:
    """What is measured, for which series, how often, and from when to when."""
    first = points.sort_values("period_start").iloc[0]["period"]
    last = points.sort_values("period_end").iloc[-1]["period"]
    return ", ".join([*parts, formats.period(f"{first}..{last}", words.lang)])


def formula_note(formula: str, words: Words) -> str:
    """How the shown figures were computed; empty where they are as published."""
    _ = words.gettext
    return words.fill(_("Formula: {formula}."), formula=formula) if formula else ""


def panels_note(axes: str, words: Words) -> str:
    """How the axes of the panels compare, and what the members are."""
    _ = words.gettext
    said = {
        "shared": _("All panels have the same value axis: heights compare."),
        "free": _("Each panel has its own value axis: shapes compare, heights do not."),
    }[axes]
    members = _(
        "Members with figures in fewer than two periods are left out. Groups of countries overlap with countries; do not add them up."
    )
    return f"{said} {members}"


def monthly_note(words: Words) -> str:
    """Say that no monthly series ships, and how to bring one in."""
    _ = words.gettext
    return _(
        "No monthly e-commerce series ships with this tool, and nothing here is seasonally adjusted or annualised. "
        "Import your own with `yeokjikgu import-trass FILE.xlsx` or `yeokjikgu import-kosis FILE.csv`; see “live sources” in `README.md`."
    )


def gap_note(points: pd.DataFrame, words: Words) -> str:
    """Which years between the first and the last have no figure; empty where none is missing."""
    _ = words.gettext
    if points.empty or points["frequency"].iloc[0] != "year":
        return ""
    missing = transform.missing_years(points)
    if not missing:
        return ""
    named = ", ".join(formats.period(year, words.lang) for year in missing)
    return words.fill(
        _("No figure is published for {years}; the line stops there and does not guess."), years=named
    )


def conversion_note(points: pd.DataFrame, words: Words) -> str:
    """Say it where points were converted between currencies, and at which rate."""
    _ = words.gettext
    if not points["formula"].str.contains("value at the period’s average rate", regex=False).any():
        return ""
    return _(
        "Published in the other currency; converted at the average rate of each period, whose source stands in the receipt."
    )


def _signed(evidence: Evidence, row: pd.Series) -> Number:
    """A rate with its sign."""
    return evidence.number(naming.plain(row), signed=True)
