"""The editor of whoever writes."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from kb.errors import EditorFailed


def editor() -> list[str]:
    """Return the command that `$VISUAL`, else `$EDITOR` names, with its arguments; nothing where none is set."""
    said = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return shlex.split(said)
    except ValueError:  # a quote that is never closed
        return [said]


def edit(command: Sequence[str], path: Path) -> None:
    """Let a person write in a file until the editor is closed; raises `EditorFailed`."""
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise EditorFailed(f"the editor {command[0]!r} cannot be started: {reason}; {_stays(path)}") from error
    if done.returncode:
        how = f"exit code {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
        raise EditorFailed(f"the editor {command[0]!r} failed ({how}); {_stays(path)}")


def _stays(path: Path) -> str:
    return f"the draft is in {path}"
