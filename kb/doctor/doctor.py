"""`kb doctor`: repairs what can be repaired safely, if wanted; then checks every area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.doctor.checkup import check_up
from kb.doctor.diagnosis import Area, Diagnosis, Level, parted
from kb.doctor.repairs import repair
from kb.doctor.site import Site
from kb.errors import CannotWrite, Exit, Locked
from kb.progress import Progress

if TYPE_CHECKING:
    from kb.forms.keep import checkup as forms


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was repaired, and what the checks found after that."""

    done: Sequence[str]
    """One line for each repair."""
    findings: Sequence[Diagnosis]
    """In the order of the areas."""

    @property
    def exit_code(self) -> Exit:
        """The highest exit code of the areas with an error."""
        wrong = {finding.area.exit_code for finding in self.findings if finding.level is Level.ERROR}
        return max(wrong, default=Exit.DONE)

    def as_json(self) -> forms.Checkup:
        return {
            "sound": self.exit_code is Exit.DONE,
            "done": list(self.done),
            "findings": [finding.as_json() for finding in self.findings],
        }


def examine(root: str | None, progress: Progress, *, fix: bool = False, wait: float = 0.0) -> Checkup:
    """Examine the knowledge base named by the option, else by the environment or the working directory.

    With `fix`, repair first what can be repaired. There may be no knowledge base, or an unreadable one.
    """
    site = Site.at(root)
    done, failed = _repaired(site, progress, wait) if fix else ([], [])
    return Checkup(done, [*check_up(site), *failed])


def _repaired(site: Site, progress: Progress, wait: float) -> tuple[list[str], list[Diagnosis]]:
    """Return the lines of the repairs, or a diagnosis of why none could be made."""
    try:
        return repair(site, progress, wait), []
    except (Locked, CannotWrite) as error:
        what, cure = parted(error, "let somebody who may write there run kb doctor --fix")
        return [], [Diagnosis(Area.INDEX, Level.ERROR, f"nothing was repaired: {what}", cure)]
