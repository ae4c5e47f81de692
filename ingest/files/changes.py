"""What differs between the corpus as it is and the corpus as it was indexed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.files.corpus import FoundFile, Listing
from ingest.problem import Problem, Unreadable


class KnownFile(NamedTuple):
    """A file as it was when it was last read."""

    path: str
    size: int
    mtime_ns: int
    """0 when the file was so fresh that a later edit could have left the same time."""
    digest: str
    """Content hash."""
    problems: tuple[Problem, ...] = ()
    """What was wrong with it then."""

    @property
    def unread(self) -> Problem | None:
        """Why nothing of it could be read then: what is indexed of it, if anything is, was there before."""
        return next((problem for problem in self.problems if problem.defect is None), None)


@dataclass(frozen=True, slots=True)
class Changes:
    """The verdict on each file, every file in exactly one group."""

    added: tuple[FoundFile, ...]
    changed: tuple[FoundFile, ...]
    touched: tuple[FoundFile, ...]
    """Same bytes, another time of modification."""
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Not seen, because a folder or file could not be looked at."""
    unreadable: tuple[Problem, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def only(self, paths: Collection[str]) -> Changes:
        """Return the verdicts on some files, as if the others were as they were."""

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
        """Return the same verdicts, save that a file that is as it was counts as changed."""
        as_before = {*self.unchanged, *(file.path for file in self.touched)}
        reread = tuple(file for file in listing.files if file.path in as_before)
        return replace(self, changed=(*self.changed, *reread), touched=(), unchanged=())

    def carried_out(self) -> Changes:
        """Return what is left to do once all is done: every file that was seen is as it was."""
        done = tuple(file.path for file in (*self.added, *self.changed, *self.touched))
        return replace(self, added=(), changed=(), touched=(), unchanged=(*self.unchanged, *done), removed=())


def compare(listing: Listing, known: Mapping[str, KnownFile], digest: Callable[[str], str]) -> Changes:
    """Compare a walk with what is known; `digest` reads a file and raises `Unreadable`.

    A file is read only when its size or time differs. What is unreadable is never removed.
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
