"""The next snapshot while it is being built: catalogue, word index, postings and vectors in step."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.changes import KnownFile
from ingest.lesson import Lesson
from ingest.passage import Passage, Window, split_lesson
from ingest.reading import Reading
from kb.index.catalogue import CatalogueWriter
from kb.index.snapshot import CATALOGUE, POSTINGS, VECTORS, WORDS, Snapshot
from kb.progress import Progress
from search.cache import VectorCache, text_key
from search.errors import DamagedIndex
from search.postings import NewPostings, Postings
from search.terms import terms_of
from search.vectors import KEY_BYTES, Keys, VectorIndex, read_keys, write_keys
from search.words import WordIndex

if TYPE_CHECKING:
    from search.encoder import Encoder, Vectors

# Vectors are asked of the cache, sorted by length and encoded in groups of about this many passages.
_GROUP = 4096
# So often new vectors are kept: whatever stops the job, it loses no more of its encoding, however slow the model.
_SECONDS_BETWEEN_KEEPING = 2.0


def _word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[match.start() for match in re.finditer(r"\w+|[^\w\s]", text)] for text in texts]


WINDOW_WITHOUT_MODEL = Window(200, _word_starts)
"""For an index by words only: passages as long as a model would have them, counted in words."""


class SnapshotBuilder:
    """Builds a snapshot in a folder, on top of an earlier one or from nothing."""

    def __init__(self, folder: Path, base: Snapshot | None, window: Window, progress: Progress) -> None:
        self._folder = folder
        self._base = base
        self._window = window
        self._progress = progress
        if base:
            shutil.copytree(base.folder / WORDS, folder / WORDS)
        self._catalogue = CatalogueWriter(folder / CATALOGUE, base.folder / CATALOGUE if base else None)
        self._base_numbers = {path: number for number, path in enumerate(self._catalogue.paths())}
        words = WordIndex.open(folder / WORDS) if base else WordIndex.create(folder / WORDS)
        self._words = words.writer()
        self._new = NewPostings()
        self._new_paths: set[str] = set()
        self.lessons = 0
        self.passages = 0

    def remove(self, path: str) -> None:
        """Take a lesson out."""
        self._catalogue.remove(path)
        self._words.remove(path)

    def touch(self, file: KnownFile) -> None:
        """Note that a file has another time, and the same bytes."""
        self._catalogue.add_file(file)

    def add(self, file: KnownFile, reading: Reading) -> None:
        """Split a lesson and put it in, in place of what was there under its path."""
        self.keep(file, reading.lesson, split_lesson(reading, self._window))

    def keep(self, file: KnownFile, lesson: Lesson, passages: Sequence[Passage]) -> None:
        """Put a lesson in that is split already."""
        terms = terms_of(lesson, passages)
        if lesson.path in self._base_numbers:
            self._words.remove(lesson.path)
        self._catalogue.add(file, lesson, passages, [len(found) for found in terms.passages])
        self._words.add(lesson.path, terms)
        self._new.add(lesson.path, terms)
        self._new_paths.add(lesson.path)

    def finish(self, encoder: Encoder | None, cache: VectorCache) -> int:
        """Complete the snapshot's files. Returns how many passages went through the model."""
        self._catalogue.settle_ids()
        self._progress.stage("indexing words", 1)
        self._words.commit()
        paths = self._catalogue.paths()
        base_postings = Postings.read(self._base.folder / POSTINGS) if self._base else Postings.empty()
        base_numbers = [None if path in self._new_paths else self._base_numbers[path] for path in paths]
        postings = base_postings.updated(base_numbers, self._new)
        (self._folder / POSTINGS).mkdir()
        postings.write(self._folder / POSTINGS)
        self.lessons, self.passages = len(paths), len(postings.lesson_of)
        self._progress.advance()
        if encoder is None and (self._base is None or self._base.manifest.encoder is None):
            return 0
        vectors, keys, encoded = self._vectors(paths, base_numbers, postings, base_postings, encoder, cache)
        VectorIndex.from_vectors(vectors).write(self._folder / VECTORS)
        write_keys(self._folder / VECTORS, keys)
        return encoded

    def close(self) -> None:
        """Let go of all files; without `finish` the word index is left as it was."""
        self._words.cancel()
        self._catalogue.close()

    def _vectors(
        self,
        paths: Sequence[str],
        base_numbers: Sequence[int | None],
        postings: Postings,
        base_postings: Postings,
        encoder: Encoder | None,
        cache: VectorCache,
    ) -> tuple[Vectors, Keys, int]:
        old = VectorIndex.read(self._base.folder / VECTORS).vectors() if self._base else None
        if old is not None and len(old) != len(base_postings.lesson_of):
            raise DamagedIndex(f"{self._folder}: vectors and passages are not in step")
        dimension = encoder.card.dimension if encoder else old.shape[1] if old is not None else 0
        old_keys = read_keys(self._base.folder / VECTORS) if self._base else None
        vectors = np.zeros((len(postings.lesson_of), dimension), np.float32)
        keys = np.zeros((len(vectors), KEY_BYTES), np.uint8)
        old_first = _first_of_each(base_postings.passages_of)
        texts: list[str] = []
        rows: list[int] = []
        encoded = 0
        total = sum(
            int(count)
            for count, old_number in zip(postings.passages_of, base_numbers, strict=True)
            if old_number is None
        )
        self._progress.stage("encoding passages", total)
        for path, first, count, old_number in zip(
            paths, _first_of_each(postings.passages_of), postings.passages_of, base_numbers, strict=True
        ):
            if old_number is not None and old is not None and old_keys is not None:
                start = int(old_first[old_number])
                vectors[first : first + count] = old[start : start + count]
                keys[first : first + count] = old_keys[start : start + count]
            else:
                found = self._catalogue.texts(path)
                for number, text in enumerate(found, first):
                    keys[number] = np.frombuffer(text_key(text), np.uint8)
                texts += found
                rows += range(first, first + count)
            if len(texts) >= _GROUP:
                encoded += self._encode(texts, rows, vectors, encoder, cache)
                texts, rows = [], []
        if texts:
            encoded += self._encode(texts, rows, vectors, encoder, cache)
        return vectors, keys, encoded

    def _encode(
        self, texts: list[str], rows: list[int], vectors: Vectors, encoder: Encoder | None, cache: VectorCache
    ) -> int:
        assert encoder is not None, "new passages need an encoder"
        fingerprint = encoder.card.fingerprint
        known = cache.find(fingerprint, texts, encoder.card.dimension)
        for position, vector in known.items():
            vectors[rows[position]] = vector
        self._progress.advance(len(known))
        missing = list({texts[position]: position for position in range(len(texts)) if position not in known}.values())
        pending: list[int] = []
        kept = time.monotonic()
        try:
            for batch, found in encoder.encode_passages([texts[position] for position in missing]):
                positions = [missing[number] for number in batch]
                vectors[[rows[position] for position in positions]] = found
                pending += positions
                self._progress.advance(len(batch))
                if time.monotonic() - kept >= _SECONDS_BETWEEN_KEEPING:
                    self._keep_vectors(cache, fingerprint, texts, rows, vectors, pending)
                    pending, kept = [], time.monotonic()
        finally:
            self._keep_vectors(cache, fingerprint, texts, rows, vectors, pending)
        same = {texts[position]: rows[position] for position in missing}
        for position, text in enumerate(texts):
            if position not in known and rows[position] != same[text]:
                vectors[rows[position]] = vectors[same[text]]
                self._progress.advance()
        return len(missing)

    def _keep_vectors(
        self,
        cache: VectorCache,
        fingerprint: str,
        texts: Sequence[str],
        rows: Sequence[int],
        vectors: Vectors,
        positions: Sequence[int],
    ) -> None:
        cache.add(
            fingerprint,
            [texts[position] for position in positions],
            vectors[[rows[position] for position in positions]],
        )


def _first_of_each(passages_of: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the number of each lesson's first passage."""
    return np.concatenate([[0], np.cumsum(passages_of)])[:-1].astype(np.int64)
