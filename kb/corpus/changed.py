"""Which lessons have changed, as git sees it."""

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
    """What is below the root of a knowledge base and not as in `HEAD`, or since the branch left a base."""

    root: Path
    base: str | None = None
    """A branch, a tag or a commit; `HEAD` if there is none."""

    def among(self, named: Sequence[Path]) -> list[Path]:
        """Return the files that have changed, of files and folders that are named if any is.

        Raises `NoRepository` and `NoSuchFile`.
        """
        within = [located(path) for path in named] or [Path("/")]
        return sorted(file for file in self.files if any(file.is_relative_to(path) for path in within))

    def __contains__(self, file: LessonFile) -> bool:
        """Say whether a lesson has changed; none has where there is no git to say so."""
        return file.location in self._known_to_have

    @cached_property
    def _known_to_have(self) -> frozenset[Path]:
        try:
            return self.files if is_in_repository(self.root) else frozenset()
        except NoRepository:
            return frozenset()

    @cached_property
    def files(self) -> frozenset[Path]:
        """Absolute; raises `NoRepository`."""
        if not is_in_repository(self.root):
            what = "--changed needs git, and this folder is in no git repository"
            raise NoRepository(f"{self.root}: {what}; leave it out, or run `git init`")
        base = None if self.base == "HEAD" else self.base  # which there is not before the first commit
        return frozenset(file.resolve() for file in changed_files(self.root, base))
