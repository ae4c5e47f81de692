"""Where the answers of an interview go: below a heading, into a key, as people, as an impact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ingest.format import DESIGNS
from ingest.kinds import Kind
from ingest.lesson import text_of, texts_of
from kb.codify.review_date import review_date
from kb.codify.unclear import Unclear
from kb.codify.written import Written
from kb.edit.edit import Edit
from kb.errors import WrongDate
from kb.figures import figures
from kb.worth import EVIDENCE_IN_WORDS, in_a_phrase


class Place(Protocol):
    """Where the answer to a question goes in a lesson."""

    def said(self, lesson: Written) -> str:
        """Return the answer so far, nothing if there is none."""

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        """Return what puts an answer there; raises `CannotEdit`."""


@dataclass(frozen=True, slots=True)
class InSection:
    """Below the heading of a kind."""

    kind: Kind

    def said(self, lesson: Written) -> str:
        return lesson.sections.said(self.kind)

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        return lesson.sections.answer(self.kind, answer)


@dataclass(frozen=True, slots=True)
class InText:
    """The one value of a key."""

    key: str

    def said(self, lesson: Written) -> str:
        return text_of(lesson.metadata.get(self.key))

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        return lesson.set({self.key: text_of(answer)})


@dataclass(frozen=True, slots=True)
class AsReviewDate:
    """A date that is ahead."""

    def said(self, lesson: Written) -> str:
        return text_of(lesson.metadata.get("review_by"))

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        try:
            return lesson.set({"review_by": review_date(answer, date.today())})
        except WrongDate as error:
            raise Unclear(str(error)) from error


@dataclass(frozen=True, slots=True)
class InList:
    """An item for each line, or besides between commas."""

    key: str
    separator: str = "\n"

    def said(self, lesson: Written) -> str:
        return self.separator.join(texts_of(lesson.metadata.get(self.key)))

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        return lesson.set({self.key: list(_lines(answer.replace(self.separator.strip(" "), "\n")))})


@dataclass(frozen=True, slots=True)
class InBoth:
    """Below a heading, and an item of a list for each line."""

    kind: Kind
    key: str

    def said(self, lesson: Written) -> str:
        return InSection(self.kind).said(lesson)

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        return [*InSection(self.kind).edits(lesson, answer), *InList(self.key).edits(lesson, answer)]


@dataclass(frozen=True, slots=True)
class InRecord:
    """One key of a mapping."""

    key: str
    part: str

    def said(self, lesson: Written) -> str:
        return text_of(self._record(lesson).get(self.part))

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        return lesson.set({self.key: {**self._record(lesson), self.part: text_of(answer)}})

    def _record(self, lesson: Written) -> Mapping[str, Any]:
        found = lesson.metadata.get(self.key)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class AsPeople:
    """People with a role, one on each line: a name, then how to reach them; those to ask below their heading too."""

    role: str

    def said(self, lesson: Written) -> str:
        people = (person for person in lesson.reading.lesson.people if person.role == self.role)
        return "\n".join(", ".join(part for part in (person.name, person.contact) if part) for person in people)

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        others = [person for person in _items(lesson, "people") if not self._is_one(person)]
        below = InSection(Kind.PEOPLE).edits(lesson, answer) if self.role == "contact" else []
        return [*lesson.set({"people": [*others, *(self._person(line) for line in _lines(answer))]}), *below]

    def _is_one(self, person: Any) -> bool:
        return isinstance(person, dict) and person.get("role") == self.role

    def _person(self, line: str) -> dict[str, str]:
        name, contact = name_and_contact(line)
        return {"name": name, "role": self.role, **({"contact": contact} if contact else {})}


@dataclass(frozen=True, slots=True)
class AsImpact:
    """The first entry of `impact`, and the text below its heading."""

    def said(self, lesson: Written) -> str:
        shown = (in_a_phrase(impact) for impact in lesson.reading.lesson.impact)
        return InSection(Kind.IMPACT).said(lesson) or next(shown, "")

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        first, others = _first_impact(lesson)
        old = {key: value for key, value in first.items() if key not in CLAIMED}
        keys = lesson.set({"impact": [{**old, **impact_of(answer)}, *others]})
        return [*InSection(Kind.IMPACT).edits(lesson, answer), *keys]


@dataclass(frozen=True, slots=True)
class AsDesign:
    """How the first entry of `impact` is shown, and against what."""

    def said(self, lesson: Written) -> str:
        first, _ = _first_impact(lesson)
        shown = (text_of(first.get(key)) for key in _SHOWN)
        return ", ".join(EVIDENCE_IN_WORDS.get(text, text) for text in shown if text)

    def edits(self, lesson: Written, answer: str) -> list[Edit]:
        first, others = _first_impact(lesson)
        old = {key: value for key, value in first.items() if key not in _SHOWN}
        return lesson.set({"impact": [{**old, **design_of(answer)}, *others]})


CLAIMED = ("metric", "before", "after", "unit", "change", "note")
_SHOWN = ("design", "compared_with", "target")


def impact_of(answer: str) -> dict[str, str | int]:
    """Read what changed: `returned parcels a week: 40 -> 6`, `costs down 48 %`; else it is a note."""
    whole = text_of(answer)
    if found := _ARROW.fullmatch(whole):
        entry = {key: (value or "").strip(" :,") for key, value in found.groupdict().items()}
        return {key: _number(value) for key, value in entry.items() if value}
    claims = figures(whole)
    if not claims:
        return {"note": whole}
    claim = claims[0]
    figure = {key: _number(said) for key in ("before", "after", "change", "unit") if (said := getattr(claim, key))}
    return {"metric": _metric(whole[: claim.start]) or whole, **figure}


_AMOUNT = r"[$€£]?\d[\d.,]*(?:\s?%)?"
_ARROW = re.compile(
    rf"(?P<metric>.*?)\s*(?:\bfrom\s+)?(?P<before>{_AMOUNT})\s*(?P<unit>[^\W\d_][\w /]*?)?"
    rf"\s*(?:->|=>|→|\bto\b)\s*(?P<after>{_AMOUNT})[\w /]*\.?"
)


def _number(text: str) -> str | int:
    return int(text) if re.fullmatch(r"[1-9]\d{0,15}|0", text, re.ASCII) else text


def _metric(text: str) -> str:
    return re.sub(r"\s+(?:is|are|was|were|has|have|went|gone|came|been)\b.*$", "", text.strip(" :,-"))


def design_of(answer: str) -> dict[str, str]:
    """Read a design by its number or its name, and behind it against what: `2 the three months before`.

    Raises `Unclear`.
    """
    first, _, rest = text_of(answer).partition(" ")
    design = _design(first.strip(".,:)").casefold())
    if not design:
        raise Unclear("begin with 1, 2, 3 or 4")
    key = {"objectives-based": "target", "none": "note"}.get(design, "compared_with")
    return {"design": design, **({key: rest.strip(" ,:")} if rest.strip(" ,:") else {})}


def _design(word: str) -> str:
    if word.isdecimal() and 1 <= int(word) <= len(DESIGNS):
        return DESIGNS[int(word) - 1]
    return next((design for design in DESIGNS if len(word) > 2 and design.startswith(word)), "")


def name_and_contact(line: str) -> tuple[str, str]:
    """Take `Jane Doe, jane@example.org` and `Jane Doe <jane@example.org>` apart."""
    if found := re.fullmatch(r"(.+?)\s*<([^<>]+)>", line):
        return found[1], found[2]
    name, _, contact = line.partition(",")
    if not contact and (found := re.fullmatch(r"(.+?)\s+(\S+@\S+)", line)):
        return found[1], found[2]
    return name.strip(), contact.strip()


def _lines(answer: str) -> Iterator[str]:
    """Yield the lines of an answer without the marks of a list."""
    for line in answer.splitlines():
        if said := re.sub(r"^\s*(?:[-*+\u2022]|\d+[.)])\s+", "", line).strip():
            yield text_of(said)


def _items(lesson: Written, key: str) -> list[Any]:
    found = lesson.metadata.get(key)
    return found if isinstance(found, list) else [] if found is None else [found]


def _first_impact(lesson: Written) -> tuple[dict[str, Any], list[Any]]:
    items = _items(lesson, "impact")
    return (items[0], items[1:]) if items and isinstance(items[0], dict) else ({}, items)
