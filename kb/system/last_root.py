"""Stores the knowledge base that was used last, for commands that are run outside of any."""

from __future__ import annotations

from pathlib import Path

from kb.system.state_file import read_state, replace_state
from kb.system.user_cache import state_folder


def remember_root(root: Path) -> None:
    """Store the path of a knowledge base."""
    if read_state(_file()) != str(root):
        replace_state(_file(), str(root))


def last_root(marker: str) -> Path | None:
    """Return the knowledge base that was used last; None if there is none, or it has no file `marker` any more."""
    state = read_state(_file())
    root = Path(state)
    try:
        return root if state.isprintable() and root.is_absolute() and (root / marker).is_file() else None
    except (OSError, ValueError):
        return None


def _file() -> Path:
    return state_folder() / "last-root"
