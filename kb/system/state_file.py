"""Small private files in the user's state folder. They are only a convenience, so errors are ignored."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from search.storage import replace_file

_MOST_BYTES = 1_000_000


def read_state(path: Path) -> str:
    """Return the text of a file; empty if it is missing, a link, or owned by another user."""
    with suppress(OSError):
        # Non-blocking, in case the path is a pipe.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
                return os.read(descriptor, _MOST_BYTES).decode("utf-8", "surrogateescape")
        finally:
            os.close(descriptor)
    return ""


def replace_state(path: Path, text: str) -> None:
    """Replace a file atomically, readable by this user only; a link is replaced, not followed."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, text.encode("utf-8", "surrogateescape"), 0o600)
