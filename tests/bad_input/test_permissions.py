"""Files, folders, an index and a config that may not be read or written."""

from __future__ import annotations

import os
import re

from tests.bad_input.answers import GOOD, found, said
from tests.conftest import Make, Outcome, Run, write
from tests.permissions import denied, like_anybody


def test_an_unreadable_file_keeps_what_was_indexed_until_it_can_be_read_again(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    write(root, "good.md", "# Labels\n\nParcels come back, still.\n")
    file = write(root, "odd.md", "# Fine\n\nA zebra now, at some length.\n")
    with denied(file):
        for option in ([], [], ["--full"]):
            done = kb(root, "reindex", *option)
            assert (done.code, said(done)) == (
                3,
                ["kb: lessons/odd.md: permission denied; what was indexed before is kept"],
            )
            assert [found(kb, root, word) for word in ("elephant", "zebra", "still")] == [["odd"], [], ["good"]]
        shown = kb(root, "show", "odd")
        assert (shown.code, shown.out) == (0, "# Fine\n\nAn elephant.\n")
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (0, [])
    assert [found(kb, root, word) for word in ("elephant", "zebra", "still")] == [[], ["odd"], ["good"]]


def test_an_unreadable_file_that_did_not_change_is_no_failure(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD, "odd.md": "# Fine\n\nAn elephant.\n"})
    for path in (root / "lessons").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert kb(root, "reindex").code == 0
    with denied(root / "lessons" / "odd.md"):
        done = kb(root, "reindex")
        assert (done.code, said(done)) == (0, [])
        assert "0 added, 0 changed, 0 removed, 2 unchanged" in done.out


def test_an_unreadable_folder_keeps_its_lessons_until_it_can_be_read_again(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD, "deep/odd.md": "# Fine\n\nAn elephant.\n", "deep/er/odd.md": "# Odd\n\nAn elk.\n"})
    write(root, "good.md", "# Labels\n\nParcels come back, still.\n")
    with denied(root / "lessons" / "deep"):
        for option in ([], [], ["--full"]):
            done = kb(root, "reindex", *option)
            assert (done.code, said(done)) == (
                3,
                ["kb: lessons/deep/: permission denied; what was indexed before is kept"],
            )
            assert "3 lessons" in done.out
            assert [found(kb, root, word) for word in ("elephant", "elk", "still")] == [
                ["deep/odd"],
                ["deep/er/odd"],
                ["good"],
            ]
    (root / "lessons" / "deep" / "odd.md").unlink()
    done = kb(root, "reindex")
    assert (done.code, said(done)) == (0, [])
    assert [found(kb, root, word) for word in ("elephant", "elk", "still")] == [[], ["deep/er/odd"], ["good"]]


def test_an_unreadable_corpus_is_not_an_empty_one(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD})
    with denied(root / "lessons"):
        done = kb(root, "reindex")
        assert (done.code, done.out.split(";")[0]) == (3, "0 added, 0 changed, 0 removed, 1 unchanged, 1 failed")
        assert "kb: lessons/: permission denied; what was indexed before is kept" in done.err.splitlines()
        assert found(kb, root, "parcels") == ["good"]


def test_an_index_that_cannot_be_written_is_named_and_stays(indexed: Make, kb: Run) -> None:
    root = indexed({"good.md": GOOD})
    write(root, "odd.md", "A zebra.\n")
    folders = (root / ".kb", root / ".kb" / "snapshots")
    for folder in folders:
        folder.chmod(0o500)
    try:
        with like_anybody():
            done = kb(root, "reindex")
            assert (done.code, done.out) == (3, "")
            place = re.escape(str(root / ".kb"))
            assert re.fullmatch(rf"kb: {place}/.*: permission denied; the index is as it was\n", done.err)
            assert found(kb, root, "parcels") == ["good"]
    finally:
        for folder in folders:
            folder.chmod(0o700)
    with like_anybody():
        assert kb(root, "reindex").code == 0
        assert found(kb, root, "zebra") == ["odd"]


def test_a_config_that_cannot_be_read_is_named(make: Make, kb: Run) -> None:
    root = make({"good.md": GOOD})
    with denied(root / "kb.toml"):
        done = kb(root, "search", "parcels")
    assert done == Outcome(2, "", f"kb: {root / 'kb.toml'}: permission denied\n")
