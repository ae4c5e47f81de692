"""The action and the examples: by the schemas of those who run them, and by what their steps do in a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hooks.forge_server import Forge
from tests.hooks.lessons import PARCELS
from tests.scheduling import executable

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
SCHEMAS = {
    ROOT / "action.yml": ["vendor.github-actions"],
    EXAMPLES / "github-lessons.yml": ["vendor.github-workflows"],
    EXAMPLES / "issue-form" / "problem.yml": ["vendor.github-issue-forms"],
    EXAMPLES / "gitlab-lessons.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


STEPS = read(ROOT / "action.yml")["runs"]["steps"]
SCRIPTS = {step["name"]: step["run"] for step in STEPS if "run" in step}


@pytest.mark.slow
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_schema_is_kept(path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *SCHEMAS[path], str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_no_script_holds_what_somebody_may_have_written() -> None:
    assert {name for name, script in SCRIPTS.items() if "${{" in script} == set()
    workflow = (EXAMPLES / "github-lessons.yml").read_text("utf-8")
    assert "run:" not in workflow
    for text in (workflow, (ROOT / "action.yml").read_text("utf-8")):
        assert not re.search(r"github\.event\.(issue|pull_request|comment)\.(title|body|user|head)", text)


def test_actions_of_others_are_pinned_by_their_whole_id() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_the_workflow_may_no_more_than_it_must_and_answers_only_the_last_edit() -> None:
    workflow = read(EXAMPLES / "github-lessons.yml")
    assert workflow["permissions"] == {"contents": "read", "issues": "write", "pull-requests": "write"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    assert "issue_comment" not in workflow[True]  # YAML reads `on` as a truth value
    (step,) = workflow["jobs"]["lessons"]["steps"]
    assert step["with"].keys() <= read(ROOT / "action.yml")["inputs"].keys()


def test_shellcheck_is_content() -> None:
    program = Path(sys.executable).parent / "shellcheck"
    command = [str(program) if program.is_file() else "shellcheck", "--shell=bash", "-"]
    for name, script in SCRIPTS.items():
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), name


def runner(step: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as a runner does, with the environment that the step declares."""
    declared = next(one for one in STEPS if one.get("name") == step).get("env", {})
    assert variables.keys() == declared.keys()
    script = executable(folder / "step.sh", SCRIPTS[step])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.slow
def test_the_steps_comment_on_an_issue(
    event: Callable[..., None],
    forge: Forge,
    library: Path,
    kb_process: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path / "temp"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    program = " ".join(f"'{word}'" for word in kb_process())
    executable(tmp_path / "temp" / "kb" / "bin" / "kb", f'#!/bin/sh\nexec {program} "$@"\n')
    library.rename(tmp_path / ".kb-lessons")
    done = runner("Bring the index up to date", tmp_path, KB_ROOT=".kb-lessons/")
    assert (done.returncode, done.stderr) == (0, "")
    hostile = "parcels `touch owned` $(touch owned) \"; touch owned #\n::error::owned\n'; touch owned"
    event(f"{PARCELS} $(touch owned)", hostile)
    done = runner(
        "Comment",
        tmp_path,
        KB_ROOT=".kb-lessons/",
        KB_COMMENT_ACCOUNT="github-actions[bot]",
        GITHUB_TOKEN="a-token",
        KB_LESSONS_URL="https://github.com/acme/lessons/blob/abc/",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "comment: added\n", "")
    assert "](https://github.com/acme/lessons/blob/abc/lessons/labels.md?plain=1#L" in forge.bodies()[0]
    assert (tmp_path / "GITHUB_OUTPUT").read_text() == "comment=added\n"
    assert not list(tmp_path.rglob("owned"))


def test_some_lessons_that_cannot_be_read_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path / "temp"))
    for code, expected in ((0, 0), (3, 0), (5, 1)):
        executable(tmp_path / "temp" / "kb" / "bin" / "kb", f"#!/bin/sh\nexit {code}\n")
        assert runner("Bring the index up to date", tmp_path, KB_ROOT="x").returncode == expected
