"""Differences between the corpus on disk and the corpus as it was indexed. Reads no file itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.files.corpus import FoundFile, Listing
from ingest.problem import Problem, Unreadable


class KnownFile(NamedTuple):
    """State of a file when it was last read."""

    path: str
    size: int
    mtime_ns: int
    """Nanoseconds; 0 if the file was so new that a later edit could have had the same time."""
    digest: str
    """Content hash, as `digest_of` returns it."""
    problems: tuple[Problem, ...] = ()
    """Problems found at that reading."""

    @property
    def unread(self) -> Problem | None:
        """The problem that made the file unreadable, or None. What is indexed of such a file is older."""
        return next((problem for problem in self.problems if problem.defect is None), None)


@dataclass(frozen=True, slots=True)
class Changes:
    """The files by what happened to them since they were indexed; each is in exactly one group."""

    added: tuple[FoundFile, ...]
    changed: tuple[FoundFile, ...]
    touched: tuple[FoundFile, ...]
    """Same bytes, different time of modification."""
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Paths of indexed files whose state is unknown, because a folder or file could not be read."""
    unreadable: tuple[Problem, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def only(self, paths: Collection[str]) -> Changes:
        """Return the changes of the files at `paths` only; all other files count as unchanged."""

        def among(files: tuple[FoundFile, ...]) -> tuple[FoundFile, ...]:
            return tuple(file for file in files if file.path in paths)

        others = [file.path for file in (*self.changed, *self.touched) if file.path not in paths]
        return Changes(
            among(self.added),
            among(self.changed),
            among(self.touched),
            unchanged=(*self.unchanged, *others, *self.removed, *self.kept),
            removed=(),
            kept=(),
            unreadable=tuple(problem for problem in self.unreadable if problem.path in paths),
        )

    def with_all_reread(self, listing: Listing) -> Changes:
        """Return the same, but with unchanged and touched files counted as changed."""
        as_before = {*self.unchanged, *(file.path for file in self.touched)}
        reread = tuple(file for file in listing.files if file.path in as_before)
        return replace(self, changed=(*self.changed, *reread), touched=(), unchanged=())

    def carried_out(self) -> Changes:
        """Return the changes that remain after these have been indexed: all files found count as unchanged."""
        done = tuple(file.path for file in (*self.added, *self.changed, *self.touched))
        return replace(self, added=(), changed=(), touched=(), unchanged=(*self.unchanged, *done), removed=())


def compare(listing: Listing, known: Mapping[str, KnownFile], digest: Callable[[str], str]) -> Changes:
    """Compare the files found with the files known; `digest` returns the content hash or raises `Unreadable`.

    A file is read only if its size is the same and its time differs. A file that cannot be read is never removed.
    """
    added: list[FoundFile] = []
    changed: list[FoundFile] = []
    touched: list[FoundFile] = []
    unchanged: list[str] = []
    unreadable = list(listing.unreadable)
    kept: set[str] = set()
    seen = set()
    for file in listing.files:
        seen.add(file.path)
        before = known.get(file.path)
        if before is None:
            added.append(file)
        elif (file.size, file.mtime_ns) == (before.size, before.mtime_ns):
            unchanged.append(file.path)
        elif file.size != before.size:
            changed.append(file)
        else:
            try:
                (touched if digest(file.path) == before.digest else changed).append(file)
            except Unreadable as reason:
                kept.add(file.path)
                unreadable.append(Problem(file.path, str(reason)))
    named = {problem.path for problem in listing.unreadable}
    missing = [path for path in sorted(known) if path not in seen]
    kept |= {path for path in missing if path in named or listing.hides(path)}
    removed = [path for path in missing if path not in kept]
    return Changes(
        tuple(added),
        tuple(changed),
        tuple(touched),
        tuple(unchanged),
        tuple(removed),
        tuple(sorted(kept)),
        tuple(unreadable),
    )
