"""A lesson from which a brief is made: the hit, and its sentences by kind of section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.markdown.plain import plain_heading
from ingest.markdown.sentences import ends_a_sentence
from ingest.passages.passage import Origin, Passage
from kb.brief.lines import lines_of
from kb.brief.quotable import is_quotable
from kb.brief.statement import Statement
from kb.retrieval.answer import Result
from kb.retrieval.matches import Found
from kb.retrieval.searcher import Searcher

if TYPE_CHECKING:
    from ingest.markdown.readable import Readable
    from search.engine import Reasons

# The passages of a kind that are read, those nearest to the problem: a long lesson may have a hundred.
_MOST_READ = 6
# Of 95 questions, all but two lessons that were judged right have a larger share of the best score.
_CLOSE = 0.6

_BEGINNING = re.compile(r"(?P<indent>\s*)(?:(?P<mark>\d{1,3}[.)]|[-*+])\s+)?(?P<text>(?P<bold>\*\*|__)?.*)")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*\Z")


class Source(NamedTuple):
    """A lesson that was found for a problem, with its sentences."""

    result: Result
    standing: float
    """The score of the lesson, as a share of the best one's."""
    statements: tuple[Statement, ...]
    """All of its sentences, in the order of the file."""
    missing: tuple[str, ...]
    """Rare words of the problem, as written, that the lesson does not have; the rarest first."""

    @property
    def lesson(self) -> Lesson:
        return self.result.lesson

    @property
    def is_close(self) -> bool:
        """Whether its tools and methods fit the problem: its score is not much lower than the best one's."""
        return self.standing >= _CLOSE

    def of(self, *kinds: Kind) -> list[Statement]:
        """Return the sentences that can be quoted, of the first of these kinds of section of which there are any."""
        found = ([one for one in self.statements if one.kind is kind and _can_be_quoted(one)] for kind in kinds)
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

    def is_row(self, row: int) -> bool:
        """Return whether a line is a row of a table."""
        return self.rows[row].lstrip().startswith("|")

    def opening(self, row: int, sentence: str) -> tuple[str, bool]:
        """Return the mark of the list item that begins with this sentence, and whether it opens a block of its own."""
        found = _BEGINNING.match(self.rows[row])
        if not found or not _first_letters(found["text"]).startswith(_first_letters(sentence)):
            return "", False
        return found["mark"] or "", len(found["indent"]) < 2 and bool(found["mark"] or found["bold"])


def _first_letters(text: str) -> str:
    """Return the first letters and digits of a text, without the markup between them."""
    return "".join(filter(str.isalnum, text[:60]))[:12]


def _can_be_quoted(statement: Statement) -> bool:
    """Return whether a sentence can be quoted alone: no caption, no row of a table; but a step without a full stop."""
    is_step = statement.kind is Kind.METHOD and bool(statement.item)
    return is_quotable(statement.text) and not statement.is_row and (is_step or ends_a_sentence(statement.text))


def sources_of(searcher: Searcher, found: Found, rare: Mapping[str, float]) -> list[Source]:
    """Return a source for each hit of an answer, in its order; `rare`: the words that may be named as missing."""
    best = max((result.score for result in found.answer.results), default=0.0)
    rows = zip(
        found.answer.results,
        found.explanation.reasons,
        searcher.closeness(found),
        searcher.missing_words(found),
        strict=True,
    )
    return [
        _source(searcher, result, result.score / best if best > 0 else 1.0, reasons, near, missing, rare)
        for result, reasons, near, missing in rows
    ]


def _source(
    searcher: Searcher,
    result: Result,
    standing: float,
    reasons: Reasons,
    closeness: Sequence[float],
    missing: Sequence[str],
    rare: Mapping[str, float],
) -> Source:
    path = result.lesson.path
    passages = searcher.passages(path)
    information = reasons.in_passages
    most = max(information, default=0.0) or 1.0
    weights = [near + found / most for near, found in zip(closeness, information, strict=True)]
    statements = chain.from_iterable(
        _statements(passages[place], searcher.sentences(path, place), result.lesson, closeness[place], standing)
        for place in _read_places(passages, weights)
    )
    words = sorted(filter(rare.__contains__, missing), key=lambda word: -rare[word])
    return Source(result, standing, tuple(_numbered(statements)), tuple(words))


def _statements(
    passage: Passage, readable: Readable, lesson: Lesson, closeness: float, standing: float
) -> Iterator[Statement]:
    sentences = readable.prose or (readable.asides if passage.kind is Kind.TOOL else ())
    rows = _Rows.of(passage)
    for sentence, line in zip(sentences, lines_of(sentences, passage), strict=True):
        row = line - 1 - passage.lines[0]
        item, opens = rows.opening(row, sentence)
        yield Statement(
            sentence,
            passage.kind,
            lesson,
            line,
            heading=rows.heading(row),
            item=item,
            opens=opens,
            is_row=rows.is_row(row),
            closeness=closeness,
            standing=standing,
        )


def _numbered(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements of a lesson with their positions among those below the same heading."""
    numbers: Counter[tuple[Kind, str]] = Counter()
    for statement in statements:
        section = (statement.kind, statement.heading)
        yield statement._replace(number=numbers[section])
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
