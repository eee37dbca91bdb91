"""Numbers and dates as text, in Korean and in English; pure, and the only place that knows how they look.

Korean counts in myriads (조, 억, 만), never in 천, with the unit behind: 11억 9,010만 달러, 204만 5,500건.
By the spelling rules (한글 맞춤법 제43항) a unit is written apart from a word (400만 원) and together with a
digit (3,500원). English puts the code of the currency first: USD 1,190.1 million.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Literal, NamedTuple, TypeVar

import pandas as pd
from babel.dates import get_month_names

from dashboard.i18n import Lang, Pair, particle

__all__ = [
    "MINUS",
    "MISSING",
    "Pair",
    "amount",
    "date",
    "month",
    "particle",
    "percent",
    "period",
    "short",
    "unit_name",
]

_Part = TypeVar("_Part")

MISSING = "\N{EN DASH}"  # missing is missing, never zero
MINUS = "\N{MINUS SIGN}"
_ABOUT = {"ko": "약 ", "en": "about "}


# --- units ------------------------------------------------------------


class _Scale(NamedTuple):
    """A word for a power of ten, and the power from which on it is used."""

    power: int
    starts: int
    word: str


_COUNTS = (_Scale(9, 9, "billion"), _Scale(6, 7, "million"))
_MONEY = (_Scale(12, 12, "trillion"), _Scale(9, 9, "billion"), _Scale(6, 6, "million"))
# Korean trade is quoted in millions of dollars up to 9,999.9 million.
_DOLLARS = (_Scale(12, 12, "trillion"), _Scale(9, 10, "billion"), _Scale(6, 6, "million"))


@dataclass(frozen=True, slots=True)
class _Unit:
    """How a unit is written; `decimals` is the most that its smallest coin, or common sense, bears."""

    ko: str
    en: str
    singular: str = ""
    decimals: int = 0
    scales: tuple[_Scale, ...] = _COUNTS
    is_money: bool = False


def _money(ko: str, code: str, decimals: int, scales: tuple[_Scale, ...] = _MONEY) -> _Unit:
    return _Unit(ko, code, decimals=decimals, scales=scales, is_money=True)


_UNITS = {
    "USD": _money("달러", "USD", 2, _DOLLARS),
    "KRW": _money("원", "KRW", 0),
    "EUR": _money("유로", "EUR", 2),
    "GBP": _money("파운드", "GBP", 2),
    "JPY": _money("엔", "JPY", 0),
    "CNY": _money("위안", "CNY", 2),
    "CHF": _money("스위스프랑", "CHF", 2),
    "NOK": _money("노르웨이크로네", "NOK", 2),
    "TWD": _money("대만달러", "TWD", 0),
    "HKD": _money("홍콩달러", "HKD", 2),
    "SGD": _money("싱가포르달러", "SGD", 2),
    "AUD": _money("호주달러", "AUD", 2),
    "NZD": _money("뉴질랜드달러", "NZD", 2),
    "CAD": _money("캐나다달러", "CAD", 2),
    "VND": _money("동", "VND", 0),
    "THB": _money("밧", "THB", 2),
    "MYR": _money("링깃", "MYR", 2),
    "IDR": _money("루피아", "IDR", 0),
    "PHP": _money("필리핀페소", "PHP", 2),
    "INR": _money("루피", "INR", 2),
    "BRL": _money("헤알", "BRL", 2),
    "MXN": _money("멕시코페소", "MXN", 2),
    "AED": _money("디르함", "AED", 2),
    "SAR": _money("사우디리얄", "SAR", 2),
    "MNT": _money("투그릭", "MNT", 0),
    "persons": _Unit("명", "people", "person"),
    "cases": _Unit("건", "cases", "case"),
    "declarations": _Unit("건", "declarations", "declaration"),
    "orders": _Unit("건", "orders", "order"),
    "firms": _Unit("개사", "firms", "firm"),
    "countries": _Unit("개국", "countries", "country"),
    "fields": _Unit("개 항목", "fields", "field"),
    "customs offices": _Unit("개 세관", "customs offices", "customs office"),
    "years": _Unit("년", "years", "year"),
    "months": _Unit("개월", "months", "month"),
    "days": _Unit("일", "days", "day"),
    "hours": _Unit("시간", "hours", "hour"),
    "minutes": _Unit("분", "minutes", "minute"),
    "places": _Unit("계단", "places", "place"),
    "points": _Unit("%p", "percentage points", "percentage point", decimals=1, scales=()),
    "percent": _Unit("%", "%", decimals=1, scales=()),
    "x": _Unit("배", "x", decimals=2, scales=()),
}

_PER = {
    "case": "건당",
    "declaration": "신고 건당",
    "order": "주문 건당",
    "parcel": "소포 1개당",
    "item": "물품 1개당",
    "firm": "업체당",
    **{code: f"1{unit.ko}당" for code, unit in _UNITS.items() if unit.is_money},
    "year": "연간",
    "month": "월간",
    "day": "하루",
}


@cache
def _parsed(unit: str) -> tuple[_Unit, tuple[str, ...]]:
    """Take a unit such as "KRW/firm/year" apart; an unknown one is written as it stands."""
    name, *per = unit.split("/")
    if name in _UNITS and all(each in _PER for each in per):
        # A rate of exchange bears decimals that the coin itself does not: 1달러당 1,144.9원.
        is_rate = any(each in _UNITS for each in per)
        return replace(_UNITS[name], decimals=2) if is_rate else _UNITS[name], tuple(per)
    return _Unit(unit, unit, decimals=15, scales=()), ()


# --- numbers ------------------------------------------------------------


def _decimal(value: float | Decimal | None) -> Decimal | None:
    """Give the number that was meant (0.1 + 0.2 is 0.3), or None for what is missing or not finite."""
    if value is None:
        return None
    # A float carries 15 digits that were meant; whole numbers and decimals carry all of theirs.
    number = Decimal(value) if isinstance(value, int | Decimal) else Decimal(f"{float(value):.15g}")
    return number if number.is_finite() else None


def _rounded(value: Decimal, significant: int | None, decimals: int) -> Decimal:
    """Round half to even, to so many significant digits and decimals, but never below two digits."""
    if significant is None or not value:
        return value
    if significant < 1:
        raise ValueError(f"significant digits must be 1 or more, or None for all, not {significant}")
    leading = value.adjusted()
    exponent = max(leading - significant + 1, min(-decimals, leading - 1))
    return value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_EVEN)


def _digits(value: Decimal) -> str:
    """Write a number that is not negative in full: commas, no exponent, no idle zeros."""
    return f"{value.normalize():,f}"


def _sign(value: Decimal, *, signed: bool) -> str:
    return MINUS if value < 0 else "+" if signed and value > 0 else ""


_MYRIADS = ((12, "조"), (8, "억"), (4, "만"))


def _korean(value: Decimal) -> str:
    groups = []
    for power, word in _MYRIADS:
        count, value = divmod(value, Decimal(10) ** power)
        if count:
            groups.append(_digits(count) + word)
    if value or not groups:
        groups.append(_digits(value))
    return " ".join(groups)


_MOST_DECIMALS = 4  # of a number before "million": a longer one is written in a smaller word, or in full


def _english(value: Decimal, scales: tuple[_Scale, ...]) -> str:
    for scale in scales:
        scaled = value.scaleb(-scale.power).normalize()
        exponent = scaled.as_tuple().exponent
        if value >= Decimal(10) ** scale.starts and isinstance(exponent, int) and -exponent <= _MOST_DECIMALS:
            return f"{_digits(scaled)} {scale.word}"
    return _digits(value)


def amount(
    value: float | Decimal | None,
    unit: str,
    lang: Lang,
    *,
    significant: int | None = 5,
    approximate: bool = False,
    signed: bool = False,
) -> str:
    """Write a number with its unit: 11억 9,010만 달러, USD 1,190.1 million; an en dash where it is missing.

    `significant` is the most digits kept (None: all that the number has); no unit is given more decimals than
    it bears, so a percentage has one. `approximate` says "about"; `signed` marks growth with a plus sign.
    Raises ValueError for fewer than one significant digit.
    """
    number = _decimal(value)
    if number is None:
        return MISSING
    written, per = _parsed(unit)
    number = _rounded(number, significant, written.decimals)
    about = _ABOUT[lang] if approximate else ""
    sign = _sign(number, signed=signed)
    if lang == "ko":
        digits = _korean(abs(number))
        is_joined = written.ko.startswith("%") or (
            digits[-1].isdigit() and bool(re.match("[가-힣]", written.ko))
        )
        text = f"{about}{sign}{digits}{'' if is_joined else ' '}{written.ko}".rstrip()
        return " ".join([*(_PER[each] for each in per), text])
    digits = _english(abs(number), written.scales)
    if written.is_money:
        text = f"{about}{sign}{written.en} {digits}"
    elif written.en in {"%", "x"}:
        text = f"{about}{sign}{digits}{written.en}"
    else:
        noun = written.singular if digits == "1" and written.singular else written.en
        text = f"{about}{sign}{digits} {noun}".rstrip()
    return " per ".join([text, *per])


def unit_name(unit: str, lang: Lang) -> str:
    """Name a unit for the head of a column: 달러, 건당 원; USD, KRW per case, %."""
    written, per = _parsed(unit)
    if lang == "ko":
        return " ".join([*(_PER[each] for each in per), written.ko])
    return " per ".join([written.en, *per])


def percent(value: float | Decimal | None, lang: Lang, digits: int = 1, *, signed: bool = False) -> str:
    """Write a percentage with fixed decimals, for columns that line up; only zero shows as 0.0%."""
    del lang  # both languages write 36.8%
    number = _decimal(value)
    if number is None:
        return MISSING
    exponent = min(-digits, number.adjusted()) if number and number.adjusted() < -digits else -digits
    number = number.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_EVEN)
    return f"{_sign(number, signed=signed)}{abs(number):,f}%"


_MYRIAD = 10_000
_SHORT = {"ko": _MYRIADS, "en": ((12, "tn"), (9, "bn"), (6, "M"), (4, "k"))}


def short(value: float | Decimal | None, unit: str, lang: Lang, *, significant: int = 3) -> str:
    """Write a number for an axis or a label (12억, 4,000만; 1.2bn, 40M, 50k), whose title carries the unit.

    Only the percent sign stays.
    """
    number = _decimal(value)
    if number is None:
        return MISSING
    # Below ten thousand a label writes every digit before the point, so that neighbouring ticks stay apart.
    kept = significant if abs(number) >= _MYRIAD else max(significant, 4)
    number = _rounded(number, kept, _parsed(unit)[0].decimals)
    suffix = "%" if unit == "percent" else ""
    sign, size = _sign(number, signed=False), abs(number)
    for power, word in _SHORT[lang]:
        if size >= Decimal(10) ** power:
            # "k" begins at ten thousand but counts thousands: 50k, and 5,000 in full.
            scaled = size.scaleb(-3 if word == "k" else -power)
            return f"{sign}{_digits(scaled)}{word}{suffix}"
    return f"{sign}{_digits(size)}{suffix}"


# --- dates and periods ------------------------------------------------------------


_POINT = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?)?"
)
_YEARS = re.compile(r"(\d{4})-(\d{4})")


class _Point(NamedTuple):
    """A year or a part of one; 0 for the parts that are not named."""

    year: int
    half: int
    quarter: int
    month: int
    day: int


def _point(text: str) -> _Point | None:
    found = _POINT.fullmatch(text)
    return (
        _Point(*(int(part or 0) for part in found.group("year", "half", "quarter", "month", "day")))
        if found
        else None
    )


def _korean_parts(point: _Point) -> list[tuple[str, str]]:
    """Take a point apart into numbers and counters, the largest first."""
    half = ("", "상반기", "하반기")[point.half]
    parts = [(point.year, "년"), (half, ""), (point.quarter, "분기"), (point.month, "월"), (point.day, "일")]
    return [(str(number), counter) for number, counter in parts if number]


def _english_parts(point: _Point, width: Literal["wide", "abbreviated"]) -> list[str]:
    """Take a point apart into words, the smallest first."""
    month = get_month_names(width, locale="en")[point.month] if point.month else ""
    half, quarter = f"H{point.half}" if point.half else "", f"Q{point.quarter}" if point.quarter else ""
    return [part for part in (str(point.day or ""), half, quarter, month, str(point.year)) if part]


def _one(point: _Point, lang: Lang) -> str:
    return (
        " ".join(map("".join, _korean_parts(point)))
        if lang == "ko"
        else " ".join(_english_parts(point, "wide"))
    )


def _range(first: _Point, last: _Point, lang: Lang) -> str:
    """Say from when to when, with what both ends share said once: 2024년 1~8월, Jan–Aug 2024."""
    is_alike = [part > 0 for part in first] == [part > 0 for part in last]
    if lang == "ko":
        begin, end = _korean_parts(first), _korean_parts(last)
        shared = len(begin) - len(_unshared(begin, end)) if is_alike else 0
        said_once, begin, end = begin[:shared], begin[shared:], end[shared:]
        if is_alike and len(begin) == 1:
            begin = [(begin[0][0], "" if begin[0][1] == end[0][1] else begin[0][1])]
        opening = "".join(f"{number}{counter} " for number, counter in said_once)
        return f"{opening}{' '.join(map(''.join, begin))}~{' '.join(map(''.join, end))}"
    starts, ends = _english_parts(first, "abbreviated"), _english_parts(last, "abbreviated")
    if is_alike:
        starts = _unshared(starts[::-1], ends[::-1])[::-1]
    return f"{' '.join(starts)}\N{EN DASH}{' '.join(ends)}"


def _unshared(these: list[_Part], those: list[_Part]) -> list[_Part]:
    """Leave out what both lists begin with."""
    shared = next(
        (place for place, (this, that) in enumerate(zip(these, those, strict=True)) if this != that),
        len(these),
    )
    return these[shared:]


@cache
def period(text: str, lang: Lang) -> str:
    """Write a period: 2024, 2024-H1, 2024-Q3, 2024-06, 2024-08-01, a range with "..", several with "+".

    Any other text stays as it is.
    """
    if "+" in text:
        return ", ".join(period(part, lang) for part in text.split("+"))
    first, _, last = _YEARS.sub(r"\1..\2", text).partition("..")
    begin, end = _point(first), _point(last)
    if begin and end and begin != end:
        return _range(begin, end, lang)
    return _one(begin, lang) if begin and (end or not last) else text


@cache
def month(number: int, lang: Lang) -> str:
    """Write a month of any year, 1 to 12: 3월, Mar."""
    return str(get_month_names("abbreviated", locale=lang)[number])


def date(day: dt.date | str | None, lang: Lang) -> str:
    """Write a date or what is known of it ("2024-08"): 2024년 8월 1일, 1 August 2024; an en dash for none."""
    if day == "" or pd.isna(day):
        return MISSING
    return period(day if isinstance(day, str) else f"{day:%Y-%m-%d}", lang)
