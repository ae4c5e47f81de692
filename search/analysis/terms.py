"""A lesson and its passages → the terms of its fields."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.lesson import Lesson
from ingest.markdown.searched import searched_text
from ingest.other_texts import other_texts
from ingest.passages.passage import Origin, Passage
from search.analysis.analyzer import indexed
from search.analysis.lesson_terms import Field, LessonTerms


def terms_of(lesson: Lesson, passages: Sequence[Passage]) -> LessonTerms:
    """Return the terms of a lesson's fields and of its passages."""
    headings = dict.fromkeys(heading for passage in passages for heading in passage.headings)
    texts = {
        Field.TITLE: [lesson.title],
        Field.HEADINGS: [heading for heading in headings if heading != lesson.title],
        Field.SUMMARY: [searched_text(lesson.summary)],
        Field.ANSWERS: lesson.answers,
        Field.TAGS: lesson.tags,
        Field.OTHER: other_texts(lesson.metadata),
    }
    fields = {field: found for field, lines in texts.items() if (found := indexed("\n".join(lines))).words}
    bodies = [indexed(searched_text(passage.text) if passage.origin is Origin.BODY else "") for passage in passages]
    further = {(field, 0): found.further for field, found in fields.items() if found.further}
    further |= {(Field.BODY, number): found.further for number, found in enumerate(bodies) if found.further}
    words = {field: found.words for field, found in fields.items()}
    spellings = set().union(*(found.spellings for found in (*fields.values(), *bodies)))
    return LessonTerms(words, [found.words for found in bodies], further, spellings)
