"""The job that brings the index up to date: only what is needed is done, and nothing is ever lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from kb.reindex.reindex import Orders
from kb.reindex.report import Report
from search.errors import QueryError
from search.mode import Mode
from tests.conftest import LESSONS, Make, Run, write
from tests.git import commit, git

THREE: dict[str, str | bytes] = {
    "labels.md": "# Labels\n\nParcels come back with the wrong address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages.\n",
    "brochures.md": "# Brochures\n\nSome brochures had errors before print.\n",
}

SENTENCE = "parcels come back with the wrong address"
"""So near to the lesson on labels that any model sees it."""


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged, report.failed


def age(root: Path) -> None:
    """Let an hour pass: a file that was changed in the last seconds is looked at again."""
    for path in (root / "lessons").rglob("*"):
        seconds = path.stat().st_mtime - 3600
        os.utime(path, (seconds, seconds))


def indexed(root: Path) -> Report:
    """Index a knowledge base whose files are old."""
    age(root)
    return KnowledgeBase(root).reindex()


def live_folder(root: Path) -> Path:
    live = SnapshotStore(root).live()
    assert live is not None
    return live.folder


def found(root: Path, query: str, mode: Mode = Mode.LEXICAL) -> list[str]:
    """Return the ids that the index finds, the best first, however far they are."""
    searcher = KnowledgeBase(root).searcher()
    assert searcher is not None
    with closing(searcher):
        answer = searcher.search(searcher.parse(query), mode=mode, limit=50, every=True)
        return [result.lesson.id for result in answer.results]


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


# Counting.


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


# Only what is needed.


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


# In the end it is the same index as a full rebuild's.


def state(root: Path) -> dict[str, Any]:
    """Return all that a reader can see of an index."""
    with closing(Catalogue(live_folder(root) / CATALOGUE)) as catalogue:
        lessons = catalogue.outline()
        outline = list(zip(lessons.paths, catalogue.passages_of(), lessons.statements.tolist(), strict=True))
        rows = {path: (catalogue.lesson(path), catalogue.passages(path)) for path in lessons.paths}
        files = {path: (file.size, file.digest, file.problems) for path, file in catalogue.files().items()}
        problems = catalogue.id_problems()
    answers: dict[tuple[str, str], Any] = {}
    searcher = KnowledgeBase(root).searcher()
    assert searcher is not None
    with closing(searcher):
        for query in ("parcels with the wrong address", "tools for plans", '"wrong address"', "zebra"):
            for mode in Mode:
                answer = searcher.search(searcher.parse(query), mode=mode, limit=50)
                answers[query, mode] = [result.as_json() for result in answer.results], answer.notes
    return {"outline": outline, "rows": rows, "files": files, "problems": problems, "answers": answers}


TEXTS = (
    "# Labels\n\nParcels come back with the wrong address.\n",
    "---\nid: own\nanswers: [why do parcels come back]\nsummary: Parcels.\n---\n# Plans\n\n## Tools\n\nA list.\n",
    "---\nid: own\ntags: [zebra]\n---\nTools for zebras, and plans.\n",
    "---\ntitle: a: b\n---\n# Broken\n\nParcels of plans.\n",
    "# Long\n\n" + "A plan for the wrong parcels. " * 80,
    "",
)
NAMES = ("a.md", "b.md", "sub/a.md", "z.md")


def apply(root: Path, edits: Sequence[tuple[str, int | None]]) -> None:
    for name, number in edits:
        file = root / "lessons" / name
        if number is not None:
            write(root, name, TEXTS[number].encode())
        elif file.exists():
            file.unlink()


Edits = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.integers(0, len(TEXTS) - 1)), min_size=1, max_size=4)


@settings(max_examples=12, deadline=None)
@given(st.lists(Edits, min_size=1, max_size=4))
def test_after_any_edits_the_index_is_that_of_a_full_rebuild(
    static_model: Path, runs: list[list[tuple[str, int | None]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "lessons").mkdir()
        (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
        KnowledgeBase(root).reindex()
        for edits in runs:
            apply(root, edits)
            KnowledgeBase(root).reindex()
        updated = state(root)
        KnowledgeBase(root).reindex(Orders(full=True))
        assert state(root) == updated


def test_a_knowledge_base_made_in_one_go_gives_the_same_answers(make: Make) -> None:
    grown = make(THREE, name="grown")
    indexed(grown)
    apply(grown, [("a.md", 1), ("b.md", 4), ("plans.md", None)])
    indexed(grown)
    apply(grown, [("b.md", 0), ("sub/a.md", 2)])
    indexed(grown)
    fresh = make({}, name="fresh")
    shutil.copytree(grown / "lessons", fresh / "lessons", dirs_exist_ok=True)
    indexed(fresh)
    ours, theirs = state(grown), state(fresh)
    mine, other = ours.pop("answers"), theirs.pop("answers")
    assert ours == theirs
    assert mine.keys() == other.keys()
    for asked, (hits, notes) in mine.items():
        assert [hit["id"] for hit in hits] == [hit["id"] for hit in other[asked][0]]
        # Vectors of texts that were encoded in another company differ in their last digits.
        scores = [hit["score"] for hit in other[asked][0]]
        assert [hit["score"] for hit in hits] == pytest.approx(scores, abs=1e-5)
        assert notes == other[asked][1]


# Another model.


def test_another_model_encodes_everything_anew_and_the_old_one_answers_meanwhile(
    make: Make, kb: Run, static_model: Path, cls_model: Path
) -> None:
    root = make(THREE)
    first = indexed(root)
    (root / "kb.toml").write_text(f'[model]\nname = "{cls_model}"\n')
    done = kb(root, "search", "--json", "--all", "--mode", "semantic", SENTENCE)
    assert json.loads(done.out)["hits"][0]["id"] == "labels"
    note = f"the index was made with the model {static_model}, kb.toml says {cls_model}; run `kb reindex`"
    assert f"kb: {note}" in done.err.splitlines()
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded, report.published) == ((0, 0, 0, 3, 0), report.passages, True)
    assert report.snapshot != first.snapshot
    done = kb(root, "search", "--json", "--mode", "semantic", SENTENCE)
    assert note not in done.err
    assert json.loads(kb(root, "status", "--json").out)["model"] == str(cls_model)
    # And back again: the vectors of the first model are still known.
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    assert KnowledgeBase(root).reindex().encoded == 0


def test_other_weights_under_the_same_name_are_another_model(make: Make, static_model: Path, cls_model: Path) -> None:
    root = make(THREE, '[model]\nname = "model"')
    shutil.copytree(static_model, root / "model")
    indexed(root)
    shutil.rmtree(root / "model")
    shutil.copytree(cls_model, root / "model")
    report = KnowledgeBase(root).reindex()
    assert (report.encoded, report.published) == (report.passages, True)


def test_a_model_folder_that_was_only_copied_anew_encodes_nothing(make: Make, static_model: Path) -> None:
    root = make(THREE, '[model]\nname = "model"')
    shutil.copytree(static_model, root / "model")
    indexed(root)
    for path in (root / "model").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.encoded) == ((0, 0, 0, 3, 0), 0)


def test_a_model_that_cannot_be_loaded_leaves_the_index_as_it_was(make: Make, kb: Run) -> None:
    root = make(THREE)
    before = indexed(root).snapshot
    (root / "kb.toml").write_text('[model]\nname = "./no-model"\n')
    done = kb(root, "reindex")
    assert (done.code, done.out) == (5, "")
    assert done.err == f"kb: the model './no-model' cannot be loaded: no folder {root / 'no-model'}\n"
    assert live_folder(root).name == before
    assert found(root, "parcels") == ["labels"]


# What cannot be read.


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
        assert "kb: older/: does not exist; what was indexed of it is kept" in done.err.splitlines()
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


# Interrupted.


class Stopping:
    """Presses Ctrl-C in the midst of a stage, after so many of its steps."""

    def __init__(self, stage: str, steps: int) -> None:
        self._wanted, self._left = stage, steps
        self._now = ""
        self.finished = 0

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        self._now = name

    def advance(self, steps: int = 1) -> None:
        if self._now == self._wanted:
            self._left -= steps
            if self._left <= 0:
                raise KeyboardInterrupt("pressed")

    def finish(self) -> None:
        self.finished += 1


def many(count: int) -> dict[str, str | bytes]:
    return {f"{number:03}.md": f"# Lesson {number}\n\nParcel number {number}.\n" for number in range(count)}


@pytest.mark.parametrize(
    ("stage", "steps"),
    [("reading", 1), ("reading", 30), ("indexing words", 1), ("encoding passages", 1), ("encoding passages", 20)],
)
def test_an_interrupted_run_leaves_the_index_and_the_next_one_finishes(make: Make, stage: str, steps: int) -> None:
    root = make(THREE)
    before = indexed(root)
    for path, text in many(30).items():
        write(root, path, text)
    (root / "lessons" / "plans.md").unlink()
    progress = Stopping(stage, steps)
    with pytest.raises(KeyboardInterrupt, match="pressed"):
        KnowledgeBase(root, progress).reindex()
    assert progress.finished == 1
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [before.snapshot]
    assert live_folder(root).name == before.snapshot
    assert (found(root, "forty teams"), found(root, "parcel")) == (["plans"], ["labels"])
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.lessons) == ((30, 0, 1, 2, 0), 32)
    assert (found(root, "forty teams"), len(found(root, "parcel"))) == ([], 31)


@pytest.mark.parametrize("steps", [12, 140])
def test_what_an_interrupted_run_encoded_is_not_encoded_again(make: Make, steps: int) -> None:
    root = make(many(200))
    with pytest.raises(KeyboardInterrupt, match="pressed"):
        KnowledgeBase(root, Stopping("encoding passages", steps)).reindex()
    report = KnowledgeBase(root).reindex()
    assert report.passages == 200
    # The batch in which Ctrl-C was pressed may be larger than the steps asked for, by less than one batch.
    assert 200 - steps - 32 < report.encoded <= 200 - steps


@pytest.mark.parametrize(
    ("number", "code", "who"), [(signal.SIGINT, 130, "a person"), (signal.SIGTERM, 143, "SIGTERM")], ids=["INT", "TERM"]
)
def test_a_program_that_is_stopped_says_so_and_leaves_the_old_index(
    make: Make, kb: Run, kb_process: Callable[..., list[str]], number: int, code: int, who: str
) -> None:
    root = make({"labels.md": THREE["labels.md"]}, '[model]\nname = "all-MiniLM-L6-v2"')
    assert kb(root, "reindex").code == 0
    before = live_folder(root).name
    texts = [path.read_text("utf-8") for path in sorted(LESSONS.glob("*.md"))]
    for copy, text in enumerate(texts * 2):
        write(root, f"{copy}.md", text.replace("the", f"the {copy}"))
    command = kb_process("--root", str(root), "reindex", "--report", str(root / "report.md"))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith("kb: encoding passages"):
            process.send_signal(number)
            break
    out, rest = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, ""), lines
    assert rest.strip() == "kb: interrupted; nothing is left half done"
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [before]
    assert found(root, "parcels") == ["labels"]
    last = Ledger(root / ".kb" / "ledger.jsonl").runs()[-1]
    assert (last.outcome, last.reason) == (Outcome.INTERRUPTED, f"stopped by {who}")
    said = f"interrupted, nothing unfinished went live\n\n**Why:** stopped by {who}\n"
    assert said in (root / "report.md").read_text()


# The command.


def test_the_report_in_one_line(make: Make, kb: Run) -> None:
    root = make(THREE)
    age(root)
    done = kb(root, "reindex")
    counted = "3 added, 0 changed, 0 removed, 0 unchanged; 3 lessons, 3 passages (3 encoded)"
    assert re.fullmatch(re.escape(counted) + r", \d+\.\d s\n", done.out)
    done = kb(root, "reindex")
    counted = "0 added, 0 changed, 0 removed, 3 unchanged; 3 lessons, 3 passages"
    assert re.fullmatch(re.escape(counted) + r", \d+\.\d s; the index was up to date\n", done.out)


def test_the_report_as_json(make: Make, kb: Run) -> None:
    root = make({**THREE, "odd.md": "---\ntitle: a: b\n---\nOdd.\n"})
    done = kb(root, "reindex", "--json")
    assert done.code == 3
    report = json.loads(done.out)
    assert done.out.count("\n") == 1
    assert report.pop("seconds") >= report.pop("words_after") >= 0
    assert report.pop("words_snapshot") < report["snapshot"]
    assert set(report.pop("stages")) >= {"looking for changes", "reading", "checking", "publishing"}
    assert report.pop("model").endswith("static")
    assert report == {
        "added": 3,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "failed": 1,
        "lessons": 4,
        "passages": 4,
        "encoded": 4,
        "snapshot": live_folder(root).name,
        "published": True,
        "problems": [
            {
                "path": "lessons/odd.md",
                "reason": "front matter is not YAML: a second `: ` on the line; put the value in quotes",
                "line": 2,
                "defect": "front-matter",
            }
        ],
        "refusal": "",
        "asked": 0,
        "lost": 0,
        "regressions": [],
        "commit": None,
    }


def test_a_wall_of_problems_is_named_in_a_log_and_where_it_was_asked_for(make: Make, kb: Run) -> None:
    root = make({f"{number:02}.md": "---\ntitle: a: b\n---\nOdd.\n" for number in range(25)})
    done = kb(root, "reindex")
    named = [line for line in done.err.splitlines() if "lessons/" in line]
    assert (done.code, len(named)) == (3, 20)
    assert "kb: and 5 more; `kb -v reindex` names all" in done.err.splitlines()
    done = kb(None, "-v", "--root", str(root), "reindex")
    assert len([line for line in done.err.splitlines() if "lessons/" in line]) == 25
    done = kb(None, "-q", "--root", str(root), "reindex")
    assert (done.code, len([line for line in done.err.splitlines() if "lessons/" in line])) == (3, 25)


def test_a_quiet_reindex_names_each_failure_and_what_to_do(make: Make, kb: Run) -> None:
    root = make({"odd.md": "---\ntitle: a: b\n---\nOdd.\n", "old.md": b"# Caf\xe9\n", "good.md": "# Good\n"})
    (root / "lessons" / "long.md").write_bytes(b"a" * 65_000_000)
    done = kb(None, "-q", "--root", str(root), "reindex")
    assert done.code == 3
    assert [line.partition(": ")[2].split(" (")[0] for line in done.err.splitlines()] == [
        "lessons/long.md: larger than 64 MB; what was indexed of it is kept",
        "lessons/odd.md:2: front matter is not YAML: a second `: ` on the line; put the value in quotes",
        "lessons/old.md:1: not valid UTF-8",
        "mend what is named and run `kb reindex`; until then it is found by what could be read of it",
    ]


def test_a_log_has_plain_lines_for_the_stages(make: Make, kb: Run) -> None:
    done = kb(make(THREE), "reindex")
    assert [line for line in done.err.splitlines() if "model" not in line] == [
        "kb: reading: 3",
        "kb: encoding passages: 3",
    ]


# The source's commit.


@pytest.mark.usefixtures("own_git")
def test_the_commit_of_the_lessons_is_recorded(make: Make, kb: Run) -> None:
    root = make(THREE)
    assert kb(root, "reindex").code == 0
    assert json.loads(kb(root, "status", "--json").out)["commit"] is None
    git(root, "init", "-q")
    commit(root)
    KnowledgeBase(root).reindex(Orders(full=True))
    head = git(root, "rev-parse", "HEAD")
    assert json.loads(kb(root, "status", "--json").out)["commit"] == head
    assert f"commit          {head[:12]}" in kb(root, "status").out


def test_a_query_that_asks_nothing_is_refused_by_the_open_index_too(make: Make) -> None:
    root = make(THREE)
    indexed(root)
    searcher = KnowledgeBase(root).searcher()
    assert searcher is not None
    with closing(searcher), pytest.raises(QueryError, match="the query is empty"):
        searcher.search(searcher.parse(" \x00 "), mode=Mode.HYBRID, limit=5)
