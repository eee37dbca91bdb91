"""Exchange rates by month: the published ones, and those that a person gives."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from etl.errors import InputError
from etl.intake.columns import CURRENCIES
from etl.periods import parse_period
from etl.reference import read

_GIVEN = re.compile(r"(?P<currency>[A-Za-z]{3})(?::(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2])))?=(?P<krw>[0-9.,]+)")
_FINENESS = {"month": 0, "quarter": 1, "half": 2, "year": 3, "span": 4}
_DIGITS = Decimal("0.000001")


@dataclass(frozen=True)
class Rate:
    """Won per unit of a currency in a month ('YYYY-MM', "" for any), to six digits.

    Attributes:
        source: the id of the published rate and its period, or "given".
    """

    currency: str
    month: str
    krw: Decimal
    source: str


def given(texts: Iterable[str]) -> list[Rate]:
    """Rates as a person writes them: USD=1380, or JPY:2024-08=9.21 for one month.

    Raises:
        InputError: written in another way, an unknown currency, or a rate that is not positive.
    """
    rates = []
    for text in texts:
        found = _GIVEN.fullmatch(text.strip())
        try:
            krw = Decimal(found["krw"].replace(",", "")) if found else Decimal(0)
        except InvalidOperation:
            krw = Decimal(0)
        if not found or krw <= 0 or found["currency"].upper() not in CURRENCIES:
            raise InputError(
                f"“{text}” is no exchange rate: write USD=1380 or JPY:2024-08=9.21 (won per unit)"
            )
        rates.append(Rate(found["currency"].upper(), found["month"] or "", krw.quantize(_DIGITS), "given"))
    return rates


def published(folder: Path) -> list[Rate]:
    """Won per dollar for each month of `exchange_rates.csv`, from the finest preferred period that has the month."""
    finest: dict[str, tuple[int, Rate]] = {}
    for line in read(folder / "exchange_rates.csv"):
        if line.cells["preferred"] != "yes":
            continue
        period = parse_period(line.cells["period"])
        fineness = _FINENESS[period.frequency]
        for month in range(period.start.month, period.end.month + 1):
            text = f"{period.start.year}-{month:02d}"
            krw = Decimal(line.cells["krw_per_usd"]).quantize(_DIGITS)
            rate = Rate(
                "USD", text, krw, f"{line.cells['rate_id']} ({line.cells['period']}, {line.cells['basis']})"
            )
            if text not in finest or fineness < finest[text][0]:
                finest[text] = fineness, rate
    return [rate for _, rate in finest.values()]


def in_order(rates: Sequence[Rate], said: Sequence[Rate]) -> list[Rate]:
    """One rate a currency and month: what was said goes before what is published."""
    chosen = {(rate.currency, rate.month): rate for rate in (*rates, *said)}
    anywhere = {rate.currency for rate in said if not rate.month}
    monthly = {(rate.currency, rate.month) for rate in said}
    return [
        rate
        for key, rate in chosen.items()
        if not rate.month or key in monthly or rate.currency not in anywhere
    ]
