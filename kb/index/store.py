"""The folder `.kb`: its snapshots, the pointer to the live one, and how another is published."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular, read_regular
from ingest.files.tree import remove_tree
from kb.errors import GIVE_MEMORY, CannotWrite, IndexUnusable, UnknownSnapshot
from kb.index.manifest import MANIFEST, Manifest, has_words_only, lessons_in_manifest
from kb.index.snapshot import Snapshot
from kb.index.verified import Verified
from kb.system.disk import delete, is_full, shortage, size_of
from kb.system.durable import flush, flush_tree, replace_text, share, share_one
from kb.system.user_cache import verified_folder
from kb.trust.distrust import distrust
from search.errors import DamagedIndex
from search.storage import is_lack_of_memory, remove

FOLDER_NAME = ".kb"
_KEPT = 3
_BUILDING, _REMOVING = ".building-", ".removing-"
_STAMP = "%Y%m%dT%H%M%SZ"
_FILES = (
    "CURRENT",
    "lock",
    "ledger.jsonl",
    "authors.json",
    "map.json",
    "uses.json",
    ".gitignore",
    *(f"vectors.sqlite{end}" for end in ("", "-journal", "-wal")),
)
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
_ASIDE = re.compile(r"\..{1,40}-[0-9a-f]{8}", re.DOTALL)
_MOST_BYTES_OF_POINTER = 1000
_AS_IT_WAS = "the index is as it was"
_MAKE_ROOM = "make room, perhaps by `kb gc`"
# The check is cached, because one command needs it several times, and git's index may have many megabytes.
_SECONDS_TRUSTED = 1.0


class SnapshotStore:
    """The folder `.kb` beside `kb.toml`. It is derived data: it may be deleted at any time.

    All methods raise `IndexUnusable` if the folder was cloned with the repository, or is or contains a link.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER_NAME
        self.verified = Verified(verified_folder())
        self._trusted_at = -_SECONDS_TRUSTED

    @property
    def vector_cache(self) -> Path:
        return self._trusted / "vectors.sqlite"

    @property
    def ledger(self) -> Path:
        return self._trusted / "ledger.jsonl"

    @property
    def authors(self) -> Path:
        return self._trusted / "authors.json"

    @property
    def uses(self) -> Path:
        return self._trusted / "uses.json"

    @property
    def map(self) -> Path:
        return self._trusted / "map.json"

    @property
    def lock(self) -> Path:
        return self._trusted / "lock"

    @property
    def _snapshots(self) -> Path:
        return self._trusted / "snapshots"

    @property
    def _trusted(self) -> Path:
        now = time.monotonic()
        if now - self._trusted_at >= _SECONDS_TRUSTED:
            if why := distrust(self.folder):
                raise IndexUnusable(str(why))
            self._trusted_at = now
        return self.folder

    def live(self) -> Snapshot | None:
        """Return the live snapshot; None if nothing was ever published."""
        name = self.live_id()
        while name is not None:
            try:
                return Snapshot.open(self._snapshots / name)
            except DamagedIndex:
                named_before, name = name, self.live_id()
                if name == named_before:
                    raise  # else a newer one was published meanwhile, and this one removed
        return None

    def live_id(self) -> str | None:
        """Return the id in the pointer file; None if nothing was ever published; raises `DamagedIndex`."""
        current = self._trusted / "CURRENT"
        try:
            name = read_regular(current, _MOST_BYTES_OF_POINTER, links=False).decode("utf-8").strip()
        except FileNotFoundError:
            if self.ids():
                raise DamagedIndex(f"{current} is missing") from None
            return None
        except PermissionError as error:
            raise _closed(current) from error
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else "not UTF-8"
            raise DamagedIndex(f"{current} cannot be read ({reason})") from error
        if not _ID.fullmatch(name):
            raise DamagedIndex(f"{current} names no snapshot")
        return name

    def newest_sound(self) -> Snapshot | None:
        """Return the newest snapshot whose files all match their digests; None if there is none."""
        for id_ in reversed(self.ids()):
            with suppress(DamagedIndex, IndexUnusable):
                snapshot = Snapshot.open(self._snapshots / id_)
                snapshot.verify()
                return snapshot
        return None

    def ids(self) -> list[str]:
        """Return the ids of all snapshots, sound or not, oldest first."""
        try:
            with os.scandir(folder := self._snapshots) as listed:
                return sorted(entry.name for entry in listed if _ID.fullmatch(entry.name) and entry.is_dir())
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise _closed(folder) from error
        except NotADirectoryError as error:
            raise _misplaced(folder) from error

    def misplaced(self) -> list[Path]:
        """Return the paths that are a folder but should be a file, or the reverse; kb did not create them."""
        folders = [path for name in _FILES if (path := self.folder / name).is_dir()]
        snapshots = self._snapshots
        return [*folders, *([snapshots] if snapshots.exists() and not snapshots.is_dir() else [])]

    def open(self, id_: str) -> Snapshot:
        """Open a snapshot by its id or a unique prefix of it; raises `UnknownSnapshot`."""
        found = [known for known in self.ids() if known.startswith(id_)]
        if len(found) != 1:
            there = ", ".join(found or self.ids()) or "none"
            problem = "more than one snapshot begins with" if found else "no snapshot"
            raise UnknownSnapshot(f"{problem} {id_!r}; there are: {there}")
        return Snapshot.open(self._snapshots / found[0])

    def lessons_before(self) -> int:
        """Return the number of lessons stated by the newest snapshot, even if damaged or of another format; else 0."""
        counts = (lessons_in_manifest(self._snapshots / id_) for id_ in reversed(self.ids()))
        return next((count for count in counts if count is not None), 0)

    def prepare(self) -> None:
        """Create the folders, writable for all users who may write the folder of the knowledge base."""
        snapshots = self._snapshots
        if self.misplaced():
            raise _misplaced(self.misplaced()[0])
        try:
            snapshots.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                self._ignore_itself(ignore)
            share_one(snapshots, self.folder)
        except OSError as error:
            reason = reason_of(error)
            raise CannotWrite(f"{self.folder}: {reason}; the index cannot be written") from error

    def _ignore_itself(self, ignore: Path) -> None:
        try:
            replace_text(ignore, "# Derived from the lessons by kb; may be deleted at any time.\n*\n")
        except FileNotFoundError:
            # Another process that started at the same time has written it, and removed this one's temporary file.
            if not ignore.exists():
                raise

    def share(self, path: Path) -> None:
        """Make a file of the index writable for all users who may write the index."""
        share(path, self.folder)

    @contextmanager
    def building(self, expected: int = 0) -> Iterator[Path]:
        """Yield a folder to build the next snapshot in; deleted at the end if it was not published.

        `expected` is the approximate size of the snapshot in bytes, for the message if the disk is full.
        """
        with self.writing():
            folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self._snapshots))
            try:
                yield folder
            except (OSError, sqlite3.OperationalError) as error:
                if is_full(error):
                    raise self._cannot_write(shortage(folder, expected, freed=size_of(folder)), _MAKE_ROOM) from error
                raise
            finally:
                remove_tree(folder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn errors of the operating system or SQLite, and lack of memory, into `CannotWrite`, naming the path."""
        try:
            yield
        except (OSError, sqlite3.OperationalError) as error:
            if is_full(error):
                raise self._cannot_write(shortage(self.folder, self._size_of_newest()), _MAKE_ROOM) from error
            where, reason = self.folder, str(error)
            if isinstance(error, OSError):
                where, reason = error.filename2 or error.filename or where, error.strerror or reason
            raise CannotWrite(f"{where}: {reason.lower()}; {_AS_IT_WAS}") from error
        except Exception as error:
            if not is_lack_of_memory(error):
                raise
            raise self._cannot_write("not enough memory", GIVE_MEMORY) from error

    def _cannot_write(self, why: str, cure: str) -> CannotWrite:
        return CannotWrite(f"{self.folder}: {why}; {cure}; {_AS_IT_WAS}")

    def _size_of_newest(self) -> int:
        return max([self.size(id_) for id_ in self.ids()[-1:]], default=0)

    def next_id(self) -> str:
        """Return an id that sorts after all others, even if the clock was set back."""
        now = datetime.now(UTC)
        for id_ in self.ids()[-1:]:
            with suppress(ValueError):
                newest = datetime.strptime(id_[:16], _STAMP).replace(tzinfo=UTC)
                now = max(now, newest + timedelta(seconds=1))
        return f"{now:{_STAMP}}-{secrets.token_hex(3)}"

    def seal(self, building: Path, manifest: Manifest) -> Snapshot:
        """Write the manifest into a built folder, and return it as a snapshot that is not published yet."""
        manifest.write(building)
        return Snapshot.open(building)

    def publish(self, sealed: Snapshot) -> Snapshot:
        """Flush a sealed snapshot to disk, rename it to its id, and make it the live one."""
        share(sealed.folder, self._snapshots)
        flush_tree(sealed.folder)
        folder = self._snapshots / sealed.manifest.id
        os.replace(sealed.folder, folder)
        flush(self._snapshots)
        snapshot = Snapshot.open(folder)
        self.make_live(snapshot)
        return snapshot

    def make_live(self, snapshot: Snapshot) -> None:
        """Point to a snapshot, atomically."""
        replace_text(self._trusted / "CURRENT", snapshot.manifest.id + "\n")

    def remove_old(self) -> int:
        """Remove all snapshots except the live one and the newest; return the number of bytes freed.

        One that is being read stays until the next call.
        """
        return sum(map(self.remove, self.old()))

    def old(self) -> list[str]:
        """Return the ids of the snapshots that are neither live nor among the newest.

        One with words only counts as old as soon as one with vectors is live: going back to it makes no sense.
        """
        live = self.live_id()
        others = [id_ for id_ in self.ids() if id_ != live]
        halves = [] if live is None or self._has_words_only(live) else [*filter(self._has_words_only, others)]
        wholes = [id_ for id_ in others if id_ not in halves]
        return sorted([*halves, *wholes[: -(_KEPT - 1)]])

    def _has_words_only(self, id_: str) -> bool:
        return has_words_only(self._snapshots / id_)

    def remove(self, id_: str) -> int:
        """Remove a snapshot unless it is being read; return the number of bytes freed."""
        return self._remove(self._snapshots / id_)

    def is_in_use(self, id_: str) -> bool:
        """Return whether a process is reading a snapshot."""
        with suppress(OSError):
            descriptor = open_regular(self._snapshots / id_ / MANIFEST)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(descriptor)
        return False

    def size(self, id_: str) -> int:
        """Return the size of a snapshot in bytes, sound or not."""
        return size_of(self._snapshots / id_)

    def remove_leftovers(self) -> int:
        """Remove the leftovers of stopped runs; the caller must hold the lock. Return the number of bytes freed."""
        return sum(delete(path) for path in self.leftovers())

    def leftovers(self) -> list[Path]:
        """Return incomplete files and folders: of the current run, or else of stopped ones."""
        snapshots = self._snapshots
        left = [*snapshots.glob(f"{_BUILDING}*"), *snapshots.glob(f"{_REMOVING}*")]
        replaced = (path for path in self.folder.glob(".*-*") if _ASIDE.fullmatch(path.name) and path.is_file())
        return [*left, *replaced]

    def _remove(self, folder: Path) -> int:
        with suppress(OSError):
            descriptor = open_regular(folder / MANIFEST)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self._remove_unused(folder)
            except BlockingIOError:
                return 0
            finally:
                os.close(descriptor)
        return self._remove_unused(folder)

    def _remove_unused(self, folder: Path) -> int:
        # Renamed first, so that no reader finds it half deleted.
        aside = folder.with_name(_REMOVING + folder.name)
        try:
            os.replace(folder, aside)
            return delete(aside)
        except OSError:
            return 0
        finally:
            remove(aside)  # a run that is stopped in between leaves nothing


def _misplaced(path: Path) -> IndexUnusable:
    return IndexUnusable(f"{path} is {'a folder' if path.is_dir() else 'no folder'}; run `kb doctor --fix`")


def _closed(path: Path) -> IndexUnusable:
    return IndexUnusable(f"{path}: permission denied; ask its owner to let you read it")
