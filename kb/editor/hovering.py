"""What an editor shows beside the word under the pointer."""

from __future__ import annotations

from typing import NamedTuple

from ingest.lesson import Lesson
from ingest.problem import Unreadable
from kb.check.explaining import explained
from kb.editor.completing import about_key, shape_at
from kb.editor.linking import links
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Position, Range
from kb.lessons.evidence import evidence_of_lesson
from kb.visible import visible


class Hover(NamedTuple):
    """Plain text, and what it is about."""

    text: str
    range: Range


def hover(lesson: OpenLesson, position: Position) -> Hover | None:
    """Return what is known of a link, a key of the front matter, or a finding; None if nothing is there."""
    try:
        return _of_link(lesson, position) or _of_key(lesson, position) or _of_finding(lesson, position)
    except Unreadable:
        return None


def _of_link(lesson: OpenLesson, position: Position) -> Hover | None:
    for link in links(lesson):
        other = lesson.census.by_location.get(link.target)
        if other and link.range.start <= position <= link.range.end:
            return Hover(visible(card(other.lesson)), link.range)
    return None


def card(lesson: Lesson) -> str:
    """Return what a reader wants to know before opening a lesson."""
    evidence = evidence_of_lesson(lesson)
    facts = [lesson.id, lesson.status or "no status", lesson.date or "no date"]
    shown = evidence.in_words if evidence else "no impact measured"
    return "\n".join(filter(None, [lesson.title, " · ".join(facts), shown, lesson.summary and f"\n{lesson.summary}"]))


def _of_key(lesson: OpenLesson, position: Position) -> Hover | None:
    place = lesson.text.place(position)
    for steps, span in lesson.file.places.keys.items():
        if span.line == place[0] and span.column <= place[1] <= span.end_column:
            key = shape_at(str(step) for step in steps if isinstance(step, str))
            start, end = (lesson.text.position(span.line, column) for column in (span.column, span.end_column))
            return Hover(about_key(key), Range(start, end)) if key else None
    return None


def _of_finding(lesson: OpenLesson, position: Position) -> Hover | None:
    """Return the explanation of the rule that is broken here."""
    for finding in lesson.findings:
        place = lesson.range_of(finding)
        if place.start <= position <= place.end:
            return Hover(explained(finding.code), place)
    return None
