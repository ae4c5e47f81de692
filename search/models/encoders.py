"""Finds the encoder for a model's name: exported before, or loaded and exported now."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from ctypes.util import find_library
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.reason import reason_of
from ingest.files.tree import folders_below
from search.errors import ModelError
from search.models import bundled, hub
from search.models.encoder_card import EncoderCard
from search.models.exported import RECORDS, DamagedExport, Exported

if TYPE_CHECKING:
    from ingest.window import Window
    from search.models.encoder import Encoder, GraphEncoder, Vectors
    from search.models.model import Model

Notify = Callable[[str], None]

# From this number of passages on it is faster to load torch for a GPU (loading takes as long as encoding them without).
_BULK = 500
_NAMES = "names"
# Every folder of a model has one of these.
_SETTINGS = ("modules.json", "config.json")
_MOST_FILES = 10_000
_MOST_BYTES_OF_SETTINGS = 200_000_000


class Encoders:
    """The exported encoders in a user's cache, and the models from which they are exported."""

    def __init__(self, cache: Path, base: Path, tell: Notify) -> None:
        """`cache` holds one folder for each fingerprint; paths of model folders are relative to `base`."""
        self._cache = cache
        self._base = base
        self._tell = tell
        self._only_here: dict[str, Model] = {}
        """Models whose export could not be stored, by stamp, so that none is loaded twice."""
        self._opened: dict[str, GraphEncoder] = {}
        """The exported encoders that were opened, by fingerprint: each run of the job needs its own three times."""

    def stamp(self, name: str) -> str:
        """Return a string that changes when the files behind a model's name change; their contents are not read."""
        source = self._source(name)
        folder = Path(source)
        if folder.is_dir():
            files = self._files_of(name, folder)
            listing = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files]
            times = [] if name == bundled.NAME else [path.stat().st_mtime_ns for path in files]
            return hashlib.sha256(repr((listing, times)).encode()).hexdigest()[:20]
        return hub.kept_revision(source)

    def _files_of(self, name: str, folder: Path) -> list[Path]:
        """Return the files of a model's folder; raises `ModelError` if it is none, or unsafe, as in a clone."""

        def refused(why: str) -> ModelError:
            return ModelError(f"the model {name!r} cannot be loaded: {why}; name another in kb.toml")

        if not any(os.path.lexists(folder / settings) for settings in _SETTINGS):
            raise refused(f"{folder} has neither {' nor '.join(_SETTINGS)}")
        files = sorted(islice((place / file for place, names in folders_below(folder) for file in names), _MOST_FILES))
        own = folder.is_relative_to(self._base.resolve())
        for path in files:
            if own and path.is_symlink():
                raise refused(f"{path} is a link, which is not followed in a knowledge base")
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise refused(f"{path} is not a regular file")
            if path.suffix == ".json" and found.st_size > _MOST_BYTES_OF_SETTINGS:
                raise refused(f"{path} is larger than {_MOST_BYTES_OF_SETTINGS / 1_000_000:g} MB")
        return files

    def open(self, name: str) -> Encoder:
        """Return a model's encoder from its export, all files verified; without one loads and exports the model.

        Raises `ModelError`.
        """
        stamp = self.stamp(name)
        try:
            card = self._known(name, stamp)
            if card and not card.unexportable:
                graph = Exported(self._cache, card.fingerprint).open(card, again=True)
                self._opened[card.fingerprint] = graph
                return BulkEncoder(graph, lambda: self._load(name, stamp))
        except DamagedExport as damage:
            return self._made_again(name, stamp, damage.why)
        if card is None:
            return self._only_here.get(stamp) or self._loaded(name, stamp)
        self._notify_slow(card)
        return self._load(name, stamp)

    def known_card(self, name: str) -> EncoderCard | None:
        """Return the card of a model that was prepared before; None if it was not, or if there is no such model."""
        try:
            return self._known(name, self.stamp(name))
        except ModelError:
            return None

    def _known(self, name: str, stamp: str) -> EncoderCard | None:
        """Return the card of a model that was prepared before, None if it was not; raises `DamagedExport`."""
        try:
            exported = Exported(self._cache, EncoderCard.read_file(self._known_as(name, stamp)).fingerprint)
        except (OSError, ValueError):
            return None
        return replace(exported.card(), model=name, stamp=stamp) if exported.is_there else None

    def window(self, name: str) -> Window | None:
        """Return a model's window; None if the model must be loaded to know it."""
        from search.models.token_counter import window_of_export

        card = self.known_card(name)
        if card and not card.unexportable:
            with suppress(ModelError):
                Exported(self._cache, card.fingerprint).verify()
                return window_of_export(self._cache / card.fingerprint, card)
        if name == bundled.NAME:
            with suppress(ModelError):
                return bundled.window()
        return None

    def open_exported(self, fingerprint: str) -> Encoder | None:
        """Return the exported encoder with this fingerprint, or None; loads no model. Raises `DamagedExport`."""
        exported = Exported(self._cache, fingerprint)
        if fingerprint not in self._opened:
            if not exported.is_there or exported.card().unexportable:
                return None
            self._opened[fingerprint] = exported.open()
        return self._opened[fingerprint]

    def open_for(self, card: EncoderCard) -> Encoder:
        """Return the encoder that made an index's vectors, exported again if it is damaged; raises `ModelError`."""
        try:
            encoder = self.open_exported(card.fingerprint)
        except DamagedExport:
            encoder = None
        encoder = encoder or self.open(card.model)
        if encoder.card.fingerprint != card.fingerprint:
            raise ModelError(f"the model {card.model} is not the one the index was made with; run `kb reindex`")
        return encoder

    def exported(self) -> list[str]:
        """Return the fingerprints of all exports in the cache, damaged ones too."""
        folders = self._cache.iterdir() if self._cache.is_dir() else ()
        excluded = (_NAMES, RECORDS)
        return sorted(path.name for path in folders if path.name not in excluded and not path.name.startswith("."))

    def damage_of(self, fingerprint: str) -> str:
        """Return why an exported encoder cannot be used, empty if it can; all its files are verified."""
        exported = Exported(self._cache, fingerprint)
        try:
            exported.verify(again=True)
            if not exported.card().unexportable:
                exported.open().encode_query("a text that has a vector")
        except DamagedExport as damage:
            return f"{exported.folder}: {damage.why}"
        except ModelError as error:
            return str(error)
        return ""

    def remove(self, fingerprint: str) -> None:
        """Delete an exported encoder; it is exported again when it is needed."""
        self._opened.pop(fingerprint, None)
        Exported(self._cache, fingerprint).remove()

    def _known_as(self, name: str, stamp: str) -> Path:
        """Return the path of the card for a model's name and stamp: one model may have several names."""
        key = hashlib.sha256(f"{name}\n{stamp}".encode()).hexdigest()[:20]
        return self._cache / _NAMES / f"{key}.json"

    def _made_again(self, name: str, stamp: str, why: str) -> Encoder:
        try:
            return self._loaded(name, stamp, f"about ten seconds; what was prepared before is damaged: {why}")
        except ModelError as error:
            raise ModelError(
                f"the prepared model {name} is damaged ({why}), and cannot be made again: {error}"
            ) from error

    def _loaded(self, name: str, stamp: str, note: str = "once, about ten seconds") -> Encoder:
        self._tell(f"preparing the model {name} ({note})")
        model = self._load(name, stamp)
        try:
            card = replace(self._exported(model), model=name, stamp=stamp)
            known_as = self._known_as(name, stamp)
            known_as.parent.mkdir(parents=True, exist_ok=True)
            card.write_file(known_as)
        except OSError as error:
            self._tell(f"the exported model cannot be kept in {self._cache} ({reason_of(error)}); searching stays slow")
            self._only_here[stamp] = model
            return model
        if card.unexportable:
            self._notify_slow(card)
            return model
        return BulkEncoder(Exported(self._cache, card.fingerprint).open(card), lambda: model)

    def _exported(self, model: Model) -> EncoderCard:
        """Export a model, unless its export exists undamaged: other processes may be reading that."""
        exported = Exported(self._cache, model.card.fingerprint)
        try:
            card = exported.card()
            exported.verify(again=True)
            return card
        except DamagedExport:
            from search.models.export import export

            return export(model, exported.folder)

    def _notify_slow(self, card: EncoderCard) -> None:
        self._tell(
            f"the model {card.model} runs only through sentence-transformers, which is slower ({card.unexportable})"
        )

    def _load(self, name: str, stamp: str) -> Model:
        source = self._source(name)
        if name == bundled.NAME:
            bundled.verify(Path(source))
        kept = None if Path(source).is_absolute() else hub.kept_folder(name)
        if not Path(source).is_absolute() and not kept:
            hub.require(name)
        from search.models.model import Model  # takes seconds

        if kept:
            with suppress(ModelError):  # the copy in the hub's cache is incomplete
                return Model(name, str(kept), stamp)
        return Model(name, source, stamp)

    def _source(self, name: str) -> str:
        if name == bundled.NAME:
            return str(bundled.folder())
        try:
            folder = self._base / Path(name).expanduser()
        except RuntimeError:  # `~name` of an unknown user
            folder = self._base / name
        if folder.is_dir():
            return str(folder.resolve())
        if name.startswith((".", "/", "~")) or name.count("/") > 1:
            raise ModelError(f"the model {name!r} cannot be loaded: no folder {folder}")
        return name


class BulkEncoder:
    """Encodes with the exported graph, and many passages with sentence-transformers if there is a GPU."""

    def __init__(self, graph: GraphEncoder, load: Callable[[], Model]) -> None:
        self._graph = graph
        self._load = load

    @property
    def card(self) -> EncoderCard:
        return self._graph.card

    @property
    def window(self) -> Window:
        return self._graph.window

    def encode_query(self, text: str) -> Vectors:
        return self._graph.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._graph.encode_queries(texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        return self._graph.encode_sentences(texts)

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        if len(texts) >= _BULK and _has_gpu_driver():
            model = self._load()
            if model.on_accelerator:
                return model.encode_passages(texts)
        return self._graph.encode_passages(texts)


def _has_gpu_driver() -> bool:
    # Only torch knows for certain, but loading it takes seconds; without a driver that is not needed.
    return find_library("cuda") is not None
