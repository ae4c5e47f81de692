"""Which lessons have changed, according to git."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kb.corpus.gathering import located
from kb.corpus.lesson_file import LessonFile
from kb.errors import NoRepository
from kb.system.git import changed_files, is_in_repository


@dataclass(frozen=True)
class Changed:
    """The files below the root that differ from `HEAD`, or that changed since the branch left a base."""

    root: Path
    base: str | None = None
    """A branch, a tag or a commit; None for `HEAD`."""

    def among(self, named: Sequence[Path]) -> list[Path]:
        """Return the changed files, restricted to the named files and folders if there are any.

        Raises `NoRepository` and `NoSuchFile`.
        """
        within = [located(path) for path in named] or [Path("/")]
        return sorted(file for file in self.files if any(file.is_relative_to(path) for path in within))

    def __contains__(self, file: LessonFile) -> bool:
        """Return whether a lesson has changed; always False without a git repository."""
        return file.location in self._known_to_have

    @cached_property
    def _known_to_have(self) -> frozenset[Path]:
        try:
            return self.files if is_in_repository(self.root) else frozenset()
        except NoRepository:
            return frozenset()

    @cached_property
    def files(self) -> frozenset[Path]:
        """Absolute paths of the changed files; raises `NoRepository`."""
        if not is_in_repository(self.root):
            what = "--changed needs git, and this folder is in no git repository"
            raise NoRepository(f"{self.root}: {what}; leave it out, or run `git init`")
        base = None if self.base == "HEAD" else self.base  # `HEAD` does not exist before the first commit
        return frozenset(file.resolve() for file in changed_files(self.root, base))
