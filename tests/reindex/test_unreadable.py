"""What cannot be read keeps what was indexed, and is named each time."""

from __future__ import annotations

from pathlib import Path

from kb.knowledge_base import KnowledgeBase
from search.query.mode import Mode
from tests.conftest import Make, Run, write
from tests.reindex.three_lessons import SENTENCE, THREE, age, counts, found, indexed, said


def test_a_file_that_is_no_text_any_more_keeps_what_was_indexed_and_is_named_each_time(make: Make, kb: Run) -> None:
    root = make(THREE)
    indexed(root)
    write(root, "labels.md", b"\x89PNG\0\0\0\0" * 40)
    age(root)
    reason = "a picture (PNG), not text; save it as plain text or Markdown"
    for _ in range(3):
        done = kb(root, "reindex")
        assert done.code == 3
        assert done.out.startswith("0 added, 0 changed, 0 removed, 2 unchanged, 1 failed; 3 lessons, 3 passages")
        assert f"kb: lessons/labels.md: {reason}" in done.err.splitlines()
        assert found(root, "parcels") == ["labels"]
    assert kb(root, "show", "labels").out == "# Labels\n\nParcels come back with the wrong address.\n"
    write(root, "labels.md", "# Labels\n\nLetters now.\n")
    done = kb(root, "reindex")
    assert (done.code, done.out.split(";")[0]) == (0, "0 added, 1 changed, 0 removed, 2 unchanged")
    assert (found(root, "parcels"), found(root, "letters")) == ([], ["labels"])


def test_a_file_that_was_never_text_is_named_each_time_and_is_no_reason_to_publish(make: Make, kb: Run) -> None:
    root = make({**THREE, "picture.md": b"\x89PNG\0\0\0\0" * 40})
    first = indexed(root)
    assert (counts(first), first.lessons) == ((3, 0, 0, 0, 1), 3)
    second = KnowledgeBase(root).reindex()
    assert (counts(second), said(second)) == ((0, 0, 0, 3, 1), said(first))
    assert (second.published, second.snapshot) == (False, first.snapshot)
    done = kb(root, "search", "parcels")
    assert "changed since" not in done.err, "what --refresh cannot include is no change"


def test_a_folder_that_is_gone_keeps_its_lessons_and_is_named_each_time(make: Make, kb: Run) -> None:
    root = make(THREE, '[corpus]\npaths = ["lessons", "older"]')
    write(root, "../older/stampede.md", "# Stampede\n\nA rush of zebras.\n")
    write(root, "../older/deep/quiet.md", "# Quiet\n\nNo rush.\n")
    indexed(root)
    (root / "older").rename(root / "elsewhere")
    write(root, "labels.md", "# Labels\n\nParcels come back, still.\n")
    for number in range(3):
        done = kb(root, "reindex", *(["--full"] if number == 2 else []))
        assert done.code == 3
        assert "kb: older/: does not exist; what was indexed before is kept" in done.err.splitlines()
        assert "5 lessons" in done.out
        assert (found(root, "zebras"), found(root, "still")) == (["stampede"], ["labels"])
        assert sorted(found(root, "rush")) == ["deep/quiet", "stampede"]
    (root / "elsewhere").rename(root / "older")
    (root / "older" / "stampede.md").unlink()
    done = kb(root, "reindex")
    assert done.code == 0
    assert found(root, "rush") == ["deep/quiet"]


def test_what_cannot_be_read_is_kept_when_the_model_changes(make: Make, cls_model: Path) -> None:
    root = make(THREE)
    indexed(root)
    write(root, "labels.md", b"\x89PNG\0\0\0\0" * 40)
    (root / "kb.toml").write_text(f'[model]\nname = "{cls_model}"\n')
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.lessons, report.encoded) == ((0, 0, 0, 2, 1), 3, report.passages)
    assert found(root, "parcels") == ["labels"]
    assert "labels" in found(root, SENTENCE, Mode.SEMANTIC)


def test_a_first_index_without_its_folder_says_what_to_do(make: Make, kb: Run) -> None:
    root = make({}, '[corpus]\npaths = ["nowhere"]')
    done = kb(root, "reindex")
    assert (done.code, done.out) == (2, "")
    said = f"{root / 'kb.toml'}: corpus.paths: there is no folder 'nowhere'; make it or name another"
    assert done.err.splitlines()[-1] == f"kb: {said}"
    assert not (root / ".kb" / "CURRENT").exists()


def test_a_file_that_became_empty_loses_its_old_text(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    write(root, "labels.md", "")
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.lessons) == ((0, 0, 0, 2, 1), 3)
    assert found(root, "parcels") == []
    assert found(root, "labels") == ["labels"], "it is still found by its name"


def test_two_files_with_one_id_are_both_found_and_named_until_one_is_changed(make: Make) -> None:
    root = make(
        {
            "a.md": "---\nid: same\n---\n# First\n\nParcels.\n",
            "b.md": "---\nid: same\n---\n# Second\n\nParcels too.\n",
        }
    )
    named = [
        "lessons/b.md: the id 'same' is taken by lessons/a.md; change one of them (found as 'lessons/b.md' until then)"
    ]
    first = indexed(root)
    assert (counts(first), said(first)) == ((1, 0, 0, 0, 1), named)
    assert sorted(found(root, "parcels")) == ["lessons/b.md", "same"]
    second = KnowledgeBase(root).reindex()
    assert (counts(second), said(second), second.published) == ((0, 0, 0, 1, 1), named, False)
    write(root, "b.md", "---\nid: other\n---\n# Second\n\nParcels too.\n")
    third = indexed(root)
    assert (counts(third), said(third)) == ((0, 1, 0, 1, 0), [])
    assert sorted(found(root, "parcels")) == ["other", "same"]


def test_problems_are_named_again_when_the_file_did_not_change(make: Make) -> None:
    root = make({**THREE, "odd.md": "---\ntitle: a: b\n---\nOdd.\n"})
    first = indexed(root)
    assert said(first) == [
        "lessons/odd.md:2: front matter is not YAML: a second `: ` on the line; put the value in quotes"
    ]
    second = KnowledgeBase(root).reindex()
    assert (said(second), second.published, counts(second)) == (said(first), False, (0, 0, 0, 3, 1))
