"""A snapshot: one complete, immutable state of the index."""

from __future__ import annotations

import fcntl
import os
import stat
import weakref
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.index.manifest import MANIFEST, Manifest, digest_of_file
from search.errors import DamagedIndex
from search.storage import Stamp

CATALOGUE = "catalogue.sqlite"
OUTLINE = "outline"
KNOWN_ITEMS = "known_items.json"
CALIBRATION = "calibration.json"


class Hold:
    """Keeps a snapshot from being removed while it exists: a shared lock on its manifest, without write access."""

    def __init__(self, folder: Path) -> None:
        """Acquire the lock; raises `DamagedIndex` if the snapshot is gone or being removed."""
        try:
            descriptor = open_regular(folder / MANIFEST)
        except OSError as error:
            raise DamagedIndex(f"{folder}: no complete manifest ({reason_of(error)})") from error
        self.release = weakref.finalize(self, os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DamagedIndex(f"{folder} is being removed") from error
        except OSError:
            pass  # no locks on this file system: the last snapshots are kept long enough


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open snapshot: all files exist with their full length, and are not removed while this object exists."""

    folder: Path
    manifest: Manifest
    hold: Hold
    stamps: dict[str, Stamp]
    """Stamp of each file, including the manifest, from when the snapshot was opened."""

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Open a snapshot; raises `IndexUnusable` for another format, `DamagedIndex` if it is incomplete."""
        hold = Hold(folder)
        stamp = _stamp(folder, MANIFEST)  # taken before reading, so that a later change is detected
        manifest = Manifest.read(folder)
        stamps = _stamps(folder, manifest)
        for name, (size, _) in manifest.files.items():
            if stamps[name].size != size:
                raise DamagedIndex(f"{folder / name} has {stamps[name].size} bytes, not {size}")
        return cls(folder, manifest, hold, stamps | {MANIFEST: stamp})

    def stamps_now(self) -> dict[str, Stamp]:
        """Return the current stamps of all files; raises `DamagedIndex` if one is missing."""
        return _stamps(self.folder, self.manifest) | {MANIFEST: _stamp(self.folder, MANIFEST)}

    def verify(self, part: str = "") -> None:
        """Compare all files, or those of one part (a file or folder), with their digests; raises `DamagedIndex`."""
        for name, (_, digest) in self.manifest.files.items():
            in_part = not part or name == part or name.startswith(part + "/")
            if in_part and self._digest(name) != digest:
                raise DamagedIndex(f"{self.folder / name} differs from what was written")

    def _digest(self, name: str) -> str:
        try:
            return digest_of_file(self.folder / name)
        except OSError as error:
            raise DamagedIndex(f"{self.folder / name} cannot be read ({reason_of(error)})") from error

    @property
    def size(self) -> int:
        """Bytes of all files except the manifest."""
        return sum(size for size, _ in self.manifest.files.values())

    @property
    def built(self) -> datetime:
        return datetime.fromisoformat(self.manifest.built)


def _stamps(folder: Path, manifest: Manifest) -> dict[str, Stamp]:
    for part in {name.partition("/")[0] for name in manifest.files if "/" in name}:
        if (folder / part).is_symlink():
            raise DamagedIndex(f"{folder / part} is a link")
    return {name: _stamp(folder, name) for name in manifest.files}


def _stamp(folder: Path, name: str) -> Stamp:
    try:
        found = (folder / name).lstat()
    except OSError as error:
        raise DamagedIndex(f"{folder / name} is missing") from error
    if not stat.S_ISREG(found.st_mode):
        raise DamagedIndex(f"{folder / name} is not a regular file")
    return Stamp.of(found)
