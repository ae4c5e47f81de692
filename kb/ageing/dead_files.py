"""The files that a lesson names and that are gone: targets of links, and paths in the repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ingest.markdown.blocks import targets
from ingest.passages.passage import Passage
from kb.ageing.lines import line_of
from kb.corpus.link_target import file_named

_PATH = re.compile(r"(?<![\w./:@~-])(?:\./)?(?P<path>[\w-]+(?:/[\w.-]+)+\.[A-Za-z]\w{0,5})(?![\w/])")
"""`tools/labels.py`, also as part of a command."""
_LONGEST = 200


class DeadFile(NamedTuple):
    """A file that is named and does not exist."""

    name: str
    line: int
    """In the lesson's file, from 1."""


class Files:
    """The files of a knowledge base and of the repository around it, as they are now."""

    def __init__(self, root: Path, top: Path | None = None) -> None:
        """`top`: the folder of the repository, if there is one."""
        self._root = root
        self._tops = (root, top) if top and top != root else (root,)
        self._exists = cache(_exists)

    def dead(self, path: str, passages: Iterable[Passage]) -> Iterator[DeadFile]:
        """Yield the files that the passages of a lesson name and that are gone, each once.

        A path in the text counts only if its first folder exists: then it is meant as a file of this repository.
        """
        folder = (self._root / path).parent
        seen: set[str] = set()
        for passage in passages:
            for name in (*self._links(passage.text, folder), *self._paths(passage.text, folder)):
                if name not in seen:
                    seen.add(name)
                    yield DeadFile(name, line_of(name, passage))

    def _links(self, text: str, folder: Path) -> Iterator[str]:
        for target in targets(text) if "](" in text or "]:" in text else ():
            if (name := file_named(target)) and self._is_dead(name, [folder]):
                yield name

    def _paths(self, text: str, folder: Path) -> Iterator[str]:
        if "/" in text:
            for name in dict.fromkeys(found["path"] for found in _PATH.finditer(text)):
                first = PurePosixPath(name).parts[0]
                is_here = any(self._exists(top / first) for top in self._tops)
                if is_here and self._is_dead(name, [folder, *self._tops]):
                    yield name

    def _is_dead(self, name: str, folders: Iterable[Path]) -> bool:
        places = [Path(os.path.normpath(folder / name)) for folder in folders] if len(name) <= _LONGEST else []
        # What leads out of the repository is somebody else's; whether it exists is nobody's business.
        inside = [place for place in places if any(place.is_relative_to(top) for top in self._tops)]
        return bool(inside) and not any(map(self._exists, inside))


def _exists(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):  # not a valid file name
        return True
