"""Where the answers of an interview are written: below a heading, into a key, as people, as an impact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ingest.format import DESIGNS
from ingest.kinds import Kind
from ingest.lesson import text_of, texts_of
from kb.codify.interview.design_figures import asked_for, figures_for
from kb.codify.interview.impact_words import CLAIMED, impact_of
from kb.codify.interview.person_words import person_of
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.edit.edit import Edit, between
from kb.errors import WrongDate
from kb.impact.worth import in_a_phrase
from kb.lessons.evidence import EVIDENCE_IN_WORDS
from kb.life.review_date import review_date


class Place(Protocol):
    """The place in a lesson where the answer to a question is written."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        """Return the answer so far; empty if there is none."""

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        """Return the edits that write an answer; raises `CannotEdit`."""


@dataclass(frozen=True, slots=True)
class InSection:
    """Below the heading of a kind."""

    kind: Kind

    def answer_in(self, lesson: LessonInProgress) -> str:
        return lesson.sections.text_of(self.kind)

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        return lesson.sections.answer(self.kind, answer)


@dataclass(frozen=True, slots=True)
class InText:
    """The single value of a key."""

    key: str

    def answer_in(self, lesson: LessonInProgress) -> str:
        return text_of(lesson.metadata.get(self.key))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        return lesson.set({self.key: text_of(answer)})


@dataclass(frozen=True, slots=True)
class AsReviewDate:
    """A date in the future."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        return text_of(lesson.metadata.get("review_by"))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        try:
            return lesson.set({"review_by": review_date(answer, date.today())})
        except WrongDate as error:
            raise Unclear(str(error)) from error


@dataclass(frozen=True, slots=True)
class InList:
    """One list item per line, and also per part between separators."""

    key: str
    separator: str = "\n"

    def answer_in(self, lesson: LessonInProgress) -> str:
        return self.separator.join(texts_of(lesson.metadata.get(self.key)))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        return lesson.set({self.key: list(_lines(answer.replace(self.separator.strip(" "), "\n")))})


@dataclass(frozen=True, slots=True)
class InBoth:
    """Below a heading, and each line also as a list item."""

    kind: Kind
    key: str

    def answer_in(self, lesson: LessonInProgress) -> str:
        return InSection(self.kind).answer_in(lesson)

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        return [*InSection(self.kind).edits(lesson, answer), *InList(self.key).edits(lesson, answer)]


@dataclass(frozen=True, slots=True)
class InRecord:
    """One key of a mapping."""

    key: str
    part: str

    def answer_in(self, lesson: LessonInProgress) -> str:
        return text_of(self._record(lesson).get(self.part))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        return lesson.set({self.key: {**self._record(lesson), self.part: text_of(answer)}})

    def _record(self, lesson: LessonInProgress) -> Mapping[str, Any]:
        found = lesson.metadata.get(self.key)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class AsPeople:
    """People with a role, one per line: a name, then a contact; contacts are also written below their heading."""

    role: str

    def answer_in(self, lesson: LessonInProgress) -> str:
        people = (person for person in lesson.reading.lesson.people if person.role == self.role)
        return "\n".join(", ".join(part for part in (person.name, person.contact) if part) for person in people)

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        kept = lesson
        for number, person in reversed([*enumerate(items_of(lesson, "people"))]):
            if isinstance(person, dict) and person.get("role") == self.role:
                kept = kept.edited(kept.set_item("people", number, None))  # with kb's comments on proposed people
        people = [*items_of(kept, "people"), *(self._person(line) for line in _lines(answer))]
        keys = between(lesson.text, kept.edited(kept.set({"people": people})).text)
        below = InSection(Kind.PEOPLE).edits(lesson, answer) if self.role == "contact" else []
        return [keys, *below]

    def _person(self, line: str) -> dict[str, str]:
        person = person_of(line)
        name = person.get("name") or person.get("contact") or line
        contact = person.get("contact", "") if "name" in person else ""
        return {"name": name, "role": self.role, **({"contact": contact} if contact else {})}


@dataclass(frozen=True, slots=True)
class AsImpact:
    """The first entry of `impact`, and the text below its heading."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        shown = (in_a_phrase(impact) for impact in lesson.reading.lesson.impact)
        return InSection(Kind.IMPACT).answer_in(lesson) or next(shown, "")

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        items = items_of(lesson, "impact")
        first, others = (items[0], items[1:]) if items and isinstance(items[0], dict) else ({}, items)
        old = {key: value for key, value in first.items() if key not in CLAIMED}
        keys = lesson.set({"impact": [{**old, **impact_of(answer)}, *others]})
        return [*InSection(Kind.IMPACT).edits(lesson, answer), *keys]


def first_of_impact(lesson: LessonInProgress) -> int | None:
    return 0 if items_of(lesson, "impact") else None


def impact_entry(lesson: LessonInProgress, number: int | None) -> Mapping[str, Any]:
    """Return an entry of `impact`; empty if there is none with that number."""
    found = items_of(lesson, "impact")[number] if number is not None else {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class AsDesign:
    """The design of one entry of `impact`, and what it was compared with."""

    where: Callable[[LessonInProgress], int | None] = first_of_impact
    """Returns the present index of the entry; None if there is none."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        entry = impact_entry(lesson, self.where(lesson))
        shown = (text_of(entry.get(key)) for key in _SHOWN)
        return ", ".join(EVIDENCE_IN_WORDS.get(text, text) for text in shown if text)

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        number = self.where(lesson)
        old = {key: value for key, value in impact_entry(lesson, number).items() if key not in _SHOWN}
        first, _, figures = answer.partition("\n")
        said = design_of(first)
        new = {**old, **said, **figures_for(said["design"], figures.strip())}
        return lesson.set({"impact": [new]}) if number is None else lesson.set_item("impact", number, new)


_SHOWN = ("design", "compared_with", "target")


def design_of(answer: str) -> dict[str, str]:
    """Parse a design, given by number or name, and the comparison after it: `2 the three months before`.

    Raises `Unclear`.
    """
    first, _, rest = text_of(answer).partition(" ")
    design = _design(first.strip(".,:)").casefold())
    if not design:
        raise Unclear("begin with 1, 2, 3 or 4")
    key = {"objectives-based": "target", "none": "note"}.get(design, "compared_with")
    return {"design": design, **({key: rest.strip(" ,:")} if rest.strip(" ,:") else {})}


def asked_after_design(answer: str) -> str:
    """Return what to ask after an answer to the question about the design; empty if its design needs no figures."""
    return asked_for(_design(answer.strip().partition(" ")[0].strip(".,:)").casefold()))


def _design(word: str) -> str:
    if word.isdecimal() and 1 <= int(word) <= len(DESIGNS):
        return DESIGNS[int(word) - 1]
    return next((design for design in DESIGNS if len(word) > 2 and design.startswith(word)), "")


def _lines(answer: str) -> Iterator[str]:
    """Yield the lines of an answer without list markers."""
    for line in answer.splitlines():
        if stripped := re.sub(r"^\s*(?:[-*+\u2022]|\d+[.)])\s+", "", line).strip():
            yield text_of(stripped)


def items_of(lesson: LessonInProgress, key: str) -> list[Any]:
    """Return the present items of a list."""
    found = lesson.metadata.get(key)
    return found if isinstance(found, list) else [] if found is None else [found]
