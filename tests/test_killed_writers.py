"""What is killed while it writes leaves the old file or the new one, and nothing that doctor does not remove.

At some moments; at each by `KB_LONG=1 pytest tests/test_killed_writers.py`.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kb.demand.shared.gaps_file import read_gaps
from kb.knowledge_base import KnowledgeBase
from kb.reuse.ledger import Ledger
from tests.conftest import Run, write
from tests.demand.test_gaps import ask
from tests.examples import LONG

# Dies before the so-manyeth thing that it does to the file system, once it has begun to write.
DYING = """
import os, signal, sys

left = int(sys.argv.pop(1))
WRITES = {"os.rename", "os.link", "os.remove", "os.chmod", "os.truncate", "os.mkdir"}

def hook(event, arguments):
    global left
    writes = event in WRITES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE)
    if writes and "__pycache__" not in str(arguments[0]):
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

sys.argv = ["kb", *sys.argv[1:]]
import kb.main
sys.addaudithook(hook)
from kb.entry import run
run()
"""
LABELS = "---\nid: labels\nstatus: draft\ntags: [Labels]\n---\n# Labels\n\nParcels come back.\n"
COMMANDS = {
    "new": ["new", "--no-edit", "A title"],
    "check": ["check", "--fix"],
    "correct": ["correct", "boxes in the rain", "labels"],
    "reuse": ["reuse", "labels", "--in", "Depot East", "--outcome", "helped"],
    "share": ["gaps", "--share"],
    "retire": ["retire", "labels", "--because", "it is over"],
    "gc": ["gc"],
    "report": ["reindex", "--report", "ROOT/report.md"],
    "save": ["eval", "ROOT/queries.tsv", "ROOT/qrels.txt", "--run-out", "ROOT/run.txt"],
    "schedule": ["schedule", "systemd", "--install"],
    "hook": ["schedule", "hook", "--install"],
    "init": ["init", "ROOT/another"],
}
MOMENTS = range(40) if LONG else (0, 1, 3)


@pytest.fixture(scope="module")
def base(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("written") / "base"
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    write(root, "labels.md", LABELS)
    (root / "queries.tsv").write_text("q1\tparcels\n")
    (root / "qrels.txt").write_text("q1 0 labels 1\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    KnowledgeBase(root).reindex()
    return root


def tree(folder: Path) -> dict[str, str]:
    """Return the files of people, by path, with what they say."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not {".git", ".kb", "cache", "state"} & set(path.relative_to(folder).parts)
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_writer_leaves_old_or_new_and_what_doctor_removes(
    base: Path, tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    done: dict[str, str] | None = None
    for moment in [10_000, *MOMENTS]:
        home = tmp_path / "home"
        shutil.rmtree(home, ignore_errors=True)
        root = shutil.copytree(base, home / "base")
        ask(root, "zebras in the yard")
        before = tree(home)
        words = [word.replace("ROOT", str(root)) for word in COMMANDS[command]]
        ended = subprocess.run(
            [sys.executable, "-c", DYING, str(moment), "--root", str(root), *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=root,
        )
        if done is None:
            done = tree(home)
            continue
        kb(root, "doctor", "--fix")
        for path, said in tree(home).items():
            assert said in (before.get(path), done.get(path)) or path in of_the_day(done), (moment, path)
        assert list(home.rglob(".*.kb-*")) == []
        assert Ledger(root).now().problems == ()
        assert len(read_gaps(root).entries) == (root / "gaps.md").is_file()
        if ended.returncode != -signal.SIGKILL:
            break
    assert moment, "it was killed at least once"


def of_the_day(done: dict[str, str]) -> set[str]:
    """Return what says when it was written, or how long something took."""
    ends = ("report.md", ".timer", ".service", "post-merge", "run.txt", "gaps.md", ".jsonl")
    return {path for path in done if path.endswith(ends)}


def test_the_next_report_removes_what_the_last_one_has_left(base: Path, tmp_path: Path, kb: Run) -> None:
    left = tmp_path / ".report.md.kb-0123abcd"
    left.write_text("half")
    kb(base, "reindex", "--report", str(tmp_path / "report.md"))
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]
