"""What a check found, and the one command that mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kb.errors import Exit, KbError
from search.errors import SearchError

FIX = "kb doctor --fix"


class Area(StrEnum):
    """What is looked at, in this order."""

    INSTALLATION = "installation"
    CONFIGURATION = "configuration"
    LESSONS = "lessons"
    INDEX = "index"
    VECTOR_CACHE = "vector cache"
    SCHEDULE = "schedule"

    @property
    def exit_code(self) -> Exit:
        """How the check-up ends when something is wrong in this area."""
        return _EXIT_CODES.get(self, Exit.NOTHING)


_EXIT_CODES = {
    Area.INDEX: Exit.NO_INDEX,
    Area.LESSONS: Exit.PARTLY_FAILED,
    Area.SCHEDULE: Exit.PARTLY_FAILED,
}


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    """Works, but somebody should know."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at."""

    area: Area
    level: Level
    what: str
    cure: str = ""
    """A command, or where none can help, what a person has to do; empty when nothing is wrong."""


def parted(error: KbError | SearchError, cure: str) -> tuple[str, str]:
    """Return what an error says, and its own cure if it names a command; else the one given."""
    found = re.fullmatch(r"(.*); [^;`]*`([^`]+)`[^`]*", str(error), re.DOTALL)
    return (found[1], found[2]) if found else (str(error), cure)
