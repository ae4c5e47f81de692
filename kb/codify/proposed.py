"""What a program has proposed in a lesson, put to whoever writes it: right, or wrong?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.places import Span, Steps
from kb.check.lesson_file import LessonFile
from kb.check.prompts import proposals, value_at
from kb.codify.unclear import Unclear
from kb.codify.written import Written
from kb.edit.edit import Edit, edited

_SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A value with a comment that nobody has confirmed."""

    shown: str
    """Key and value."""
    source: str
    """What the comment says: from where it is."""
    steps: Steps
    removal: Edit
    """What takes the comment away."""

    def said(self, lesson: Written) -> str:
        return "" if self._in(lesson) else _SETTLED

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        """Return what keeps the value without its comment, or takes both away; raises `Unclear`, `CannotEdit`."""
        word = answer.casefold()
        if word not in ("y", "yes", "n", "no"):
            raise Unclear("y or n")
        found = self._in(lesson)
        if not found:
            return []
        if word.startswith("y"):
            return [found.removal]
        kept = edited(lesson.text, [found.removal])
        key = str(found.steps[0])
        values = {key: _without(lesson.metadata, found.steps).get(key) or None}
        return [_between(lesson.text, edited(kept, Written(kept, lesson.kinds, lesson.path).set(values)))]

    def _in(self, lesson: Written) -> Proposed | None:
        """Return what it is by now: answers may have added to it, or stand above it."""
        alike = [each for each in proposed_in(lesson) if (each.steps[0], each.source) == (self.steps[0], self.source)]
        return next((each for each in alike if each.shown == self.shown), alike[0] if alike else None)


def proposed_in(lesson: Written) -> Iterator[Proposed]:
    """Yield what is proposed, from top to bottom."""
    file = lesson.file
    for span in proposals(file):
        if steps := _about(file, span):
            value = value_at(file.metadata, steps)
            said = file.said(span).partition("kb:")[2].strip()
            yield Proposed(f"{_name(steps)}: {_shown(value)}", said, steps, _removal(file, span))


def _about(file: LessonFile, span: Span) -> Steps:
    """Return what a comment is about: the last thing before it on its line, or the first below it."""
    places = [*file.places.keys.items(), *file.places.values.items()]
    placed = [(place.line, steps) for steps, place in places if steps]
    if file.rows[span.line][: span.column].strip():
        return max((steps for line, steps in placed if line == span.line), key=len, default=())
    after = min((line for line, _ in placed if line > span.line), default=-1)
    return min((steps for line, steps in placed if line == after), key=len, default=())


def _removal(file: LessonFile, span: Span) -> Edit:
    before = file.rows[span.line][: span.column].rstrip()
    if not before:
        return Edit(file.offset(span.line), file.offset(span.line + 1), "")
    return Edit(file.offset(span.line, len(before)), file.offset(span.end_line, span.end_column), "")


def _name(steps: Steps) -> str:
    return " ".join(step for step in steps if isinstance(step, str))


def _shown(value: Any) -> str:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return ", ".join(
        _shown(part) if isinstance(part, (dict, list)) else str(part) for part in parts if part is not None
    )


def _without(values: Any, steps: Steps) -> Any:
    """Return values without one of them."""
    values = copy.deepcopy(values)
    *above, last = steps
    del value_at(values, tuple(above))[last]
    return values


def _between(old: str, new: str) -> Edit:
    """Return the one edit that makes a text another, without what both begin and end with."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    end = next((at for at in range(most - start) if old[-1 - at] != new[-1 - at]), most - start)
    return Edit(start, len(old) - end, new[start : len(new) - end])
