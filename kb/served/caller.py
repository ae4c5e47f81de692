"""The process for which a command runs: this one, or another that has asked a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple


class Caller(NamedTuple):
    """Another process, for which a command runs in this one."""

    session: str
    """Its terminal session, as `terminal_session` returns it."""
    environment: Mapping[str, str]
    """What decides there how text is shown: `TERM`, `NO_COLOR`, `COLUMNS` ..."""
    terminals: tuple[bool, bool, bool]
    """Whether its standard input, output and error are terminals."""
    columns: int
    """Of its terminal; 0 if it has none."""
    lines: int
    page: Callable[[str], None]
    """Has it show a text in its pager."""


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def caller() -> Caller | None:
    """Return the other process for which this thread runs a command; None if it is for this process itself."""
    return _caller.get()


@contextmanager
def on_behalf_of(other: Caller) -> Iterator[None]:
    """Run what is inside the `with` block for another process."""
    before = _caller.set(other)
    try:
        yield
    finally:
        _caller.reset(before)


def terminal_session() -> str:
    """Return a unique key of the terminal session: machine, session leader, and start time of that process."""
    if other := caller():
        return other.session
    leader = os.getsid(0)
    return f"{os.uname().nodename}:{leader}:{_started(leader)}"


def _started(process: int) -> str:
    """Return the start time of a process in ticks since boot, because process ids are reused.

    Empty on systems without `/proc`, where only the id is used.
    """
    try:
        stat = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return ""
    return os.fsdecode(stat.rpartition(b")")[2].split()[19])
