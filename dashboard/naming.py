"""What things are called in the reader's language: measures, frequencies, periods, tables; and rows looked up by id."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.formats import period
from dashboard.i18n import Words


def measure_names(words: Words) -> dict[str, str]:
    """Names of the measures that the trend marts hold, by metric id, with their units."""
    _ = words.gettext
    return {
        "value_usd": _("Value (USD)"),
        "value_krw": _("Value (KRW)"),
        "cases": _("Cases"),
        "value_per_case_usd": _("Value per case (USD)"),
        "value_per_case_krw": _("Value per case (KRW)"),
    }


def measure_subjects(words: Words) -> dict[str, str]:
    """The measures as the subject of a sentence, by metric id."""
    _ = words.gettext
    return {
        "value_usd": _("Export value"),
        "value_krw": _("Export value"),
        "cases": _("Cases"),
        "value_per_case_usd": _("Value per case"),
        "value_per_case_krw": _("Value per case"),
    }


def frequency_names(words: Words) -> dict[str, str]:
    """Names of the frequencies that a line may have, longest first."""
    _ = words.gettext
    return {"year": _("yearly"), "half": _("half-yearly"), "quarter": _("quarterly"), "month": _("monthly")}


def split_names(words: Words) -> dict[str, str]:
    """What a line may be split into, a panel each."""
    _ = words.gettext
    return {
        "total": _("Total"),
        "destination": _("Destinations"),
        "item": _("Items"),
        "channel": _("Channels"),
    }


def table_names(words: Words) -> dict[str, str]:
    """The tables of published values that may be downloaded."""
    _ = words.gettext
    return {
        "observation": _("Figures"),
        "series": _("Series"),
        "source": _("Sources"),
        "contradiction": _("Contradictions"),
        "clearance_limit": _("Limits"),
        "fact": _("Facts"),
        "event": _("Events"),
        "exchange_rate": _("Exchange rates"),
        "price_index": _("Price index"),
        "currency_rate": _("Rates of other currencies"),
        "market_metric": _("Measures of markets"),
        "market_figure": _("Figures of markets"),
        "destination_rule": _("Import thresholds"),
        "assumption": _("Assumptions"),
        "metric": _("Measures"),
        "destination": _("Destinations"),
        "item": _("Items"),
        "channel": _("Channels"),
        "term": _("Glossary"),
        "former_assumption": _("Sets of assumptions that links name"),
        "watch": _("Watched goods and destinations"),
    }


def publisher_names(words: Words) -> dict[str, str]:
    """The publishers whose interfaces are asked, by the name that `yeokjikgu refresh` takes."""
    _ = words.gettext
    return {
        "customs": _("Korea Customs Service"),
        "trass": _("Korea Customs Service (TRASS)"),
        "kosis": _("Statistics Korea (KOSIS)"),
        "ecos": _("Bank of Korea (ECOS)"),
        "frankfurter": _("European Central Bank (Frankfurter)"),
        "worldbank": _("World Bank"),
        "comtrade": _("UN Comtrade"),
    }


def online_names(words: Words) -> dict[str, str]:
    """Regions, goods and types of sale of Statistics Korea's online trade, by the names that it publishes."""
    _ = words.gettext
    return {
        "합계": _("All"),
        "계": _("All"),
        "면세점": _("Duty-free shops"),
        "면세점 이외": _("Other than duty-free shops"),
        "미국": _("United States"),
        "캐나다": _("Canada"),
        "중국": _("China"),
        "일본": _("Japan"),
        "영국": _("United Kingdom"),
        "북미": _("North America"),
        "아시아": _("Asia"),
        "아세안(ASEAN)": _("ASEAN"),
        "기타 아시아": _("Other Asia"),
        "유럽": _("Europe"),
        "유럽연합(EU)": _("EU"),
        "기타 유럽": _("Other Europe"),
        "중동": _("Middle East"),
        "중남미": _("Latin America"),
        "대양주": _("Oceania"),
        "기타": _("Other"),
        "컴퓨터 및 주변기기": _("Computers and peripherals"),
        "가전·전자·통신기기": _("Appliances, electronics and telecom devices"),
        "소프트웨어": _("Software"),
        "서적": _("Books"),
        "사무·문구": _("Office goods and stationery"),
        "음반·비디오·악기": _("Music, video and instruments"),
        "의류 및 패션 관련상품": _("Clothing and fashion"),
        "스포츠·레저용품": _("Sports and leisure goods"),
        "화장품": _("Cosmetics"),
        "아동·유아용품": _("Goods for children and babies"),
        "음·식료품": _("Food and drink"),
        "농축수산물": _("Farm, livestock and fishery products"),
        "생활용품 및 자동차용품": _("Household and car goods"),
        "생활·자동차용품": _("Household and car goods"),
    }


def offered_measures(measures: pd.DataFrame) -> list[str]:
    """The measures of one series, those with the most published figures first."""
    ranked = (
        measures.groupby("metric_id")[["published", "points"]]
        .sum()
        .sort_values(["published", "points"], ascending=False, kind="stable")
    )
    return list(ranked.index)


def names_by_id(rows: pd.DataFrame, what: str, words: Words) -> dict[str, str]:
    """Names in the reader's language by id, of a frame with `<what>_id` and `name_ko`, `name_en`."""
    return dict(zip(rows[f"{what}_id"], rows[f"name_{words.lang}"], strict=True))


def row(rows: pd.DataFrame, column: str, value: str) -> dict[str, Any]:
    """The one row with `value` in `column`, by column name; KeyError where there is none."""
    found = rows[rows[column] == value]
    if found.empty:
        raise KeyError(value)
    return plain(found.iloc[0])


def period_name(words: Words) -> Callable[[str], str]:
    """How a period is read."""
    return lambda period: formats.period(period, words.lang)


def day_name(words: Words) -> Callable[[str], str]:
    """How a day is read, from its code (2026-06-26)."""
    return lambda day: formats.date(day, words.lang)


def won(words: Words) -> Callable[[str | float], str]:
    """How an amount of won is read, from the number or its digits."""
    return lambda krw: formats.amount(float(krw), "KRW", words.lang, significant=None)


def counted(unit: str, words: Words) -> Callable[[str], str]:
    """How a whole number of a unit is read from its digits."""
    return lambda code: formats.amount(float(code), unit, words.lang, significant=None)


def won_codes(lowest_krw: float, highest_krw: float, step_krw: float) -> list[str]:
    """Amounts of won as codes for the address: whole, without separators."""
    return [won_code(krw) for krw in np.arange(lowest_krw, highest_krw + step_krw / 2, step_krw)]


def won_code(krw: float) -> str:
    """An amount of won as a code for the address."""
    return f"{krw:.0f}"


def populations(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Names of the populations of the simulator by id; full years only."""
    _ = words.gettext
    kinds = {"ALL": _("customs total {period}"), "declared": _("declared channel {period}")}
    periods = [period(each, words.lang) for each in rows["period"]]
    named = zip(rows["population_id"], rows["channel_id"], periods, strict=True)
    return {base: words.fill(kinds[channel], period=when) for base, channel, when in named}


def plain(found: pd.Series) -> dict[str, Any]:
    """A row as a mapping by column name."""
    return {str(name): value for name, value in found.items()}
