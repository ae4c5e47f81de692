"""Where memory is limited (`ulimit -v`) a command works, or ends in one line; no process dies without a word."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make
from tests.examples import LONG
from tests.index_state import leftovers
from tests.invented import lessons

SAID = "close other programs, or allow more (`ulimit -v unlimited`)"
MEGABYTES = range(100, 2001, 50) if LONG else (100, 300, 450, 1500)
COMMANDS = {  # quiet: what is said is an error
    "search": ["search", "parcels come back"],
    "words": ["search", "--mode", "lexical", "parcels come back"],
    "reindex": ["reindex", "--full"],
    "check": ["check", "-q"],
    "doctor": ["doctor"],
    "similar": ["similar", "0/0000"],
    "eval": ["eval", "QUERIES", "QRELS"],
    "list": ["list"],
}
WORKS_OR_NOT = (0, 1, 2)
"""Whatever the command says of these lessons."""


@pytest.fixture(scope="module")
def indexed(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("little") / "base"
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    for path, text in lessons(8).items():
        file = root / "lessons" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    KnowledgeBase(root).reindex()
    (root.parent / "queries.tsv").write_text("q1\tparcels come back\n")
    (root.parent / "qrels.txt").write_text("q1 0 0/0000 1\n")
    return root


@pytest.mark.parametrize("megabytes", MEGABYTES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_with_little_memory_works_or_says_so_in_one_line(
    indexed: Path, tmp_path: Path, kb_process: Callable[..., list[str]], command: str, megabytes: int
) -> None:
    root = shutil.copytree(indexed, tmp_path / "base")
    named = {"QUERIES": str(indexed.parent / "queries.tsv"), "QRELS": str(indexed.parent / "qrels.txt")}
    words = [named.get(word, word) for word in COMMANDS[command] if word != "-q"]
    done = subprocess.run(
        kb_process("-q", "--root", str(root), *words),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: limit(megabytes),
    )
    if done.returncode in WORKS_OR_NOT:
        assert SAID not in done.stderr
    else:
        assert done.returncode in (3, 5), done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "not enough memory" in done.stderr
        assert SAID in done.stderr
    assert "Traceback" not in done.stderr
    assert leftovers(root) == []


def limit(megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)


def test_with_enough_memory_nothing_is_refused(
    indexed: Path, tmp_path: Path, kb_process: Callable[..., list[str]], make: Make
) -> None:
    root = shutil.copytree(indexed, tmp_path / "copy")
    for words in (["search", "parcels"], ["reindex", "--full"], ["doctor"]):
        done = subprocess.run(
            kb_process("-q", "--root", str(root), *words),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: limit(2000),
        )
        assert SAID not in done.stderr + done.stdout
