"""The hooks that this repository offers to libraries of lessons, run by pre-commit itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from kb.check.rules import rules_named
from kb.commands.judge.check import check
from tests.conftest import Make, write
from tests.git import WRITER, commit, git
from tests.scheduling import executable

pytestmark = pytest.mark.usefixtures("own_git")

HOOKS = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
GOOD = "---\nanswers:\n  - a valve of the old plant leaks\n---\n# Valves\n\n## Problem\n\nA valve leaked.\n"
BAD = "---\nstatus: unheard-of\n---\n# Valves\n"


def test_the_file_is_one_that_pre_commit_reads() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    hooks = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text("utf-8"))}
    assert {name: hook["language"] for name, hook in hooks.items()} == {
        "kb-check": "python",
        "kb-check-installed": "system",
    }
    assert all(hook["types"] == ["markdown"] and hook["require_serial"] for hook in hooks.values())


@pytest.fixture
def library(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of lessons whose commits the hook looks at; the hook comes from a repository as ours."""
    offered = tmp_path / "offered"
    offered.mkdir()
    shutil.copy(HOOKS, offered)
    git(offered, "init", "-q")
    commit(offered)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    program = executable(tmp_path / "bin" / "kb", f'#!/bin/sh\nexec "{sys.executable}" -P -m kb "$@"\n')
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    root = make({"old.md": GOOD})
    used = {"repo": str(offered), "rev": git(offered, "rev-parse", "HEAD"), "hooks": [{"id": "kb-check-installed"}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [used]}))
    git(root, "init", "-q")
    commit(root)
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=root, check=True, capture_output=True)
    return root


def committed(root: Path) -> str:
    """Commit all there is; return what the hook says when it stops that, else nothing."""
    git(root, "add", "--all")
    command = ["git", "commit", "-m", "work"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=os.environ | WRITER)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_a_bad_lesson_stops_the_commit_and_a_good_one_does_not(library: Path) -> None:
    (library / "README.md").write_text(BAD)
    write(library, 'odd "name" é.md', GOOD)
    assert committed(library) == ""
    write(library, "bad.md", BAD)
    said = committed(library)
    assert "lessons/bad.md:2:" in said
    assert "unheard-of" in said
    assert "README.md" not in said
    assert git(library, "status", "--porcelain") == "A  lessons/bad.md"


def test_the_documentation_names_hooks_options_and_codes_that_there_are() -> None:
    text = (HOOKS.parent / "docs" / "checking.md").read_text("utf-8")
    offered = {hook["id"] for hook in yaml.safe_load(HOOKS.read_text("utf-8"))}
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    used = [hook for block in blocks for hook in (block if isinstance(block, list) else block["repos"][0]["hooks"])]
    assert {hook["id"] for hook in used} == offered
    options = {option for parameter in check.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert set(re.findall(r"(?<![\w-])--(?!root|all-files)[a-z][a-z-]*", text)) <= options
    for codes in re.findall(r"`((?:retrievability|duplicates)\.[a-z-]+)`", text):
        assert rules_named(codes)
    ((codes,),) = [
        tomllib.loads(block)["check"].values() for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    ]
    assert all(rules_named(code) for code in codes)
