"""An open snapshot that answers queries; one process may keep it for as many as it likes."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.lesson import Lesson
from kb.errors import GIVE_MEMORY, UnknownLesson
from kb.index.calibration_file import read_calibration
from kb.index.catalogue import Catalogue
from kb.index.outline import Outline
from kb.index.snapshot import CATALOGUE, OUTLINE, POSTINGS, Snapshot
from kb.retrieval.answer import Answer, IndexState
from kb.retrieval.priors import priors_of
from kb.retrieval.restriction import Facts
from kb.retrieval.scoping import Scoping
from kb.retrieval.showing import Showing
from search.errors import DamagedIndex, ModelError
from search.lexical.postings import Postings
from search.mode import Mode
from search.query.correcting import worded_with_slips
from search.query.query import Query, is_line, parse_query
from search.query.wording import Wording, worded
from search.ranking.asking import ask, compared
from search.ranking.closeness import closeness, telling_words
from search.ranking.ranking import EVERYWHERE, PASSAGES_SHOWN, Asked, Hit, Ranker, Ranking, Scope
from search.ranking.relevance import Relevance, least_to_help

if TYPE_CHECKING:
    from ingest.files.changes import KnownFile
    from kb.retrieval.request import Request
    from kb.retrieval.restriction import Mask
    from kb.retrieval.semantic import MissingLeg, SemanticLeg
    from kb.retrieval.why_not import WhyNot
    from search.query.filters import Condition
    from search.ranking.calibration import Calibration
    from search.ranking.priors import Priors
    from search.semantic.encoder import Encoder
    from search.semantic.vectors import VectorIndex

NEAREST_SHOWN = 3
"""How many lessons are shown of which none is sure to help."""
_RANKED_AT_ONCE = 32
"""Queries whose cosines are worked out together; for each of them memory holds one number per passage."""


class Ranked(NamedTuple):
    """A lesson of a ranking."""

    id: str
    score: float
    relevance: Relevance


class Searcher:
    """Answers from one snapshot, whatever is published meanwhile."""

    def __init__(self, snapshot: Snapshot, semantic: SemanticLeg | MissingLeg, notes: Sequence[str] = ()) -> None:
        """Take a snapshot that was verified; `notes` go with every answer.

        `semantic` may fail later without taking the words along.
        """
        self._snapshot = snapshot
        self._semantic = semantic
        self._notes = tuple(notes)
        self._catalogue = Catalogue(snapshot.folder / CATALOGUE)
        self._postings = Postings.read(snapshot.folder / POSTINGS)
        self._outline = Outline.read(snapshot.folder / OUTLINE)
        self._paths = self._outline.paths
        statements, passages_of = self._outline.statements, self._postings.passages_of
        if len(self._paths) != len(passages_of) or ((statements < 0) | (statements > passages_of)).any():
            raise DamagedIndex(f"{snapshot.folder}: outline and postings are not in step")
        self._facts = Facts(self._catalogue, self._outline, self._postings.passages_of)
        self._shown = self._postings.offset_in_lesson >= self._outline.statements[self._postings.lesson_of]

    def close(self) -> None:
        """Let go of the snapshot: from here on it may be removed."""
        self._catalogue.close()
        self._snapshot.hold.release()

    def files(self) -> dict[str, KnownFile]:
        """Return the files of the corpus, by path, as they were when the snapshot was built."""
        return self._catalogue.files()

    def found_files(self) -> Set[tuple[str, int, int]]:
        """Return path, size and time of the same files."""
        return self._catalogue.found_files()

    def parse(self, text: str) -> Query:
        """Take apart what was asked; the fields are those of this snapshot's lessons. Raises `QueryError`."""
        return parse_query(text, self._facts.fields)

    def condition(self, field: str, text: str) -> Condition:
        """Read a condition on a field, as the query language has it; raises `QueryError`."""
        return self._facts.condition(field, text)

    def ask(self, request: Request) -> Answer:
        """Answer a request; raises as `search` does."""
        return self.search(
            self.read(request),
            mode=request.mode,
            limit=request.limit,
            passages=PASSAGES_SHOWN if request.passages is None else request.passages,
            every=request.every,
        )

    def read(self, request: Request) -> Query:
        """Return what a request asks of this snapshot's lessons; raises `QueryError`."""
        return request.query(self.parse, self.condition)

    def search(
        self,
        query: Query,
        *,
        mode: Mode,
        limit: int,
        passages: int = PASSAGES_SHOWN,
        every: bool = False,
        apart: Collection[str] = (),
    ) -> Answer:
        """Answer one query, with so many passages of a lesson at most; not with the lessons `apart`, by path.

        Where all are only the nearest, some of them are enough, unless `every` one up to the limit is wanted.
        Raises `QueryError`, and `ModelError` when the mode is semantic and no model can be had.
        """
        started = time.perf_counter()
        scoped = self._scoping.scope(query, apart)
        notes = [*self._notes, *query.notes, *scoped.notes]
        asked, ranking = Asked(), Ranking(())
        wording = self._worded(query.text, exact=query.exact)
        if wording.also_searched:
            notes.append(f"also searched: {', '.join(wording.also_searched)}")
        if scoped.is_empty:
            pass
        elif not query.text:
            ranking = self._newest(scoped.scope, limit, notes)
        else:
            mode, asked = self._asked(wording, mode, notes)
            ranking = self._rank(asked, limit, scoped.scope, restricted=scoped.restricted)
        sure = ranking.relevance.is_relevant
        encoder = None if asked.vectors is None else self._opened[0]
        shown = ranking.hits if sure or every else ranking.hits[:NEAREST_SHOWN]
        hits = [hit._replace(passages=hit.passages[:passages]) for hit in shown]
        results = self._showing.results(hits, wording, asked, encoder)
        manifest = self._snapshot.manifest
        state = IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return Answer(
            *(query.said, mode.value, took_ms, state, tuple(notes), results, ranking.relevance),
            unknown_words=tuple(wording.unknown(self._postings)),
            also_searched=wording.also_searched,
        )

    def why_not(self, lesson: Lesson, query: Query, *, mode: Mode, limit: int) -> WhyNot:
        """Return where a lesson of the index stands for a query of which a search shows `limit` lessons.

        Raises as `search` does.
        """
        from kb.retrieval.why_not import WhyNot  # no other query needs it

        number = self._paths.find(lesson.path)
        if number is None:  # somebody has published meanwhile
            raise UnknownLesson(f"{lesson.path} is not in the index that answers; try again")
        wording = self._worded(query.text, exact=query.exact)
        scoped = self._scoping.scope(query)
        ranking = Ranking(())
        if not query.text:
            ranking = self._newest(scoped.scope, len(self._paths), [])
        elif not scoped.is_empty:
            mode, asked = self._asked(wording, mode, [])
            ranking = self._rank(asked, len(self._paths), scoped.scope, restricted=scoped.restricted)
        thresholds = self._calibration.thresholds[mode]
        rank = next((place for place, hit in enumerate(ranking.hits, 1) if hit.lesson == number), None)
        return WhyNot(
            *(lesson.id, lesson.path, ranking.hits[rank - 1] if rank else None, rank, len(ranking.hits), limit),
            excluded=self._scoping.reasons(query, number),
            missing=tuple(wording.missing(self._postings, number)),
            thresholds=thresholds._replace(may_help=least_to_help(thresholds, restricted=scoped.restricted)),
            stale="",
        )

    def ranking(self, text: str, *, mode: Mode, limit: int) -> list[Ranked]:
        """Return the best lessons for a text that is taken as it is.

        Raises `ModelError` when the mode needs a model and none can be had.
        """
        return next(self.rankings([text], mode=mode, limit=limit))

    def rankings(self, texts: Sequence[str], *, mode: Mode, limit: int) -> Iterator[list[Ranked]]:
        """Rank for many texts, one after the other, as `ranking` does and faster."""
        for start in range(0, len(texts), _RANKED_AT_ONCE):
            every = [self._asked_as_it_is(text, mode) for text in texts[start : start + _RANKED_AT_ONCE]]
            for asked in every if mode is Mode.LEXICAL else compared(every, self._opened[1]):
                hits = self._rank(asked, limit).hits
                yield [Ranked(self._ids[hit.lesson], hit.score, hit.relevance) for hit in hits]

    def closest(self, path: str) -> list[tuple[str, float]]:
        """Return the paths of all other lessons, and how much of what one says stands there; the closest first.

        Raises `ModelError` when no model can be had.
        """
        _, vectors = self._opened
        number = self._paths.find(path)
        assert number is not None, path
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

    def _worded(self, text: str, *, exact: bool) -> Wording:
        return worded(text, self._postings) if exact else worded_with_slips(text, self._postings)

    def _asked(self, wording: Wording, mode: Mode, notes: list[str]) -> tuple[Mode, Asked]:
        """Return what the legs are asked, and the mode: by words alone where no model can be had."""
        if mode is not Mode.LEXICAL:
            try:
                return mode, ask(wording, mode, self._postings, self._opened[0])
            except ModelError as error:
                if mode is Mode.SEMANTIC:
                    raise
                notes.append(f"answered by words only: {error}")
            except MemoryError:
                if mode is Mode.SEMANTIC:
                    raise
                notes.append(f"answered by words only: not enough memory for the model; {GIVE_MEMORY}")
        words = ask(wording, Mode.LEXICAL, self._postings)
        if not words.terms:
            notes.append("the query has only very common words; say what the problem is about")
        return Mode.LEXICAL, words

    @property
    def _opened(self) -> tuple[Encoder, VectorIndex]:
        return self._semantic.opened()

    def _rank(self, asked: Asked, limit: int, scope: Scope = EVERYWHERE, *, restricted: bool = False) -> Ranking:
        return self._ranker(asked).rank(asked, limit, scope, restricted=restricted)

    def _ranker(self, asked: Asked) -> Ranker:
        vectors = None if asked.vectors is None else self._opened[1]
        return Ranker(self._postings, vectors, self._shown, self._priors, self._calibration)

    @cached_property
    def _calibration(self) -> Calibration:
        return read_calibration(self._snapshot.folder)

    @cached_property
    def _priors(self) -> Priors:
        return priors_of(self._catalogue, self._outline)

    @cached_property
    def _ids(self) -> list[str]:
        return self._catalogue.ids()

    @cached_property
    def _scoping(self) -> Scoping:
        return Scoping(self._facts, self._postings)

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
        met = 0.0, Relevance.ANSWERS  # nothing else was asked
        hits = (
            Hit(number, 0.0, {}, self._first_passages(number, shown), None, None, *met) for number in newest[:limit]
        )
        return Ranking(tuple(hits))

    def _first_passages(self, lesson: int, shown: Mask) -> tuple[int, ...]:
        start = int(self._postings.first_passage[lesson])
        first = start + np.flatnonzero(shown[start : start + int(self._postings.passages_of[lesson])])[:PASSAGES_SHOWN]
        return tuple(int(number) for number in first) or (start,)
