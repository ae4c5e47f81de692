"""An open index, for any number of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ingest.files.corpus import Corpus
from ingest.lesson import Lesson
from kb.errors import UnknownLesson
from kb.retrieval.answer import Answer, AsOf
from kb.retrieval.request import Request
from kb.retrieval.searcher import Searcher
from kb.upkeep.changes_since import ChangesSince
from search.engine import Relevance
from search.query import clean_query

if TYPE_CHECKING:
    from kb.brief.brief import Brief
    from kb.lessons.handles import Place
    from kb.retrieval.batch import Answered
    from kb.retrieval.why_not import WhyNot
    from kb.system.last_hits import LastHit
    from kb.who.who import WhoAnswer

Find = Callable[[str, Sequence["LastHit"] | None], tuple[Lesson, "Place"]]


class OpenIndex(NamedTuple):
    """One open snapshot of a knowledge base, which stays the same if others are published. A context manager."""

    searcher: Searcher
    corpus: Corpus
    find: Find
    """Finds a lesson by name, as `KnowledgeBase.find` does."""
    changes: ChangesSince
    """Counter of the lessons changed since the snapshot was built."""
    as_of: AsOf | None = None
    """The commit whose lessons are indexed; None for those of today."""

    def __enter__(self) -> OpenIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.searcher.close()

    def ask(self, request: Request) -> Answer:
        """Answer a request.

        Raises `QueryError`, and `ModelError` if the mode is semantic and no model can be loaded.
        """
        return replace(self.searcher.ask(request), as_of=self.as_of)

    def relevances(self, request: Request) -> dict[str, Relevance]:
        """Return how relevant each lesson found is to a request, by its path, whatever the limit; raises as `ask`."""
        return self.searcher.relevances(request)

    def brief(self, request: Request, subject: Lesson | None = None) -> Brief:
        """Return one page on the problem of a request; with a `subject`, each case is compared with that lesson.

        Raises as `ask` does.
        """
        from kb.brief.front import FrontLines
        from kb.brief.making import SOURCES, BriefMaker

        found = self.searcher.find(replace(request, limit=SOURCES, every=False))
        return BriefMaker(self.searcher, found, FrontLines(self.corpus), subject).brief()

    def who(self, request: Request) -> WhoAnswer:
        """Return the people to ask about the problem of a request; raises as `ask` does."""
        from kb.who.who import who

        return who(self.searcher, request)

    def ask_lines(self, lines: Iterable[bytes], request: Request) -> Iterator[Answered]:
        """Yield the answer to the query of each JSON line, with the other options of `request`; raises `ModelError`."""
        from kb.retrieval.batch import answer_lines

        def answer(text: str) -> Answer:
            clean_query(text)  # raises for an empty query, which is not allowed here even with filters
            return self.ask(replace(request, text=text))

        return answer_lines(lines, answer)

    def is_restricted(self, request: Request) -> bool:
        """Return whether a request has filters or excluded words; raises `QueryError`."""
        query = self.searcher.read(request)
        return bool(query.filters or query.without)

    def why_not(self, name: str, request: Request, last: Sequence[LastHit] | None = None) -> WhyNot:
        """Return the rank of a lesson, named as for `find`, in the answer to a request, or why it has none.

        Raises `UnknownLesson` with the reason if it is not indexed, and as `ask` does.
        """
        from kb.retrieval.why_not import staleness

        lesson = self._expected(name, last)
        found = self.searcher.why_not(lesson, request)
        return replace(found, stale=staleness(self.searcher.files(), self.corpus, lesson.path))

    def _expected(self, name: str, last: Sequence[LastHit] | None) -> Lesson:
        from kb.retrieval.why_not import why_not_indexed

        try:
            return self.find(name, last)[0]
        except UnknownLesson as error:
            if reason := why_not_indexed(self.searcher.files(), self.corpus, name):
                raise UnknownLesson(reason) from error
            raise
