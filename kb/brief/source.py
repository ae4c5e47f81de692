"""A lesson from which a brief is made: the hit, and its sentences by kind of section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.markdown.plain import plain_heading
from ingest.passages.passage import Origin, Passage
from kb.brief.lines import lines_of
from kb.brief.quotable import is_quotable
from kb.brief.statement import Statement
from kb.retrieval.answer import Result
from kb.retrieval.matches import Found
from kb.retrieval.searcher import Searcher

# The passages of a kind that are read, those nearest to the problem: a long lesson may have a hundred.
_MOST_READ = 6
# In nats, the information of a name or another rare word; `nothing`, `time` and `plan` have less.
_RARE = 4.0

_BEGINNING = re.compile(r"(?P<indent>\s*)(?:(?P<mark>\d{1,3}[.)]|[-*+])\s+)?(?P<text>(?P<bold>\*\*|__)?.*)")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*\Z")


class Source(NamedTuple):
    """A lesson that was found for a problem, with its sentences."""

    result: Result
    statements: tuple[Statement, ...]
    """All of its sentences, in the order of the file."""
    missing: tuple[str, ...]
    """Rare words of the problem, as written, that the lesson does not have; the rarest first."""

    @property
    def lesson(self) -> Lesson:
        return self.result.lesson

    def of(self, *kinds: Kind) -> list[Statement]:
        """Return the sentences that can be quoted, of the first of these kinds of section of which there are any."""
        found = ([one for one in self.statements if one.kind is kind and is_quotable(one.text)] for kind in kinds)
        return next(filter(None, found), [])


class _Rows(NamedTuple):
    """The lines of a passage as they are written."""

    rows: Sequence[str]
    headings: tuple[str, ...]

    @classmethod
    def of(cls, passage: Passage) -> _Rows:
        return cls(passage.text.split("\n"), passage.headings)

    def heading(self, row: int) -> str:
        """Return the nearest heading above a line."""
        above = (found["text"] for found in map(_HEADING.match, reversed(self.rows[: row + 1])) if found)
        return plain_heading(next(above, "")) or next(iter(self.headings[-1:]), "")

    def opening(self, row: int, sentence: str) -> tuple[str, bool]:
        """Return the mark of the list item that begins with this sentence, and whether it opens a block of its own."""
        found = _BEGINNING.match(self.rows[row])
        if not found or not _first_letters(found["text"]).startswith(_first_letters(sentence)):
            return "", False
        return found["mark"] or "", len(found["indent"]) < 2 and bool(found["mark"] or found["bold"])


def _first_letters(text: str) -> str:
    """Return the first letters and digits of a text, without the markup between them."""
    return "".join(filter(str.isalnum, text[:60]))[:12]


def rare_words(searcher: Searcher, found: Found) -> dict[str, float]:
    """Return the words of the problem, as written, that are rare here and in English, with their information."""
    return {word: value for word, value in searcher.information(found).items() if value >= _RARE}


def sources_of(searcher: Searcher, found: Found, rare: Mapping[str, float]) -> list[Source]:
    """Return a source for each hit of an answer, in its order; `rare`: see `rare_words`."""
    best = max((result.score for result in found.answer.results), default=0.0)
    rows = zip(
        found.answer.results,
        found.explanation.reasons,
        searcher.closeness(found),
        searcher.missing_words(found),
        strict=True,
    )
    return [
        Source(
            result,
            tuple(_statements(searcher, result, reasons.in_passages, near, best)),
            tuple(sorted(filter(rare.__contains__, missing), key=lambda word: -rare[word])),
        )
        for result, reasons, near, missing in rows
    ]


def _statements(
    searcher: Searcher, result: Result, information: Sequence[float], closeness: Sequence[float], best: float
) -> Iterator[Statement]:
    lesson, standing = result.lesson, result.score / best if best > 0 else 1.0
    passages = searcher.passages(lesson.path)
    most = max(information, default=0.0) or 1.0
    places = _read_places(passages, [near + found / most for near, found in zip(closeness, information, strict=True)])
    numbers: Counter[tuple[object, ...]] = Counter()
    for place in places:
        passage = passages[place]
        readable = searcher.sentences(lesson.path, place)
        sentences = readable.prose or (readable.asides if passage.kind is Kind.TOOL else ())
        rows = _Rows.of(passage)
        for sentence, line in zip(sentences, lines_of(sentences, passage), strict=True):
            row = line - 1 - passage.lines[0]
            heading, (item, opens) = rows.heading(row), rows.opening(row, sentence)
            section = (passage.kind, passage.headings, heading)
            number = numbers[section]
            yield Statement(
                *(sentence, passage.kind, lesson, line, heading, item, opens, number, closeness[place], standing)
            )
            numbers[section] += 1


def _read_places(passages: Sequence[Passage], weights: Sequence[float]) -> list[int]:
    """Return the places of the passages to read, in order: the best of each kind."""
    read: Counter[Kind] = Counter()
    chosen = []
    for place in sorted(range(len(passages)), key=lambda place: -weights[place]):
        passage = passages[place]
        if passage.origin is Origin.BODY and read[passage.kind] < _MOST_READ:
            read[passage.kind] += 1
            chosen.append(place)
    return sorted(chosen)
