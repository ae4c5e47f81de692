"""What the tests of schedules share: a job whose paths hold what schedulers, shells and YAML take for their own."""

from __future__ import annotations

import os
import subprocess
from datetime import time
from pathlib import Path

from kb.schedule.job import Job

ODD = 'our "les\'sons" 100% \\o/ \\\\ \\% $HOME é; #'
"""A folder's name."""

RECORDER = """\
#!/bin/sh
{ for word in "$@"; do printf '%s\\0' "$word"; done; } > RECORD
"""


def job_at(root: Path, program: str = "/opt/kb/bin/kb", at: time = time(2, 17), **environment: str) -> Job:
    return Job(root, ("lessons",), at, (program,), environment)


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


def recorder(folder: Path) -> tuple[Path, Path]:
    """Make a program that writes its arguments to a pipe; return both."""
    pipe = folder / "record"
    os.mkfifo(pipe)
    return executable(folder / "odd 100% é" / "kb", RECORDER.replace("RECORD", f"'{pipe}'")), pipe


def recorded(pipe: Path) -> list[str]:
    """Wait for the program and return its arguments."""
    done = subprocess.run(["cat", str(pipe)], capture_output=True, check=True, timeout=20)
    return done.stdout.decode().split("\0")[:-1]
