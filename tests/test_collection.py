"""Test collections in BEIR's layout: a knowledge base of their own, made once and kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.evaluation.collection import Collection
from search.errors import EvaluationError
from tests.conftest import Run

DOCUMENTS: list[dict[str, Any]] = [
    {"_id": "7/1", "title": "Labels: old & new", "text": "Parcels came home.\n\n# Why\n\n---\nAn old address."},
    {"_id": "no", "title": "", "text": "Forty plans."},
    {"_id": "2023-01-01", "text": "An online menu.", "metadata": {"url": "x"}},
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kb-lessons" / "collections"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    write(folder, DOCUMENTS)
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "parcels home"}\n{"_id": "2", "text": "plans"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7/1\t1\n2\tno\t1\n")
    return folder


def write(folder: Path, documents: list[Any]) -> None:
    (folder / "corpus.jsonl").write_text("".join(json.dumps(document) + "\n" for document in documents))


def lessons_in(root: Path) -> list[tuple[str, str, str]]:
    """Return id, title and text of each lesson as they are read."""
    found = []
    for path in sorted((root / "lessons").iterdir()):
        reading = read_lesson(path.read_bytes(), path.name, "default", KindTable())
        assert not reading.problems
        found.append((reading.lesson.id, reading.lesson.title, reading.text.split("---\n\n", 1)[1]))
    return found


def test_each_document_is_a_lesson_with_its_id_its_title_and_its_text_as_it_is(folder: Path, cache: Path) -> None:
    root = Collection(folder).prepared()
    assert root.parent == cache
    assert root.name.startswith("tiny-")
    assert lessons_in(root) == [
        ("7/1", "Labels: old & new", DOCUMENTS[0]["text"] + "\n"),
        ("no", "000001", "Forty plans.\n"),
        ("2023-01-01", "000002", "An online menu.\n"),
    ]


@pytest.mark.parametrize(
    "odd", ['"', "\\", "\x00b", "\x7f", "\x85", "\u2028", "\ufeff", "\U0001f600", "'", ": #", "\n-"]
)
def test_a_title_of_odd_characters_stays_one(folder: Path, cache: Path, odd: str) -> None:
    write(folder, [{"_id": "a", "title": f"x{odd}y", "text": "z"}])
    ((_, title, _),) = lessons_in(Collection(folder).prepared())
    assert title == " ".join(f"x{odd}y".split())


def test_half_a_character_does_no_harm(folder: Path, cache: Path) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "a", "title": "x\\ud83d", "text": "y\\ud83d"}')
    assert lessons_in(Collection(folder).prepared()) == [("a", "x?", "y?\n")]


def test_it_is_made_once_and_another_corpus_makes_another(folder: Path, cache: Path) -> None:
    root = Collection(folder).prepared()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert Collection(folder).prepared() == root
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
    write(folder, DOCUMENTS[:2])
    other = Collection(folder).prepared()
    assert other != root
    assert len(lessons_in(other)) == 2
    assert len(lessons_in(root)) == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "expected a document"),
        ('{"_id": "b"}', "expected a document"),
        ('{"_id": 3, "text": ""}', "expected a document"),
        ('{"_id": "b", "title": [], "text": 1}', "expected a document"),
        ('{"_id": "", "text": ""}', "expected an id in one line"),
        ('{"_id": "b  c", "text": ""}', "expected an id in one line"),
        ('{"_id": "no", "text": ""}', "the document 'no' is there already"),
    ],
)
def test_a_broken_document_is_named_and_nothing_half_made_is_left(
    folder: Path, cache: Path, line: str, said: str
) -> None:
    with (folder / "corpus.jsonl").open("a") as file:
        file.write(line)
    with pytest.raises(EvaluationError) as refused:
        Collection(folder).prepared()
    assert str(refused.value).startswith(f"{folder / 'corpus.jsonl'}:4: {said}")
    assert list(cache.iterdir()) == []


def test_what_an_interrupted_preparation_left_is_not_taken_for_whole(folder: Path, cache: Path) -> None:
    root = Collection(folder).prepared()
    whole = lessons_in(root)
    (root / "kb.toml").unlink()
    for path in [*root.rglob("*.md")]:
        path.unlink()
    (root / "lessons").rmdir()
    assert lessons_in(Collection(folder).prepared()) == whole


def test_a_corpus_without_documents_or_without_a_file_is_named(folder: Path, cache: Path) -> None:
    (folder / "corpus.jsonl").write_text("\n")
    with pytest.raises(EvaluationError, match="no documents in it"):
        Collection(folder).prepared()
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(EvaluationError, match=r"no such file or directory; a collection has corpus\.jsonl"):
        Collection(folder).prepared()


def test_the_judgements_are_those_of_the_test_split_or_the_only_ones(folder: Path) -> None:
    collection = Collection(folder)
    (folder / "qrels" / "train.tsv").write_text("")
    assert collection.judgements == folder / "qrels" / "test.tsv"
    collection.judgements.unlink()
    assert collection.judgements == folder / "qrels" / "train.tsv"
    (folder / "qrels" / "dev.tsv").write_text("")
    with pytest.raises(
        EvaluationError, match=r"expected test\.tsv, or only one \.tsv file, found dev\.tsv, train\.tsv"
    ):
        _ = collection.judgements


def test_a_collection_is_indexed_once_and_measured(folder: Path, kb: Run, static_model: Path, cache: Path) -> None:
    root = Collection(folder).prepared()
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    first = kb(None, "eval", "--collection", str(folder), "--json")
    assert first.code == 0, first.err
    (found,) = json.loads(first.out)["evaluations"]
    assert (found["name"], found["lessons"], found["queries"]) == ("tiny", 3, 2)
    assert found["systems"]["words only"]["nDCG@10"] == 1
    assert "encoding passages" in first.err
    again = kb(None, "eval", "--collection", str(folder), "--markdown")
    assert "encoding passages" not in again.err
    assert again.out.splitlines()[2].startswith("| tiny | 3 | 2 | ")


def test_several_collections_are_rows_of_one_table(
    folder: Path, kb: Run, static_model: Path, cache: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    for collection in (folder, other):
        (Collection(collection).prepared() / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    done = kb(None, "eval", "--collection", str(folder), str(other), "--markdown")
    assert [row.split(" | ")[0] for row in done.out.splitlines()[2:]] == ["| tiny", "| other"]
    done = kb(None, "eval", "--collection", str(folder), str(other), "--run-out", str(tmp_path / "run"))
    assert (done.code, "--baseline and --run-out are for one collection" in done.err) == (2, True)
    done = kb(None, "eval", "--collection")
    assert (done.code, "--collection: expected one folder or more" in done.err) == (2, True)
