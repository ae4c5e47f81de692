"""Only what changed is read, and only texts that are new are encoded."""

from __future__ import annotations

import os

from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from search.query.mode import Mode
from tests.conftest import Make, write
from tests.reindex.three_lessons import SENTENCE, THREE, counts, found, indexed


def test_when_nothing_changed_nothing_is_published_and_no_file_is_read(make: Make) -> None:
    root = make(THREE)
    first = indexed(root)
    file = root / "lessons" / "labels.md"
    before = file.stat()
    # Other bytes behind the same size and time: only somebody who reads the file would know.
    file.write_text(file.read_text().replace("Parcels", "Letters"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.published, report.encoded) == ((0, 0, 0, 3, 0), False, 0)
    assert report.snapshot == first.snapshot
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [first.snapshot]
    assert (found(root, "parcels"), found(root, "letters")) == (["labels"], [])


def test_a_full_run_reads_every_file_and_encodes_none_of_the_texts_it_knows(make: Make) -> None:
    root = make(THREE)
    first = indexed(root)
    file = root / "lessons" / "labels.md"
    before = file.stat()
    file.write_text(file.read_text().replace("Parcels", "Letters"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = KnowledgeBase(root).reindex(Orders(full=True))
    assert (counts(report), report.encoded) == ((0, 1, 0, 2, 0), 1)
    assert report.snapshot != first.snapshot
    assert found(root, "letters") == ["labels"]
    assert KnowledgeBase(root).reindex(Orders(full=True)).encoded == 0


def test_only_passages_whose_text_is_new_are_encoded(make: Make) -> None:
    sections = [f"## Kniff {number}\n\nPart {number} {'tells of parcels and plans. ' * 10}" for number in range(6)]
    root = make({"long.md": "# Long\n\n" + "\n\n".join(sections), **THREE})
    first = indexed(root)
    assert (first.passages, first.encoded) == (9, 9)
    sections[3] += "One sentence more."
    write(root, "long.md", "# Long\n\n" + "\n\n".join(sections))
    report = KnowledgeBase(root).reindex()
    assert (report.passages, report.encoded) == (9, 1)


def test_a_renamed_lesson_is_not_encoded_again(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    (root / "lessons" / "2006").mkdir()
    (root / "lessons" / "labels.md").rename(root / "lessons" / "2006" / "stickers.md")
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded) == ((1, 0, 1, 2, 0), 0)
    assert found(root, "parcels") == ["2006/stickers"]
    assert found(root, SENTENCE, Mode.SEMANTIC)[0] == "2006/stickers"


def test_a_text_that_comes_back_is_not_encoded_again(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    (root / "lessons" / "labels.md").unlink()
    indexed(root)
    write(root, "labels.md", THREE["labels.md"])
    report = indexed(root)
    assert (counts(report), report.encoded) == ((1, 0, 0, 2, 0), 0)


def test_two_lessons_with_one_text_are_encoded_once_and_both_are_found(make: Make) -> None:
    text = "# Labels\n\nParcels come back with the wrong address.\n"
    root = make({"a.md": text, "b.md": text})
    report = indexed(root)
    assert (report.passages, report.encoded) == (2, 1)
    assert found(root, SENTENCE, Mode.SEMANTIC) == ["a", "b"]


def test_without_the_vector_cache_only_changed_lessons_are_encoded(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    (root / ".kb" / "vectors.sqlite").unlink()
    write(root, "labels.md", "# Labels\n\nParcels come back, still.\n")
    assert indexed(root).encoded == 1
    assert KnowledgeBase(root).reindex(Orders(full=True)).encoded == 2


def test_a_damaged_vector_cache_only_costs_time(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    (root / ".kb" / "vectors.sqlite").write_bytes(b"not a database " * 100)
    report = KnowledgeBase(root).reindex(Orders(full=True))
    assert (counts(report), report.encoded) == ((0, 0, 0, 3, 0), 3)
    assert KnowledgeBase(root).reindex(Orders(full=True)).encoded == 0


def test_a_lesson_that_was_only_moved_in_the_order_keeps_its_vectors(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    before = found(root, SENTENCE, Mode.SEMANTIC)
    write(root, "aaa.md", "# First\n\nZebra.\n")
    indexed(root)
    assert [id_ for id_ in found(root, SENTENCE, Mode.SEMANTIC) if id_ != "aaa"] == before
    assert before[0] == "labels"
