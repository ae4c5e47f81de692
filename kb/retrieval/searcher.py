"""An open snapshot that answers any number of queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ingest.lesson import Lesson
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.errors import GIVE_MEMORY, UnknownLesson
from kb.filters.restriction import FactFilters
from kb.filters.scoping import Scoped, Scoping
from kb.index.calibration_file import read_calibration
from kb.index.snapshot import CATALOGUE, OUTLINE, Snapshot
from kb.lessons.evidence import SCALES
from kb.people.withholding import Discretion
from kb.retrieval.answer import Answer, IndexState, meaning_of
from kb.retrieval.by_name import ByName
from kb.retrieval.matches import Found, Matches, Ranked
from kb.retrieval.newest import Newest
from kb.retrieval.priors import priors_of
from kb.retrieval.results import ResultBuilder
from kb.reuse.tally import Tally, tallies, together
from kb.reuse.use import REUSED, uses_by_lesson
from search.engine import PASSAGES_SHOWN, Engine, Hit, Prepared, Ranking, Relevance, may_help_threshold
from search.errors import DamagedIndex, ModelError
from search.indexing import WORDS, open_lexical, passage_numbers
from search.query import Mode, Query, parse_query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.files.changes import KnownFile
    from ingest.markdown.readable import Readable
    from ingest.passages.passage import Passage
    from kb.people.known import KnownPeople
    from kb.retrieval.request import Request
    from kb.retrieval.why_not import WhyNot
    from search.engine import BrowserIndex, Calibration, Priors
    from search.indexing import SemanticSource

NEAREST_SHOWN = 3
"""Most lessons shown if none is judged relevant."""


class Searcher:
    """Answers from one snapshot, even if others are published meanwhile."""

    def __init__(
        self,
        snapshot: Snapshot,
        semantic: SemanticSource,
        people: KnownPeople,
        notes: Sequence[str] = (),
        recorded: Callable[[], Mapping[str, Tally]] = dict,
    ) -> None:
        """`snapshot` must be verified; `notes` are added to every answer; `recorded` returns what the ledger's uses
        come to, by the id of the used lesson.

        If `semantic` fails later, queries are still answered by words.
        """
        self.snapshot = snapshot
        self._semantic = semantic
        self._notes = tuple(notes)
        self.people = people
        self._recorded = recorded
        self._catalogue = Catalogue(snapshot.folder / CATALOGUE, Discretion(people.directory))
        self._lexical = open_lexical(snapshot.folder)
        self._passages = passage_numbers(snapshot.folder)
        self._outline = Outline.read(snapshot.folder / OUTLINE)
        self._paths = self._outline.paths
        statements, counts = self._outline.statements, self._passages.counts
        if (
            not len(self._paths) == len(counts) == self._lexical.lessons
            or ((statements < 0) | (statements > counts)).any()
        ):
            raise DamagedIndex(f"{snapshot.folder}: outline and postings do not match")
        self._facts = FactFilters(self._catalogue, self._outline, counts)
        self._users = 1
        self._counting = Lock()

    def borrow(self) -> Searcher:
        """Return this searcher for one more user, who must close it too."""
        with self._counting:
            assert self._users, "closed"
            self._users += 1
        return self

    def close(self) -> None:
        """Release the snapshot, so that it may be removed, if nobody else has borrowed this."""
        with self._counting:
            self._users -= 1
            if self._users:
                return
        self._catalogue.close()
        self.snapshot.hold.release()

    def browser_index(self) -> BrowserIndex:
        """Return the index by words for a browser, with what is added to the scores of the lessons."""
        from search.engine import browser_index

        return browser_index(self.snapshot.folder / WORDS, self._priors)

    def files(self) -> dict[str, KnownFile]:
        """Return the files of the corpus by path, as they were when the snapshot was built."""
        return self._catalogue.files()

    def found_files(self) -> Set[tuple[str, int, int]]:
        """Return path, size and time of the same files."""
        return self._catalogue.found_files()

    def ask(self, request: Request) -> Answer:
        """Answer a request.

        If no lesson is judged relevant, only the nearest `NEAREST_SHOWN` are returned, unless `request.every`.
        Raises `QueryError`, and `ModelError` if the mode is semantic and no model can be loaded.
        """
        return self.find(request).answer

    def find(self, request: Request) -> Found:
        """Answer a request as `ask` does, and return the engine's reasons too."""
        started = time.perf_counter()
        matches = self.matches(request)
        prepared, ranking = matches.prepared, matches.ranking
        sure = ranking.relevance.is_relevant or request.every
        shown = PASSAGES_SHOWN if request.passages is None else request.passages
        hits = [hit._replace(passages=hit.passages[:shown]) for hit in ranking.hits[: None if sure else NEAREST_SHOWN]]
        explanation = self.engine.explain(prepared, hits)
        results = self._results.of(hits, explanation)
        answer = Answer(
            matches.query.display,
            matches.mode.value,
            round((time.perf_counter() - started) * 1000, 1),
            self.state,
            matches.notes,
            results,
            ranking.relevance,
            unknown_words=tuple(self.engine.unknown_words(prepared)),
            also_searched=prepared.wording.also_searched,
            meaning=meaning_of(self.fingerprint, prepared.query.vectors),
        )
        return Found(answer, hits, explanation, prepared)

    def passages(self, path: str) -> list[Passage]:
        """Return the passages of a lesson, in order."""
        return self._catalogue.passages(path)

    def sentences(self, path: str, ordinal: int) -> Readable:
        """Return the sentences of a passage of a lesson, for display."""
        return self._catalogue.readable(path, ordinal)

    def closeness(self, found: Found) -> list[list[float]]:
        """Return for each hit how near each of its passages is to the query in meaning (`Engine.closeness`)."""
        return self.engine.closeness(found.prepared, [hit.lesson for hit in found.hits])

    def missing_words(self, found: Found) -> list[list[str]]:
        """Return for each hit the words of the query, as written, that it does not have in any form."""
        return [self.engine.missing_words(found.prepared, hit.lesson) for hit in found.hits]

    def information(self, found: Found) -> dict[str, float]:
        """Return the information of each word of the query, as written (`Engine.information`)."""
        return self.engine.information(found.prepared)

    def matches(self, request: Request) -> Matches:
        """Return the ranking for a request; raises as `ask` does."""
        query = self.read(request)
        scoped = self._scoping.scope(query, request.excluded)
        prepared = self._prepared(query, scoped, request.mode)
        ranking = self._ranking(query, scoped, prepared, request.limit)
        named = self._by_name.named_in(query, is_page=request.is_page)
        if named:
            own = self._ranking_of(named.lessons, scoped, prepared, request.limit)
            ranking = named.first(ranking, own, request.limit)
        directory = self.people.directory()
        reasons = (*((named.note,) if named else ()), *(map(str, directory.problems) if directory.hides_all else ()))
        notes = (*self._notes, *query.notes, *scoped.notes, *reasons)
        notes = (*notes, *self._notes_on(query, scoped, prepared, request.limit))
        mode = prepared.mode if _is_looked_for(query, scoped) else request.mode
        return Matches(query, prepared, mode, ranking, notes, named.names if named else ())

    def relevances(self, request: Request) -> dict[str, Relevance]:
        """Return how relevant each lesson found is to a request, by its path, whatever the limit; raises as `ask`."""
        hits = self.matches(replace(request, limit=max(len(self._paths), 1))).ranking.hits
        return {self._paths[hit.lesson]: hit.relevance for hit in hits}

    def lesson(self, hit: Hit) -> Lesson:
        """Return the lesson of a hit."""
        return self._catalogue.lesson(self._paths[hit.lesson])

    @property
    def state(self) -> IndexState:
        manifest = self.snapshot.manifest
        return IndexState(manifest.id, manifest.built, manifest.lessons, manifest.passages)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model of the index; empty if it has only words."""
        card = self.snapshot.manifest.encoder
        return card.fingerprint if card else ""

    def has(self, id_: str) -> bool:
        """Return whether there is a lesson with an id."""
        return id_ in self._ids

    def why_not(self, lesson: Lesson, request: Request) -> WhyNot:
        """Return the rank of a lesson of the index for a request, or why it has none; raises as `ask` does."""
        from kb.retrieval.why_not import WhyNot  # imported here, because no other query needs it

        number = self._paths.find(lesson.path)
        if number is None:  # another snapshot was published meanwhile
            raise UnknownLesson(f"{lesson.path} is not in the index that answers; try again")
        query = self.read(request)
        scoped = self._scoping.scope(query)
        prepared = self._prepared(query, scoped, request.mode)
        hits = self._ranking(query, scoped, prepared, len(self._paths)).hits
        thresholds = self._calibration.thresholds[prepared.mode if _is_looked_for(query, scoped) else request.mode]
        rank = next((place for place, hit in enumerate(hits, 1) if hit.lesson == number), None)
        return WhyNot(
            *(lesson.id, lesson.path, hits[rank - 1] if rank else None, rank, len(hits), request.limit),
            excluded=self._scoping.reasons(query, number),
            missing=tuple(self.engine.missing_words(prepared, number)),
            thresholds=thresholds._replace(may_help=may_help_threshold(thresholds, restricted=scoped.restricted)),
            stale="",
        )

    def ranking(self, text: str, *, mode: Mode, limit: int) -> list[Ranked]:
        """Return the best lessons for a plain text (no operators), best first.

        Raises `ModelError` if the mode needs a model and none can be loaded.
        """
        return next(self.rankings([text], mode=mode, limit=limit))

    def rankings(self, texts: Sequence[str], *, mode: Mode, limit: int) -> Iterator[list[Ranked]]:
        """Yield the ranking of each text, in order; the same as `ranking`, but faster for many."""
        try:
            for ranking in self.engine.rank_all(texts, mode, limit):
                yield [Ranked(self._ids[hit.lesson], hit.score, hit.relevance) for hit in ranking.hits]
        except MemoryError as error:
            raise ModelError(f"not enough memory for the model; {GIVE_MEMORY}") from error

    def closest(self, path: str) -> list[tuple[str, float]]:
        """Return the paths of all other lessons, with their closeness (`VectorIndex.closest`), closest first.

        Raises `ModelError` if no model can be loaded.
        """
        number = self._paths.find(path)
        assert number is not None, path
        return [(self._paths[other], closeness) for other, closeness in self.engine.closest(number)]

    def read(self, request: Request) -> Query:
        """Return the query of a request, parsed with the fields of this snapshot; raises `QueryError`."""
        return request.query(lambda text: parse_query(text, self._facts.fields, SCALES), self._facts.condition)

    def _prepared(self, query: Query, scoped: Scoped, mode: Mode) -> Prepared:
        """Return the prepared query; if the indexes are not needed, no model is loaded."""
        mode = mode if _is_looked_for(query, scoped) else Mode.LEXICAL
        return self.engine.prepare(query.text, mode, exact=query.exact)

    def _ranking(self, query: Query, scoped: Scoped, prepared: Prepared, limit: int) -> Ranking:
        if scoped.is_empty:
            return Ranking(())
        if not query.text:
            return self._newest.ranking(scoped.scope, limit)
        return self.engine.rank(prepared, limit, scoped.scope, restricted=scoped.restricted)

    def _notes_on(self, query: Query, scoped: Scoped, prepared: Prepared, limit: int) -> Iterator[str]:
        """Yield the notes on how a query was answered."""
        if prepared.wording.also_searched:
            yield f"also searched: {', '.join(prepared.wording.also_searched)}"
        if scoped.is_empty:
            return
        if not query.text:
            if (count := scoped.count(len(self._paths))) > limit:
                yield f"{count:,} lessons meet the filters; here are the first {limit:,}, the newest first; see --limit"
            return
        if isinstance(prepared.without_meaning, MemoryError):
            yield f"answered by words only: not enough memory for the model; {GIVE_MEMORY}"
        elif prepared.without_meaning:
            yield f"answered by words only: {prepared.without_meaning}"
        if prepared.has_only_common_words:
            yield "the query has only very common words; say what the problem is about"

    @cached_property
    def engine(self) -> Engine:
        statements = self._outline.statements
        return Engine(self._lexical, self._semantic, self._passages, statements, self._priors, self._calibration)

    @cached_property
    def _calibration(self) -> Calibration:
        return read_calibration(self.snapshot.folder)

    @cached_property
    def _priors(self) -> Priors:
        return priors_of(self._catalogue, self._outline, self._uses)

    @cached_property
    def _uses(self) -> Mapping[str, Tally]:
        """What the uses of the lessons come to, by id."""
        told = uses_by_lesson(self._catalogue.lessons_having(REUSED))
        return together(tallies(told), self._recorded())

    @cached_property
    def _ids(self) -> list[str]:
        return self._catalogue.ids()

    @cached_property
    def _by_name(self) -> ByName:
        return ByName(self._catalogue, self._outline, self._lexical, self.people)

    @cached_property
    def _scoping(self) -> Scoping:
        return Scoping(self._facts, self._lexical)

    @cached_property
    def _newest(self) -> Newest:
        return Newest(self._catalogue, self._outline, self._passages)

    @cached_property
    def _results(self) -> ResultBuilder:
        successors: dict[int, list[str]] = {}
        for old, new in self._priors.successors:
            successors.setdefault(old, []).append(self._ids[new])
        return ResultBuilder(self._catalogue, self._paths, successors, self.people.directory, self._uses)

    def _ranking_of(self, lessons: Collection[int], scoped: Scoped, prepared: Prepared, limit: int) -> list[Hit]:
        """Return hits for certain lessons in scope: by the query, then the newest of those that it does not find."""
        allowed = np.isin(np.arange(len(self._paths)), [*lessons])
        scope = scoped.scope._replace(lessons=_both(scoped.scope.lessons, allowed))
        hits = self.engine.rank(prepared, limit, scope).hits
        allowed[[hit.lesson for hit in hits]] = False
        rest = scoped.scope._replace(lessons=_both(scoped.scope.lessons, allowed))
        others = self._newest.ranking(rest, limit - len(hits)).hits
        return [*hits, *(hit._replace(relevance=Relevance.NEAREST) for hit in others)]


def _both(lessons: NDArray[np.int64] | None, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the numbers of the lessons that are in a scope and allowed."""
    return np.flatnonzero(allowed) if lessons is None else lessons[allowed[lessons]]


def _is_looked_for(query: Query, scoped: Scoped) -> bool:
    """Return whether the indexes are searched: not for filters only, and not if these leave no lesson."""
    return bool(query.text) and not scoped.is_empty
