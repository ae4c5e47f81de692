"""Writes a file that the user named for a result."""

from __future__ import annotations

from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite
from search.storage import remove_leftovers, replace_file


def write_output(path: Path, text: str) -> None:
    """Write a file atomically; raises `CannotWrite`."""
    try:
        # Writing would replace a pipe, a device, or the link itself, such as /dev/stdout.
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise CannotWrite(f"{path}: not a plain file; name another")
        remove_leftovers(path.parent)
        replace_file(path, text.encode())
    except OSError as error:
        raise CannotWrite(f"{path}: {reason_of(error)}") from error
