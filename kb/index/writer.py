"""The writer lock: one process at a time may write the index, and the lock names it."""

from __future__ import annotations

import errno
import fcntl
import getpass
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.errors import CannotWrite, Locked
from kb.index.json_file import read_json
from kb.system.disk import is_full
from kb.system.durable import share_one

if TYPE_CHECKING:
    from kb.forms.keep import run as forms

_SECONDS_BETWEEN_LOOKS = 0.2
_MOST_BYTES = 10_000
_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that writes. Process ids are reused, but id, host and start time together are unique."""

    host: str
    pid: int
    started: float
    """Start of the process, in seconds since the epoch."""
    user: str
    since: str
    """When it began to write, in UTC (ISO 8601)."""

    def __post_init__(self) -> None:
        """Raise `ValueError` for values read from a damaged file."""
        texts = all(isinstance(text, str) for text in (self.host, self.user, self.since))
        if not texts or not isinstance(self.started, (int, float)) or not isinstance(self.pid, int) or self.pid <= 0:
            raise ValueError(f"no writer: {self}")

    def as_json(self) -> forms.Writer:
        return {
            "host": self.host,
            "pid": self.pid,
            "started": self.started,
            "user": self.user,
            "since": self.since,
        }

    @classmethod
    def this_process(cls) -> Writer:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        pid = os.getpid()
        return cls(platform.node(), pid, psutil.Process(pid).create_time(), _user(), now)

    @property
    def is_here(self) -> bool:
        """Whether it runs or ran on this machine."""
        return self.host == platform.node()

    @property
    def is_running(self) -> bool:
        """Whether it is still running; assumed for another machine, where this cannot be checked."""
        if not self.is_here:
            return True
        try:
            return abs(psutil.Process(self.pid).create_time() - self.started) < 1
        except (psutil.NoSuchProcess, OverflowError):
            return False
        except psutil.AccessDenied:
            return True

    @property
    def elsewhere(self) -> str:
        """Its user and host, for a message; empty if it is this user on this machine."""
        host = "" if self.is_here else f" on {self.host}"
        return f"by {self.user}{host}" if host or self.user != _user() else ""

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"


def never() -> bool:
    return False


class WriterLock:
    """The file `lock`: locked by the process that writes, which stores its name in it.

    The system releases the lock of a dead process. On a file system without locks only the name counts: a holder
    known to be dead is ignored.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(
        self, wait: float = 0.0, tell: Callable[[str], None] = lambda line: None, enough: Callable[[], bool] = never
    ) -> Iterator[Writer]:
        """Hold the lock; raises `Locked`, naming the holder, if it is not free within `wait` seconds.

        `tell` is called once when waiting begins. Waiting ends early, with `Locked`, once `enough` returns True.
        """
        writer = Writer.this_process()
        descriptor = self._open()
        try:
            if not self._is_free(descriptor):
                if wait:
                    tell(f"waiting for another writer: {self._holder_named()}")
                self._acquire(descriptor, time.monotonic() + wait, enough)
            try:
                _write(descriptor, json.dumps(asdict(writer)) + "\n")
            except OSError as error:
                if not is_full(error):  # on a full disk, go on without the name: the holder may free space
                    raise self._cannot_write(error) from error
            try:
                yield writer
            finally:
                with suppress(OSError):  # a full disk must not hide the original error
                    _write(descriptor, "")
        finally:
            os.close(descriptor)

    def holder(self) -> Writer | None:
        """Return the writer named in the file; None if there is none, or it cannot be read."""
        try:
            return Writer(**read_json(self._path, _MOST_BYTES))
        except (OSError, ValueError, TypeError):
            return None

    def _open(self) -> int:
        try:
            descriptor = open_regular(self._path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise self._cannot_write(error) from error
        share_one(self._path, self._path.parent)
        return descriptor

    def _cannot_write(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"{self._path}: {reason_of(error)}; the index cannot be written")

    def _acquire(self, descriptor: int, deadline: float, enough: Callable[[], bool]) -> None:
        while not self._is_free(descriptor):
            if time.monotonic() >= deadline or enough():
                who = self._holder_named()
                what = "`kb reindex`, or another command that writes the index, is already running"
                raise Locked(f"{self._path}: {what}: {who}; wait until it is done, or let this one wait: `--wait 600`")
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _holder_named(self) -> str:
        holder = self.holder()
        return str(holder) if holder and holder.is_running else "an unknown one"

    def _is_free(self, descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _WITHOUT_LOCKS:
                raise CannotWrite(f"{self._path} cannot be locked: {reason_of(error)}") from error
            holder = self.holder()
            return holder is None or not holder.is_running
        return True


def knows_locks(folder: Path) -> bool:
    """Return whether files in a folder, which must be writable, can be locked."""
    import tempfile

    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return str(os.getuid())
