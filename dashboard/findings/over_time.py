"""What a line over time says: titles from the first to the newest point, growth, gaps, conversions."""

import pandas as pd

from dashboard import formats, naming, transform
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Number

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
    if not (points["formula"] == "value at the period’s average rate").any():
        return ""
    return _(
        "Published in the other currency; converted at the average rate of each period, whose source stands in the receipt."
    )


def _signed(evidence: Evidence, row: pd.Series) -> Number:
    """A rate with its sign."""
    return evidence.number(naming.plain(row), signed=True)
