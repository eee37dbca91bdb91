"""No English on Korean pages and no Korean on English ones, but for names, codes, and what a publisher wrote itself.

Texts that Streamlit brings along in English only (streamlit/streamlit#1353) are listed by component below.
"""

import csv
import re
from functools import cache

import pytest

from dashboard import i18n
from dashboard.uploads import CURRENCIES
from etl.settings import ROOT
from tests.looking import Said, words_in
from tests.pages.conftest import Looked
from tests.views import VIEWS, View

EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)

# Names, units and codes that Korean prose writes in Latin letters.
NAMES = set(
    """
    KOTRA KIEP KITA KDI BOK HS EMS FOB CIF ISO EU US USA UN APEC SME KSE WMS GB TV LA ACI KBS SBS MBN CNC CMN
    CW DSTC Olist CDNOW UCI Parcel Herald Worldwide ID KPI mi nttSn KRW USD CSV XLSX PPTX HTML PNG SVG TOML DuckDB toml
    K-pop K-News SJB SJB-TV GB-TV CPI FRED OECD MEI ALFRED IFS IMF Excel Natural Earth RFM Pareto log CAGR SCM
    TRASS KOSIS ECOS Comtrade Frankfurter CC BY
    VAT GDP B2C C2C B2B de minimis
    TSV GZ ZST JSON Parquet UTF SHA MB csv Shopify Qoo eBay yeokjikgu
    JPY EUR GBP CNY CHF NOK TWD HKD SGD AUD NZD CAD VND THB MYR IDR PHP INR BRL MXN AED SAR MNT IOSS VOEC kg
    """.split()  # noqa: SIM905 (as many lines of quoted words say no more)
)
NAMES |= CURRENCIES  # their codes
# Parts of the page where another language is meant: keys of the data dictionary, files as they are stored, the switch itself.
STORED = ("listing-dictionary",)
STORED_KINDS = {"code"}
# The law and notices are quoted in Korean where their words matter; English stands beside it.
QUOTED = ("listing-facts", "listing-limits", "receipt-")  # and sources keep their own titles
SWITCH = {"언어 · Language", "English", "한국어"}
# What Streamlit says itself, by component: https://github.com/streamlit/streamlit/issues/1353.
STREAMLIT = {
    "file_uploader": {
        ".toml",
        *(f".{kind}" for kind in ("csv", "tsv", "txt", "xlsx", "parquet", "jsonl", "gz", "zst")),
    }
}

QUOTATION = re.compile(r"['\"‘“][^'\"’”]*[가-힣][^'\"’”]*['\"’”]")
WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
HANGUL = re.compile(r"[가-힣]+")
URL = re.compile(
    r"(?:https?://|www\.)[^\s)\]]+|[A-Za-z0-9][A-Za-z0-9.-]*\.(?:com|co\.kr|go\.kr|or\.kr|kr|fr|co|org|news|ac|html|csv|ts|xlsx)(?![a-z])[\w/.]*"
)
HOST = re.compile(
    r"\[(?P<host>[^\]\s]+)\]\(<https?://(?P=host)[/:?#>][^>]*>?\)"
)  # an address that is read by its host
MARKUP = re.compile(r":material/\w+:|`[^`]+`")  # symbols; commands to type
HASH = re.compile(
    r"\b(?=[0-9a-f]*\d)(?:[0-9a-f]{12}|[0-9a-f]{32})\b"
)  # versions; files that wait to be asked for


@cache
def as_published(lang: str) -> list[str]:
    """What publishers wrote and the law says, as pages in a language name it, the longest first.

    A term stands in the other language only as its second name, behind a dot.
    """
    columns = {"title", "source_id", f"publisher_{lang}", f"law_{lang}", f"term_{lang}", f"also_{lang}"}
    found = set()
    for file in sorted((ROOT / "data" / "reference").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                found |= {row[name] for name in columns & set(row) if row[name]}
                found |= {
                    f"· {row[name]}" for name in ("term_ko", "term_en") if name in row and name not in columns
                }
    return sorted(found, key=len, reverse=True)


def foreign(said: Said, lang: str) -> list[str]:
    """Words of the other language in a text, without those that may stand there."""
    if lang == "en" and any(said.stands_in(each) for each in QUOTED):
        return []
    if said.kind in STORED_KINDS or any(said.stands_in(each) for each in STORED):
        return []
    if HASH.fullmatch(said.text):  # before a published name is found inside of it
        return []
    if said.text in SWITCH or said.text in STREAMLIT.get(said.kind, ()):
        return []
    text = MARKUP.sub(" ", said.text.replace("\\", ""))
    strays = WORD if lang == "ko" else HANGUL
    if not strays.search(text):
        return []
    for name in as_published(lang):
        if len(name) > 1 and name in text:
            text = text.replace(name, " ")
    if lang == "en":  # a note may quote a source in its own language
        text = QUOTATION.sub(" ", text)
    text = HASH.sub(" ", URL.sub(" ", HOST.sub(" ", text)))
    return [word for word in strays.findall(text) if len(word) > 1 and word not in NAMES]


def strays_in(looked: Looked, view: View, lang: str) -> dict[str, str]:
    seen = looked(view, lang)
    texts = [*seen.said]
    for each in seen.drawn:
        texts += [Said("plotly_chart", text, (each.key,)) for text in words_in(each.figure)]
    return {
        word: f"{said.kind} {said.within}: {said.text[:160]}"
        for said in texts
        for word in foreign(said, lang)
    }


@EVERY_VIEW
def test_korean_pages_have_no_stray_english(looked: Looked, view: View):
    assert strays_in(looked, view, "ko") == {}


@EVERY_VIEW
def test_english_pages_have_no_stray_korean(looked: Looked, view: View):
    assert strays_in(looked, view, "en") == {}


# --- the tests can fail ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("수출액 Total", ["Total"]),
        ("자료: KOTRA, FOB 기준", []),
        ("https://www.law.go.kr/page 참조", []),
        ("[lens.example](<https://lens.example/a>)", []),
        ("[Another name](<https://lens.example/a>)", ["Another", "name"]),
        ("데이터 버전 bc87396b75d4", []),
        ("5247a1692017435e98871935a46daab3", []),
        ("Receipt", ["Receipt"]),
    ],
)
def test_stray_english_is_found(text: str, found: list[str]):
    assert foreign(Said("markdown", text), "ko") == found


def test_stray_korean_is_found():
    assert foreign(Said("caption", "Export value of 관세청"), "en") == ["관세청"]


def test_an_untranslated_message_is_found():
    """A message that the catalogue lacks comes back in English."""
    said = i18n.words_for("ko").gettext("A message that nobody translated")
    assert foreign(Said("subheader", said), "ko")
