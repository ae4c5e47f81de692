"""An open snapshot that answers queries; one process may keep it for as many as it likes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.changes import compare
from ingest.corpus import Corpus, digest_of
from ingest.markdown import plain_blocks
from ingest.passage import Passage
from kb.answer import Answer, IndexState, Result, Shown
from kb.catalogue import Catalogue
from kb.restriction import Facts
from kb.snapshot import CATALOGUE, POSTINGS, WORDS, Snapshot
from search.analyzer import terms
from search.errors import DamagedIndex, ModelError
from search.postings import Postings
from search.query import Query, parse_query
from search.ranking import Hit, Mode, Ranker
from search.snippet import best_snippet, matched_words

if TYPE_CHECKING:
    from kb.restriction import Mask
    from kb.semantic import SemanticLeg
    from search.filters import Condition
    from search.words import WordIndex

_PASSAGES_SHOWN = 3  # of a lesson that no query ranks; otherwise the ranking says
_SNIPPET_LENGTH = 280


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

    def search(self, query: Query, *, mode: Mode, limit: int, weak: bool = False) -> Answer:
        """Answer one query; `weak` hits too, if asked for.

        Raises `QueryError`, and `ModelError` when the mode is semantic and no model can be had.
        """
        started = time.perf_counter()
        notes = [*self._notes, *query.notes]
        restriction = self._facts.restriction(query.filters)
        notes += restriction.notes
        allowed = self._without(query, restriction.lessons, notes)
        if allowed is not None and not allowed.any():
            hits: list[Hit] = []
        elif not query.text:
            hits = self._newest(allowed, restriction.passages, limit, notes)
        else:
            allowed = self._with_phrases(query, allowed, notes)
            mode, hits = self._ranked(query, mode, limit, allowed, restriction.passages, weak, notes)
        results = tuple(self._result(rank, hit, query) for rank, hit in enumerate(hits, 1))
        manifest = self._snapshot.manifest
        state = IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages, self.changed_since)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return Answer(query.said, mode.value, took_ms, state, tuple(notes), results)

    def _ranked(
        self,
        query: Query,
        mode: Mode,
        limit: int,
        allowed: Mask | None,
        passages: Mask | None,
        weak: bool,
        notes: list[str],
    ) -> tuple[Mode, list[Hit]]:
        """Rank by the legs that can be had: the mode, and what it found."""
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
        wanted = () if mode is Mode.SEMANTIC else query.terms
        if mode is Mode.LEXICAL and not wanted:
            notes.append("the query has only very common words; say what the problem is about")
        ranker = Ranker(self._postings, vectors, self._shown)
        # TODO(ranking): hand on `weak`, and `passages` as the mask of the passages that may count and be shown.
        return mode, ranker.rank(wanted, vector, limit, allowed)

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

    def _newest(self, allowed: Mask | None, passages: Mask | None, limit: int, notes: list[str]) -> list[Hit]:
        """Return what meets the filters when nothing else was asked: newest first, those without a date last."""
        numbers = {path: number for number, path in enumerate(self._paths) if allowed is None or allowed[number]}
        newest = [numbers[path] for path in self._catalogue.paths_by_date() if path in numbers]
        if len(newest) > limit:
            notes.append(
                f"{len(newest):,} lessons meet the filters; these are the {limit:,} newest, --limit shows more"
            )
        shown = self._shown if passages is None else self._shown & passages
        return [Hit(number, 0.0, self._first_passages(number, shown), None, None) for number in newest[:limit]]

    def _first_passages(self, lesson: int, shown: Mask) -> tuple[int, ...]:
        start, end = np.searchsorted(self._postings.lesson_of, [lesson, lesson + 1])
        first = start + np.flatnonzero(shown[start:end])[:_PASSAGES_SHOWN]
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
            return self._postings.score(wanted).lessons > 0
        return self._facts.mask(self._words.paths_with_phrase(words))

    @cached_property
    def _words(self) -> WordIndex:
        from search.words import WordIndex

        self._snapshot.verify(WORDS)
        return WordIndex.open(self._snapshot.folder / WORDS)

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
