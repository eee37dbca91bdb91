"""Periods as people write them in the reference files, and the days they stand for."""

import calendar
import re
from datetime import date
from typing import Literal, NamedTuple

Frequency = Literal["year", "half", "quarter", "month", "span"]


class Period(NamedTuple):
    """First and last day, both included, and the frequency that a line may be drawn at."""

    start: date
    end: date
    frequency: Frequency


_FORMS: tuple[tuple[re.Pattern[str], Frequency], ...] = (
    # [0-9], not \d: that would also take the full-width digits of a Korean keyboard.
    (re.compile(r"(?P<year>[0-9]{4})"), "year"),
    (re.compile(r"(?P<year>[0-9]{4})-H(?P<part>[12])"), "half"),
    (re.compile(r"(?P<year>[0-9]{4})-Q(?P<part>[1-4])"), "quarter"),
    (re.compile(r"(?P<year>[0-9]{4})-(?P<part>0[1-9]|1[0-2])"), "month"),
)
_MONTHS: dict[Frequency, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AS_KNOWN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_HINT = "write 2024, 2024-H1, 2024-Q3, 2024-06, 2024-08-01 or start..end"


def parse_period(text: str) -> Period:
    """The days of `text`: 2024, 2024-H1, 2024-Q3, 2024-06, 2024-08-01, or two of them joined by "..".

    Raises:
        ValueError: `text` is none of these, or ends before it starts.
    """
    if ".." in text:
        first, _, last = text.partition("..")
        if ".." in last:
            raise ValueError(f"“{text}” is no period: {_HINT}")
        start, end = parse_period(first).start, parse_period(last).end
        if end < start:
            raise ValueError(f"“{text}” ends before it starts")
        return Period(start, end, "span")
    if _DAY.fullmatch(text):
        day = parse_day(text)
        return Period(day, day, "span")
    for form, frequency in _FORMS:
        if match := form.fullmatch(text):
            year, months = int(match["year"]), _MONTHS[frequency]
            first_month = (int(match.groupdict().get("part") or 1) - 1) * months + 1
            last_month = first_month + months - 1
            try:
                return Period(
                    date(year, first_month, 1),
                    date(year, last_month, calendar.monthrange(year, last_month)[1]),
                    frequency,
                )
            except ValueError as error:
                raise ValueError(f"“{text}” is no period: {error}") from None
    raise ValueError(f"“{text}” is no period: {_HINT}")


def parse_day(text: str) -> date:
    """The day of an ISO date.

    Raises:
        ValueError: not a date that exists, or written in another way.
    """
    try:
        # It would also take 20240801 and 2024-W31-4.
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"“{text}” is no date: write it as 2024-08-01") from None


def parse_date_as_known(text: str) -> date:
    """The first day of a date that is known to the year, the month or the day: 2024, 2024-08 or 2024-08-01.

    Raises:
        ValueError: not a date that exists.
    """
    try:
        return date.fromisoformat((text + "-01-01")[:10] if _AS_KNOWN.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"“{text}” is no date: write 2024, 2024-08 or 2024-08-01") from None
