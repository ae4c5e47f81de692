"""An index that grew by a hundred nights is the same as one that is built from nothing.

In the suite over some invented lessons, ten rounds; a hundred by `KB_LONG=1 pytest tests/test_incremental.py`, and
over real ones with `KB_CORPUS=FOLDER` besides, a folder of Markdown files, of which each tenth round is compared.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from kb.index.soundness import defects
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from tests.conftest import Make, write
from tests.examples import LONG
from tests.index_state import answering, assert_same, state_of
from tests.invented import lesson, lessons, question

ROUNDS = 100 if LONG else 5
CORPUS = os.environ.get("KB_CORPUS")
ROUNDS_BETWEEN = 10 if CORPUS else 1
QUERIES = [question(Random(seed)) for seed in range(5)]


class Editors:
    """People who do to a folder of lessons whatever people do; time passes meanwhile."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder = folder
        self._random = random
        self._clock = 1_600_000_000
        for path in self._files():
            self._stamp(path)

    def work(self) -> None:
        """Do a few things; most of all, edit."""
        doings: list[Callable[[], None]] = [self.edit, self.edit, self.rename, self.delete, self.add, self.copy]
        doings += [self.touch, self.empty, self.spoil, self.mistype]
        for doing in self._random.choices(doings, k=self._random.randrange(1, 5)):
            doing()

    def edit(self) -> None:
        path = self._any()
        paragraphs = path.read_text("utf-8", "replace").split("\n\n")
        paragraphs.insert(self._random.randrange(len(paragraphs) + 1), question(self._random))
        self._write(path, "\n\n".join(paragraphs))

    def mistype(self) -> None:
        """Change letters and no sizes."""
        path = self._any()
        self._write(path, path.read_text("utf-8", "replace").replace("the", "teh", 3))

    def rename(self) -> None:
        path = self._any()
        path.rename(self._new_path())  # and its time stays

    def delete(self) -> None:
        self._any().unlink()

    def add(self) -> None:
        self._write(self._new_path(), lesson(self._random))

    def copy(self) -> None:
        """Leave a copy, with the same id if one is written in it."""
        text = self._any().read_text("utf-8", "replace").replace("---\n", "---\nid: mine\n", 1)
        self._write(self._new_path(), text)

    def touch(self) -> None:
        self._stamp(self._any())

    def empty(self) -> None:
        self._write(self._any(), "")

    def spoil(self) -> None:
        """Overwrite a lesson with what is no text: what was indexed of it stays."""
        path = self._any()
        path.write_bytes(bytes(range(256)))
        self._stamp(path)

    def _files(self) -> list[Path]:
        return sorted(self._folder.rglob("*.md"))

    def _any(self) -> Path:
        return self._random.choice(self._files())

    def _new_path(self) -> Path:
        path = self._folder / f"{self._random.randrange(3)}" / f"{self._random.randrange(10**6):06}.md"
        path.parent.mkdir(exist_ok=True)
        return path

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, "utf-8")
        self._stamp(path)

    def _stamp(self, path: Path) -> None:
        self._clock += 60
        os.utime(path, (self._clock, self._clock))


def fill(root: Path) -> None:
    if CORPUS:
        shutil.copytree(CORPUS, root / "lessons", dirs_exist_ok=True)
    for path, text in () if CORPUS else lessons(24).items():
        write(root, path, text)


@pytest.mark.parametrize("words_only", [False, True])
def test_what_grew_equals_what_is_built_from_nothing(make: Make, tmp_path: Path, words_only: bool) -> None:
    grown, rebuilt = make(), tmp_path / "rebuilt"
    fill(grown)
    editors = Editors(grown / "lessons", Random(words_only))
    nightly = Orders(words_only=words_only, gate=False)
    for number in range(1, ROUNDS + 1):
        grew = KnowledgeBase(grown).reindex(nightly)
        print(f"{number:,}: {grew.added} added, {grew.changed} changed, {grew.removed} removed, {grew.seconds} s")
        if number % ROUNDS_BETWEEN == 0:
            shutil.copytree(grown, rebuilt)
            assert KnowledgeBase(rebuilt).reindex(replace(nightly, full=True)).published
            assert defects(answering(grown)) == []
            assert_same(state_of(grown, QUERIES), state_of(rebuilt, QUERIES))
            shutil.rmtree(rebuilt)
        editors.work()
