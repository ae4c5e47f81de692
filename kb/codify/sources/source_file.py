"""Reads the notes that a user names: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from ingest.files.corpus import MAX_BYTES
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular, too_large
from kb.errors import NoSuchFile
from kb.system.query_file import STANDARD_INPUT
from kb.trust.distrust import refuse_link


class Source(NamedTuple):
    """Notes as they came."""

    data: bytes
    name: str = ""
    """Of their file; empty if they have none."""


def read_source(named: str, root: Path) -> Source:
    """Read notes; raises `NoSuchFile`, also for a file behind a link below the root."""
    name = "" if named == STANDARD_INPUT else named
    if name:
        refuse_link(Path(name), root)
    try:
        return Source(_read(named), name)
    except OSError as error:
        raise NoSuchFile(f"{name or 'standard input'}: {reason_of(error)}") from error


def _read(source: str) -> bytes:
    """Read notes; raises `OSError`, also if they are larger than a lesson may be."""
    if source != STANDARD_INPUT:
        return read_regular(Path(source), MAX_BYTES)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(MAX_BYTES, source)
    return data
