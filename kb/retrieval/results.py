"""Makes the results of an answer from the hits of a ranking: passages, snippets, reasons."""

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
from kb.catalogue.catalogue import Catalogue
from kb.impact.worth import worth
from kb.lessons.stated import says_something, stated
from kb.people.contact import Ask, whom_to_ask
from kb.people.directory import Directory
from kb.retrieval.answer import Result, ShownPassage
from kb.retrieval.front_matter_found import found_in_front_matter
from kb.reuse.tally import Tally
from search.engine import (
    Hit,
    Nearness,
    Relevance,
    Snippet,
    best_sentences,
    best_snippet,
    first_sentences,
    matched_words,
    prefers_asides,
)
from search.errors import DamagedIndex
from search.query import terms as terms_of

if TYPE_CHECKING:
    from search.engine import Explanation, Reasons

_SNIPPET_LENGTH = 280
# Most characters of a summary that are read for its first sentences, to bound the time for a very long one.
_SUMMARY_READ = 4000
# After a summary, the snippet only has to show why the lesson was found.
_LENGTH_BELOW_SUMMARY = 200
# The kinds that readers look for. If the best passage is of another kind, a line on tool and method is shown too.
_HELP = (Kind.TOOL, Kind.METHOD)
_ANSWERING = (*_HELP, Kind.KNOWLEDGE)
# Characters: two lines of a terminal of 80 columns.
_HELP_LENGTH = 130
# Most passages of a kind that are read for this line.
_MOST_READ = 3
# Comparing sentences by meaning takes the model some 5 ms each, so it is done for the first hits only, and only for
# short queries, of which a passage may have no word.
_HITS_COMPARED = 3
_MOST_TERMS_COMPARED = 24


class ResultBuilder(NamedTuple):
    """Makes the results of hits; `paths` is indexed by lesson number."""

    catalogue: Catalogue
    paths: Sequence[str]
    successors: Mapping[int, Sequence[str]]
    """Ids of the lessons that supersede a lesson, by its number."""
    people: Callable[[], Directory]
    """Returns what `people.md` says now."""
    uses: Mapping[str, Tally]
    """What the uses of a lesson come to, by its id."""

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
            raise DamagedIndex(f"catalogue and postings do not match: {path}")
        found = _Found(partial(self.catalogue.readable, path), lesson, passages, information, reasons.in_passages)
        best, *more = found.prose_first(hit.passages)
        summary = _beginning(lesson, information)
        compares = rank <= _HITS_COMPARED and len(information) <= _MOST_TERMS_COMPARED
        nearness = explanation.nearness if compares else None
        # Converts what a word adds to the BM25 score to what it adds to the final score.
        scale = hit.parts.get("words", 0.0) / hit.lexical.score if hit.lexical else 0.0
        shown = best.shown(information, nearness, _LENGTH_BELOW_SUMMARY if summary.text else _SNIPPET_LENGTH)
        helped = {} if best.passage.kind in _ANSWERING else found.helped()
        ask = whom_to_ask(lesson, self.people())
        had = {term: weight for term, weight in information.items() if term in reasons.added}
        return Result(
            rank=rank,
            score=hit.score,
            lesson=lesson,
            summary=summary,
            best=shown,
            more=tuple(read.shown(information) for read in more),
            helped=helped,
            front_matter=found_in_front_matter(lesson.metadata, had, _texts(lesson, ask, summary, shown, helped)),
            lexical=hit.lexical,
            semantic=hit.semantic,
            parts=hit.parts,
            words=matched_words(explanation.written, {term: scale * weight for term, weight in reasons.added.items()}),
            superseded_by=tuple(self.successors.get(hit.lesson, ())),
            relevance=hit.relevance,
            evidence=hit.evidence,
            ask=ask,
            reuse=self.uses.get(lesson.id),
        )


def shown_alone(
    lesson: Lesson,
    passages: Sequence[Passage],
    readables: Sequence[Readable],
    information: Mapping[str, float],
    ask: Ask | None,
) -> Result:
    """Return the result that a query with these terms would give for a lesson that is not in an index yet."""
    in_passages = [
        fsum(weight for term, weight in information.items() if term in terms_of(passage.text)) for passage in passages
    ]
    body = [place for place, passage in enumerate(passages) if passage.origin is Origin.BODY]
    shows = [bool(readable.prose or readable.asides) for readable in readables]
    wanted = {Kind.PROBLEM: 2, Kind.OTHER: 0, Kind.PEOPLE: 0}
    first = max(body, key=lambda place: (shows[place], wanted.get(passages[place].kind, 1), in_passages[place], -place))
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
        ask=ask,
        reuse=None,
    )


def _beginning(lesson: Lesson, information: Mapping[str, float]) -> Snippet:
    """Return the first sentences of a lesson's summary."""
    return first_sentences(list(sentences(stated(lesson.summary[:_SUMMARY_READ]))), information, _SNIPPET_LENGTH)


def _texts(
    lesson: Lesson, ask: Ask | None, summary: Snippet, best: ShownPassage, helped: Mapping[Kind, ShownPassage]
) -> list[str]:
    """Return the texts of a result that are shown."""
    snippets = (summary, best.snippet, *(shown.snippet for shown in helped.values()))
    facts = (lesson.title, lesson.unit, lesson.date or "", worth(lesson), str(ask or ""))
    return [*facts, *best.passage.headings, *(snippet.text for snippet in snippets)]


class _Read(NamedTuple):
    """A passage with its sentences for display."""

    place: int
    """Position among the passages of its lesson, from 0."""
    passage: Passage
    text: Readable

    def shown(
        self, information: Mapping[str, float], nearness: Nearness | None = None, length: int = _SNIPPET_LENGTH
    ) -> ShownPassage:
        return ShownPassage(
            self.passage, best_snippet(self.text.prose, information, length, nearness, self.text.asides)
        )


class _Found(NamedTuple):
    """A lesson that was found, with the information of the query's terms in each of its passages."""

    readable: Callable[[int], Readable]
    """Returns the sentences of the passage at a place."""
    lesson: Lesson
    passages: Sequence[Passage]
    information: Mapping[str, float]
    in_passages: Sequence[float]

    def prose_first(self, places: Sequence[int]) -> list[_Read]:
        """Return the passages at `places`, with one of prose first instead of references, code or contents.

        That one is another best passage, or one of the same kind with at least half the information of the first.
        """
        read = [self._read(place) for place in places]
        alike = (place for place in self._places_of(read[0].passage.kind) if place not in places)
        others = (other for other in map(self._read, alike) if other.text.prose)
        for other in chain(read, islice(others, _MOST_READ)):
            if prefers_asides(other.text.prose, other.text.asides, self.information):
                continue
            if self.in_passages[other.place] >= self.in_passages[places[0]] / 2:
                return [other, *(one for one in read if one is not other)][: len(read)]
        return read

    def helped(self) -> dict[Kind, ShownPassage]:
        """Return a sentence on the lesson's tool and one on its method, from the passages with most information."""
        found = {}
        for kind in _HELP:
            shown = map(self._help_in, self._places_of(kind)[:_MOST_READ])
            if first := next(filter(None, shown), None):
                found[kind] = first
        return found

    def _help_in(self, place: int) -> ShownPassage | None:
        """Return the best sentences of a passage; None if none has information."""
        read = self._read(place)
        sentences = read.text.prose or (read.text.asides if read.passage.kind is Kind.TOOL else ())
        prose = [sentence for sentence in sentences if says_something(sentence)]
        if not prose:
            return None
        heading = next(iter(read.passage.headings[-1:]), "")
        if heading != self.lesson.title and _kinds().kind_of((heading,)) is Kind.OTHER:
            prose[0] = headed(heading, prose[0])
        return ShownPassage(read.passage, best_sentences(prose, self.information, _HELP_LENGTH))

    def _read(self, place: int) -> _Read:
        return _Read(place, self.passages[place], self.readable(place))

    def _places_of(self, kind: Kind) -> list[int]:
        """Return the places of the passages of a kind, those with the most information of the query first."""
        places = [place for place, one in enumerate(self.passages) if one.kind is kind and one.origin is Origin.BODY]
        return sorted(places, key=lambda place: -self.in_passages[place])


@cache
def _kinds() -> KindTable:
    return KindTable()
