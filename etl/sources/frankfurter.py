"""Frankfurter: the European Central Bank's reference rates of working days, from which monthly means are taken. No key."""

import re
from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean
from typing import Any

from etl.errors import FormatError
from etl.periods import parse_period
from etl.sources.json_body import field, listed, number, quoted, read_json, refusal
from etl.sources.source import Answer, Columns, Dataset, Known, Request, Rows, Scope

FRANKFURTER = "Frankfurter"
BASE = "https://api.frankfurter.dev/v1"
COLUMNS = ("month", "currency", "krw_per_unit", "basis", "days")
BASIS = "ecb_average"
# Won per one unit of what the destinations pay with, as far as the ECB quotes it (neither Taiwan's nor Viet Nam's), and
# the range outside of which a rate is of another scale or of another currency.
PLAUSIBLE = {
    "USD": (500.0, 3000.0),
    "JPY": (3.0, 30.0),
    "CNY": (80.0, 500.0),
    "EUR": (700.0, 3500.0),
    "GBP": (900.0, 4000.0),
    "HKD": (80.0, 400.0),
    "SGD": (500.0, 2500.0),
    "CAD": (500.0, 2500.0),
    "MYR": (150.0, 800.0),
    "PHP": (12.0, 60.0),
}
_FEWEST_DAYS, _MOST_DAYS = 15, 23  # working days of a month, Christmas and Easter taken off
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _plan(scope: Scope) -> list[Request]:
    """One call a currency, for all months that are over."""
    over = (date.fromisoformat(scope.today).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    until = min(scope.until, over)
    if scope.since > until:
        return []
    days = f"{parse_period(scope.since).start}..{parse_period(until).end}"
    return [
        Request(
            "frankfurter",
            f"{BASE}/{days}",
            (("base", currency), ("symbols", "KRW")),
            f"source=ecb currency={currency}",
            scope.since,
            until,
        )
        for currency in PLAUSIBLE
    ]


def _read(answer: Answer, request: Request) -> Rows:
    value = read_json(answer, FRANKFURTER)
    if not isinstance(value, dict) or "rates" not in value:
        message = value.get("message") if isinstance(value, dict) else None
        raise refusal(answer, FRANKFURTER, message if isinstance(message, str) else "")
    currency = dict(request.params).get("base", "")
    if field(value, "base", "text", FRANKFURTER) != currency or value.get("amount") != 1:
        raise FormatError(
            f"Frankfurter was asked for 1 {currency} and sent {quoted(str(value.get('amount')))} "
            f"{quoted(str(value.get('base')))}"
        )
    rates = field(value, "rates", "object", FRANKFURTER)
    if "date" in value:  # a single day
        rates = {field(value, "date", "text", FRANKFURTER): rates}
    months = defaultdict(list)
    for day, quotes in rates.items():
        rate = _rate(day, quotes)
        # Days roll back to the last working day: one before the first month asked for would be a month of one day.
        if request.start <= day[:7] <= request.end:
            months[day[:7]].append(rate)
    periods = sorted(months)
    columns: Columns = {
        "month": list(periods),
        "currency": [currency] * len(periods),
        "krw_per_unit": [round(fmean(months[month]), 6) for month in periods],
        "basis": [BASIS] * len(periods),
        "days": [len(months[month]) for month in periods],
    }
    return Rows(columns, frozenset(periods))


def _rate(day: str, quotes: Any) -> float:
    try:
        date.fromisoformat(day if _DAY.fullmatch(day) else "")
    except ValueError:
        raise FormatError(f"Frankfurter sent the day “{quoted(day)}”") from None
    if not isinstance(quotes, dict) or "KRW" not in quotes:
        raise FormatError(f"Frankfurter left out KRW on {day}")
    rate = number(quotes["KRW"], "KRW", FRANKFURTER)
    if rate <= 0:
        raise FormatError(f"Frankfurter sent {rate} won on {day}")
    return rate


def _check(rows: Rows, request: Request, _known: Known) -> list[str]:
    currency = dict(request.params)["base"]
    least, most = PLAUSIBLE.get(currency, (0.0, float("inf")))
    rates = {
        str(month): float(rate or 0)
        for month, rate in zip(rows.columns["month"], rows.columns["krw_per_unit"], strict=True)
    }
    days = {
        str(month): int(count or 0)
        for month, count in zip(rows.columns["month"], rows.columns["days"], strict=True)
    }
    found = []
    if odd := [month for month, rate in rates.items() if not least <= rate <= most]:
        found.append(f"{rates[odd[0]]} won for one {currency} is of another scale ({listed(odd)})")
    if odd := [month for month, count in days.items() if not _FEWEST_DAYS <= count <= _MOST_DAYS]:
        found.append(f"{days[odd[0]]} days are not the working days of a month ({listed(odd)})")
    return found


DATASET = Dataset(
    dataset_id="frankfurter",
    publisher="frankfurter",
    name_ko="유럽중앙은행 기준환율 월평균(Frankfurter)",
    name_en="Monthly averages of the ECB’s reference rates (Frankfurter)",
    table="market_rate",
    columns=COLUMNS,
    period_column="month",
    plan=_plan,
    read=_read,
    check=_check,
    calls_per_second=2.0,
    licence_ko="유럽중앙은행 기준환율, 출처 표시 시 자유 이용",
    licence_en="ECB reference rates; free to use with the source named",
    due_days=1,
    overdue_days=10,
)
DATASETS = (DATASET,)
