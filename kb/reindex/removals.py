"""Refuses to remove many lessons at once, which may be a fault of the file system instead of intention."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.files.changes import Changes, KnownFile
from ingest.problem import Unreadable
from kb.limit import Limit

_NAMED = 3


def refusal_of_removals(
    changes: Changes, known: Mapping[str, KnownFile], lessons_before: int, limit: Limit, digest: Callable[[str], str]
) -> str:
    """Return why the removals are refused; empty if they are accepted.

    A missing folder, a failed mount or an empty checkout looks the same as many deletions. A lesson that was moved
    does not count as removed, one that was emptied does. Removing all lessons is refused with any limit. If no files
    are `known`, the number of files found is compared with `lessons_before`.
    """
    found = sum(file.size > 0 for file in changes.added)
    if not known:
        gone, named = max(lessons_before - found, 0), ""
    else:
        paths = _gone(changes, known)
        if not limit.allows(len(paths), len(known)):
            paths = _not_moved(paths, changes, known, digest)
        gone, named = len(paths), f" ({', '.join(paths[:_NAMED])}{' …' * (len(paths) > _NAMED)})"
    before = len(known) or lessons_before
    none_left = gone == before and not found
    if not gone or (not none_left and limit.allows(gone, before)):
        return ""
    what = f"{gone:,} of {before:,} lessons are" if before > 1 else "the only lesson is"
    allowed = (
        "and an empty index is never published" if none_left else f"more than reindex.max_removed allows ({limit})"
    )
    return f"{what} gone{named}, {allowed}; the index is as it was; if this is meant: `kb reindex --allow-removals`"


def _gone(changes: Changes, known: Mapping[str, KnownFile]) -> list[str]:
    emptied = [file.path for file in changes.changed if not file.size and known[file.path].size]
    return sorted([*changes.removed, *emptied])


def _not_moved(
    paths: list[str], changes: Changes, known: Mapping[str, KnownFile], digest: Callable[[str], str]
) -> list[str]:
    """Return the paths whose content is not found in any added file."""
    contents: dict[str, int] = {}
    for file in changes.added:
        try:
            content = digest(file.path)
        except Unreadable:
            continue
        contents[content] = contents.get(content, 0) + 1
    missing = []
    for path in paths:
        if contents.get(known[path].digest):
            contents[known[path].digest] -= 1
        else:
            missing.append(path)
    return missing
