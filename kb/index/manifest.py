"""The manifest of a snapshot: how it was made, and a digest of each of its files."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.files.regular_file import open_regular
from ingest.files.tree import paths_below
from kb.errors import IndexUnusable, OlderFormat
from kb.index.json_file import read_json
from search.errors import DamagedIndex
from search.indexing import EncoderCard

FORMAT = 12
"""Version of the file formats; to be increased when older snapshots can no longer be read."""
MANIFEST = "manifest.json"
_MOST_BYTES = 1_000_000
_MOST = 1 << 48
# Other files are never opened, even if a manifest names them.
_FILE = re.compile(r"(?:(?:outline|postings|vectors)/)?[a-z_]{1,40}\.(?:npy|sqlite|json)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of one snapshot."""

    format: int
    id: str
    built: str
    """Time of building, in UTC (ISO 8601)."""
    encoder: EncoderCard | None
    """None if no passage is encoded yet: the snapshot has only the index by words."""
    signature: str
    """Of the code and settings that made it; if it differs, the job reads all lessons again."""
    lessons: int
    passages: int
    commit: str | None
    """Git commit of the corpus; None if it is not in git."""
    files: dict[str, tuple[int, str]]
    """Size in bytes and SHA-256 of each other file of the snapshot, by relative path."""
    window: str = ""
    """Name of the window that the passages fit; for a model with the same window they need not be split again."""

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(with_digest(asdict(self)), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check a manifest; raises `IndexUnusable` for another format, `DamagedIndex` otherwise."""
        try:
            data = read_json(folder / MANIFEST, _MOST_BYTES)
            found = data["format"]
            if found != FORMAT:
                raise _of_another_format(folder, found)
            if data.pop("digest") != _digest_of(data):
                raise ValueError("it differs from what was written")
            data["encoder"] = data["encoder"] and EncoderCard.from_json(data["encoder"])
            data["files"] = {path: (size, digest) for path, (size, digest) in data["files"].items()}
            return cls(**data).checked()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedIndex(f"{folder}: no complete manifest ({error})") from error

    def checked(self) -> Manifest:
        """Return this manifest; raises `ValueError` if it has values that kb does not write."""
        texts = (self.id, self.built, self.signature, self.window, self.commit or "")
        counts = (self.lessons, self.passages, *(size for size, _ in self.files.values()))
        if not all(isinstance(text, str) for text in (*texts, *(digest for _, digest in self.files.values()))):
            raise ValueError("not all texts in it are texts")
        if not all(type(count) is int and 0 <= count < _MOST for count in counts):
            raise ValueError("not all numbers in it are counts")
        if wrong := next((name for name in self.files if not _FILE.fullmatch(name)), None):
            raise ValueError(f"it names {wrong!r}, which is no file of an index")
        datetime.fromisoformat(self.built)
        return self


def with_digest(data: dict[str, Any]) -> str:
    """Return the text of a manifest, with a digest of its content added."""
    return json.dumps({**data, "digest": _digest_of(data)}, indent=1)


def _digest_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def lessons_in_manifest(folder: Path) -> int | None:
    """Return the number of lessons stated in a manifest of any format; None if it is not stated."""
    found = _read_manifest(folder).get("lessons")
    return found if isinstance(found, int) else None


def has_words_only(folder: Path) -> bool:
    """Return whether a manifest of any format states that there are no vectors; False if it is not stated."""
    return _read_manifest(folder).get("encoder", "") is None


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        found = read_json(folder / MANIFEST, _MOST_BYTES)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_another_format(folder: Path, found: object) -> IndexUnusable:
    if isinstance(found, int) and found > FORMAT:
        cure = "update kb, or let `kb reindex --full` build one that this kb reads"
        return IndexUnusable(f"the index in {folder} has format {found}, this kb reads {FORMAT}; {cure}")
    return OlderFormat(f"the index in {folder} has the older format {found}; run `kb reindex`")


def describe_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Return size and digest of each file below a folder, except the manifest."""
    files = sorted(path for path in paths_below(folder) if path.is_file() and path != folder / MANIFEST)
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, digest_of_file(path)) for path in files}


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with os.fdopen(open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # processors have instructions for SHA-256
