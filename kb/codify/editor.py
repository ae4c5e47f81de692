"""Opens the user's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import EditorFailed, NoSuchFile

_PLUS_LINE = frozenset(("vi", "vim", "nvim", "view", "gvim", "nano", "pico", "emacs", "emacsclient", "micro", "kak"))
_GOTO = frozenset(("code", "code-insiders", "codium", "cursor"))


def editor() -> list[str]:
    """Return the command in `$VISUAL`, else in `$EDITOR`, with its arguments; empty if neither is set."""
    command = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return shlex.split(command)
    except ValueError:  # a quote that is never closed
        return [command]


def file_of(root: Path, path: str) -> Path:
    """Return the path of a lesson's file; raises `NoSuchFile` if it is gone, or replaced by a link."""
    file = root / path
    if not file.is_file():
        raise NoSuchFile(f"{path} is gone since the index was built; run `kb reindex`")
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        raise NoSuchFile(f"{path} is now a link, which is not a lesson; run `kb reindex`")
    return file


def edit(command: Sequence[str], path: Path, line: int | None = None) -> None:
    """Open a file in the editor and wait until it is closed; raises `EditorFailed`."""
    try:
        done = subprocess.run([*command, *_arguments(command[0], path, line)], check=False)
    except OSError as error:
        reason = reason_of(error)
        raise EditorFailed(f"the editor {command[0]!r} cannot be started: {reason}; the file is {path}") from error
    if done.returncode:
        how = f"exit code {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
        raise EditorFailed(f"the editor {command[0]!r} failed ({how}); the file is {path}")


def _arguments(program: str, path: Path, line: int | None) -> list[str]:
    """Return the arguments for opening a file, at a line if this editor's option for that is known."""
    name = Path(program).name
    if line is not None and name in _PLUS_LINE:
        return [f"+{line}", str(path)]
    if line is not None and name in _GOTO:
        return ["--goto", f"{path}:{line}"]
    return [str(path)]
