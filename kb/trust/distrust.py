"""Whether `.kb` may be trusted: it must be a real folder made on this machine, not cloned with the repository.

An index is derived data. One that git tracks was made by the author of a commit, and a link in it may lead anywhere:
neither is read, and nothing is written or removed through it.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kb.errors import NoSuchFile
from kb.trust.tracked import is_tracked


class Distrust(NamedTuple):
    """Why the folder `.kb` must not be touched."""

    why: str
    cure: str
    """A shell command."""
    then: str = ""
    """What to do after it; may be empty."""

    def __str__(self) -> str:
        return f"{self.why}; run `{self.cure}`" + (f", {self.then}" if self.then else "")


def distrust(folder: Path) -> Distrust | None:
    """Return why a folder `.kb` must not be touched; None if it may be, or does not exist."""
    try:
        mode = folder.lstat().st_mode
    except OSError:
        return None
    if not stat.S_ISDIR(mode):
        return Distrust(f"{folder} is {'a link' if stat.S_ISLNK(mode) else 'no folder'}", _removal("rm", folder))
    if found := next(_not_real(folder), None):
        return Distrust(f"{found} is a link, a pipe or a device", _removal("rm", found))
    if is_tracked(folder):
        why = f"{folder} is in git, and an index that comes with a clone is not trusted"
        removal = _removal(f"git -C {shlex.quote(str(folder.parent))} rm -rqf", Path(folder.name))
        return Distrust(why, removal, "then commit the removal")
    return None


def leads_through_link(path: Path, root: Path) -> bool:
    """Return whether a path leads through a link below `root`; links above the root are the user's own."""
    place, real = path.absolute(), root.resolve()
    try:
        above = next((folder for folder in place.parents if folder.resolve() == real), None)
        return above is not None and place.resolve() != Path(os.path.normpath(real / place.relative_to(above)))
    except (OSError, RuntimeError):  # a cycle of links
        return True


def is_below(folder: Path, root: Path) -> bool:
    """Return whether a folder is below `root` when all links are followed."""
    try:
        return folder.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a cycle of links
        return False


def refuse_link(path: Path, root: Path) -> None:
    """Raise `NoSuchFile` if a path leads through a link below `root`, which may point at a private file."""
    if leads_through_link(path, root):
        raise NoSuchFile(f"{path}: a link below {root}, which is not followed; name what it leads to")


def _removal(command: str, path: Path) -> str:
    return f"{command} {shlex.quote(str(path))} && kb reindex"


def _not_real(folder: Path) -> Iterator[Path]:
    """Yield links, pipes and devices in the folder and among its snapshots."""
    for place in (folder, folder / "snapshots"):
        try:
            with os.scandir(place) as listed:
                entries = list(listed)
        except OSError:  # missing, or not readable for this user
            return
        for entry in entries:
            if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
                yield Path(entry.path)
