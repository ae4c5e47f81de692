"""A query with slips of the pen → what is asked of an index, with what they are likely to mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from search.analysis.analyzer import Analysis, Term, analyze
from search.query.unknown import is_another_language, may_be_slips
from search.query.wording import Wording, worded

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.query.slips import Candidate

# A line with more words that no lesson has than this is not full of slips.
_MOST_UNKNOWN = 12

Slips = Mapping[Term, Sequence["Candidate"]]
"""Unknown words with what each may mean, the likeliest first."""


def worded_with_slips(text: str, index: LexicalIndex) -> Wording:
    """Return what is asked of an index, each word that no lesson has as those too that it may be a slip of."""
    plain, found = worded(text, index), analyze(text, asked=True)
    met = {word for words in plain.stands_for.values() for word in words}
    unknown = may_be_slips(text, found, index, met)
    slips = _slips(text, found, unknown, index) if unknown else {}
    return _with_slips(text, slips, index) if slips else plain


def _slips(text: str, found: Analysis, unknown: Sequence[Term], index: LexicalIndex) -> Slips:
    """Return the likely meanings of unknown words; none of a query in another language."""
    if len(unknown) > _MOST_UNKNOWN:
        return {}
    from search.query.slips import candidates  # imports what most queries do not need

    every = {word: candidates(text[word.start : word.end], index) for word in unknown}
    likely = {word: several for word, several in every.items() if several}
    return {} if is_another_language(text, found, index, likely=len(likely)) else likely


def _with_slips(text: str, slips: Slips, index: LexicalIndex) -> Wording:
    """Ask the text with the likeliest words in place of the slips, and what else each may mean instead of those."""
    for word in sorted(slips, key=lambda word: -word.start):
        text = text[: word.start] + slips[word][0].word + text[word.end :]
    wording = worded(text, index)
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
