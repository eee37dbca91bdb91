import datetime as dt
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats
from dashboard.formats import MINUS, MISSING
from dashboard.i18n import LANGUAGES, Lang

COUNTED = ["USD", "KRW", "cases", "firms", "KRW/case", "USD/case", "percent", "x", "parsecs"]
MYRIADS = {"조": Decimal(10) ** 12, "억": Decimal(10) ** 8, "만": Decimal(10) ** 4, "": Decimal(1)}
WORDS = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "": 1}
DECIMALS = {"USD": 2, "KRW": 0, "cases": 0, "firms": 0, "KRW/case": 0, "USD/case": 2, "percent": 1, "x": 2}


def parsed(text: str, lang: Lang) -> Decimal:
    """Read a printed amount back as a number."""
    sign = -1 if MINUS in text else 1
    text = re.sub(r"1달러당", "", text)
    if lang == "ko":
        groups = re.findall(r"([\d,.]+)(조|억|만|)", text)
        return sign * sum((Decimal(n.replace(",", "")) * MYRIADS[word] for n, word in groups), Decimal(0))
    found = re.search(r"([\d,.]+)(?: (trillion|billion|million))?", text)
    assert found, text
    return sign * Decimal(found[1].replace(",", "")) * WORDS[found[2] or ""]


def step(value: Decimal, significant: int, unit: str) -> Decimal:
    """The place to which a value is rounded."""
    leading = value.adjusted()
    exponent = max(leading - significant + 1, min(-DECIMALS.get(unit, 15), leading - 1))
    return Decimal(1).scaleb(exponent)


values = st.floats(min_value=1e-6, max_value=1e17, allow_nan=False) | st.integers(0, 10**17).map(float)
signed_values = st.tuples(values, st.sampled_from([1, -1])).map(lambda pair: pair[0] * pair[1])
languages = st.sampled_from(LANGUAGES)
units = st.sampled_from(COUNTED)


@pytest.mark.parametrize(
    ("value", "unit", "significant", "ko", "en"),
    [
        (1_190_134_000, "USD", 5, "11억 9,010만 달러", "USD 1,190.1 million"),
        (1_190_130_000, "USD", None, "11억 9,013만 달러", "USD 1,190.13 million"),
        (2_320_000_000, "USD", 5, "23억 2,000만 달러", "USD 2,320 million"),
        (9_999_900_000, "USD", 5, "99억 9,990만 달러", "USD 9,999.9 million"),
        (9_999_960_000, "USD", 5, "100억 달러", "USD 10 billion"),
        (563_000_000, "USD", 5, "5억 6,300만 달러", "USD 563 million"),
        (4_091_000_000_000, "KRW", 5, "4조 910억 원", "KRW 4.091 trillion"),
        (80_000_000_000, "KRW", 5, "800억 원", "KRW 80 billion"),
        (2_000_000, "KRW", 5, "200만 원", "KRW 2 million"),
        (43_500, "KRW", 5, "4만 3,500원", "KRW 43,500"),
        (3_500, "KRW", 5, "3,500원", "KRW 3,500"),
        (100_000_001, "KRW", None, "1억 1원", "KRW 100,000,001"),
        (12_345_000_000_000_000, "KRW", None, "12,345조 원", "KRW 12,345 trillion"),
        (2_045_500, "cases", None, "204만 5,500건", "2,045,500 cases"),
        (13_198_000, "cases", 5, "1,319만 8,000건", "13.198 million cases"),
        (13_198_123, "cases", None, "1,319만 8,123건", "13,198,123 cases"),
        (61_170_000, "cases", 5, "6,117만 건", "61.17 million cases"),
        (50_000, "cases", 5, "5만 건", "50,000 cases"),
        (1, "cases", 5, "1건", "1 case"),
        (0, "KRW", 5, "0원", "KRW 0"),
        (3_148, "firms", 5, "3,148개사", "3,148 firms"),
        (27, "fields", 5, "27개 항목", "27 fields"),
        (36.8, "percent", 5, "36.8%", "36.8%"),
        (36.8123, "percent", 5, "36.8%", "36.8%"),
        (0.0437, "percent", 5, "0.044%", "0.044%"),
        (62, "x", 5, "62배", "62x"),
        (43.0948, "USD/case", 3, "건당 43.1달러", "USD 43.1 per case"),
        (49_329.7, "KRW/case", 5, "건당 4만 9,330원", "KRW 49,330 per case"),
        (1144.9, "KRW/USD", 5, "1달러당 1,144.9원", "KRW 1,144.9 per USD"),
        (5_000, "KRW/firm/year", 5, "업체당 연간 5,000원", "KRW 5,000 per firm per year"),
        (12, "parsecs", 5, "12 parsecs", "12 parsecs"),
        (12, "USD/parsec", 5, "12 USD/parsec", "12 USD/parsec"),
        (12, "", 5, "12", "12"),
        (0.1 + 0.2, "USD", None, "0.3달러", "USD 0.3"),
        (2.5, "cases", 1, "2건", "2 cases"),
        (3.5, "cases", 1, "4건", "4 cases"),
        (-43_000_000, "USD", 5, f"{MINUS}4,300만 달러", f"{MINUS}USD 43 million"),
        (-0.0, "USD", 5, "0달러", "USD 0"),
    ],
)
def test_amounts_are_written_as_a_ministry_writes_them(
    value: float, unit: str, significant: int | None, ko: str, en: str
) -> None:
    assert formats.amount(value, unit, "ko", significant=significant) == ko
    assert formats.amount(value, unit, "en", significant=significant) == en


def test_about_stands_before_the_number_and_growth_has_its_sign() -> None:
    assert formats.amount(43_500, "KRW/case", "ko", approximate=True) == "건당 약 4만 3,500원"
    assert formats.amount(43_500, "KRW/case", "en", approximate=True) == "about KRW 43,500 per case"
    assert formats.amount(61_170_000, "cases", "ko", approximate=True) == "약 6,117만 건"
    assert formats.amount(24.8, "percent", "ko", signed=True) == "+24.8%"
    assert formats.percent(-9, "en", signed=True) == f"{MINUS}9.0%"
    assert formats.percent(0, "en", signed=True) == "0.0%"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("missing", [None, float("nan"), float("inf"), Decimal("NaN")])
def test_missing_is_missing(missing: float | None, lang: Lang) -> None:
    assert formats.amount(missing, "USD", lang, approximate=True) == MISSING
    assert formats.percent(missing, lang) == MISSING
    assert formats.short(missing, "USD", lang) == MISSING


def test_no_significant_digit_is_no_number() -> None:
    with pytest.raises(ValueError, match="significant digits must be 1 or more"):
        formats.amount(1, "USD", "en", significant=0)


@given(signed_values, units, languages, st.integers(1, 12))
def test_a_printed_amount_reads_back_within_its_digits(
    value: float, unit: str, lang: Lang, significant: int
) -> None:
    meant = Decimal(f"{value:.15g}")
    read = parsed(formats.amount(value, unit, lang, significant=significant), lang)
    if not meant:
        assert read == 0
        return
    place = step(meant, significant, unit)
    assert read == meant.quantize(place, ROUND_HALF_EVEN)
    assert abs(read - meant) <= place / 2


@given(signed_values, units, languages)
def test_an_exact_amount_loses_nothing(value: float, unit: str, lang: Lang) -> None:
    assert parsed(formats.amount(value, unit, lang, significant=None), lang) == Decimal(f"{value:.15g}")


@given(signed_values, signed_values, units, languages, st.integers(1, 8))
def test_rounding_keeps_the_order(one: float, other: float, unit: str, lang: Lang, significant: int) -> None:
    low, high = sorted([one, other])
    texts = [formats.amount(each, unit, lang, significant=significant) for each in (low, high)]
    assert parsed(texts[0], lang) <= parsed(texts[1], lang)


@given(signed_values, units, languages, st.none() | st.integers(1, 12))
def test_no_thousands_word_no_exponent_no_hyphen(
    value: float, unit: str, lang: Lang, significant: int | None
) -> None:
    for text in (
        formats.amount(value, unit, lang, significant=significant),
        formats.short(value, unit, lang),
        formats.percent(value, lang),
    ):
        assert "천" not in text
        assert not re.search(r"\d[eE][+-]?\d", text)
        assert "-" not in text
        assert "  " not in text
        assert text == text.strip()
        assert not re.search(r"(?<![.\d])\d{4}", text), "four digits in a row lack their comma"


@given(values, st.sampled_from(["USD", "KRW", "cases", "firms"]))
def test_korean_groups_stay_below_ten_thousand(value: float, unit: str) -> None:
    text = formats.amount(value, unit, "ko", significant=None)
    for digits, word in re.findall(r"([\d,]+)(?:\.\d+)?(조|억|만|)", text):
        assert word == "조" or 0 <= int(digits.replace(",", "")) < 10_000
    assert re.fullmatch("조?억?만?", "".join(re.findall("[조억만]", text)))


@given(st.floats(-1e6, 1e6), languages, st.integers(0, 3))
def test_a_percentage_has_its_decimals_and_only_zero_shows_as_zero(
    value: float, lang: Lang, digits: int
) -> None:
    text = formats.percent(value, lang, digits)
    assert text.endswith("%")
    read = parsed(text, lang)
    meant = Decimal(f"{value:.15g}")
    assert (read == 0) == (meant == 0)
    assert abs(read - meant) <= Decimal(1).scaleb(-digits) / 2
    assert len(text.rstrip("%").partition(".")[2]) >= digits


@pytest.mark.parametrize(
    ("value", "unit", "ko", "en"),
    [
        (1_200_000_000, "USD", "12억", "1.2bn"),
        (40_000_000, "cases", "4,000만", "40M"),
        (4_091_000_000_000, "KRW", "4.09조", "4.09tn"),
        (50_000, "cases", "5만", "50k"),
        (1_255, "cases", "1,255", "1,255"),
        (0, "USD", "0", "0"),
        (-2_500_000, "KRW", f"{MINUS}250만", f"{MINUS}2.5M"),
        (36.84, "percent", "36.8%", "36.8%"),
        (999_950_000, "USD", "10억", "1bn"),
    ],
)
def test_labels_are_short(value: float, unit: str, ko: str, en: str) -> None:
    assert formats.short(value, unit, "ko") == ko
    assert formats.short(value, unit, "en") == en


@pytest.mark.parametrize(
    ("text", "ko", "en"),
    [
        ("2024", "2024년", "2024"),
        ("2024-H1", "2024년 상반기", "H1 2024"),
        ("2024-H2", "2024년 하반기", "H2 2024"),
        ("2024-Q3", "2024년 3분기", "Q3 2024"),
        ("2024-06", "2024년 6월", "June 2024"),
        ("2024-08-01", "2024년 8월 1일", "1 August 2024"),
        ("2024-01..2024-08", "2024년 1~8월", "Jan–Aug 2024"),
        ("2024-Q1..2024-Q3", "2024년 1~3분기", "Q1–Q3 2024"),
        ("2021-H1..2021-H2", "2021년 상반기~하반기", "H1–H2 2021"),
        ("2021..2024", "2021~2024년", "2021–2024"),
        ("2021-2022", "2021~2022년", "2021–2022"),
        ("2024..2024", "2024년", "2024"),
        ("2013-09..2014-08", "2013년 9월~2014년 8월", "Sep 2013–Aug 2014"),
        ("2016..2020-09", "2016년~2020년 9월", "2016–Sep 2020"),
        ("2014-02-19..2014-05-31", "2014년 2월 19일~5월 31일", "19 Feb–31 May 2014"),
        ("2024-08-01..2024-08-31", "2024년 8월 1~31일", "1–31 Aug 2024"),
        ("2020+2022..2025-08", "2020년, 2022년~2025년 8월", "2020, 2022–Aug 2025"),
        ("2024-13", "2024-13", "2024-13"),
        ("2024..later", "2024..later", "2024..later"),
        ("current", "current", "current"),
        ("", "", ""),
    ],
)
def test_periods(text: str, ko: str, en: str) -> None:
    assert formats.period(text, "ko") == ko
    assert formats.period(text, "en") == en


def test_dates() -> None:
    assert formats.date(dt.date(2024, 8, 1), "ko") == "2024년 8월 1일"
    assert formats.date(pd.Timestamp("2026-06-26"), "en") == "26 June 2026"
    assert formats.date("2024-08", "ko") == "2024년 8월"
    assert formats.date("", "ko") == formats.date(None, "en") == MISSING
    not_a_time: dt.date = pd.NaT  # type: ignore[assignment]  # what pandas has in a column of dates
    assert formats.date(not_a_time, "ko") == MISSING


@pytest.mark.parametrize(
    ("word", "topic", "direction"),
    [
        ("일본", "은", "으로"),
        ("미국", "은", "으로"),
        ("서울", "은", "로"),
        ("중국(China)", "은", "으로"),
        ("동남아", "는", "로"),
        ("‘한도’", "는", "로"),
        ("0", "은", "으로"),
        ("1", "은", "로"),
        ("2", "는", "로"),
        ("3", "은", "으로"),
        ("4", "는", "로"),
        ("5", "는", "로"),
        ("6", "은", "으로"),
        ("7", "은", "로"),
        ("8", "은", "로"),
        ("9", "는", "로"),
        ("2,000", "은", "으로"),
        ("400만", "은", "으로"),
        ("12억", "은", "으로"),
        ("4조", "는", "로"),
        ("400만 원", "은", "으로"),
        ("11억 달러", "는", "로"),
        ("36.8%", "는", "로"),
        ("2.1%p", "는", "로"),
        ("USD", "는", "로"),
        ("ASEAN", "은", "으로"),
        ("URL", "은", "로"),
        ("FOB", "는", "로"),
        ("K-pop", "은", "으로"),
        ("TikTok", "은", "으로"),
        ("Amazon", "은", "으로"),
        ("Google", "은", "로"),
        ("Shopee", "는", "로"),
        ("eBay", "는", "로"),
        ("Qoo10", "은", "으로"),
        ("DuckDB", "는", "로"),
        (MISSING, "는", "로"),
        ("", "는", "로"),
    ],
)
def test_particles_follow_what_is_heard(word: str, topic: str, direction: str) -> None:
    assert formats.particle(word, "은/는") == topic
    assert formats.particle(word, "으로/로") == direction


@pytest.mark.parametrize(
    ("pair", "closed", "open_"),
    [("이/가", "이", "가"), ("을/를", "을", "를"), ("과/와", "과", "와"), ("이나/나", "이나", "나")],
)
def test_every_pair_of_particles(
    pair: Literal["이/가", "을/를", "과/와", "이나/나"], closed: str, open_: str
) -> None:
    assert formats.particle("일본", pair) == closed
    assert formats.particle("홍콩과 대만", pair) == closed
    assert formats.particle("중화권 나라", pair) == open_


@given(st.text(max_size=12))
def test_any_word_takes_a_particle(word: str) -> None:
    assert formats.particle(word, "은/는") in {"은", "는"}


@pytest.mark.parametrize(
    ("unit", "korean", "english"),
    [
        ("USD", "달러", "USD"),
        ("KRW/case", "건당 원", "KRW per case"),
        ("cases", "건", "cases"),
        ("percent", "%", "%"),
        ("", "", ""),
        ("index", "index", "index"),
    ],
)
def test_units_have_names_for_headings(unit: str, korean: str, english: str):
    assert formats.unit_name(unit, "ko") == korean
    assert formats.unit_name(unit, "en") == english
