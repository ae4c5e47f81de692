"""How long the ordinary night takes and how much memory it needs, and how that grows with the library.

    python benchmarks/reindex.py KNOWLEDGE_BASE [--times 1 3] [--runs 3]

Whole processes, as the operating system accounts for them, over a copy. To make it larger the copy gets its lessons
several times over, under other folders: their texts are the same, so every vector is known and nothing is encoded. The
last column is the peak beside what the vectors of the library would take if all of them were in memory.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.latency import Figure, measure
from kb.config import read_config
from kb.index.store import FOLDER_NAME, SnapshotStore


@dataclass(frozen=True)
class Size:
    """What one index holds."""

    lessons: int
    passages: int
    vectors: float
    """Megabytes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path, metavar="KNOWLEDGE_BASE", help="a folder with kb.toml and lessons")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 3], help="how often it has its lessons")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    peaks: list[tuple[Size, dict[str, float]]] = []
    for times in sorted(set(options.times)):
        with copied(options.base, times) as root:
            peaks.append(measured(root, options.runs))
    if len(peaks) > 1:
        print_growth(peaks[0], peaks[-1])


@contextmanager
def copied(base: Path, times: int) -> Iterator[Path]:
    """Copy a knowledge base aside, its lessons several times over."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "base"
        shutil.copytree(base, root, ignore=shutil.ignore_patterns(".git", "ledger.jsonl", "lock"))
        for folder in read_config(root).paths:
            originals = [item for item in (root / folder).iterdir() if not item.name.startswith(".")]
            for number in range(2, times + 1):
                again = root / folder / f"again-{number}"
                again.mkdir()
                for item in originals:
                    shutil.copytree(item, again / item.name) if item.is_dir() else shutil.copy2(item, again)
        yield root


def measured(root: Path, runs: int) -> tuple[Size, dict[str, float]]:
    """Measure every kind of night, print it, and return the size of the index and the peaks."""
    kb = [str(Path(sys.executable).with_name("kb")), "--root", str(root), "-q", "reindex"]
    first = [first_search(root) for _ in range(runs)]
    measure([*kb, "--no-gate"])
    size = size_of(root)
    print(f"{size.lessons:,} lessons, {size.passages:,} passages, whose vectors are {size.vectors:.1f} MB")
    print(f"{'whole process':34s}{'median':>9s}{'min':>8s}{'max':>8s}{'MB':>7s}{'/ vectors':>11s}")
    peaks = {"first search, no index": print_row("first search, no index", first, size)}
    for name, command, prepare in nights(root, kb):
        figures = []
        for _ in range(runs):
            prepare()
            figures.append(measure(command))
        peaks[name] = print_row(name, figures, size)
    return size, peaks


def first_search(root: Path) -> Figure:
    """Search where there is no index and no vector is known; both are put back."""
    index, aside = root / FOLDER_NAME, root / "aside"
    kb = str(Path(sys.executable).with_name("kb"))
    if index.exists():
        index.rename(aside)
    try:
        return measure([kb, "--root", str(root), "-q", "search", "brochure errors"])
    finally:
        shutil.rmtree(index)
        if aside.exists():
            aside.rename(index)


def size_of(root: Path) -> Size:
    live = SnapshotStore(root).live()
    assert live, "it was just published"
    manifest = live.manifest
    dimension = manifest.encoder.dimension if manifest.encoder else 0
    return Size(manifest.lessons, manifest.passages, manifest.passages * dimension * 4 / 2**20)


def nights(root: Path, kb: Sequence[str]) -> list[tuple[str, Sequence[str], Callable[[], None]]]:
    """Return what is measured: its name, the command, and what happens before it."""
    files = (path for folder in read_config(root).paths for path in (root / folder).rglob("*.md"))
    changed, removed = sorted(files)[:2]
    text = changed.read_bytes()

    def change() -> None:
        changed.write_bytes(text + f"\n\nOne more line, at {time.time_ns()}.\n".encode())

    gone = removed.read_bytes()

    def remove() -> None:
        if not removed.exists():  # of the run before
            removed.write_bytes(gone)
            measure(kb)
        removed.unlink()

    return [
        ("nothing changed", kb, lambda: None),
        ("one lesson changed", kb, change),
        ("one lesson removed", kb, remove),
        ("all read again (--full)", [*kb, "--full"], lambda: None),
    ]


def print_row(name: str, figures: Sequence[Figure], size: Size) -> float:
    """Print what was measured of one kind of night; returns its peak."""
    seconds = [figure.seconds for figure in figures]
    peak = max(figure.megabytes for figure in figures)
    times = f"{peak / size.vectors:10.1f}x" if size.vectors else ""
    print(f"{name:34s}{statistics.median(seconds):8.2f}s{min(seconds):7.2f}s{max(seconds):7.2f}s{peak:7.0f}{times}")
    return peak


def print_growth(small: tuple[Size, dict[str, float]], large: tuple[Size, dict[str, float]]) -> None:
    """Print how much memory each further passage takes, beside what its vector takes."""
    thousands = (large[0].passages - small[0].passages) / 1000
    print(f"{'MB for 1,000 passages more':34s}{'':32s}{'/ vectors':>11s}")
    vectors = (large[0].vectors - small[0].vectors) / thousands
    for name, peak in large[1].items():
        more = (peak - small[1][name]) / thousands
        print(f"{name:34s}{more:32.2f}{more / vectors:10.1f}x")


if __name__ == "__main__":
    main()
