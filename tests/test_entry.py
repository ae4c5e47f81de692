"""How a process of kb ends that is told to stop: tidily, at once, in one line, whenever it is told."""

from __future__ import annotations

import os
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.stopping import stoppable
from tests.conftest import Make, Run
from tests.examples import LONG
from tests.index_state import leftovers
from tests.invented import lessons

SAID = "kb: interrupted; nothing is left half done"
AT_ITS_END = 0.5
"""Seconds in which a process ends that is done; one that has not heard what it was told goes on for longer."""
MOMENTS = 120 if LONG else 3
THREAD = """
import sys, threading
threading.Thread(target=threading.Event().wait).start()  # as one that waits for an import that nobody ends
sys.argv = ["kb", *sys.argv[1:]]
from kb.entry import run
run()
"""
AMID_IMPORTS = """
import os, signal, sys

class Teller:
    # Asked for every module before anybody: tells this process to stop when one is imported.
    def find_spec(self, name, path=None, target=None):
        if name == NAME:
            for number in NUMBERS:
                os.kill(os.getpid(), number)

sys.meta_path.insert(0, Teller())
sys.argv = ["kb", *sys.argv[1:]]
from kb.entry import run
run()
"""
IN_A_CALLBACK = """
import os, signal, sys, weakref
import kb.commands.find.search

class Dropped: pass

def tell(_reference):
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000): pass

def search(*_arguments, **_options):
    dropped = Dropped()
    reference = weakref.ref(dropped, tell)
    del dropped  # what is raised in the callback Python can only print
    signal.pause()

kb.commands.find.search.search.callback = search
sys.argv = ["kb", "search", "x"]
from kb.entry import run
run()
"""
TIDYING_UP = """
import os, signal, sys
import kb.commands.find.search, kb.stopping

def search(*_arguments, **_options):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        for _ in range(TIMES):
            os.kill(os.getpid(), signal.SIGINT)
        print("tidied up", flush=True)

kb.stopping.SECONDS_TO_TIDY_UP = GIVEN
kb.commands.find.search.search.callback = search
sys.argv = ["kb", "search", "x"]
from kb.entry import run
run()
"""
Start = Callable[..., "subprocess.Popen[str]"]
AN_ERROR_IN_A_CALLBACK = IN_A_CALLBACK.replace(
    "os.kill(os.getpid(), signal.SIGINT)", "raise ValueError('odd')"
).replace("signal.pause()", "return")


def start(program: str, *arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=stdin, stdout=pipe, stderr=pipe, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, said = process.communicate(timeout=60)
    return process.returncode, out, said.strip()


def test_an_interrupted_process_waits_for_no_thread(make: Make) -> None:
    process = start(THREAD, "--root", str(make()), "new", "--from", "-", stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write("Labels came off.\n" * 10_000)  # more than a pipe holds: it is gone once the program reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    assert ended(process) == (130, "", SAID)


@pytest.mark.parametrize("module", ["click", "kb.session", "kb.commands.find.search", "numpy", "onnxruntime", "faiss"])
@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([signal.SIGINT], 130),
        ([signal.SIGTERM], 143),
        ([signal.SIGHUP], 143),
        ([signal.SIGTERM, signal.SIGTERM], 143),
        ([signal.SIGINT, signal.SIGINT, signal.SIGINT], 130),
    ],
    ids=["INT", "TERM", "HUP", "TERM twice", "INT three times"],
)
def test_told_to_stop_amid_imports_it_ends_in_one_line(
    indexed: Make, module: str, numbers: list[int], code: int
) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n"})
    program = AMID_IMPORTS.replace("NAME", repr(module)).replace("NUMBERS", repr([int(number) for number in numbers]))
    assert ended(start(program, "--root", str(root), "search", "parcels")) == (code, "", SAID)


def test_an_interrupt_that_python_can_only_print_is_not_lost() -> None:
    assert ended(start(IN_A_CALLBACK)) == (130, "", SAID)


def test_an_error_that_python_can_only_print_is_printed() -> None:
    code, out, said = ended(start(AN_ERROR_IN_A_CALLBACK))
    assert (code, out, said.splitlines()[-1]) == (0, "", "ValueError: odd")


@pytest.mark.parametrize(
    ("times", "seconds", "out", "said"),
    [
        (1, 0, "tidied up\n", SAID),  # however late a second one comes
        (9, 600, "tidied up\n", SAID),
        (2, 0, "", "kb: stopped while tidying up; `kb reindex` removes what is left over"),
    ],
)
def test_amid_tidying_up_only_a_third_signal_is_heard_and_not_at_once(
    times: int, seconds: int, out: str, said: str
) -> None:
    program = TIDYING_UP.replace("TIMES", str(times)).replace("GIVEN", str(seconds))
    assert ended(start(program)) == (130, out, said)


def test_signals_are_heard_for_the_work_alone() -> None:
    def hearing() -> list[object]:
        return [*map(signal.getsignal, (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)), sys.unraisablehook]

    before = hearing()
    with stoppable() as outer:
        assert [one is other for one, other in zip(hearing(), before, strict=True)] == [False] * 4
        with stoppable() as inner:
            assert inner is outer
    assert hearing() == before
    with stoppable() as another:
        assert another is not outer


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_told_to_stop_at_any_moment_a_run_leaves_nothing_behind(
    indexed: Make, tmp_path: Path, kb_process: Callable[..., list[str]], number: int, code: int
) -> None:
    root = indexed(lessons(16, sections=6))
    command = kb_process("--root", str(root), "reindex", "--full")
    began = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    takes = time.monotonic() - began
    for moment in range(MOMENTS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        descriptor = os.pidfd_open(process.pid)
        over = select.select([descriptor], [], [], takes * (moment + 1) / (MOMENTS + 1))[0]
        os.close(descriptor)
        process.send_signal(number)
        process.send_signal(number)
        told = time.monotonic()
        status, summary, said = ended(process)
        if over or (status == 0 and summary and time.monotonic() - told < AT_ITS_END):
            continue  # it was done: Python tidies up, and hears nothing any more
        if status == -number or "init_import_site" in said or "<frozen runpy>" in said:
            continue  # Python had not come to any line of ours
        assert (status, said.splitlines()[-1]) == (code, SAID), said
        assert "Traceback" not in said
        assert leftovers(root) == []
    assert KnowledgeBase(root).reindex().problems == ()


def test_what_was_told_to_ignore_a_closed_terminal_does(make: Make) -> None:
    program = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{THREAD}"
    process = start(program, "--root", str(make()), "new", "--from", "-", stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write("Labels came off.\n" * 10_000)
    process.stdin.flush()
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (143, "", SAID)


@pytest.mark.parametrize(
    "command", [["list"], ["search", "parcels"], ["show", "a"], ["--help"], ["list", "-h"], ["--version"]], ids=" ".join
)
def test_a_reader_that_goes_away_is_no_failure(
    indexed: Make, kb_process: Callable[..., list[str]], command: list[str]
) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n"})
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        kb_process("--root", str(root), *command), stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (0, "")


@pytest.mark.parametrize("command", [["list"], ["search", "parcels"], ["status"], ["--help"], ["check"], ["reindex"]])
def test_output_that_has_no_room_is_said_in_one_line(
    indexed: Make, kb: Run, kb_process: Callable[..., list[str]], command: list[str]
) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n"})
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            kb_process("--root", str(root), *command), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "kb: the output cannot be written: no space left on device\n"
    assert (process.returncode, process.stderr) == (3, said)


def test_output_that_may_not_grow_is_said_in_one_line(
    make: Make, tmp_path: Path, kb_process: Callable[..., list[str]]
) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    with (tmp_path / "output").open("w") as output:
        process = subprocess.run(
            kb_process("--root", str(make()), "schema"),
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=limit,
        )
    assert (process.returncode, process.stderr) == (3, "kb: the output cannot be written: file too large\n")


@pytest.mark.parametrize(
    ("command", "closed", "code"),
    [
        (["search", "parcels"], (1,), 0),
        (["search", "parcels"], (0, 1, 2), 0),
        (["reindex"], (1, 2), 0),
        (["search", "-f", "-"], (0,), 2),
        (["search", "--batch", "-"], (0,), 1),
        (["new", "--from", "-"], (0,), 2),
        (["new", "--ask"], (0,), 2),
    ],
)
def test_a_stream_that_is_closed_is_as_one_that_leads_nowhere(
    indexed: Make, kb: Run, kb_process: Callable[..., list[str]], command: list[str], closed: Sequence[int], code: int
) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n"})
    before = {path: path.read_bytes() for path in root.rglob("*.md")}
    closing = " ".join(f"{number}{'<' if number == 0 else '>'}&-" for number in closed)
    words = shlex.join(kb_process("--root", str(root), *command))
    done = subprocess.run(["sh", "-c", f"{words} {closing}"], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in root.rglob("*.md")} == before


# A working directory that is gone.

GONE = "kb: the working directory is gone; change to one that is there (`cd`)"
IN_NOWHERE = [
    *(["search", "x"], ["reindex"], ["check"], ["list"], ["status"], ["show", "x"], ["similar", "x"], ["gc"]),
    *(["rollback"], ["schedule"], ["promote", "x"], ["new", "A title"], ["open", "x"], ["doctor"], ["eval", "q", "r"]),
    *(
        ["--root", ".", "search", "x"],
        ["new", "--from", "-"],
        ["supersede", "a", "b"],
        ["retire", "x", "--because", "y"],
    ),
]


@pytest.mark.parametrize("command", IN_NOWHERE, ids=" ".join)
def test_in_a_folder_that_is_gone_one_line_says_so(tmp_path: Path, kb: Run, command: list[str]) -> None:
    here = Path.cwd()
    nowhere = tmp_path / "gone"
    nowhere.mkdir()
    os.chdir(nowhere)
    nowhere.rmdir()
    try:
        done = kb(None, *command)
    finally:
        os.chdir(here)
    assert (done.code, done.out, done.err) == (2, "", f"{GONE}\n")


def test_a_root_that_is_named_needs_no_working_directory(indexed: Make, kb: Run, tmp_path: Path) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n"})
    nowhere = tmp_path / "gone"
    nowhere.mkdir()
    here = Path.cwd()
    os.chdir(nowhere)
    nowhere.rmdir()
    try:
        found = [kb(root, *command) for command in (["search", "parcels"], ["list"], ["check"], ["show", "a"])]
        found.append(kb(root, "new", "Labels came off"))
        unwritten = kb(root, "reindex", "--report", "report.md")
    finally:
        os.chdir(here)
    assert [done.code for done in found] == [0] * 5
    assert unwritten.code == 3
    assert re.search(
        r"^kb: report\.md: .*the report is not written, the run is on record$", unwritten.err, re.MULTILINE
    )
