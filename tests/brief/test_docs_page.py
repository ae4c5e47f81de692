"""The page on briefs shows what the program prints."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Run

PAGE = Path(__file__).parent.parent.parent / "docs" / "brief.md"


def test_its_examples_are_what_the_program_prints(project: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written anew with KB_REWRITE=1 in the environment."""
    monkeypatch.chdir(project)

    def played(block: re.Match[str]) -> str:
        command = block[1].splitlines()[0].removeprefix("$ ")
        done = kb(None, *shlex.split(command)[1:])
        return f"```console\n$ {command}\n{done.out}```\n"

    page = PAGE.read_text("utf-8")
    text = re.sub(r"```console\n(.*?)```\n", played, page, flags=re.DOTALL)
    if os.environ.get("KB_REWRITE"):
        PAGE.write_text(text, "utf-8")
    assert text == PAGE.read_text("utf-8")
    assert text.count("```console\n") == 3
