"""What an index is made by: the code that reads lessons and writes them down, and the settings that it follows.

It is computed from the code itself. A number that somebody raises is forgotten one day, and an index then keeps what
an older program made of a lesson.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kb.config import Config

_PROGRAM = Path(__file__).parents[2]
MAKES_INDEXES = (
    *("ingest", "search/analysis", "search/lexical", "search/query", "search/storage", "kb/index"),
    *("search/indexing", "search/passage_numbers.py", "kb/lessons/twins.py", "kb/reindex/building.py"),
)
"""The folders and modules of the program that decide what is written of a lesson."""


def signature_of(config: Config) -> str:
    """Return 16 hexadecimal digits for the code and the settings that make an index; libraries do not count."""
    digest = hashlib.sha256()
    for place in MAKES_INDEXES:
        path = _PROGRAM / place
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(module.relative_to(_PROGRAM).as_posix().encode() + b"\0" + module.read_bytes() + b"\0")
    settings = [sorted((kind, list(names)) for kind, names in config.sections.items()), config.paths]
    digest.update(json.dumps(settings).encode())
    return digest.hexdigest()[:16]
