"""Expresses a query in the terms of an index, depending on which words the index has.

Words typed in one piece are searched as one term if some lesson has that; the single words, which every such lesson has
too, remain as a fallback. Words that some lesson writes together are searched in that form, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from search.analysis.analyzer import Analysis, Name, Term, analyze, term_of, terms_in_place
from search.analysis.tokens import is_identifier
from search.query.page import informative_pairs, informative_terms

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.lexical.lexical_query import Pair

# Weights, against 1 for a word typed once. nDCG@10 by words and by both indexes, without any of this and with all:
# Cranfield .385 .423, .385 .425; CISI .408 .465, .410 .465; bug reports .611 .660, .622 .668; post-mortems .942 .956,
# .946 .961; by words alone NASA titles .878, .876; SciFact .693, .700. Words that are typed apart and written together
# must count less than one typed word, or Cranfield loses .015.
IDENTIFIER = 2.0
WORD_OF_IDENTIFIER = 0.1
COMPOUND = 0.5
WRITTEN_TOGETHER = 0.2
WRITTEN_APART = 2.5  # as a pair, which counts a fifth of a word
WHOLE_OF_PARTS = 0.5
PART_OF_KNOWN_WORD = 0.3
# In a query with more words than this none are joined or split: it has enough words.
MOST_WORDS_PUT_TOGETHER = 64
WORDS_TOGETHER = 3
LEAST_LETTERS, MOST_LETTERS = 3, 64
WEIGHTS = {
    "identifier": IDENTIFIER,
    "word_of_identifier": WORD_OF_IDENTIFIER,
    "compound": COMPOUND,
    "written_together": WRITTEN_TOGETHER,
    "written_apart": WRITTEN_APART,
    "whole_of_parts": WHOLE_OF_PARTS,
    "part_of_known_word": PART_OF_KNOWN_WORD,
    "most_words_put_together": MOST_WORDS_PUT_TOGETHER,
    "words_together": WORDS_TOGETHER,
    "least_letters": LEAST_LETTERS,
    "most_letters": MOST_LETTERS,
}
"""All of these by name, for the same wording elsewhere."""


class Wording(NamedTuple):
    """A query in the terms of an index."""

    text: str
    """The text for the encoder."""
    terms: Mapping[str, float]
    """Terms with their frequencies; a fraction reduces the weight."""
    pairs: Mapping[Pair, float]
    stands_for: Mapping[str | Pair, Collection[str]]
    """Alternative term or pair → the typed terms for which it counts in a lesson."""
    written: Mapping[str, str]
    """Term → the word as the query or a lesson writes it."""
    identifiers: tuple[str, ...] = ()
    """Terms of the query's identifiers, as far as some lesson has them."""
    also_searched: tuple[str, ...] = ()
    """Words of lessons that unknown words of the query may be slips of."""

    def unknown(self, index: LexicalIndex) -> Iterator[str]:
        """Yield the words, as written, that no lesson has in any form; an identifier is one word."""
        found = analyze(self.text, is_query=True)
        identifiers = _identifiers(found.names, self.text)
        names = [name for name in identifiers if not self._is_known(name.term, index)]
        yield from dict.fromkeys(self.text[name.start : name.end] for name in names)
        of_names = {word.term for name in names for word in found.words[name.first : name.last]}
        for term in self._words():
            if term not in of_names and not self._is_known(term, index):
                yield self.written[term]

    def missing(self, index: LexicalIndex, lesson: int) -> Iterator[str]:
        """Yield the words, as written, that a lesson does not have in any form."""
        for term in self._words():
            if not any(lesson in index.having(form) for form in self._forms(term)):
                yield self.written[term]

    def _is_known(self, term: str, index: LexicalIndex) -> bool:
        return any(len(index.having(form)) for form in self._forms(term))

    def _words(self) -> Iterator[str]:
        return (term for term in self.terms if term not in self.stands_for and term in self.written)

    def _forms(self, term: str) -> Iterator[str | Pair]:
        yield term
        yield from (other for other, words in self.stands_for.items() if term in words)


def wording_of(text: str, index: LexicalIndex) -> Wording:
    """Return a query in the terms of an index."""
    return _WordingBuilder(text, analyze(text, is_query=True), index).wording()


@dataclass(frozen=True, slots=True)
class _WordingBuilder:
    """Builds the wording of a query."""

    text: str
    found: Analysis
    index: LexicalIndex
    further: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    stands_for: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    spelt: dict[str, str] = field(default_factory=dict)
    """Term → how lessons write words that the query joins or separates."""

    def wording(self) -> Wording:
        words = [word.term for word in self.found.words]
        identifiers = self._identifiers()
        weights = self._weights(identifiers)
        counts: defaultdict[str, float] = defaultdict(float)
        for word, weight in zip(words, weights, strict=True):
            counts[word] += weight
        self._add_compounds(identifiers)
        self._add_written_together()
        terms = informative_terms({word: times for word, times in counts.items() if times}, self.index)
        pairs = informative_pairs(words, terms, self.index)
        for pair in {pair for name in identifiers for pair in pairwise(words[name.first : name.last])} & pairs.keys():
            pairs[pair] *= WORD_OF_IDENTIFIER
        others = {term: times for term, times in self.further.items() if term not in terms}
        further = informative_terms(others, self.index)
        separate = self._written_apart()
        stands_for: dict[str | Pair, Collection[str]] = {pair: {word} for pair, word in separate.items()}
        stands_for |= {term: others for term, others in self.stands_for.items() if term in further}
        pairs |= dict.fromkeys(separate, WRITTEN_APART)
        identified = tuple(name.term for name in identifiers)
        written = self.spelt | written_words(self.text)
        return Wording(self.text, terms | further, pairs, stands_for, written, identified)

    def _knows(self, term: str) -> bool:
        return self.index.knows(term)

    def _words_of(self, name: Name) -> list[str]:
        return [word.term for word in self.found.words[name.first : name.last]]

    def _identifiers(self) -> list[Name]:
        """Return the identifiers that some lesson has, of nested ones the longest; adds each as one term."""
        chosen = _identifiers([name for name in self.found.names if self._knows(name.term)], self.text)
        for name in chosen:
            self.further[name.term] += IDENTIFIER
        return chosen

    def _weights(self, identifiers: Sequence[Name]) -> list[float]:
        """Return the weight of each word; adds the parts of words as terms."""
        weights = [1.0] * len(self.found.words)
        for part in self.found.parts:
            word = self.found.words[part.word]
            if self._knows(part.term):
                known = self._knows(word.term)
                hangul = not word.term.isascii()
                self.further[part.term] += 1.0 if hangul or not known else PART_OF_KNOWN_WORD
                weights[part.word] = (WHOLE_OF_PARTS if hangul else 1.0) if known else 0.0
        for name in identifiers:
            weights[name.first : name.last] = [WORD_OF_IDENTIFIER] * (name.last - name.first)
        return weights

    def _add_compounds(self, identifiers: Sequence[Name]) -> None:
        taken = {number for name in identifiers for number in range(name.first, name.last)}
        for name in self.found.names:
            if name.first not in taken and self._knows(name.term):
                self.further[name.term] += COMPOUND
                self.stands_for[name.term].update(self._words_of(name))

    def _add_written_together(self) -> None:
        if len(self.found.words) <= MOST_WORDS_PUT_TOGETHER:
            for together, words in self._neighbours():
                term = term_of(together)
                if term is not None and self._knows(term):
                    self.further[term] += WRITTEN_TOGETHER
                    self.spelt[term] = together
                    self.stands_for[term].update(words)

    def _neighbours(self) -> Iterator[tuple[str, list[str]]]:
        """Yield two and three consecutive words, only white space between them, as one word, and their terms."""
        words = self.found.words
        for first in range(len(words)):
            together = self.text[words[first].start : words[first].end]
            for last in range(first + 1, min(first + WORDS_TOGETHER, len(words))):
                before, word = words[last - 1], words[last]
                numbers = together[-1].isdigit() and self.text[word.start].isdigit()
                if numbers or not self.text[before.end : word.start].isspace():
                    break
                together += self.text[word.start : word.end]
                yield together, [word.term for word in words[first : last + 1]]

    def _written_apart(self) -> dict[Pair, str]:
        """Return the pairs of words into which lessons split a word: `proof reading` for `proofreading`."""
        if len(self.found.words) > MOST_WORDS_PUT_TOGETHER:
            return {}
        return {pair: word.term for word in self.found.words for pair in self._halves(word)}

    def _halves(self, word: Term) -> Iterator[Pair]:
        written = self.text[word.start : word.end]
        if not written.isalpha() or len(written) > MOST_LETTERS:
            return
        for at in range(LEAST_LETTERS, len(written) - LEAST_LETTERS + 1):
            one, other = term_of(written[:at]), term_of(written[at:])
            if one and other and self._knows(one) and self._knows(other) and len(self.index.having((one, other))):
                self.spelt.update({one: written[:at], other: written[at:]})
                yield one, other


def _identifiers(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names that are identifiers, of nested ones the longest."""
    chosen: list[Name] = []
    taken: set[int] = set()
    for name in sorted(names, key=lambda name: name.start - name.end):
        words = range(name.first, name.last)
        if taken.isdisjoint(words) and is_identifier(text[name.start : name.end]):
            chosen.append(name)
            taken.update(words)
    return chosen


def written_words(text: str) -> dict[str, str]:
    """Return for each term of a text the word as it is first written."""
    written: dict[str, str] = {}
    for term in terms_in_place(text):
        written.setdefault(term.term, text[term.start : term.end])
    return written
