"""Vectors written and read row by row, in a file that numpy maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.errors import DamagedIndex
from search.semantic.vector_file import NAME, VectorFile

Vectors = NDArray[np.float32]


def some_vectors(count: int, dimension: int, seed: int = 3) -> Vectors:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def written(folder: Path, vectors: Vectors) -> Path:
    with VectorFile.create(folder, *vectors.shape) as file:
        file.put(np.arange(len(vectors)), vectors)
    return folder


@pytest.mark.parametrize(("count", "dimension"), [(0, 3), (1, 1), (7, 5), (5000, 2)])
def test_every_byte_is_as_numpy_writes_it(tmp_path: Path, count: int, dimension: int) -> None:
    vectors = some_vectors(count, dimension)
    np.save(tmp_path / "by-numpy.npy", vectors)
    assert (written(tmp_path / "v", vectors) / NAME).read_bytes() == (tmp_path / "by-numpy.npy").read_bytes()


@settings(max_examples=50, deadline=None)
@given(order=st.permutations(range(9)), cuts=st.lists(st.integers(0, 9), max_size=3))
def test_rows_may_be_written_and_read_in_any_order_and_number(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    vectors, rows = some_vectors(9, 4), np.array(order)
    folder = tmp_path_factory.mktemp("any") / "v"
    with VectorFile.create(folder, 9, 4) as file:
        for part in np.split(rows, sorted(cuts)):
            file.put(part, vectors[part])
    with VectorFile.open(folder) as file:
        assert (len(file), file.dimension) == (9, 4)
        for part in np.split(rows, sorted(cuts)):
            assert file.at(part).tolist() == vectors[part].tolist()


def test_rows_are_taken_over_from_another_file_however_many(tmp_path: Path) -> None:
    vectors = some_vectors(9001, 3)
    sources = np.delete(np.arange(9001), [0, 17, 4096, 8999])
    rows = np.delete(np.arange(9002), [3, 4, 5000, 9001, 4096])
    with (
        VectorFile.open(written(tmp_path / "old", vectors)) as old,
        VectorFile.create(tmp_path / "new", 9002, 3) as new,
    ):
        new.take(old, sources, rows)
    expected = np.zeros((9002, 3), np.float32)
    expected[rows] = vectors[sources]
    with VectorFile.open(tmp_path / "new") as new:
        assert np.array_equal(np.concatenate(list(new.blocks())), expected)


def test_a_file_that_shrinks_while_it_is_read_is_a_damaged_index(tmp_path: Path) -> None:
    with VectorFile.open(written(tmp_path / "v", some_vectors(9000, 4))) as file:
        (tmp_path / "v" / NAME).write_bytes(b"")
        with pytest.raises(DamagedIndex, match="fewer vectors than its header says"):
            list(file.blocks())
