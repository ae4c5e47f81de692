"""Builds the next snapshot, keeping catalogue and indexes consistent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.changes import KnownFile
from kb.catalogue.writer import CatalogueWriter
from kb.index.snapshot import CATALOGUE, OUTLINE, Snapshot
from kb.progress import Progress
from kb.reading.lesson_reader import LessonContent
from kb.reindex.encoding import KeptEncoding
from search.indexing import FileIndexWriter, IndexWriter, Kept, VectorCache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.indexing import Encoder

# Passages are looked up in the vector cache, sorted by length and encoded in groups of about this size.
_GROUP = 4096


class SnapshotBuilder:
    """Builds a snapshot in a folder, from an earlier one (`base`) or from nothing."""

    def __init__(self, folder: Path, base: Snapshot | None, progress: Progress) -> None:
        self._folder = folder
        self._base = base
        self._progress = progress
        self._catalogue = CatalogueWriter(folder / CATALOGUE, base.folder / CATALOGUE if base else None)
        self._base_numbers = {path: number for number, path in enumerate(self._catalogue.paths())}
        self._indexes: IndexWriter = FileIndexWriter(folder, base.folder if base else None)
        self._new_paths: set[str] = set()
        self.lessons = 0
        self.passages = 0

    def remove(self, path: str) -> None:
        """Remove a lesson."""
        self._catalogue.remove(path)

    def touch(self, file: KnownFile) -> None:
        """Record the new time of a file whose bytes have not changed."""
        self._catalogue.add_file(file)

    def add(self, file: KnownFile, content: LessonContent) -> None:
        """Add a lesson, replacing the one with its path."""
        lesson, passages, readable, terms, impact = content
        counts = [len(found) for found in terms.passages]
        self._catalogue.add(file, lesson, passages, readable, counts, impact)
        self._indexes.add(lesson.path, terms)
        self._new_paths.add(lesson.path)

    def finish(self, encoder: Encoder | None, cache: VectorCache) -> int:
        """Complete the snapshot's files; return the number of passages encoded by the model."""
        self._catalogue.settle_ids()
        self._progress.stage("indexing words", 1)
        outline = self._catalogue.outline()
        outline.write(self._folder / OUTLINE)
        paths = list(outline.paths)
        kept = [None if path in self._new_paths else self._base_numbers[path] for path in paths]
        passages = self._indexes.write_words(kept)
        self.lessons, self.passages = len(paths), len(passages.lesson_of)
        self._progress.advance()
        if not self._base_has_vectors(encoder):
            if encoder is None:
                return 0
            kept = [None] * len(paths)
        is_new = [number is None for number in kept]
        self._progress.stage("encoding passages", int(passages.counts[is_new].sum()))
        return self._write_vectors(paths, kept, encoder, cache)

    def close(self) -> None:
        """Close all files."""
        self._catalogue.close()

    def _base_has_vectors(self, encoder: Encoder | None) -> bool:
        """Return whether the base has vectors of this encoder, or, without an encoder, any vectors."""
        card = self._base.manifest.encoder if self._base else None
        return card is not None and (encoder is None or encoder.card.fingerprint == card.fingerprint)

    def _write_vectors(self, paths: Sequence[str], kept: Kept, encoder: Encoder | None, cache: VectorCache) -> int:
        """Write the vectors, copied from the base or encoded; return the number encoded."""
        encoding = KeptEncoding(encoder, cache, self._progress) if encoder else None

        def encode(texts: Sequence[str]) -> NDArray[np.float32]:
            assert encoding, "new passages need an encoder"
            return encoding.encode(texts)

        unknown = [path for path, number in zip(paths, kept, strict=True) if number is None]
        self._indexes.write_vectors(kept, self._dimension(encoder), self._texts(unknown), encode)
        return encoding.encoded if encoding else 0

    def _dimension(self, encoder: Encoder | None) -> int:
        card = encoder.card if encoder else self._base.manifest.encoder if self._base else None
        assert card, "vectors are of some model"
        return card.dimension

    def _texts(self, paths: Sequence[str]) -> Iterator[list[str]]:
        """Yield the encoded texts of the passages of lessons, in order, in groups of at least `_GROUP`."""
        texts: list[str] = []
        for path in paths:
            texts += self._catalogue.texts(path)
            if len(texts) >= _GROUP:
                yield texts
                texts = []
        if texts:
            yield texts
