"""The examples for GitHub and GitLab: by the schemas of those who run them, and by what their commands do."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from kb.schedule.requirement import TO_BE_SET
from tests.conftest import Make, Run, write
from tests.git import commit, git

pytestmark = pytest.mark.usefixtures("own_git")

EXAMPLES = Path(__file__).parent.parent / "examples"
SCHEMAS = {
    "github": ["--builtin-schema", "vendor.github-workflows"],
    "gitlab": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}
BAD = "---\nstatus: unheard-of\n---\n# Valves\n"
GOOD = "# Valves\n\n## Problem\n\nA valve leaked.\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_is_kept(kind: str) -> None:
    path = EXAMPLES / f"{kind}-check.yml"
    command = [sys.executable, "-m", "check_jsonschema", *SCHEMAS[kind], str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def read(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{kind}-check.yml").read_text("utf-8"))
    return found


def checks(kind: str) -> list[str]:
    """Return the lines in which an example calls `kb check`."""
    if kind == "gitlab":
        lines = read(kind)["kb-check"]["script"]
    else:
        lines = [step.get("run", "") for step in read(kind)["jobs"]["check"]["steps"]]
    return [line for line in lines if line.startswith("kb check")]


def called(line: str, **variables: str) -> list[str]:
    """Return the arguments of a line, without what the shell does with what is printed."""
    words = shlex.split(Template(line.partition(">")[0]).substitute(variables))
    return words[1:]


@pytest.fixture
def merge_request(make: Make) -> Path:
    """A clone as CI makes it: a branch with a bad lesson of its own, and its base only as a remote branch."""
    root = make({"old.md": BAD})
    git(root, "init", "-q", "-b", "work")
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    write(root, "new.md", BAD)
    write(root, "good.md", GOOD)
    commit(root)
    return root


def test_github_annotates_what_the_pull_request_changes(
    merge_request: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(merge_request)
    first, whole = checks("github")
    done = kb(merge_request, *called(first, GITHUB_BASE_REF="main"))
    assert done.code == 1
    assert "::error file=lessons/new.md,line=2," in done.out
    assert "old.md" not in done.out
    runs = json.loads(kb(merge_request, *called(whole)).out)["runs"]
    assert {"lessons/old.md", "lessons/new.md"} <= {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in runs[0]["results"]
    }


def test_gitlab_reports_what_the_merge_request_changes(
    merge_request: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(merge_request)
    base = git(merge_request, "rev-parse", "origin/main")
    report, log = (called(line, CI_MERGE_REQUEST_DIFF_BASE_SHA=base) for line in checks("gitlab"))
    found = json.loads(kb(merge_request, *report).out)
    assert {one["location"]["path"] for one in found} == {"lessons/good.md", "lessons/new.md"}
    done = kb(merge_request, *log)
    assert done.code == 1
    assert "lessons/new.md:2:" in done.out


def test_neither_installs_what_a_stranger_may_have_published() -> None:
    wanted = [read("github")["env"], read("gitlab")["kb-check"]["variables"]]
    assert {variables["KB_REQUIREMENT"] for variables in wanted} == {TO_BE_SET}


def test_both_have_all_of_the_history_and_what_is_reported() -> None:
    job = read("gitlab")["kb-check"]
    assert job["variables"]["GIT_DEPTH"] == 0
    assert f"> {job['artifacts']['reports']['codequality']} " in checks("gitlab")[0]
    checkout, *_, upload = read("github")["jobs"]["check"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert f"> {upload['with']['sarif_file']} " in checks("github")[1]
