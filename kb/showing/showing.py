"""Shows lessons of a knowledge base: their text is that of the current file, all else is from the index."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from ingest.files.corpus import Corpus
from ingest.kinds import Kind, KindTable
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.errors import UnknownLesson
from kb.people.contact import whom_to_ask
from kb.retrieval.opening import Opening
from kb.reuse.use import REUSED, uses_by_lesson
from kb.showing.excerpt import excerpt, excerpt_of_index
from kb.showing.shown import Shown


class Showing(NamedTuple):
    """Shows lessons of one knowledge base."""

    corpus: Corpus
    kinds: KindTable
    opening: Opening

    def shown(self, lesson: Lesson, kind: Kind | None = None, line: int | None = None) -> Shown:
        """Return what is shown of a lesson; raises as `text` does."""
        text = self.text(lesson, kind, line)
        with closing(self.opening.catalogue()) as catalogue:
            others = catalogue.lessons_stating(REUSED, lesson.id)
        directory = self.opening.directory()
        return Shown(
            lesson,
            text,
            is_whole=not (kind or line),
            is_gone=not (self.corpus.root / lesson.path).exists(),
            ask=whom_to_ask(lesson, directory),
            uses=uses_by_lesson(others, self.opening.recorded().uses, directory).get(lesson.id, ()),
        )

    def text(self, lesson: Lesson, kind: Kind | None = None, line: int | None = None) -> str:
        """Return the body of a lesson, its sections of one kind, or the section at a line.

        If the file cannot be read, the text is from the index. Raises `UnknownLesson` if there is no such section.
        """
        try:
            reading = read_lesson(self.corpus.read(lesson.path), lesson.path, lesson.id, self.kinds)
        except Unreadable:
            with closing(self.opening.catalogue()) as catalogue:
                passages = catalogue.passages(lesson.path)
            texts = excerpt_of_index([passage for passage in passages if passage.origin is Origin.BODY], kind, line)
        else:
            texts = excerpt(reading, kind, line)
        if kind and not texts:
            raise UnknownLesson(f"{lesson.id} has no section of the kind {kind.value}")
        return "\n\n".join(text for text in texts if text)
