"""Countries as people write them: codes of two or three letters, Korean, English and Japanese names."""

from functools import cache

from babel import Locale
from babel.core import get_global

# What CLDR does not say, as shops and customs brokers write it.
_ALSO = {
    "미합중국": "US",
    "아메리카합중국": "US",
    "U.S.A.": "US",
    "U.S.": "US",
    "UNITED STATES OF AMERICA": "US",
    "중국(본토)": "CN",
    "중화인민공화국": "CN",
    "홍콩": "HK",
    "HONG KONG": "HK",
    "마카오": "MO",
    "MACAU": "MO",
    "타이완": "TW",
    "TAIWAN, PROVINCE OF CHINA": "TW",
    "VIET NAM": "VN",
    "RUSSIAN FEDERATION": "RU",
    "KOREA, REPUBLIC OF": "KR",
    "REPUBLIC OF KOREA": "KR",
    "SOUTH KOREA": "KR",
    "KOREA": "KR",
    "한국": "KR",
    "대한민국": "KR",
    "CZECH REPUBLIC": "CZ",
    "TURKEY": "TR",
    "GREAT BRITAIN": "GB",
    "ENGLAND": "GB",
}


_CODE_LETTERS = 2
_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}


@cache
def codes() -> dict[str, str]:
    """Name or code in capitals -> ISO alpha-2 code."""
    names = {language: _countries(language) for language in ("ja", "ko", "en")}
    countries = names["en"].keys()
    found = {
        alias.upper(): to[0]
        for alias, to in get_global("territory_aliases").items()
        if len(to) == 1 and to[0] in countries
    }
    for of_language in names.values():
        found |= {name.upper(): code for code, name in of_language.items()}
    return found | {code: code for code in countries} | _ALSO


def _countries(language: str) -> dict[str, str]:
    """ISO alpha-2 code -> name; CLDR also names groups (EU, UN), outliers and places for tests."""
    named = {str(code): str(name) for code, name in Locale(language).territories.items()}
    return {
        code: name
        for code, name in named.items()
        if len(code) == _CODE_LETTERS and code.isalpha() and code not in _NO_COUNTRIES
    }
