"""What is read of git's objects, and that nothing of a stranger's repository is started or followed."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.errors import NoRepository
from kb.system.git_objects import (
    changed_files_between,
    commit_named,
    contents,
    files_in,
    first_known,
    is_shallow,
    last_before,
    last_changes,
    object_at,
    require_history,
)
from tests.git import git
from tests.library import committed, repository

pytestmark = pytest.mark.usefixtures("own_git")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "top").mkdir()
    return repository(tmp_path / "top")


def listed(root: Path, commit: str) -> dict[str, str]:
    """Return path and content of each file below `lessons`."""
    files = list(files_in(root, object_at(root, commit, "lessons")))
    found = dict(contents(root, [file.blob for file in files], 1000))
    return {file.path: found[file.blob].decode() for file in files if file.blob in found}


def test_files_are_read_as_they_stood(root: Path) -> None:
    first = committed(root, "2025-01-01", {"a.md": "one\n", "sub/b.md": "", "same.md": "one\n"})
    second = committed(root, "2025-02-01", {"a.md": "two\n", "sub/b.md": None})
    assert listed(root, first) == {"a.md": "one\n", "same.md": "one\n", "sub/b.md": ""}
    assert listed(root, second) == {"a.md": "two\n", "same.md": "one\n"}
    assert object_at(root, first, "nowhere") == ""


def test_a_file_that_is_too_large_is_left_out(root: Path) -> None:
    commit = committed(root, "2025-01-01", {"a.md": "x" * 1001, "b.md": "y" * 1000})
    assert list(listed(root, commit)) == ["b.md"]


def test_odd_names_are_names(root: Path) -> None:
    odd = ["with space.md", 'quo"te.md', "new\nline.md", "é 漢.md", "-n.md", "back\\slash.md", "tab\t.md", ":(top)x.md"]
    commit = committed(root, "2025-01-01", dict.fromkeys(odd, "x"))
    assert sorted(listed(root, commit)) == sorted(odd)
    assert {pair.after.path for pair in changed_files_between(root, None, commit, ["lessons"])} == {
        f"lessons/{name}" for name in odd
    }


def test_links_and_submodules_are_no_files(root: Path) -> None:
    commit = committed(root, "2025-01-01", {"a.md": "x"})
    (root / "lessons" / "link.md").symlink_to("/etc/passwd")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},lessons/module.md")
    git(root, "add", "lessons/link.md")
    git(root, "commit", "-q", "-m", "links")
    assert list(listed(root, git(root, "rev-parse", "HEAD"))) == ["a.md"]
    assert list(changed_files_between(root, commit, git(root, "rev-parse", "HEAD"), ["lessons"])) == []


@pytest.mark.parametrize(
    ("instant", "found"),
    [("2025-01-01T12:00:00", None), ("2025-01-01T12:00:01", 0), ("2025-03-01", 1), ("2030-01-01", 1)],
)
def test_the_last_commit_before_an_instant(root: Path, instant: str, found: int | None) -> None:
    commits = [committed(root, day, {"a.md": day}) for day in ("2025-01-01", "2025-02-01")]
    last = last_before(root, datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert (last and last.id) == (None if found is None else commits[found])


def test_a_commit_with_a_clock_that_went_back_hides_none_before_it(root: Path) -> None:
    first = committed(root, "2025-01-01", {"a.md": "1"})
    committed(root, "2025-06-01", {"a.md": "2"})
    late = committed(root, "2025-02-01", {"a.md": "3"})
    found = [last_before(root, datetime(2025, month, 15, tzinfo=UTC)) for month in (1, 3)]
    assert [one and one.id for one in found] == [first, late]


def test_only_the_first_parents_count(root: Path) -> None:
    main = committed(root, "2025-01-01", {"a.md": "1"})
    git(root, "switch", "-q", "-c", "side")
    committed(root, "2025-02-01", {"b.md": "1"})
    git(root, "switch", "-q", "main")
    committed(root, "2025-03-01", {"a.md": "2"})
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    found = last_before(root, datetime(2025, 2, 15, tzinfo=UTC))
    assert found
    assert found.id == main


def test_names_of_commits(root: Path) -> None:
    commit = committed(root, "2025-01-01", {"a.md": "1"})
    git(root, "tag", "v1.0")
    odd = ("feature/a-b", "fix#12", "v1.0+build.5", "ann@home", "_wip", "été", "v=50%,new")
    for name in odd:
        git(root, "branch", name)
    for name in (*odd, "HEAD", "main", "v1.0", commit, commit[:9], "main~0"):
        assert commit_named(root, name) == commit
    for name in (
        "nowhere",
        "--all",
        "-h",
        ":/2025",
        "HEAD:lessons",
        "a..b",
        "",
        "x" * 300,
        "a\0b",
        "HEAD^{/x}",
        "@{-1}",
        "main@{1}",
        "main^{tree}",
        "--upload-pack=x",
    ):
        assert commit_named(root, name) is None


def test_a_moved_file_is_one_pair(root: Path) -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    first = committed(root, "2025-01-01", {"old.md": text, "b.md": "b"})
    second = committed(root, "2025-02-01", {"old.md": None, "new.md": text + "more\n"})
    (pair,) = changed_files_between(root, first, second, ["lessons"])
    assert (pair.before.path, pair.after.path) == ("lessons/old.md", "lessons/new.md")


def test_each_file_changed_last_when_it_came_to_the_branch(root: Path) -> None:
    first = committed(root, "2025-01-01", {"a.md": "1"})
    git(root, "switch", "-q", "-c", "side")
    committed(root, "2025-02-01", {"b.md": "1"})
    git(root, "switch", "-q", "main")
    last = committed(root, "2025-03-01", {"a.md": "2"})
    found = last_changes(root, first, last, ["lessons"], bool)
    assert {path: f"{at:%Y-%m-%d}" for path, at in found.items()} == {"lessons/a.md": "2025-03-01"}


def test_a_log_is_read_until_it_says_enough_and_else_to_its_end(root: Path) -> None:
    committed(root, "2025-01-01", {"old.md": "1"})
    commits = (
        f"commit refs/heads/main\ncommitter A <a@x> {1_750_000_000 + number} +0000\ndata 0\n"
        f"{'from refs/heads/main^0' if number == 0 else ''}\n"
        f"M 644 inline lessons/a.md\ndata {len(str(number))}\n{number}\n"
        for number in range(600)
    )
    subprocess.run(["git", "-C", str(root), "fast-import", "--quiet"], input="".join(commits), text=True, check=True)
    whole = last_changes(root, None, "main", ["lessons"], lambda found: len(found) == 2)
    assert {path: int(at.timestamp()) for path, at in whole.items()} == {
        "lessons/a.md": 1_750_000_599,
        "lessons/old.md": 1_735_732_800,
    }
    assert [*last_changes(root, None, "main", ["lessons"], bool)] == ["lessons/a.md"]


PROGRAMS = ("diff.external", "diff.x.textconv", "filter.x.smudge", "filter.x.clean", "filter.x.process", "core.pager")


def test_no_program_of_the_repository_is_started(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> '{mark}'\ncat\n", "utf-8")
    program.chmod(0o755)
    first = committed(root, "2025-01-01", {"a.md": "one\n" * 20})
    (root / ".gitattributes").write_text("*.md filter=x diff=x\n", "utf-8")
    second = committed(root, "2025-02-01", {"a.md": None, "b.md": "one\n" * 20 + "two\n"})
    for name in (*PROGRAMS, "core.fsmonitor", "core.sshCommand", "gpg.program"):
        git(root, "config", name, str(program))
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "core.hooksPath", str(tmp_path))
    require_history(root)
    assert listed(root, second) == {"b.md": "one\n" * 20 + "two\n"}
    assert len(list(changed_files_between(root, first, second, ["lessons"]))) == 1
    assert last_changes(root, first, second, ["lessons"], bool)
    assert last_before(root, datetime(2026, 1, 1, tzinfo=UTC))
    assert not mark.exists()


def test_nothing_is_put_in_the_place_of_what_was_committed(root: Path) -> None:
    first = committed(root, "2025-01-01", {"a.md": "true"})
    second = committed(root, "2025-02-01", {"a.md": "false"})
    git(root, "replace", first, second)
    git(root, "replace", object_at(root, first, "lessons/a.md"), object_at(root, second, "lessons/a.md"))
    assert listed(root, first) == {"a.md": "true"}


def test_borrowed_objects_are_refused(root: Path, tmp_path: Path) -> None:
    committed(root, "2025-01-01", {"a.md": "private"})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--shared", str(root), str(clone))
    with pytest.raises(NoRepository, match=r"alternates: this repository borrows .* `git repack -a -d`"):
        require_history(clone)
    git(clone, "repack", "-a", "-d", "-q")
    (clone / ".git" / "objects" / "info" / "alternates").unlink()
    assert require_history(clone)


def test_a_clone_without_its_files_says_so(root: Path, tmp_path: Path) -> None:
    committed(root, "2025-01-01", {"a.md": "old"})
    committed(root, "2025-02-01", {"a.md": "new"})
    git(root, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{root}", str(clone))
    blob = next(files_in(clone, object_at(clone, "HEAD", "lessons"))).blob
    with pytest.raises(NoRepository, match="this clone lacks files of its history; fetch them"):
        list(contents(clone, [blob], 1000))


def test_a_shallow_clone_knows_where_its_history_begins(root: Path, tmp_path: Path) -> None:
    committed(root, "2025-01-01", {"a.md": "old"})
    last = committed(root, "2025-02-01", {"a.md": "new"})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(clone))
    assert (is_shallow(root), is_shallow(clone), first_known(clone).id) == (False, True, last)


def test_without_history_there_is_a_reason(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoRepository, match=f"^{root}: nothing is committed yet; commit the lessons first$"):
        require_history(root)
    with pytest.raises(NoRepository, match="not in a git repository, so there is no history; make one with `git init`"):
        require_history(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepository, match=f"^{root}: git cannot be asked: git is not installed$"):
        require_history(root)


def test_in_a_repository_of_fifty_branches_the_one_checked_out_counts(root: Path) -> None:
    main = committed(root, "2025-01-01", {"a.md": "1"})
    for number in range(50):
        git(root, "branch", f"b{number}")
    git(root, "switch", "-q", "b7")
    other = committed(root, "2025-02-01", {"b.md": "1"})
    assert (require_history(root), commit_named(root, "main")) == (other, main)


def test_a_repository_with_other_hashes_is_read_too(tmp_path: Path) -> None:
    done = subprocess.run(
        ["git", "-C", str(tmp_path), "init", "-q", "--object-format=sha256"],
        capture_output=True,
        env=os.environ,
        check=False,
    )
    if done.returncode:
        pytest.skip("this git knows no SHA-256")
    commit = committed(tmp_path, "2025-01-01", {"a.md": "x"})
    assert [pair.after.path for pair in changed_files_between(tmp_path, None, commit, ["."])] == ["lessons/a.md"]
