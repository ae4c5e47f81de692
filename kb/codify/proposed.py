"""What a program has proposed in a lesson, put to whoever writes it: right, or wrong?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.format import FORMAT
from ingest.lesson import Metadata, text_of
from ingest.markdown import outline
from ingest.places import Span, Steps
from kb.check.days import read_day
from kb.check.groups.shape import flaws
from kb.check.groups.shape_rules import MISSING_KEY
from kb.check.lesson_file import LessonFile
from kb.check.prompts import proposals, value_at
from kb.codify.answer_places import CLAIMED, impact_of, name_and_contact
from kb.codify.dates import DateSaid, dates_in
from kb.codify.template import heading_line
from kb.codify.unclear import Unclear
from kb.codify.written import Written
from kb.edit.edit import Edit, edited

_SETTLED = "settled"
_KEEP, _DELETE, _CHANGE = "keep", "delete", "change"
_ANSWERS = {
    **dict.fromkeys(("y", "yes"), _KEEP),
    **dict.fromkeys(("n", "no"), _DELETE),
    **dict.fromkeys(("c", "change"), _CHANGE),
}
HOW_TO_ANSWER = "y keeps it, n deletes it, c changes it"


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
        """Return what keeps the value without its comment, takes both away, or puts another in its place.

        Raises `Unclear`, `CannotEdit`.
        """
        word, _, said = answer.strip().partition(" ")
        wanted = _ANSWERS.get(word.casefold())
        found = self._in(lesson)
        if wanted is None or (said.strip() and wanted is not _CHANGE):
            raise Unclear(HOW_TO_ANSWER)
        if wanted is _CHANGE and not said.strip():
            raise Unclear("c wants the right value behind it")
        if not found:
            return []
        if wanted is _KEEP:
            return [found.removal]
        metadata = _without(lesson.metadata, found.steps) if wanted is _DELETE else found.changed(lesson, said.strip())
        return [_between(lesson.text, found.confirmed(lesson, metadata))]

    def confirmed(self, lesson: Written, metadata: Metadata) -> str:
        """Return the text with what its key says now and without the comment; a title stands above the text too."""
        kept = Written(edited(lesson.text, [self.removal]), lesson.kinds, lesson.path)
        key = str(self.steps[0])
        after = edited(kept.text, kept.set({key: metadata.get(key) or None}))
        return (
            after if key != "title" else _retitled(after, text_of(lesson.metadata.get(key)), text_of(metadata.get(key)))
        )

    def changed(self, lesson: Written, said: str) -> Metadata:
        """Return the metadata with another value in the place of this one; raises `Unclear`."""
        metadata = copy.deepcopy(lesson.metadata)
        *above, last = self.steps
        within = value_at(metadata, tuple(above))
        within[last] = _value_of(said, self.steps, within[last])
        key = str(self.steps[0])
        found = flaws(FORMAT.keys[key], metadata[key], (key,)) if key in FORMAT.keys else ()
        for flaw in found:
            if flaw.steps[: len(self.steps)] == self.steps and flaw.rule is not MISSING_KEY:
                raise Unclear(flaw.message)
        return metadata

    def _in(self, lesson: Written) -> Proposed | None:
        """Return what it is by now: answers may have added to it, or stand above it."""
        alike = [each for each in proposed_in(lesson) if (each.steps[0], each.source) == (self.steps[0], self.source)]
        return next((each for each in alike if each.shown == self.shown), alike[0] if alike else None)


def asks_for_value(answer: str) -> str:
    """Return what to ask for after an answer that only says that a value is to be changed."""
    return "What is right?" if _ANSWERS.get(answer.strip().casefold()) is _CHANGE else ""


def proposed_in(lesson: Written) -> Iterator[Proposed]:
    """Yield what is proposed, from top to bottom."""
    file = lesson.file
    for span in proposals(file):
        if steps := _about(file, span):
            value = value_at(file.metadata, steps)
            said = file.said(span).partition("kb:")[2].strip()
            yield Proposed(f"{_name(steps)}: {_shown(value)}", said, steps, _removal(file, span))


def _about(file: LessonFile, span: Span) -> Steps:
    """Return what a comment is about: the last thing before it on its line, or the first below it.

    Where an item of a list begins below it, that item: the list itself begins on the same line.
    """
    places = [*file.places.keys.items(), *file.places.values.items()]
    placed = [(place.line, steps) for steps, place in places if steps]
    if file.rows[span.line][: span.column].strip():
        return max((steps for line, steps in placed if line == span.line), key=len, default=())
    after = min((line for line, _ in placed if line > span.line), default=-1)
    below = [steps for line, steps in placed if line == after]
    if file.rows[after].lstrip().startswith("- "):
        below = [steps for steps in below if isinstance(steps[-1], int)] or below
    return min(below, key=len, default=())


def _removal(file: LessonFile, span: Span) -> Edit:
    before = file.rows[span.line][: span.column].rstrip()
    if not before:
        return Edit(file.offset(span.line), file.offset(span.line + 1), "")
    return Edit(file.offset(span.line, len(before)), file.offset(span.end_line, span.end_column), "")


def _value_of(said: str, steps: Steps, old: Any) -> Any:
    """Read what somebody has typed as a value of the kind that stands there."""
    key = steps[0]
    if key == "people" and isinstance(old, dict):
        name, contact = name_and_contact(said)
        return {**old, "name": name, **({"contact": contact} if contact else {})}
    if key == "impact" and isinstance(old, dict):
        return {**{part: value for part, value in old.items() if part not in CLAIMED}, **impact_of(said)}
    if isinstance(old, list):
        return [part.strip() for part in said.split(",") if part.strip()]
    return next(dates_in(said), DateSaid(said, read_day(said) or said)).day if key in _DAYS else said


_DAYS = ("date", "review_by")


def _retitled(text: str, old: str, new: str) -> str:
    """Return the text with its heading of level 1 changed, where that said the old title."""
    if not new:
        return text
    for heading in outline(text).headings:
        if heading.level == 1 and heading.title == " ".join(old.split()):
            rows = text.split("\n")
            rows[slice(*heading.lines)] = [heading_line(new)]
            return "\n".join(rows)
    return text


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
