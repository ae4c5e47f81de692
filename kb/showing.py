"""Hits of a ranking → what a person sees of them: passages, snippets, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.markdown import plain_blocks
from ingest.passage import Passage
from kb.answer import Result, Shown
from kb.index.catalogue import Catalogue
from search.postings import Postings
from search.ranking import Asked, Hit
from search.snippet import Nearness, best_snippet, matched_words
from search.wording import Wording

if TYPE_CHECKING:
    from search.encoder import Encoder, Vectors

_SNIPPET_LENGTH = 280
# Comparing sentences by meaning takes the model some 5 ms for each: only the first hits have it, and only for
# a query of few words, of which a passage may have none.
_HITS_COMPARED = 3
_MOST_TERMS_COMPARED = 24


@dataclass(frozen=True, slots=True)
class Showing:
    """Makes results of hits; lessons by number."""

    catalogue: Catalogue
    postings: Postings
    paths: Sequence[str]
    successors: Mapping[int, Sequence[str]]
    """The ids of what replaces a lesson."""

    def results(
        self, hits: Sequence[Hit], wording: Wording, asked: Asked, encoder: Encoder | None
    ) -> tuple[Result, ...]:
        """Return a result for each hit; the encoder finds the nearest sentence where the words tell nothing."""
        told = {term: self.postings.idf(term) for term in wording.terms}
        added = self.postings.contributions(asked.terms, [hit.lesson for hit in hits], asked.pairs)
        nearness = None
        if encoder and asked.vectors is not None and len(told) <= _MOST_TERMS_COMPARED:
            nearness = _nearness(encoder, asked.vectors)
        return tuple(
            self._result(rank, hit, wording.written, weights, told, nearness if rank <= _HITS_COMPARED else None)
            for rank, (hit, weights) in enumerate(zip(hits, added, strict=True), 1)
        )

    def _result(
        self,
        rank: int,
        hit: Hit,
        written: Mapping[str, str],
        added: Mapping[str, float],
        told: Mapping[str, float],
        nearness: Nearness | None,
    ) -> Result:
        path = self.paths[hit.lesson]
        passages = self.catalogue.passages(path)
        best, *more = (passages[self.postings.offset_in_lesson[number]] for number in hit.passages)
        # What a word adds to the leg's own score is brought to what it adds to the score that is shown.
        scale = hit.parts.get("words", 0.0) / hit.lexical.score if hit.lexical else 0.0
        return Result(
            rank=rank,
            score=hit.score,
            lesson=self.catalogue.lesson(path),
            best=_shown(best, told, nearness),
            more=tuple(_shown(passage, told) for passage in more),
            lexical=hit.lexical,
            semantic=hit.semantic,
            parts=hit.parts,
            words=matched_words(written, {term: scale * weight for term, weight in added.items()}),
            superseded_by=tuple(self.successors.get(hit.lesson, ())),
        )


def _shown(passage: Passage, told: Mapping[str, float], nearness: Nearness | None = None) -> Shown:
    blocks = plain_blocks(passage.text, passage.headings)
    return Shown(passage, best_snippet(blocks, told, _SNIPPET_LENGTH, nearness))


def _nearness(encoder: Encoder, query: Vectors) -> Nearness:
    def near(sentences: Sequence[str]) -> list[float]:
        found = np.zeros(len(sentences), np.float32)
        for positions, vectors in encoder.encode_passages(sentences):
            found[positions] = (vectors @ query.T).max(axis=1)
        return [float(value) for value in found]

    return near
