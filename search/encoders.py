"""Finds the encoder for a model's name: exported before, or loaded and exported now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

from search import bundled
from search.encoder import Encoder, GraphEncoder
from search.encoder_card import EncoderCard
from search.errors import ModelError

if TYPE_CHECKING:
    from search.encoder import Vectors
    from search.model import Model

Tell = Callable[[str], None]

# From so many passages on it pays to load torch for a GPU (loading takes as long as encoding them here).
_BULK = 500


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
        return _hub_revision(source)

    def open(self, name: str) -> Encoder:
        """Return the encoder of a model; loads and exports it when this has not been done. Raises `ModelError`."""
        stamp = self.stamp(name)
        for card in self._cards():
            if (card.model, card.stamp) == (name, stamp):
                return self._opened(card)
        return self._loaded(name, stamp)

    def open_exported(self, fingerprint: str) -> Encoder | None:
        """Return the encoder with this fingerprint if it lies ready; looks at no model."""
        try:
            card = EncoderCard.read(self._cache / fingerprint)
        except (OSError, ValueError):
            return None
        return None if card.unexportable else GraphEncoder(self._cache / fingerprint)

    def _cards(self) -> Iterator[EncoderCard]:
        for path in sorted(self._cache.glob("[!.]*/encoder.json")):
            try:
                yield EncoderCard.read(path.parent)
            except (OSError, ValueError):
                continue  # damaged: the model is exported anew

    def _opened(self, card: EncoderCard) -> Encoder:
        if card.unexportable:
            self._tell(
                f"the model {card.model} runs only through sentence-transformers, which is slower ({card.unexportable})"
            )
            return self._load(card.model, card.stamp)
        try:
            graph = GraphEncoder(self._cache / card.fingerprint)
        except ModelError:
            return self._loaded(card.model, card.stamp)
        return BulkEncoder(graph, lambda: self._load(card.model, card.stamp))

    def _loaded(self, name: str, stamp: str) -> Encoder:
        self._tell(f"preparing the model {name} (once, about ten seconds)")
        model = self._load(name, stamp)
        folder = self._cache / model.card.fingerprint
        from search.export import export

        try:
            card = export(model, folder)
        except OSError as error:
            self._tell(f"the exported model cannot be kept in {self._cache} ({error.strerror}); searching stays slow")
            return model
        if card.unexportable:
            self._tell(
                f"the model {name} runs only through sentence-transformers, which is slower ({card.unexportable})"
            )
            return model
        return BulkEncoder(GraphEncoder(folder), lambda: model)

    def _load(self, name: str, stamp: str) -> Model:
        from search.model import Model

        source = self._source(name)
        if name == bundled.NAME:
            bundled.verify(Path(source))
        return Model(name, source, stamp)

    def _source(self, name: str) -> str:
        if name == bundled.NAME:
            return str(bundled.folder())
        folder = self._base / Path(name).expanduser()
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
    def window(self) -> int:
        return self._graph.window

    def token_starts(self, texts: Sequence[str]) -> list[list[int]]:
        return self._graph.token_starts(texts)

    def encode_query(self, text: str) -> Vectors:
        return self._graph.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        if len(texts) >= _BULK and _has_gpu_driver():
            model = self._load()
            if model.on_accelerator:
                return model.encode_passages(texts)
        return self._graph.encode_passages(texts)


def _has_gpu_driver() -> bool:
    # torch knows for certain and takes seconds to ask; without a driver there is no need to.
    return find_library("cuda") is not None


def _hub_revision(name: str) -> str:
    """Return the revision of a hub model in the local cache; empty when it is not there."""
    from huggingface_hub.constants import HF_HUB_CACHE

    names = [name] if "/" in name else [name, f"sentence-transformers/{name}"]
    for candidate in names:
        reference = Path(HF_HUB_CACHE) / f"models--{candidate.replace('/', '--')}" / "refs" / "main"
        if reference.is_file():
            return reference.read_text("utf-8").strip()
    return ""
