"""Writes the two indexes of a folder, on top of earlier ones or from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from search.errors import DamagedIndex
from search.indexing.opening import VECTORS, WORDS, passage_numbers
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.passage_numbers import PassageNumbers
from search.semantic.keys import KEY_BYTES, keys_of, read_keys, write_keys
from search.semantic.vector_file import VectorFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.analysis.lesson_terms import LessonTerms
    from search.models.encoder import Vectors

    Ints = NDArray[np.int64]

Kept = Sequence[int | None]
"""For each lesson of a new list, by path: its number in the base, None for one that is new."""


class IndexWriter(Protocol):
    """Writes both indexes of a library; the result is the same with and without a base."""

    def add(self, path: str, terms: LessonTerms) -> None:
        """Add the terms of a new lesson; lessons may be added in any order."""
        ...

    def write_words(self, kept: Kept) -> PassageNumbers:
        """Write the index by words; kept lessons must keep their order."""
        ...

    def write_vectors(
        self, kept: Kept, dimension: int, texts: Iterable[Sequence[str]], encode: Callable[[Sequence[str]], Vectors]
    ) -> None:
        """Write the index by meaning, after `write_words` and for the same lessons.

        `texts` yields the texts of the new lessons' passages in order, some thousands at once; `encode` returns their
        vectors, shape (texts, dimension). Raises `DamagedIndex` if what is kept is damaged.
        """
        ...


class FileIndexWriter:
    """An `IndexWriter` for the indexes that `open_lexical` and `open_vectors` open."""

    def __init__(self, folder: Path, base: Path | None) -> None:
        """`base` is the folder of earlier indexes, None if there are none."""
        self._folder = folder
        self._base = base
        self._new = NewPostings()
        self._numbers = PassageNumbers(np.zeros(0, np.int32))

    def add(self, path: str, terms: LessonTerms) -> None:
        self._new.add(path, terms)

    def write_words(self, kept: Kept) -> PassageNumbers:
        there = self._folder / WORDS
        base = Postings.read(self._base / WORDS) if self._base else Postings.empty()
        there.mkdir()
        if self._base and list(kept) == list(range(len(base.passages_of))):
            for path in sorted((self._base / WORDS).iterdir()):
                shutil.copyfile(path, there / path.name)
            self._numbers = base.passages
        else:
            postings = self._new.merged_into(base, kept)
            postings.write(there)
            self._numbers = postings.passages
        return self._numbers

    def write_vectors(
        self, kept: Kept, dimension: int, texts: Iterable[Sequence[str]], encode: Callable[[Sequence[str]], Vectors]
    ) -> None:
        folder = self._folder / VECTORS
        sources = self._sources(kept)
        old, new = np.flatnonzero(sources >= 0), np.flatnonzero(sources < 0)
        keys = np.zeros((len(sources), KEY_BYTES), np.uint8)
        with VectorFile.create(folder, len(sources), dimension) as vectors:
            if self._base and len(old):
                keys[old] = _take(vectors, self._base, sources[old], old)
            for some in texts:
                rows, new = new[: len(some)], new[len(some) :]
                keys[rows] = keys_of(some)
                vectors.put(rows, encode(some))
        write_keys(folder, keys)

    def _sources(self, kept: Kept) -> Ints:
        """Return each passage's number in the base, -1 for a new one; shape (passages,)."""
        numbers = self._numbers
        lessons = np.array([-1 if number is None else number for number in kept], np.int64)[numbers.lesson_of]
        sources = np.full(len(lessons), -1, np.int64)
        is_old = lessons >= 0
        if self._base:
            base = passage_numbers(self._base)
            sources[is_old] = base.first[lessons[is_old]] + numbers.place_in_lesson[is_old]
        return sources


def _take(vectors: VectorFile, base: Path, sources: Ints, rows: Ints) -> NDArray[np.uint8]:
    """Copy rows of the base's vectors; returns their keys, shape (rows, 16)."""
    with VectorFile.open(base / VECTORS) as old:
        keys = read_keys(base / VECTORS)
        if not len(old) == len(keys) == len(passage_numbers(base).lesson_of):
            raise DamagedIndex(f"{base}: vectors and passages do not match")
        vectors.take(old, sources, rows)
    return keys[sources]
