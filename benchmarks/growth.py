"""How a cold search and a night with nothing changed grow with the library.

    python benchmarks/growth.py KNOWLEDGE_BASE [--times 1 10] [--runs 7]

Whole processes, over copies of a knowledge base that is indexed. A larger one has its lessons several times over, with
some words changed so that the vocabulary grows too; their vectors are taken at random, so that nothing is encoded: the
scan takes the same time whatever it finds. The libraries are measured in turn, because a machine's speed drifts.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.latency import QUERY, Figure, measure
from benchmarks.reindex import copied, size_of
from kb.config import read_config
from kb.index.store import SnapshotStore
from kb.progress import Silent
from kb.reindex.job import Job
from kb.reindex.reindex import Orders
from kb.system.user_cache import encoders_folder
from search.indexing import Encoders

if TYPE_CHECKING:
    from ingest.window import Window
    from search.indexing import Encoder, EncoderCard
    from search.models.encoder import Vectors

_ONE_WORD_OF = 8
_LEAST_CHARACTERS = 7
_AT_ONCE = 4096


class _AtRandom:
    """The encoder of a model that takes the vectors of passages at random."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._generator = np.random.default_rng(0)

    @property
    def card(self) -> EncoderCard:
        return self._encoder.card

    @property
    def window(self) -> Window:
        return self._encoder.window

    def encode_query(self, text: str) -> Vectors:
        return self._encoder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        for start in range(0, len(texts), _AT_ONCE):
            batch = list(range(start, min(start + _AT_ONCE, len(texts))))
            rows = self._generator.normal(size=(len(batch), self.card.dimension)).astype(np.float32)
            yield batch, rows / np.linalg.norm(rows, axis=1, keepdims=True)


class _Encoders(Encoders):
    def open(self, name: str) -> Encoder:
        return _AtRandom(super().open(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path, metavar="KNOWLEDGE_BASE", help="a folder with kb.toml, lessons and an index")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10], help="how often it has its lessons")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with ExitStack() as stack:
        roots = [stack.enter_context(copied(options.base, times)) for times in options.times]
        for root in roots:
            # In a process of its own: each that is measured would begin with the memory that this takes.
            with get_context("spawn").Pool(1) as pool:
                pool.apply(index, [root])
            size = size_of(root)
            print(f"{size.lessons:,} lessons, {size.passages:,} passages, whose vectors are {size.vectors:.0f} MB")
        print_times(roots, options.runs)


def index(root: Path) -> None:
    """Bring the index of a copy up to date: texts that were known have their vectors, the others any."""
    config = read_config(root)
    for folder in config.paths:
        for again in (root / folder).glob("again-*"):
            for path in again.rglob("*.md"):
                path.write_text(changed(path.read_text("utf-8", "replace"), again.name), "utf-8")
    encoders = _Encoders(encoders_folder(), root, lambda _: None)
    Job(config, SnapshotStore(root), encoders, Silent()).run(Orders(gate=False))


def changed(text: str, mark: str) -> str:
    """Change every eighth of the longer words, always the same ones."""
    added = mark.replace("-", "")

    def word(said: str) -> str:
        is_changed = len(said) >= _LEAST_CHARACTERS and said.isalpha() and crc32(said.encode()) % _ONE_WORD_OF == 0
        return said + added if is_changed else said

    return "\n".join(" ".join(map(word, line.split(" "))) for line in text.split("\n"))


def print_times(roots: Sequence[Path], runs: int) -> None:
    kb = str(Path(sys.executable).with_name("kb"))
    commands: list[tuple[str, list[str]]] = [
        ("kb search, cold", ["search", QUERY]),
        ("kb search --mode lexical, cold", ["search", "--mode", "lexical", QUERY]),
        ("kb search --json, cold", ["search", "--json", QUERY]),
        ("kb reindex, nothing changed", ["reindex"]),
    ]
    print(f"{'whole process, median (MB)':34s}" + "".join(f"{root_name(root):>22s}" for root in roots))
    for name, command in commands:
        cases: list[Callable[[], Figure]] = [partial(measure, [kb, "--root", str(root), *command]) for root in roots]
        figures = [[case() for case in cases] for _ in range(runs + 1)][1:]  # the first one warms the machine
        row = ""
        for each in zip(*figures, strict=True):
            seconds = statistics.median(figure.seconds for figure in each)
            row += f"{seconds:13.2f}s ({max(figure.megabytes for figure in each):4.0f})"
        print(f"{name:34s}{row}")


def root_name(root: Path) -> str:
    return f"{size_of(root).passages:,} passages"


if __name__ == "__main__":
    main()
