"""The signature of an index: a hash of the code and the settings that determine its content.

It is computed from the code itself. A version number raised by hand would be forgotten one day, and indexes would
then keep lessons as an older program read them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kb.config import Config

_PROGRAM = Path(__file__).parents[2]
MAKES_INDEXES = (
    *("ingest", "search/analysis", "search/lexical", "search/query", "search/storage", "kb/index"),
    *("search/indexing", "search/passage_numbers.py", "kb/lessons/lookalikes.py"),
    *("kb/impact", "kb/figures", "kb/lessons/evidence.py", "kb/lessons/stated.py", "kb/lessons/worth.py"),
    *("kb/reading", "kb/reindex/building.py"),
)
"""Folders and modules of the program that determine what is written for a lesson."""


def signature_of(config: Config) -> str:
    """Return the signature, 16 hexadecimal digits; the versions of libraries are not part of it."""
    digest = hashlib.sha256()
    for place in MAKES_INDEXES:
        path = _PROGRAM / place
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(module.relative_to(_PROGRAM).as_posix().encode() + b"\0" + module.read_bytes() + b"\0")
    settings = [sorted((kind, list(names)) for kind, names in config.sections.items()), config.paths]
    digest.update(json.dumps(settings).encode())
    return digest.hexdigest()[:16]
