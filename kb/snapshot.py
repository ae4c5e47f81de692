"""Snapshots: complete, immutable states of the index, and the pointer to the live one."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kb.errors import CannotWrite, IndexUnusable, OlderFormat
from search.encoder_card import EncoderCard
from search.errors import DamagedIndex

FORMAT = 3
"""Raise it when files of older snapshots cannot be read any more."""
FOLDER_NAME = ".kb"
CATALOGUE = "catalogue.sqlite"
WORDS = "words"
POSTINGS = "postings"
VECTORS = "vectors.faiss"
_KEPT = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """Describes one snapshot completely."""

    format: int
    id: str
    built: str
    """UTC, ISO 8601."""
    encoder: EncoderCard | None
    """None when no model could be loaded: the snapshot answers by words only."""
    analyzer: str
    reading: str
    """Signature of how files are read and split; another one means that all are read again."""
    lessons: int
    passages: int
    commit: str | None
    """Of the corpus, when it is in git."""
    files: dict[str, tuple[int, str]]
    """Size and SHA-256 of every other file of the snapshot, by its path below it."""

    def write(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(json.dumps(asdict(self), indent=1), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check a manifest; raises `IndexUnusable` for another format, `DamagedIndex` otherwise."""
        try:
            data = json.loads((folder / "manifest.json").read_text("utf-8"))
            found = data["format"]
            if found != FORMAT:
                raise _of_another_format(folder, found)
            data["encoder"] = data["encoder"] and EncoderCard.from_json(data["encoder"])
            data["files"] = {path: (size, digest) for path, (size, digest) in data["files"].items()}
            return cls(**data)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{folder}: no whole manifest ({error})") from error


def _of_another_format(folder: Path, found: object) -> IndexUnusable:
    if isinstance(found, int) and found > FORMAT:
        cure = "update kb, or let `kb reindex --full` build one that this kb reads"
        return IndexUnusable(f"the index in {folder} has format {found}, this kb reads {FORMAT}; {cure}")
    return OlderFormat(f"the index in {folder} has the older format {found}; run `kb reindex`")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published snapshot whose files are all there in their full length."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        manifest = Manifest.read(folder)
        for name, (size, _) in manifest.files.items():
            try:
                found = (folder / name).stat().st_size
            except OSError as error:
                raise DamagedIndex(f"{folder / name} is missing") from error
            if found != size:
                raise DamagedIndex(f"{folder / name} has {found} bytes, not {size}")
        return cls(folder, manifest)

    def verify(self, part: str = "") -> None:
        """Compare the files of one part, or all, with their digests; raises `DamagedIndex`."""
        for name, (_, digest) in self.manifest.files.items():
            in_part = not part or name == part or name.startswith(part + "/")
            if in_part and _digest(self.folder / name) != digest:
                raise DamagedIndex(f"{self.folder / name} is not what was written")

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.manifest.files.values())

    @property
    def built(self) -> datetime:
        return datetime.fromisoformat(self.manifest.built)


class SnapshotStore:
    """The folder `.kb` beside `kb.toml`. It is derived: it may be deleted at any time."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER_NAME
        self._snapshots = self.folder / "snapshots"
        self._current = self.folder / "CURRENT"

    @property
    def vector_cache(self) -> Path:
        return self.folder / "vectors.sqlite"

    def live(self) -> Snapshot | None:
        """Return the live snapshot, None when nothing was ever published."""
        try:
            name = self._current.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusable(f"{self._current} cannot be read ({error}); run `kb reindex --full`") from error
        if not name or "/" in name or "\\" in name or name.startswith("."):
            raise DamagedIndex(f"{self._current} names no snapshot")
        return Snapshot.open(self._snapshots / name)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give a folder to build the next snapshot in; whatever is left of it unpublished is deleted."""
        try:
            self._snapshots.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("# Derived from the lessons by kb; may be deleted at any time.\n*\n", "utf-8")
            folder = Path(tempfile.mkdtemp(prefix=".building-", dir=self._snapshots))
        except OSError as error:
            raise CannotWrite(
                f"{self.folder}: {(error.strerror or str(error)).lower()}; the index cannot be written"
            ) from error
        try:
            yield folder
        except (OSError, sqlite3.OperationalError) as error:
            where, reason = self.folder, str(error)
            if isinstance(error, OSError):
                where, reason = error.filename or where, error.strerror or reason
            raise CannotWrite(f"{where}: {reason.lower()}; the index is as it was") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, building: Path, manifest: Manifest) -> Snapshot:
        """Make a built folder the live snapshot: whole, flushed, and named by `CURRENT` in one step."""
        manifest.write(building)
        for path in sorted(building.rglob("*")):
            _flush(path)
        _flush(building)
        building.chmod(0o755)
        folder = self._snapshots / manifest.id
        os.replace(building, folder)
        _flush(self._snapshots)
        pointer = self.folder / f".CURRENT-{secrets.token_hex(4)}"
        pointer.write_text(manifest.id + "\n", "utf-8")
        _flush(pointer)
        os.replace(pointer, self._current)
        _flush(self.folder)
        self._prune(manifest.id)
        return Snapshot(folder, manifest)

    def _prune(self, live: str) -> None:
        names = sorted(path.name for path in self._snapshots.iterdir() if not path.name.startswith("."))
        for name in [name for name in names if name != live][: -(_KEPT - 1) or None]:
            shutil.rmtree(self._snapshots / name, ignore_errors=True)


def new_id(now: datetime) -> str:
    """Return a name that sorts by time and that no other writer makes in the same second."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def describe_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Return size and digest of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, _digest(path)) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # what processors have instructions for


def _flush(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():  # some systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)
