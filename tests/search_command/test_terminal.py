"""What a pipe gets, and what a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.search_command.conftest import SENTENCE


def test_a_pipe_gets_no_escape_codes_and_no_trailing_blanks(base: Path, kb: Run) -> None:
    for command in (["search", SENTENCE], ["search", "--json", SENTENCE], ["list"], ["show", "plans"], ["status"]):
        done = kb(base, *command)
        assert done.code == 0
        assert "\x1b" not in done.out + done.err
        assert [line for line in done.out.splitlines() if line != line.rstrip()] == []


@pytest.fixture
def on_terminal(kb_process: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the program with a terminal as its stdout and return what it wrote there."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)

    def run(*arguments: str, columns: int = 80, **environment: str) -> str:
        ours, theirs = pty.openpty()
        variables = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(columns), "PAGER": "cat", **environment}
        process = subprocess.Popen(
            kb_process(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=variables,
        )
        os.close(theirs)
        written = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not data:
                break
            written += data
        os.close(ours)
        assert process.wait() == 0
        return written.decode().replace("\r\n", "\n")

    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return run


COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")
ESCAPE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def test_a_terminal_gets_colours_marks_and_a_link(base: Path, on_terminal: Callable[..., str]) -> None:
    out = on_terminal("--root", str(base), "search", "--mode", "lexical", "checklist beside the printer")
    assert COLOUR.search(out)
    # The words that match are marked, the others are not.
    assert re.search(r"\x1b\[[\d;]*mchecklist\x1b\[0m of four lines hangs \x1b\[[\d;]*mbeside\x1b\[0m", out)
    link = (base / "lessons" / "labels.md").as_uri()
    assert re.search(rf"\x1b\]8;[^;]*;{re.escape(link)}\x1b\\.*lessons/labels\.md:24.*\x1b\]8;;\x1b\\", out)


def test_no_color_takes_the_colours_away_and_leaves_the_text(base: Path, on_terminal: Callable[..., str]) -> None:
    arguments = ("--root", str(base), "search", "--mode", "lexical", "checklist")
    plain = on_terminal(*arguments, NO_COLOR="1")
    assert COLOUR.search(plain) is None
    assert ESCAPE.sub("", plain) == ESCAPE.sub("", on_terminal(*arguments))


@pytest.mark.parametrize("columns", [30, 50])
def test_a_narrow_terminal_breaks_lines_between_words(
    base: Path, on_terminal: Callable[..., str], columns: int
) -> None:
    out = ESCAPE.sub("", on_terminal("--root", str(base), "search", "--mode", "lexical", SENTENCE, columns=columns))
    assert [line for line in out.splitlines() if len(line) > columns] == []
    assert " ".join(out.split()) == (
        "1. Orders left with the wrong label [draft] answers · tool · Tools › Checklist · Warehouse North · 2006-05 "  # noqa: RUF001 - as it is printed
        "A checklist of four lines hangs beside the printer. Nobody prints before the address was checked. "
        "worth: returned parcels a week down 85 %, from 40 to 6 (fair evidence: measured before and after) "
        "ask: Jane Doe, jane@example.org lessons/labels.md:24"
    )


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["text", "JSON"])
def test_a_reader_that_goes_away_is_no_error(
    base: Path, kb_process: Callable[..., list[str]], option: list[str]
) -> None:
    process = subprocess.Popen(
        kb_process("--root", str(base), "search", "--mode", "lexical", *option, "forty"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(), said) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a console there takes every character")
def test_a_terminal_that_knows_no_unicode_gets_an_answer(base: Path, kb_process: Callable[..., list[str]]) -> None:
    done = subprocess.run(
        kb_process("--root", str(base), "search", "--mode", "lexical", SENTENCE),
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"lessons/labels.md:24" in done.stdout
