"""The lessons that somebody must look at again, with who and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import Person
from ingest.lesson import Lesson
from kb.ageing.addresses import Addresses
from kb.ageing.reason import CAUSES, Cause, Reason
from kb.ageing.reasons import Known, reasons_for
from kb.catalogue.catalogue import Catalogue
from kb.people.authorship import Authorship
from kb.people.contact import Ask, reached, whom_to_ask
from kb.people.directory import Directory

if TYPE_CHECKING:
    from kb.forms.keep import stale as forms


class StaleLesson(NamedTuple):
    """A lesson that somebody must look at."""

    lesson: Lesson
    reasons: tuple[Reason, ...]
    """The most pressing first; at least one."""
    owner: Ask | None
    """Who must do it; None if nobody is known."""
    uses: int
    confirmed: date | None
    """When it was last known to be true; None if that is not known."""

    @property
    def urgency(self) -> tuple[int, int, str, str]:
        """What the list is sorted by: the cause, then how often it was used, then how long ago it was confirmed."""
        day = self.confirmed.isoformat() if self.confirmed else ""
        return CAUSES.index(self.reasons[0].cause), -self.uses, day, self.lesson.path

    def as_json(self) -> forms.StaleLesson:
        lesson = self.lesson
        return {
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            "unit": lesson.unit or None,
            "status": lesson.status or None,
            "owner": self.owner.as_json() if self.owner else None,
            "used": self.uses,
            "confirmed": self.confirmed.isoformat() if self.confirmed else None,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Stale:
    """The lessons to look at, the most pressing first."""

    lessons: tuple[StaleLesson, ...]
    checked: int
    """Number of lessons that were looked through."""
    undated: int
    """Number of those of which it is not known how old they are."""
    addresses: Addresses | None = None
    """What became of asking the addresses on the web; None if they were not asked."""

    @property
    def counts(self) -> Mapping[Cause, int]:
        """Number of lessons by cause."""
        return Counter(reason.cause for stale in self.lessons for reason in stale.reasons)

    def only(self, causes: Collection[Cause]) -> Stale:
        """Return the lessons with some causes, and of each only these."""
        kept = (
            stale._replace(reasons=tuple(reason for reason in stale.reasons if reason.cause in causes))
            for stale in self.lessons
        )
        return replace(self, lessons=_sorted(stale for stale in kept if stale.reasons))

    def as_json(self) -> forms.Stale:
        return {
            "lessons": [stale.as_json() for stale in self.lessons],
            "checked": self.checked,
            "undated": self.undated,
            "addresses": self.addresses.as_json() if self.addresses else None,
            "causes": {cause.value: self.counts[cause] for cause in CAUSES if self.counts[cause]},
        }


def stale_of(catalogue: Catalogue, lessons: Sequence[Lesson], known: Known) -> Stale:
    """Return which of some lessons somebody must look at."""
    undated = sum(known.confirmed(lesson) is None for lesson in lessons)
    return Stale(_sorted(_found(catalogue, lessons, known)), len(lessons), undated)


def _sorted(found: Iterator[StaleLesson]) -> tuple[StaleLesson, ...]:
    return tuple(sorted(found, key=lambda stale: stale.urgency))


def _found(catalogue: Catalogue, lessons: Sequence[Lesson], known: Known) -> Iterator[StaleLesson]:
    for lesson in lessons:
        if reasons := tuple(reasons_for(lesson, catalogue.passages(lesson.path), known)):
            owner = owner_of(lesson, known.directory, known.authors)
            uses = len(known.uses.get(lesson.id, ()))
            yield StaleLesson(lesson, reasons, owner, uses, known.confirmed(lesson))


def owner_of(lesson: Lesson, directory: Directory, authors: Authorship) -> Ask | None:
    """Return who looks after a lesson: the person to ask about it, else its last author who can be reached."""
    if ask := whom_to_ask(lesson, directory):
        return ask
    latest = sorted(authors.of(lesson.path), key=lambda one: one.last, reverse=True)
    people = (Person(one.author.name, "author", one.author.contact) for one in latest)
    named = (person for person in people if not directory.has_opted_out(person.name, person.contact))
    return next(filter(None, (reached(person, lesson.unit, directory) for person in named)), None)


def periods_of(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the periods of the measured figures of each lesson, such as `year`, by its path."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for head, impact in catalogue.impacts():
        found[head.path] += [effect.unit.per for effect in impact.effects if effect.is_measured]
    return dict(found)


def successors_in(lessons: Sequence[Lesson]) -> dict[str, str]:
    """Return the id of the lesson that replaces another, by the id of that; of several the first."""
    pairs = [(old, lesson.id) for lesson in lessons for old in lesson.supersedes if old != lesson.id]
    return dict(reversed(pairs))
