"""The lock: one writer at a time, known by name, and one that is dead is not waited for."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from kb.errors import CannotWrite, Exit, Locked
from kb.index.writer import Writer, WriterLock, knows_locks
from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make, Run
from tests.snapshots import LESSONS

_HOLDS_IT = """
import sys
from pathlib import Path
from kb.index.writer import WriterLock
with WriterLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""

WHAT = "`kb reindex`, or another command that writes the index"


@contextmanager
def other_process(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Let a process of its own hold the lock until its standard input is closed."""
    command = [sys.executable, "-c", _HOLDS_IT, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.fixture
def _without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows no locks."""

    def flock(file: object, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)


def test_the_holder_is_named_while_it_writes_and_not_afterwards(lock: Path) -> None:
    held = WriterLock(lock)
    assert held.holder() is None
    with held.held() as writer:
        assert (writer.pid, writer.started) == (os.getpid(), psutil.Process().create_time())
        assert (writer.is_here, writer.is_running) == (True, True)
        assert held.holder() == writer
    assert held.holder() is None


def test_a_second_writer_is_told_who_writes(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    with other_process(root / ".kb" / "lock") as process:
        writer = Writer.this_process()
        done = kb(root, "reindex")
    assert (done.code, done.out) == (Exit.LOCKED, "")
    who = re.escape(f"process {process.pid} of {writer.user} on {writer.host}, since ")
    assert re.fullmatch(
        rf"kb: {re.escape(str(root))}/\.kb/lock: {WHAT}, is already running: {who}\S+;"
        r" wait until it is done, or let this one wait: `--wait 600`\n",
        done.err,
    )
    assert kb(root, "reindex").code == 0


def test_readers_do_not_mind_a_writer_and_a_refresh_answers_from_what_is_there(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    with other_process(root / ".kb" / "lock"):
        for command in (["search", "parcels"], ["list"], ["show", "labels"], ["status"]):
            done = kb(root, *command)
            assert (done.code, done.err) == (0, "")
        done = kb(root, "search", "--refresh", "parcels")
        assert done.code == 0
        assert re.fullmatch(r"kb: .*is already running: [^;]*; answered from the index as it is\n", done.err)


def test_who_waits_gets_the_lock_when_it_is_free_and_is_told_for_whom_it_waited(lock: Path) -> None:
    with other_process(lock) as process:
        told: list[str] = []

        def tell(line: str) -> None:
            told.append(line)
            assert process.stdin is not None
            process.stdin.close()

        with WriterLock(lock).held(60, tell) as writer:
            assert writer.pid == os.getpid()
    assert len(told) == 1
    assert told[0].startswith(f"waiting for another writer: process {process.pid} of ")


def test_who_waits_in_vain_is_told_so(make: Make) -> None:
    root = make(LESSONS)
    base = KnowledgeBase(root)
    base.reindex()
    with other_process(root / ".kb" / "lock"), pytest.raises(Locked, match="is already running: process"):
        base.reindex(wait=0.01)


def test_the_lock_of_a_killed_writer_is_free_at_once(lock: Path) -> None:
    with other_process(lock) as process:
        process.kill()
        process.wait()
        left = WriterLock(lock).holder()
        assert left is not None
        assert (left.pid, left.is_running) == (process.pid, False)
        with WriterLock(lock).held() as writer:
            assert writer.pid == os.getpid()


def test_what_went_wrong_under_the_lock_lets_go_of_it(lock: Path) -> None:
    with pytest.raises(RuntimeError), WriterLock(lock).held():
        raise RuntimeError
    with WriterLock(lock).held():
        pass


# Whom to believe.


def test_a_number_that_is_used_again_is_another_process() -> None:
    writer = Writer.this_process()
    assert writer.is_running
    assert not replace(writer, started=writer.started - 60).is_running


def test_a_number_that_no_process_can_have_is_nobody() -> None:
    assert not replace(Writer.this_process(), pid=10**30).is_running


def test_a_process_of_another_machine_is_believed() -> None:
    writer = replace(Writer.this_process(), host="elsewhere", pid=2**22 + 1)
    assert (writer.is_here, writer.is_running) == (False, True)


DAMAGED = {
    "empty": b"",
    "zeros": b"\0" * 200,
    "no JSON": b"4711\n?",
    "a number": b"4711",
    "a list": b"[1, 2]",
    "without a pid": b'{"host": "here"}',
    "no text": b"\xff\xfe",
    "other types": b'{"host": 1, "pid": "x", "started": null, "user": [], "since": {}}',
    "no number of a process": b'{"host": "here", "pid": -1, "started": 1, "user": "somebody", "since": "now"}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_lock_file_of_which_nothing_can_be_read_is_taken(lock: Path, content: bytes) -> None:
    lock.write_bytes(content)
    with WriterLock(lock).held() as writer:
        assert WriterLock(lock).holder() == writer


def test_a_holder_of_whom_nothing_can_be_read_still_holds(lock: Path) -> None:
    unknown = "is already running: an unknown one;"
    with other_process(lock):
        for content in DAMAGED.values():
            lock.write_bytes(content)
            with pytest.raises(Locked, match=unknown), WriterLock(lock).held():
                pass


# File systems without locks.

Change = Callable[[Writer], Writer]


@pytest.mark.usefixtures("_without_locks")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda writer: replace(writer, pid=2**22 + 1), id="no such process"),
        pytest.param(lambda writer: replace(writer, started=writer.started - 60), id="its number is used again"),
    ],
)
def test_without_locks_a_dead_holder_is_not_believed(lock: Path, change: Change) -> None:
    lock.write_text(json.dumps(asdict(change(Writer.this_process()))))
    with WriterLock(lock).held() as writer:
        assert WriterLock(lock).holder() == writer


@pytest.mark.usefixtures("_without_locks")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda writer: replace(writer, pid=os.getppid(), started=_started(os.getppid())), id="here"),
        pytest.param(lambda writer: replace(writer, host="elsewhere"), id="on another machine"),
    ],
)
def test_without_locks_a_holder_that_may_live_is_believed_and_the_lock_file_named(lock: Path, change: Change) -> None:
    holder = change(Writer.this_process())
    lock.write_text(json.dumps(asdict(holder)))
    named = re.escape(f"{lock}: {WHAT}, is already running: {holder};")
    with pytest.raises(Locked, match=named), WriterLock(lock).held():
        pass
    assert WriterLock(lock).holder() == holder


def _started(pid: int) -> float:
    return psutil.Process(pid).create_time()


@pytest.mark.usefixtures("_without_locks")
def test_a_folder_without_locks_is_told_from_one_with_locks(tmp_path: Path) -> None:
    assert not knows_locks(tmp_path)


def test_this_folder_knows_locks(tmp_path: Path) -> None:
    assert knows_locks(tmp_path)
    assert list(tmp_path.iterdir()) == []


# Where it cannot be written.


def test_a_lock_that_cannot_be_opened_is_one_line(lock: Path) -> None:
    lock.mkdir()
    said = re.escape(f"{lock}: is a directory; the index cannot be written")
    with pytest.raises(CannotWrite, match=said), WriterLock(lock).held():
        pass
