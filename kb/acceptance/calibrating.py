"""The questions that a new snapshot is asked before anybody else: what counts as an answer in this library?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE
from kb.progress import Progress
from kb.retrieval.priors import priors_of
from kb.system.user_cache import questions_file
from search.indexing.opening import open_lexical, open_vectors, passage_numbers
from search.lexical.analyzer import indexed, terms_asked
from search.lexical.index import LexicalIndex, LexicalQuery
from search.mode import Mode
from search.passage_numbers import PassageNumbers
from search.query.wording import worded
from search.ranking import elsewhere
from search.ranking.calibrate import FEWEST_FOR_WEIGHT, WEIGHTS, OwnQuestion, calibrated, scale_of
from search.ranking.calibration import AS_IT_IS, Calibration
from search.ranking.question import EncodedQuery, Scope, encode
from search.ranking.ranker import Ranker
from search.semantic import bundled
from search.semantic.cache import VectorCache
from search.semantic.known_queries import KnownQueries

if TYPE_CHECKING:
    from search.semantic.encoder import Encoder
    from search.semantic.encoder_card import EncoderCard

_MOST_OWN = 300
"""Own questions that are asked; of more, these say as much."""
_SHOWN = 3
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """A sentence of a lesson's `answers`."""

    text: str
    lesson: int
    passages: tuple[int, ...]
    """Their numbers: a long sentence has several."""
    said: Sequence[str]
    """All answers of the lesson."""

    @property
    def every(self) -> str:
        """All answers of the lesson, as they are indexed."""
        return "\n".join(self.said)

    @property
    def others(self) -> str:
        """What is left of these without it."""
        return "\n".join(other for other in self.said if other != self.text)


class Calibrator:
    """Asks the files of a snapshot that is being built."""

    def __init__(
        self, folder: Path, card: EncoderCard | None, open_encoder: Callable[[EncoderCard], Encoder], cache: VectorCache
    ) -> None:
        """Open the files; without a card there is no leg by meaning."""
        self._passages = passage_numbers(folder)
        with closing(Catalogue(folder / CATALOGUE)) as catalogue:
            outline = catalogue.outline()
            self._statements = _some(list(_statements(catalogue, outline.paths, self._passages)))
            priors = priors_of(catalogue, outline)
        self._far = elsewhere.questions()
        vectors, self._encoder = None, None
        if card:
            vectors = open_vectors(folder, card.dimension)
            far = _with_known_vectors(open_encoder(card), self._far)
            self._encoder = KnownQueries(far, [statement.text for statement in self._statements], cache)
        self._ranker = Ranker(open_lexical(folder), vectors, self._passages, outline.statements, priors)
        self._modes = tuple(Mode) if card else (Mode.LEXICAL,)
        self._has_own_scale = card is not None and card.model != bundled.NAME

    def calibrate(self, progress: Progress) -> Calibration:
        """Ask all questions; the same files give the same calibration."""
        if not len(self._passages.counts):
            return Calibration()
        progress.stage("calibrating", 1)
        queries_far = [self._encoded_from_elsewhere(question) for question in self._far]
        scale = AS_IT_IS
        if self._has_own_scale:
            scale = scale_of(self._ranker.nearest(queries_far))
            self._ranker = replace(self._ranker, calibration=Calibration(scale=scale))
        far = list(self._ranker.most_evidence(queries_far))
        own = [self._left_out(statement) for statement in self._statements]
        progress.advance()
        return calibrated(far, own, scale)

    def _left_out(self, statement: OwnStatement) -> OwnQuestion:
        """Ask a sentence of a library in which it does not stand."""
        every, others = indexed(statement.every), indexed(statement.others)
        lexical = self._ranker.lexical.with_answers(statement.lesson, every, others)
        allowed = np.ones(len(self._passages.lesson_of), bool)
        allowed[list(statement.passages)] = False
        ranker, scope = replace(self._ranker, lexical=lexical), Scope(passages=np.flatnonzero(allowed))
        query = self._encoded(statement.text, lexical)
        evidence = {}
        for mode in self._modes:
            hits = ranker.rank(query.in_mode(mode), _SHOWN, scope).hits
            if statement.lesson in [hit.lesson for hit in hits]:
                evidence[mode] = max(hit.evidence for hit in hits)
        tried = WEIGHTS if len(self._statements) >= FEWEST_FOR_WEIGHT and self._encoder else ()
        ranks = {weight: _reciprocal_rank(ranker, weight, query, statement.lesson, scope) for weight in tried}
        return OwnQuestion(evidence, ranks)

    def _encoded_from_elsewhere(self, question: str) -> EncodedQuery:
        """Encode a question that is short enough for all its words and one slice; of its ranking nothing is wanted."""
        vectors = None if self._encoder is None else self._encoder.encode_query(question)[None, :]
        return EncodedQuery(LexicalQuery(dict.fromkeys(_terms(question), 1)), vectors)

    def _encoded(self, text: str, lexical: LexicalIndex) -> EncodedQuery:
        mode = Mode.HYBRID if self._encoder else Mode.LEXICAL
        return encode(worded(text, lexical), mode, lexical, self._encoder)


def _with_known_vectors(encoder: Encoder, questions: Sequence[str]) -> KnownQueries:
    """Return an encoder that knows the questions from elsewhere, which every knowledge base of a user is asked."""
    try:
        questions_file().parent.mkdir(parents=True, exist_ok=True)
        with closing(VectorCache(questions_file())) as shared:
            return KnownQueries(encoder, questions, shared)
    except (OSError, sqlite3.Error):  # full or not to be written: a cache only saves time
        with closing(VectorCache(Path(":memory:"))) as none:
            return KnownQueries(encoder, questions, none)


@lru_cache(maxsize=1024)
def _terms(question: str) -> tuple[str, ...]:
    return tuple(terms_asked(question))


def _reciprocal_rank(ranker: Ranker, weight: float, query: EncodedQuery, lesson: int, scope: Scope) -> float:
    weighed = replace(ranker, calibration=ranker.calibration._replace(lexical_weight=weight))
    found = [hit.lesson for hit in weighed.rank(query, _DEPTH, scope).hits]
    return 1 / (found.index(lesson) + 1) if lesson in found else 0.0


def _statements(catalogue: Catalogue, paths: Sequence[str], passages: PassageNumbers) -> Iterator[OwnStatement]:
    """Give every different sentence of every lesson's `answers`."""
    numbers = {path: number for number, path in enumerate(paths)}
    for path, rows in groupby(catalogue.answers(), key=lambda row: row[0]):
        lesson = numbers[path]
        first = passages.of(lesson).start
        said = catalogue.lesson(path).answers
        numbers_of: dict[str, list[int]] = {}
        pieces = [(first + ordinal, piece) for _, ordinal, piece in rows]
        for text, found in zip(said, _places(said, pieces), strict=True):
            numbers_of.setdefault(text, []).extend(found)
        yield from (OwnStatement(text, lesson, tuple(mine), said) for text, mine in numbers_of.items())


def _places(said: Sequence[str], pieces: Iterable[tuple[int, str]]) -> Iterator[list[int]]:
    """Give for each sentence the numbers of the passages that it was cut into; both in the order of the file."""
    left = iter(pieces)
    for text in said:
        found, end = [], 0
        while text[end:].strip():
            number, piece = next(left)
            end = text.index(piece, end) + len(piece)
            found.append(number)
        yield found


def _some(statements: list[OwnStatement]) -> list[OwnStatement]:
    """Return at most so many, whatever their order always the same; in their order."""
    by_hash = sorted(statements, key=lambda one: blake2b(one.text.encode(), digest_size=8).digest())
    chosen = {(statement.lesson, statement.text) for statement in by_hash[:_MOST_OWN]}
    return [statement for statement in statements if (statement.lesson, statement.text) in chosen]
