"""A person as `people.md` describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Final, NamedTuple

from ingest.format import ROLES
from kb.people.naming import addresses_in, key_of, persons_in

OWNER: Final = "owner"
"""The role of the person who is responsible for the library."""
ALL_ROLES = (*ROLES, OWNER)


class Entry(NamedTuple):
    """One record of `people.md`; an absent value is empty."""

    name: str = ""
    contact: str = ""
    also: tuple[str, ...] = ()
    """Other names and addresses of the same person."""
    unit: str = ""
    role: str = ""
    until: str = ""
    """Until when this person can be asked: a date as `ingest.lesson.iso_date` returns it."""
    successor: str = ""
    """The name or an address of the person who took over."""
    opted_out: bool = False
    """Whether this person must not be named anywhere."""
    line: int = 0
    """1-based line of `people.md`; 0 if unknown."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names and addresses as they are written; each of those that are written in one name."""
        return tuple(chain.from_iterable(map(persons_in, (self.name, *self.also))))

    @property
    def keys(self) -> frozenset[str]:
        """All names of the person, as `key_of` returns them."""
        return frozenset(filter(None, map(key_of, (self.name, *self.also))))

    @property
    def addresses(self) -> frozenset[str]:
        return addresses_in(self.name, self.contact, *self.also)

    @property
    def has_left(self) -> bool:
        """Whether this person cannot be asked any more: the date has passed, or somebody took over without a date."""
        return has_passed(self.until) if self.until else bool(self.successor)


KEYS = Entry._fields[:-1]
"""The keys of a record."""


def has_passed(day: str) -> bool:
    """Return whether a date is over; `2026-05` is over at the end of May. An absent date never is."""
    return bool(day) and day < datetime.now(UTC).date().isoformat()[: len(day)]
