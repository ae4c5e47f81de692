"""The private folder of the log, and the small files in it: the user's choice, and a random id."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from kb.config import Config
from kb.system.state_file import read_state, replace_state
from kb.system.user_cache import state_folder

LOG = "demand.sqlite"
_ON, _OFF = "on", "off"
_CHARACTERS_OF_ID = 16


def demand_folder() -> Path:
    """Return the folder of the log; it need not exist."""
    return state_folder() / "demand"


def private_folder() -> Path | None:
    """Return the folder of the log, made if it is missing; None if it cannot be made, or others could change it.

    As nobody else can write into it, no file in it can be replaced by a link between a check and its use.
    """
    folder = demand_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return None
        if found.st_mode & 0o077:
            folder.chmod(found.st_mode & 0o700)
    except OSError:
        return None
    return folder


def is_own_file(path: Path) -> bool:
    """Return whether a path is a plain file of this user: no link, also no hard one, no pipe, of nobody else."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_nlink == 1


def choice() -> bool | None:
    """Return whether this user wants questions to be noted, in all knowledge bases; None if nothing was chosen."""
    return {_ON: True, _OFF: False}.get(read_state(demand_folder() / "choice").strip())


def records(config: Config) -> bool:
    """Return whether questions are noted: what the user chose, else what `kb.toml` says, which a clone may bring."""
    chosen = choice()
    return config.record_demand if chosen is None else chosen


def choose(*, record: bool | None) -> bool:
    """Store whether questions are noted, None to leave it to each `kb.toml` again; return whether it was stored."""
    if private_folder() is None:
        return False
    replace_state(demand_folder() / "choice", {True: _ON, False: _OFF, None: ""}[record])
    return choice() is record


def asker() -> str:
    """Return the random id of this user on this machine; empty if it cannot be stored."""
    file = demand_folder() / "asker"
    if not _is_id(id_ := read_state(file)):
        replace_state(file, os.urandom(_CHARACTERS_OF_ID // 2).hex())
        id_ = read_state(file)
    return id_ if _is_id(id_) else ""


def key_of(root: Path) -> str:
    """Return the id of a knowledge base in the log: a hash of its place on this machine."""
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]


def _is_id(text: str) -> bool:
    return len(text) == _CHARACTERS_OF_ID and all(sign in "0123456789abcdef" for sign in text)
