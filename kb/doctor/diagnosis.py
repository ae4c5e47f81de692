"""The result of one check, and the command that repairs the problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.errors import Exit, KbError
from search.errors import SearchError

if TYPE_CHECKING:
    from kb.forms.keep import checkup as forms

FIX = "kb doctor --fix"


class Area(StrEnum):
    """The areas of a check-up, in order."""

    INSTALLATION = "installation"
    CONFIGURATION = "configuration"
    LESSONS = "lessons"
    INDEX = "index"
    VECTOR_CACHE = "vector cache"
    SCHEDULE = "schedule"

    @property
    def exit_code(self) -> Exit:
        """The exit code of a check-up with an error in this area."""
        return _EXIT_CODES.get(self, Exit.NOTHING)


_EXIT_CODES = {
    Area.INDEX: Exit.NO_INDEX,
    Area.LESSONS: Exit.PARTLY_FAILED,
    Area.SCHEDULE: Exit.PARTLY_FAILED,
}


class Level(StrEnum):
    """The severity of a diagnosis."""

    OK = "ok"
    WARNING = "warning"
    """It works, but the user should know."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of one check."""

    area: Area
    level: Level
    what: str
    cure: str = ""
    """A command, or if none can help, what a person has to do; empty if nothing is wrong."""

    def as_json(self) -> forms.Diagnosis:
        return {"area": self.area.value, "level": self.level.value, "what": self.what, "cure": self.cure}


def parted(error: KbError | SearchError, cure: str) -> tuple[str, str]:
    """Return an error's message and the command that it names; without one, the whole message and `cure`."""
    found = re.fullmatch(r"(.*); [^;`]*`([^`]+)`[^`]*", str(error), re.DOTALL)
    return (found[1], found[2]) if found else (str(error), cure)
