"""Ids that no other library has: of feeds, their entries, and mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5


class Origin(NamedTuple):
    """The library as it is known in all its clones."""

    roots: Sequence[str]
    """The first commits of the repository, the same in all its clones."""
    place: str
    """The folder of the knowledge base in its repository."""

    def id_of(self, name: str) -> UUID:
        """Return the name-based UUID (RFC 9562) of something of the library, always the same for a name."""
        return uuid5(uuid5(NAMESPACE_URL, f"kb:{','.join(self.roots)}:{self.place}"), name)
