"""The two languages: messages from the gettext catalogues, and the Korean particles that fit what fills them.

Messages are English in the code (`_ = words.gettext`, then `_("literal")`, never inside an f-string, where
the extractor does not look). The Korean catalogue is read as text at first use, because an editable install
compiles none.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from numbers import Number as AnyNumber
from pathlib import Path
from typing import Literal, get_args

from babel.messages.pofile import read_po

Lang = Literal["ko", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

LOCALES = Path(__file__).parent / "locales"

Pair = Literal["은/는", "이/가", "을/를", "과/와", "으로/로", "이나/나", "이라/라"]


def catalogue_path(lang: Lang) -> Path:
    """Where the messages of one language are written."""
    return LOCALES / lang / "LC_MESSAGES" / "dashboard.po"


@lru_cache(maxsize=len(LANGUAGES))
def _messages(lang: Lang) -> Mapping[str, str]:
    """Read the translations of one language, by English message; English needs none.

    A catalogue that cannot be read raises Babel's PoFileError.
    """
    if lang == "en":
        return {}
    with catalogue_path(lang).open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
    messages = {}
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        # Korean has one form for all numbers.
        text = message.string if isinstance(message.string, str) else (message.string or [""])[0]
        if singular and text and not message.fuzzy:
            messages[singular] = text
    return messages


@dataclass(frozen=True, slots=True)
class Words:
    """The reader's language; equal and hashable by it, so that it can key a cache."""

    lang: Lang

    def __post_init__(self) -> None:
        """Refuse a language that has no catalogue (ValueError)."""
        if self.lang not in LANGUAGES:
            raise ValueError(f"no such language: {self.lang!r}; choose one of {', '.join(LANGUAGES)}")

    def gettext(self, message: str) -> str:
        """Translate one message; what has no translation stays English."""
        return _messages(self.lang).get(message, message)

    def ngettext(self, singular: str, plural: str, n: float) -> str:
        """Translate a message that counts; Korean has one form, English two."""
        return _messages(self.lang).get(singular) or (singular if n == 1 else plural)

    def fill(self, message: str, /, **values: object) -> str:
        """Fill the `{placeholders}` of a translated message and settle the Korean particles behind them.

        A translation writes the particle both ways, `{place}은(는)`, and the one that fits is kept. A bare
        number raises TypeError, and so does a format in the message: numbers arrive as text from `formats`
        or as `receipts.Number`.
        """
        for name, value in values.items():
            if isinstance(value, AnyNumber):
                raise TypeError(f"{name}={value!r} is a bare number; pass its text")
        if any(spec for _, _, spec, _ in string.Formatter().parse(message)):
            raise TypeError(f"a message formats no numbers: {message!r}")
        filled = message.format(**values)
        return settle_particles(filled) if self.lang == "ko" else filled


@lru_cache(maxsize=len(LANGUAGES))
def words_for(lang: Lang) -> Words:
    """Give the words of one language; raises ValueError for a language that has none."""
    return Words(lang)


def preferred_language(accept_language: str) -> Lang:
    """Return the language of ours that a browser likes best by its Accept-Language header, else Korean."""
    best, best_weight = LANGUAGES[0], 0.0
    for wish in accept_language.lower().split(","):
        tag, _, parameter = wish.partition(";")
        primary = tag.strip().partition("-")[0]
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:  # no weight at all: the wish does not count
            continue
        for language in LANGUAGES:
            if language == primary and weight > best_weight:
                best, best_weight = language, weight
    return best


# --- Korean particles ------------------------------------------------------------

_HANGUL = range(0xAC00, 0xD7A4)
_RIEUL = 8  # the place of ㄹ among the 28 final consonants of the Unicode syllable block; 0 is none

# What the last character sounds like when it is read aloud, by a Hangul syllable with the same ending.
# 0 closes 영, 십, 백, 천, 만, 억, all with a consonant other than ㄹ; of the letters 엘, 엠, 엔 have one.
_READ_ALOUD = dict(zip("0123456789LMN", "영일이삼사오육칠팔구엘엠엔", strict=True))

# Foreign words by their usual spelling in Hangul: Google 구글, Seoul 서울; Amazon 아마존, TikTok 틱톡,
# K-pop 케이팝; but Shopee 쇼피, eBay 이베이.
_FOREIGN_RIEUL = re.compile(r"(?:[^aeiou\W]le|l)$")
_FOREIGN_FINAL = re.compile(r"(?:[mn]|ng|[aeiou][mn]e|(?<![aeiou])[aeiou]{1,2}[bckpt]|oo[bckpt])$")

_BOTH_WAYS: dict[str, Pair] = {
    "은(는)": "은/는",
    "이(가)": "이/가",
    "을(를)": "을/를",
    "과(와)": "과/와",
    "와(과)": "과/와",
    "(으)로": "으로/로",
    "(이)나": "이나/나",
    "(이)라": "이라/라",
}
_WORD_AND_PARTICLE = re.compile(r"(?P<word>\S+?)(?P<both>" + "|".join(map(re.escape, _BOTH_WAYS)) + ")")


def _last_final(word: str) -> int:
    """Say which consonant closes the word when read aloud, by its place in the Unicode block; 0 is none."""
    # What stands in brackets behind a word is not read: 일본(Japan)은.
    bare = re.sub(r"\s*\([^()]*\)$", "", word) or word
    if bare.endswith("%p"):
        return 0
    bare = re.sub(r"[^\w%]+$", "", bare)
    if not bare:
        return 0
    last = bare[-1]
    if last.isascii() and last.islower():
        foreign = re.split(r"[^A-Za-z]", bare)[-1].lower()
        if _FOREIGN_RIEUL.search(foreign):
            return _RIEUL
        return 1 if _FOREIGN_FINAL.search(foreign) else 0
    sound = _READ_ALOUD.get(last, last)
    return (ord(sound) - _HANGUL.start) % 28 if ord(sound) in _HANGUL else 0


def particle(word: str, pair: Pair) -> str:
    """Choose the particle that fits the word's last syllable, digits and Latin letters read as in Korean."""
    after_consonant, after_vowel = pair.split("/")
    final = _last_final(word)
    if pair == "으로/로" and final == _RIEUL:
        return after_vowel
    return after_consonant if final else after_vowel


def settle_particles(text: str) -> str:
    """Keep, of a particle written both ways (은(는), (으)로), the one that fits the word before it."""

    def settle(found: re.Match[str]) -> str:
        word = found["word"]
        return word + particle(word, _BOTH_WAYS[found["both"]])

    return _WORD_AND_PARTICLE.sub(settle, text)
