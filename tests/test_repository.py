"""What git says of a knowledge base: who writes, what has changed, what is checked out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.errors import NoRepository
from kb.system.git import Author, author_of, changed_files, commit_of, repository_of
from tests.git import commit, git

pytestmark = pytest.mark.usefixtures("own_git")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    return top


def write(folder: Path, *names: str, text: str = "text\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def changed(folder: Path, base: str | None = None) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in changed_files(folder, base)]


def test_whatever_differs_from_the_last_commit_has_changed(repository: Path) -> None:
    write(repository, "same.md", "edited.md", "staged.md", "gone.md", "taken.md")
    write(repository, ".gitignore", text="ignored.md\n")
    commit(repository)
    write(repository, "edited.md", "staged.md", "new.md", "added.md", "ignored.md", text="other\n")
    git(repository, "add", "staged.md", "added.md")
    git(repository, "rm", "-q", "taken.md")
    (repository / "gone.md").unlink()
    assert changed(repository) == ["added.md", "edited.md", "new.md", "staged.md"]


def test_what_was_only_touched_has_not_changed(repository: Path) -> None:
    write(repository, "a.md")
    commit(repository)
    os.utime(repository / "a.md", (1, 1))
    assert changed(repository) == []


def test_a_renamed_file_has_its_new_name(repository: Path) -> None:
    write(repository, "old.md", text="a long text\n" * 20)
    commit(repository)
    git(repository, "mv", "old.md", "new.md")
    assert changed(repository) == ["new.md"]


ODD = ["with space.md", 'quo"te.md', "new\nline.md", "é 漢.md", "-n.md", "back\\slash.md", "tab\t.md"]


@pytest.mark.parametrize("is_known", [True, False])
def test_odd_names_are_names(repository: Path, is_known: bool) -> None:
    write(repository, *ODD)
    if is_known:
        commit(repository)
        write(repository, *ODD, text="other\n")
    assert changed(repository) == sorted(ODD)


def test_before_the_first_commit_everything_is_new(repository: Path) -> None:
    write(repository, "staged.md", "untracked.md", "gone.md")
    git(repository, "add", "staged.md", "gone.md")
    (repository / "gone.md").unlink()
    assert changed(repository) == ["staged.md", "untracked.md"]


def test_only_what_lies_below_the_folder_counts(repository: Path) -> None:
    write(repository, "sub/a.md", "sub/deep/b.md", "outside.md")
    commit(repository)
    write(repository, "sub/a.md", "sub/deep/b.md", "outside.md", text="other\n")
    write(repository, "sub/new.md", "new.md")
    assert changed(repository / "sub") == ["a.md", "deep/b.md", "new.md"]


def test_settings_for_people_do_not_change_the_answer(repository: Path) -> None:
    write(repository, "sub/a.md")
    commit(repository)
    settings = {"diff.external": "false", "diff.noprefix": "true", "color.ui": "always", "diff.relative": "false"}
    for name, value in {**settings, "status.showUntrackedFiles": "no", "core.quotePath": "true"}.items():
        git(repository, "config", name, value)
    write(repository, "sub/a.md", "sub/é.md", text="other\n")
    assert changed(repository / "sub") == ["a.md", "é.md"]


def test_a_repository_within_the_repository_is_another_ones(repository: Path) -> None:
    write(repository, "a.md")
    commit(repository)
    write(repository, "inner/b.md")
    git(repository / "inner", "init", "-q")
    assert changed(repository) == []


def test_a_base_is_what_a_pull_request_is_held_against(repository: Path) -> None:
    write(repository, "old.md", "theirs.md")
    commit(repository)
    git(repository, "switch", "-q", "-c", "work")
    write(repository, "ours.md")
    commit(repository)
    git(repository, "switch", "-q", "main")
    write(repository, "theirs.md", "their-new.md", text="other\n")
    commit(repository)
    git(repository, "switch", "-q", "work")
    write(repository, "uncommitted.md")
    assert changed(repository, "main") == ["ours.md", "uncommitted.md"]
    assert changed(repository, git(repository, "rev-parse", "main")) == ["ours.md", "uncommitted.md"]


@pytest.mark.parametrize("base", ["nowhere", "--help", "origin/main", "a b", "HEAD^{tree}", "HEAD~9"])
def test_a_base_that_git_does_not_know_is_named(repository: Path, base: str) -> None:
    write(repository, "a.md")
    commit(repository)
    with pytest.raises(NoRepository) as error:
        changed_files(repository, base)
    assert repr(base) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_base_without_a_common_commit_is_no_base(repository: Path) -> None:
    write(repository, "a.md")
    commit(repository)
    git(repository, "switch", "-q", "--orphan", "other")
    write(repository, "b.md")
    commit(repository)
    with pytest.raises(NoRepository, match="shallow"):
        changed_files(repository, "main")


def test_where_there_is_no_repository_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoRepository, match=r"not a git repository") as error:
        changed_files(tmp_path)
    assert "\n" not in str(error.value)


def test_where_there_is_no_git_one_line_says_so(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepository, match="git is not installed"):
        changed_files(repository)
    assert (author_of(repository), commit_of(repository)) == (None, None)


def test_the_author_is_whom_git_would_name(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert author_of(repository) is None
    monkeypatch.setenv("EMAIL", "root@example.com")
    assert author_of(repository) is None  # git would take the account's name
    monkeypatch.delenv("EMAIL")
    git(repository, "config", "user.name", "Zoë O'Neil-漢")
    assert author_of(repository) is None
    git(repository, "config", "user.email", "zoe@example.com")
    assert author_of(repository) == Author("Zoë O'Neil-漢", "zoe@example.com")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ann")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ann@example.com")
    assert author_of(repository) == Author("Ann", "ann@example.com")


def test_an_author_needs_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[user]\nname = Ann\nemail = ann@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert author_of(tmp_path) == Author("Ann", "ann@example.com")
    assert author_of(tmp_path / "nowhere") is None


def test_the_commit_is_that_of_the_repository_above(repository: Path) -> None:
    write(repository, "sub/a.md")
    assert commit_of(repository / "sub") is None
    commit(repository)
    assert commit_of(repository / "sub") == git(repository, "rev-parse", "HEAD")


def test_a_hook_does_not_change_which_repository_a_folder_is_in(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, "sub/a.md", "sub/b.md")
    commit(repository)
    tree = tmp_path / "tree"
    git(repository, "worktree", "add", "-q", str(tree))
    write(tree, "sub/a.md", text="other\n")
    said = git(tree, "rev-parse", "HEAD")
    # What git tells the hooks of a working tree that is not the first.
    monkeypatch.setenv("GIT_DIR", str(repository / ".git" / "worktrees" / "tree"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "next-index.lock"))
    assert changed(tree / "sub") == ["a.md"]
    assert commit_of(tree / "sub") == said
    found = repository_of(tree / "sub")
    assert found
    assert found.top == tree.resolve()
