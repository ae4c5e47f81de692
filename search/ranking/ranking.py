"""A query and an index → the ranking of the lessons, each with its best passages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.lexical.coverage import coverage
from search.lexical.postings import LexicalScores, Pair, Postings
from search.mode import Mode
from search.ranking import fusion, relevance
from search.ranking.calibration import DEFAULT, Calibration
from search.ranking.priors import Priors
from search.ranking.relevance import LEVELS, Relevance, Words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.semantic.encoder import Vectors
    from search.semantic.vectors import VectorIndex

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

# A lesson shows at most so many passages.
PASSAGES_SHOWN = 3
# Which of a lesson's passages is the best, by words against meaning.
_PASSAGE_BY_WORDS = 0.35


class Asked(NamedTuple):
    """A query as the ranker takes it; with neither of the two nothing is found."""

    terms: Mapping[str, float] = MappingProxyType({})
    """With their frequencies in the query; a fraction counts that much less."""
    vectors: Vectors | None = None
    """Of the query's slices, shape (slices, dimension); a passage counts for the slice that it is nearest to."""
    cosines: Floats | None = None
    """Of every passage with these vectors, where they were worked out beforehand."""
    pairs: Mapping[Pair, float] = MappingProxyType({})
    """Of terms that stand next to each other in the query, with their frequencies."""
    identifiers: tuple[str, ...] = ()
    """Terms of what was typed in one piece; a lesson that has one of them is what was asked for."""
    stands_for: Mapping[str | Pair, Collection[str]] = MappingProxyType({})
    """Terms and pairs that a lesson may have instead of others that are asked, with these others."""


class Scope(NamedTuple):
    """What may be found; None is everything."""

    lessons: Mask | None = None
    passages: Mask | None = None
    """Which passages count by meaning, and may be shown."""


EVERYWHERE = Scope()


class Standing(NamedTuple):
    """Where one leg saw a lesson."""

    rank: int
    score: float

    def as_json(self) -> dict[str, float]:
        return {"rank": self.rank, "score": round(self.score, 6)}


class Hit(NamedTuple):
    """A lesson in a ranking."""

    lesson: int
    """Its number."""
    score: float
    """Comparable within one ranking only."""
    parts: Mapping[str, float]
    """What the score is the sum of, by name."""
    passages: tuple[int, ...]
    """Its best passages' numbers, the best first."""
    lexical: Standing | None
    semantic: Standing | None
    evidence: float = 0.0
    """What speaks for its helping, whatever else is in the library (`search/ranking/relevance.py`)."""
    relevance: Relevance = Relevance.NEAREST


class Ranking(NamedTuple):
    """The lessons for a query."""

    hits: tuple[Hit, ...]

    @property
    def relevance(self) -> Relevance:
        """That of the best of them; nearest, when there is none."""
        return max((hit.relevance for hit in self.hits), key=LEVELS.index, default=Relevance.NEAREST)


class _Legs(NamedTuple):
    """What each leg says of every lesson and passage; a leg that was not asked is None."""

    words: LexicalScores | None
    lexical: Floats | None
    """Of lessons; 0 without any of the words."""
    cosines: Floats | None
    """Of passages; -inf where they are out of scope."""
    semantic: Floats | None
    """Of lessons: the best of their passages; -inf without any."""

    @property
    def mode(self) -> Mode:
        if self.semantic is None:
            return Mode.LEXICAL
        return Mode.SEMANTIC if self.words is None else Mode.HYBRID


@dataclass(frozen=True, slots=True)
class Ranker:
    """The arrays of one snapshot, and how they are read."""

    postings: Postings
    vectors: VectorIndex | None
    shown: Mask
    """Which passages may be shown; the others (`answers`, `summary`) only lead to their lesson."""
    priors: Priors
    calibration: Calibration = DEFAULT

    def rank(self, asked: Asked, limit: int, scope: Scope = EVERYWHERE, *, restricted: bool = False) -> Ranking:
        """Rank the lessons in scope by words, by meaning or by both.

        `restricted` says that the scope was asked for. Ties go to the lesson that comes first by path.
        """
        legs = self._ask(asked, scope)
        words = told(self.postings, asked) if legs.words else None
        parts = self._parts_of_legs(legs, words)
        found = self._with_successors(self._seen(legs, scope), scope)
        if not found.any():
            return Ranking(())
        evidence, levels = self._judged(legs, words, found, restricted=restricted)
        base = np.where(found, sum(parts.values()), -np.inf).astype(np.float32)
        scale = 1.0 if legs.semantic is not None else float(base.max())
        scores = base + np.float32(scale) * self.priors.sums()
        lifts = self.priors.lifted(scores, scale)
        scores = scores + lifts
        numbers = np.flatnonzero(found)
        order = numbers[np.lexsort((numbers, -scores[numbers]))][:limit]
        hits = tuple(
            Hit(
                number,
                float(scores[number]),
                self._parts(number, parts, scale, float(lifts[number])),
                self._best_passages(number, legs, scope),
                _standing(legs.lexical, number, scope, least=0.0),
                _standing(legs.semantic, number, scope, least=-np.inf),
                float(evidence[number]),
                LEVELS[levels[number]],
            )
            for number in order.tolist()
        )
        return Ranking(hits)

    def evidence(self, asked: Asked) -> dict[Mode, Floats]:
        """Return by lesson what speaks for its helping, in each mode that can be asked; without any ranking."""
        words = told(self.postings, asked)
        found = {Mode.LEXICAL: relevance.evidence(None, words)}
        if asked.vectors is not None and self.vectors is not None:
            semantic = self.calibration.scale.of(self._best_of_lesson(self._cosines(asked)))
            found[Mode.SEMANTIC] = relevance.evidence(semantic, None)
            found[Mode.HYBRID] = relevance.evidence(semantic, words)
        return found

    def _parts(self, number: int, legs: Mapping[str, Floats], scale: float, lift: float) -> dict[str, float]:
        parts = {name: float(values[number]) for name, values in legs.items()}
        parts |= {reason: scale * value for reason, value in self.priors.of_lesson(number).items()}
        return parts | ({"replaces another": lift} if lift else {})

    def _ask(self, asked: Asked, scope: Scope) -> _Legs:
        words = lexical = cosines = semantic = None
        if asked.terms or asked.vectors is None or self.vectors is None:
            words = self.postings.score(asked.terms, asked.pairs)
            lexical = words.lessons
        if asked.vectors is not None and self.vectors is not None:
            cosines = self._cosines(asked)
            if scope.passages is not None:
                cosines = np.where(scope.passages, cosines, -np.inf).astype(np.float32)
            semantic = self._best_of_lesson(cosines)
        return _Legs(words, lexical, cosines, semantic)

    def _cosines(self, asked: Asked) -> Floats:
        """Return by passage the cosine with the slice of the query that it is nearest to."""
        if asked.cosines is not None:
            return asked.cosines
        assert self.vectors is not None
        assert asked.vectors is not None
        return np.asarray(np.max([self.vectors.scores(vector) for vector in asked.vectors], axis=0), np.float32)

    def _parts_of_legs(self, legs: _Legs, asked: Words | None) -> Mapping[str, Floats]:
        """Return what each leg gives to the score of every lesson of the library, in scope or not."""
        lexical, semantic = legs.lexical, legs.semantic
        if lexical is None:
            assert semantic is not None
            return {"meaning": np.where(np.isfinite(semantic), semantic, 0)}
        if semantic is None:
            return {"words": lexical}
        assert asked is not None, "words were asked"
        scaled = self.calibration.scale.of(semantic)
        words, meaning = fusion.convex_parts(lexical, scaled, asked.weight(), self.calibration.lexical_weight)
        return {"words": words, "meaning": meaning}

    def _seen(self, legs: _Legs, scope: Scope) -> Mask:
        """Mark the lessons in scope that a leg saw."""
        seen = np.zeros(len(self.postings.passages_of), bool)
        if legs.lexical is not None:
            seen |= legs.lexical > 0
        if legs.semantic is not None:
            seen |= np.isfinite(legs.semantic)
        return seen if scope.lessons is None else seen & scope.lessons

    def _with_successors(self, found: Mask, scope: Scope) -> Mask:
        """Mark what replaces any of the lessons found too, as far as it may be found at all."""
        marked = self.priors.with_successors(found)
        return marked if scope.lessons is None else marked & scope.lessons

    def _judged(
        self, legs: _Legs, words: Words | None, found: Mask, *, restricted: bool
    ) -> tuple[Floats, NDArray[np.int8]]:
        """Return by lesson the evidence and the level; a successor's is not below that of what it replaces."""
        cosines = None if legs.semantic is None else self.calibration.scale.of(legs.semantic)
        evidence = relevance.evidence(cosines, words)
        thresholds = self.calibration.thresholds[legs.mode]
        levels = np.where(found, relevance.levels(evidence, words, thresholds, restricted=restricted), 0)
        for old, new in self.priors.successors:
            if found[new]:
                levels[new] = max(levels[new], levels[old])
        return evidence, levels

    def _best_of_lesson(self, scores: Floats) -> Floats:
        """Return the best passage's score for each lesson; -inf where it has none."""
        best = np.full(len(self.postings.passages_of), -np.inf, np.float32)
        with_passages = np.flatnonzero(self.postings.passages_of)
        if len(with_passages):
            best[with_passages] = np.maximum.reduceat(scores, self.postings.first_passage[with_passages])
        return best

    def _best_passages(self, lesson: int, legs: _Legs, scope: Scope) -> tuple[int, ...]:
        start = int(self.postings.first_passage[lesson])
        numbers = np.arange(start, start + int(self.postings.passages_of[lesson]))
        if scope.passages is not None:
            numbers = numbers[scope.passages[numbers]]
        shown = numbers[self.shown[numbers]]
        numbers = shown if len(shown) else numbers
        if not len(numbers):
            return ()
        scores = np.zeros(len(numbers), np.float32)
        if legs.words is not None:
            scores += _PASSAGE_BY_WORDS * fusion.share_of_best(legs.words.passages[numbers])
        if legs.cosines is not None:
            scores += (1 - _PASSAGE_BY_WORDS) * fusion.share_of_range(legs.cosines[numbers])
        return tuple(int(number) for number in numbers[np.argsort(-scores, kind="stable")][:PASSAGES_SHOWN])


def told(postings: Postings, asked: Asked) -> Words:
    """Return what the words of a query tell, and what the lessons have of it."""
    covered = coverage(postings, asked.terms, asked.stands_for)
    identified = None
    if asked.identifiers:
        identified = np.zeros(len(postings.passages_of), bool)
        for term in asked.identifiers:
            identified[postings.having(term)] = True
    terms = sum(min(times, 1.0) for term, times in asked.terms.items() if term not in asked.stands_for)
    return Words(covered.lessons, covered.information, terms, identified)


def _standing(scores: Floats | None, lesson: int, scope: Scope, *, least: float) -> Standing | None:
    """Return a lesson's rank in one leg, among those in scope; None when the leg did not see it.

    It is counted by score and then by number.
    """
    if scores is None or not scores[lesson] > least:
        return None
    score = scores[lesson]
    before = scores > score
    before[:lesson] |= scores[:lesson] == score
    rank = np.count_nonzero(before if scope.lessons is None else before & scope.lessons) + 1
    return Standing(int(rank), float(score))
