"""Calibrates the relevance verdict of a new snapshot, by ranking known questions before it is published."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE
from kb.progress import Progress
from kb.retrieval.priors import priors_of
from kb.reuse.tally import tallies
from kb.reuse.use import REUSED, uses_by_lesson
from kb.system.user_cache import questions_file
from search.engine import Calibration, Calibrator, OwnStatement, Ranker, elsewhere
from search.indexing import (
    KnownQueries,
    PassageNumbers,
    VectorCache,
    bundled,
    open_lexical,
    open_vectors,
    passage_numbers,
)

if TYPE_CHECKING:
    from search.indexing import Encoder, EncoderCard

_MOST_OWN = 300
"""Most of the library's own questions that are ranked; more would not change the result."""


def calibration_of(
    folder: Path,
    card: EncoderCard | None,
    open_encoder: Callable[[EncoderCard], Encoder],
    cache: VectorCache,
    progress: Progress,
) -> Calibration:
    """Return the calibration of a snapshot that is being built; without a card, only the index by words is used.

    Deterministic: the same files give the same calibration.
    """
    passages = passage_numbers(folder)
    if not len(passages.counts):
        return Calibration()
    progress.stage("calibrating", 1)
    with closing(Catalogue(folder / CATALOGUE)) as catalogue:
        outline = catalogue.outline()
        own = _some(list(_statements(catalogue, outline.paths, passages)))
        priors = priors_of(catalogue, outline, tallies(uses_by_lesson(catalogue.lessons_having(REUSED))))
    unrelated = elsewhere.questions()
    vectors, encoder = None, None
    if card:
        vectors = open_vectors(folder, card.dimension)
        known = _with_known_vectors(open_encoder(card), unrelated)
        encoder = KnownQueries(known, [statement.text for statement in own], cache)
    ranker = Ranker(open_lexical(folder), vectors, passages, outline.statements, priors)
    has_own_scale = card is not None and card.model != bundled.NAME
    found = Calibrator(ranker, encoder, has_own_scale).calibrate(unrelated, own)
    progress.advance()
    return found


def _with_known_vectors(encoder: Encoder, questions: Sequence[str]) -> KnownQueries:
    """Return an encoder with the vectors of the foreign questions, cached for all knowledge bases of a user."""
    try:
        questions_file().parent.mkdir(parents=True, exist_ok=True)
        with closing(VectorCache(questions_file())) as shared:
            return KnownQueries(encoder, questions, shared)
    except (OSError, sqlite3.Error):  # the disk is full or not writable; the cache only saves time
        with closing(VectorCache(Path(":memory:"))) as none:
            return KnownQueries(encoder, questions, none)


def _statements(catalogue: Catalogue, paths: Sequence[str], passages: PassageNumbers) -> Iterator[OwnStatement]:
    """Yield every distinct sentence of each lesson's `answers`, with the numbers of its passages."""
    numbers = {path: number for number, path in enumerate(paths)}
    for path, rows in groupby(catalogue.answers(), key=lambda row: row[0]):
        lesson = numbers[path]
        first = passages.of(lesson).start
        answers = catalogue.lesson(path).answers
        numbers_of: dict[str, list[int]] = {}
        pieces = [(first + ordinal, piece) for _, ordinal, piece in rows]
        for text, found in zip(answers, _places(answers, pieces), strict=True):
            numbers_of.setdefault(text, []).extend(found)
        yield from (OwnStatement(text, lesson, tuple(mine), answers) for text, mine in numbers_of.items())


def _places(answers: Sequence[str], pieces: Iterable[tuple[int, str]]) -> Iterator[list[int]]:
    """Yield for each sentence the numbers of the passages that it was split into; both in the order of the file."""
    left = iter(pieces)
    for text in answers:
        found, end = [], 0
        while text[end:].strip():
            number, piece = next(left)
            end = text.index(piece, end) + len(piece)
            found.append(number)
        yield found


def _some(statements: list[OwnStatement]) -> list[OwnStatement]:
    """Return at most `_MOST_OWN` statements in their order; which ones depends on their hash, not on the order."""
    by_hash = sorted(statements, key=lambda one: blake2b(one.text.encode(), digest_size=8).digest())
    chosen = {(statement.lesson, statement.text) for statement in by_hash[:_MOST_OWN]}
    return [statement for statement in statements if (statement.lesson, statement.text) in chosen]
