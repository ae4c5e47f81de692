"""The sockets on which a server listens."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotServe
from kb.served.place import is_private, make_folder

_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; raises `CannotServe`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "another program listens there; choose another --port" if in_use else str(error)
        raise CannotServe(f"{host}:{port}: {why}") from error


@contextmanager
def listening_for_own(path: str) -> Iterator[socket.socket]:
    """Yield a Unix socket that only this user can reach, and remove it in the end; raises `CannotServe`.

    One that a killed server has left is replaced; another server that lives is not disturbed.
    """
    with _locked(path):
        own = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _remove_stale(path)
            own.bind(path)
            Path(path).chmod(0o600)
            own.listen(_BACKLOG)
            yield own
        except OSError as error:
            raise CannotServe(f"{path}: {reason_of(error)}") from error
        finally:
            own.close()
            with suppress(OSError):
                Path(path).unlink()


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the lock beside a socket, which the system releases when a server ends, however it ends."""
    folder = str(Path(path).parent)
    try:
        make_folder(path)
        if not is_private(folder):
            raise CannotServe(f"{folder}: it is not yours alone; remove it")
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotServe(f"{folder}: {reason_of(error)}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CannotServe("a server of this knowledge base is running already; stop that first") from error
    finally:
        os.close(descriptor)


def _remove_stale(path: str) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise CannotServe(f"{path}: not a socket; remove it")
        Path(path).unlink()
