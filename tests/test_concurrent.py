"""Readers never wait and never see two snapshots mixed; of several writers exactly one works at a time.

In the suite with ten publishes and three writers; with fifty and ten by `KB_LONG=1 pytest tests/test_concurrent.py`.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from itertools import groupby
from pathlib import Path
from threading import Event

import pytest

from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from kb.retrieval.answer import Answer
from kb.retrieval.request import Request
from kb.retrieval.searcher import Searcher
from search.query.mode import Mode
from tests.conftest import Make, Run, write
from tests.examples import LONG

PUBLISHES = 50 if LONG else 10
WRITERS = 10 if LONG else 3
PHRASE = '"parcels come back"'

Command = Callable[..., list[str]]


def write_state(root: Path, number: int) -> None:
    """Write lessons that all name the state they belong to; of how many there are it can be told which it is."""
    for place in range(lessons_in(number)):
        sections = "\n\n".join(f"## Part {part}\n\nState{number} parcels come back {place}." for part in range(3))
        write(root, f"{place}.md", f"# Lesson {place} of state{number}\n\n{sections}\n")
    for place in range(lessons_in(number), 8):
        (root / "lessons" / f"{place}.md").unlink(missing_ok=True)


def lessons_in(number: int) -> int:
    return 4 + number % 5


def state_told(answer: Answer) -> int:
    """Return the one state that everything in an answer is of."""
    told = {
        found
        for result in answer.results
        for shown in (result.best, *result.more)
        for found in re.findall(r"[Ss]tate(\d+)", f"{result.lesson.title} {shown.passage.text} {shown.snippet.text}")
    }
    assert len(told) == 1, told
    state = int(told.pop())
    assert (len(answer.results), answer.index.lessons) == (lessons_in(state),) * 2
    return state


def asked(searcher: Searcher) -> int:
    """Ask by words, by meaning and for a phrase, which opens all parts of the index; returns the state."""
    queries = [("parcels come back", Mode.HYBRID), ("parcels", Mode.SEMANTIC), (PHRASE, Mode.LEXICAL)]
    answers = [searcher.ask(Request(text, mode=mode, limit=50, every=True)) for text, mode in queries]
    (state,) = {state_told(answer) for answer in answers}
    return state


def read(root: Path, done: Path) -> list[int]:
    """Open the index, ask and look around, again and again until it is done; returns the states that were seen."""
    states: list[int] = []
    while not done.exists() or not states:
        base = KnowledgeBase(root)
        searcher = base.index.searcher()
        assert searcher is not None
        with closing(searcher):
            states.append(asked(searcher))
        assert len({lesson.title.split()[-1] for lesson in base.lessons()}) == 1
        assert base.upkeep.status().lessons >= lessons_in(0)
    return states


def test_readers_see_one_state_while_others_are_published(make: Make, tmp_path: Path) -> None:
    root, done = make(), tmp_path / "done"
    write_state(root, 0)
    KnowledgeBase(root).reindex()
    first, reader = KnowledgeBase(root).index.searcher(), KnowledgeBase(root).index.searcher()
    assert first
    assert reader
    processes = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    with closing(first), closing(reader), ThreadPoolExecutor(2) as threads, processes:
        workers: list[Executor] = [threads, processes] * (2 if LONG else 1)
        readers = [worker.submit(read, root, done) for worker in workers]
        try:
            for number in range(1, PUBLISHES + 1):
                write_state(root, number)
                assert KnowledgeBase(root).reindex().published
                assert asked(reader) == 0, "what was opened stays as it is"
        finally:
            done.touch()
        assert asked(first) == 0, "also what is opened for the first time now"
    for seen in (reader.result() for reader in readers):
        assert seen == sorted(seen), "nobody goes back in time"
    fresh = KnowledgeBase(root).index.searcher()
    assert fresh
    with closing(fresh):
        assert asked(fresh) == PUBLISHES


def test_a_snapshot_that_is_read_goes_when_it_is_no_longer(make: Make) -> None:
    root = make()
    write_state(root, 0)
    read_one = KnowledgeBase(root).reindex().snapshot
    reader = KnowledgeBase(root).index.searcher()
    assert reader
    for number in range(1, 5):
        write_state(root, number)
        KnowledgeBase(root).reindex()
    assert (read_one in SnapshotStore(root).ids(), len(SnapshotStore(root).ids())) == (True, 4)
    assert asked(reader) == 0
    reader.close()
    del reader
    write_state(root, 5)
    KnowledgeBase(root).reindex()
    assert (read_one in SnapshotStore(root).ids(), len(SnapshotStore(root).ids())) == (False, 3)


def test_a_job_lets_go_of_its_snapshots_although_python_looks_for_no_circles(make: Make) -> None:
    root = make()
    gc.disable()
    try:
        for number in range(6):
            write_state(root, number)
            KnowledgeBase(root).reindex()
    finally:
        gc.enable()
    assert len(SnapshotStore(root).ids()) == 3


class Pausing:
    """Stops a job before it publishes, until it may go on."""

    def __init__(self) -> None:
        self.is_there, self.may_go_on = Event(), Event()

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        if name == "publishing":
            self.is_there.set()
            assert self.may_go_on.wait(120)

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_one_at_a_time(root: Path, runs: int) -> None:
    """The ledger has each run's lines behind each other."""
    ids = [json.loads(line)["id"] for line in SnapshotStore(root).ledger.read_text().splitlines() if line]
    assert len(set(ids)) == runs
    assert [id_ for id_, _ in groupby(ids)] == list(dict.fromkeys(ids))


@pytest.mark.parametrize("writers", [2, 10] if LONG else [2])
def test_while_one_writes_the_others_name_it_or_wait_for_it(make: Make, kb_process: Command, writers: int) -> None:
    root = make()
    write_state(root, 0)
    KnowledgeBase(root).reindex()
    write(root, "first.md", "# Parcels first\n\nThe first writer's.\n")
    pausing = Pausing()
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(KnowledgeBase(root, pausing).reindex)
        assert pausing.is_there.wait(120)
        for number in range(writers):
            write(root, f"own-{number}.md", f"# Parcels {number}\n\nWriter {number}'s own lesson.\n")
        refused = [start(kb_process("--root", str(root), "reindex")) for _ in range(writers)]
        for process in refused:
            out, err = process.communicate(timeout=120)
            assert (process.returncode, out) == (4, "")
            assert re.fullmatch(
                r"kb: \S+/lock: `kb reindex`, or another command that writes the index, is already running: "
                rf"process {os.getpid()} of \S+ on \S+, since \S+;"
                r" wait until it is done, or let this one wait: `--wait 600`\n",
                err,
            )
        waiting = [start(kb_process("--root", str(root), "reindex", "--wait", "120")) for _ in range(writers)]
        lines = [process.stderr.readline() for process in waiting if process.stderr]
        assert all(line.startswith("kb: waiting for another writer: process") for line in lines), lines
        pausing.may_go_on.set()
        assert working.result().published
    for process in waiting:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert_one_at_a_time(root, 2 + writers)
    outcomes = [run.outcome for run in Ledger(SnapshotStore(root).ledger).runs()]
    assert outcomes[:3] == [Outcome.PUBLISHED] * 3
    assert {lesson.id for lesson in KnowledgeBase(root).lessons()} >= {
        "first",
        *(f"own-{number}" for number in range(writers)),
    }


def test_writers_that_start_together_take_turns(make: Make, kb_process: Command, kb: Run) -> None:
    root = make()
    write_state(root, 0)
    started = [start(kb_process("--root", str(root), "reindex", "--wait", "120")) for _ in range(WRITERS)]
    said = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * WRITERS, said
    assert_one_at_a_time(root, WRITERS)
    assert kb(root, "search", "parcels").code == 0
