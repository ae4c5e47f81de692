"""The job may be killed at any moment: what answers is sound, and the next run finishes without doing work twice.

In the suite at some of its steps; at every one, and at two hundred random moments besides, by
`KB_LONG=1 pytest tests/test_killed.py` (ten minutes).
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from kb.index.manifest import has_words_only
from kb.index.soundness import defects
from kb.knowledge_base import KnowledgeBase
from search.models.encoder_card import EncoderCard
from tests.conftest import write
from tests.examples import LONG
from tests.index_state import (
    State,
    answering,
    assert_same,
    by_words,
    complaints,
    leftovers,
    state_of,
    texts_of,
    vectors_kept,
)
from tests.invented import lesson, lessons, question
from tests.runner import Ended, Runner

QUERIES = [question(Random(seed)) for seed in range(4)]
BATCH = 4
"""So many passages may have been encoded and not yet be kept."""
MOMENTS = 70 if LONG else 1
"""Random ones, for each kind of run."""


@dataclass(frozen=True)
class Start:
    """What a run begins with."""

    root: Path
    state: State | None
    full: bool = False


@dataclass(frozen=True)
class World:
    """Three ways to the same index."""

    starts: dict[str, Start]
    state: State | None
    """Of that index."""
    texts: set[str]
    card: EncoderCard


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, static_model: Path) -> World:
    folder = tmp_path_factory.mktemp("world")
    changed = make(folder / "changed", static_model)
    KnowledgeBase(changed).reindex()
    before = state_of(changed, QUERIES)
    edit(changed)
    first = folder / "first"
    shutil.copytree(changed, first, ignore=shutil.ignore_patterns(".kb"))
    done = folder / "done"
    shutil.copytree(first, done)
    KnowledgeBase(done).reindex()
    card = answering(done).manifest.encoder
    assert card
    starts = {"first": Start(first, None), "changed": Start(changed, before), "full": Start(changed, before, full=True)}
    return World(starts, state_of(done, QUERIES), texts_of(done), card)


def make(root: Path, model: Path) -> Path:
    root.mkdir()
    (root / "kb.toml").write_text(f'[model]\nname = "{model}"\n')
    for path, text in lessons(8, sections=6).items():
        age(write(root, path, text))
    return root


def edit(root: Path) -> None:
    """Change a lesson, remove one, and add one."""
    random = Random(1)
    age(write(root, "0/0003.md", lesson(random, sections=6)))
    (root / "lessons" / "1" / "0004.md").unlink()
    age(write(root, "new.md", lesson(random, sections=6)))


def age(file: Path) -> None:
    """Let an hour pass: what was changed in the last seconds is looked at again."""
    os.utime(file, (time.time() - 3600,) * 2)


def chosen(steps: list[str]) -> list[int]:
    """Return the steps at which to kill: all, or some of all, one amid encoding, and those around publishing."""
    if LONG:
        return list(range(len(steps)))
    begun = steps.index("stage encoding passages")
    encoding = (begun + steps.index("stage sealing", begun)) // 2
    publishing = steps.index("stage publishing")
    words = steps.index("stage publishing words") if "stage publishing words" in steps else publishing
    renamed = max(number for number, step in enumerate(steps) if step.startswith("os.rename"))
    amid_words = [*range(words + 1, begun + 2, 48)]
    return [*range(0, publishing, publishing // 3), *amid_words, encoding, *range(publishing + 1, renamed + 2, 24)]


def is_same(found: State | None, expected: State | None) -> bool:
    return (found and found.passages) == (expected and expected.passages)


def assert_survived(runner: Runner, world: World, start: Start, root: Path, ended: Ended) -> None:
    """What is there now answers soundly, and the next run does the rest."""
    found = state_of(root, QUERIES)
    assert_same_or_none(found, expected(found, start, world, root))
    if found:
        assert defects(answering(root)) == []
    kept = vectors_kept(root, world.card, world.texts)
    if not start.state:
        assert kept >= ended.encoded - BATCH
    again = runner.run(root, full=False)
    assert again.report, again.steps
    assert (again.report["encoded"], again.report["problems"]) == (len(world.texts) - kept, [])
    assert (leftovers(root), defects(answering(root)), complaints(root)) == ([], [], [])
    assert_same(state_of(root, QUERIES), world.state)
    halves = [path.name for path in (root / ".kb" / "snapshots").iterdir() if has_words_only(path)]
    assert halves == [], "what was published first is gone"
    unchanged = runner.run(root, full=False).report
    assert unchanged
    assert not unchanged["published"]


def expected(found: State | None, start: Start, world: World, root: Path) -> State | None:
    if found and start.state is None and answering(root).manifest.encoder is None:
        assert world.state
        return by_words(world.state)
    return start.state if is_same(found, start.state) else world.state


def assert_same_or_none(found: State | None, expected: State | None) -> None:
    if found or expected:
        assert_same(found, expected)


@pytest.mark.parametrize("kind", ["first", "changed", "full"])
def test_killed_at_a_step(runner: Runner, world: World, tmp_path: Path, kind: str) -> None:
    start = world.starts[kind]
    whole = shutil.copytree(start.root, tmp_path / "whole")
    steps = runner.run(whole, full=start.full).steps
    for number in chosen(steps):
        root = shutil.copytree(start.root, tmp_path / "killed")
        ended = runner.run(root, full=start.full, dies_at=number)
        print(f"killed before step {number:,} of {len(steps):,}: {steps[number]}")
        assert ended.status == -signal.SIGKILL
        assert_survived(runner, world, start, root, ended)
        shutil.rmtree(root)


@pytest.mark.parametrize("kind", ["first", "changed", "full"])
def test_killed_at_a_random_moment(runner: Runner, world: World, tmp_path: Path, kind: str) -> None:
    start = world.starts[kind]
    whole = shutil.copytree(start.root, tmp_path / "whole")
    began = time.monotonic()
    runner.run(whole, full=start.full)
    takes = time.monotonic() - began
    random = Random(kind)
    for _ in range(MOMENTS):
        root = shutil.copytree(start.root, tmp_path / "killed")
        ended = runner.run(root, full=start.full, killed_after=random.uniform(0, takes))
        print(f"killed after {ended.steps[-1:]}")
        assert ended.status in (-signal.SIGKILL, 0), ended.steps
        assert_survived(runner, world, start, root, ended)
        shutil.rmtree(root)
