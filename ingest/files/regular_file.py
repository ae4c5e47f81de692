"""Safe reading of untrusted files: only regular files of bounded size are read, and no call blocks."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

NO_FILE_OF_THE_TREE = (errno.EINVAL, errno.EISDIR, errno.EFBIG, errno.ELOOP)
"""Error numbers that mean: the path exists, and is not a file that may be read."""
_AT_ONCE = 1 << 20


def read_regular(path: Path, most: int, *, links: bool = True) -> bytes:
    """Return a file's bytes; raises `OSError` for a pipe, a device, a file of more than `most` bytes.

    Without `links`, for a symbolic link too: its author could point it at a private file of the user.
    """
    descriptor = open_regular(path, links=links)
    try:
        parts, left = [], most + 1 if os.fstat(descriptor).st_size <= most else 0
        while left > 0 and (part := os.read(descriptor, min(left, _AT_ONCE))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(descriptor)
    if left <= 0:
        raise too_large(most, str(path))
    return b"".join(parts)


def open_regular(path: Path, flags: int = os.O_RDONLY, mode: int = 0o666, *, links: bool = False) -> int:
    """Return the descriptor of a regular file, created if `flags` has `os.O_CREAT`; raises `OSError` for others.

    Never blocks, not even on a pipe without a writer.
    """
    try:
        descriptor = os.open(path, flags | os.O_NONBLOCK | (0 if links else os.O_NOFOLLOW), mode)
    except OSError as error:
        if error.errno == errno.ELOOP and not links:
            raise OSError(errno.ELOOP, "a link, which is not followed", str(path)) from error
        if error.errno == errno.ENXIO:  # a pipe without a reader, a socket
            raise _not_regular(path) from error
        raise
    found = os.fstat(descriptor).st_mode
    if stat.S_ISREG(found):
        return descriptor
    os.close(descriptor)
    raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path)) if stat.S_ISDIR(found) else _not_regular(path)


def too_large(most: int, name: str) -> OSError:
    """Return the error for a file of more than `most` bytes."""
    return OSError(errno.EFBIG, f"larger than {most / 1_000_000:g} MB", name)


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, "not a regular file", str(path))
