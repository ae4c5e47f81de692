"""Hits of a ranking → what a person sees of them: passages, snippets, reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import chain, islice
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind, KindTable
from ingest.lesson import Lesson
from ingest.markdown.readable import Readable, headed
from ingest.markdown.sentences import sentences
from ingest.passages.passage import Origin, Passage
from kb.index.catalogue import Catalogue
from kb.lessons.contact import whom_to_ask
from kb.lessons.stated import says_something, stated
from kb.lessons.worth import worth
from kb.retrieval.answer import Result, ShownPassage
from kb.retrieval.front_matter_found import found_in_front_matter
from search.analysis.analyzer import terms as terms_of
from search.errors import DamagedIndex
from search.ranking.hits import Hit
from search.ranking.relevance import Relevance
from search.ranking.snippet import (
    Nearness,
    Snippet,
    asides_tell_more,
    best_sentences,
    best_snippet,
    first_sentences,
    matched_words,
)

if TYPE_CHECKING:
    from search.engine import Explanation, Reasons

_SNIPPET_LENGTH = 280
# Of a summary, for its first sentences: nobody waits for the rest of a megabyte.
_SUMMARY_READ = 4000
# Below a summary it need say no more than why the lesson is here.
_LENGTH_BELOW_SUMMARY = 200
# What a reader came for: where the best passage is of none of these kinds, a line of the first two is shown too.
_HELP = (Kind.TOOL, Kind.METHOD)
_ANSWERING = (*_HELP, Kind.KNOWLEDGE)
# Two lines of a terminal of 80 columns.
_HELP_LENGTH = 130
# So many passages are looked at for it.
_MOST_READ = 3
# Comparing sentences by meaning takes the model some 5 ms for each: only the first hits have it, and only for
# a query of few words, of which a passage may have none.
_HITS_COMPARED = 3
_MOST_TERMS_COMPARED = 24


class ResultBuilder(NamedTuple):
    """Makes results of hits; lessons by number."""

    catalogue: Catalogue
    paths: Sequence[str]
    successors: Mapping[int, Sequence[str]]
    """The ids of what replaces a lesson."""

    def of(self, hits: Sequence[Hit], explanation: Explanation) -> tuple[Result, ...]:
        """Return a result for each hit; raises `DamagedIndex`."""
        return tuple(
            self._result(rank, hit, reasons, explanation)
            for rank, (hit, reasons) in enumerate(zip(hits, explanation.reasons, strict=True), 1)
        )

    def _result(self, rank: int, hit: Hit, reasons: Reasons, explanation: Explanation) -> Result:
        information = explanation.information
        path = self.paths[hit.lesson]
        lesson = self.catalogue.lesson(path)
        passages = self.catalogue.passages(path)
        if len(passages) != len(reasons.in_passages):
            raise DamagedIndex(f"catalogue and postings are not in step: {path}")
        found = _Found(partial(self.catalogue.readable, path), lesson, passages, information, reasons.in_passages)
        best, *more = found.prose_first(hit.passages)
        summary = _beginning(lesson, information)
        compares = rank <= _HITS_COMPARED and len(information) <= _MOST_TERMS_COMPARED
        nearness = explanation.nearness if compares else None
        # What a word adds to the leg's own score is brought to what it adds to the score that is shown.
        scale = hit.parts.get("words", 0.0) / hit.lexical.score if hit.lexical else 0.0
        shown = best.shown(information, nearness, _LENGTH_BELOW_SUMMARY if summary.text else _SNIPPET_LENGTH)
        helped = {} if best.passage.kind in _ANSWERING else found.helped()
        had = {term: weight for term, weight in information.items() if term in reasons.added}
        return Result(
            rank=rank,
            score=hit.score,
            lesson=lesson,
            summary=summary,
            best=shown,
            more=tuple(read.shown(information) for read in more),
            helped=helped,
            front_matter=found_in_front_matter(lesson.metadata, had, _texts(lesson, summary, shown, helped)),
            lexical=hit.lexical,
            semantic=hit.semantic,
            parts=hit.parts,
            words=matched_words(explanation.written, {term: scale * weight for term, weight in reasons.added.items()}),
            superseded_by=tuple(self.successors.get(hit.lesson, ())),
            relevance=hit.relevance,
            evidence=hit.evidence,
        )


def shown_alone(
    lesson: Lesson, passages: Sequence[Passage], readables: Sequence[Readable], information: Mapping[str, float]
) -> Result:
    """Return a lesson that is in no index as it will look to who asks for these terms, and has its problem."""
    in_passages = [
        fsum(weight for term, weight in information.items() if term in terms_of(passage.text)) for passage in passages
    ]
    body = [place for place, passage in enumerate(passages) if passage.origin is Origin.BODY]
    says = [bool(readable.prose or readable.asides) for readable in readables]
    wanted = {Kind.PROBLEM: 2, Kind.OTHER: 0, Kind.PEOPLE: 0}
    first = max(body, key=lambda place: (says[place], wanted.get(passages[place].kind, 1), in_passages[place], -place))
    found = _Found(readables.__getitem__, lesson, passages, information, in_passages)
    best = found.prose_first([first])[0]
    summary = _beginning(lesson, information)
    return Result(
        rank=1,
        score=0.0,
        lesson=lesson,
        summary=summary,
        best=best.shown(information, None, _LENGTH_BELOW_SUMMARY if summary.text else _SNIPPET_LENGTH),
        more=(),
        helped={} if best.passage.kind in _ANSWERING else found.helped(),
        front_matter={},
        lexical=None,
        semantic=None,
        parts={},
        words={},
        superseded_by=(),
        relevance=Relevance.ANSWERS,
        evidence=0.0,
    )


def _beginning(lesson: Lesson, information: Mapping[str, float]) -> Snippet:
    """Return the first sentences of a lesson's summary."""
    return first_sentences(list(sentences(stated(lesson.summary[:_SUMMARY_READ]))), information, _SNIPPET_LENGTH)


def _texts(lesson: Lesson, summary: Snippet, best: ShownPassage, helped: Mapping[Kind, ShownPassage]) -> list[str]:
    """Return the texts of a hit that a person sees."""
    snippets = (summary, best.snippet, *(shown.snippet for shown in helped.values()))
    facts = (lesson.title, lesson.unit, lesson.date or "", worth(lesson), whom_to_ask(lesson.people))
    return [*facts, *best.passage.headings, *(snippet.text for snippet in snippets)]


class _Read(NamedTuple):
    """A passage as a reader sees it."""

    place: int
    """Among those of its lesson."""
    passage: Passage
    text: Readable

    def shown(
        self, information: Mapping[str, float], nearness: Nearness | None = None, length: int = _SNIPPET_LENGTH
    ) -> ShownPassage:
        return ShownPassage(
            self.passage, best_snippet(self.text.prose, information, length, nearness, self.text.asides)
        )


class _Found(NamedTuple):
    """A lesson that was found, and how much of what the query's terms tell is in each of its passages."""

    readable: Callable[[int], Readable]
    """A passage's place → its sentences."""
    lesson: Lesson
    passages: Sequence[Passage]
    information: Mapping[str, float]
    in_passages: Sequence[float]

    def prose_first(self, places: Sequence[int]) -> list[_Read]:
        """Read the best passages; what is but references, code or a table of contents leads none of them.

        In front of it comes a passage of the same kind whose sentences tell about as much, if there is one.
        """
        read = [self._read(place) for place in places]
        alike = (place for place in self._places_of(read[0].passage.kind) if place not in places)
        others = (other for other in map(self._read, alike) if other.text.prose)
        for other in chain(read, islice(others, _MOST_READ)):
            if asides_tell_more(other.text.prose, other.text.asides, self.information):
                continue
            if self.in_passages[other.place] >= self.in_passages[places[0]] / 2:
                return [other, *(one for one in read if one is not other)][: len(read)]
        return read

    def helped(self) -> dict[Kind, ShownPassage]:
        """Return what the lesson says of its tool and its method: where that tells most, else where it begins."""
        found = {}
        for kind in _HELP:
            shown = map(self._help_in, self._places_of(kind)[:_MOST_READ])
            if first := next(filter(None, shown), None):
                found[kind] = first
        return found

    def _help_in(self, place: int) -> ShownPassage | None:
        """Return the sentence of a passage that helps; None if it has none that says something."""
        read = self._read(place)
        said = read.text.prose or (read.text.asides if read.passage.kind is Kind.TOOL else ())
        prose = [sentence for sentence in said if says_something(sentence)]
        if not prose:
            return None
        heading = next(iter(read.passage.headings[-1:]), "")
        if heading != self.lesson.title and _kinds().kind_of((heading,)) is Kind.OTHER:
            prose[0] = headed(heading, prose[0])
        return ShownPassage(read.passage, best_sentences(prose, self.information, _HELP_LENGTH))

    def _read(self, place: int) -> _Read:
        return _Read(place, self.passages[place], self.readable(place))

    def _places_of(self, kind: Kind) -> list[int]:
        """Return where the passages of a kind are, those first that have most of the query's terms."""
        places = [place for place, one in enumerate(self.passages) if one.kind is kind and one.origin is Origin.BODY]
        return sorted(places, key=lambda place: -self.in_passages[place])


@cache
def _kinds() -> KindTable:
    return KindTable()
