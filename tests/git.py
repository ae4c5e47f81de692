"""What the tests ask of git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WRITER = {
    f"GIT_{who}_{what}": said
    for who in ("AUTHOR", "COMMITTER")
    for what, said in {"NAME": "Ann Writer", "EMAIL": "ann@example.com"}.items()
}


def git(folder: Path, *command: str) -> str:
    """Run a command in a folder; return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *command], check=True, capture_output=True, text=True, env=os.environ | WRITER
    )
    return done.stdout.strip()


def commit(folder: Path, said: str = "work") -> None:
    """Commit all there is."""
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", said)
