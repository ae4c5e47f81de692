"""The `prepare-commit-msg` hook: real repositories, real commits."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.knowledge_base import KnowledgeBase
from kb.schedule.job import own_program
from tests.conftest import Make, Run
from tests.git import WRITER, git
from tests.hooks.lessons import FILES
from tests.scheduling import ODD, executable

pytestmark = pytest.mark.usefixtures("own_git")

MARK = "# kb: a lesson that answers: Packers took the wrong size from the shelf"
Commit = Callable[..., str]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Somebody's repository, which is no knowledge base, on a branch whose name says what it is about."""
    folder = tmp_path / "the shop"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    git(folder, "commit", "-q", "--allow-empty", "-m", "start")
    git(folder, "switch", "-q", "-c", "fix/parcels-sent-back-wrong-size")
    return folder


@pytest.fixture
def library(indexed: Make) -> Path:
    return indexed(FILES, name=ODD).resolve()


@pytest.fixture
def hook(shop: Path, library: Path, kb: Run) -> Path:
    """The installed hook; it starts the program of this working tree."""
    path = shop / ".git" / "hooks" / "prepare-commit-msg"
    assert kb(library, "hook", "install", "--seconds=30", str(shop)).out == f"wrote {path}\n"
    assert kb(library, "hook", "install", "--seconds=30", str(shop)).err == "kb: it is there already\n"
    return path


@pytest.fixture
def commit(shop: Path, hook: Path, tmp_path: Path) -> Commit:
    """Change a file and commit, with an editor that keeps what it is shown; return that."""
    shown = tmp_path / "shown"
    editor = executable(
        tmp_path / "editor", f'#!/bin/sh\ncp "$1" "{shown}"\n{{ echo "A subject"; cat "{shown}"; }} > "$1"\n'
    )

    def commit(*options: str, **variables: str) -> str:
        with (shop / "notes.txt").open("a") as file:
            file.write("x\n")
        environment = {name: value for name, value in os.environ.items() if name != "CI"} | WRITER | variables
        command = ["git", "-C", str(shop), "commit", "-q", *options]
        git(shop, "add", "--all")
        shown.unlink(missing_ok=True)
        done = subprocess.run(
            command, env={"GIT_EDITOR": str(editor), **environment}, capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == ("", "")
        return shown.read_text() if shown.exists() else ""

    return commit


def test_the_author_sees_the_lesson_and_the_history_does_not(commit: Commit, shop: Path) -> None:
    shown = commit()
    assert MARK in shown
    assert "#     method: Follow ten parcels from the shelf to the lorry" in shown
    assert "#     ask: Ann Lee, ann@example.org" in shown
    assert "#     kb show labels\n#\n# Please enter" in shown
    assert git(shop, "log", "-1", "--format=%B") == "A subject"


def test_a_template_and_what_is_committed_beside_the_index_are_searched_with(commit: Commit, shop: Path) -> None:
    git(shop, "switch", "-q", "-c", "work")
    assert "kb:" not in commit()
    (shop / ".git" / "template").write_text("Dealers send parcels back because the size is wrong\n")
    assert MARK in commit("-t", ".git/template")
    (shop / "parcels sent back because the size is wrong.txt").write_text("x")
    assert MARK in commit("-a")


@pytest.mark.parametrize("char", [";", "auto"])
def test_the_comments_are_those_of_git(commit: Commit, shop: Path, char: str) -> None:
    git(shop, "config", "core.commentChar", char)
    assert "kb: a lesson that answers" in commit("-v")
    assert git(shop, "log", "-1", "--format=%B") == "A subject"


Annotate = Callable[[Path], int]


@pytest.fixture
def annotate(library: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> Annotate:
    """Do what the hook does with a file, for a path that fits a lesson; return the exit code."""

    def annotate(path: Path) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"parcels-sent-back-wrong-size.txt\0")))
        return kb(library, "hook", "commit-message", "--seconds=30", str(path)).code

    return annotate


def test_a_sign_of_two_letters_is_kept_to(annotate: Annotate, tmp_path: Path) -> None:
    path = tmp_path / "message"
    path.write_text("\n// Please enter\n//\n//\tnew file: x\n")
    assert annotate(path) == 0
    assert path.read_text().startswith(
        "\n// kb: a lesson that answers: Packers took the wrong size from the shelf\n//     A"
    )


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (("-m", "said"), {}),
        (("--amend",), {}),
        (("--amend", "--no-edit"), {}),
        ((), {"CI": "true"}),
        (("-C", "HEAD"), {}),
        (("--cleanup=strip", "-F", "/dev/null", "--allow-empty-message"), {}),
    ],
)
def test_nothing_is_added_where_nobody_would_see_it(
    commit: Commit, shop: Path, options: tuple[str, ...], variables: dict[str, str]
) -> None:
    assert "kb:" not in commit(*options, **variables)
    assert "kb:" not in git(shop, "log", "-1", "--format=%B")


@pytest.mark.parametrize("cleanup", ["verbatim", "whitespace", "scissors"])
def test_nothing_is_added_where_comments_stay(commit: Commit, shop: Path, cleanup: str) -> None:
    git(shop, "config", "commit.cleanup", cleanup)
    assert "kb:" not in commit()


def test_nothing_is_added_without_comments_of_git(commit: Commit, shop: Path) -> None:
    git(shop, "config", "commit.status", "false")
    commit()
    assert git(shop, "log", "-1", "--format=%B") == "A subject"


@pytest.mark.parametrize("busy", ["rebase-merge", "MERGE_HEAD", "CHERRY_PICK_HEAD"])
def test_in_the_middle_of_something_else_nothing_is_started(hook: Path, shop: Path, tmp_path: Path, busy: str) -> None:
    (shop / ".git" / busy).mkdir()
    message = tmp_path / "message"
    message.write_text("\n# Please enter\n")
    variables = {name: value for name, value in os.environ.items() if name != "CI"}
    subprocess.run(["sh", str(hook), str(message)], cwd=shop, check=True, env=variables)
    assert message.read_text() == "\n# Please enter\n"


def test_where_git_starts_no_editor_nothing_is_started(hook: Path, shop: Path, tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_text("\n# Please enter\n")
    variables = {name: value for name, value in os.environ.items() if name != "CI"} | {"GIT_EDITOR": ":"}
    subprocess.run(["sh", str(hook), str(message)], cwd=shop, check=True, env=variables)
    assert message.read_text() == "\n# Please enter\n"


@pytest.mark.parametrize("damage", ["no index", "no lessons", "no program"])
def test_no_commit_fails(commit: Commit, shop: Path, library: Path, hook: Path, damage: str) -> None:
    if damage == "no index":
        shutil.rmtree(library / ".kb")
    elif damage == "no lessons":
        (library / "kb.toml").unlink()
    else:
        hook.write_text(hook.read_text().replace(own_program()[0], "/nowhere/kb"))
    assert "kb:" not in commit()
    assert git(shop, "log", "-1", "--format=%B") == "A subject"


def test_another_hook_is_left_as_it_is(shop: Path, library: Path, kb: Run) -> None:
    path = executable(shop / ".git" / "hooks" / "prepare-commit-msg", "#!/bin/sh\nmake\n")
    done = kb(library, "hook", "install", str(shop))
    assert (done.code, done.err) == (
        2,
        f"kb: {path} is there already; add to it what `kb hook install --print` prints\n",
    )
    assert kb(library, "hook", "uninstall", str(shop)).err == "kb: no hook of this knowledge base is installed there\n"
    assert path.read_text() == "#!/bin/sh\nmake\n"
    printed = kb(library, "hook", "install", "--print", str(shop)).out
    path.write_text(f"#!/bin/sh\nmake\n{printed}")
    assert kb(library, "hook", "install", str(shop)).err == "kb: it is there already\n"


def test_it_can_be_removed(hook: Path, shop: Path, library: Path, kb: Run) -> None:
    assert kb(library, "hook", "uninstall", str(shop)).out == f"removed {hook}\n"
    assert not hook.exists()


def test_the_doctor_names_it(
    hook: Path, shop: Path, library: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, installation_seen: None
) -> None:
    monkeypatch.chdir(shop)
    findings = json.loads(kb(library, "doctor", "--json").out)["findings"]
    assert f"lessons in commit messages: {hook}" in [finding["what"] for finding in findings]
    hook.chmod(0o644)
    said = " ".join(kb(library, "doctor").out.split())
    assert f"{hook} is there, and is not executable" in said
    assert f"chmod +x '{hook}'" in said


def test_without_a_repository_there_is_no_hook(library: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is in no git repository that git can read"):
        KnowledgeBase(library).hooks.message_hook(tmp_path)


def test_shellcheck_is_content(library: Path, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", ODD)
    text = KnowledgeBase(library).hooks.message_hook(shop).text
    program = Path(sys.executable).parent / "shellcheck"
    # SC2016: a dollar in single quotes stays a dollar, which is what they are there for.
    command = [str(program) if program.is_file() else "shellcheck", "--shell=sh", "--exclude=SC2016", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("content", [b"", b"\xff\n# Please\n", b"no comments\n", b"#" * 2_000_000])
def test_a_strange_file_stays_as_it_is(annotate: Annotate, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "message"
    path.write_bytes(content)
    assert annotate(path) == 0
    assert path.read_bytes() == content


def test_a_link_is_not_followed(annotate: Annotate, tmp_path: Path) -> None:
    (tmp_path / "target").write_text("\n# Please enter\n")
    (tmp_path / "message").symlink_to("target")
    assert annotate(tmp_path / "message") == 0
    assert (tmp_path / "target").read_text() == "\n# Please enter\n"
