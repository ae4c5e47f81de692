"""The entry point of the search: from the text of a query to a ranking of lessons, and the reasons for it.

    prepare → rank → explain

The steps hand records to each other and change none of their arguments. The engine knows lessons and passages only by
their numbers, and by the words and vectors in the indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.analysis.analyzer import terms
from search.errors import ModelError
from search.lexical.language import information
from search.passage_numbers import PassageNumbers
from search.query.correcting import corrected_wording
from search.query.mode import Mode
from search.query.query import is_line
from search.query.wording import Wording, wording_of, written_words
from search.ranking.calibration import Calibration
from search.ranking.hits import Hit, Ranking
from search.ranking.priors import Priors
from search.ranking.question import EVERYWHERE, EncodedQuery, Scope, encode
from search.ranking.ranker import Ranker

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.index import LexicalIndex
    from search.models.encoder import Encoder, Vectors
    from search.ranking.snippet import Nearness
    from search.semantic.source import SemanticSource

_RANKED_AT_ONCE = 32


class Prepared(NamedTuple):
    """A query, analyzed and encoded, ready for ranking."""

    mode: Mode
    """The mode in which it is answered: lexical if a model was wanted but cannot be loaded."""
    wording: Wording
    query: EncodedQuery
    without_meaning: ModelError | MemoryError | None = None
    """Why it is answered by words alone although the mode was hybrid; else None."""

    @property
    def has_only_common_words(self) -> bool:
        return self.mode is Mode.LEXICAL and not self.query.words.terms


class Reasons(NamedTuple):
    """Why a lesson is among the hits."""

    added: Mapping[str, float]
    """What each term and pair of the query adds to the score by words; a pair's key is its terms, space between."""
    in_passages: Sequence[float]
    """For each passage of the lesson, the sum of the inverse document frequencies of the query's terms in its body."""


class Explanation(NamedTuple):
    """Why the hits of a query were found."""

    information: Mapping[str, float]
    """The inverse document frequency of each term of the query."""
    written: Mapping[str, str]
    """Term → the word as the query or a lesson writes it."""
    reasons: Sequence[Reasons]
    """One for each hit, in their order."""
    nearness: Nearness | None
    """Sentences → their similarity to the query in meaning; None if the query has no vectors."""


class Engine:
    """Answers queries from an index by words and, if it can be opened, an index by meaning."""

    def __init__(
        self,
        lexical: LexicalIndex,
        semantic: SemanticSource,
        passages: PassageNumbers,
        statements: NDArray[np.integer],
        priors: Priors,
        calibration: Calibration,
    ) -> None:
        """`statements`: how many of each lesson's first passages are of its front matter; shape (lessons,)."""
        self._semantic = semantic
        self._passages = passages
        self._ranker = Ranker(lexical, None, passages, statements, priors, calibration)

    def prepare(self, text: str, mode: Mode, *, exact: bool) -> Prepared:
        """Return a query in the index's terms, with vectors if the mode needs them; `exact`: no spelling correction.

        Raises `ModelError` or `MemoryError` if the mode is semantic and the model cannot be loaded.
        """
        index = self._ranker.lexical
        wording = wording_of(text, index) if exact else corrected_wording(text, index)
        if mode is Mode.LEXICAL:
            return Prepared(mode, wording, encode(wording, mode, index))
        try:
            encoder, _ = self._semantic.opened()
            return Prepared(mode, wording, encode(wording, mode, index, encoder))
        except (ModelError, MemoryError) as error:
            if mode is Mode.SEMANTIC:
                raise
            return Prepared(Mode.LEXICAL, wording, encode(wording, Mode.LEXICAL, index), error)

    def rank(self, prepared: Prepared, limit: int, scope: Scope = EVERYWHERE, *, restricted: bool = False) -> Ranking:
        """Rank the lessons in scope; `restricted`: whether the user asked for the scope."""
        return self._ranker_for(prepared).rank(prepared.query, limit, scope, restricted=restricted)

    def rank_all(self, texts: Sequence[str], mode: Mode, limit: int) -> Iterator[Ranking]:
        """Yield the ranking for each of many texts, as `prepare` and `rank` do for one, but faster.

        Raises `ModelError` if the mode needs a model and it cannot be loaded.
        """
        for start in range(0, len(texts), _RANKED_AT_ONCE):
            some = texts[start : start + _RANKED_AT_ONCE]
            prepared = [self._prepared_in(mode, text) for text in some]
            yield from self._ranker_for(prepared[0]).rank_all([one.query for one in prepared], limit)

    def closest(self, lesson: int) -> list[tuple[int, float]]:
        """Return all other lessons with their closeness to one lesson (`VectorIndex.closest`), the closest first.

        Raises `ModelError` if the model cannot be loaded.
        """
        _, vectors = self._semantic.opened()
        scores = vectors.closest(lesson)
        best = scores.best(len(self._passages.counts))
        pairs = zip(best.tolist(), scores.of(best).tolist(), strict=True)
        return [(other, closeness) for other, closeness in pairs if other != lesson]

    def explain(self, prepared: Prepared, hits: Sequence[Hit]) -> Explanation:
        """Return why the hits of a query were found."""
        lexical, query = self._ranker.lexical, prepared.query
        information = {term: lexical.idf(term) for term in prepared.wording.terms}
        added = lexical.contributions(query.words, [hit.lesson for hit in hits])
        reasons = [
            Reasons(names, lexical.weight_in_passages(information, hit.lesson).tolist())
            for hit, names in zip(hits, added, strict=True)
        ]
        nearness = None
        if query.vectors is not None:
            nearness = _nearness(self._semantic.opened()[0], query.vectors)
        return Explanation(information, prepared.wording.written, reasons, nearness)

    def closeness(self, prepared: Prepared, lessons: Sequence[int]) -> list[list[float]]:
        """Return for each lesson how near each of its passages is to a query in meaning; 0 if the query has no vectors.

        A value is an inner product, for unit vectors the cosine.
        """
        if prepared.query.vectors is None or not lessons:
            return [[0.0] * int(self._passages.counts[lesson]) for lesson in lessons]
        numbers = np.concatenate([np.arange(own.start, own.stop) for own in map(self._passages.of, sorted(lessons))])
        match = self._semantic.opened()[1].match(prepared.query.vectors, numbers)
        return [match.of_passages(lesson).tolist() for lesson in lessons]

    def information(self, prepared: Prepared) -> dict[str, float]:
        """Return the information of each word of a query, as written, in nats: how rare it is here and in English."""
        written = prepared.wording.written
        return {written.get(term, term): self.information_of(term) for term in prepared.wording.terms}

    def knows(self, term: str) -> bool:
        """Return whether a lesson has a term."""
        return self._ranker.lexical.knows(term)

    def information_of(self, term: str) -> float:
        """Return the information of a term, in nats: how rare it is here and in English."""
        index = self._ranker.lexical
        return information(term, len(index.having(term)), index.lessons)

    def unknown_words(self, prepared: Prepared) -> list[str]:
        """Return the words of a query, as written, that no lesson has in any form."""
        return list(prepared.wording.unknown(self._ranker.lexical))

    def missing_words(self, prepared: Prepared, lesson: int) -> list[str]:
        """Return the words of a query, as written, that one lesson does not have in any form."""
        return list(prepared.wording.missing(self._ranker.lexical, lesson))

    def shared_words(self, text: str, other: str, limit: int) -> list[str]:
        """Return the words with the highest inverse document frequencies that both texts have, as written in `text`."""
        lexical, written = self._ranker.lexical, written_words(text)
        both = [term for term in written.keys() & set(terms(other)) if lexical.knows(term)]
        return [written[term] for term in sorted(both, key=lambda term: (-lexical.idf(term), term))[:limit]]

    def _prepared_in(self, mode: Mode, text: str) -> Prepared:
        prepared = self.prepare(text, mode, exact=not is_line(text))
        if prepared.without_meaning is not None:
            raise prepared.without_meaning
        return prepared

    def _ranker_for(self, prepared: Prepared) -> Ranker:
        """Return the ranker, with vectors only if the query needs them: opening them takes time."""
        if prepared.query.vectors is None:
            return self._ranker
        _, vectors = self._semantic.opened()
        return self._ranker._replace(semantic=vectors)


def _nearness(encoder: Encoder, query: Vectors) -> Nearness:
    def near(sentences: Sequence[str]) -> list[float]:
        found = np.zeros(len(sentences), np.float32)
        for positions, vectors in encoder.encode_passages(sentences):
            found[positions] = (vectors @ query.T).max(axis=1)
        return [float(value) for value in found]

    return near
