"""Prepares a knowledge base of the lessons as they stood, in the user's cache: a clone may be read-only."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from kb.config import FILE_NAME, PEOPLE_FILE, Config, read_config
from kb.errors import CannotWrite, IndexUnusable
from kb.index.signature import signature_of
from kb.index.store import SnapshotStore
from kb.past.files import Folder, folders_as_of, write_files
from kb.past.keeping import keep_few
from kb.past.moment import commit_as_of
from kb.past.seed import plant, thin_out
from kb.past.settings import settings_as_of, text_of
from kb.people.people_file import read_directory
from kb.progress import Progress
from kb.reindex.job import Job
from kb.reindex.reindex import Orders
from kb.retrieval.answer import AsOf
from kb.system.git import place_in_repository
from kb.system.user_cache import past_folder
from search.storage import folder_beside, replace_file

if TYPE_CHECKING:
    from search.indexing import Encoders

_MOST_BYTES_OF_PEOPLE = 4_000_000
_NOT_READABLE = b"---\nnobody: true\n---\nThe people.md of the knowledge base cannot be read, so nobody is named.\n"


class Past(NamedTuple):
    """A prepared knowledge base."""

    root: Path
    as_of: AsOf


@dataclass(frozen=True, slots=True)
class PastMaker:
    """Makes knowledge bases of the past lessons of one of today."""

    today: Config
    store: SnapshotStore
    """Of the index of today, which is only read."""
    encoders: Encoders
    progress: Progress

    def prepared(self, when: str) -> Past:
        """Return the knowledge base as of a date or commit; make it, with its index, if it is missing.

        Equal lessons lead to the same folder. Who must not be named, and who is to be asked, is what `people.md` says
        today. Raises `NoRepository`, `CannotWrite`, and `IndexUnusable` if no index can be built.
        """
        commit = commit_as_of(self.today.root, when)
        as_of = AsOf(commit.id, f"{commit.at:%Y-%m-%dT%H:%M:%SZ}")
        place = place_in_repository(self.today.root)
        config = settings_as_of(self.today, commit.id, place)
        folders = folders_as_of(config, commit.id, place)
        root = past_folder() / _name(config, folders)
        try:
            if not (root / FILE_NAME).is_file():
                self.progress.tell(f"there is no index of the lessons as of {as_of} yet: building it first")
                self._make(root, config, folders)
            _take_people(self.today.root, root)
            os.utime(root)
            keep_few(root.parent)
        except OSError as error:
            raise CannotWrite(f"{error.filename or root}: {reason_of(error)}; the past lessons are not read") from error
        return Past(root, as_of)

    def _make(self, root: Path, config: Config, folders: list[Folder]) -> None:
        """Write files and index to a temporary folder, and rename it when all is complete."""
        root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with folder_beside(root) as aside:
            making = aside / root.name
            making.mkdir(mode=0o700)
            for folder in folders:
                (making / folder.path).mkdir(parents=True, exist_ok=True)
            write_files(config, folders, making)
            (making / FILE_NAME).write_text(text_of(config), "utf-8")
            _take_people(self.today.root, making)
            self._index(making)
            try:
                os.replace(making, root)
            except OSError:
                if not (root / FILE_NAME).is_file():  # otherwise another process has made it meanwhile
                    raise

    def _index(self, root: Path) -> None:
        store = SnapshotStore(root)
        plant(self.store, store, read_config(root))
        # What is unlike the lessons of today is no defect here, so neither removals nor ranks stop it.
        orders = Orders(hurried=True, gate=False, allow_removals=True)
        report = Job(read_config(root), store, self.encoders, self.progress).run(orders)
        if report.refusal:
            raise IndexUnusable(report.refusal)
        thin_out(store)


def _name(config: Config, folders: list[Folder]) -> str:
    """Return the name of a folder: a hash of all that its index depends on, which includes the program."""
    signature = signature_of(config, read_directory(config.root))
    known = [str(config.root.resolve()), text_of(config), folders, signature]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:24]


def _take_people(today: Path, root: Path) -> None:
    """Bring `people.md` up to date, whatever it said then; if it cannot be read, nobody is named."""
    try:
        data = read_regular(today / PEOPLE_FILE, _MOST_BYTES_OF_PEOPLE, links=False)
    except FileNotFoundError:
        (root / PEOPLE_FILE).unlink(missing_ok=True)
        return
    except OSError:
        data = _NOT_READABLE
    if not (root / PEOPLE_FILE).is_file() or (root / PEOPLE_FILE).read_bytes() != data:
        replace_file(root / PEOPLE_FILE, data, 0o600)
