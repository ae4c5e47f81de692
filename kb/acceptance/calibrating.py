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
from kb.index.snapshot import CATALOGUE, POSTINGS, VECTORS
from kb.progress import Progress
from kb.retrieval.priors import priors_of
from kb.system.user_cache import questions_file
from search.lexical.analyzer import indexed, terms_asked
from search.lexical.left_out import with_other_answers
from search.lexical.postings import Postings
from search.mode import Mode
from search.query.wording import worded
from search.ranking import elsewhere
from search.ranking.asking import ask, compared
from search.ranking.calibrate import FEWEST_FOR_WEIGHT, WEIGHTS, OwnQuestion, calibrated, scale_of
from search.ranking.calibration import AS_IT_IS, Calibration
from search.ranking.ranking import Asked, Ranker, Scope
from search.semantic import bundled
from search.semantic.cache import VectorCache
from search.semantic.known_queries import KnownQueries
from search.semantic.vectors import VectorIndex

if TYPE_CHECKING:
    from search.semantic.encoder import Encoder
    from search.semantic.encoder_card import EncoderCard

_MOST_OWN = 300
"""Own questions that are asked; of more, these say as much."""
_SHOWN = 3
_DEPTH = 10
_AT_ONCE = 32


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
        self._postings = Postings.read(folder / POSTINGS)
        with closing(Catalogue(folder / CATALOGUE)) as catalogue:
            outline = catalogue.outline()
            self._statements = _some(list(_statements(catalogue, outline.paths, self._postings)))
            priors = priors_of(catalogue, outline)
        self._far = elsewhere.questions()
        vectors, self._encoder = None, None
        if card:
            vectors = VectorIndex.read(folder / VECTORS)
            far = _with_known_vectors(open_encoder(card), self._far)
            self._encoder = KnownQueries(far, [statement.text for statement in self._statements], cache)
        self._ranker = Ranker(self._postings, vectors, np.ones(len(self._postings.lesson_of), bool), priors)
        self._modes = tuple(Mode) if card else (Mode.LEXICAL,)
        self._has_own_scale = card is not None and card.model != bundled.NAME

    def calibrate(self, progress: Progress) -> Calibration:
        """Ask all questions; the same files give the same calibration."""
        if not len(self._postings.passages_of):
            return Calibration()
        progress.stage("calibrating", 1)
        asked_far = [self._asked_from_elsewhere(question) for question in self._far]
        scale = AS_IT_IS
        if self._has_own_scale:
            compared_far = self._compared(asked_far)
            scale = scale_of([float(asked.cosines.max()) for asked in compared_far if asked.cosines is not None])
            self._ranker = replace(self._ranker, calibration=Calibration(scale=scale))
        far = [
            {mode: float(found.max()) for mode, found in self._ranker.evidence(asked).items()}
            for asked in self._compared(asked_far)
        ]
        own = [self._left_out(statement) for statement in self._statements]
        progress.advance()
        return calibrated(far, own, scale)

    def _compared(self, every: Sequence[Asked]) -> Iterator[Asked]:
        vectors = self._ranker.vectors
        for start in range(0, len(every), _AT_ONCE):
            some = every[start : start + _AT_ONCE]
            yield from compared(some, vectors) if vectors else some

    def _left_out(self, statement: OwnStatement) -> OwnQuestion:
        """Ask a sentence of a library in which it does not stand."""
        every, others = indexed(statement.every), indexed(statement.others)
        postings = with_other_answers(self._postings, statement.lesson, every, others)
        allowed = np.ones(len(self._postings.lesson_of), bool)
        allowed[list(statement.passages)] = False
        ranker, scope = replace(self._ranker, postings=postings), Scope(passages=allowed)
        asked = self._asked(statement.text, postings)
        evidence = {}
        for mode in self._modes:
            hits = ranker.rank(_in(mode, asked), _SHOWN, scope).hits
            if statement.lesson in [hit.lesson for hit in hits]:
                evidence[mode] = max(hit.evidence for hit in hits)
        tried = WEIGHTS if len(self._statements) >= FEWEST_FOR_WEIGHT and self._encoder else ()
        ranks = {weight: _reciprocal_rank(ranker, weight, asked, statement.lesson, scope) for weight in tried}
        return OwnQuestion(evidence, ranks)

    def _asked_from_elsewhere(self, question: str) -> Asked:
        """Ask a question that is short enough for all its words and one slice; of its ranking nothing is wanted."""
        vectors = None if self._encoder is None else self._encoder.encode_query(question)[None, :]
        return Asked(dict.fromkeys(_terms(question), 1), vectors)

    def _asked(self, text: str, postings: Postings) -> Asked:
        mode = Mode.HYBRID if self._encoder else Mode.LEXICAL
        return ask(worded(text, postings), mode, postings, self._encoder)


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


def _in(mode: Mode, asked: Asked) -> Asked:
    """Return what is asked of the legs of a mode, of what both are asked."""
    if mode is Mode.LEXICAL:
        return asked._replace(vectors=None)
    return asked._replace(terms={}, pairs={}) if mode is Mode.SEMANTIC else asked


def _reciprocal_rank(ranker: Ranker, weight: float, asked: Asked, lesson: int, scope: Scope) -> float:
    weighed = replace(ranker, calibration=ranker.calibration._replace(lexical_weight=weight))
    found = [hit.lesson for hit in weighed.rank(asked, _DEPTH, scope).hits]
    return 1 / (found.index(lesson) + 1) if lesson in found else 0.0


def _statements(catalogue: Catalogue, paths: Sequence[str], postings: Postings) -> Iterator[OwnStatement]:
    """Give every different sentence of every lesson's `answers`."""
    numbers = {path: number for number, path in enumerate(paths)}
    for path, rows in groupby(catalogue.answers(), key=lambda row: row[0]):
        lesson = numbers[path]
        first = int(postings.first_passage[lesson])
        said = catalogue.lesson(path).answers
        passages: dict[str, list[int]] = {}
        pieces = [(first + ordinal, piece) for _, ordinal, piece in rows]
        for text, found in zip(said, _places(said, pieces), strict=True):
            passages.setdefault(text, []).extend(found)
        yield from (OwnStatement(text, lesson, tuple(mine), said) for text, mine in passages.items())


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
