"""The editor opens the draft, and what it left is checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.new.conftest import LABELS, LABELS_FILE


def script(base: Path, text: str) -> str:
    """Make a program that gets a file's path."""
    path = base / "my editor"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return f"'{path}'"


def test_the_editor_opens_the_draft_and_answered_prompts_vanish(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = """\
        [ "$1" = --wait ] && sed -i \
            -e 's/^## Problem/&\\n\\nParcels came back./' \
            -e 's/^<!-- kb: What did the team do.*-->/& We walked./' -e 's/^tags: #/tags: [labels] #/' "$2"
        """
    monkeypatch.setenv("VISUAL", script(base, answers) + " --wait")
    monkeypatch.setenv("EDITOR", "false")
    done = on_terminal("new", LABELS)
    assert (done.code, done.out) == (0, f"{LABELS_FILE}\n")
    text = (base / LABELS_FILE).read_text()
    assert (
        "## Problem\n\nParcels came back.\n\n## What was done\n\nWe walked.\n\n## What we learned\n\n<!-- kb: " in text
    )
    assert "\ntags: [labels]\nunit: # kb: " in text


def test_after_the_editor_its_findings_are_named(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", script(base, """sed -i 's/^status: .*/status: drafty/' "$1\""""))
    done = on_terminal("new", LABELS)
    assert done.code == 0
    assert re.search(rf"^{LABELS_FILE}:\d+:\d+: structure\.\w+ error: .*drafty", done.err, re.MULTILINE)


def test_of_many_findings_the_worst_are_named(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", script(base, """sed -i 's/^status: .*/status: validated/' "$1\""""))
    *lines, last = on_terminal("new", LABELS).err.splitlines()
    named = [line for line in lines if line.startswith(LABELS_FILE)]
    assert re.fullmatch(rf"kb: and \d+ more: kb check {LABELS_FILE}", last)
    assert len(named) == 8
    severities = [line.split(": ")[1].split()[1] for line in named]
    assert severities == sorted(severities)


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("sh -c 'exit 4'", "the editor 'sh' failed (exit code 4)"),
        ("sh -c 'kill -9 $$'", "the editor 'sh' failed (signal 9)"),
        ("no-such-editor -w", "the editor 'no-such-editor' cannot be started: no such file or directory"),
        ("'unclosed", 'the editor "\'unclosed" cannot be started: no such file or directory'),
    ],
)
def test_an_editor_that_fails_leaves_the_draft(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, editor: str, said: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    done = on_terminal("new", LABELS)
    assert (done.code, done.err) == (3, f"kb: {said}; the file is {base / LABELS_FILE}\n")
    assert "<!-- kb: What went wrong" in (base / LABELS_FILE).read_text()


def test_an_editor_that_returns_at_once_is_told_of(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    done = on_terminal("new", LABELS)
    said = "kb: nothing was written; if the editor is still open, make it wait, as `code --wait`\n"
    assert (done.code, done.err) == (0, said)


def test_without_an_editor_it_says_so(base: Path, on_terminal: Run) -> None:
    done = on_terminal("new", LABELS)
    said = "kb: neither $VISUAL nor $EDITOR is set; open the draft yourself, or: kb new --ask"
    assert (done.code, done.err, done.out) == (0, f"{said} {LABELS_FILE}\n", f"{LABELS_FILE}\n")


def test_no_editor_is_opened_where_none_is_wanted(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "false")
    assert on_terminal("new", "--no-edit", LABELS).code == 0


def test_no_editor_is_opened_where_there_is_no_terminal(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "false")
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", "")
