"""The answer of `kb weekly`."""

from typing import TypedDict

from kb.forms.find.digest import Digest
from kb.forms.find.topics import Topic
from kb.forms.keep.near_duplicates import NearDuplicates
from kb.forms.keep.stale import Stale


class WeeklyNeed(TypedDict):
    """What people asked for, and what would answer it."""

    label: str
    said: list[str]
    """How often it was asked, why it counts, and what would close it."""
    command: str
    """With which to begin."""


class Weekly(TypedDict):
    """What the keeper of a library must know and do this week; `kb weekly --json`."""

    library: str
    """The name of the library's folder."""
    date: str
    """Today."""
    news: Digest | None
    """Null if git does not know it."""
    stale: Stale
    needs: list[WeeklyNeed]
    """Those asked most first."""
    near_duplicates: NearDuplicates | None
    """Null if the index has no vectors yet."""
    thin: list[Topic]
    """The topics where the library is weakest, the weakest first."""
    notes: list[str]
    """What could not be found out, and why."""
