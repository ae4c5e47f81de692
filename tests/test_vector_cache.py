"""The vector cache: what was encoded once is not encoded again, and a damaged cache costs only time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from search.semantic.cache import VectorCache, count_kept, damage_of, text_key

Vectors = NDArray[np.float32]
DIMENSION = 6


def some_vectors(count: int, seed: int = 5) -> Vectors:
    return np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.db"


@pytest.fixture
def cache(path: Path) -> Iterator[VectorCache]:
    with closing(VectorCache(path)) as cache:
        yield cache


def found(
    cache: VectorCache, texts: list[str], fingerprint: str = "model", dimension: int = DIMENSION
) -> dict[int, list[float]]:
    known = cache.find(fingerprint, texts, dimension, unit_length=False)
    return {number: vector.tolist() for number, vector in known.items()}


def test_a_vector_is_found_again_by_its_text(cache: VectorCache) -> None:
    vectors = some_vectors(3)
    cache.add("model", ["one", "two", "zwölf 十二"], vectors)
    assert found(cache, ["zwölf 十二", "other", "one", "two", "one"]) == {
        0: vectors[2].tolist(),
        2: vectors[0].tolist(),
        3: vectors[1].tolist(),
        4: vectors[0].tolist(),
    }


def test_an_empty_cache_finds_nothing(cache: VectorCache) -> None:
    assert found(cache, ["one"]) == {}
    assert found(cache, []) == {}


def test_texts_that_differ_in_one_space_are_different_texts(cache: VectorCache) -> None:
    cache.add("model", ["one two", ""], some_vectors(2))
    assert found(cache, ["one  two", " one two", "One two", " "]) == {}
    assert list(found(cache, ["", "one two"])) == [0, 1]


def test_a_vector_of_another_model_is_not_found(cache: VectorCache) -> None:
    ours, theirs = some_vectors(1), some_vectors(1, seed=6)
    cache.add("model", ["one"], ours)
    assert found(cache, ["one"], "other") == {}
    cache.add("other", ["one"], theirs)
    assert found(cache, ["one"]) == {0: ours[0].tolist()}
    assert found(cache, ["one"], "other") == {0: theirs[0].tolist()}


@pytest.mark.parametrize("dimension", [DIMENSION - 1, DIMENSION + 1, 4 * DIMENSION])
def test_a_vector_of_another_length_is_not_found(cache: VectorCache, dimension: int) -> None:
    cache.add("model", ["one"], some_vectors(1))
    assert found(cache, ["one"], dimension=dimension) == {}


def test_a_text_that_is_kept_again_has_its_latest_vector(cache: VectorCache) -> None:
    cache.add("model", ["one"], some_vectors(1))
    latest = some_vectors(1, seed=6)
    cache.add("model", ["one"], latest)
    assert found(cache, ["one"]) == {0: latest[0].tolist()}


def test_vectors_are_kept_by_the_values_they_have_as_rows(cache: VectorCache) -> None:
    vectors = np.asfortranarray(some_vectors(4))
    cache.add("model", ["a", "b", "c", "d"], vectors)
    assert found(cache, ["b"]) == {0: vectors[1].tolist()}


def test_as_many_texts_as_there_are_can_be_asked_at_once(cache: VectorCache) -> None:
    texts, vectors = [f"text {number}" for number in range(3000)], some_vectors(3000)
    cache.add("model", texts, vectors)
    assert found(cache, ["unknown", *reversed(texts)]) == {
        3000 - number: vector.tolist() for number, vector in enumerate(vectors)
    }


def test_texts_and_vectors_that_are_not_as_many_are_refused_and_nothing_is_kept(cache: VectorCache) -> None:
    with pytest.raises(ValueError, match="zip"):
        cache.add("model", ["one", "two"], some_vectors(1))
    assert found(cache, ["one", "two"]) == {}


def test_a_text_no_encoding_takes_is_kept_too(cache: VectorCache) -> None:
    cache.add("model", ["half a \ud83d pair"], some_vectors(1))
    assert list(found(cache, ["half a \ud83d pair"])) == [0]


def test_what_was_kept_is_there_when_the_cache_is_opened_again(path: Path) -> None:
    vectors = some_vectors(2)
    with closing(VectorCache(path)) as cache:
        cache.add("model", ["one", "two"], vectors)
    with closing(VectorCache(path)) as cache:
        assert found(cache, ["two", "one"]) == {0: vectors[1].tolist(), 1: vectors[0].tolist()}


def test_what_was_kept_survives_a_process_that_never_closes(path: Path, cache: VectorCache) -> None:
    vectors = some_vectors(1)
    cache.add("model", ["one"], vectors)
    with closing(VectorCache(path)) as other:
        assert found(other, ["one"]) == {0: vectors[0].tolist()}


def test_a_deleted_cache_starts_anew(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.add("model", ["one"], some_vectors(1))
    path.unlink()
    with closing(VectorCache(path)) as cache:
        assert found(cache, ["one"]) == {}


@pytest.mark.parametrize("damage", ["text", "cut short", "no header", "a hole"])
def test_a_damaged_cache_finds_nothing_wrong_and_goes_on(path: Path, damage: str) -> None:
    texts, vectors = [f"text {number}" for number in range(2000)], some_vectors(2000)
    with closing(VectorCache(path)) as cache:
        cache.add("model", texts, vectors)
    content = path.read_bytes()
    third = len(content) // 3
    path.write_bytes(
        {
            "text": b"no database at all\n" * 100,
            "cut short": content[: 2 * third],
            "no header": b"\0" * 100 + content[100:],
            "a hole": content[:third] + b"\xff" * third + content[2 * third :],
        }[damage]
    )
    with closing(VectorCache(path)) as cache:
        for number, vector in cache.find("model", texts, DIMENSION, unit_length=False).items():
            assert vector.tolist() == vectors[number].tolist()
        cache.add("model", ["new"], vectors[:1])
        assert found(cache, ["new"]) == {0: vectors[0].tolist()}


SPOILT = {"zeros": 0.0, "no numbers": np.nan, "infinite": np.inf, "too long": 7.0}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_vector_that_no_encoder_makes_is_not_known(cache: VectorCache, path: Path, spoilt: str) -> None:
    vectors = some_vectors(3)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cache.add("model", ["one", "two", "three"], vectors)
    wrong = np.full(DIMENSION, SPOILT[spoilt], np.float32).tobytes()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE text = ?", [wrong, text_key("two")])
    assert list(cache.find("model", ["one", "two", "three"], DIMENSION, unit_length=True)) == [0, 2]
    assert cache.impossible("model", DIMENSION, unit_length=True) == [text_key("two")]


def test_a_vector_of_zeros_is_not_kept(cache: VectorCache) -> None:
    vectors = some_vectors(3)
    vectors[1] = 0
    cache.add("model", ["one", "two", "three"], vectors)
    assert list(found(cache, ["one", "two", "three"])) == [0, 2]


def test_it_is_counted_how_many_texts_are_encoded_and_nothing_is_changed(cache: VectorCache, path: Path) -> None:
    cache.add("model", ["a", "b"], some_vectors(2))
    cache.add("other", ["c"], some_vectors(1))
    before = path.read_bytes()
    assert count_kept(path, "model", ["a", "b", "b", "c", "d"]) == 3
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"no database " * 100], ids=["absent", "empty", "damaged"])
def test_of_a_cache_that_cannot_be_read_nothing_is_encoded(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    assert count_kept(path, "model", ["a"]) == 0
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_journal_that_names_another_file_is_not_followed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "canary"
    other.write_text("a text")
    VectorCache(path).close()
    # As SQLite writes it where several files change together: it would look for the other, and may remove it.
    name = str(other).encode()
    tail = (1).to_bytes(4, "big") + name + len(name).to_bytes(4, "big") + (sum(name)).to_bytes(4, "big")
    path.with_name(f"{path.name}-journal").write_bytes(b"\0" * 512 + tail + bytes.fromhex("d9d505f920a163d7"))
    for look in (lambda: VectorCache(path).close(), lambda: damage_of(path)):
        look()
        assert other.read_text() == "a text"
        assert not path.with_name(f"{path.name}-journal").exists()


def test_tables_that_are_not_ours_are_dropped_with_their_file(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.add("model", ["a text"], some_vectors(1))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER harm AFTER INSERT ON vectors BEGIN DELETE FROM vectors; END")
        connection.commit()
    with closing(VectorCache(path)) as cache:
        assert len(cache) == 0
        cache.add("model", ["another"], some_vectors(1))
        assert len(cache) == 1
