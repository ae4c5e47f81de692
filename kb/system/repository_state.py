"""The state of a git repository, read from its files: starting git only to learn that nothing has changed is slow."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ingest.files.regular_file import read_regular

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"ref: (refs/[^\0\n]+)\n?")
_MOST_BYTES = 64_000_000


class RepositoryState(NamedTuple):
    """What the authors of the files depend on."""

    commit: str
    """The commit that is checked out; empty if it is not known without git, or if there is none."""
    mailmap: str
    """Digest of `.mailmap`; empty if there is none, or if it is no regular file."""
    shallow: frozenset[str]
    """The commits at which the history of a shallow clone is cut off."""


def repository_state(folder: Path) -> RepositoryState | None:
    """Return the state of the repository that contains a folder; None if there is none."""
    folder = folder.resolve()
    top = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    if top is None:
        return None
    own = _git_folder(top)
    common = _beside(own, _text(own / "commondir").strip()) if (own / "commondir").is_file() else own
    shallow = frozenset(_COMMIT.findall(_text(common / "shallow")))
    return RepositoryState(_commit(own, common), _digest(top / ".mailmap"), shallow)


def _git_folder(top: Path) -> Path:
    place = top / ".git"
    if place.is_file():  # a linked working tree, or a submodule
        return _beside(top, _text(place).removeprefix("gitdir:").strip())
    return place


def _beside(folder: Path, named: str) -> Path:
    return Path(os.path.normpath(folder / named))


def _commit(own: Path, common: Path) -> str:
    head = _text(own / "HEAD")
    if not (ref := _REF.fullmatch(head)):
        return head.strip() if _COMMIT.fullmatch(head.strip()) else ""
    if ".." in ref[1]:
        return ""
    for place in (own, common):
        if _COMMIT.fullmatch(found := _text(place / ref[1]).strip()):
            return found
    packed = re.search(rf"^([0-9a-f]{{40,64}}) {re.escape(ref[1])}$", _text(common / "packed-refs"), re.MULTILINE)
    return packed[1] if packed else ""


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", "replace")


def _digest(path: Path) -> str:
    data = _bytes(path)
    return hashlib.sha256(data).hexdigest() if data else ""


def _bytes(path: Path) -> bytes:
    with suppress(OSError, ValueError):
        return read_regular(path, _MOST_BYTES, links=False)
    return b""
