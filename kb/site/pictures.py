"""The pictures beside the lessons that a site may show: small files of known kinds, nothing behind a link."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from posixpath import dirname

from ingest.files.corpus import Corpus
from ingest.files.regular_file import read_regular
from kb.site.folder import Page

MOST_BYTES = 2_000_000
_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
)
"""How the files of each kind begin. SVG is none of them: it can hold scripts."""
_NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def picture_at(corpus: Corpus, path: str) -> Page | None:
    """Return a picture, by its path from the root; None if there is none in a folder of the lessons."""
    is_inside = any(path.startswith(f"{folder.rstrip('/')}/") for folder in corpus.folders)
    if not is_inside or not path.casefold().endswith(_NAMES):
        return None
    try:
        if (corpus.root / dirname(path)).resolve() != corpus.root.resolve() / dirname(path):  # through a link
            return None
        data = read_regular(corpus.root / path, MOST_BYTES, links=False)
    except (OSError, RuntimeError, ValueError):
        return None
    suffix = next((suffix for begins, suffix in _KINDS if begins.match(data)), None)
    return Page(f"picture/{sha256(data).hexdigest()[:20]}.{suffix}", data) if suffix else None


def digests_of_pictures(corpus: Corpus) -> dict[str, str]:
    """Return the page of each picture in the folders of the lessons, by its path."""
    found = ((path, picture_at(corpus, path)) for path in _paths(corpus))
    return {path: page.path for path, page in found if page}


def _paths(corpus: Corpus) -> Iterator[str]:
    for folder in corpus.folders:
        for place, _, names in os.walk(corpus.root / folder):
            here = Path(place).relative_to(corpus.root).as_posix()
            yield from (f"{here}/{name}" for name in sorted(names) if name.casefold().endswith(_NAMES))
