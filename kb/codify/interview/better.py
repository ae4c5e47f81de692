"""Asks which direction of a figure is good, where its name does not say it or it would be a loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.format import BETTER
from ingest.lesson import impact_of, text_of
from kb.codify.interview.answer_places import first_of_impact, impact_entry
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.edit.edit import Edit
from kb.impact.effect import Effect, effect_of


@dataclass(frozen=True, slots=True)
class AsBetter:
    """The key `better` of one entry of `impact`."""

    where: Callable[[LessonInProgress], int | None] = first_of_impact
    """Returns the present index of the entry; None if there is none."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        return text_of(impact_entry(lesson, self.where(lesson)).get("better"))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        word = text_of(answer).strip(" .").casefold()
        if word not in BETTER:
            raise Unclear(f"answer {' or '.join(BETTER)}")
        number = self.where(lesson)
        new = {**impact_entry(lesson, self.where(lesson)), "better": word}
        return [] if number is None else lesson.set_item("impact", number, new)

    def is_needed(self, lesson: LessonInProgress) -> bool:
        """Return whether an entry has changed, and it is not known to be for the better."""
        effect = self._effect(lesson)
        changed = effect.effect if effect.effect is not None else effect.relative
        return bool(changed) and (not effect.direction or (changed or 0) * effect.direction < 0)

    def question(self, lesson: LessonInProgress) -> str:
        effect = self._effect(lesson)
        return f"Which is better of {effect.metric or 'it'}: less or more?"

    def _effect(self, lesson: LessonInProgress) -> Effect:
        return effect_of(impact_of(impact_entry(lesson, self.where(lesson))))
