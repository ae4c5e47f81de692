"""The git repository that a knowledge base lies in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.program import answer_of


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree; one of several, perhaps, of its repository."""

    top: Path
    hooks: Path
    """Where its hooks are: `core.hooksPath`, else a folder that all working trees share."""


def repository_of(folder: Path, seconds: float = 10) -> Repository | None:
    """Return the repository; None where there is none or git is not there."""
    top = _asked(folder, seconds, "--show-toplevel")
    # Asked at the top, because that is what a relative `core.hooksPath` starts from.
    hooks = _asked(Path(top), seconds, "--git-path", "hooks") if top else None
    return Repository(Path(top), Path(top) / hooks) if top and hooks else None


def _asked(folder: Path, seconds: float, *question: str) -> str | None:
    answer = answer_of("git", "-C", str(folder), "rev-parse", *question, seconds=seconds)
    return answer.removesuffix("\n") if answer else None


def place_in_repository(root: Path) -> str:
    """Return the root as seen from the top of its repository, `.` where it is the top."""
    repository = repository_of(root)
    return root.relative_to(repository.top.resolve()).as_posix() if repository else "."
