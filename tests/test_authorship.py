"""Who wrote the lessons, by git: renames, `.mailmap`, programs, rewritten and shallow history; and the file of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.config import read_config
from kb.index.authors_file import NOTHING_KNOWN, read_authors, read_state, write_authors
from kb.people.authorship import NO_AUTHORS, Author, commits_in, with_commits
from kb.reindex.authors import refresh_authors
from tests.conftest import Make, Run, write
from tests.git import git

pytestmark = pytest.mark.usefixtures("own_git")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "base"
    (root / "lessons").mkdir(parents=True)
    (root / ".kb").mkdir()
    (root / ".gitignore").write_text(".kb\n")
    (root / "kb.toml").touch()
    git(root, "init", "-q")
    return root


def commit_by(root: Path, author: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "work", "--author", author)


def authors(root: Path) -> dict[str, list[str]]:
    """Bring the file of authors up to date; return their names by lesson."""
    told: list[str] = []
    refresh_authors(root / ".kb" / "authors.json", read_config(root), told.append)
    assert not told
    found = read_authors(root / ".kb" / "authors.json").authorship
    return {path.removeprefix("lessons/"): [one.author.name for one in found.of(path)] for path in found.rows}


def test_a_renamed_lesson_keeps_its_authors_and_a_removed_one_is_forgotten(root: Path) -> None:
    write(root, "a.md", "# A\n\nOne line.\nAnother line.\nA third line.\n")
    write(root, "b.md", "# B\n")
    commit_by(root, "Ana <ana@example.org>")
    git(root, "mv", "lessons/a.md", "lessons/new name é.md")
    with (root / "lessons" / "new name é.md").open("a") as file:
        file.write("A fourth line.\n")
    (root / "lessons" / "b.md").unlink()
    commit_by(root, "Bob <bob@example.org>")
    assert authors(root) == {"new name é.md": ["Ana", "Bob"]}


def test_only_the_commits_since_the_last_time_are_read_and_the_result_is_the_same(root: Path) -> None:
    write(root, "a.md", "# A\n\nOne line.\nAnother line.\n")
    commit_by(root, "Ana <ana@example.org>")
    assert authors(root) == {"a.md": ["Ana"]}
    git(root, "mv", "lessons/a.md", "lessons/b.md")
    commit_by(root, "Bob <bob@example.org>")
    write(root, "c.md", "# C\n")
    commit_by(root, "Ana <ANA@example.org>")
    step_by_step = authors(root)
    (root / ".kb" / "authors.json").unlink()
    assert authors(root) == step_by_step == {"b.md": ["Ana", "Bob"], "c.md": ["Ana"]}


def test_nothing_is_asked_of_git_if_the_commit_is_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    assert authors(root) == {"a.md": ["Ana"]}
    monkeypatch.setenv("PATH", "")
    assert authors(root) == {"a.md": ["Ana"]}
    git_folder = root / ".git"
    monkeypatch.undo()
    git(root, "pack-refs", "--all")
    monkeypatch.setenv("PATH", "")
    assert not [*(git_folder / "refs" / "heads").iterdir()]
    assert authors(root) == {"a.md": ["Ana"]}


def test_the_mailmap_joins_names_and_a_change_of_it_counts(root: Path) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "ana <ana@laptop.local>")
    assert authors(root) == {"a.md": ["ana"]}
    (root / ".mailmap").write_text("Ana Silva <ana@example.org> <ana@laptop.local>\n")
    assert authors(root) == {"a.md": ["Ana Silva"]}
    (contribution,) = read_authors(root / ".kb" / "authors.json").authorship.of("lessons/a.md")
    assert contribution.author == Author("Ana Silva", "ana@example.org", ("ana", "ana@laptop.local"))


def test_programs_and_merges_and_other_files_do_not_count(root: Path) -> None:
    write(root, "a.md", "# A\n")
    (root / "notes.md").write_text("no lesson\n")
    commit_by(root, "Ana <ana@example.org>")
    for bot in ("dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>", "GitHub <noreply@github.com>"):
        write(root, "a.md", f"# A\n\n{bot}\n")
        commit_by(root, bot)
    git(root, "checkout", "-q", "-b", "side")
    write(root, "b.md", "# B\n")
    commit_by(root, "Bob <bob@example.org>")
    git(root, "checkout", "-q", "-")
    git(root, "merge", "-q", "--no-ff", "--no-edit", "side")
    assert authors(root) == {"a.md": ["Ana"], "b.md": ["Bob"]}


def test_a_rewritten_history_is_read_anew(root: Path) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    assert authors(root) == {"a.md": ["Ana"]}
    git(root, "commit", "-q", "--amend", "--no-edit", "--author", "Bob <bob@example.org>")
    assert authors(root) == {"a.md": ["Bob"]}


def test_in_a_shallow_clone_nobody_is_the_author_of_what_was_there_before(root: Path, tmp_path: Path) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    write(root, "b.md", "# B\n")
    commit_by(root, "Bob <bob@example.org>")
    write(root, "c.md", "# C\n")
    commit_by(root, "Cy <cy@example.org>")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", str(clone))
    (clone / ".kb").mkdir()
    assert authors(clone) == {"c.md": ["Cy"]}
    git(clone, "fetch", "-q", "--unshallow")
    assert authors(clone) == {"a.md": ["Ana"], "b.md": ["Bob"], "c.md": ["Cy"]}


def test_without_a_repository_or_a_commit_nobody_is_known(root: Path, tmp_path: Path) -> None:
    assert authors(root) == {}
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    assert authors(root)
    (root / ".git").rename(tmp_path / "elsewhere")
    assert authors(root) == {}
    assert not (root / ".kb" / "authors.json").exists()


def test_in_a_folder_of_a_large_repository_the_paths_are_those_below_the_root(tmp_path: Path) -> None:
    root = tmp_path / "all" / "kb"
    (root / "lessons").mkdir(parents=True)
    (root / ".kb").mkdir()
    (root / "kb.toml").touch()
    git(tmp_path / "all", "init", "-q")
    for number in range(9):
        (tmp_path / "all" / f"{number}.c").write_text("int main;\n")
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    assert authors(root) == {"a.md": ["Ana"]}


def test_a_repository_cannot_have_git_start_a_program(root: Path, tmp_path: Path) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'started'}\n")
    program.chmod(0o755)
    for key in ("gpg.program", "diff.external", "core.pager", "core.fsmonitor"):
        git(root, "config", key, str(program))
    git(root, "config", "log.showSignature", "true")
    assert authors(root) == {"a.md": ["Ana"]}
    assert not (tmp_path / "started").exists()


def test_if_git_fails_the_user_is_told_and_the_index_is_made(
    make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make({"a.md": "# A\n\nParcels.\n"})
    git(root, "init", "-q")
    commit_by(root, "Ana <ana@example.org>")
    monkeypatch.setenv("PATH", "")
    done = kb(root, "reindex")
    assert (done.code, "git cannot say who wrote the lessons: git is not installed" in done.err) == (0, True)
    assert kb(root, "search", "parcels").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]\n{}",
        '{"format": 1}\n{}',
        '{"format": 1, "commit": "--output=x", "state": []}\n{"authors": [], "lessons": {}}',
        '{"format": 1, "commit": "' + "a" * 40 + '", "state": []}\n{"authors": [["x"]], "lessons": {}}',
        '{"format": 1, "commit": "' + "a" * 40 + '", "state": []}\n{"authors": [], "lessons": {"a": 5}}',
        "[" * 100_000,
    ],
    ids=range(7),
)
def test_a_damaged_file_is_an_absent_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "authors.json"
    file.write_text(text)
    assert read_authors(file) == NOTHING_KNOWN
    assert not read_state(file).commit or text.count("aaa")


def test_contributions_of_another_form_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "authors.json"
    rows = [[0, 1.0, "2026-01-01"], [7, 1.0, ""], [-1, 1.0, ""], [0, -1, ""], ["0", 1, ""], [0, 1], 5]
    body = {"authors": [["Ana", "ana@example.org", []]], "lessons": {"a.md": rows}}
    file.write_text(f'{{"format": 1, "commit": "{"a" * 40}", "state": []}}\n{json.dumps(body)}')
    found = read_authors(file).authorship
    assert [one.last for one in found.of("a.md")] == ["2026-01-01"]
    assert found.written_by(found.authors[0]) == ["a.md"]


def test_a_link_in_the_place_of_the_file_is_replaced_not_followed(root: Path, tmp_path: Path) -> None:
    write(root, "a.md", "# A\n")
    commit_by(root, "Ana <ana@example.org>")
    target = tmp_path / "private"
    target.write_text("mine")
    (root / ".kb" / "authors.json").symlink_to(target)
    authors(root)
    assert target.read_text() == "mine"
    assert not (root / ".kb" / "authors.json").is_symlink()


def test_an_author_of_one_lesson_counts_more_than_one_who_changed_all_at_once() -> None:
    log = "\0".join(
        [
            *("", "1" * 40, "Ana", "ana@example.org", "Ana", "ana@example.org", "1700000000"),
            *("\nA", "a.md", "A", "b.md", "A", "c.md", "A", "d.md"),
            *("", "2" * 40, "Bob", "", "Bob", "", "not a time", "\nM", "a.md", ""),
        ]
    )
    found = with_commits(NO_AUTHORS, commits_in(log))
    assert [(one.author.name, one.share, one.last) for one in found.of("a.md")] == [
        ("Ana", 0.25, "2023-11-14"),
        ("Bob", 1.0, ""),
    ]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    known = read_authors(tmp_path / "none")
    known = known._replace(state=("x",), commit="b" * 40)
    write_authors(tmp_path / "authors.json", known)
    assert read_state(tmp_path / "authors.json")[:2] == (("x",), "b" * 40)
    assert read_authors(tmp_path / "authors.json")[:2] == (("x",), "b" * 40)
