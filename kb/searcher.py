"""An open snapshot that answers queries; one process may keep it for as many as it likes."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.changes import compare
from ingest.corpus import Corpus, digest_of
from kb.answer import Answer, IndexState
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, POSTINGS, WORDS, Snapshot
from kb.priors import priors_of
from kb.restriction import Facts
from kb.scoping import Scoping
from kb.showing import Showing
from search.closeness import closeness, telling_words
from search.correcting import worded_with_slips
from search.errors import DamagedIndex, ModelError
from search.page import telling_slices
from search.postings import Postings
from search.query import Query, is_line, parse_query
from search.ranking import EVERYWHERE, PASSAGES_SHOWN, Asked, Hit, Mode, Ranker, Ranking, Scope
from search.wording import Wording, worded

if TYPE_CHECKING:
    from kb.restriction import Mask
    from kb.semantic import SemanticLeg
    from search.encoder import Encoder
    from search.filters import Condition
    from search.priors import Priors
    from search.vectors import VectorIndex
    from search.words import WordIndex

_RANKED_AT_ONCE = 32
"""So many queries have their cosines with every passage in memory at once."""


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
        snapshot.verify()
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
        """Let go of the snapshot: from here on it may be removed."""
        self._catalogue.close()
        self._snapshot.hold.release()

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
        scoped = self._scoping.scope(query, apart)
        notes = [*self._notes, *query.notes, *scoped.notes]
        asked, ranking = Asked(), Ranking((), relevant=False)
        wording = self._worded(query.text, exact=query.exact)
        if wording.also_searched:
            notes.append(f"also searched: {', '.join(wording.also_searched)}")
        if scoped.is_empty:
            pass
        elif not query.text:
            ranking = self._newest(scoped.scope, limit, notes)
        else:
            mode, asked = self._asked(wording, mode, notes)
            ranking = self._rank(asked, limit, scoped.scope, weak=weak)
        # Who says what the lessons must have has been given it, and judges for himself what they are worth.
        relevant = ranking.relevant or (scoped.restricted and bool(ranking.hits))
        encoder = None if asked.vectors is None else self._opened[0]
        results = self._showing.results(ranking.hits if weak or relevant else (), wording, asked, encoder)
        manifest = self._snapshot.manifest
        state = IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages, self.changed_since)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return Answer(query.said, mode.value, took_ms, state, tuple(notes), results, relevant, wording.also_searched)

    def ranking(self, text: str, *, mode: Mode, limit: int) -> list[tuple[str, float]]:
        """Return the ids and scores of the best lessons for a text that is taken as it is, weak hits included.

        Raises `ModelError` when the mode needs a model and none can be had.
        """
        return next(self.rankings([text], mode=mode, limit=limit))

    def rankings(self, texts: Sequence[str], *, mode: Mode, limit: int) -> Iterator[list[tuple[str, float]]]:
        """Rank for many texts, one after the other, as `ranking` does and faster."""
        for start in range(0, len(texts), _RANKED_AT_ONCE):
            every = [self._asked_as_it_is(text, mode) for text in texts[start : start + _RANKED_AT_ONCE]]
            for asked in self._compared(every):
                yield [(self._ids[hit.lesson], hit.score) for hit in self._rank(asked, limit, weak=True).hits]

    def closest(self, path: str) -> list[tuple[str, float]]:
        """Return the paths of all other lessons, and how much of what one says stands there; the closest first.

        Raises `ModelError` when no model can be had.
        """
        _, vectors = self._opened
        number = self._paths.index(path)
        first, count = int(self._postings.first_passage[number]), int(self._postings.passages_of[number])
        close = closeness(vectors.vectors_at(first, count), vectors, self._postings)
        order = np.argsort(-close, kind="stable")
        return [(self._paths[other], float(close[other])) for other in order if other != number]

    def telling_words(self, ours: str, theirs: str, limit: int) -> list[str]:
        """Return the words that tell most, in this library, of those that two texts share."""
        return telling_words(ours, theirs, self._postings, limit)

    def _asked_as_it_is(self, text: str, mode: Mode) -> Asked:
        notes: list[str] = []
        asked_mode, asked = self._asked(self._worded(text, exact=not is_line(text)), mode, notes)
        if asked_mode is not mode:
            raise ModelError(notes[0])
        return asked

    def _compared(self, every: Sequence[Asked]) -> Iterator[Asked]:
        """Give what is asked with the cosines of every passage, worked out together."""
        slices = [asked.vectors for asked in every if asked.vectors is not None]
        if not slices:
            yield from every
            return
        scores = iter(self._opened[1].scores_of_all(np.concatenate(slices)))
        for asked in every:
            assert asked.vectors is not None, "all are asked in one mode"
            yield replace(asked, cosines=np.max([next(scores) for _ in asked.vectors], axis=0))

    def _worded(self, text: str, *, exact: bool) -> Wording:
        return worded(text, self._postings) if exact else worded_with_slips(text, self._postings)

    def _asked(self, wording: Wording, mode: Mode, notes: list[str]) -> tuple[Mode, Asked]:
        """Return what the legs are asked, and the mode: by words alone where no model can be had."""
        words = Asked()
        if mode is not Mode.SEMANTIC:
            words = Asked(wording.terms, pairs=wording.pairs, stands_for=wording.stands_for)
        if mode is not Mode.LEXICAL:
            try:
                encoder, _ = self._opened
                slices = telling_slices(wording.text, wording.terms, encoder.card.max_tokens, self._postings)
                return mode, replace(
                    words, vectors=np.array([encoder.encode_query(part) for part in slices], np.float32)
                )
            except ModelError as error:
                if mode is Mode.SEMANTIC:
                    raise
                notes.append(f"answered by words only: {error}")
        if not words.terms:
            notes.append("the query has only very common words; say what the problem is about")
        return Mode.LEXICAL, words

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

    @cached_property
    def _scoping(self) -> Scoping:
        return Scoping(self._facts, self._postings, self._open_words)

    def _open_words(self) -> WordIndex:
        from search.words import WordIndex

        return WordIndex.open(self._snapshot.folder / WORDS)

    @cached_property
    def _showing(self) -> Showing:
        successors: dict[int, list[str]] = {}
        for old, new in self._priors.successors:
            successors.setdefault(old, []).append(self._ids[new])
        return Showing(self._catalogue, self._postings, self._paths, successors)

    def _newest(self, scope: Scope, limit: int, notes: list[str]) -> Ranking:
        """Return what meets the filters when nothing else was asked: newest first, those without a date last."""
        allowed = scope.lessons
        numbers = {path: number for number, path in enumerate(self._paths) if allowed is None or allowed[number]}
        newest = [numbers[path] for path in self._catalogue.paths_by_date() if path in numbers]
        if len(newest) > limit:
            notes.append(
                f"{len(newest):,} lessons meet the filters; here are the first {limit:,}, the newest first; see --limit"
            )
        shown = self._shown if scope.passages is None else self._shown & scope.passages
        hits = (Hit(number, 0.0, {}, self._first_passages(number, shown), None, None) for number in newest[:limit])
        return Ranking(tuple(hits), relevant=True)

    def _first_passages(self, lesson: int, shown: Mask) -> tuple[int, ...]:
        start = int(self._postings.first_passage[lesson])
        first = start + np.flatnonzero(shown[start : start + int(self._postings.passages_of[lesson])])[:PASSAGES_SHOWN]
        return tuple(int(number) for number in first) or (start,)
