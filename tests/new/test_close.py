"""The lessons that are close are named once there is an index."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Run, write
from tests.new.conftest import KNOWN, LABELS, LABELS_FILE


def test_the_lessons_that_are_close_are_named_once_there_is_an_index(base: Path, kb: Run) -> None:
    for name, text in KNOWN.items():
        write(base, name, text)
    there_is_no_index = kb(None, "new", "Wrong labels: parcels come back")
    assert there_is_no_index.err == ""
    Path(there_is_no_index.out.strip()).unlink()
    kb(None, "reindex")
    done = kb(None, "new", "--no-edit", "Wrong labels: parcels come back again")
    assert done.err == (
        "kb: close to this one; would it be better to update one of these?\n"
        "    Parcels come back because of wrong labels\n    lessons/labels.md\n"
    )
    assert kb(None, "-q", "new", "--no-edit", "Wrong labels: parcels come back again").err == ""
    assert kb(None, "new", "--no-edit", "Hippopotamus").err == ""


def test_an_index_that_is_damaged_stops_nobody(base: Path, kb: Run) -> None:
    write(base, "labels.md", KNOWN["labels.md"])
    kb(None, "reindex")
    for path in (base / ".kb" / "snapshots").rglob("postings/*"):
        path.write_bytes(b"")
    done = kb(None, "new", "--no-edit", LABELS)
    assert (done.code, done.out) == (0, f"{LABELS_FILE}\n")
