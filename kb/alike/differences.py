"""What a lesson has that none of some others has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import Impact
from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from kb.lessons.phrase import phrase_of
from kb.people.contact import who_are_named
from kb.people.naming import key_of
from search.query import terms

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.forms.keep import near_duplicates as forms

_SAID = 0.6
"""A sentence is in another lesson if a passage there has at least this share of its terms."""
_LEAST_TERMS = 3
"""Shorter sentences say too little to be compared, and to be missed."""


class Sentence(NamedTuple):
    """A sentence of a lesson."""

    text: str
    kind: Kind
    """The kind of its section."""


class Differences(NamedTuple):
    """What only one lesson has."""

    sections: tuple[str, ...]
    """The kinds of its sections that no other has."""
    impact: tuple[str, ...]
    people: tuple[str, ...]
    tools: tuple[str, ...]
    """Sentences of its sections on tools."""
    sentences: tuple[str, ...]
    """All other sentences, in order."""

    def as_json(self) -> forms.OnlyHere:
        return {
            "sections": list(self.sections),
            "impact": list(self.impact),
            "people": list(self.people),
            "tools": list(self.tools),
            "sentences": list(self.sentences),
        }


class LessonContents:
    """A lesson with its passages, read when they are needed."""

    def __init__(self, lesson: Lesson, catalogue: Catalogue) -> None:
        self.lesson = lesson
        self._catalogue = catalogue

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        return [sentence for passage in self._passages for sentence in passage]

    @cached_property
    def terms(self) -> Sequence[frozenset[str]]:
        """The terms of each passage."""
        return [frozenset(terms(" ".join(each.text for each in passage))) for passage in self._passages]

    @cached_property
    def kinds(self) -> Sequence[Kind]:
        return [*dict.fromkeys(sentence.kind for sentence in self.sentences if sentence.kind is not Kind.OTHER)]

    @property
    def people(self) -> dict[str, str]:
        """The people by what tells them apart."""
        return {key_of(person.name): person.name for person in who_are_named(self.lesson.people)}

    @property
    def impact(self) -> dict[Impact, str]:
        return {impact: phrase_of(impact) for impact in self.lesson.impact}

    def says(self, sentence: str) -> bool:
        """Return whether a passage says nearly the same as a sentence."""
        own = frozenset(terms(sentence))
        return len(own) < _LEAST_TERMS or any(len(own & passage) >= _SAID * len(own) for passage in self.terms)

    @cached_property
    def _passages(self) -> Sequence[Sequence[Sentence]]:
        return [*self._read()]

    def _read(self) -> Iterator[Sequence[Sentence]]:
        for ordinal, passage in enumerate(self._catalogue.passages(self.lesson.path)):
            if passage.origin is Origin.BODY:
                prose = self._catalogue.readable(self.lesson.path, ordinal).prose
                yield [Sentence(text, passage.kind) for text in prose]


def only_in(one: LessonContents, others: Sequence[LessonContents]) -> Differences:
    """Return what one lesson has that none of the others has."""
    kinds = {kind for other in others for kind in other.kinds}
    named = {key for other in others for key in other.people}
    effects = {impact for other in others for impact in other.impact}
    new = [each for each in one.sentences if not any(other.says(each.text) for other in others)]
    return Differences(
        tuple(kind.value for kind in one.kinds if kind not in kinds),
        tuple(phrase for impact, phrase in one.impact.items() if impact not in effects),
        tuple(name for key, name in one.people.items() if key not in named),
        tuple(each.text for each in new if each.kind is Kind.TOOL),
        tuple(each.text for each in new if each.kind is not Kind.TOOL),
    )
