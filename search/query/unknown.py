"""Which unknown words of a query may be slips, and whether the query is in another language."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cache
from typing import TYPE_CHECKING

from whoosh.lang.stopwords import stoplists

from search.analysis.analyzer import Analysis, Term, is_spelt, spelling_of
from search.analysis.tokens import is_identifier, pieces_apart
from search.models.bundled import english_words

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex

_LONGEST_ABBREVIATION = 5
_QUOTED = re.compile('["\u201c\u201d][^"\u201c\u201d]*["\u201c\u201d]')


def may_be_slips(text: str, found: Analysis, index: LexicalIndex, met: Container[str]) -> list[Term]:
    """Return the words that may be slips: no lesson has them, neither as such nor as an alternative (`met`).

    Words in quotes, words of identifiers, abbreviations and English words are left out: they are meant as typed.
    """
    meant = set(_meant(text, found))
    unknown = (word for word in found.words if word.term not in met and not index.knows(word.term))
    return [word for word in unknown if word not in meant and _is_word(text, word)]


def is_another_language(text: str, found: Analysis, index: LexicalIndex, *, likely: int) -> bool:
    """Return whether a query is probably in another language than the lessons; `likely` of its words may be slips.

    It is if it has more stop words of another language only than of English only, or if most of its words are unknown
    and no likely slips. Stop words that lessons have are not counted: `come` is a stop word of Italian.
    """
    had = {spelling_of(text[w.start : w.end]) for w in found.words if index.knows(w.term)}
    spellings = {spelling_of(word.group()) for word in pieces_apart(text)} - had
    english = stoplists["en"]
    others = [stop_words for language, stop_words in stoplists.items() if language != "en"]
    if any(len(spellings & other - english) > len(spellings & english - other) for other in others):
        return True
    known = sum(index.knows(word.term) or _is_english(text[word.start : word.end]) for word in found.words)
    meaningless = len(found.words) - known - likely
    return meaningless > 0 and meaningless >= likely + known + len((spellings & english).difference(*others))


def _meant(text: str, found: Analysis) -> Iterator[Term]:
    quoted = [span.span() for span in _QUOTED.finditer(text)]
    for word in found.words:
        if any(start <= word.start < end for start, end in quoted):
            yield word
    for name in found.names:
        if is_identifier(text[name.start : name.end]):
            yield from found.words[name.first : name.last]


def _is_word(text: str, word: Term) -> bool:
    written = text[word.start : word.end]
    in_capitals = written[1:] != written[1:].lower()
    abbreviated = in_capitals and (not text.isupper() or len(written) <= _LONGEST_ABBREVIATION)
    return is_spelt(spelling_of(written)) and not abbreviated and not _is_english(written)


def _is_english(written: str) -> bool:
    return spelling_of(written) in _english()


@cache
def _english() -> frozenset[str]:
    return english_words()
