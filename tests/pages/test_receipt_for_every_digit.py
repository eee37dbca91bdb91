"""Every digit that a page shows stands in a receipt of that page, or is one of the few things that need none.

A number may be said again shorter or longer than in its table: a text is covered by any way of writing the value of a
receipt, or of one of its inputs.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from dashboard import formats
from dashboard.i18n import LANGUAGES, Lang
from dashboard.receipts import Number, Receipt
from etl.settings import ROOT
from tests.looking import Look, Said, words_in
from tests.pages.conftest import Looked
from tests.pages.test_stray_english import URL, as_published
from tests.views import VIEWS, View

EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)

# Where the text around a number is its source: receipts themselves, registers whose rows name their source, files, and
# controls, whose codes are the reader's own choice.
OWN_SOURCE = (
    "table-distribution",  # the edges of bins, which are its axis
    "register",
    "receipt-",
    "differs-",
    "listing-",
    "download-",
    "link-",
    "terms-",
    "picture-",
)
CONTROLS = {
    "button_group", "select_slider", "selectbox", "slider", "number_input", "multiselect", "text_input", "toggle", "checkbox", "expander",
    "file_uploader", "code", "button", "download_button", "bidi_component", "popover", "page_link", "link_button",
}  # fmt: skip

SHORTEST_TITLE = 6
# A line of a list that links to where it is from is its own receipt.
OWN_LINK = re.compile(r"^- .*\]\(https?://.*$", re.MULTILINE)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_YEAR = r"(?:19|20)\d\d"
ALLOWED = [
    # dates and periods
    rf"\b\d{{1,2}} (?:{_MONTHS}) {_YEAR}|(?:{_MONTHS}) {_YEAR}|(?:{_SHORT_MONTHS})\w*[–-](?:{_SHORT_MONTHS})\w* {_YEAR}",
    rf"{_YEAR}년(?: \d{{1,2}}(?:~\d{{1,2}})?월)?(?: \d{{1,2}}일)?|\d{{1,2}}~?\d{{0,2}}월(?: \d{{1,2}}일)?|\d{{1,2}}분기",
    rf"\b[HQ]\d\b|{_YEAR}-\d\d(?:-\d\d)?|(?<![\d.,]){_YEAR}(?:[~–-](?:{_YEAR}|\d\d))?(?![\d.,]*\d)",
    # law: articles, notices, codes of goods
    r"제\d+(?:-\d+)?[조항호](?:의\d+)?(?:제\d+[항호])*|제\d{4}-\d+호|(?:Notice )?No\. \d{4}-\d+",
    r"\bart(?:icle)?s?\.? \d+(?:-\d+)?(?:\(\d+\))*\d*(?:, \d+(?:-\d+)?(?:\(\d+\))+\d*)*",
    r"(?<!\d)0(?=과 상한|이 아니라)",  # "between zero and the bound"; "grey is not zero"
    r"\bHS \d+",
    # versions
    r"\b[0-9a-f]{12}\b|\b0\.\d+\.\d+\b",
    # how intervals are named; how many publishers are not
    r"(?<![\d.,])90%(?= (?:interval|구간))",
    r"외 \d+곳|and \d+ more",
    r"(?:[-−] |\()1\b(?= ?[÷/.]|$)|^[\d.]+(?:x|배)$|제3의",  # formulas; isolines
    r"500 ?MB",  # the largest file that is taken: a setting
    r"^\s*(?:KRW )?[\d,.만억 ]+(?:million|billion|원)?–(?:KRW )?[\d,.만억 ]+(?:million|billion|원)?",  # the edges of a bin
]  # fmt: skip
ALLOW = re.compile("|".join(ALLOWED))


@cache
def definitions(lang: str) -> list[str]:
    """What the statistical series cover, leave out and broke at, as the register of series has it."""
    with (ROOT / "data" / "reference" / "series.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return [
        row[f"{name}_{lang}"]
        for row in rows
        for name in ("covers", "leaves_out", "break")
        if row[f"{name}_{lang}"]
    ]


def ways_of_writing(value: float, unit: str, lang: Lang) -> Iterator[str]:
    """A value as pages write it: with and without its unit, in two digits or in all, on an axis or in a sentence."""
    for size in {value, abs(value), 100 - value if unit == "percent" else value}:
        for each in (unit, ""):
            for significant in (1, 2, 3, 4, 5, 8, None):
                yield formats.amount(size, each, lang, significant=significant)
        for significant in (2, 3, 4):
            yield formats.short(size, unit, lang, significant=significant)
        for digits in (0, 1, 2):
            yield formats.percent(size, lang, digits)


def digits_of(text: str) -> str:
    """The number in a text, without sign, unit and what is said around it."""
    found = re.search(r"\d[\d,.]*(?:\s?[조억만]\s?\d[\d,.]*)*[조억만]?", text)
    return found[0].rstrip(".,") if found else ""


def covered(numbers: Iterable[Number], lang: Lang) -> set[str]:
    """All ways of writing the numbers of a page and their inputs."""
    found = set()
    receipts: set[Receipt] = set()
    for number in numbers:
        found.add(digits_of(number.text))
        receipts.add(number.receipt)
    values = {(receipt.value, receipt.unit) for receipt in receipts}
    values |= {(line.value, line.unit) for receipt in receipts for line in receipt.inputs}
    for value, unit in values:
        if value is not None:
            found |= {digits_of(text) for text in ways_of_writing(value, unit, lang)}
    # what an assumption says is part of the receipt
    found |= {digit for receipt in receipts for text in receipt.assumptions for digit in NUMBER.findall(text)}
    return found - {""}


NUMBER = re.compile(r"\d[\d,.]*(?:\s?[조억만]\s?\d[\d,.]*)*[조억만]?")


def uncovered(texts: Iterable[Said], numbers: Iterable[Number], lang: Lang) -> dict[str, str]:
    """Numbers in texts that no receipt is for, with the text around each.

    The name of a row (the limit that was tried, the edges of a bin, a place) says which case its numbers are for.
    """
    texts = list(texts)
    known = covered(numbers, lang)
    known |= {digits for said in texts if said.kind == "row" for digits in NUMBER.findall(said.text)}
    found = {}
    for said in texts:
        text = OWN_LINK.sub(" ", said.text.replace("\\", ""))
        for name in (*definitions(lang), *as_published(lang)):
            if len(name) >= SHORTEST_TITLE and NUMBER.search(name):
                text = text.replace(name, " ")
        text = URL.sub(" ", text)
        for digits in NUMBER.findall(ALLOW.sub(" ", text)):
            if digits.rstrip(".,") not in known:
                found[digits] = f"{said.kind} {said.within}: {said.text[:160]}"
    return found


def texts_of(seen: Look) -> list[Said]:
    """What a reader reads outside of receipts, registers and controls, pictures included."""
    texts = [
        said
        for said in seen.said
        if not said.stands_in("sidebar")
        and said.kind not in CONTROLS
        and (said.kind == "row" or not any(said.stands_in(each) for each in OWN_SOURCE))
    ]
    for each in seen.drawn:
        texts += [Said("plotly_chart", text, (each.key,)) for text in words_in(each.figure, ticks=False)]
    return texts


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_every_digit_has_its_receipt(looked: Looked, view: View, lang: Lang):
    seen = looked(view, lang)
    assert uncovered(texts_of(seen), seen.numbers, lang) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stray_number_is_found(looked: Looked, lang: Lang):
    seen = looked(VIEWS[0], lang)
    stray = Said("markdown", {"ko": "수출은 1만 7,342건이다", "en": "Exports were 17,342 cases"}[lang])
    (found,) = uncovered([*texts_of(seen), stray], seen.numbers, lang)
    assert found in {"17,342", "1만 7,342"}
    # and what the page shows is not covered by nothing
    assert len(uncovered(texts_of(seen), [], lang)) > 20
