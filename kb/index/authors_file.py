"""The file `.kb/authors.json`: who wrote the lessons, as git told it when the index was updated.

It is derived, and an index answers without it. Like all of `.kb` it is not believed: a value of another form than kb
writes is an absent file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ingest.files.regular_file import open_regular, read_regular
from kb.people.authorship import NO_AUTHORS, Author, Authorship, Row
from kb.system.durable import share_one
from search.storage import replace_file

_FORMAT = 1
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_MOST_BYTES = 64_000_000
_LONGEST_HEAD = 1_000_000
_ERRORS = (OSError, ValueError, TypeError, KeyError, RecursionError)


class KnownAuthors(NamedTuple):
    """Who wrote the lessons, and the state of the repository in which that was true."""

    state: tuple[str, ...] = ()
    """All that it depends on besides the commit; empty if nothing is known."""
    commit: str = ""
    authorship: Authorship = NO_AUTHORS


NOTHING_KNOWN = KnownAuthors()


class AuthorsFile:
    """The file of one knowledge base, read again whenever it has changed."""

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._stamp: object = None
        self._authorship = NO_AUTHORS

    def now(self) -> Authorship:
        """Return what it says now."""
        path = self._path()
        try:
            found = os.lstat(path)
        except OSError:
            return NO_AUTHORS
        stamp = found.st_ino, found.st_size, found.st_mtime_ns
        if stamp != self._stamp:
            self._authorship, self._stamp = read_authors(path).authorship, stamp
        return self._authorship


def read_state(path: Path) -> KnownAuthors:
    """Return what the first line of the file says: all but the authors."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return _head(json.loads(file.readline(_LONGEST_HEAD)))
    except _ERRORS:
        return NOTHING_KNOWN


def read_authors(path: Path) -> KnownAuthors:
    """Return what the file says; `NOTHING_KNOWN` if there is none, or if it is damaged."""
    try:
        first, _, body = read_regular(path, _MOST_BYTES, links=False).partition(b"\n")
        head, found = _head(json.loads(first)), json.loads(body)
        authors = [Author(_text(name), _text(address), _texts(aliases)) for name, address, aliases in found["authors"]]
        return head._replace(authorship=Authorship(authors, _rows(found["lessons"])))
    except _ERRORS:
        return NOTHING_KNOWN


def write_authors(path: Path, known: KnownAuthors) -> None:
    """Replace the file; raises `OSError`."""
    head = {"format": _FORMAT, "state": known.state, "commit": known.commit}
    body = {"authors": known.authorship.authors, "lessons": known.authorship.rows}
    # Only ASCII, because a path need not be valid Unicode.
    replace_file(path, f"{json.dumps(head)}\n{json.dumps(body)}".encode())
    share_one(path, path.parent)


def _head(data: Any) -> KnownAuthors:
    if data["format"] != _FORMAT or not _COMMIT.fullmatch(_text(data["commit"])):
        raise ValueError("not what kb writes")
    return KnownAuthors(_texts(data["state"]), data["commit"])


def _rows(value: Any) -> dict[str, list[Row]]:
    if not isinstance(value, dict) or not all(isinstance(rows, list) for rows in value.values()):
        raise TypeError("not the contributions of lessons")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(map(_text, value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
