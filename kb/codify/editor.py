"""The editor of whoever writes."""

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
    """Return the command that `$VISUAL`, else `$EDITOR` names, with its arguments; nothing where none is set."""
    said = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return shlex.split(said)
    except ValueError:  # a quote that is never closed
        return [said]


def file_of(root: Path, path: str) -> Path:
    """Return where a lesson can be written; raises `NoSuchFile` when its file is gone, or a link took its place."""
    file = root / path
    if not file.is_file():
        raise NoSuchFile(f"{path} is gone since the index was built; run `kb reindex`")
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        raise NoSuchFile(f"{path} is a link by now, which is no lesson; run `kb reindex`")
    return file


def edit(command: Sequence[str], path: Path, line: int | None = None) -> None:
    """Let a person write in a file until the editor is closed; raises `EditorFailed`."""
    try:
        done = subprocess.run([*command, *_arguments(command[0], path, line)], check=False)
    except OSError as error:
        reason = reason_of(error)
        raise EditorFailed(f"the editor {command[0]!r} cannot be started: {reason}; the file is {path}") from error
    if done.returncode:
        how = f"exit code {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
        raise EditorFailed(f"the editor {command[0]!r} failed ({how}); the file is {path}")


def _arguments(program: str, path: Path, line: int | None) -> list[str]:
    """Return how an editor is told a file, and a line of it if it is known how it takes one."""
    name = Path(program).name
    if line is not None and name in _PLUS_LINE:
        return [f"+{line}", str(path)]
    if line is not None and name in _GOTO:
        return ["--goto", f"{path}:{line}"]
    return [str(path)]
