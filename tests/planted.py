"""Files planted in a folder, and the corpus that is found there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.files.corpus import Corpus, Listing

GONE = "does not exist; what was indexed before is kept"
DENIED = "permission denied; what was indexed before is kept"


def plant(root: Path, files: Sequence[str] | Mapping[str, str]) -> None:
    for path in files:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(files[path] if isinstance(files, Mapping) else "x", "utf-8")


def corpus(
    root: Path,
    folders: Sequence[str] = ("lessons",),
    include: Sequence[str] = ("**/*.md",),
    exclude: Sequence[str] = (),
) -> Corpus:
    return Corpus(root, folders, include, exclude)


def paths(listing: Listing) -> list[str]:
    assert listing.unreadable == ()
    return [file.path for file in listing.files]


@contextmanager
def without_privileges() -> Iterator[None]:
    """Let permissions hold for this process: the administrator may read everything."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("the administrator of this machine cannot become another user, and may read everything")
    try:
        yield
    finally:
        os.seteuid(0)
