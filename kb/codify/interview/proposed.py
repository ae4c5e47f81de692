"""The values that a program has proposed in a lesson, as questions to its author: right or wrong?"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.format import FORMAT
from ingest.front_matter.places import Span, Steps
from ingest.lesson import Metadata, text_of
from ingest.markdown.blocks import outline
from kb.check.groups.structure.shape import flaws
from kb.check.groups.structure.shape_rules import MISSING_KEY
from kb.codify.interview import impact_words, person_words
from kb.codify.interview.answer_places import items_of
from kb.codify.interview.followed import Followed
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.codify.template import heading_line
from kb.corpus.lesson_file import LessonFile
from kb.corpus.prompts import proposals, value_at
from kb.edit.edit import Edit, between
from kb.figures.dates import WrittenDate, dates_in
from kb.figures.days import read_day

_KEEP, _DELETE, _CHANGE = "keep", "delete", "change"
_ANSWERS = {
    **dict.fromkeys(("y", "yes"), _KEEP),
    **dict.fromkeys(("n", "no"), _DELETE),
    **dict.fromkeys(("c", "change"), _CHANGE),
}
HOW_TO_ANSWER = "y keeps it, n deletes it, c changes it"
_WHAT_IS_RIGHT = "What is right?"
_DAYS = ("date", "review_by")
_EXAMPLES = {"impact": impact_words.EXAMPLE, "people": person_words.EXAMPLE}


class Proposed:
    """A proposed, unconfirmed value, wherever it is in the file at present."""

    def __init__(self, steps: Steps, sources: Sequence[str], value: Any, followed: Followed | None) -> None:
        """`steps` is its present path; `followed` tracks its list, if it is an entry of one or within such an entry."""
        self.source = "\n".join(dict.fromkeys(sources))
        """The text of its comments, which says where it comes from."""
        self.key = str(steps[0])
        self._below = steps[1:] if followed is None else steps[2:]
        self._number = steps[1] if followed and isinstance(steps[1], int) else None
        self._followed = followed
        self._name = " ".join(step for step in steps if isinstance(step, str))
        self._value = value

    def place(self, lesson: LessonInProgress) -> int | None:
        """Return the present index of its list entry; None if that is gone or it is in no list."""
        if self._followed is None or self._number is None:
            return None
        return self._followed.at(self._number, items_of(lesson, self.key))

    def asks(self, lesson: LessonInProgress) -> str:
        """Return the question, with the present value, or the deleted one."""
        value = self._now(lesson)
        return f"Is this right? {self._name}: {shown(self._value if value is None else value)}"

    def answer_in(self, lesson: LessonInProgress) -> str:
        if self._removals(lesson):
            return ""
        return "deleted" if self._steps(lesson) is None else "kept"

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        """Return the edits that keep the value without its comment, delete both, or replace the value.

        An answer that keeps or changes a deleted value restores it. Raises `Unclear`, `CannotEdit`.
        """
        wanted, value = _read(answer)
        steps = self._steps(lesson)
        if steps is None:
            if wanted == _DELETE:
                return []
            lesson_then, steps = self._put_back(lesson)
        else:
            self._value = value_at(lesson.metadata, steps)
            lesson_then = lesson.edited(self._removals(lesson))
        if wanted == _DELETE:
            lesson_then = self._without(lesson_then, steps)
        elif wanted == _CHANGE:
            lesson_then = self._changed(lesson_then, steps, value)
        return [between(lesson.text, lesson_then.text)]

    def result(self, lesson: LessonInProgress, answer: str) -> str:
        """Return what to show after an answer was written: the deleted value, or the changed one as it is now."""
        wanted, _ = _read(answer)
        now = self._now(lesson)
        if wanted == _DELETE:
            return f"deleted: {shown(self._value)}"
        return f"now: {shown(now)}" if wanted == _CHANGE else ""

    def asks_more(self, answer: str) -> str:
        """Return what to ask after an answer that only says that the value is to be changed."""
        if _ANSWERS.get(answer.strip().casefold()) != _CHANGE:
            return ""
        return f"{_WHAT_IS_RIGHT} (for instance: {self.example})" if self.example else _WHAT_IS_RIGHT

    @property
    def example(self) -> str:
        """Return an example of how to type the value, if that is not obvious."""
        return "" if self._below or self._number is None else _EXAMPLES.get(self.key, "")

    def _steps(self, lesson: LessonInProgress) -> Steps | None:
        """Return the present path of the value; None if it is gone."""
        if self._number is None:
            steps: Steps = (self.key, *self._below)
        elif (place := self.place(lesson)) is not None:
            steps = (self.key, place, *self._below)
        else:
            return None
        *above, last = steps
        within = value_at(lesson.metadata, tuple(above))
        return steps if isinstance(last, int) or (isinstance(within, dict) and last in within) else None

    def _now(self, lesson: LessonInProgress) -> Any:
        steps = self._steps(lesson)
        return None if steps is None else value_at(lesson.metadata, steps)

    def _removals(self, lesson: LessonInProgress) -> list[Edit]:
        """Return the edits that remove the comments that mark the value as unconfirmed."""
        steps, file = self._steps(lesson), lesson.file
        return [_removal(file, span) for span in proposals(file) if steps and _about(file, span) == steps]

    def _without(self, lesson: LessonInProgress, steps: Steps) -> LessonInProgress:
        if len(steps) > 1 and isinstance(steps[1], int) and not self._below and self._followed:
            entries = items_of(lesson, self.key)
            numbers = self._followed.numbers(entries)
            left = [number for at, number in enumerate(numbers) if at != steps[1]]
            self._followed.expect([entry for at, entry in enumerate(entries) if at != steps[1]], left)
            return lesson.edited(lesson.set_item(self.key, steps[1], None))
        metadata = copy.deepcopy(lesson.metadata)
        *above, last = steps
        del value_at(metadata, tuple(above))[last]
        return self._with(lesson, metadata, steps)

    def _put_back(self, lesson: LessonInProgress) -> tuple[LessonInProgress, Steps]:
        """Return the lesson with the deleted value restored, and its path."""
        metadata = copy.deepcopy(lesson.metadata)
        if self._followed and self._number is not None and not self._below:
            entries = [*items_of(lesson, self.key)]
            numbers = [*self._followed.numbers(entries)]
            at = sum(number < self._number for number in numbers)
            entries.insert(at, self._value)
            numbers.insert(at, self._number)
            self._followed.expect(entries, numbers)
            return lesson.edited(lesson.insert_item(self.key, at, self._value)), (self.key, at)
        place = self.place(lesson)
        steps: Steps = (self.key, *(() if place is None else (place,)), *self._below)
        *above, last = steps
        within = value_at(metadata, tuple(above))
        if not isinstance(within, dict):
            raise Unclear("what it was part of is gone as well")
        within[last] = self._value
        return self._with(lesson, metadata, steps), steps

    def _changed(self, lesson: LessonInProgress, steps: Steps, value: str) -> LessonInProgress:
        """Return the lesson with the value replaced; raises `Unclear`."""
        metadata = copy.deepcopy(lesson.metadata)
        *above, last = steps
        within = value_at(metadata, tuple(above))
        within[last] = _value_of(value, steps, within[last])
        found = flaws(FORMAT.keys[self.key], metadata[self.key], (self.key,)) if self.key in FORMAT.keys else ()
        for flaw in found:
            if flaw.steps[: len(steps)] == steps and flaw.rule is not MISSING_KEY:
                raise Unclear(flaw.message)
        after = self._with(lesson, metadata, steps)
        if self._followed:
            self._followed.expect(items_of(after, self.key), self._followed.numbers(items_of(lesson, self.key)))
        return after

    def _with(self, lesson: LessonInProgress, metadata: Metadata, steps: Steps) -> LessonInProgress:
        """Return the lesson with one key from the given metadata; a new title also replaces the heading."""
        if len(steps) > 1 and isinstance(steps[1], int):
            return lesson.edited(lesson.set_item(self.key, steps[1], metadata[self.key][steps[1]]))
        after = lesson.edited(lesson.set({self.key: metadata.get(self.key) or None}))
        if self.key != "title":
            return after
        old, new = text_of(lesson.metadata.get("title")), text_of(metadata.get("title"))
        return LessonInProgress(_retitled(after.text, old, new), lesson.kinds, lesson.path)


class Stray:
    """A comment on a proposed value that was deleted without it."""

    example = ""

    def __init__(self, source: str) -> None:
        self.source = source
        self.key = ""

    def place(self, lesson: LessonInProgress) -> int | None:
        return None

    def asks(self, lesson: LessonInProgress) -> str:
        return "Delete this comment? What it was about is gone."

    def answer_in(self, lesson: LessonInProgress) -> str:
        return "" if self._removals(lesson) else "gone"

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        wanted, _ = _read(answer)
        if wanted == _CHANGE:
            raise Unclear("answer y to delete it")
        return self._removals(lesson)

    def result(self, lesson: LessonInProgress, answer: str) -> str:
        return ""

    def asks_more(self, answer: str) -> str:
        return ""

    def _removals(self, lesson: LessonInProgress) -> list[Edit]:
        file = lesson.file
        return [
            _removal(file, span)
            for span in proposals(file)
            if not _about(file, span) and _source(file, span) == self.source
        ]


def proposed_in(lesson: LessonInProgress, followed: dict[str, Followed] | None = None) -> Iterator[Proposed | Stray]:
    """Yield the proposals from top to bottom; the entries of a list share one tracker, stored in `followed`."""
    file = lesson.file
    followed = {} if followed is None else followed
    sources: dict[Steps, list[str]] = {}
    for span in proposals(file):
        steps, source = _about(file, span), _source(file, span)
        if steps:
            sources.setdefault(steps, []).append(source)
        else:
            yield Stray(source)
    for steps, value in sources.items():
        in_list = len(steps) > 1 and isinstance(steps[1], int)
        entries = followed.setdefault(str(steps[0]), Followed(items_of(lesson, str(steps[0])))) if in_list else None
        yield Proposed(steps, value, value_at(file.metadata, steps), entries)


def is_proposed(lesson: LessonInProgress, key: str, number: int) -> bool:
    """Return whether an entry of a list, or something in it, is unconfirmed."""
    file = lesson.file
    return any(_about(file, span)[:2] == (key, number) for span in proposals(file))


def shown(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        is_person = "name" in value and "metric" not in value
        return person_words.person_in_words(value) if is_person else impact_words.impact_in_words(value)
    if isinstance(value, list):
        return ("; " if any(isinstance(part, dict) for part in value) else ", ").join(map(shown, value))
    return "" if value is None else str(value)


def _read(answer: str) -> tuple[str, str]:
    """Return the requested action and the right value after it; raises `Unclear`."""
    word, _, value = answer.strip().partition(" ")
    wanted, value = _ANSWERS.get(word.casefold()), value.strip()
    if wanted is None or (value and wanted != _CHANGE):
        raise Unclear(HOW_TO_ANSWER)
    if wanted == _CHANGE and not value:
        raise Unclear("write the right value after c")
    return wanted, value


def _source(file: LessonFile, span: Span) -> str:
    return file.text_in(span).partition("kb:")[2].strip()


def _about(file: LessonFile, span: Span) -> Steps:
    """Return the path of what a comment is about: the value before it on its line, else the first one below it.

    If a list begins below it, that is the first item, not the list. Empty if the row below is indented less.
    """
    if file.rows[span.line][: span.column].strip():
        return _before(file, span)
    places = [*file.places.keys.items(), *file.places.values.items()]
    placed = [(place.line, steps) for steps, place in places if steps]
    after = min((line for line, _ in placed if line > span.line), default=-1)
    row = file.rows[after] if after >= 0 else ""
    if after < 0 or after >= _end(file) or len(row) - len(row.lstrip()) < span.column:
        return ()
    below = [steps for line, steps in placed if line == after]
    if row.lstrip().startswith("- "):
        below = [steps for steps in below if isinstance(steps[-1], int)] or below
    return min(below, key=len, default=())


def _before(file: LessonFile, span: Span) -> Steps:
    """Return the outermost value that ends before a comment on its line, else the key on that line."""
    ends = [
        (-place.end_column, len(steps), steps)
        for steps, place in file.places.values.items()
        if steps and place.end_line == span.line and place.end_column <= span.column and place.line <= span.line
    ]
    keys = (steps for steps, place in file.places.keys.items() if place.line == span.line)
    return min(ends)[2] if ends else max(keys, key=len, default=())


def _end(file: LessonFile) -> int:
    return file.reading.front_matter[1] if file.reading.front_matter else 0


def _removal(file: LessonFile, span: Span) -> Edit:
    before = file.rows[span.line][: span.column].rstrip()
    if not before:
        return Edit(file.offset(span.line), file.offset(span.line + 1), "")
    return Edit(file.offset(span.line, len(before)), file.offset(span.end_line, span.end_column), "")


def _value_of(value: str, steps: Steps, old: Any) -> Any:
    """Parse typed text as a value of the same type as the old one; of a mapping, parts not contradicted stay."""
    key = steps[0]
    if key == "people" and isinstance(old, dict):
        return {**old, **person_words.person_of(value)}
    if key == "impact" and isinstance(old, dict):
        return impact_words.impact_changed(old, value)
    if isinstance(old, list):
        return [part.strip() for part in value.split(",") if part.strip()]
    return next(dates_in(value), WrittenDate(value, read_day(value) or value)).day if key in _DAYS else value


def _retitled(text: str, old: str, new: str) -> str:
    """Return the text with its level 1 heading changed, if that was the old title."""
    if not new:
        return text
    for heading in outline(text).headings:
        if heading.level == 1 and heading.title == " ".join(old.split()):
            rows = text.split("\n")
            rows[slice(*heading.lines)] = [heading_line(new)]
            return "\n".join(rows)
    return text
