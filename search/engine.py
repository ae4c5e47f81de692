"""The face of the search: the text of a query → the ranking of a library's lessons, and the reasons for it.

    prepare → rank → explain

What goes from step to step are records; nothing that was given is changed. The engine knows lessons and passages by
their numbers, the words and vectors of their index, and nothing else of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.analysis.analyzer import terms
from search.errors import ModelError
from search.lexical.index import LexicalIndex
from search.mode import Mode
from search.passage_numbers import PassageNumbers
from search.query.correcting import worded_with_slips
from search.query.query import is_line
from search.query.wording import Wording, worded, written_words
from search.ranking.calibration import Calibration
from search.ranking.hits import Hit, Ranking
from search.ranking.priors import Priors
from search.ranking.question import EVERYWHERE, EncodedQuery, Scope, encode
from search.ranking.ranker import Ranker
from search.semantic.leg import SemanticLeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.models.encoder import Encoder, Vectors
    from search.ranking.snippet import Nearness

_RANKED_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that is ready to be ranked for."""

    mode: Mode
    """In which it is answered: by words alone where no model can be had."""
    wording: Wording
    query: EncodedQuery
    without_meaning: ModelError | MemoryError | None = None
    """Why it is answered by words alone, where that was not asked for."""

    @property
    def has_only_common_words(self) -> bool:
        return self.mode is Mode.LEXICAL and not self.query.words.terms


class Reasons(NamedTuple):
    """Why a lesson is among the hits."""

    added: Mapping[str, float]
    """What each term of the query adds to its score by words; a pair goes by its terms with a blank between."""
    in_passages: Sequence[float]
    """For each of its passages, how much of the query's information it has."""


class Explanation(NamedTuple):
    """Why lessons were found."""

    information: Mapping[str, float]
    """The inverse document frequency of each term of the query."""
    written: Mapping[str, str]
    """Each term as somebody writes it."""
    reasons: Sequence[Reasons]
    """One for each hit."""
    nearness: Nearness | None
    """How near sentences are to the query in meaning; None where no meaning was asked."""


class Engine:
    """Answers queries from an index by words and, where it can be opened, one by meaning."""

    def __init__(
        self,
        lexical: LexicalIndex,
        semantic: SemanticLeg,
        passages: PassageNumbers,
        statements: NDArray[np.integer],
        priors: Priors,
        calibration: Calibration,
    ) -> None:
        """`statements` says how many passages of each lesson, its first ones, are of its front matter."""
        self._semantic = semantic
        self._passages = passages
        self._ranker = Ranker(lexical, None, passages, statements, priors, calibration)

    def prepare(self, text: str, mode: Mode, *, exact: bool) -> Prepared:
        """Return what is asked of the indexes; with `exact` no word is taken for a slip of another.

        Raises `ModelError` or `MemoryError` when the mode is semantic and no model can be had.
        """
        index = self._ranker.lexical
        wording = worded(text, index) if exact else worded_with_slips(text, index)
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
        """Rank the lessons in scope; `restricted` says that the user asked for the scope."""
        return self._ranker_for(prepared).rank(prepared.query, limit, scope, restricted=restricted)

    def rank_all(self, texts: Sequence[str], mode: Mode, limit: int) -> Iterator[Ranking]:
        """Rank for many texts, one after the other, as for a query of each, and faster.

        Raises `ModelError` when the mode needs a model and none can be had.
        """
        for start in range(0, len(texts), _RANKED_AT_ONCE):
            some = texts[start : start + _RANKED_AT_ONCE]
            prepared = [self._prepared_in(mode, text) for text in some]
            yield from self._ranker_for(prepared[0]).rank_all([one.query for one in prepared], limit)

    def closest(self, lesson: int) -> list[tuple[int, float]]:
        """Return all other lessons, and how much of what one says stands there, 0 to 1; the closest first.

        Raises `ModelError` when no model can be had.
        """
        _, vectors = self._semantic.opened()
        scores = vectors.closest(lesson)
        best = scores.best(len(self._passages.counts))
        pairs = zip(best.tolist(), scores.of(best).tolist(), strict=True)
        return [(other, closeness) for other, closeness in pairs if other != lesson]

    def explain(self, prepared: Prepared, hits: Sequence[Hit]) -> Explanation:
        """Return why lessons were found for a query."""
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

    def unknown_words(self, prepared: Prepared) -> list[str]:
        """Return the words of a query, as written, that no lesson has, in no other form either."""
        return list(prepared.wording.unknown(self._ranker.lexical))

    def missing_words(self, prepared: Prepared, lesson: int) -> list[str]:
        """Return the words of a query, as written, that one lesson does not have, in no other form either."""
        return list(prepared.wording.missing(self._ranker.lexical, lesson))

    def shared_words(self, ours: str, theirs: str, limit: int) -> list[str]:
        """Return the words with the most information that both texts have, as the first writes them."""
        lexical, written = self._ranker.lexical, written_words(ours)
        both = [term for term in written.keys() & set(terms(theirs)) if lexical.knows(term)]
        return [written[term] for term in sorted(both, key=lambda term: (-lexical.idf(term), term))[:limit]]

    def _prepared_in(self, mode: Mode, text: str) -> Prepared:
        prepared = self.prepare(text, mode, exact=not is_line(text))
        if isinstance(prepared.without_meaning, ModelError):
            raise prepared.without_meaning
        if prepared.without_meaning is not None:
            raise ModelError(str(prepared.without_meaning))
        return prepared

    def _ranker_for(self, prepared: Prepared) -> Ranker:
        """Return the ranker with vectors, where they are asked: else nobody waits for them."""
        if prepared.query.vectors is None:
            return self._ranker
        _, vectors = self._semantic.opened()
        return replace(self._ranker, semantic=vectors)


def _nearness(encoder: Encoder, query: Vectors) -> Nearness:
    def near(sentences: Sequence[str]) -> list[float]:
        found = np.zeros(len(sentences), np.float32)
        for positions, vectors in encoder.encode_passages(sentences):
            found[positions] = (vectors @ query.T).max(axis=1)
        return [float(value) for value in found]

    return near
