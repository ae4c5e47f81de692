"""Lessons do not disappear by accident: what looks like many deletions is believed only when somebody says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.index.manifest import FORMAT
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from kb.reindex.reindex import Orders
from kb.reindex.reporting.report import Report
from tests.conftest import Make, Run, write
from tests.index_state import answering
from tests.permissions import like_anybody

MANY = 16
ALLOWED = Orders(allow_removals=True)


def indexed(make: Make, count: int = MANY, config: str = "") -> Path:
    """Index lessons in two folders, most of them in `main`."""
    names = [f"{'main' if number else 'side'}/{number:02}.md" for number in range(count)]
    root = make({name: f"# Lesson {name[-5:-3]}\n\nParcel {name}.\n" for name in names}, config)
    assert KnowledgeBase(root).reindex().lessons == count
    return root


def lessons(root: Path) -> list[Path]:
    return sorted((root / "lessons").rglob("*.md"))


def remove(root: Path, count: int) -> None:
    for path in lessons(root)[:count]:
        path.unlink()


def assert_kept(root: Path, report: Report, gone: int, of: int = MANY) -> None:
    """Nothing was published, the reason is given, and the old index answers."""
    assert (report.published, report.removed, report.snapshot) == (False, 0, answering(root).manifest.id)
    assert report.refusal.startswith(f"{gone:,} of {of:,} lessons are gone")
    assert report.refusal.endswith("if this is meant: `kb reindex --allow-removals`")
    assert len(KnowledgeBase(root).lessons()) == of
    assert Ledger(SnapshotStore(root).ledger).runs()[-1].outcome is Outcome.REFUSED


# What looks like deletions.


def test_a_folder_in_the_corpus_that_vanished_is_not_many_deletions(make: Make) -> None:
    root = indexed(make)
    (root / "lessons" / "main").rename(root / "away")
    assert_kept(root, KnowledgeBase(root).reindex(), MANY - 1)
    (root / "away").rename(root / "lessons" / "main")
    report = KnowledgeBase(root).reindex()
    assert (report.refusal, report.unchanged) == ("", MANY)


def test_a_file_where_a_folder_was_is_not_many_deletions(make: Make) -> None:
    root = indexed(make)
    shutil.rmtree(root / "lessons" / "main")
    (root / "lessons" / "main").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert_kept(root, KnowledgeBase(root).reindex(), MANY - 1)


def test_a_link_that_leads_nowhere_is_not_many_deletions(make: Make) -> None:
    root = indexed(make)
    shutil.rmtree(root / "lessons" / "main")
    (root / "lessons" / "main").symlink_to(root / "not mounted")
    assert_kept(root, KnowledgeBase(root).reindex(), MANY - 1)


def test_an_empty_checkout_is_not_many_deletions(make: Make) -> None:
    root = indexed(make)
    remove(root, MANY)
    report = KnowledgeBase(root).reindex()
    assert_kept(root, report, MANY)
    assert "an empty index is never published" in report.refusal


@pytest.mark.parametrize("count", [1, 3])
def test_that_none_is_left_is_not_believed_however_few_there_were(make: Make, count: int) -> None:
    root = indexed(make, count, "[reindex]\nmax_removed = 1.0\n")
    remove(root, count)
    report = KnowledgeBase(root).reindex()
    assert (report.published, len(KnowledgeBase(root).lessons())) == (False, count)
    assert "an empty index is never published" in report.refusal


def test_files_that_were_all_emptied_are_not_edits(make: Make) -> None:
    root = indexed(make)
    for path in lessons(root):
        path.write_bytes(b"")
    assert_kept(root, KnowledgeBase(root).reindex(), MANY)


def test_another_corpus_folder_is_not_many_deletions(make: Make) -> None:
    root = indexed(make)
    (root / "other").mkdir()
    config = (root / "kb.toml").read_text()
    (root / "kb.toml").write_text(f'{config}\n[corpus]\npaths = ["other"]\n')
    assert_kept(root, KnowledgeBase(root).reindex(), MANY)


def test_a_corpus_folder_that_vanished_is_a_failure_and_all_is_kept(make: Make, kb: Run) -> None:
    root = indexed(make)
    (root / "lessons").rename(root / "away")
    done = kb(root, "reindex")
    assert done.code == 3
    assert "kb: lessons/: does not exist; what was indexed before is kept" in done.err.splitlines()
    assert len(KnowledgeBase(root).lessons()) == MANY
    assert kb(root, "reindex", "--full").code == 3
    assert len(KnowledgeBase(root).lessons()) == MANY


class Doing:
    """Does something once when a stage begins."""

    def __init__(self, stage: str, deed: Callable[[], object]) -> None:
        self._wanted, self._deed = stage, deed

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        if name == self._wanted:
            self._deed()

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...


@pytest.mark.parametrize("full", [False, True])
def test_a_folder_that_turns_unreadable_midway_keeps_what_was_indexed_of_it(make: Make, full: bool) -> None:
    root = indexed(make)
    folder = root / "lessons" / "main"
    for path in lessons(root):
        path.write_text(f"# {path.stem}\n\nA zebra.\n")
    progress = Doing("reading", lambda: folder.chmod(0))
    try:
        with like_anybody():
            report = KnowledgeBase(root, progress).reindex(Orders(full=full))
            again = KnowledgeBase(root).reindex()
    finally:
        folder.chmod(0o755)
    assert (report.published, report.lessons, report.failed) == (True, MANY, MANY - 1)
    assert {problem.reason for problem in report.problems} == {"permission denied; what was indexed before is kept"}
    assert (again.lessons, again.failed > 0, again.removed) == (MANY, True, 0)
    mended = KnowledgeBase(root).reindex()
    assert (mended.changed, mended.lessons, mended.failed) == (MANY - 1, MANY, 0)


def test_a_folder_that_vanishes_midway_keeps_what_was_indexed_of_it(make: Make) -> None:
    root = indexed(make)
    for path in lessons(root):
        path.write_text(f"# {path.stem}\n\nA zebra.\n")
    progress = Doing("reading", lambda: (root / "lessons" / "main").rename(root / "away"))
    report = KnowledgeBase(root, progress).reindex()
    assert (report.lessons, report.changed, report.failed) == (MANY, 1, MANY - 1)
    assert_kept(root, KnowledgeBase(root).reindex(), MANY - 1)


# What is no deletion.


def test_a_mass_rename_is_no_deletion(make: Make) -> None:
    root = indexed(make)
    (root / "lessons" / "main").rename(root / "lessons" / "moved")
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.added, report.removed, report.encoded) == (True, MANY - 1, MANY - 1, 0)


def test_a_move_counts_once_for_each_copy(indexed: Make) -> None:
    root = indexed({f"{number:02}.md": "# Same\n\nThe same text.\n" for number in range(MANY)})
    remove(root, MANY)
    for number in range(4):
        write(root, f"moved/{number}.md", "# Same\n\nThe same text.\n")
    assert_kept(root, KnowledgeBase(root).reindex(), MANY - 4)


def test_lessons_that_were_empty_before_may_stay_so(indexed: Make) -> None:
    root = indexed({"a.md": "# A\n\nText.\n", **{f"{number}.md": "" for number in range(MANY)}})
    assert KnowledgeBase(root).reindex(Orders(full=True)).published


# The limit.


@pytest.mark.parametrize(
    ("config", "total", "allowed"),
    [
        ("", MANY, 10),
        ("", 48, 12),
        ("max_removed = 0", MANY, 0),
        ("max_removed = 3", MANY, 3),
        ("max_removed = 0.75", MANY, 12),
        ("max_removed = 0.0", MANY, 10),
    ],
)
def test_as_many_as_the_limit_may_go_and_no_more(make: Make, config: str, total: int, allowed: int) -> None:
    root = indexed(make, total, f"[reindex]\n{config}\n")
    remove(root, allowed + 1)
    assert_kept(root, KnowledgeBase(root).reindex(), allowed + 1, total)
    write(root, "main/01.md", "# Lesson 01\n\nParcel main/01.md.\n")
    report = KnowledgeBase(root).reindex()
    assert (report.refusal, report.removed, report.lessons) == ("", allowed, total - allowed)


def test_emptied_and_removed_count_together(make: Make) -> None:
    root = indexed(make, config="[reindex]\nmax_removed = 3\n")
    remove(root, 2)
    for path in lessons(root)[:2]:
        path.write_bytes(b"")
    assert_kept(root, KnowledgeBase(root).reindex(), 4)


@pytest.mark.parametrize("value", ["-1", "1.5", '"a quarter"', "true", "nan", "[0.25]", "-0.25"])
def test_what_is_no_limit_is_named(make: Make, kb: Run, value: str) -> None:
    root = make({"a.md": "# A\n"}, f"[reindex]\nmax_removed = {value}\n")
    done = kb(root, "reindex")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "reindex.max_removed: expected a share as 0.25, or a whole number, got" in done.err


# Nothing known of the files any more.


def flip_catalogues(root: Path) -> None:
    for file in (root / ".kb" / "snapshots").glob("*/catalogue.sqlite"):
        file.write_bytes(b"no database")


def write_older_format(root: Path) -> None:
    for file in (root / ".kb" / "snapshots").glob("*/manifest.json"):
        file.write_text(json.dumps(json.loads(file.read_text()) | {"format": FORMAT - 1}))


@pytest.mark.parametrize("harm", [flip_catalogues, write_older_format])
@pytest.mark.parametrize(
    ("count", "empty"),
    [(MANY, Path.unlink), (MANY, lambda path: path.write_bytes(b"")), (3, lambda path: path.write_bytes(b""))],
)
def test_what_cannot_be_compared_is_counted(
    make: Make, kb: Run, harm: Callable[[Path], None], count: int, empty: Callable[[Path], object]
) -> None:
    root = indexed(make, count)
    pointer = (root / ".kb" / "CURRENT").read_text()
    harm(root)
    for path in lessons(root):
        empty(path)
    done = kb(root, "reindex")
    assert done.code == 3
    assert f"kb: {count} of {count} lessons are gone" in done.err
    assert (root / ".kb" / "CURRENT").read_text() == pointer
    assert kb(root, "reindex", "--allow-removals").code == (3 if lessons(root) else 0)  # an empty lesson is named


def test_a_damaged_index_is_built_again_from_lessons_that_are_there(make: Make) -> None:
    root = indexed(make)
    flip_catalogues(root)
    remove(root, 3)
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.lessons) == (True, MANY - 3)


def test_a_first_index_of_an_empty_folder_is_fine(make: Make) -> None:
    root = make()
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.lessons, report.refusal) == (True, 0, "")
    assert KnowledgeBase(root).reindex().refusal == ""


# Saying so.


def test_who_says_so_is_believed(make: Make, kb: Run) -> None:
    root = indexed(make)
    remove(root, MANY)
    refused = kb(root, "reindex")
    assert refused.code == 3
    assert "kb: 16 of 16 lessons are gone (lessons/main/01.md, lessons/main/02.md, lessons/main/03.md …)" in refused.err
    assert "up to date" not in refused.out
    assert kb(root, "reindex", "--allow-removals").code == 0
    assert KnowledgeBase(root).upkeep.status().lessons == 0
    assert kb(root, "reindex").code == 0


def test_a_search_that_refreshes_answers_from_the_old_index_with_the_reason(make: Make, kb: Run) -> None:
    root = indexed(make)
    remove(root, MANY)
    done = kb(root, "search", "--refresh", "--json", "--limit", "50", "parcel")
    assert (done.code, len(json.loads(done.out)["hits"])) == (0, MANY)
    assert "kb: 16 of 16 lessons are gone" in done.err


def test_a_full_run_does_not_believe_it_either(make: Make) -> None:
    root = indexed(make)
    remove(root, MANY)
    assert_kept(root, KnowledgeBase(root).reindex(Orders(full=True)), MANY)
    assert KnowledgeBase(root).reindex(Orders(full=True, allow_removals=True)).lessons == 0
