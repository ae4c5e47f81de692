"""`kb check --changed`: only lessons that git says have changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run, write
from tests.git import commit, git

pytestmark = pytest.mark.usefixtures("own_git")

BAD = "---\nstatus: unheard-of\n---\n# Valves\n"
GOOD = "---\nanswers:\n  - a valve of the old plant leaks\n---\n# Valves\n\n## Problem\n\nA valve leaked.\n"


@pytest.fixture
def root(make: Make) -> Path:
    root = make({"old.md": GOOD, "bad.md": BAD}, name="base")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def checked(kb: Run, root: Path, *options: str) -> list[str]:
    """Return the files in which something was found."""
    done = kb(root, "check", "--format", "json", "--no-ask", *options)
    assert done.code in (0, 1), done.err
    return sorted({Path(found["path"]).name for found in json.loads(done.out)["findings"]})


def test_lessons_that_have_not_changed_are_left_alone(root: Path, kb: Run) -> None:
    write(root, "old.md", BAD)
    write(root, "new.md", BAD)
    assert checked(kb, root) == ["bad.md", "new.md", "old.md"]
    assert checked(kb, root, "--changed") == ["new.md", "old.md"]
    assert checked(kb, root, "--changed=HEAD") == ["new.md", "old.md"]


def test_before_the_first_commit_every_lesson_is_new(make: Make, kb: Run) -> None:
    root = make({"new.md": BAD}, name="base")
    git(root, "init", "-q")
    assert checked(kb, root, "--changed") == ["new.md"]


def test_where_none_has_changed_it_says_so_and_all_is_well(root: Path, kb: Run) -> None:
    done = kb(root, "check", "--changed")
    assert (done.code, done.err) == (0, "kb: no lesson has changed since HEAD\n")
    done = kb(root, "check", "--changed", "--format", "json")
    assert json.loads(done.out)["findings"] == []


def test_a_pull_request_is_what_its_branch_changed(root: Path, kb: Run) -> None:
    git(root, "switch", "-q", "-c", "work")
    write(root, "ours.md", BAD)
    commit(root)
    git(root, "switch", "-q", "main")
    write(root, "theirs.md", BAD)
    commit(root)
    git(root, "switch", "-q", "work")
    write(root, "uncommitted.md", BAD)
    assert checked(kb, root, "--changed", "main") == ["ours.md", "uncommitted.md"]


def test_only_lessons_count(root: Path, kb: Run) -> None:
    (root / "README.md").write_text(BAD)
    write(root, "notes.txt", BAD)
    write(root, "new.md", BAD)
    assert checked(kb, root, "--changed") == ["new.md"]


def test_names_restrict_what_has_changed(root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("a/new.md", "b/new.md", "b/deep/other.md"):
        write(root, path, BAD)
    monkeypatch.chdir(root / "lessons")
    assert checked(kb, root, "--changed=HEAD", "b/deep", "bad.md") == ["other.md"]
    done = kb(root, "check", "--changed=HEAD", "nowhere.md")
    assert (done.code, done.err) == (2, "kb: nowhere.md: no such file or folder\n")


def test_the_library_may_lie_below_the_top_of_the_repository(make: Make, tmp_path: Path, kb: Run) -> None:
    git(tmp_path, "init", "-q")
    root = make({"same.md": BAD}, name="deep down/base")
    commit(tmp_path)
    write(root, "é \"n'.md", BAD)
    assert checked(kb, root, "--changed") == ["é \"n'.md"]


def test_a_lesson_is_still_held_against_the_whole_library(root: Path, kb: Run) -> None:
    write(root, "new.md", GOOD)
    done = kb(root, "check", "--changed", "--no-ask", "--select", "duplicates")
    assert "old" in done.out
    assert "lessons/old.md:" not in done.out


def test_a_base_that_is_none_is_wrong_usage(root: Path, kb: Run) -> None:
    done = kb(root, "check", "--changed", "origin/main")
    assert (done.code, done.out) == (2, "")
    assert "'origin/main'" in done.err
    assert done.err.count("\n") == 1


def test_without_a_repository_it_is_wrong_usage(make: Make, kb: Run) -> None:
    done = kb(make({"a.md": GOOD}), "check", "--changed")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith(
        ": --changed needs git, and this folder is in no git repository; leave it out, or run `git init`\n"
    )
    assert done.err.count("\n") == 1


def test_a_file_that_cannot_be_read_counts_only_where_it_is_asked_for(root: Path, kb: Run) -> None:
    write(root, "broken.md", b"# A\0B \xff\xfe\0")
    commit(root)
    write(root, "new.md", GOOD)
    assert kb(root, "check", "--no-ask").code == 3
    assert kb(root, "check", "--no-ask", "--changed").code == 0
    assert kb(root, "check", "--no-ask", str(root / "lessons" / "broken.md")).err.count("broken.md") == 1


def test_with_lessons_only_other_files_are_left_alone(root: Path, kb: Run) -> None:
    (root / "README.md").write_text(BAD)
    names = [str(root / name) for name in ("README.md", "lessons/bad.md")]
    assert checked(kb, root, *names) == ["README.md", "bad.md"]
    assert checked(kb, root, "--lessons-only", *names) == ["bad.md"]
    assert checked(kb, root, "--lessons-only", names[0]) == []
