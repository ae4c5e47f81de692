"""What `people.md` says of everybody: who has left, who took over, who does not want to be named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Final

from ingest.problem import Problem
from kb.people.entry import OWNER, Entry
from kb.people.hidden import Hidden
from kb.people.naming import addresses_in, key_of

LEARNING_PROFESSIONAL: Final = "learning-professional"
_MOST_SUCCESSORS = 10
"""One after the other; a longer chain is a mistake, or a circle."""


class Directory:
    """The records of `people.md`. It is never changed."""

    def __init__(
        self, entries: tuple[Entry, ...] = (), problems: tuple[Problem, ...] = (), *, hides_all: bool = False
    ) -> None:
        """`hides_all`: nobody may be named, because it is not certain who has opted out."""
        self.entries = entries
        self.problems = problems
        self.hides_all = hides_all

    @property
    def withholds(self) -> bool:
        """Whether anybody must not be named."""
        return self.hides_all or bool(self._hidden)

    @property
    def withheld(self) -> tuple[object, ...]:
        """All that decides whom the index may name: who opted out, and the records of others with their names."""
        hidden = Hidden(self._opted_out, ())
        telling = [one for one in self.entries if one.opted_out or hidden.are_in(*one.names)] if hidden else []
        known = sorted([one.opted_out, sorted(one.names), sorted(one.addresses)] for one in telling)
        return (self.hides_all, known) if self.withholds else ()

    def has_opted_out(self, *texts: str) -> bool:
        """Return whether somebody who must not be named is in a name with its contact, or in another text.

        Everybody with the name of somebody who opted out counts, because the address may be an old one; except who has
        a record of their own with that address.
        """
        return self.hides_all or (bool(self._hidden) and self._hidden.are_in(*texts))

    def may_be_part_of_hidden(self, word: str) -> bool:
        """Return whether a word is in the name of somebody who must not be named: where words stand alone, two of them
        are a name again."""
        return self.hides_all or self._hidden.has_part(word)

    def entry_of(self, name: str, contact: str = "") -> Entry | None:
        """Return the record of a person, by address or else by name; None if none or more than one may be meant.

        Two people of one name with different addresses are two people.
        """
        addresses = addresses_in(name, contact)
        for address in sorted(addresses):
            if address in self._by_address:
                return self._by_address[address]
        found = [entry for entry in self._by_key.get(key_of(name), ()) if not (addresses and entry.addresses)]
        return found[0] if len(found) == 1 else None

    def namesake(self, name: str, contact: str) -> Entry | None:
        """Return a record of the same name with other addresses, if `people.md` does not have this one."""
        addresses = addresses_in(name, contact)
        if not addresses or not self._by_address.keys().isdisjoint(addresses):
            return None
        return next((entry for entry in self._by_key.get(key_of(name), ()) if entry.addresses), None)

    def current(self, entry: Entry) -> Entry | None:
        """Return the person to ask for a record: its own, or, if that person has left, the last in the chain of
        successors; None if the chain ends with somebody who cannot be asked, or is too long."""
        found: Entry | None = entry
        for _ in range(_MOST_SUCCESSORS):
            if not found or not found.has_left:
                break
            found = self.named(found.successor) if found.successor else None
        return found if found and not found.has_left and not self.has_opted_out(found.name, found.contact) else None

    def named(self, text: str) -> Entry:
        """Return the record of a person named by name or address; a record with only that if `people.md` has none."""
        return self.entry_of(text) or Entry(text, contact=text if addresses_in(text) else "")

    def records_of(self, names: Iterable[str]) -> list[Entry]:
        """Return the records of people with some names."""
        return [entry for name in names if (entry := self.entry_of(name))]

    def before(self, entries: Collection[Entry]) -> list[Entry]:
        """Return the records of those from whom some people have taken over."""
        return [entry for entry in self.entries if entry.has_left and self.current(entry) in entries]

    def learning_professional(self, unit: str) -> Entry | None:
        """Return the learning professional of a unit who can be asked."""
        wanted = key_of(unit)
        return self._first(
            entry
            for entry in self.entries
            if wanted and entry.role == LEARNING_PROFESSIONAL and key_of(entry.unit) == wanted
        )

    @cached_property
    def owner(self) -> Entry | None:
        """The owner of the library who can be asked."""
        return self._first(entry for entry in self.entries if entry.role == OWNER)

    def _first(self, entries: Iterable[Entry]) -> Entry | None:
        return next(filter(None, map(self.current, entries)), None) if not self.hides_all else None

    @cached_property
    def _opted_out(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.opted_out)

    @cached_property
    def _hidden(self) -> Hidden:
        return Hidden(self._opted_out, (entry for entry in self.entries if not entry.opted_out))

    @cached_property
    def _by_address(self) -> Mapping[str, Entry]:
        return {address: entry for entry in reversed(self.entries) for address in entry.addresses}

    @cached_property
    def _by_key(self) -> Mapping[str, list[Entry]]:
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for key in entry.keys:
                found[key].append(entry)
        return found


NOBODY = Directory()
"""No `people.md`."""
