"""The glossary: terms in two languages, in their alphabets, and which of them occur in a text.

English words are matched whole and in any case, with a plural; Korean ones with the particles that follow them. Where two
terms overlap the longer one is meant: 간이수출신고 is not also 수출신고.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.i18n import Lang

# What may stand behind a Korean noun without changing it, longest first.
_PARTICLES = (
    "에서는|에서의|에서도|에서|에게|에는|에도|에|으로는|으로도|으로|로는|로|까지|부터|보다|마다|이나|이라는|이라|이며|"
    "이고|인|은|는|이|가|을|를|과|와|의|도|만|나|별|임"
)
_HANGUL = "가-힣"
_BETWEEN = "|"


@dataclass(frozen=True)
class Term:
    """A term as one language has it: name, other words for it, definition, article of law, and its source."""

    term_id: str
    name: str
    other_name: str  # in the other language
    also: tuple[str, ...]
    definition: str
    law: str
    publisher: str
    title: str
    url: str

    def says(self, wanted: str) -> bool:
        """Whether what a reader looks for stands in the term, in either language."""
        text = " ".join([self.name, self.other_name, *self.also, self.definition, self.law])
        return all(word in text.casefold() for word in wanted.casefold().split())


def terms(rows: pd.DataFrame, lang: Lang) -> list[Term]:
    """The terms of `store.terms` in one language, in its alphabet."""
    other = "en" if lang == "ko" else "ko"
    found = [
        Term(
            term_id=row["term_id"],
            name=row[f"term_{lang}"],
            other_name=row[f"term_{other}"],
            also=tuple(filter(None, row[f"also_{lang}"].split(_BETWEEN))),
            definition=row[f"definition_{lang}"],
            law=row[f"law_{lang}"],
            publisher=_text(row[f"publisher_{lang}"]),
            title=_text(row["title"]),
            url=_text(row["url"]),
        )
        for row in rows.to_dict("records")
    ]
    return sorted(found, key=lambda term: _sorted_by(term, lang))


def initial(term: Term, lang: Lang) -> str:
    """The letter that a term stands under: ㄱ to ㅎ in Korean, else the Latin one."""
    first = term.name[0].upper()
    if lang == "ko" and re.match(f"[{_HANGUL}]", first):
        return _CONSONANTS[(ord(first) - ord("가")) // _SYLLABLES_PER_CONSONANT]
    return first


def occurring(texts: Iterable[str], known: Sequence[Term], lang: Lang) -> list[Term]:
    """The terms that occur in texts, in order of their first mention, each once."""
    by_word = {word.casefold(): term for term in known for word in (term.name, *term.also)}
    longest_first = sorted(by_word, key=len, reverse=True)
    if not longest_first:
        return []
    words = "|".join(map(re.escape, longest_first))
    plural = "(?:s|es)?" if lang == "en" else ""
    # Python's \w knows Hangul: a word in another word's middle is not meant, but a particle behind a Korean one is fine.
    behind = rf"(?!\w)|(?=(?:{_PARTICLES})(?!\w))" if lang == "ko" else r"(?!\w)"
    pattern = re.compile(rf"(?<!\w)(?P<word>{words}){plural}(?:{behind})", re.IGNORECASE)
    found = (by_word[match["word"].casefold()] for text in texts for match in pattern.finditer(text))
    return list(dict.fromkeys(found))


_CONSONANTS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # the doubled ones stand with their single letter
_SYLLABLES_PER_CONSONANT = 21 * 28


def _sorted_by(term: Term, lang: Lang) -> tuple[bool, str]:
    """Hangul before Latin in Korean; letters in their order in both."""
    is_latin = lang == "ko" and not re.match(f"[{_HANGUL}]", term.name)
    return is_latin, term.name.casefold()


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
