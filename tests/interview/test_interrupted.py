"""Ctrl-C, a full disk, and what somebody else writes meanwhile lose no answer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kb.codify.interview.interview import QUESTIONS
from kb.codify.interview.written import LessonInProgress, rewrite
from kb.edit.edit import Edit
from kb.errors import CannotWrite
from tests.conftest import Outcome
from tests.interview.conftest import FRESH, KINDS, only_lesson
from tests.test_bad_worlds import files_up_to


def test_a_full_disk_leaves_the_draft_as_it_was(ask: Callable[..., Outcome]) -> None:
    ask("", "Wrong labels")
    before = only_lesson().read_bytes()
    with files_up_to(1000):
        done = ask("Parcels.\n\n", str(only_lesson()))
    assert done.code == 3
    assert done.err.splitlines()[-1] == f"kb: {only_lesson()}: file too large; nothing was written"
    assert only_lesson().read_bytes() == before


def test_ctrl_c_keeps_what_was_answered(ask: Callable[..., Outcome], kb_process: Callable[..., list[str]]) -> None:
    pipe = subprocess.PIPE
    command = kb_process("new", "--ask", "Wrong labels")
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("Parcels came back.\n\n")
        process.stdin.flush()
        said = ""
        while "2 of 19" not in said:
            said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert said.endswith(f"kb: 1 answer saved; to go on: kb new --ask {only_lesson()}\n")
    assert "Parcels came back." in only_lesson().read_text()


@pytest.mark.parametrize(
    ("typed", "prompt", "saved"),
    [
        ("", "1 of.*> ", 0),
        ("c\n", r"What is right\?.*> ", 0),
        ("y\n", "2 of.*> ", 1),
        ("y\nIt leaked.\n", r"2 of.*> It leaked\.", 1),
    ],
)
def test_ctrl_c_says_the_same_at_every_prompt_of_a_terminal(
    ask: Callable[..., Outcome], kb_process: Callable[..., list[str]], typed: str, prompt: str, saved: int
) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)
    Path("lessons/a.md").write_text("---\ntitle: A # kb: proposed\nstatus: draft\n---\n# A\n")
    ours, theirs = pty.openpty()
    command = kb_process("new", "--ask", "lessons/a.md")
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        said = read_until(ours, prompt)
        interrupt(process)
        said += read_until(ours)
    os.close(ours)
    answers = "1 answer" if saved == 1 else f"{saved} answers"
    assert process.returncode == 130, said
    assert said.replace("\r\n", "\n").endswith(f"\nkb: {answers} saved; to go on: kb new --ask lessons/a.md\n")
    assert "half done" not in said


def interrupt(process: subprocess.Popen[Any]) -> None:
    """Press Ctrl-C until the process ends: right before a prompt waits for a key, it is heard with the next one."""
    for _ in range(100):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.3)
            return
    process.kill()


def read_until(terminal: int, why_none_may_go: str = "") -> str:
    """Read from a terminal until something has come, or all there is."""
    said = ""
    with suppress(OSError):  # as Linux says that nobody writes there any more
        while data := os.read(terminal, 65536):
            said += data.decode(errors="replace")
            if why_none_may_go and re.search(why_none_may_go, said, re.DOTALL):
                return said
    return said


def test_ctrl_c_before_there_is_a_draft(ask: Callable[..., Outcome], kb_process: Callable[..., list[str]]) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(kb_process("new", "--ask"), stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        interrupt(process)
        said += process.stderr.read()
    assert (process.returncode, said.splitlines()[-1]) == (130, "kb: 0 answers saved; to go on: kb new --ask")


def test_what_somebody_else_writes_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(FRESH.replace("\n", "\r\n").encode())
    others = iter(["\r\nFirst.\r\n", "\r\nSecond.\r\n"])

    def edits(lesson: LessonInProgress) -> list[Edit]:
        with path.open("ab") as file:  # between reading and writing
            file.write(next(others, "").encode())
        return QUESTIONS[0].place.edits(lesson, "Parcels came back.")

    rewrite(path, KINDS, edits)
    text = path.read_bytes().decode()
    assert text.endswith("\r\nFirst.\r\n\r\nSecond.\r\n")
    assert "## Problem\r\n\r\nParcels came back.\r\n\r\n## What was done\r\n" in text


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="no such file"):
        rewrite(tmp_path / "a.md", KINDS, lambda lesson: [])
