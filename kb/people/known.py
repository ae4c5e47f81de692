"""What is known of the people of a library, besides its lessons."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kb.people.authorship import NO_AUTHORS, Authorship
from kb.people.directory import NOBODY, Directory


class KnownPeople(NamedTuple):
    """Returns what is known now: both change while an index is open."""

    directory: Callable[[], Directory]
    authors: Callable[[], Authorship]


NOBODY_KNOWN = KnownPeople(lambda: NOBODY, lambda: NO_AUTHORS)
