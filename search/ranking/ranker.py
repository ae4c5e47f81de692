"""Ranks the lessons for an encoded query by two indexes, each lesson with its best passages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.passage_numbers import PassageNumbers
from search.query.mode import Mode
from search.ranking import fusion, relevance
from search.ranking.aggregate import Summand, candidates, highest_sum
from search.ranking.calibration import DEFAULT, Calibration
from search.ranking.hits import PASSAGES_SHOWN, Hit, Ranking, Standing
from search.ranking.matches import Matches
from search.ranking.priors import Priors
from search.ranking.question import EVERYWHERE, EncodedQuery, Scope
from search.ranking.relevance import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.index import LexicalIndex
    from search.scores import Scores
    from search.semantic.index import VectorIndex, VectorMatch

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Mask = NDArray[np.bool_]

# The weight of words, against meaning, in the choice of a lesson's best passages.
_PASSAGE_BY_WORDS = 0.35


class Ranker(NamedTuple):
    """The indexes of one library, and what is needed to rank by them."""

    lexical: LexicalIndex
    semantic: VectorIndex | None
    passages: PassageNumbers
    statements: Sequence[int] | NDArray[np.integer]
    """How many of each lesson's first passages are `answers` or `summary`: others are shown if there are any."""
    priors: Priors
    calibration: Calibration = DEFAULT

    def rank(self, query: EncodedQuery, limit: int, scope: Scope = EVERYWHERE, *, restricted: bool = False) -> Ranking:
        """Rank the lessons in scope by words, by meaning or by both.

        `restricted`: whether the user asked for the scope. Ties are ordered by path.
        """
        meaning = None
        if query.vectors is not None and self.semantic is not None:
            meaning = self.semantic.match(query.vectors, scope.passages)
        return self._ranked(self._matches(query, meaning), limit, scope, restricted=restricted)

    def rank_all(self, queries: Sequence[EncodedQuery], limit: int) -> Iterator[Ranking]:
        """Yield the ranking for each of many queries in one mode, as `rank` returns it, but faster."""
        return (self._ranked(matches, limit, EVERYWHERE, restricted=False) for matches in self._all_matches(queries))

    def most_evidence(self, queries: Sequence[EncodedQuery]) -> Iterator[dict[Mode, float]]:
        """Yield for each of many queries the highest evidence of any lesson, by mode."""
        return (matches.most_evidence() for matches in self._all_matches(queries))

    def nearest(self, queries: Sequence[EncodedQuery]) -> list[float]:
        """Return for each of many queries the highest score by meaning, on the model's own scale."""
        every = self._all_matches(queries)
        return [float(matches.meaning.scores.statistics.highest) for matches in every if matches.meaning is not None]

    def _all_matches(self, queries: Sequence[EncodedQuery]) -> Iterator[Matches]:
        vectors = [query.vectors for query in queries if query.vectors is not None]
        if self.semantic is None or not vectors:
            yield from (self._matches(query, None) for query in queries)
        else:
            for query, meaning in zip(queries, self.semantic.match_all(vectors), strict=True):
                yield self._matches(query, meaning)

    def _matches(self, query: EncodedQuery, meaning: VectorMatch | None) -> Matches:
        words = self.lexical.match(query.words) if query.words.terms or meaning is None else None
        return Matches(query.words, words, meaning, self.calibration)

    def _ranked(self, matches: Matches, limit: int, scope: Scope, *, restricted: bool) -> Ranking:
        scored = self._scored(matches, limit, scope)
        found = np.isfinite(scored.scores)
        evidence, covered = matches.evidence(scored.lessons), matches.covers_query(scored.lessons)
        thresholds = self.calibration.thresholds[matches.mode]
        levels = np.where(found, relevance.levels(evidence, covered, thresholds, restricted=restricted), 0)
        levels = self.priors.raised(scored.lessons, levels, found)
        order = np.lexsort((scored.lessons, -scored.scores))[: min(limit, np.count_nonzero(found))]
        standings = _Standings(matches, scope)
        return Ranking(
            tuple(
                Hit(
                    lesson := int(scored.lessons[place]),
                    float(scored.scores[place]),
                    self._parts(scored, place),
                    self._best_passages(lesson, matches, scope),
                    standings.lexical(lesson),
                    standings.semantic(lesson),
                    float(evidence[place]),
                    LEVELS[levels[place]],
                )
                for place in order.tolist()
            )
        )

    def _scored(self, matches: Matches, limit: int, scope: Scope) -> _Scored:
        """Return lessons with their scores that include the `limit` best in scope."""
        summands = {name: _in_scope(summand, scope) for name, summand in matches.summands().items()}
        every = list(summands.values())
        scale = 1.0 if matches.meaning is not None else float(highest_sum(every))

        def scored(lessons: Ints) -> _Scored:
            found = self._found(matches, lessons, scope)
            parts = {name: summand.of(lessons) for name, summand in summands.items()}
            base = np.where(found, sum(parts.values()), -np.inf).astype(np.float32)
            scores = base + np.float32(scale) * self.priors.of(lessons)
            lifts = self.priors.lifts(lessons, scores, scale)
            return _Scored(lessons, parts, scores + lifts, lifts, scale)

        return scored(
            candidates(
                every,
                limit,
                always=self.priors.in_succession,
                total=lambda lessons: scored(lessons).scores,
                most_added=scale * self.priors.most_added,
            )
        )

    def _found(self, matches: Matches, lessons: Ints, scope: Scope) -> Mask:
        """Return for each given lesson whether it is in scope and an index found it or a lesson that it replaces."""
        allowed = _are_among(scope.lessons, lessons)
        return self.priors.with_successors(lessons, matches.are_found(lessons) & allowed) & allowed

    def _parts(self, scored: _Scored, place: int) -> dict[str, float]:
        parts = {name: float(values[place]) for name, values in scored.parts.items()}
        added = self.priors.of_lesson(int(scored.lessons[place]))
        parts |= {reason: scored.scale * value for reason, value in added.items()}
        lift = float(scored.lifts[place])
        return parts | ({"replaces another": lift} if lift else {})

    def _best_passages(self, lesson: int, matches: Matches, scope: Scope) -> tuple[int, ...]:
        """Return the positions in a lesson of its best passages, the best first."""
        own = self.passages.of(lesson)
        places = np.flatnonzero(_are_among(scope.passages, np.arange(own.start, own.stop)))
        shown = places[places >= self.statements[lesson]]
        places = shown if len(shown) else places
        scores = np.zeros(len(places), np.float32)
        if matches.words is not None:
            scores += _PASSAGE_BY_WORDS * fusion.share_of_best(matches.words.of_passages(lesson)[places])
        if matches.meaning is not None:
            scores += (1 - _PASSAGE_BY_WORDS) * fusion.share_of_range(matches.meaning.of_passages(lesson)[places])
        return tuple(int(place) for place in places[np.argsort(-scores, kind="stable")][:PASSAGES_SHOWN])


class _Scored(NamedTuple):
    """Lessons with their scores, all arrays of shape (lessons,)."""

    lessons: Ints
    """The numbers of the lessons, ascending."""
    parts: Mapping[str, Floats]
    """What each index adds to the score, by name."""
    scores: Floats
    """The sums, with priors and lifts; -inf for a lesson that must not be found."""
    lifts: Floats
    """What is added to the score so that a successor is above what it replaces."""
    scale: float
    """The highest score without priors; the priors are multiplied by it."""


class _Standings:
    """A lesson's rank and score in each index, among the lessons in scope."""

    def __init__(self, matches: Matches, scope: Scope) -> None:
        self._words = None if matches.words is None else _ranked_in(matches.words.scores, scope)
        self._meaning = None if matches.meaning is None else _ranked_in(matches.meaning.scores, scope)

    def lexical(self, lesson: int) -> Standing | None:
        return _standing(self._words, lesson)

    def semantic(self, lesson: int) -> Standing | None:
        return _standing(self._meaning, lesson)


def _standing(scores: Scores | None, lesson: int) -> Standing | None:
    rank = None if scores is None else scores.rank_of(lesson)
    if scores is None or rank is None:
        return None
    return Standing(rank, float(scores.of(np.array([lesson]))[0]))


def _ranked_in(scores: Scores, scope: Scope) -> Scores:
    return scores if scope.lessons is None else scores.among(scope.lessons)


def _in_scope(summand: Summand, scope: Scope) -> Summand:
    return Summand(_ranked_in(summand.scores, scope), summand.part)


def _are_among(allowed: Ints | None, numbers: Ints) -> Mask:
    """Return for each number whether it is in `allowed`, which is ascending; None allows all."""
    if allowed is None:
        return np.ones(len(numbers), bool)
    places = np.searchsorted(allowed, numbers)
    inside = places < len(allowed)
    return inside & (allowed[np.minimum(places, len(allowed) - 1)] == numbers) if len(allowed) else inside
