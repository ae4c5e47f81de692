"""The state of a file when it was read, by which a later run knows whether it has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ingest.files.changes import KnownFile
from ingest.files.corpus import FoundFile
from ingest.problem import Problem

# Nanoseconds. A file changed within this time before it was read may change again with the same timestamp.
_FRESH_NS = 2_000_000_000


def stamped(file: FoundFile, digest: str, problems: Iterable[Problem]) -> KnownFile:
    """Return the state of a file that is read now."""
    return KnownFile(file.path, file.size, lasting_mtime(file), digest, tuple(problems))


def lasting_mtime(file: FoundFile) -> int:
    """Return a file's time of modification in ns; 0 if so recent that a later edit could have the same time."""
    return 0 if time.time_ns() - file.mtime_ns < _FRESH_NS else file.mtime_ns
