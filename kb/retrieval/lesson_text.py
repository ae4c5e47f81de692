"""The text of a lesson, from its current file or from the index."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from ingest.files.corpus import Corpus
from ingest.kinds import Kind, KindTable
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.catalogue.catalogue import Catalogue
from kb.errors import UnknownLesson
from kb.lessons.excerpt import excerpt, excerpt_of_index


def text_of(
    lesson: Lesson,
    corpus: Corpus,
    kinds: KindTable,
    open_catalogue: Callable[[], Catalogue],
    kind: Kind | None = None,
    line: int | None = None,
) -> str:
    """Return the body of a lesson's current file, its sections of one kind, or the section at a line.

    If the file cannot be read, the text is from the index. Raises `UnknownLesson` if there is no such section.
    """
    try:
        reading = read_lesson(corpus.read(lesson.path), lesson.path, lesson.id, kinds)
    except Unreadable:
        with closing(open_catalogue()) as catalogue:
            passages = catalogue.passages(lesson.path)
        texts = excerpt_of_index([passage for passage in passages if passage.origin is Origin.BODY], kind, line)
    else:
        texts = excerpt(reading, kind, line)
    if kind and not texts:
        raise UnknownLesson(f"{lesson.id} has no section of the kind {kind.value}")
    return "\n\n".join(text for text in texts if text)
