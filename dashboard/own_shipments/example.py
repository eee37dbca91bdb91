"""The made-up example: orders of a shop that does not exist, by code with a fixed seed; never data."""

import csv
import io
from functools import cache

import numpy as np

from dashboard.i18n import Lang, words_for

_SEED = 20_260_626
_ORDERS = 24_000
_DESTINATIONS = ("JP", "US", "CN", "SG", "HK", "TW", "AU", "DE")
_WEIGHTS = (0.34, 0.24, 0.14, 0.08, 0.07, 0.06, 0.04, 0.03)
# By item: share of orders, median value (won), and spread (sd of the logarithm).
_ITEMS = ((0.45, 60_000.0, 0.7), (0.22, 90_000.0, 0.7), (0.15, 150_000.0, 0.8), (0.18, 1_150_000.0, 0.75))
_FIRST_DAY, _DAYS = np.datetime64("2023-01-01"), 365
_LIMIT_KRW = 2_000_000
_ROUND_KRW = 100_000
# What people do: round amounts, values declared too low just above the limit, parcels sent in two.
_ROUNDED, _TOO_LOW, _TWO = 0.12, 0.30, 0.12
_TOO_LOW_REACH, _TWO_REACH = 1.15, 1.3
# Rows that are not counted, as real files have them.
_BAD = ("0", "-35000", "", "1.234")


def file_name(lang: Lang) -> str:
    """What the file is called; each row of its rejects carries it."""
    return {"ko": "가상-예시.csv", "en": "made-up-example.csv"}[lang]


@cache
def content(lang: Lang) -> bytes:
    """The file as CSV, with the names of columns and goods in a language; the numbers are the same in both."""
    words = words_for(lang)
    _ = words.gettext
    header = {
        "ko": ("신고일자", "목적국", "품목", "판매채널", "주문번호", "금액(원)"),
        "en": ("date", "destination", "item", "channel", "order id", "value (KRW)"),
    }[lang]
    items = (_("Cosmetics"), _("Clothing"), _("Albums and goods"), _("Watches and cameras"))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    channel = _("made-up example")
    for number, (day, place, item, krw) in enumerate(_orders(), start=1):
        writer.writerow((day, _DESTINATIONS[place], items[item], channel, f"M{number:05}", krw))
    for number, bad in enumerate((*_BAD, _("sold out")), start=1):
        writer.writerow((_FIRST_DAY, _DESTINATIONS[0], items[0], channel, f"X{number:05}", bad))
    return out.getvalue().encode()


def _orders() -> list[tuple[str, int, int, int]]:
    """Day, place of the destination, place of the item, value in won."""
    draw = np.random.default_rng(_SEED)
    item = draw.choice(len(_ITEMS), _ORDERS, p=[share for share, _median, _spread in _ITEMS])
    median, spread = (np.array([each[place] for each in _ITEMS])[item] for place in (1, 2))
    value = median * np.exp(spread * draw.standard_normal(_ORDERS))
    value = np.where(
        draw.random(_ORDERS) < _ROUNDED, np.maximum(np.rint(value / _ROUND_KRW), 1) * _ROUND_KRW, value
    )
    choice = draw.random(_ORDERS)
    above = value / _LIMIT_KRW
    low = (above > 1) & (above <= _TOO_LOW_REACH) & (choice < _TOO_LOW)
    two = (above > 1) & (above <= _TWO_REACH) & (choice > 1 - _TWO)
    value = np.where(low, _LIMIT_KRW * (1 - draw.random(_ORDERS) / 20), value)
    value = np.maximum(np.rint(np.where(two, value / 2, value) / 100) * 100, 1_000)
    day = np.sort(_FIRST_DAY + draw.integers(0, _DAYS, _ORDERS))
    place = draw.choice(len(_DESTINATIONS), _ORDERS, p=_WEIGHTS)
    # The other half of what was sent in two goes the same day to the same place.
    columns = [np.concatenate([each, each[two]]) for each in (day, place, item, value.astype(np.int64))]
    order = np.argsort(columns[0], kind="stable")
    text, places, items, values = (each[order] for each in columns)
    return list(zip(text.astype(str), places.tolist(), items.tolist(), values.tolist(), strict=True))
