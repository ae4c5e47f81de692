"""An open snapshot that answers queries; one process may keep it for as many as it likes."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.changes import compare
from ingest.corpus import Corpus, digest_of
from ingest.markdown import plain_blocks
from ingest.passage import Passage
from kb.answer import Answer, IndexState, Result, Shown
from kb.catalogue import Catalogue
from kb.snapshot import CATALOGUE, POSTINGS, WORDS, Snapshot
from search.analyzer import terms
from search.errors import DamagedIndex, ModelError
from search.postings import Postings
from search.query import Query, parse_query
from search.ranking import Hit, Mode, Ranker
from search.snippet import best_snippet, matched_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.semantic import SemanticLeg

_SNIPPET_LENGTH = 280


class Searcher:
    """Answers from one snapshot, whatever is published meanwhile."""

    def __init__(self, snapshot: Snapshot, corpus: Corpus, semantic: SemanticLeg | None) -> None:
        """Open a snapshot; `semantic` may fail later without taking the words along."""
        self._snapshot = snapshot
        self._corpus = corpus
        self._semantic = semantic
        snapshot.verify(CATALOGUE)
        snapshot.verify(POSTINGS)
        self._catalogue = Catalogue(snapshot.folder / CATALOGUE)
        self._postings = Postings.read(snapshot.folder / POSTINGS)
        outline = self._catalogue.outline()
        self._paths = [path for path, _, _ in outline]
        if [passages for _, passages, _ in outline] != self._postings.passages_of.tolist():
            raise DamagedIndex(f"{snapshot.folder}: catalogue and postings are not in step")
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

    def search(self, text: str, *, mode: Mode, limit: int) -> Answer:
        """Answer one query. Raises `QueryError`, and `ModelError` when the mode is semantic and no model can be had."""
        started = time.perf_counter()
        query = parse_query(text)
        notes: list[str] = []
        vector = None
        vectors = None
        if mode is not Mode.LEXICAL:
            try:
                if self._semantic is None:
                    raise ModelError("this index was built without a model; run `kb reindex`")
                encoder, vectors = self._semantic.opened()
                vector = encoder.encode_query(query.text)
                if len(query.terms) > encoder.card.max_tokens:
                    notes.append(
                        f"the query is longer than the {encoder.card.max_tokens} tokens that the model reads: its "
                        "meaning is taken from the beginning, its words from all of it"
                    )
            except ModelError as error:
                if mode is Mode.SEMANTIC:
                    raise
                mode = Mode.LEXICAL
                notes.append(f"answered by words only: {error}")
        terms = () if mode is Mode.SEMANTIC else query.terms
        if mode is Mode.LEXICAL and not terms:
            notes.append("the query has only very common words; say what the problem is about")
        ranker = Ranker(self._postings, vectors, self._shown)
        hits = ranker.rank(terms, vector, limit, self._lessons_with_phrases(query, notes))
        results = tuple(self._result(rank, hit, query) for rank, hit in enumerate(hits, 1))
        manifest = self._snapshot.manifest
        state = IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages, self.changed_since)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return Answer(text, mode.value, took_ms, state, tuple(notes), results)

    def ranking(self, text: str, *, mode: Mode, limit: int) -> list[tuple[str, float]]:
        """Return the ids and scores of the best lessons for a text that is taken as it is, without query language.

        Raises `ModelError` when the mode needs a model and none can be had.
        """
        vector = vectors = None
        if mode is not Mode.LEXICAL:
            if self._semantic is None:
                raise ModelError("this index was built without a model; run `kb reindex`")
            encoder, vectors = self._semantic.opened()
            vector = encoder.encode_query(text)
        wanted = () if mode is Mode.SEMANTIC else terms(text)
        hits = Ranker(self._postings, vectors, self._shown).rank(wanted, vector, limit)
        return [(self._ids[hit.lesson], hit.score) for hit in hits]

    @cached_property
    def _ids(self) -> list[str]:
        return self._catalogue.ids()

    def _lessons_with_phrases(self, query: Query, notes: list[str]) -> NDArray[np.bool_] | None:
        if not query.phrases:
            return None
        from search.words import WordIndex

        self._snapshot.verify(WORDS)
        words = WordIndex.open(self._snapshot.folder / WORDS)
        only = np.ones(len(self._paths), bool)
        for phrase in query.phrases:
            paths = words.paths_with_phrase(phrase)
            if paths:
                only &= np.array([path in paths for path in self._paths], bool)
            else:
                notes.append(f'no lesson has the phrase "{phrase}"; searched for its words')
        return only

    def _result(self, rank: int, hit: Hit, query: Query) -> Result:
        path = self._paths[hit.lesson]
        lesson = self._catalogue.lesson(path)
        passages = self._catalogue.passages(path)
        shown = [self._show(passages[self._postings.offset_in_lesson[number]], query) for number in hit.passages]
        found = self._postings.terms_in(hit.lesson, set(query.terms)) if hit.lexical else ()
        return Result(
            rank,
            hit.score,
            lesson,
            shown[0],
            tuple(shown[1:]),
            hit.lexical,
            hit.semantic,
            tuple(matched_words(query.text, found)),
        )

    def _show(self, passage: Passage, query: Query) -> Shown:
        blocks = plain_blocks(passage.text, passage.headings)
        return Shown(passage, best_snippet(blocks, query.terms, _SNIPPET_LENGTH))
