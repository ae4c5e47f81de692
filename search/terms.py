"""A lesson and its passages → the terms of its fields."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.lesson import Lesson, other_texts
from ingest.passage import Origin, Passage
from search.analyzer import terms
from search.postings import Field, LessonTerms


def terms_of(lesson: Lesson, passages: Sequence[Passage]) -> LessonTerms:
    """Analyze a lesson once, for both lexical structures."""
    headings = dict.fromkeys(heading for passage in passages for heading in passage.headings)
    fields = {
        Field.TITLE: [lesson.title],
        Field.HEADINGS: [heading for heading in headings if heading != lesson.title],
        Field.SUMMARY: [lesson.summary],
        Field.ANSWERS: lesson.answers,
        Field.TAGS: lesson.tags,
        Field.OTHER: other_texts(lesson.metadata),
    }
    return LessonTerms(
        {field: found for field, texts in fields.items() if (found := terms("\n".join(texts)))},
        [terms(passage.text) if passage.origin is Origin.BODY else [] for passage in passages],
    )
