"""The words and phrases of each lesson: compared by their terms, shown as people write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.query import terms

Numbers = NDArray[np.int32]

MOST_WORDS = 200
"""Words read of each lesson, from its beginning: there it says what it is about, and no lesson counts by its length."""
_WORD = re.compile(r"\w+(?:-\w+)*|[^\w\s'\u2019]")
"""Words, and the signs that stand between the words of no phrase."""
_ENDS = ".;:!?()[]"
_LONGEST, _LEAST = 30, 2
_VERB = re.compile(r"[^e]ed")
"""What a past tense ends with: it names no topic."""
_END, _COMMON = ".", ""
"""Stand where a sentence begins, and where a word is that says little: no phrase goes over them."""
_INSIDE = 20
"""A form inside a sentence counts so much against one at its beginning, where any word has a capital letter."""
_WITHOUT_CAPITAL = 0.2
"""Share of the forms of a word from which on it is written without a capital: titles often have too many of them."""
_MANY = 20
_ALWAYS = 0.8
"""A phrase is shown with the word that follows it in at least this share of its places."""


class LessonText(NamedTuple):
    """What is read of a lesson."""

    names: tuple[str, ...]
    """Its title and tags."""
    sentences: tuple[str, ...]


class _Terms(dict[str, str]):
    """The term of each word as written, made when it is first met; empty for one that says little."""

    def __missing__(self, word: str) -> str:
        names_nothing = not (word[:1].isalpha() and _LEAST <= len(word) <= _LONGEST) or _VERB.fullmatch(
            word[-3:].lower()
        )
        found = "" if names_nothing else "-".join(terms(word))
        self[word] = found if len(found) >= _LEAST else ""
        return self[word]


class Vocabulary:
    """The terms of some lessons: of single words, and of two words side by side that are both informative."""

    def __init__(self, lessons: Iterable[LessonText]) -> None:
        self._numbers: dict[str, int] = {}
        self._term_of = _Terms()
        self._words: list[list[str]] = []
        self.names: list[Numbers] = []
        """For each lesson the numbers of the terms of its title and tags, ascending."""
        self.lessons: list[Numbers] = []
        """For each lesson the numbers of all its terms, ascending."""
        for lesson in lessons:
            named = [*chain.from_iterable(self._read(name) for name in lesson.names)]
            words = [*named, *self._beginning(lesson.sentences)]
            self._words.append(words)
            self.names.append(self._numbered(named))
            self.lessons.append(self._numbered(words))
        self.terms: list[str] = [*self._numbers]
        """By number: the terms of one word, or of two with a space between."""
        if len(self.lessons) >= _MANY:
            self._drop_rare()

    def __len__(self) -> int:
        return len(self.lessons)

    def written(self, wanted: Collection[str], lessons: Iterable[int]) -> Mapping[str, str]:
        """Return each wanted term as these lessons write it most often; a phrase with a word that always follows."""
        forms: dict[str, Counter[str]] = {term: Counter() for term in wanted}
        longer: dict[str, Counter[str]] = {term: Counter() for term in wanted}
        first = {term.partition(" ")[0] for term in wanted} | {*wanted}
        for lesson in lessons:
            for term, form, weight, following in self._forms_of(self._words[lesson], first):
                if term in forms:
                    forms[term][form] += weight
                    longer[term][f"{form} {following}" if " " in form and following else form] += weight
        return {term: _usual(longer[term], forms[term]) for term in wanted if forms[term]}

    def _forms_of(self, words: Sequence[str], first: Collection[str]) -> Iterator[tuple[str, str, int, str]]:
        """Yield term, form, weight and the word behind, of each word and phrase that begins with one of some terms."""
        term_of, count = self._term_of, len(words)
        for place, word in enumerate(words):
            term = term_of[word]
            if term not in first or not term:
                continue
            form, weight = _inside(word, begins=not place or words[place - 1] == _END)
            after = [*words[place + 1 : place + 3], _END, _END] if place + 3 > count else words[place + 1 : place + 3]
            yield term, form, weight, ""
            if following := term_of[after[0]]:
                first_word = word if after[0][0].isupper() else form  # `Launch Technology` is a name
                yield f"{term} {following}", f"{first_word} {after[0]}", weight, after[1] if term_of[after[1]] else ""

    def _drop_rare(self) -> None:
        """Drop the terms of one lesson only: three quarters of all, which say nothing about a topic."""
        having = np.bincount(np.concatenate(self.lessons), minlength=len(self.terms))
        kept = having > 1
        number = np.cumsum(kept, dtype=np.int32) - 1
        self.terms = [term for term, is_kept in zip(self.terms, kept.tolist(), strict=True) if is_kept]
        self.names, self.lessons = ([number[own[kept[own]]] for own in every] for every in (self.names, self.lessons))

    def _beginning(self, sentences: Sequence[str]) -> Iterator[str]:
        count = 0
        for sentence in sentences:
            words = self._read(sentence)
            yield from words
            count += len(words)
            if count > MOST_WORDS:
                return

    def _read(self, text: str) -> list[str]:
        """Return the informative words of a text, and a mark where it begins, and for each other word or sign."""
        term_of = self._term_of
        return [_END, *(word if term_of[word] else _END if word in _ENDS else _COMMON for word in _WORD.findall(text))]

    def _numbered(self, words: Sequence[str]) -> Numbers:
        numbers, term_of = self._numbers, self._term_of
        own = [term_of[word] for word in words]
        found = {term for term in own if term}
        found.update(f"{one} {other}" for one, other in pairwise(own) if one and other)
        return np.array(sorted(numbers.setdefault(term, len(numbers)) for term in found), np.int32)


def _inside(word: str, *, begins: bool) -> tuple[str, int]:
    """Return a word as it would stand inside a sentence, and the weight of this form."""
    return (word.lower() if word[1:].islower() else word, 1) if begins else (word, _INSIDE)


def _usual(longer: Counter[str], forms: Counter[str]) -> str:
    """Return the most frequent form: of equal ones the first by name, without capitals if many are."""
    count = max(longer.values())
    found = longer if count >= _ALWAYS * forms.total() else forms
    best = min(found, key=lambda form: (-found[form], form))
    plain = best.lower()
    return plain if found[plain] >= _WITHOUT_CAPITAL * found[best] else best
