"""What another program answers, where it is there."""

from __future__ import annotations

import os
import subprocess


def answer_of(*command: str, seconds: float) -> str | None:
    """Return what a command prints; None where there is no such program, or it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=seconds)
    except (OSError, subprocess.SubprocessError):
        return None
    return os.fsdecode(done.stdout)
