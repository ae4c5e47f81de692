"""The people behind some lessons: one candidate for each person, under whatever names and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from ingest.format import Person
from ingest.lesson import Lesson, iso_date
from kb.lessons.stated import stated
from kb.people.authorship import Contribution
from kb.people.contact import in_order, weight_of, who_are_named
from kb.people.directory import Directory
from kb.people.entry import has_passed
from kb.people.naming import addresses_in, key_of, persons_in

AUTHOR = "author"
"""The role of an author of commits whom the lesson does not name."""


class Trace(NamedTuple):
    """One person at one lesson."""

    person: Person
    lesson: int
    """Position of the lesson among those found."""
    aliases: tuple[str, ...] = ()
    """Further names and addresses, from git."""
    share: float = 0.0
    """The person's share in the commits of the lesson, 0 to 1; 0 if only the lesson names the person."""


class Candidate(NamedTuple):
    """One person, with all traces."""

    traces: tuple[Trace, ...]

    @property
    def lessons(self) -> frozenset[int]:
        return frozenset(trace.lesson for trace in self.traces)

    @property
    def main(self) -> Trace:
        """The trace with the most weight, the first of equal ones."""
        return max(self.traces, key=lambda trace: weight_of(trace.person.role) * (trace.person.role != AUTHOR))

    @property
    def contact(self) -> str:
        """The first contact, of the roles in the order in which they are asked; may be empty."""
        stated_ones = (stated(person.contact) for person in in_order(trace.person for trace in self.traces))
        return next(filter(None, stated_ones), "")

    @property
    def has_left(self) -> bool:
        """Whether all lessons that name this person say that nobody can ask them any more."""
        until = [iso_date(trace.person.until) or "" for trace in self.traces if trace.person.role != AUTHOR]
        return bool(until) and all(map(has_passed, until))

    @property
    def known_as(self) -> tuple[str, ...]:
        """All names and addresses."""
        named = ((trace.person.name, trace.person.contact, *trace.aliases) for trace in self.traces)
        return tuple(chain.from_iterable(named))

    @property
    def roles(self) -> tuple[str, ...]:
        """From the first to ask to the last."""
        named = in_order(trace.person for trace in self.traces if trace.person.role != AUTHOR)
        wrote = (AUTHOR,) if len(named) < len(self.traces) else ()
        return tuple(dict.fromkeys((*(person.role for person in named if person.role), *wrote)))


def traces_of(
    lesson: Lesson, number: int, contributions: Sequence[Contribution], directory: Directory
) -> Iterator[Trace]:
    """Yield everybody whom a lesson names, and its authors by git, but nobody who opted out."""
    for person in who_are_named(lesson.people):
        for name in persons_in(person.name):
            yield Trace(person._replace(name=name), number)
    total = sum(one.share for one in contributions) or 1.0
    for author, share, _ in contributions:
        if not directory.has_opted_out(author.name, author.address, *author.aliases):
            person = Person(author.name, AUTHOR, author.contact)
            yield Trace(person, number, (author.address, *author.aliases), share / total)


def candidates(traces: Iterable[Trace], directory: Directory) -> list[Candidate]:
    """Return one candidate for each person.

    Traces belong together if they share an address, or if `people.md` says so. Names are less certain: a name without
    an address belongs to the only person of that name with an address, and people of one name with different addresses
    stay apart.
    """
    groups = _Groups()
    known = [(trace, _identities(trace, directory)) for trace in traces]
    for _, identities in known:
        groups.join(identities)
    of_name: dict[str, set[str]] = {}
    for trace, identities in known:
        of_name.setdefault(_name_of(trace), set()).add(groups.first(identities[0]))
    for name, roots in of_name.items():
        if name in roots and len(roots) == 2:
            groups.join([*(roots - {name}), name])
    found: dict[str, list[Trace]] = {}
    for trace, identities in known:
        found.setdefault(groups.first(identities[0]), []).append(trace)
    return [Candidate(tuple(own)) for own in found.values()]


def _identities(trace: Trace, directory: Directory) -> list[str]:
    """Return what a trace is known by: addresses and the record in `people.md`, else the name."""
    person = trace.person
    addresses = addresses_in(person.name, person.contact, *trace.aliases)
    entry = directory.entry_of(person.name, " ".join((person.contact, *trace.aliases)))
    known = [*sorted(addresses), *([f"people.md:{entry.line}"] if entry else [])]
    return known or [_name_of(trace)]


def _name_of(trace: Trace) -> str:
    return f"name {key_of(trace.person.name)}"


class _Groups:
    """Joins identities of the same person (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def first(self, identity: str) -> str:
        """Return the identity that stands for all that are joined with this one."""
        passed = []
        while (above := self._above.get(identity, identity)) != identity:
            passed.append(identity)
            identity = above
        self._above.update(dict.fromkeys(passed, identity))  # the next way is short
        return identity

    def join(self, identities: Sequence[str]) -> None:
        roots = [self.first(identity) for identity in identities]
        for root in roots[1:]:
            if self.first(root) != self.first(roots[0]):
                self._above[self.first(root)] = self.first(roots[0])
