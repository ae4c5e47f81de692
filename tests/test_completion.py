"""Shell completion, as click makes it: commands, options and their values."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest


def completed(kb_process: Callable[..., list[str]], words: str, shell: str = "bash") -> set[str]:
    count = len(words.split(" ")) - 1
    asked = {"_KB_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    done = subprocess.run(kb_process(), env=os.environ | asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return {line.partition(",")[2] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kb op", {"open"}),
        ("kb ls", {"lsp"}),
        ("kb re", {"review", "retire", "reindex", "reuse"}),
        ("kb list --so", {"--sort"}),
        ("kb list --sort t", {"title"}),
        ("kb show x --section to", {"tool"}),
    ],
)
def test_what_was_begun_is_completed(kb_process: Callable[..., list[str]], words: str, offered: set[str]) -> None:
    assert completed(kb_process, words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_ask(kb_process: Callable[..., list[str]], shell: str) -> None:
    done = subprocess.run(
        kb_process(), env=os.environ | {"_KB_COMPLETE": f"{shell}_source"}, capture_output=True, text=True, check=False
    )
    assert f"_KB_COMPLETE={shell}_complete" in done.stdout
