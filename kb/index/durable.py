"""Writing so that it outlasts a power cut, and so that a reader never sees half of it."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path


def flush(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():  # some systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def flush_tree(folder: Path) -> None:
    """Bring everything below a folder to the disk, then the folder itself."""
    for path in sorted(folder.rglob("*")):
        flush(path)
    flush(folder)


def replace_text(path: Path, text: str) -> None:
    """Replace a file in one step: whoever opens it sees the old text or the new one, whole."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        aside.write_text(text, "utf-8")
        share(aside, path.parent)
        flush(aside)
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush(path.parent)


def share(path: Path, folder: Path) -> None:
    """Let everybody do with a file, or with all of a folder, what they may do with `folder`.

    A group whose folder is writable takes turns as writers, so each must be able to remove what another made.
    """
    allowed = stat.S_IMODE(folder.stat().st_mode)
    for item in (path, *path.rglob("*")) if path.is_dir() else (path,):
        wanted = allowed if item.is_dir() else allowed & 0o666
        if stat.S_IMODE(item.stat().st_mode) != wanted:
            item.chmod(wanted)
