"""Runs of the job that die when they are told to: `python -m tests.mortal`.

One order on each line of the standard input, one answer on each line of the standard output, both JSON.
Everything is imported once; each run is a fork of its own, so hundreds of them take no longer than their work.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import kb.acceptance.gate
import kb.acceptance.known_items

# All that a run imports, before there is anything to be lost by a fork: threads, open files, locks.
import kb.reindex.encoding
import kb.reindex.job
from kb.index.store import FOLDER_NAME
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders

_FILE_OPERATIONS = {
    "open",
    "os.chmod",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "shutil.rmtree",
    "sqlite3.connect",
}


class Steps(Protocol):
    """Told each step before it is done."""

    def __call__(self, name: str) -> None: ...


class Mortal:
    """Writes down each step, and ends its own process at the one it was told."""

    def __init__(self, trace: int, dies_at: int | None) -> None:
        self._trace = trace
        self._left = dies_at

    def __call__(self, name: str) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._left is not None:
            self._left -= 1
        os.write(self._trace, f"{name}\n".encode())


class Watching:
    """Receives the progress of a job as steps."""

    def __init__(self, step: Steps) -> None:
        self._step = step

    def tell(self, line: str) -> None:
        self._step(f"tell {line}")

    def stage(self, name: str, total: int) -> None:
        self._step(f"stage {name}")

    def advance(self, steps: int = 1) -> None:
        self._step(f"advance {steps}")

    def finish(self) -> None:
        self._step("finish")


def file_operations(folder: Path, step: Steps) -> Callable[[str, tuple[Any, ...]], None]:
    """Return an audit hook that knows what is done to files below a folder; they are opened to be flushed too."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _FILE_OPERATIONS:
            return
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes, os.PathLike)) else ""
        # Within a folder that is removed, names are relative to it.
        if str(folder) in path or not path.startswith("/"):
            step(f"{event} {path.removeprefix(str(folder))}")

    return hook


def run(order: dict[str, Any], trace: int) -> None:
    """Carry out an order; its report is the last line of the trace."""
    root = Path(order["root"])
    step = Mortal(trace, order["dies_at"])
    sys.addaudithook(file_operations(root / FOLDER_NAME, step))
    # A small corpus is encoded within the time after which vectors are kept first: here each batch is kept at once.
    kb.reindex.encoding.SECONDS_BETWEEN_KEEPING = 0.0
    if order["memory"] is not None:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + order["memory"],) * 2)
    report = KnowledgeBase(root, Watching(step)).reindex(Orders(full=order["full"]))
    os.write(trace, f"report {json.dumps(report.as_json())}\n".encode())


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Let a fork carry out an order, and kill it after so many seconds if the order says so."""
    with tempfile.TemporaryFile() as trace:
        child = os.fork()
        if not child:
            _be_the_child(order, trace.fileno())
        descriptor = os.pidfd_open(child)
        if not select.select([descriptor], [], [], order["killed_after"])[0]:
            os.kill(child, signal.SIGKILL)
        os.close(descriptor)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        trace.seek(0)
        lines = trace.read().decode().splitlines()
    reports = [line.removeprefix("report ") for line in lines if line.startswith("report ")]
    steps = [line for line in lines if not line.startswith("report ")]
    return {"status": status, "steps": steps, "report": json.loads(reports[0]) if reports else None}


def _be_the_child(order: dict[str, Any], trace: int) -> None:
    code = 1
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries say when they die is no answer
    try:
        run(order, trace)
        code = 0
    except BaseException as error:  # whatever it is, the fork must not go on as its parent
        os.write(trace, f"raised {error!r}\n".encode())
    finally:
        os._exit(code)


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
