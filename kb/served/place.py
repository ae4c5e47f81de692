"""Where the socket of the server of a knowledge base is.

Nothing is imported here that takes time: `kb search` looks there before anything else.
"""

from __future__ import annotations

import os
import stat
from zlib import crc32

from kb import __version__

_FOLDER = "kb-lessons"
_LONGEST = 100
"""Bytes of a socket's path: the systems allow 104 or more."""
_DEPENDS = ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TZ")
"""What decides where a process keeps its state, and what day it is there: a server must have the same."""


def socket_of(root: str) -> str | None:
    """Return the path of the socket for a knowledge base and a user; None if there is no safe folder for it."""
    folder = _runtime_folder()
    if folder is None:
        return None
    key = [os.path.realpath(root), __version__, os.path.dirname(os.path.dirname(__file__))]
    key += [os.environ.get(name, "") for name in _DEPENDS]
    text = "\0".join(key).encode("utf-8", "surrogateescape")
    path = os.path.join(folder, f"{crc32(text):08x}{crc32(text[::-1]):08x}.sock")
    return path if len(os.fsencode(path)) <= _LONGEST else None


def make_folder(socket: str) -> None:
    """Make the folder of a socket, for its user alone; raises `OSError`."""
    os.makedirs(os.path.dirname(socket), mode=0o700, exist_ok=True)


def is_private(folder: str) -> bool:
    """Return whether a folder is the user's own, no link, and closed to all others."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _runtime_folder() -> str | None:
    """Return the folder for sockets in the user's runtime folder, which the system empties; else in /tmp."""
    user = os.getuid()
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    for folder in (named, f"/run/user/{user}"):
        if folder and os.path.isabs(folder) and os.path.isdir(folder):
            return os.path.join(folder, _FOLDER)
    return f"/tmp/{_FOLDER}-{user}"  # noqa: S108 - only used if it is private: see `is_private`
