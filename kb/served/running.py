"""Which servers of this user run for a knowledge base: for `kb status` and `kb doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from kb import __version__
from kb.served.exchange import answer_of
from kb.served.place import is_private, socket_of

if TYPE_CHECKING:
    from kb.forms.keep import status as forms

_MOST = 32
"""Sockets that are asked: each is that of a knowledge base and version."""
_SECONDS = 0.3
_SECONDS_IN_ALL = 0.6


class Running(NamedTuple):
    """A server; what is not known of it is empty."""

    socket: str
    version: str = ""
    snapshot: str = ""
    """The id of the one from which it answers."""
    trouble: str = ""
    """Why it cannot open what is live now."""
    is_behind: bool = False
    """Whether something is live that it has not opened."""
    answers: bool = True

    @property
    def is_used(self) -> bool:
        """Whether `kb search` of this version asks it."""
        return self.answers and self.version == __version__

    @property
    def in_words(self) -> str:
        if not self.answers:
            return f"{self.socket}: does not answer"
        other = "" if self.is_used else f", and this is {__version__}: restart it"
        behind = ", which is not the newest" if self.is_behind else ""
        why = f": {self.trouble}" if self.trouble else ""
        return f"version {self.version}{other}; answers from {self.snapshot}{behind}{why}; {self.socket}"

    def as_json(self) -> forms.RunningServer:
        return {
            "socket": self.socket,
            "answers": self.answers,
            "version": self.version,
            "snapshot": self.snapshot,
            "behind": self.is_behind,
            "trouble": self.trouble,
        }


def running_servers(root: Path) -> tuple[Running, ...]:
    """Return the servers, that of this version first. Never raises, and takes at most a second whatever is there.

    One that does not answer is named only if its socket is that of this version: of others it is not known whose it is.
    """
    own = socket_of(str(root))
    if own is None or not is_private(os.path.dirname(own)):
        return ()
    deadline = monotonic() + _SECONDS_IN_ALL
    found = (_asked(path, path == own, root, deadline) for path in _sockets(own))
    return tuple(server for server in found if server)


def _sockets(own: str) -> list[str]:
    """Return the paths of sockets, the one of this version first."""
    try:
        paths = [entry.path for entry in os.scandir(os.path.dirname(own)) if entry.name.endswith(".sock")]
    except OSError:
        return []
    return sorted(paths, key=lambda path: (path != own, path))[:_MOST]


def _asked(path: str, is_own: bool, root: Path, deadline: float) -> Running | None:
    left = min(_SECONDS, deadline - monotonic())
    if left <= 0:
        return None
    try:
        told = json.loads(answer_of(path, "/about", None, left) or b"null")
    except (ConnectionRefusedError, FileNotFoundError):  # what a killed server has left
        return None
    except (OSError, ValueError, RecursionError):
        told = None
    if not _is_complete(told):
        return Running(path, answers=False) if is_own else None
    if told["root"] != os.path.realpath(root):
        return None
    return Running(path, told["version"], told["snapshot"], told["trouble"], not told["is_of_now"])


def _is_complete(told: Any) -> bool:
    texts = ("root", "version", "snapshot", "trouble")
    if not isinstance(told, dict) or not isinstance(told.get("is_of_now"), bool):
        return False
    return all(isinstance(told.get(name), str) for name in texts)
