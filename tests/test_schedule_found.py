"""Which schedules are there, and what the command says when it is asked for none, or for too much."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kb.config import read_config
from kb.schedule import cron, github
from kb.schedule.found import Found
from kb.schedule.job import job_of
from kb.schedule.kinds import schedules_of
from tests.conftest import Make, Run
from tests.git import git
from tests.scheduling import ODD, executable, job_at


@pytest.fixture
def root(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base in a repository, on a machine with nothing scheduled."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    crontab(tmp_path, monkeypatch, "")
    made = make(name=ODD).resolve()
    git(made, "init", "-q")
    return made


def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    (tmp_path / "crontab").write_text(lines, "utf-8")
    executable(tmp_path / "bin" / "crontab", f'#!/bin/sh\ncat "{tmp_path}/crontab"\n')
    if not os.environ["PATH"].startswith(str(tmp_path)):
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")


def test_nothing_is_found_where_nothing_is(root: Path) -> None:
    assert schedules_of(root) == []


def test_a_timer_is_found_and_whether_it_is_enabled(root: Path, kb: Run, tmp_path: Path) -> None:
    kb(root, "schedule", "systemd", "--install")
    (timer,) = (tmp_path / "config" / "systemd" / "user").glob("*.timer")
    assert schedules_of(root) == [Found("systemd", str(timer), runs=False)]
    (timer.parent / "timers.target.wants").mkdir()
    (timer.parent / "timers.target.wants" / timer.name).symlink_to(timer)
    assert schedules_of(root) == [Found("systemd", str(timer), runs=True)]


def test_cron_lines_are_found_ours_and_those_of_hands(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = cron.line(job_at(root))
    by_hand = f'@daily kb --root "{root}" reindex'
    crontab(
        tmp_path, monkeypatch, f"{ours}\n#{ours}\n{by_hand}\n@daily kb --root '{root}2' reindex\n0 1 * * * ls {root}\n"
    )
    assert schedules_of(root) == [Found("cron", ours, runs=True), Found("cron", by_hand, runs=True)]


def test_workflows_are_found_that_reindex_on_a_schedule(root: Path) -> None:
    folder = root / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "tests.yaml").write_text("on: {schedule: [{cron: 1 1 * * *}]}\n")
    (folder / "kb.yml").write_text(github.text(job_at(root)), "utf-8")
    (root / ".gitlab-ci.yml").write_bytes(b"# schedule \xff\nkb: {script: [kb -q reindex]}\n")
    assert [(found.kind, Path(found.where).name) for found in schedules_of(root)] == [
        ("github", "kb.yml"),
        ("gitlab", ".gitlab-ci.yml"),
    ]


def test_a_hook_is_found_and_whether_git_would_run_it(root: Path, kb: Run) -> None:
    kb(root, "schedule", "hook", "--install")
    path = root / ".git" / "hooks" / "post-merge"
    assert schedules_of(root) == [Found("hook", str(path), runs=True)]
    path.chmod(0o644)
    assert schedules_of(root) == [Found("hook", str(path), runs=False)]


def test_without_tools_nothing_is_found_and_nothing_fails(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert schedules_of(root) == []


def test_a_tool_that_does_not_answer_is_not_waited_for(root: Path, tmp_path: Path) -> None:
    executable(tmp_path / "bin" / "crontab", "#!/bin/sh\nexec sleep 30\n")
    started = time.monotonic()
    assert schedules_of(root) == []
    assert time.monotonic() - started < 1


def test_the_overview_names_all_kinds_what_fits_and_what_is_there(root: Path, kb: Run) -> None:
    kb(root, "schedule", "hook", "--install")
    done = kb(root, "schedule")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[:5]] == ["systemd", "cron", "github", "gitlab", "hook"]
    assert [line.split()[1:3] == ["fits", "here"] for line in lines[1:5]] == [True, False, False, True]
    assert lines[5:] == [f"installed already: hook, {root}/.git/hooks/post-merge"]
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("kind", ["systemd", "cron", "github", "gitlab", "hook"])
def test_a_text_is_all_that_is_on_stdout(root: Path, kb: Run, kind: str) -> None:
    done = kb(root, "schedule", kind)
    assert done.code == 0
    assert len(done.err.splitlines()) == 1 + ("put into KB_REQUIREMENT" in done.err)
    quiet = kb(None, "--root", str(root), "-q", "schedule", kind)
    assert (quiet.out, quiet.err) == (done.out, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cron", "--install"], "crontab -"),
        (["github", "--install"], ".github/workflows/"),
        (["gitlab", "--uninstall"], ".gitlab-ci.yml"),
        (["--install"], "name a schedule: systemd, cron, github, gitlab, hook"),
        (["hook", "--install", "--uninstall"], "opposites"),
        (["cron", "--at", "25:00"], "'25:00' is not a time of day; write one from 00:00 to 23:59"),
        (["at"], "'at' is not one of"),
    ],
)
def test_what_cannot_be_done_is_one_line(root: Path, kb: Run, arguments: list[str], said: str) -> None:
    done = kb(root, "schedule", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_root_with_a_line_break_is_refused(make: Make, kb: Run) -> None:
    done = kb(make(name="two\nlines"), "schedule", "cron")
    assert (done.code, done.out) == (2, "")
    assert "control characters cannot be scheduled" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_job_takes_along_what_says_where_models_are_and_no_secret(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", "/models")
    monkeypatch.setenv("HF_TOKEN", "secret")
    job = job_of(read_config(root), job_at(root).at)
    assert job.environment == {"HF_HOME": "/models"}


def test_a_root_behind_a_link_has_the_same_name(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    job = job_of(read_config(tmp_path / "link"), job_at(root).at)
    assert (job.name, job.root) == (job_at(root).name, root)
