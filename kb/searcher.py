"""An open snapshot that answers queries; one process may keep it for as many as it likes."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.changes import compare
from ingest.corpus import Corpus, digest_of
from ingest.markdown import plain_blocks
from ingest.passage import Passage
from kb.answer import Answer, IndexState, Result, Shown
from kb.catalogue import Catalogue
from kb.priors import priors_of
from kb.restriction import Facts
from kb.snapshot import CATALOGUE, POSTINGS, WORDS, Snapshot
from search.analyzer import terms
from search.errors import DamagedIndex, ModelError
from search.page import telling_slices, telling_terms
from search.postings import Postings
from search.query import Query, parse_query
from search.ranking import EVERYWHERE, PASSAGES_SHOWN, Asked, Hit, Mode, Ranker, Ranking, Scope
from search.snippet import best_snippet, matched_words

if TYPE_CHECKING:
    from kb.restriction import Mask
    from kb.semantic import SemanticLeg
    from search.encoder import Encoder, Vectors
    from search.filters import Condition
    from search.priors import Priors
    from search.snippet import Nearness
    from search.vectors import VectorIndex
    from search.words import WordIndex

_SNIPPET_LENGTH = 280
# Comparing sentences by meaning takes the model some 5 ms for each, so only the first hits have it.
_HITS_COMPARED = 3


class Searcher:
    """Answers from one snapshot, whatever is published meanwhile."""

    def __init__(
        self, snapshot: Snapshot, corpus: Corpus, semantic: SemanticLeg | None, notes: Sequence[str] = ()
    ) -> None:
        """Open a snapshot; `semantic` may fail later without taking the words along; `notes` go with every answer."""
        self._snapshot = snapshot
        self._corpus = corpus
        self._semantic = semantic
        self._notes = tuple(notes)
        snapshot.verify(CATALOGUE)
        snapshot.verify(POSTINGS)
        self._catalogue = Catalogue(snapshot.folder / CATALOGUE)
        self._postings = Postings.read(snapshot.folder / POSTINGS)
        outline = self._catalogue.outline()
        self._paths = [path for path, _, _ in outline]
        if [passages for _, passages, _ in outline] != self._postings.passages_of.tolist():
            raise DamagedIndex(f"{snapshot.folder}: catalogue and postings are not in step")
        self._facts = Facts(self._catalogue, self._paths, self._postings.passages_of)
        statements = np.array([count for _, _, count in outline], np.int64)
        self._shown = self._postings.offset_in_lesson >= statements[self._postings.lesson_of]
        self._changed: int | None = None

    def close(self) -> None:
        self._catalogue.close()

    @property
    def changed_since(self) -> int:
        """How many lessons were added, changed or removed since the snapshot was built; looked up once."""
        if self._changed is None:
            known = self._catalogue.files()
            changes = compare(self._corpus.find(), known, lambda path: digest_of(self._corpus.read(path)))
            self._changed = changes.count
        return self._changed

    def parse(self, text: str) -> Query:
        """Take apart what was asked; the fields are those of this snapshot's lessons. Raises `QueryError`."""
        return parse_query(text, self._facts.fields)

    def condition(self, field: str, text: str) -> Condition:
        """Read a condition on a field, as the query language has it; raises `QueryError`."""
        return self._facts.condition(field, text)

    def search(
        self, query: Query, *, mode: Mode, limit: int, weak: bool = False, apart: Collection[str] = ()
    ) -> Answer:
        """Answer one query; `weak` hits too, if asked for; not the lessons `apart`, by path.

        Raises `QueryError`, and `ModelError` when the mode is semantic and no model can be had.
        """
        started = time.perf_counter()
        notes = [*self._notes, *query.notes]
        restriction = self._facts.restriction(query.filters)
        notes += restriction.notes
        allowed = self._without(query, restriction.lessons, notes)
        if apart:
            others = ~self._facts.mask(apart)
            allowed = others if allowed is None else allowed & others
        asked, relevant = Asked(), True
        if allowed is not None and not allowed.any():
            hits: tuple[Hit, ...] = ()
            relevant = False
        elif not query.text:
            hits = self._newest(allowed, restriction.passages, limit, notes)
        else:
            scope = Scope(self._with_phrases(query, allowed, notes), restriction.passages)
            mode, asked = self._asked(query, mode, notes)
            ranking = self._rank(asked, limit, scope, weak=weak)
            # Who says what the lessons must have has been given it, and judges for himself what they are worth.
            restricted = bool(query.filters) or scope.lessons is not allowed
            relevant = ranking.relevant or (restricted and bool(ranking.hits))
            hits = ranking.hits if weak or relevant else ()
        results = self._results(hits, query, asked)
        manifest = self._snapshot.manifest
        state = IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages, self.changed_since)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return Answer(query.said, mode.value, took_ms, state, tuple(notes), results, relevant)

    def ranking(self, text: str, *, mode: Mode, limit: int) -> list[tuple[str, float]]:
        """Return the ids and scores of the best lessons for a text that is taken as it is, weak hits included.

        Raises `ModelError` when the mode needs a model and none can be had.
        """
        query = Query(text, text, tuple(terms(text)))
        notes: list[str] = []
        asked_mode, asked = self._asked(query, mode, notes)
        if asked_mode is not mode:
            raise ModelError(notes[0])
        return [(self._ids[hit.lesson], hit.score) for hit in self._rank(asked, limit, weak=True).hits]

    def _asked(self, query: Query, mode: Mode, notes: list[str]) -> tuple[Mode, Asked]:
        """Return what the legs are asked, and the mode: by words alone where no model can be had."""
        every = telling_terms(query.terms, self._postings)
        wanted = {} if mode is Mode.SEMANTIC else every
        if mode is not Mode.LEXICAL:
            try:
                encoder, _ = self._opened
                slices = telling_slices(query.text, every, encoder, self._postings)
                return mode, Asked(wanted, np.array([encoder.encode_query(part) for part in slices], np.float32))
            except ModelError as error:
                if mode is Mode.SEMANTIC:
                    raise
                notes.append(f"answered by words only: {error}")
        if not wanted:
            notes.append("the query has only very common words; say what the problem is about")
        return Mode.LEXICAL, Asked(wanted)

    @property
    def _opened(self) -> tuple[Encoder, VectorIndex]:
        if self._semantic is None:
            raise ModelError("this index was built without a model; run `kb reindex`")
        return self._semantic.opened()

    def _rank(self, asked: Asked, limit: int, scope: Scope = EVERYWHERE, *, weak: bool) -> Ranking:
        vectors = None if asked.vectors is None else self._opened[1]
        return Ranker(self._postings, vectors, self._shown, self._priors).rank(asked, limit, scope, weak=weak)

    @cached_property
    def _priors(self) -> Priors:
        return priors_of(self._catalogue, self._paths)

    @cached_property
    def _ids(self) -> list[str]:
        return self._catalogue.ids()

    def _newest(self, allowed: Mask | None, passages: Mask | None, limit: int, notes: list[str]) -> tuple[Hit, ...]:
        """Return what meets the filters when nothing else was asked: newest first, those without a date last."""
        numbers = {path: number for number, path in enumerate(self._paths) if allowed is None or allowed[number]}
        newest = [numbers[path] for path in self._catalogue.paths_by_date() if path in numbers]
        if len(newest) > limit:
            notes.append(
                f"{len(newest):,} lessons meet the filters; here are the first {limit:,}, the newest first; see --limit"
            )
        shown = self._shown if passages is None else self._shown & passages
        return tuple(Hit(number, 0.0, {}, self._first_passages(number, shown), None, None) for number in newest[:limit])

    def _first_passages(self, lesson: int, shown: Mask) -> tuple[int, ...]:
        start, end = np.searchsorted(self._postings.lesson_of, [lesson, lesson + 1])
        first = start + np.flatnonzero(shown[start:end])[:PASSAGES_SHOWN]
        return tuple(int(number) for number in first) or (int(start),)

    def _without(self, query: Query, allowed: Mask | None, notes: list[str]) -> Mask | None:
        """Take out the lessons that have a word or phrase which was to be left out."""
        for words in query.without:
            found = self._having(words)
            left = ~found if allowed is None else allowed & ~found
            if not left.any() and (allowed is None or allowed.any()):
                notes.append(f"every lesson that is left has {words!r}: without it there is none")
            allowed = left
        return allowed

    def _with_phrases(self, query: Query, allowed: Mask | None, notes: list[str]) -> Mask | None:
        """Keep the lessons that have each phrase, if there are any."""
        for phrase in query.phrases:
            found = self._having(phrase)
            left = found if allowed is None else allowed & found
            if left.any():
                allowed = left
            else:
                who = "no lesson that meets the rest has" if found.any() else "no lesson has"
                notes.append(f'{who} the phrase "{phrase}"; searched for its words')
        return allowed

    def _having(self, words: str) -> Mask:
        """Mark the lessons in which some words follow each other."""
        wanted = terms(words)
        if len(wanted) == 1:
            mask = np.zeros(len(self._paths), bool)
            mask[self._postings.having(wanted[0])] = True
            return mask
        return self._facts.mask(self._words.paths_with_phrase(words))

    @cached_property
    def _words(self) -> WordIndex:
        from search.words import WordIndex

        self._snapshot.verify(WORDS)
        return WordIndex.open(self._snapshot.folder / WORDS)

    def _results(self, hits: Sequence[Hit], query: Query, asked: Asked) -> tuple[Result, ...]:
        told = {term: self._postings.idf(term) for term in telling_terms(query.terms, self._postings)}
        added = self._postings.contributions(asked.terms, [hit.lesson for hit in hits])
        return tuple(
            self._result(rank, hit, query, weights, told, asked)
            for rank, (hit, weights) in enumerate(zip(hits, added, strict=True), 1)
        )

    def _result(
        self, rank: int, hit: Hit, query: Query, added: Mapping[str, float], told: Mapping[str, float], asked: Asked
    ) -> Result:
        path = self._paths[hit.lesson]
        passages = self._catalogue.passages(path)
        nearness = self._nearness(asked.vectors) if rank <= _HITS_COMPARED and asked.vectors is not None else None
        best, *more = (passages[self._postings.offset_in_lesson[number]] for number in hit.passages)
        # What a word adds to the leg's own score is brought to what it adds to the score that is shown.
        scale = hit.parts.get("words", 0.0) / hit.lexical.score if hit.lexical else 0.0
        return Result(
            rank=rank,
            score=hit.score,
            lesson=self._catalogue.lesson(path),
            best=_shown(best, told, nearness),
            more=tuple(_shown(passage, told) for passage in more),
            lexical=hit.lexical,
            semantic=hit.semantic,
            parts=hit.parts,
            words=matched_words(query.text, {term: scale * weight for term, weight in added.items()}),
            superseded_by=tuple(self._ids[new] for old, new in self._priors.successors if old == hit.lesson),
        )

    def _nearness(self, query: Vectors) -> Nearness:
        encoder, _ = self._opened

        def near(sentences: Sequence[str]) -> list[float]:
            found = np.zeros(len(sentences), np.float32)
            for positions, vectors in encoder.encode_passages(sentences):
                found[positions] = (vectors @ query.T).max(axis=1)
            return [float(value) for value in found]

        return near


def _shown(passage: Passage, told: Mapping[str, float], nearness: Nearness | None = None) -> Shown:
    blocks = plain_blocks(passage.text, passage.headings)
    return Shown(passage, best_snippet(blocks, told, _SNIPPET_LENGTH, nearness))
