"""The lessons of an index, with the present texts of their files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

from ingest.files.decoding import decode
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from kb.config import corpus_of
from kb.evaluation.measured import Measured
from search.query import terms


class LessonTexts:
    """The lessons of an index by id and path, and the present texts of their files."""

    def __init__(self, knowledge_base: Measured) -> None:
        self._corpus = corpus_of(knowledge_base.config)
        self.lessons: Sequence[Lesson] = knowledge_base.lessons()
        self._terms = cache(lambda id_: frozenset(terms(self.texts.get(id_, ""))))

    @cached_property
    def names(self) -> dict[str, str]:
        """Lesson ids by path and by id; if an id is also a path, the id wins."""
        return {lesson.path: lesson.id for lesson in self.lessons} | {lesson.id: lesson.id for lesson in self.lessons}

    @cached_property
    def texts(self) -> dict[str, str]:
        """File texts by lesson id; an unreadable file has an empty text."""
        return {lesson.id: self._text(lesson.path) for lesson in self.lessons}

    def terms(self, id_: str) -> frozenset[str]:
        """Return the distinct terms of a lesson's file; empty for an unknown id."""
        return self._terms(id_)

    def _text(self, path: str) -> str:
        try:
            return decode(self._corpus.read(path)).text
        except Unreadable:
            return ""
