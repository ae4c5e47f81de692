"""Reads many lessons, by several processes if that is faster; the result is the same.

The processes are new programs, not forks: a fork of a process with threads may hang, and `multiprocessing` would run
the script of a caller again. Each gets all of its work when it starts, and writes what it has read into a pipe. It
waits only for the process that reads this pipe, and ends when that process ends, even if it is killed. If one of them
ends too early, for example because memory is short, the process that started them reads the rest itself.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from subprocess import DEVNULL, PIPE, Popen
from typing import IO

from ingest.files.corpus import FoundFile
from kb.reading.lesson_reader import LessonReader, ReadFile
from search.storage import collect_seldom, usable_cores

# A process takes about half a second to start, in which some 500 kB of lessons are read.
_WORTH_PROCESSES = 1_000_000
# Reading NASA's 2,102 lessons takes 20 s of processor time, writing what was read 4 s. Each process needs 100 MB.
_MOST_PROCESSES = 5
# So that each can be some lessons ahead; 64 kB otherwise.
_BYTES_OF_A_PIPE = 1 << 20
_PROGRAM = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from kb.reading.processes import serve
serve()
"""


def read_lessons(reader: LessonReader, files: Sequence[FoundFile]) -> Generator[ReadFile]:
    """Yield what is read of each file, in their order."""
    processes = min(usable_cores(), _MOST_PROCESSES) if sum(file.size for file in files) >= _WORTH_PROCESSES else 1
    read = 0
    if processes > 1:
        for found in _read_by(processes, reader, files):
            yield found
            read += 1
    for file in files[read:]:
        yield reader.read(file)


def serve() -> None:
    """Do one process's work: standard input has a reader and its files, and standard output gets what is read."""
    collect_seldom()
    reader, files = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as results:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing else may be written there
        for file in files:
            pickle.dump(reader.read(file), results, pickle.HIGHEST_PROTOCOL)
            results.flush()


def _read_by(processes: int, reader: LessonReader, files: Sequence[FoundFile]) -> Iterator[ReadFile]:
    """Yield what several processes read, in the order of the files, until all is read or one of them has ended."""
    with suppress(OSError, EOFError, pickle.UnpicklingError), ExitStack() as running:
        started = [running.enter_context(_started()) for _ in range(processes)]
        for number, process in enumerate(started):
            _send(process, sys.path, (reader, files[number::processes]))
        for number in range(len(files)):
            yield pickle.load(_output_of(started[number % processes]))  # noqa: S301 - from a process of our own


@contextmanager
def _started() -> Iterator[Popen[bytes]]:
    """Start a process, in a group of its own: Ctrl-C is for the one that started it, which ends it."""
    command = [sys.executable, "-P", "-c", _PROGRAM]
    alone = os.environ | {"TOKENIZERS_PARALLELISM": "false"}  # no threads beside those of the other processes
    with Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=alone, process_group=0) as process:
        try:
            with suppress(OSError, AttributeError):  # more than this user may have; not Linux
                fcntl.fcntl(_output_of(process), fcntl.F_SETPIPE_SZ, _BYTES_OF_A_PIPE)
            yield process
        finally:
            process.kill()


def _send(process: Popen[bytes], *parts: object) -> None:
    assert process.stdin
    with process.stdin as pipe:
        for part in parts:
            pickle.dump(part, pipe, pickle.HIGHEST_PROTOCOL)


def _output_of(process: Popen[bytes]) -> IO[bytes]:
    assert process.stdout
    return process.stdout
