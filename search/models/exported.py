"""An exported encoder on disk, and whether its files are still those that were written."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.reason import reason_of
from search.errors import ModelError
from search.models.encoder_card import CARD, EncoderCard
from search.storage.atomic import remove
from search.storage.verified_record import Stamp, VerifiedRecord

if TYPE_CHECKING:
    from search.models.encoder import GraphEncoder

SEAL = "seal.json"
RECORDS = "verified"
"""The folder of verification records, beside the exported encoders."""
_CHANGED = "differs from what was written"
_MOST_BYTES = 100_000

Files = dict[str, str]
"""File name → SHA-256, for every file but the seal."""


class DamagedExport(ModelError):
    """An exported encoder differs from what was written; it can be exported again from the model."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"the prepared model in {folder} is damaged: {why}; run `kb doctor --fix`")
        self.why = why


def seal(folder: Path) -> None:
    """Write the digests of a folder's files into its seal, once all files are there."""
    files = {path.name: _digest_of(path) for path in sorted(folder.iterdir())}
    (folder / SEAL).write_text(json.dumps({"files": files, "digest": _digest_of_files(files)}, indent=1), "utf-8")


class Exported:
    """The folder of one exported encoder."""

    def __init__(self, cache: Path, fingerprint: str) -> None:
        self.folder = cache / fingerprint
        self._fingerprint = fingerprint
        self._record = VerifiedRecord(cache / RECORDS / f"{fingerprint}.json")

    @property
    def is_there(self) -> bool:
        """Whether anything exists at its path, be it damaged or not."""
        return os.path.lexists(self.folder)

    def card(self) -> EncoderCard:
        """Return the card; no other file is verified. Raises `DamagedExport`."""
        with self._naming_damage():
            self._require(CARD, self._files())
            found = EncoderCard.read(self.folder)
            if found.fingerprint != self._fingerprint:
                raise ValueError(f"it is the encoder {found.fingerprint}")
            return found

    def verify(self, *, again: bool = False) -> None:
        """Compare every file with its digest, unless that was done within a day and none has changed since.

        With `again` all files are read whatever the record says. Raises `DamagedExport`.
        """
        with self._naming_damage():
            files = self._files()
            began, stamps = self._record.now(), self._stamps(files)
            if not again and self._record.vouches_for(self._fingerprint, stamps):
                return
            for name in files:
                self._require(name, files)
            if self._stamps(files) == stamps:
                self._record.remember(self._fingerprint, stamps, began)

    def open(self, card: EncoderCard | None = None, *, again: bool = False) -> GraphEncoder:
        """Verify and open the encoder; `card` is its own with the name by which the model was asked for.

        Raises `DamagedExport`.
        """
        self.verify(again=again)
        # Imported here: it imports onnxruntime, which the other methods do not need.
        from search.models.encoder import GraphEncoder

        try:
            return GraphEncoder(self.folder, card)
        except ModelError as error:
            raise DamagedExport(self.folder, str(error)) from error

    def remove(self) -> None:
        """Delete it; it is exported again when it is needed."""
        remove(self.folder)

    def _files(self) -> Files:
        data = json.loads((self.folder / SEAL).read_bytes()[:_MOST_BYTES])
        files: Files = data["files"]
        if data["digest"] != _digest_of_files(files):
            raise ValueError(f"{SEAL} {_CHANGED}")
        return files

    def _stamps(self, files: Files) -> dict[str, Stamp]:
        return {name: Stamp.of((self.folder / name).stat()) for name in files}

    def _require(self, name: str, files: Files) -> None:
        if _digest_of(self.folder / name) != files[name]:
            raise ValueError(f"{name} {_CHANGED}")

    @contextmanager
    def _naming_damage(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise DamagedExport(self.folder, f"{Path(error.filename).name} is missing") from error
        except OSError as error:
            name = Path(error.filename).name if error.filename else "a file"
            raise DamagedExport(self.folder, f"{name}: {reason_of(error)}") from error
        except json.JSONDecodeError as error:
            raise DamagedExport(self.folder, f"{SEAL} {_CHANGED}") from error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise DamagedExport(self.folder, str(error)) from error


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # processors have instructions for SHA-256


def _digest_of_files(files: Files) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
