"""On a real terminal, too, what a server answers looks as it looks without one: its width, its colours, its pager."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.serve.servers import Server

pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)
LINK = re.compile(rb"(?<=\x1b\]8;id=)\d+")


def on_terminal(
    server: Server, root: Path, arguments: list[str], columns: int, *, served: bool, **more: str
) -> tuple[int, bytes]:
    """Run the program on a terminal of a width, and return its exit code and all that was written there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**server.environment, "TERM": "xterm-256color", **more}
    if not served:
        environment["KB_NO_SERVER"] = "1"
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "kb", "--root", str(root), *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65_536):
            written += part
    except OSError:  # the terminal has no process any more
        pass
    os.close(ours)
    return process.wait(60), LINK.sub(b"0", written)


@pytest.mark.parametrize("columns", [60, 80, 140])
@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "parcels come back"],
        ["search", "--explain", "zebra"],
        ["show", "labels"],
        ["similar", "labels"],
        ["brief", "parcels"],
        ["who", "parcels"],
        ["show", "nobody"],
        ["search", "--mode", "magic"],
    ],
    ids=" ".join,
)
def test_a_terminal_shows_the_same(server: Server, root: Path, arguments: list[str], columns: int) -> None:
    answered = server.answering(lambda: on_terminal(server, root, arguments, columns, served=True, PAGER="cat"))
    assert answered == on_terminal(server, root, arguments, columns, served=False, PAGER="cat")
    assert answered[1]


@pytest.mark.parametrize(
    "more", [{"NO_COLOR": "1"}, {"COLUMNS": "50"}, {"COLORTERM": "truecolor"}, {"TERM": "vt100"}], ids=repr
)
def test_a_terminal_is_as_its_user_wants_it(server: Server, root: Path, more: dict[str, str]) -> None:
    both = [on_terminal(server, root, ["search", "parcels"], 80, served=served, **more) for served in (True, False)]
    assert both[0] == both[1]


def test_a_lesson_is_shown_in_the_pager_of_the_client(server: Server, root: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "LESS is $LESS"; sed "s/^/| /"\n')
    pager.chmod(0o700)
    both = [
        on_terminal(server, root, ["show", "labels"], 80, served=served, PAGER=str(pager)) for served in (True, False)
    ]
    assert both[0] == both[1]
    assert b"LESS is -FRX" in both[0][1]
    assert b"| " in both[0][1]
