"""Workflows for GitHub and GitLab: by the schemas of those who run them, and in what people rely on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.schedule import github, gitlab
from kb.schedule.requirement import requirement
from tests.conftest import Make, Run
from tests.git import git
from tests.scheduling import ODD, job_at

SCHEMAS = {
    "github": ["--builtin-schema", "vendor.github-workflows"],
    "gitlab": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}
TEXTS = {"github": github.text, "gitlab": gitlab.text}


@pytest.fixture
def odd_root(tmp_path: Path) -> Path:
    """A root below the top of a git repository."""
    root = tmp_path / "sub" / ODD
    root.mkdir(parents=True)
    git(tmp_path, "init", "-q")
    return root.resolve()


def check(path: Path, kind: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *SCHEMAS[kind], str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_is_kept_whatever_the_root_is_called(tmp_path: Path, odd_root: Path, kind: str) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(TEXTS[kind](job_at(odd_root)), "utf-8")
    checked = check(path, kind)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "key"), [("github", "runs-on:"), ("gitlab", "image:")])
def test_the_schema_would_see_a_wrong_key(tmp_path: Path, kind: str, key: str) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(TEXTS[kind](job_at(tmp_path)).replace(key, "unheard-of:"), "utf-8")
    assert check(path, kind).returncode == 1


def steps_of(text: str) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = yaml.safe_load(text)["jobs"]["reindex"]["steps"]
    return steps


def test_the_github_workflow_names_root_time_and_source(odd_root: Path) -> None:
    read = yaml.safe_load(github.text(job_at(odd_root, at=time(4, 41))))
    assert read[True] == {
        "schedule": [{"cron": "41 4 * * *"}],
        "workflow_dispatch": None,
    }  # YAML 1.1 takes `on` for true
    assert read["env"] == {"KB_ROOT": f"sub/{ODD}", "KB_REQUIREMENT": requirement()}
    assert read["permissions"] == {"contents": "read"}


def test_the_github_workflow_keeps_after_a_bad_night_what_the_next_one_fetches(tmp_path: Path) -> None:
    steps = {step["uses"]: step for step in steps_of(github.text(job_at(tmp_path))) if "uses" in step}
    fetch, keep = (steps[f"actions/cache/{what}@v4"] for what in ("restore", "save"))
    assert (fetch["with"]["path"], fetch["with"]["key"]) == (keep["with"]["path"], keep["with"]["key"])
    assert keep["if"] == "always()"
    # No run has the key of another, and each begins with what the last one kept.
    assert fetch["with"]["key"].startswith(fetch["with"]["restore-keys"])
    assert all(re.search(r"@v\d+$", name) for name in steps)


def test_the_github_workflow_shows_the_report_and_asks_for_the_age(tmp_path: Path) -> None:
    runs = [step["run"] for step in steps_of(github.text(job_at(tmp_path))) if "run" in step]
    assert runs[1:] == ['kb -q reindex --report "$GITHUB_STEP_SUMMARY"', "kb status --max-age 26h"]
    assert "--torch-backend=cpu" in runs[0]


def test_the_gitlab_job_names_root_and_report(odd_root: Path) -> None:
    read = yaml.safe_load(gitlab.text(job_at(odd_root)))
    ((label, job),) = read.items()
    assert re.fullmatch("kb-[a-z0-9-]+", label)
    assert job["variables"]["KB_ROOT"].replace("$$", "$") == f"sub/{ODD}"
    assert job["artifacts"] == {"when": "always", "paths": [f"sub/{ODD}/.kb/report.md"]}
    assert [cache["paths"] for cache in job["cache"]] == [[".cache/"], [f"sub/{ODD}/.kb/"]]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]


def test_outside_of_a_repository_the_root_is_its_top(tmp_path: Path) -> None:
    assert yaml.safe_load(github.text(job_at(tmp_path)))["env"]["KB_ROOT"] == "."


@pytest.mark.parametrize("at", ["02:00", "2:15", "02:30", "02:45"])
def test_the_busy_minutes_are_told(make: Make, kb: Run, at: str) -> None:
    done = kb(make(), "schedule", "github", "--at", at)
    assert done.code == 0
    assert "seldom late" in done.err


def test_the_requirement_names_where_this_program_is_from_and_never_the_name_alone() -> None:
    assert re.match(r"kb-lessons @ git\+", requirement())


def test_where_no_address_is_known_it_is_said_that_one_must_be_put_in(
    make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make()
    for origin, told in (
        (None, True),
        ({"url": "file:///src/kb", "dir_info": {}}, True),
        ({"url": "https://git.example.org/kb", "vcs_info": {"vcs": "git", "commit_id": "1a2b"}}, False),
    ):
        monkeypatch.setattr("importlib.metadata.distribution", lambda _, origin=origin: Installed(origin))
        for kind in TEXTS:
            done = kb(root, "schedule", kind)
            assert ("put into KB_REQUIREMENT the git address" in done.err) == told
            assert ("git.example.org/kb.git@TAG" in done.out) == told
            assert ("kb-lessons @ git+https://git.example.org/kb@1a2b" in done.out) != told


class Installed:
    """A distribution that knows where it was installed from."""

    def __init__(self, origin: dict[str, Any] | None) -> None:
        self._origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return json.dumps(self._origin) if self._origin else None
