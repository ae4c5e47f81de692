"""Finds the encoder for a model's name: exported before, or loaded and exported now."""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from ctypes.util import find_library
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from search import bundled, hub
from search.encoder_card import EncoderCard
from search.errors import ModelError

if TYPE_CHECKING:
    from ingest.window import Window
    from search.encoder import Encoder, GraphEncoder, Vectors
    from search.model import Model

Tell = Callable[[str], None]

# From so many passages on it pays to load torch for a GPU (loading takes as long as encoding them here).
_BULK = 500
_NAMES = "names"


class Encoders:
    """The exported encoders of this machine's user, and the models behind them."""

    def __init__(self, cache: Path, base: Path, tell: Tell) -> None:
        """`cache` holds one folder for each fingerprint; model folders are relative to `base`."""
        self._cache = cache
        self._base = base
        self._tell = tell

    def stamp(self, name: str) -> str:
        """Return what changes when the files behind a model's name change, without reading them."""
        source = self._source(name)
        folder = Path(source)
        if folder.is_dir():
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            listing = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files]
            times = [] if name == bundled.NAME else [path.stat().st_mtime_ns for path in files]
            return hashlib.sha256(repr((listing, times)).encode()).hexdigest()[:20]
        return hub.kept_revision(source)

    def open(self, name: str) -> Encoder:
        """Return the encoder of a model; loads and exports it when this has not been done. Raises `ModelError`."""
        stamp = self.stamp(name)
        try:
            card = EncoderCard.read_file(self._known_as(name, stamp))
            if card.unexportable:
                self._say_slow(card)
                return self._load(name, stamp)
            return BulkEncoder(_graph(self._cache / card.fingerprint, card), lambda: self._load(name, stamp))
        except (OSError, ValueError, ModelError):
            return self._loaded(name, stamp)  # not known yet, or its export is damaged

    def known_card(self, name: str) -> EncoderCard | None:
        """Return the card of a model that was prepared before; None when it was not, or there is no such model."""
        try:
            return EncoderCard.read_file(self._known_as(name, self.stamp(name)))
        except (OSError, ValueError, ModelError):
            return None

    def window(self, name: str) -> Window | None:
        """Return how much a model takes at once; None when it has to be loaded to know that."""
        from search.token_counter import window_of_export

        card = self.known_card(name)
        with suppress(ModelError):
            if card and not card.unexportable:
                return window_of_export(self._cache / card.fingerprint, card)
            if name == bundled.NAME:
                return bundled.window()
        return None

    def open_exported(self, fingerprint: str) -> Encoder | None:
        """Return the encoder with this fingerprint if it lies ready; looks at no model."""
        try:
            card = EncoderCard.read(self._cache / fingerprint)
        except (OSError, ValueError):
            return None
        return None if card.unexportable else _graph(self._cache / fingerprint)

    def open_for(self, card: EncoderCard) -> Encoder:
        """Return the very encoder that made an index's vectors; raises `ModelError`."""
        encoder = self.open_exported(card.fingerprint) or self.open(card.model)
        if encoder.card.fingerprint != card.fingerprint:
            raise ModelError(f"the model {card.model} is not the one the index was made with; run `kb reindex`")
        return encoder

    def exported(self) -> list[str]:
        """Return the fingerprints under which something is kept, be it whole or not."""
        folders = self._cache.iterdir() if self._cache.is_dir() else ()
        return sorted(path.name for path in folders if path.name != _NAMES and not path.name.startswith("."))

    def damage_of(self, fingerprint: str) -> str:
        """Return why an exported encoder cannot be used, empty when it can."""
        folder = self._cache / fingerprint
        try:
            card = EncoderCard.read(folder)
            if card.fingerprint != fingerprint:
                return f"{folder} holds the encoder {card.fingerprint}"
            return "" if card.unexportable else _damage_of(folder, _graph(folder))
        except (OSError, ValueError, ModelError) as error:
            return str(error) if isinstance(error, ModelError) else f"{folder}: {error}"

    def remove(self, fingerprint: str) -> None:
        """Forget an exported encoder; it is made again when it is needed."""
        shutil.rmtree(self._cache / fingerprint, ignore_errors=True)

    def _known_as(self, name: str, stamp: str) -> Path:
        """Return where the card of a model is kept by its name: one model may have several."""
        key = hashlib.sha256(f"{name}\n{stamp}".encode()).hexdigest()[:20]
        return self._cache / _NAMES / f"{key}.json"

    def _loaded(self, name: str, stamp: str) -> Encoder:
        self._tell(f"preparing the model {name} (once, about ten seconds)")
        model = self._load(name, stamp)
        try:
            card = replace(self._exported(model), model=name, stamp=stamp)
            known_as = self._known_as(name, stamp)
            known_as.parent.mkdir(parents=True, exist_ok=True)
            card.write_file(known_as)
        except OSError as error:
            self._tell(f"the exported model cannot be kept in {self._cache} ({error.strerror}); searching stays slow")
            return model
        if card.unexportable:
            self._say_slow(card)
            return model
        return BulkEncoder(_graph(self._cache / card.fingerprint, card), lambda: model)

    def _exported(self, model: Model) -> EncoderCard:
        """Export a model, unless one with its fingerprint lies there whole already: others may be reading it."""
        folder = self._cache / model.card.fingerprint
        try:
            card = EncoderCard.read(folder)
            if not card.unexportable:
                _graph(folder)
            return card
        except (OSError, ValueError, ModelError):
            from search.export import export

            return export(model, folder)

    def _say_slow(self, card: EncoderCard) -> None:
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
        from search.model import Model  # takes seconds

        if kept:
            with suppress(ModelError):  # of which something is missing
                return Model(name, str(kept), stamp)
        return Model(name, source, stamp)

    def _source(self, name: str) -> str:
        if name == bundled.NAME:
            return str(bundled.folder())
        try:
            folder = self._base / Path(name).expanduser()
        except RuntimeError:  # `~nobody`
            folder = self._base / name
        if folder.is_dir():
            return str(folder.resolve())
        if name.startswith((".", "/", "~")) or name.count("/") > 1:
            raise ModelError(f"the model {name!r} cannot be loaded: no folder {folder}")
        return name


class BulkEncoder:
    """Encodes through the graph, and large amounts through sentence-transformers where a GPU does the work."""

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

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        if len(texts) >= _BULK and _has_gpu_driver():
            model = self._load()
            if model.on_accelerator:
                return model.encode_passages(texts)
        return self._graph.encode_passages(texts)


def _graph(folder: Path, card: EncoderCard | None = None) -> GraphEncoder:
    from search.encoder import GraphEncoder  # brings onnxruntime, which a look at a model's files does without

    return GraphEncoder(folder, card)


def _damage_of(folder: Path, encoder: GraphEncoder) -> str:
    length = math.hypot(*encoder.encode_query("a text that has a vector").tolist())
    return "" if 0 < length < math.inf else f"the exported model in {folder} makes vectors of the length {length}"


def _has_gpu_driver() -> bool:
    # torch knows for certain and takes seconds to ask; without a driver there is no need to.
    return find_library("cuda") is not None
