"""The vector index: exact inner products, compared with numpy's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from search.errors import DamagedIndex
from search.passage_numbers import PassageNumbers
from search.semantic.cache import text_key
from search.semantic.flat_vectors import FlatVectors
from search.semantic.keys import KEY_BYTES, read_keys, write_keys
from search.semantic.vector_file import VectorFile, map_vectors

Vectors = NDArray[np.float32]


def some_vectors(count: int, dimension: int, seed: int = 3) -> Vectors:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def write(folder: Path, vectors: Vectors) -> None:
    with VectorFile.create(folder, *vectors.shape) as file:
        file.put(np.arange(len(vectors)), vectors)


def index_of(vectors: Vectors) -> FlatVectors:
    """Return an index of lessons that have one passage each."""
    return FlatVectors(vectors, one_each(len(vectors)))


def one_each(count: int) -> PassageNumbers:
    return PassageNumbers(np.ones(count, np.int32))


def scores_of(index: FlatVectors, query: Vectors) -> Vectors:
    return index.match(query[None, :]).scores.of(np.arange(len(index)))


def test_scores_over_more_vectors_than_faiss_takes_at_once_are_the_inner_products() -> None:
    vectors, query = some_vectors(5000, 48), some_vectors(1, 48, seed=9)[0]
    assert scores_of(index_of(vectors), query) == pytest.approx(vectors @ query, rel=1e-4, abs=1e-5)


def test_an_index_of_one_vector_has_one_score() -> None:
    scores = scores_of(index_of(np.array([[2, 3]], np.float32)), np.array([5, 7], np.float32))
    assert scores.tolist() == [31]


def test_a_query_may_lie_in_memory_as_it_likes() -> None:
    vectors, queries = some_vectors(20, 6), some_vectors(6, 4, seed=5)
    index = index_of(vectors)
    query = queries[:, 2]
    assert not query.flags.c_contiguous
    expected = scores_of(index, query.copy()).tolist()
    assert scores_of(index, query).tolist() == expected
    assert scores_of(index, query.astype(np.float64)).tolist() == expected


def test_vectors_may_lie_in_memory_as_they_like() -> None:
    vectors = some_vectors(5, 8)
    index = index_of(np.asfortranarray(vectors.astype(np.float64)))
    assert scores_of(index, vectors[0]) == pytest.approx(vectors @ vectors[0], rel=1e-4)


@pytest.mark.parametrize("length", [0, 5, 7, 12])
def test_a_query_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="reshape"):
        scores_of(index_of(some_vectors(20, 6)), np.ones(length, np.float32))


def test_scores_are_new_with_every_query() -> None:
    index = index_of(some_vectors(9, 5))
    first = scores_of(index, np.ones(5, np.float32))
    kept = first.tolist()
    scores_of(index, np.zeros(5, np.float32))
    assert first.tolist() == kept


def test_the_score_of_unit_vectors_is_their_cosine() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], np.float32)
    assert scores_of(index_of(vectors), vectors[0]) == pytest.approx([1, 0.6, 0, -1])


def test_vectors_are_not_brought_to_unit_length() -> None:
    assert scores_of(index_of(np.array([[3, 4]], np.float32)), np.array([2, 1], np.float32)) == [10]


def test_equal_vectors_have_equal_scores() -> None:
    vector = some_vectors(1, 48)
    scores = scores_of(index_of(np.repeat(vector, 300, axis=0)), some_vectors(1, 48, seed=4)[0])
    assert len(set(scores.tolist())) == 1


def test_a_row_of_zeros_scores_zero() -> None:
    assert scores_of(index_of(np.zeros((2, 4), np.float32)), np.ones(4, np.float32)).tolist() == [0, 0]


@pytest.mark.parametrize(("queries", "count"), [(0, 3), (3, 0), (1, 1), (5, 700), (40, 9)])
def test_many_queries_at_once_have_the_scores_of_each_to_the_bit(queries: int, count: int) -> None:
    index, asked = index_of(some_vectors(count, 48)), some_vectors(queries, 48, seed=5)
    together = index.match_all([query[None, :] for query in asked])
    found = [match.scores.of(np.arange(count)).tolist() for match in together]
    assert found == [scores_of(index, query).tolist() for query in asked]


@pytest.mark.parametrize("count", [0, 1, 9])
def test_what_was_written_is_read(tmp_path: Path, count: int) -> None:
    vectors, query = some_vectors(count, 5), some_vectors(1, 5, seed=8)[0]
    write(tmp_path / "vectors", vectors)
    index = FlatVectors.read(tmp_path / "vectors", one_each(count))
    assert (len(index), index.dimension) == (count, 5)
    assert scores_of(index, query) == pytest.approx(vectors @ query, rel=1e-5)


def test_a_path_that_is_not_plain_ascii_is_written_and_read(tmp_path: Path) -> None:
    write(tmp_path / "ü 索引", some_vectors(2, 3))
    assert len(FlatVectors.read(tmp_path / "ü 索引", one_each(2))) == 2


def test_keys_that_were_written_are_read(tmp_path: Path) -> None:
    keys = np.frombuffer(b"".join(map(text_key, ["one", "two", "three"])), np.uint8).reshape(-1, KEY_BYTES)
    write_keys(tmp_path, keys)
    assert read_keys(tmp_path).tolist() == keys.tolist()


# Damage.


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """An index of four vectors with their keys."""
    write(tmp_path / "vectors", some_vectors(4, 3))
    write_keys(tmp_path / "vectors", np.arange(4 * KEY_BYTES, dtype=np.uint8).reshape(4, KEY_BYTES))
    return tmp_path / "vectors"


READERS = [
    pytest.param("rows.npy", map_vectors, id="index"),
    pytest.param("rows.npy", VectorFile.open, id="rows"),
    pytest.param("keys.npy", read_keys, id="keys"),
]
Reader = Callable[[Path], object]


@pytest.mark.parametrize(("name", "read"), READERS)
def test_a_missing_file_is_a_damaged_index(written: Path, name: str, read: Reader) -> None:
    (written / name).unlink()
    with pytest.raises(DamagedIndex, match=re.escape(str(written / name))):
        read(written)


@pytest.mark.parametrize(("name", "read"), READERS)
def test_a_file_cut_short_anywhere_is_a_damaged_index(written: Path, name: str, read: Reader) -> None:
    content = (written / name).read_bytes()
    for length in range(len(content)):
        (written / name).write_bytes(content[:length])
        with pytest.raises(DamagedIndex, match=re.escape(str(written / name))) as damaged:
            read(written)
        assert "\n" not in str(damaged.value)


@pytest.mark.parametrize("content", [b"\0" * 500, b"no index at all, only text" * 20, b"IxFI" + b"\xff" * 500])
@pytest.mark.parametrize(("name", "read"), READERS)
def test_bytes_that_are_no_index_are_a_damaged_index(written: Path, name: str, read: Reader, content: bytes) -> None:
    (written / name).write_bytes(content)
    with pytest.raises(DamagedIndex, match=re.escape(str(written / name))):
        read(written)


@pytest.mark.parametrize(
    "keys",
    [np.zeros((3, KEY_BYTES - 1), np.uint8), np.zeros((2, KEY_BYTES)), np.array("text"), np.array(7, np.uint8)],
    ids=["short", "floats", "text", "number"],
)
def test_keys_of_another_shape_or_type_are_a_damaged_index(written: Path, keys: NDArray[Any]) -> None:
    np.save(written / "keys.npy", keys)
    with pytest.raises(DamagedIndex, match=r"not the keys of texts|not an array of uint8"):
        read_keys(written)


@pytest.mark.parametrize(
    "other",
    [
        np.ones(12, np.float32),
        np.ones((4, 3)),
        np.ones((4, 3, 1), np.float32),
        np.asfortranarray(np.eye(4, dtype="f4")),
    ],
    ids=["one row", "double precision", "three dimensions", "column by column"],
)
def test_an_array_that_is_no_rows_of_vectors_is_refused(written: Path, other: NDArray[Any]) -> None:
    np.save(written / "rows.npy", other)
    for read in (map_vectors, VectorFile.open):
        with pytest.raises(DamagedIndex, match=r"not rows of vectors|not an array of float32"):
            read(written)


# Memory: the rows are mapped, so that only what is touched is read.


def test_scores_over_a_mapped_file_are_those_over_memory_to_the_bit(tmp_path: Path) -> None:
    vectors, query = some_vectors(5000, 48), some_vectors(1, 48, seed=9)[0]
    write(tmp_path / "vectors", vectors)
    mapped = FlatVectors.read(tmp_path / "vectors", one_each(5000))
    assert scores_of(mapped, query).tolist() == scores_of(index_of(vectors), query).tolist()
    assert not map_vectors(tmp_path / "vectors").flags.writeable


def test_scores_are_those_of_the_scan_over_faisss_own_index_to_the_bit() -> None:
    vectors, query = some_vectors(5000, 384), some_vectors(1, 384, seed=9)[0]
    index = faiss.IndexFlatIP(384)
    index.add(vectors)
    scores = np.zeros(5000, np.float32)
    pointers = faiss.swig_ptr(scores), faiss.swig_ptr(query), index.get_xb()
    faiss.fvec_inner_products_ny(*pointers, 384, 5000)  # type: ignore[attr-defined]  # made by SWIG
    assert scores_of(index_of(vectors), query).tolist() == scores.tolist()
