"""Chooses the person to ask about a lesson: one of those it names, who took over from them, or who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ingest.format import Person
from ingest.lesson import Lesson, iso_date
from kb.lessons.stated import stated
from kb.people.directory import LEARNING_PROFESSIONAL, Directory
from kb.people.entry import OWNER, Entry, has_passed
from kb.people.naming import addresses_in, key_of, persons_in

if TYPE_CHECKING:
    from kb.forms import lesson as forms

ROLE_WEIGHTS: Mapping[str, float] = {"contact": 1.0, LEARNING_PROFESSIONAL: 0.8, "team": 0.6, "sponsor": 0.4}
"""Roles, from the first to ask to the last: a named contact, then the people who took part. Others come after them."""
OTHER_WEIGHT = 0.3
SUCCESSOR: Final = "successor"


class Ask(NamedTuple):
    """A person to ask."""

    name: str
    role: str = ""
    contact: str = ""
    unit: str = ""
    stands_in: forms.StandIn | Literal[""] = ""
    """Why this person is asked instead of those named; empty if they are named themselves."""
    instead_of: str = ""
    """Who cannot be asked any more; empty if nobody was named."""

    def __str__(self) -> str:
        return f"{self.name}{self._in_brackets}" + (f", {self.contact}" if self.contact else "")

    @property
    def _in_brackets(self) -> str:
        left = f"; {self.instead_of} has left" if self.instead_of else ""
        if self.stands_in == SUCCESSOR:
            return f" (for {self.instead_of}, who has left)"
        if self.stands_in == OWNER:
            return f" (owner of this library{left})"
        if self.stands_in:
            return f" (learning professional of {self.unit}{left})"
        return f" ({in_words(self.role)})" if self.role and self.role != "contact" else ""

    @property
    def key(self) -> str:
        """What tells this person from others: an address, else the name."""
        return min(addresses_in(self.contact), default=key_of(self.name))

    def as_json(self) -> forms.Ask:
        return {
            "name": self.name,
            "role": self.role or None,
            "contact": self.contact or None,
            "unit": self.unit or None,
            "stands_in": self.stands_in or None,
            "instead_of": self.instead_of or None,
        }


def in_words(role: str) -> str:
    return role.replace("-", " ")


def weight_of(role: str) -> float:
    return ROLE_WEIGHTS.get(role, OTHER_WEIGHT)


def whom_to_ask(lesson: Lesson, directory: Directory) -> Ask | None:
    """Return the first person to ask about a lesson; None if nobody is known."""
    people = in_order(chain.from_iterable(_remaining(one, directory) for one in who_are_named(lesson.people)))
    asked = (ask for person in people if (ask := reached(person, lesson.unit, directory)))
    return next(asked, None) or stand_in(lesson.unit, directory, people[0].name if people else "")


def _remaining(person: Person, directory: Directory) -> Iterable[Person]:
    """Return an entry as it is, or, if it names several people and one of them has left, each of them."""
    names = persons_in(person.name)
    apart = any(entry.has_left for entry in directory.records_of(names))
    return [person._replace(name=name) for name in names] if apart else [person]


def who_are_named(people: Iterable[Person]) -> Iterable[Person]:
    """Yield the people with a name; `Sponsor (not stated)` names nobody."""
    return (person for person in people if person.name and stated(person.name) == person.name)


def in_order(people: Iterable[Person]) -> list[Person]:
    """Return people by role, the first to ask first."""
    return sorted(people, key=lambda person: -weight_of(person.role))


def reached(person: Person, unit: str, directory: Directory) -> Ask | None:
    """Return a person named by a lesson of a unit, or who took over; None if neither can be asked."""
    entry = directory.entry_of(person.name, person.contact)
    if has_passed(iso_date(person.until) or "") or (entry and entry.has_left):
        return successor(entry, person.name, directory)
    return asked(person, unit, entry)


def asked(person: Person, unit: str, entry: Entry | None) -> Ask:
    """Return a person of a unit; what the person's record in `people.md` says is newer than what a lesson says."""
    contact, own_unit = (stated(entry.contact), entry.unit) if entry else ("", "")
    return Ask(person.name, person.role, contact or stated(person.contact), own_unit or stated(unit))


def successor(entry: Entry | None, name: str, directory: Directory) -> Ask | None:
    """Return who took over from a person with a name and a record; None if nobody who can be asked did."""
    after = directory.current(directory.named(entry.successor)) if entry and entry.successor else None
    return _standing_in(after, SUCCESSOR, name) if after else None


def replacement(entry: Entry | None, name: str, unit: str, directory: Directory) -> Ask | None:
    """Return who is to be asked instead of a person of a unit who has left: the successor, or who stands in."""
    own_unit = entry.unit if entry else ""
    return successor(entry, name, directory) or stand_in(own_unit or unit, directory, name)


def stand_in(unit: str, directory: Directory, instead_of: str = "") -> Ask | None:
    """Return the learning professional of a unit, else the owner of the library; None if `people.md` names neither."""
    if professional := directory.learning_professional(stated(unit)):
        return _standing_in(professional, LEARNING_PROFESSIONAL, instead_of)
    return _standing_in(directory.owner, OWNER, instead_of) if directory.owner else None


def listed_as(entry: Entry) -> Ask:
    """Return a person as `people.md` lists them."""
    return Ask(entry.name, entry.role, stated(entry.contact), entry.unit)


def _standing_in(entry: Entry, why: forms.StandIn, instead_of: str) -> Ask:
    return Ask(entry.name, entry.role, stated(entry.contact), entry.unit, why, instead_of)
