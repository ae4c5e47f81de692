"""Reads the notes that a user names: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.files.corpus import MAX_BYTES
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular, too_large
from kb.codify.secrecy import refuse_secrets
from kb.errors import NoSuchFile
from kb.system.query_file import STANDARD_INPUT
from kb.trust.distrust import refuse_link


def file_name(source: str) -> str:
    """Return the name of the file; empty for standard input."""
    return "" if source == STANDARD_INPUT else source


def source_bytes(source: str, root: Path) -> bytes:
    """Read notes; raises `NoSuchFile`, also for a file behind a link below the root, and `SecretInNotes`."""
    name = file_name(source)
    if name:
        refuse_link(Path(name), root)
    try:
        data = _read(source)
    except OSError as error:
        raise NoSuchFile(f"{name or 'standard input'}: {reason_of(error)}") from error
    refuse_secrets(data, name)
    return data


def _read(source: str) -> bytes:
    """Read notes; raises `OSError`, also if they are larger than a lesson may be."""
    if source != STANDARD_INPUT:
        return read_regular(Path(source), MAX_BYTES)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(MAX_BYTES, source)
    return data
