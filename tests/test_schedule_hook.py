"""The `post-merge` hook: real repositories, real pulls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import CannotWrite, ConfigError
from kb.schedule import hook
from tests.conftest import Make, Run
from tests.git import commit, git
from tests.scheduling import ODD, executable, job_at, recorded, recorder

pytestmark = pytest.mark.usefixtures("own_git")


def pull(folder: Path) -> str:
    """Pull; return what stands on the terminal, of the hook too."""
    command = ["git", "-C", str(folder), "pull", "-q"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stderr


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository with one lesson."""
    folder = tmp_path / "upstream"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    add(folder, "one.md")
    return folder


def add(folder: Path, name: str) -> None:
    (folder / name).write_text("# A lesson\n")
    commit(folder)


@pytest.fixture
def clone(tmp_path: Path, upstream: Path) -> Path:
    git(tmp_path, "clone", "-q", str(upstream), str(tmp_path / ODD))
    return (tmp_path / ODD).resolve()


def test_a_pull_starts_the_job(tmp_path: Path, upstream: Path, clone: Path) -> None:
    program, pipe = recorder(tmp_path)
    job = job_at(clone, str(program))
    assert hook.install(job) == clone / ".git" / "hooks" / "post-merge"
    add(upstream, "two.md")
    assert pull(clone) == ""
    assert recorded(pipe) == list(job.arguments[1:])


def test_the_job_sees_nothing_of_gits_own_variables(
    tmp_path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "record"
    os.mkfifo(pipe)
    program = executable(tmp_path / "kb", f"#!/bin/sh\nenv -0 > '{pipe}'\n")
    path = hook.install(job_at(clone, str(program), HF_HOME=ODD))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # not every git sets all of them
        monkeypatch.setenv(name, ".git")
    subprocess.run([str(path)], cwd=clone, check=True)
    environment = dict(variable.split("=", 1) for variable in recorded(pipe))
    assert environment["HF_HOME"] == ODD
    assert environment.keys() & {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"} == set()


def test_a_program_that_is_gone_fails_no_pull(tmp_path: Path, upstream: Path, clone: Path) -> None:
    hook.install(job_at(clone, str(tmp_path / "gone")))
    add(upstream, "two.md")
    assert pull(clone) == ""
    assert (clone / "two.md").is_file()


def test_a_working_tree_has_its_own_hook_in_the_folder_that_all_share(tmp_path: Path, clone: Path) -> None:
    tree = tmp_path / "tree"
    git(clone, "worktree", "add", "-q", str(tree))
    assert (tree / ".git").is_file()
    program, pipe = recorder(tmp_path)
    path = hook.install(job_at(tree.resolve(), str(program)))
    assert path == clone / ".git" / "hooks" / "post-merge"
    trace = subprocess.run(["sh", "-x", str(path)], cwd=clone, capture_output=True, text=True, check=True).stderr
    assert "nohup" not in trace
    subprocess.run([str(path)], cwd=tree, check=True)
    assert recorded(pipe)[:2] == ["--root", str(tree.resolve())]


def test_a_knowledge_base_below_the_top_is_the_one_that_is_brought_up_to_date(tmp_path: Path, clone: Path) -> None:
    program, pipe = recorder(tmp_path)
    (clone / "docs").mkdir()
    path = hook.install(job_at(clone / "docs", str(program)))
    assert path
    subprocess.run([str(path)], cwd=clone, check=True)
    assert recorded(pipe)[:2] == ["--root", f"{clone}/docs"]


def test_core_hooks_path_is_kept_to_from_below_the_top_too(clone: Path) -> None:
    git(clone, "config", "core.hooksPath", ".githooks")
    (clone / "docs").mkdir()
    assert hook.install(job_at(clone / "docs")) == clone / ".githooks" / "post-merge"


def test_hooks_that_are_switched_off_are_one_line(clone: Path) -> None:
    git(clone, "config", "core.hooksPath", os.devnull)
    with pytest.raises(CannotWrite, match=os.devnull):
        hook.install(job_at(clone))


def test_install_can_be_repeated_and_follows_the_program(clone: Path) -> None:
    path = hook.install(job_at(clone))
    assert path
    assert hook.install(job_at(clone)) is None
    assert hook.install(job_at(clone, "/elsewhere/kb")) == path
    assert "/elsewhere/kb" in path.read_text()
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize(
    "text", [b"#!/bin/sh\nmake\n", b"", b"\xff\n\n", b"#!/bin/sh\n# kb-other-00000000: made by kb\n"]
)
def test_another_hook_is_left_as_it_is(clone: Path, text: bytes) -> None:
    path = clone / ".git" / "hooks" / "post-merge"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match="add to it what `kb schedule hook` prints"):
        hook.install(job_at(clone))
    assert hook.uninstall(job_at(clone)) is None
    assert path.read_bytes() == text


def test_what_was_added_to_another_hook_is_there_already(clone: Path) -> None:
    path = executable(clone / ".git" / "hooks" / "post-merge", "#!/bin/sh\nmake\n" + hook.text(job_at(clone)))
    assert hook.install(job_at(clone)) is None
    assert hook.uninstall(job_at(clone)) is None
    assert path.read_text().startswith("#!/bin/sh\nmake\n")


def test_the_command_installs_and_removes(make: Make, kb: Run) -> None:
    root = make()
    git(root, "init", "-q")
    path = root.resolve() / ".git" / "hooks" / "post-merge"
    assert kb(root, "schedule", "hook", "--install").out == f"wrote {path}\n"
    assert kb(root, "schedule", "hook", "--install").err == "kb: it is there already\n"
    assert kb(root, "schedule", "hook", "--uninstall").out == f"removed {path}\n"
    assert not path.exists()
    again = kb(root, "schedule", "hook", "--uninstall")
    assert (again.code, again.err) == (0, f"kb: no hook is installed for {root}\n")


def test_without_a_repository_there_is_no_hook(make: Make, kb: Run) -> None:
    root = make()
    for option in ([], ["--install"], ["--uninstall"]):
        done = kb(root, "schedule", "hook", *option)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"kb: {root} is in no git repository that git can read, so there is no pull to follow\n"


def test_shellcheck_is_content(clone: Path) -> None:
    job = job_at(clone, HF_HOME=ODD)
    program = Path(sys.executable).parent / "shellcheck"
    # SC2016: a dollar in single quotes stays a dollar, which is what they are there for.
    command = [str(program) if program.is_file() else "shellcheck", "--shell=sh", "--exclude=SC2016", "-"]
    done = subprocess.run(command, input=hook.text(job), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
