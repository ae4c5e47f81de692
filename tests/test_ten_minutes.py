"""The README's lesson in ten minutes: its notes, its commands, what is filled in and what comes back, word for word."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"```(text|console|yaml)\n(.*?)```", re.DOTALL)


def section(page: str) -> str:
    found = re.search(r"^## A lesson in ten minutes\n.*?(?=^## )", page, re.DOTALL | re.MULTILINE)
    assert found
    return found.group()


@pytest.mark.usefixtures("own_git", "default_model")
def test_the_readmes_ten_minutes_go_as_they_are_written_down(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written anew with KB_REWRITE=1 in the environment."""
    page = README.read_text("utf-8")
    (tmp_path / "kb.toml").touch()
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for key, value in {"init.defaultBranch": "main", "user.name": "Jane Doe", "user.email": "jane@example.org"}.items():
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path.parent / "gitconfig"))
        subprocess.run(["git", "config", "--global", key, value], check=True)

    def played(block: re.Match[str]) -> str:
        kind, text = block.groups()
        if kind == "text":
            (tmp_path / "notes.txt").write_text(text, "utf-8")
        elif kind == "yaml":
            (lesson,) = (tmp_path / "lessons").iterdir()
            _, _, body = lesson.read_text("utf-8").partition("\n---\n")
            lesson.write_text(f"{text}{body}", "utf-8")
        else:
            text = "".join(shown(command, kb) for command in re.findall(r"^\$ kb (.*)$", text, re.MULTILINE))
        return f"```{kind}\n{text}```"

    old = section(page)
    new = _BLOCK.sub(played, old)
    if os.environ.get("KB_REWRITE"):
        README.write_text(page.replace(old, new), "utf-8")
    else:
        assert new == old


def shown(command: str, kb: Run) -> str:
    """Return a command with what a terminal shows of it."""
    done = kb(None, *shlex.split(command))
    return f"$ kb {command}\n{done.out}{done.err}"
