"""The cron line: what reaches the program, by way of each cron's unescaping and a real shell."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.schedule import cron
from tests.scheduling import ODD, executable, job_at

pytestmark = pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here")

# What crons take away of a command before the shell has it: nothing, the backslash of `\%`, that of `\\` too.
TAKEN_AWAY = [r"(?!)", r"\\(?=%)", r"\\(?=[%\\])"]


def given_to_the_shell(command: str, taken_away: str) -> str:
    pairs = re.sub(r"\\.", "", command)
    assert "%" not in pairs, "cron ends the command here"
    return re.sub(r"\\(.)", lambda pair: re.sub(taken_away, "", pair.group()), command)


def printed(command: str) -> list[str]:
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


@settings(max_examples=30, deadline=None)
@given(st.text(st.sampled_from("a %\\'\"$`!;#é\u2028")))
def test_a_word_arrives_whatever_cron_takes_away(value: str) -> None:
    for taken_away in TAKEN_AWAY:
        assert printed("printf '%s\\0' " + given_to_the_shell(cron.word(value), taken_away)) == [value]


@pytest.mark.parametrize("taken_away", TAKEN_AWAY)
def test_the_line_starts_the_job_and_is_silent(tmp_path: Path, taken_away: str) -> None:
    script = '#!/bin/sh\nprintf "%s\\0" "$HF_HOME" "$@" > "$(dirname "$0")/got"\necho done\n'
    program = executable(tmp_path / ODD / "kb", script)
    job = job_at(tmp_path / ODD, str(program), HF_HOME=ODD)
    minute, hour, *stars, command = cron.line(job).split(" ", 5)
    assert (minute, hour, stars) == ("17", "2", ["*", "*", "*"])
    done = subprocess.run(["sh", "-c", given_to_the_shell(command, taken_away)], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    got = (tmp_path / ODD / "got").read_text("utf-8").split("\0")[:-1]
    assert got == [ODD, *job.arguments[1:]]


def test_a_bad_night_prints_its_exit_code_and_the_report(tmp_path: Path) -> None:
    program = executable(tmp_path / "kb", "#!/bin/sh\nexit 3\n")
    job = job_at(tmp_path / ODD, str(program))
    command = given_to_the_shell(cron.line(job).split(" ", 5)[5], TAKEN_AWAY[0])
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "kb reindex: exit code 3, see .kb/report.md\n"


def test_all_but_one_line_are_comments() -> None:
    *comments, line = cron.text(job_at(Path("/srv/kb"), at=time(23, 5))).splitlines()
    assert all(comment.startswith("# ") for comment in comments)
    assert line.startswith("5 23 * * * '/opt/kb/bin/kb' '--root' '/srv/kb' '-q' 'reindex' ")
