"""`kb schedule --digest`: the digests are sent after the job, where a record of them stays."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from kb.schedule import cron
from kb.schedule.systemd import units_of
from tests.conftest import Make, Run
from tests.scheduling import ODD, executable, job_at

SENDS = ("-q", "digest", "--send")


@pytest.mark.parametrize("code", [0, 3])
def test_cron_sends_after_the_job_whatever_came_of_it(tmp_path: Path, code: int) -> None:
    script = f'#!/bin/sh\nfor word; do printf "%s " "$word"; done >> "$(dirname "$0")/got"\nexit {code}\n'
    program = executable(tmp_path / "kb", script)
    job = replace(job_at(tmp_path, str(program)), state=tmp_path / "state")
    subprocess.run(["sh", "-c", cron.line(job).split(" ", 5)[5]], capture_output=True, check=False)
    got = (tmp_path / "got").read_text("utf-8")
    assert got.index(" reindex ") < got.index(" ".join(SENDS))
    assert "KB_MAIL_FROM" in cron.text(job)


def test_without_the_option_nothing_is_sent(tmp_path: Path) -> None:
    job = job_at(tmp_path)
    assert "digest" not in cron.text(job) + units_of(job)[0].text


def test_systemd_sends_afterwards_and_may_write_the_record() -> None:
    job = replace(job_at(Path("/srv") / ODD), state=Path("/home/ann/state 1"))
    service = units_of(job)[0].text
    (line,) = (line for line in service.splitlines() if line.startswith("ExecStopPost="))
    assert line.endswith('"-q" "digest" "--send"')
    assert "EnvironmentFile=-%h/.config/kb-lessons/mail.env\n" in service
    assert '-"/home/ann/state 1"' in service


def test_the_options_reach_the_text(make: Make, kb: Run) -> None:
    root = make()
    assert "ExecStopPost=" in kb(root, "schedule", "systemd", "--digest").out
    assert "ExecStopPost=" not in kb(root, "schedule", "systemd").out


@pytest.mark.parametrize("kind", ["github", "gitlab", "hook"])
def test_where_no_record_would_stay_it_is_refused(make: Make, kb: Run, kind: str) -> None:
    done = kb(make(), "schedule", kind, "--digest")
    assert (done.code, done.out) == (2, "")
    assert "--digest works for systemd and cron only" in done.err
