"""Whether a snapshot is what it says: every flipped byte is found, and every part that is not in step."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.index.manifest import Manifest, describe_files
from kb.index.snapshot import Snapshot
from kb.index.soundness import defects
from search.errors import DamagedIndex
from search.semantic.cache import text_key
from search.semantic.keys import read_keys, write_keys
from search.semantic.vector_file import VectorFile, map_vectors
from tests.conftest import Make
from tests.snapshots import LESSONS, live_folder

FILES = {**LESSONS, "third.md": "# Third\n\nA zebra.\n\n## Tools\n\nA stick, and further words.\n"}


@pytest.fixture
def folder(indexed: Make) -> Path:
    """The snapshot of a real index: three lessons, of which the last has two passages."""
    root = indexed(FILES)
    return live_folder(root)


def defects_of(folder: Path) -> list[str]:
    """Return what opening a snapshot and looking at all of it finds."""
    try:
        return defects(Snapshot.open(folder))
    except DamagedIndex as error:
        return [str(error)]


def vouch(folder: Path, more: int = 0) -> None:
    """Let the manifest vouch for the files as they are now, and for so many more lessons and passages."""
    said = Manifest.read(folder)
    files = describe_files(folder)
    replace(said, files=files, lessons=said.lessons + more, passages=said.passages + more).write(folder)


def test_a_snapshot_that_was_published_has_no_defects(folder: Path) -> None:
    assert defects_of(folder) == []


def test_an_index_by_words_only_has_no_defects(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")
    replace(Manifest.read(folder), files=describe_files(folder), encoder=None).write(folder)
    assert defects_of(folder) == []


# What happens to files.


def files_of(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {path.name for path in files} >= {"manifest.json", "catalogue.sqlite", "rows.npy", "keys.npy", "docs.npy"}
    return files


@pytest.mark.parametrize("bit", [0x01, 0x04, 0x80])
def test_a_bit_that_changed_in_any_file_is_found(folder: Path, bit: int) -> None:
    places = random.Random(bit)
    for path in files_of(folder):
        whole = path.read_bytes()
        for place in {0, len(whole) - 1, *(places.randrange(len(whole)) for _ in range(4))} if whole else ():
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            (defect,) = defects_of(folder)
            assert defect.startswith(str(folder)), (path, place)
            assert "\n" not in defect
        path.write_bytes(whole)
    assert defects_of(folder) == []


def test_every_byte_of_the_manifest_is_vouched_for(folder: Path) -> None:
    path = folder / "manifest.json"
    whole = path.read_bytes()
    first = whole.index(b'"built"')
    for place in range(first, first + 400):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :])
        with pytest.raises(DamagedIndex, match="no complete manifest"):
            Manifest.read(folder)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARM: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "zeros": lambda path: path.write_bytes(b"\0" * path.stat().st_size),
    "a folder": become_a_folder,
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_file_that_is_not_whole_is_found(folder: Path, harm: Callable[[Path], object]) -> None:
    for path in files_of(folder):
        whole = path.read_bytes()
        harm(path)
        if path.is_file() and path.read_bytes() == whole:
            continue  # some file was empty before
        assert len(defects_of(folder)) == 1, path
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)
    assert defects_of(folder) == []


def test_a_file_that_nobody_wrote_is_named(folder: Path) -> None:
    (folder / "vectors" / "stranger").write_text("boo")
    assert defects_of(folder) == [f"{folder / 'vectors' / 'stranger'} is not in the manifest"]


# Files that are what was written, and do not belong together.


def test_numbers_of_the_manifest_that_are_not_those_of_the_catalogue(folder: Path) -> None:
    vouch(folder, more=1)
    (defect,) = defects_of(folder)
    assert "the manifest has 4 lessons and 5 passages, the catalogue 3 and 4" in defect


def change_catalogue(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / "catalogue.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    vouch(folder)


def test_a_lesson_in_the_catalogue_that_no_other_part_has(folder: Path) -> None:
    change_catalogue(
        folder,
        "INSERT INTO lessons SELECT 'x.md', 'x', 'x', title, date, metadata, 1, 0, impact FROM lessons LIMIT 1",
        "INSERT INTO passages SELECT 'x.md', 0, origin, kind, headings, line, end_line, text, context, terms, readable"
        " FROM passages LIMIT 1",
    )
    vouch(folder, more=1)
    assert defects_of(folder) == [
        f"{folder}: catalogue and outline do not match",
        f"{folder}: catalogue and postings do not match",
        f"{folder}: passages and vectors do not match",
    ]


def test_a_passage_that_is_missing_in_the_catalogue(folder: Path) -> None:
    change_catalogue(folder, "DELETE FROM passages WHERE path LIKE '%third.md' AND ordinal = 1")
    assert any("catalogue and postings do not match" in defect for defect in defects_of(folder))


def test_a_text_that_changed_after_it_was_encoded(folder: Path) -> None:
    change_catalogue(folder, "UPDATE passages SET text = text || '!' WHERE ordinal = 1")
    assert defects_of(folder) == [f"{folder}: passages and vectors do not match"]


@pytest.mark.parametrize("name", ["rows", "statements"])
def test_an_outline_of_other_lessons(folder: Path, name: str) -> None:
    path = folder / "outline" / f"{name}.npy"
    np.save(path, np.load(path) + 1)
    vouch(folder)
    assert defects_of(folder) == [f"{folder}: catalogue and outline do not match"]


def test_postings_of_the_lessons_in_another_order(folder: Path) -> None:
    for name in ("passages_of", "body_lengths"):
        path = folder / "postings" / f"{name}.npy"
        np.save(path, np.load(path)[::-1])
    vouch(folder)
    assert defects_of(folder) == [f"{folder}: catalogue and postings do not match"]


def test_postings_of_which_a_file_is_of_another_index(folder: Path) -> None:
    path = folder / "postings" / "docs.npy"
    np.save(path, np.load(path)[:-1])
    vouch(folder)
    assert defects_of(folder) == [f"{folder / 'postings'}: its files do not belong together"]


Array = NDArray[np.float32]


def put_vectors(folder: Path, change: Callable[[Array], Array], keys: Callable[[NDArray[np.uint8]], object]) -> None:
    """Replace vectors and keys by others."""
    vectors = change(map_vectors(folder / "vectors").copy())
    changed_keys = np.asarray(keys(read_keys(folder / "vectors").copy()), np.uint8)
    shutil.rmtree(folder / "vectors")
    with VectorFile.create(folder / "vectors", *vectors.shape) as file:
        file.put(np.arange(len(vectors)), vectors)
    write_keys(folder / "vectors", changed_keys)
    vouch(folder)


def swapped(rows: Array) -> Array:
    rows = rows.copy()
    rows[[0, 1]] = rows[[1, 0]]
    return rows


def with_one(value: float) -> Callable[[Array], Array]:
    def change(vectors: Array) -> Array:
        vectors[2] = value
        return vectors

    return change


def other_key(keys: NDArray[np.uint8]) -> NDArray[np.uint8]:
    keys[1] = np.frombuffer(text_key("another text"), np.uint8)
    return keys


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        pytest.param(swapped, lambda keys: keys[[1, 0, *range(2, len(keys))]], id="swapped"),
        pytest.param(lambda rows: rows[:-1], lambda keys: keys[:-1], id="one too few"),
        pytest.param(lambda rows: rows[:-1], lambda keys: keys, id="a vector too few"),
        pytest.param(lambda rows: rows, lambda keys: keys[:-1], id="a key too few"),
        pytest.param(lambda rows: np.vstack([rows, rows[:1]]), lambda keys: keys, id="a vector too many"),
        pytest.param(lambda rows: rows, other_key, id="of another text"),
    ],
)
def test_vectors_of_other_passages(
    folder: Path, change: Callable[[Array], Array], keys: Callable[[NDArray[np.uint8]], object]
) -> None:
    put_vectors(folder, change, keys)
    assert defects_of(folder) == [f"{folder}: passages and vectors do not match"]


@pytest.mark.parametrize(
    ("change", "length"),
    [
        pytest.param(with_one(1.0), "6.928", id="long"),
        pytest.param(with_one(0.1), "0.693", id="short"),
        pytest.param(with_one(float("nan")), "nan", id="no number"),
        pytest.param(with_one(float("inf")), "inf", id="endless"),
    ],
)
def test_a_vector_without_unit_length(folder: Path, change: Callable[[Array], Array], length: str) -> None:
    put_vectors(folder, change, lambda keys: keys)
    assert defects_of(folder) == [f"{folder}: the vector of passage 2 has the length {length}, not 1"]


def test_a_vector_of_zeros_is_that_of_a_text_without_tokens(folder: Path) -> None:
    put_vectors(folder, with_one(0.0), lambda keys: keys)
    assert defects_of(folder) == []


def test_vectors_of_another_model(folder: Path) -> None:
    put_vectors(folder, lambda rows: rows[:, :-1] / np.linalg.norm(rows[:, :-1], axis=1)[:, None], lambda keys: keys)
    assert defects_of(folder) == [f"{folder}: the model's vectors have 48 numbers, those of the index 47"]
