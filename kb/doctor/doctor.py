"""`kb doctor`: what can be mended safely is, if wanted; then every area is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kb.doctor.checkup import check_up
from kb.doctor.diagnosis import Area, Diagnosis, Level, parted
from kb.doctor.repairs import mend
from kb.doctor.site import Site
from kb.errors import CannotWrite, Exit, Locked
from kb.progress import Progress


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was mended, and what was found then."""

    done: Sequence[str]
    """A line for each thing that was mended."""
    findings: Sequence[Diagnosis]
    """By area in their order."""

    @property
    def exit_code(self) -> Exit:
        """That of the worst area in which something is wrong."""
        wrong = {finding.area.exit_code for finding in self.findings if finding.level is Level.ERROR}
        return max(wrong, default=Exit.DONE)

    def as_json(self) -> dict[str, Any]:
        return {
            "sound": self.exit_code is Exit.DONE,
            "done": list(self.done),
            "findings": [asdict(finding) for finding in self.findings],
        }


def examine(root: str | None, progress: Progress, *, fix: bool = False, wait: float = 0.0) -> Checkup:
    """Look at the knowledge base that an option names, else the environment or the working directory.

    With `fix`, mend first what can be mended; there may be no knowledge base, or one that cannot be read.
    """
    site = Site.at(root)
    done, failed = _mended(site, progress, wait) if fix else ([], [])
    return Checkup(done, [*check_up(site), *failed])


def _mended(site: Site, progress: Progress, wait: float) -> tuple[list[str], list[Diagnosis]]:
    """Return what was done, or why nothing could be."""
    try:
        return mend(site, progress, wait), []
    except (Locked, CannotWrite) as error:
        what, cure = parted(error, "let who may write there run kb doctor --fix")
        return [], [Diagnosis(Area.INDEX, Level.ERROR, f"nothing was mended: {what}", cure)]
