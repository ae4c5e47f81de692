"""Spelling correction: unknown words of a query are searched as the words that they probably mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from search.analysis.analyzer import Analysis, Term, analyze
from search.query.unknown import is_another_language, may_be_slips
from search.query.wording import Wording, wording_of

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.query.slips import Candidate

# With more unknown words than this a line is not a misspelt query, and nothing is corrected.
_MOST_UNKNOWN = 12

Slips = Mapping[Term, Sequence["Candidate"]]
"""Unknown word → the words that it may mean, the likeliest first."""


def corrected_wording(text: str, index: LexicalIndex) -> Wording:
    """Return a query in the terms of an index, with misspelt words corrected."""
    plain, found = wording_of(text, index), analyze(text, is_query=True)
    met = {word for words in plain.stands_for.values() for word in words}
    unknown = may_be_slips(text, found, index, met)
    slips = _slips(text, found, unknown, index) if unknown else {}
    return _corrected(text, slips, index) if slips else plain


def _slips(text: str, found: Analysis, unknown: Sequence[Term], index: LexicalIndex) -> Slips:
    """Return the likely corrections of unknown words; none for a query in another language."""
    if len(unknown) > _MOST_UNKNOWN:
        return {}
    from search.query.slips import candidates  # imported here: most queries do not need it

    every = {word: candidates(text[word.start : word.end], index) for word in unknown}
    likely = {word: several for word, several in every.items() if several}
    return {} if is_another_language(text, found, index, likely=len(likely)) else likely


def _corrected(text: str, slips: Slips, index: LexicalIndex) -> Wording:
    """Return the wording with the likeliest corrections in place of slips; the other corrections stand for these."""
    for word in sorted(slips, key=lambda word: -word.start):
        text = text[: word.start] + slips[word][0].word + text[word.end :]
    wording = wording_of(text, index)
    terms, stands_for, written = dict(wording.terms), dict(wording.stands_for), dict(wording.written)
    for likeliest, *others in slips.values():
        if likeliest.term in terms:
            terms[likeliest.term] *= likeliest.weight
        for other in others:
            if other.term not in terms:
                terms[other.term] = other.weight
                stands_for[other.term] = {likeliest.term}
                written[other.term] = other.word
    also = dict.fromkeys(candidate.word for several in slips.values() for candidate in several)
    return wording._replace(terms=terms, stands_for=stands_for, written=written, also_searched=tuple(also))
