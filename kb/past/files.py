"""The files of a commit that may be lessons, written below a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ingest.files.corpus import MAX_BYTES
from kb.config import Config, corpus_of
from kb.errors import NoRepository
from kb.system.git_objects import TreeFile, contents, files_in, object_at, sizes
from kb.wording import counted, size_in_words

MOST_FILES = 100_000
MOST_BYTES = 1_000_000_000
"""Of all lessons of a commit together."""
_IGNORE_FILE = ".gitignore"
_NOT_SAFE = re.compile("[\0-\x1f\x7f\ud800-\udfff]")
_LONGEST_NAME, _LONGEST_PATH = 255, 2000


class Folder(NamedTuple):
    """A folder of the corpus in the tree of a commit."""

    path: str
    """Relative to the root of the knowledge base; `.` for the root itself."""
    tree: str
    """Git's name of its content; empty if it did not exist."""


def folders_as_of(config: Config, commit: str, place: str) -> list[Folder]:
    """Return the folders of the corpus in a commit; `place` is the root's folder in the repository."""
    paths = (str(PurePosixPath(path)) for path in config.paths)
    return [Folder(path, object_at(config.root, commit, str(PurePosixPath(place) / path))) for path in paths]


def write_files(config: Config, folders: list[Folder], top: Path) -> None:
    """Write the files that may be lessons below the folder `top`, which is new and empty.

    Raises `NoRepository` if they are too many or too large together, and `OSError`.
    """
    found = {file.path: file.blob for file in _files(config, folders)}
    total = sum(size for _, size in sizes(config.root, found.values()) if size <= MAX_BYTES)
    if len(found) > MOST_FILES or total > MOST_BYTES:
        raise NoRepository(
            f"{counted(len(found), 'lesson')} of {size_in_words(total)} are more than is read from the history "
            f"({MOST_FILES:,}, {size_in_words(MOST_BYTES)}); use `git worktree add` and index that folder"
        )
    paths: dict[str, list[str]] = {}
    for path, blob in found.items():
        paths.setdefault(blob, []).append(path)
    for blob, data in contents(config.root, paths, MAX_BYTES):
        for path in paths[blob]:
            _write(top / path, data)


def _files(config: Config, folders: list[Folder]) -> Iterator[TreeFile]:
    corpus = corpus_of(config)
    for folder in folders:
        for file in files_in(config.root, folder.tree) if folder.tree else ():
            path = str(PurePosixPath(folder.path) / file.path)
            if _is_safe(file.path) and (path.endswith(_IGNORE_FILE) or corpus.includes(path)):
                yield file._replace(path=path)


def _is_safe(path: str) -> bool:
    """Return whether a path of a tree, which anybody can forge, stays below its folder, and can be a lesson's."""
    *folders, name = path.split("/")
    if any(part[:1] in ("", ".") for part in folders) or (name[:1] in ("", ".") and name != _IGNORE_FILE):
        return False
    lengths = [len(os.fsencode(part)) for part in (*folders, name)]
    return not _NOT_SAFE.search(path) and max(lengths) <= _LONGEST_NAME and sum(lengths) <= _LONGEST_PATH


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except (FileExistsError, NotADirectoryError):
        pass  # a forged tree has two entries of one name, or the file system does not tell their letters apart
