"""Sessions at the command line: what is typed and, word for word, what comes back.

A transcript in `tests/cli` is prose with indented commands, each followed by what it printed:

      $ kb search "wrong label"
      1. Orders left the warehouse with the wrong label [draft]
      2> kb: what stood on stderr
      [1]

`kb` runs in this process, everything else in a shell; `>` continues a command; `[1]` is an exit code other
than 0. What differs from run to run (seconds, sizes, snapshots) is replaced by a word in capitals.
`KB_REWRITE=1 pytest tests/test_transcripts.py` writes down what comes back now: read the difference.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run

TRANSCRIPTS = Path(__file__).parent / "cli"
INDENT = "    "

VARIABLE = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d [+-]\d{4})?", "WHEN"),
    (r"\d{4}-\d\d-\d\d(?=-[a-z])|(?<=^date: )\d{4}-\d\d-\d\d$", "TODAY"),
    (r"(?<=--until )20\d\d-\d\d(?![-\d])", "NEXT-YEAR"),
    (r"(?<=last confirmed )\d+ years(?= ago)", "N years"),
    (r"(?<=reuse/)\d{4}-\d\d(?=\.jsonl)", "MONTH"),
    (r"(?<=^WHEN) +\d[\w. ]*(?=  [a-z])", "  LASTED"),
    (r"(?<=WHEN, took )\d[\w. ]*", "LASTED"),
    (r"(?<=by:\*\* ).* on .*, process \d+", "WHO"),
    (r"(?<=brought up to date )\d+ (s|minutes?|hours?)(?= ago)", "AGE"),
    (r"(?<=failed: refused )\d+ (s|minutes?|hours?)(?= ago)", "AGE"),
    (r"(?<= \| )\d+\.\d \| \d+%(?= \|$)", "N | N%"),
    (r"\b[0-9a-f]{40}\b|(?<=commit )[0-9a-f]{12}\b|(?<=\()[0-9a-f]{12}(?=\))", "COMMIT"),
    (r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "UUID"),
    (r"\d{8}T\d{6}Z-[0-9a-f]{6}", "SNAPSHOT"),
    (r"(?<=built )\d+ (s|minutes?|hours?)(?= ago)", "AGE"),
    (r"\d+\.\d (s|kB|MB)\b", r"N \1"),
    (r'(?<="seconds": )\d+\.\d+', "N"),
    (r'(?<="stages": )\{[^}]*\}', "SECONDS"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "WHEN"),
    (
        r"(?<=^      )(kb schedule|kb schedule systemd --install|\(crontab -l; .*)$",
        "SCHEDULE",
    ),  # what fits this machine
)


@dataclass
class Step:
    """Prose, then a command and what it printed; the last step of a file may be prose alone."""

    prose: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def written(self) -> list[str]:
        """Return the lines as they stand in the file."""
        shown = [*("$ " + line if not number else "> " + line for number, line in enumerate(self.command))]
        return [*self.prose, *((INDENT + line).rstrip() for line in [*shown, *self.printed])]


def read_steps(text: str) -> list[Step]:
    steps = [Step()]
    for line in text.splitlines():
        step = steps[-1]
        if line.startswith(INDENT + "$ "):
            if step.command:
                step = Step()
                steps.append(step)
            step.command.append(line[len(INDENT) + 2 :])
        elif step.command and not step.printed and line.startswith(INDENT + ">"):
            step.command.append(line[len(INDENT) + 2 :])
        elif step.command and (line.startswith(INDENT) or not line):
            step.printed.append(line[len(INDENT) :])
        else:
            if step.command:
                steps.append(Step())
            steps[-1].prose.append(line)
    for step, after in zip(steps, [*steps[1:], Step()], strict=True):
        # Empty lines before prose set it apart; they were not printed.
        if after.prose or after is not steps[-1]:
            while step.printed and not step.printed[-1]:
                step.printed.pop()
                after.prose.insert(0, "")
    return steps


def printed(done: Outcome, root: Path) -> list[str]:
    lines = [*done.out.splitlines(), *("2> " + line for line in done.err.splitlines())]
    if done.code:
        lines.append(f"[{done.code}]")
    for pattern, word in ((re.escape(str(root)), "ROOT"), *VARIABLE):
        lines = [re.sub(pattern, word, line) for line in lines]
    return lines


def let_a_day_pass(root: Path, steps: int) -> None:
    """Make what was just written old, later steps younger: the program looks at fresh files twice."""
    now = time.time()
    for path in root.rglob("*.md"):
        if now - path.stat().st_mtime < 3600:
            os.utime(path, (now - 86_400 + steps * 60, now - 86_400 + steps * 60))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with a terminal of 80 columns."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    # The doctor looks which `kb` stands there first.
    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)
    return folder


def run_step(step: Step, root: Path, kb: Run) -> Outcome:
    if step.command[0].split()[0] == "kb":
        assert len(step.command) == 1, step.command
        return kb(None, *shlex.split(step.command[0])[1:])
    done = subprocess.run(["sh", "-c", "\n".join(step.command)], cwd=root, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell here")
@pytest.mark.usefixtures("default_model")
@pytest.mark.parametrize("name", sorted(path.name for path in TRANSCRIPTS.glob("*.txt")))
def test_a_session_goes_as_it_is_written_down(name: str, root: Path, kb: Run) -> None:
    file = TRANSCRIPTS / name
    expected = file.read_text("utf-8")
    lines: list[str] = []
    for number, step in enumerate(read_steps(expected)):
        if step.command:
            step.printed = printed(run_step(step, root, kb), root)
            let_a_day_pass(root, number)
        lines += step.written()
    found = "\n".join(lines).rstrip() + "\n"
    if os.environ.get("KB_REWRITE"):
        file.write_text(found, "utf-8")
    else:
        assert found == expected


def test_every_command_is_in_a_transcript() -> None:
    commands = {
        shlex.split(step.command[0])[1]
        for path in TRANSCRIPTS.glob("*.txt")
        for step in read_steps(path.read_text("utf-8"))
        if step.command and step.command[0].startswith("kb ")
    }
    assert commands >= {
        "check",
        "digest",
        "doctor",
        "gc",
        "init",
        "list",
        "open",
        "promote",
        "reindex",
        "retire",
        "review",
        "rollback",
        "schedule",
        "search",
        "show",
        "similar",
        "status",
        "supersede",
    }


def test_a_transcript_is_read_as_it_is_written() -> None:
    text = """\
Prose.

    $ kb one
    out

    2> said
    [3]

More prose,
of two lines.

    $ cat > file <<END
    > text
    >
    > END
    $ kb two
    $ kb three
    last
"""
    steps = read_steps(text)
    assert [(step.command, step.printed) for step in steps] == [
        (["kb one"], ["out", "", "2> said", "[3]"]),
        (["cat > file <<END", "text", "", "END"], []),
        (["kb two"], []),
        (["kb three"], ["last"]),
    ]
    assert [line for step in steps for line in step.written()] == text.splitlines()
