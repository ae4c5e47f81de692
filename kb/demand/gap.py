"""A gap: a need that the library does not meet."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.wording import counted, shortened

if TYPE_CHECKING:
    from kb.forms.find import gaps as forms

_LONGEST_LABEL = 72


class Cure(StrEnum):
    """What would close a gap."""

    LESSON = "lesson"
    ANSWERS = "answers"
    """The question among the `answers` of a lesson that exists."""
    GLOSSARY = "glossary"
    """A word of the question that no lesson has, said in the lesson that is about it."""


class Close(NamedTuple):
    """A lesson near a gap."""

    id: str
    title: str

    def as_json(self) -> forms.CloseLesson:
        return {"id": self.id, "title": self.title}


class Remedy(NamedTuple):
    """What would close a gap, and where."""

    cure: Cure
    lesson: str = ""
    """Id of the lesson to change; empty for a new one."""
    word: str = ""
    """The word that no lesson has."""

    def as_json(self) -> forms.Remedy:
        return {"cure": self.cure.value, "lesson": self.lesson or None, "word": self.word or None}


class Gap(NamedTuple):
    """Questions about one need that the library does not meet."""

    label: str
    questions: tuple[str, ...]
    """As asked, the most central first; empty if only others asked."""
    words: tuple[str, ...]
    """The words that say most, as written; of a shared list, those of at least three people."""
    asked: int
    nearest: int
    """How often only the nearest lessons were found."""
    reworded: int
    """How often it was asked again at once in other words."""
    last: str
    """The day on which it was asked last, or for others shared."""
    people: int
    units: int
    closest: tuple[Close, ...]
    remedy: Remedy

    def as_json(self) -> forms.Gap:
        return {
            "label": self.label,
            "questions": list(self.questions),
            "words": list(self.words),
            "asked": self.asked,
            "nearest": self.nearest,
            "reworded": self.reworded,
            "last": self.last,
            "people": self.people,
            "units": self.units,
            "closest": [close.as_json() for close in self.closest],
            "remedy": self.remedy.as_json(),
        }

    @property
    def is_only_shared(self) -> bool:
        """Whether this user has never asked it."""
        return not self.questions

    def reasons(self) -> str:
        """Return how often it was asked, by whom, and why it counts as a gap."""
        parts = [f"asked {counted(self.asked, 'time')}"]
        if self.people > 1:
            parts.append(f"{counted(self.people, 'person', 'people')}")
        if self.units > 1:
            parts.append(counted(self.units, "unit"))
        if self.nearest:
            parts.append(_nearest(self.nearest, self.asked))
        if self.reworded:
            parts.append(f"asked again in other words {counted(self.reworded, 'time')}")
        if not self.is_only_shared and not self.nearest and not self.reworded:
            parts.append("no lesson was opened")
        return ", ".join([*parts, f"last asked {ago(self.last)}"])

    def advice(self) -> str:
        """Return what would close it."""
        return {
            Cure.LESSON: "a lesson is missing",
            Cure.ANSWERS: "a lesson was opened for it in other words; add the question to its answers",
            Cure.GLOSSARY: f"no lesson says {self.remedy.word!r}, and this one may be about it",
        }[self.remedy.cure]

    def command(self, number: int) -> str:
        """Return the command for that; `number`: its place in the list, from 1."""
        if self.remedy.cure is Cure.LESSON:
            return f"kb new --for {number}"
        return command_to_correct(self.questions[0] if self.questions else self.label, self.remedy.lesson)


def command_to_correct(question: str, lesson: str) -> str:
    """Return the command that adds a question to the `answers` of a lesson."""
    end = "-- " if question.startswith("-") else ""  # what follows is no option
    return f"kb correct {end}{shlex.quote(question)} {shlex.quote(lesson)}"


def day_of(seconds: int) -> str:
    """Return the day of a time in seconds since 1970, in UTC; a time that no calendar has is the first day of 1970."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "1970-01-01"


def ago(day: str, today: date | None = None) -> str:
    """Return how long ago a day was, in days; a day in the future is today, and no day is itself."""
    try:
        days = ((today or datetime.now(UTC).date()) - date.fromisoformat(day)).days
    except ValueError:
        return day
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def label_of(question: str) -> str:
    return shortened(" ".join(question.split()), _LONGEST_LABEL)


class Found(NamedTuple):
    """The gaps of a library, the heaviest first."""

    gaps: tuple[Gap, ...]
    hidden: int = 0
    """Gaps in shared lists that fewer than three people have, which are not shown."""
    met: int = 0
    """Needs in the log that the library meets now."""
    note: str = ""
    """Why there may be no gaps, for the user; empty if there is nothing to say."""

    def as_json(self) -> forms.Gaps:
        return {"gaps": [gap.as_json() for gap in self.gaps], "hidden": self.hidden, "met": self.met}


class Shared(NamedTuple):
    """The list of one person that was written for others."""

    path: Path
    gaps: int
    remarks: tuple[str, ...]
    """What the user must do: so that git can merge the lists, or that all of them count."""

    def as_json(self) -> forms.SharedGaps:
        return {"path": str(self.path), "shared": self.gaps}


def _nearest(count: int, asked: int) -> str:
    """Return how often only the nearest lessons were found."""
    times = "" if count == asked else f" {counted(count, 'time')}"
    return f"found only the nearest lessons{times}"
