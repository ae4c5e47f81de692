"""How long the program takes and how much memory it needs, beside the naive way in the same run.

    python benchmarks/latency.py FOLDER_OF_LESSONS [--keep DIR] [--runs 5]

Whole processes, as the operating system accounts for them, in turn, so that a machine whose speed
drifts slows all of them. The naive way is what one writes first: import sentence-transformers, load
the model, encode the query, search the same vectors.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

QUERY = "fuel valve leaked because of contamination"
ENDINGS = {0, 1, 3}
"""Exit codes: all is well, a check found something, a file could not be read."""
SHORT = "the valve of the fuel line leaked during the test after repair"
NAIVE = """
import sys
import faiss, numpy
from sentence_transformers import SentenceTransformer
rows = numpy.load(sys.argv[1])
index = faiss.IndexFlatIP(rows.shape[1])
index.add(rows)
model = SentenceTransformer(sys.argv[3], device="cpu")
print(index.search(model.encode([sys.argv[2]]), 5))
"""


# An installed program is compiled once; where this is set, each process would compile all of it again.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Figure:
    """What one whole process took."""

    seconds: float
    megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", type=Path, help="a folder of Markdown files")
    parser.add_argument("--keep", type=Path, help="keep the knowledge base here, and reuse it")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch) / "base"
        if not (root / "kb.toml").exists():
            shutil.copytree(options.lessons, root / "lessons")
            (root / "kb.toml").touch()
        kb = [str(Path(sys.executable).with_name("kb")), "--root", str(root)]
        first = measure([*kb, "reindex"])
        print(f"first index (or nothing to do, with --keep): {first.seconds:.1f} s, {first.megabytes:.0f} MB")
        print(f"{'whole process':34s}{'median':>9s}{'min':>8s}{'max':>8s}{'MB':>7s}{'budget':>9s}")
        time_processes(kb, root, options.runs)
        time_queries(root)


def time_processes(kb: Sequence[str], root: Path, runs: int) -> None:
    from search.indexing import bundled

    vectors = next(iter(sorted(root.glob(".kb/snapshots/*/vectors/rows.npy"))[-1:]))
    lesson = min(path for path in (root / "lessons").rglob("*.md"))
    text = lesson.read_bytes()
    edits = iter(range(1000))

    def edit() -> None:
        lesson.write_bytes(text + f"\n\nOne more line, number {time.time_ns()} {next(edits)}.\n".encode())

    cases: list[tuple[str, Sequence[str], Callable[[], None] | None, str]] = [
        ("kb --help", [kb[0], "--help"], None, "0.15 s"),
        ("kb search, cold", [*kb, "search", QUERY], None, "0.42 s"),
        ("kb search --json, cold", [*kb, "search", "--json", QUERY], None, "0.42 s"),
        ("kb search --mode lexical, cold", [*kb, "search", "--mode", "lexical", QUERY], None, "0.25 s"),
        ("the naive way", [sys.executable, "-c", NAIVE, str(vectors), QUERY, str(bundled.folder())], None, ""),
        ("kb reindex, nothing changed", [*kb, "reindex"], None, "0.35 s"),
        ("kb reindex, one lesson changed", [*kb, "reindex"], edit, "3 s"),
        ("kb check, every lesson", [*kb, "check"], None, "3 s"),
    ]
    figures: dict[str, list[Figure]] = {name: [] for name, *_ in cases}
    for run in range(runs + 1):
        for name, command, prepare, _ in cases:
            if name.endswith("nothing changed"):
                measure(command)  # takes in the edit of the round before
            if prepare:
                prepare()
            if name == "the naive way":
                vectors = sorted(root.glob(".kb/snapshots/*/vectors/rows.npy"))[-1]
                command = [*command[:3], str(vectors), *command[4:]]
            figure = measure(command, {0} if name == "the naive way" else ENDINGS)
            if run:  # the first round only warms the machine
                figures[name].append(figure)
    lesson.write_bytes(text)
    measure([*kb, "reindex"])
    for name, _, _, budget in cases:
        seconds = [figure.seconds for figure in figures[name]]
        most = max(figure.megabytes for figure in figures[name])
        print(
            f"{name:34s}{statistics.median(seconds):8.2f}s{min(seconds):7.2f}s{max(seconds):7.2f}s{most:7.0f}{budget:>9s}"
        )
    pairs = zip(figures["the naive way"], figures["kb search, cold"], strict=True)
    ratio = statistics.median(naive.seconds / ours.seconds for naive, ours in pairs)
    print(f"naive / kb search, cold: {ratio:.1f} times as long")


def measure(command: Sequence[str], endings: Set[int] = ENDINGS) -> Figure:
    """Run a command as a process of its own; its peak memory is the kernel's figure."""
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=_ENVIRONMENT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in endings:
        raise SystemExit(f"{command}: exit {process.returncode}")
    return Figure(seconds, usage.ru_maxrss / 1024)


def time_queries(root: Path) -> None:
    """Time queries inside one process: a line that is typed, and a page that is pasted."""
    from kb.knowledge_base import KnowledgeBase
    from kb.retrieval.request import Request

    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None
    words = " ".join(
        path.read_text("utf-8", "replace") for path in sorted((root / "lessons").rglob("*.md"))[:100]
    ).split()
    pages = [" ".join(words[start : start + 300]) for start in range(0, 300 * 40, 300)]
    lines = [" ".join(words[start : start + 12]) for start in range(0, 300 * 40, 300)]
    print(f"{'inside a running process':34s}{'median':>9s}{'min':>8s}{'max':>8s}{'':>7s}{'budget':>9s}")
    for name, queries, budget in (("12 words", lines, "40 ms"), ("300 words", pages, "120 ms")):
        searcher.ask(Request(SHORT, is_page=True))
        taken = []
        for query in queries:
            started = time.perf_counter()
            searcher.ask(Request(query, is_page=True))
            taken.append((time.perf_counter() - started) * 1000)
        median = statistics.median(taken)
        print(f"{name:34s}{median:7.0f}ms{min(taken):6.0f}ms{max(taken):6.0f}ms{'':7s}{budget:>9s}")


if __name__ == "__main__":
    main()
