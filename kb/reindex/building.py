"""The next snapshot while it is being built: catalogue, postings and vectors in step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.files.changes import KnownFile
from ingest.lesson import Lesson
from ingest.passages.passage import Passage
from ingest.passages.prose import readable_passages
from kb.index.catalogue import CatalogueWriter
from kb.index.snapshot import CATALOGUE, OUTLINE, POSTINGS, VECTORS, Snapshot
from kb.progress import Progress
from kb.reindex.encoding import KeptEncoding
from kb.system.durable import copy_files
from search.errors import DamagedIndex
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.lexical.terms import terms_of
from search.semantic.cache import VectorCache
from search.semantic.vector_file import VectorFile
from search.semantic.vectors import KEY_BYTES, keys_of, read_keys, write_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.semantic.encoder import Encoder

    Ints = NDArray[np.int64]

# Vectors are asked of the cache, sorted by length and encoded in groups of about this many passages.
_GROUP = 4096


class SnapshotBuilder:
    """Builds a snapshot in a folder, on top of an earlier one or from nothing."""

    def __init__(self, folder: Path, base: Snapshot | None, progress: Progress) -> None:
        self._folder = folder
        self._base = base
        self._progress = progress
        self._catalogue = CatalogueWriter(folder / CATALOGUE, base.folder / CATALOGUE if base else None)
        self._base_numbers = {path: number for number, path in enumerate(self._catalogue.paths())}
        self._new = NewPostings()
        self._new_paths: set[str] = set()
        self._is_changed = base is None
        self.lessons = 0
        self.passages = 0

    def remove(self, path: str) -> None:
        """Take a lesson out."""
        self._is_changed = True
        self._catalogue.remove(path)

    def touch(self, file: KnownFile) -> None:
        """Note that a file has another time, and the same bytes."""
        self._catalogue.add_file(file)

    def add(self, file: KnownFile, lesson: Lesson, passages: Sequence[Passage]) -> None:
        """Put a lesson in, in place of what was there under its path."""
        terms = terms_of(lesson, passages)
        self._catalogue.add(
            file, lesson, passages, readable_passages(passages), [len(found) for found in terms.passages]
        )
        self._new.add(lesson.path, terms)
        self._new_paths.add(lesson.path)
        self._is_changed = True

    def finish(self, encoder: Encoder | None, cache: VectorCache) -> int:
        """Complete the snapshot's files. Returns how many passages went through the model."""
        self._catalogue.settle_ids()
        self._progress.stage("indexing words", 1)
        outline = self._catalogue.outline()
        outline.write(self._folder / OUTLINE)
        paths = list(outline.paths)
        base_numbers = [None if path in self._new_paths else self._base_numbers[path] for path in paths]
        postings = self._finish_words(base_numbers)
        self.lessons, self.passages = len(paths), len(postings.lesson_of)
        self._progress.advance()
        base = self._base_of_vectors(encoder)
        if encoder is None and base is None:
            return 0
        return self._write_vectors(paths, base_numbers if base else [None] * len(paths), postings, base, encoder, cache)

    def close(self) -> None:
        """Let go of all files."""
        self._catalogue.close()

    def _finish_words(self, base_numbers: Sequence[int | None]) -> Postings:
        """Complete the postings; where no lesson is another they stay as they are in the base."""
        there, old = self._folder / POSTINGS, self._base and self._base.folder / POSTINGS
        if old and not self._is_changed:
            copy_files(old, there)
            return Postings.read(there)
        postings = self._new.merged_into(Postings.read(old) if old else Postings.empty(), base_numbers)
        there.mkdir()
        postings.write(there)
        return postings

    def _base_of_vectors(self, encoder: Encoder | None) -> Snapshot | None:
        """Return the base if it has vectors of the encoder; without an encoder, if it has any."""
        card = self._base.manifest.encoder if self._base else None
        same = card and (encoder is None or encoder.card.fingerprint == card.fingerprint)
        return self._base if same else None

    def _write_vectors(
        self,
        paths: Sequence[str],
        base_numbers: Sequence[int | None],
        postings: Postings,
        base: Snapshot | None,
        encoder: Encoder | None,
        cache: VectorCache,
    ) -> int:
        """Write the vectors straight to the file, copied or encoded; returns how many were encoded."""
        folder = self._folder / VECTORS
        base_postings = Postings.read(base.folder / POSTINGS) if base else Postings.empty()
        sources = _sources(base_numbers, postings, base_postings)
        kept, new = np.flatnonzero(sources >= 0), np.flatnonzero(sources < 0)
        keys = np.zeros((len(sources), KEY_BYTES), np.uint8)
        encoding = KeptEncoding(encoder, cache, self._progress) if encoder else None
        self._progress.stage("encoding passages", len(new))
        with VectorFile.create(folder, len(sources), self._dimension(encoder)) as vectors:
            if base:
                with VectorFile.open(base.folder / VECTORS) as old:
                    old_keys = read_keys(base.folder / VECTORS)
                    if not len(old) == len(old_keys) == len(base_postings.lesson_of):
                        raise DamagedIndex(f"{base.folder}: vectors and passages are not in step")
                    vectors.take(old, sources[kept], kept)
                keys[kept] = old_keys[sources[kept]]
            unknown = [path for path, number in zip(paths, base_numbers, strict=True) if number is None]
            for texts in self._texts(unknown):
                assert encoding, "new passages need an encoder"
                rows, new = new[: len(texts)], new[len(texts) :]
                keys[rows] = keys_of(texts)
                vectors.put(rows, encoding.encode(texts))
        write_keys(folder, keys)
        return encoding.encoded if encoding else 0

    def _dimension(self, encoder: Encoder | None) -> int:
        card = encoder.card if encoder else self._base.manifest.encoder if self._base else None
        assert card, "vectors are of some model"
        return card.dimension

    def _texts(self, paths: Sequence[str]) -> Iterator[list[str]]:
        """Give what is encoded of the passages of lessons, in order, some thousands at once."""
        texts: list[str] = []
        for path in paths:
            texts += self._catalogue.texts(path)
            if len(texts) >= _GROUP:
                yield texts
                texts = []
        if texts:
            yield texts


def _sources(base_numbers: Sequence[int | None], postings: Postings, base: Postings) -> Ints:
    """Return for each passage its number in the base, -1 for a new one."""
    lessons = np.array([-1 if number is None else number for number in base_numbers], np.int64)[postings.lesson_of]
    sources = np.full(len(lessons), -1, np.int64)
    kept = lessons >= 0
    sources[kept] = base.first_passage[lessons[kept]] + postings.offset_in_lesson[kept]
    return sources
