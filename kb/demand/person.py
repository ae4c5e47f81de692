"""The units of the user, by `people.md`."""

from __future__ import annotations

from pathlib import Path

from kb.people.naming import addresses_in
from kb.people.people_file import read_directory
from kb.system.git import author_of


def own_units(root: Path) -> frozenset[str]:
    """Return the units that `people.md` gives for the user's address in git; usually one, or none if it is unknown."""
    author = author_of(root)
    addresses = addresses_in(author.email) if author else frozenset()
    entries = read_directory(root).entries if addresses else ()
    return frozenset(entry.unit for entry in entries if entry.unit and not addresses.isdisjoint(entry.addresses))
