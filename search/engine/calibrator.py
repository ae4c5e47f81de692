"""Asks a library the questions of its calibration when it is indexed, and measures the evidence that they find.

`search/ranking/calibrate.py` computes thresholds and weights from the results.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.analyzer import indexed, query_terms
from search.lexical.index import LexicalIndex
from search.lexical.lexical_query import LexicalQuery
from search.query.mode import Mode
from search.query.wording import wording_of
from search.ranking.calibrate import FEWEST_FOR_WEIGHT, WEIGHTS, OwnQuestion, calibrated, scale_of
from search.ranking.calibration import AS_IT_IS, Calibration
from search.ranking.question import EncodedQuery, Scope, encode
from search.ranking.ranker import Ranker

if TYPE_CHECKING:
    from search.models.encoder import Encoder

_SHOWN = 3
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """A sentence of a lesson's `answers`."""

    text: str
    lesson: int
    """The lesson's number."""
    passages: tuple[int, ...]
    """The numbers of its passages; a long sentence is cut into several."""
    statements: Sequence[str]
    """All answers of the lesson."""

    @property
    def every(self) -> str:
        """All answers of the lesson, one per line, as they are indexed."""
        return "\n".join(self.statements)

    @property
    def others(self) -> str:
        """The same without this statement."""
        return "\n".join(other for other in self.statements if other != self.text)


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Asks a library its calibration questions, through a ranker that is not calibrated yet."""

    ranker: Ranker
    encoder: Encoder | None
    """None where nothing is indexed by meaning."""
    has_own_scale: bool
    """Whether the model is not the default one, so that its scores have another scale."""

    def calibrate(self, unrelated: Sequence[str], own: Sequence[OwnStatement]) -> Calibration:
        """Return the calibration from unrelated questions and the library's own statements; deterministic."""
        queries = [self._encoded_from_elsewhere(question) for question in unrelated]
        scale = scale_of(self.ranker.nearest(queries)) if self.has_own_scale else AS_IT_IS
        scaled = replace(self, ranker=self.ranker._replace(calibration=Calibration(scale=scale)))
        most = list(scaled.ranker.most_evidence(queries))
        return calibrated(most, list(scaled._asked(own)), scale)

    def _asked(self, own: Sequence[OwnStatement]) -> Iterator[OwnQuestion]:
        tried = WEIGHTS if len(own) >= FEWEST_FOR_WEIGHT and self.encoder else ()
        return (self._left_out(statement, tried) for statement in own)

    def _left_out(self, statement: OwnStatement, tried: Sequence[float]) -> OwnQuestion:
        """Ask a statement as a query, of the library without this statement."""
        every, others = indexed(statement.every), indexed(statement.others)
        lexical = self.ranker.lexical.with_answers(statement.lesson, every, others)
        ranker, scope = self.ranker._replace(lexical=lexical), self._without(statement.passages)
        query = self._encoded(statement.text, lexical)
        evidence = {}
        for mode in Mode if self.encoder else (Mode.LEXICAL,):
            hits = ranker.rank(query.in_mode(mode), _SHOWN, scope).hits
            if statement.lesson in [hit.lesson for hit in hits]:
                evidence[mode] = max(hit.evidence for hit in hits)
        ranks = {weight: _reciprocal_rank(ranker, weight, query, statement.lesson, scope) for weight in tried}
        return OwnQuestion(evidence, ranks)

    def _without(self, passages: Sequence[int]) -> Scope:
        allowed = np.ones(len(self.ranker.passages.lesson_of), bool)
        allowed[list(passages)] = False
        return Scope(passages=np.flatnonzero(allowed))

    def _encoded_from_elsewhere(self, question: str) -> EncodedQuery:
        """Encode a question from elsewhere: it is short, so all its terms and one slice are used, and no pairs."""
        vectors = None if self.encoder is None else self.encoder.encode_query(question)[None, :]
        return EncodedQuery(LexicalQuery(dict.fromkeys(_terms(question), 1)), vectors)

    def _encoded(self, text: str, lexical: LexicalIndex) -> EncodedQuery:
        mode = Mode.HYBRID if self.encoder else Mode.LEXICAL
        return encode(wording_of(text, lexical), mode, lexical, self.encoder)


@lru_cache(maxsize=1024)
def _terms(question: str) -> tuple[str, ...]:
    return tuple(query_terms(question))


def _reciprocal_rank(ranker: Ranker, weight: float, query: EncodedQuery, lesson: int, scope: Scope) -> float:
    weighed = ranker._replace(calibration=ranker.calibration._replace(lexical_weight=weight))
    found = [hit.lesson for hit in weighed.rank(query, _DEPTH, scope).hits]
    return 1 / (found.index(lesson) + 1) if lesson in found else 0.0
