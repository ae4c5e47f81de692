"""A run that is interrupted leaves the old index, and the next one finishes."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from tests.conftest import LESSONS, Make, Run, write
from tests.reindex.three_lessons import THREE, counts, found, indexed, live_folder


class Stopping:
    """Presses Ctrl-C in the midst of a stage, after so many of its steps."""

    def __init__(self, stage: str, steps: int) -> None:
        self._wanted, self._left = stage, steps
        self._now = ""
        self.finished = 0

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        self._now = name

    def advance(self, steps: int = 1) -> None:
        if self._now == self._wanted:
            self._left -= steps
            if self._left <= 0:
                raise KeyboardInterrupt("pressed")

    def finish(self) -> None:
        self.finished += 1


def many(count: int) -> dict[str, str | bytes]:
    return {f"{number:03}.md": f"# Lesson {number}\n\nParcel number {number}.\n" for number in range(count)}


@pytest.mark.parametrize(
    ("stage", "steps"),
    [("reading", 1), ("reading", 30), ("indexing words", 1), ("encoding passages", 1), ("encoding passages", 20)],
)
def test_an_interrupted_run_leaves_the_index_and_the_next_one_finishes(make: Make, stage: str, steps: int) -> None:
    root = make(THREE)
    before = indexed(root)
    for path, text in many(30).items():
        write(root, path, text)
    (root / "lessons" / "plans.md").unlink()
    progress = Stopping(stage, steps)
    with pytest.raises(KeyboardInterrupt, match="pressed"):
        KnowledgeBase(root, progress).reindex()
    assert progress.finished == 1
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [before.snapshot]
    assert live_folder(root).name == before.snapshot
    assert (found(root, "forty teams"), found(root, "parcel")) == (["plans"], ["labels"])
    report = KnowledgeBase(root).reindex()
    assert (counts(report), report.lessons) == ((30, 0, 1, 2, 0), 32)
    assert (found(root, "forty teams"), len(found(root, "parcel"))) == ([], 31)


@pytest.mark.parametrize("steps", [12, 140])
def test_what_an_interrupted_run_encoded_is_not_encoded_again(make: Make, steps: int) -> None:
    root = make(many(200))
    with pytest.raises(KeyboardInterrupt, match="pressed"):
        KnowledgeBase(root, Stopping("encoding passages", steps)).reindex()
    report = KnowledgeBase(root).reindex()
    assert report.passages == 200
    # The batch in which Ctrl-C was pressed may be larger than the steps asked for, by less than one batch.
    assert 200 - steps - 32 < report.encoded <= 200 - steps


@pytest.mark.parametrize(
    ("number", "code", "who"), [(signal.SIGINT, 130, "a person"), (signal.SIGTERM, 143, "SIGTERM")], ids=["INT", "TERM"]
)
def test_a_program_that_is_stopped_says_so_and_leaves_the_old_index(
    indexed: Make, kb: Run, kb_process: Callable[..., list[str]], number: int, code: int, who: str
) -> None:
    root = indexed({"labels.md": THREE["labels.md"]}, '[model]\nname = "all-MiniLM-L6-v2"')
    before = live_folder(root).name
    texts = [path.read_text("utf-8") for path in sorted(LESSONS.glob("*.md"))]
    for copy, text in enumerate(texts * 2):
        write(root, f"{copy}.md", text.replace("the", f"the {copy}"))
    command = kb_process("--root", str(root), "reindex", "--report", str(root / "report.md"))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith("kb: encoding passages"):
            process.send_signal(number)
            break
    out, rest = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, ""), lines
    assert rest.strip() == "kb: interrupted; nothing is left half done"
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [before]
    assert found(root, "parcels") == ["labels"]
    last = Ledger(root / ".kb" / "ledger.jsonl").runs()[-1]
    assert (last.outcome, last.reason) == (Outcome.INTERRUPTED, f"stopped by {who}")
    said = f"interrupted, nothing unfinished went live\n\n**Why:** stopped by {who}\n"
    assert said in (root / "report.md").read_text()
