"""The signature of an index: a hash of the code and the settings that determine its content.

It is computed from the code itself. A version number raised by hand would be forgotten one day, and indexes would
then keep lessons as an older program read them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kb.config import Config
from kb.people.directory import NOBODY, Directory

_PROGRAM = Path(__file__).parents[2]
MAKES_INDEXES = (
    *("ingest", "search/analysis", "search/lexical", "search/query", "search/storage", "kb/catalogue"),
    *("kb/index", "search/indexing", "search/passage_numbers.py", "kb/lessons/lookalikes.py"),
    *("kb/impact", "kb/figures", "kb/lessons/evidence.py", "kb/lessons/stated.py", "kb/lessons/phrase.py"),
    *("kb/reading", "kb/reindex/building.py"),
    *(f"kb/people/{name}.py" for name in ("naming", "entry", "hidden", "directory", "withholding", "people_file")),
)
"""Folders and modules of the program that determine what is written for a lesson."""


def signature_of(config: Config, people: Directory = NOBODY) -> str:
    """Return the signature, 16 hexadecimal digits; the versions of libraries are not part of it.

    Of `people` it depends on who must not be named, so that a reindex takes them out of the index.
    """
    digest = hashlib.sha256()
    for place in MAKES_INDEXES:
        path = _PROGRAM / place
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(module.relative_to(_PROGRAM).as_posix().encode() + b"\0" + module.read_bytes() + b"\0")
    settings = [sorted((kind, list(names)) for kind, names in config.sections.items()), config.paths]
    digest.update(json.dumps([*settings, *people.withheld]).encode())
    return digest.hexdigest()[:16]
