"""The sockets on which a server listens."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotServe
from kb.served.place import is_private, make_folder

_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; raises `CannotServe`."""
    if not host:  # which would mean all addresses of this machine
        raise CannotServe("--host: the address is empty; leave it out for 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        raise CannotServe(f"{host}:{port}: {_why_not(error)}") from error


def _why_not(error: OSError | OverflowError) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if error.errno == errno.EADDRINUSE:
        return "another program listens there; choose another --port"
    if error.errno == errno.EADDRNOTAVAIL or (error.errno or 0) < 0:  # numbers below zero are of unknown names
        return "no address of this machine; leave --host out, or name one of its own"
    return reason_of(error)


def listen_for_own(path: str | None, stack: ExitStack) -> socket.socket:
    """Return a Unix socket that only this user can reach; it is removed when the stack is closed.

    One that a killed server has left is replaced. Raises `CannotServe` if another server has it, and `OSError` if there
    is no safe place for it.
    """
    if path is None:
        raise OSError(errno.ENAMETOOLONG, "the path of the runtime folder is too long")
    make_folder(path)
    if not is_private(str(Path(path).parent)):
        raise OSError(errno.EPERM, "the folder is not yours alone; remove it, or close it to others")
    stack.enter_context(_locked(path))
    _remove_stale(path)
    own = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    own.bind(path)
    stack.callback(Path(path).unlink, missing_ok=True)
    Path(path).chmod(0o600)
    own.listen(_BACKLOG)
    return own


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the lock beside a socket, which the system releases when a server ends, however it ends."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotServe("a server of this knowledge base is running already; stop that first") from error
        yield
    finally:
        os.close(descriptor)


def _remove_stale(path: str) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise OSError(errno.EEXIST, "not a socket; remove it")
        Path(path).unlink()
