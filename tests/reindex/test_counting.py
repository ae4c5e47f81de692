"""Each file is counted once, by what became of it."""

from __future__ import annotations

import os
import shutil

from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from tests.conftest import Make, write
from tests.reindex.three_lessons import THREE, counts, found, indexed, live_folder


def test_each_file_is_counted_once_by_what_became_of_it(make: Make) -> None:
    root = make(THREE)
    base = KnowledgeBase(root)
    assert counts(indexed(root)) == (3, 0, 0, 0, 0)
    assert counts(base.reindex()) == (0, 0, 0, 3, 0)
    write(root, "labels.md", "# Labels\n\nParcels come back, still.\n")
    assert counts(base.reindex()) == (0, 1, 0, 2, 0)
    write(root, "deep/stampede.md", "# Stampede\n\nA rush.\n")
    (root / "lessons" / "plans.md").unlink()
    assert counts(base.reindex()) == (1, 0, 1, 2, 0)
    write(root, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    write(root, "labels.md", "# Labels\n\nNo more.\n")
    assert counts(base.reindex()) == (0, 1, 0, 2, 1)
    write(root, "odd.md", "---\ntitle: a\n---\nOdd.\n")
    assert counts(base.reindex()) == (0, 1, 0, 3, 0)
    shutil.rmtree(root / "lessons")
    (root / "lessons").mkdir()
    assert counts(base.reindex(Orders(allow_removals=True))) == (0, 0, 4, 0, 0)
    assert counts(base.reindex()) == (0, 0, 0, 0, 0)


def test_the_report_counts_lessons_and_passages_and_names_the_snapshot(make: Make) -> None:
    root = make(THREE)
    report = indexed(root)
    assert (report.lessons, report.passages, report.encoded, report.published) == (3, 3, 3, True)
    assert report.snapshot == live_folder(root).name
    assert report.problems == ()


def test_a_file_with_the_same_bytes_and_another_time_is_unchanged(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    os.utime(root / "lessons" / "plans.md", (1_000_000_000, 1_000_000_000))
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded) == ((0, 0, 0, 3, 0), 0)


def test_an_edit_of_the_same_length_within_the_same_second_is_seen(make: Make) -> None:
    root = make(THREE)
    base = KnowledgeBase(root)
    base.reindex()
    file = root / "lessons" / "labels.md"
    before = file.stat()
    file.write_text(file.read_text().replace("Parcels", "Letters"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert counts(base.reindex()) == (0, 1, 0, 2, 0)
    assert (found(root, "letters"), found(root, "parcels")) == (["labels"], [])
