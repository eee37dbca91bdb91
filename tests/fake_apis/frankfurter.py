"""Frankfurter, version 1: made-up reference rates of working days, and its documented faults."""

import re
from datetime import date, timedelta
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json

KEYS: dict[str, str] = {}
FAULTS = {
    "frankfurter.silent": "the symbol is left out on one day of each month",
    "frankfurter.upside-down": "rates are units per won",
    "frankfurter.holiday": "only the first ten days of each month have rates",
}
FIRST_DAY = "1999-01-04"
# Units of a currency per euro in 2019.
PER_EURO = {
    "EUR": 1.0, "USD": 1.12, "JPY": 122.0, "CNY": 7.73, "GBP": 0.877, "HKD": 8.77, "SGD": 1.527, "CAD": 1.485, "MYR": 4.637,
    "PHP": 58.0, "KRW": 1305.0, "AUD": 1.611, "THB": 34.76, "IDR": 15_835.0,
}  # fmt: skip


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


def add_routes(server: FakeServer, faults: Faults) -> None:
    def answer(request: Request) -> Response:
        try:
            return _rates(request, server, faults)
        except _RefusedError as refusal:
            return as_json({"message": refusal.message}, refusal.status)

    server.answer(re.compile(r"/v1/[0-9a-z.-]+"), answer)


def _rates(request: Request, server: FakeServer, faults: Faults) -> Response:
    base = request.args.get("base", request.args.get("from", "EUR"))
    amount, symbols = _asked(request, base)
    when = request.path.removeprefix("/v1/")
    first, dots, last = when.partition("..")
    try:
        start = server.today if first == "latest" else date.fromisoformat(first).isoformat()
        end = date.fromisoformat(last).isoformat() if last else server.today if dots else start
    except ValueError:
        raise _RefusedError(404, "not found") from None
    # A weekend rolls back to the Friday before it.
    start = _working_day(min(start, server.today))
    if start < FIRST_DAY or end < start:
        raise _RefusedError(404, "not found")
    days = [day for day in _days(start, min(end, server.today)) if not _is_off(day, faults)]
    rates = {day: {symbol: amount * _rate(base, symbol, day, faults) for symbol in symbols} for day in days}
    for day, quotes in rates.items():
        if faults.on("frankfurter.silent") and day.endswith(("-14", "-15", "-16")):
            quotes.pop("KRW", None)
    if not dots:
        return as_json({"amount": amount, "base": base, "date": start, "rates": rates[start]})
    return as_json(
        {"amount": amount, "base": base, "start_date": days[0], "end_date": days[-1], "rates": rates}
    )


def _asked(request: Request, base: str) -> tuple[float, list[str]]:
    """Amount and symbols; one that is not known is left out silently where others are."""
    symbols = request.args.get("symbols", request.args.get("to", ",".join(PER_EURO))).split(",")
    if symbols == [base]:
        raise _RefusedError(422, "bad currency pair")
    try:
        amount = float(request.args.get("amount", "1"))
    except ValueError:
        raise _RefusedError(422, "invalid amount") from None
    known = [symbol for symbol in symbols if symbol in PER_EURO and symbol != base]
    if base not in PER_EURO or not known:
        raise _RefusedError(404, "not found")
    return amount, known


def _working_day(day: str) -> str:
    when = date.fromisoformat(day)
    while when.weekday() > 4:
        when -= timedelta(days=1)
    return when.isoformat()


def _days(start: str, end: str) -> list[str]:
    first = date.fromisoformat(start)
    every = (first + timedelta(days=count) for count in range((date.fromisoformat(end) - first).days + 1))
    return [day.isoformat() for day in every if day.weekday() < 5]


def _is_off(day: str, faults: Faults) -> bool:
    return day[5:] in {"01-01", "05-01", "12-25", "12-26"} or (
        faults.on("frankfurter.holiday") and day[8:] > "10"
    )


def _rate(base: str, symbol: str, day: str, faults: Faults) -> float:
    noise = 0.99 + 0.02 * (crc32(f"{base}{symbol}{day[:7]}".encode()) % 1000) / 1000
    noise += 0.002 * (crc32(f"{base}{day}".encode()) % 1000) / 1000
    drift = 1 + 0.02 * (int(day[:4]) + int(day[5:7]) / 12 - 2019)
    rate = PER_EURO[symbol] / PER_EURO[base] * drift * noise
    if faults.on("frankfurter.upside-down"):
        rate = 1 / rate
    return round(rate, 2 if rate > 80 else 5)
