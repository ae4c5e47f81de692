"""A lesson, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.lesson import Lesson
from kb.lessons.evidence import evidence_of_lesson
from kb.reuse.tally import tally
from kb.reuse.use import Use

if TYPE_CHECKING:
    from kb.forms.find import lessons as forms
    from kb.people.contact import Ask


@dataclass(frozen=True, slots=True)
class Shown:
    """A lesson, the text of it that is shown, and what others know of it."""

    lesson: Lesson
    text: str
    is_whole: bool
    """Whether it is the whole text instead of certain sections."""
    is_gone: bool
    """Whether the file was removed since the index was built; then the text is from the index."""
    ask: Ask | None
    """The person to ask about it; None if nobody is known."""
    uses: tuple[Use, ...]
    """By later interventions, the latest first."""

    def as_json(self) -> forms.ShownLesson:
        lesson, evidence = self.lesson, evidence_of_lesson(self.lesson)
        return {
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            "metadata": lesson.metadata,
            "evidence": evidence.as_json() if evidence else None,
            "ask": self.ask.as_json() if self.ask else None,
            "reuse": tally(self.uses).as_json() if self.uses else None,
            "reused_by": [use.as_json() for use in self.uses],
            "text": self.text,
        }
