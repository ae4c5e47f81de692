"""How long noting a question takes, and `kb gaps` on a log of a million lines.

    XDG_STATE_HOME=FOLDER python benchmarks/demand_log.py ROOT [--lines 1000000] [--different 200000]

ROOT is an indexed knowledge base, which is not changed; FOLDER an empty folder for the log. The questions are drawn
from the titles of the lessons, with words exchanged; each has a vector, and one in four found only the nearest lessons.
The times of noting are those within a process that has imported everything; then each command runs three times.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.database import log_file, opened, transaction
from kb.demand.noting.log import DemandLog
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.answer import Meaning

_YEAR = 365 * 86_400
_NOTED = 300
_INSERT = """
INSERT INTO asking
    (base, question, time, asker, command, verdict, reworded, used, restricted, lessons, snapshot)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '["a", "b", "c"]', '20261128T022001Z')
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--different", type=int, default=200_000)
    given = parser.parse_args()
    base = KnowledgeBase(given.root)
    searcher = base.index.searcher()
    assert searcher is not None, "ROOT has no index"
    assert log_file() is None, "XDG_STATE_HOME has a log already"
    chosen = random.Random(1)  # noqa: S311 - nothing secret
    questions = list(worded([lesson.title for lesson in base.lessons()], given.different, chosen))
    note(given.root, questions[:_NOTED], searcher.fingerprint, "an empty log")
    fill(questions, given.lines, searcher.fingerprint, chosen)
    note(given.root, questions[:_NOTED], searcher.fingerprint, f"a log of {given.lines:,} lines")
    file = log_file()
    assert file is not None
    print(f"size of the log: {file.stat().st_size / 1e6:.0f} MB")
    for command in (["gaps"], ["gaps", "--json"], ["demand"]):
        print(f"kb {' '.join(command)}: {', '.join(f'{seconds:.2f} s' for seconds in timed(given.root, command))}")


def worded(titles: list[str], count: int, chosen: random.Random) -> Iterator[str]:
    """Yield different questions of some words of two titles each."""
    seen: set[str] = set()
    while len(seen) < count:
        words = [*chosen.choice(titles).split(), *chosen.choice(titles).split()]
        text = " ".join(chosen.sample(words, min(len(words), chosen.randint(3, 8))))
        if text not in seen:
            seen.add(text)
            yield text


def note(root: Path, questions: list[str], model: str, where: str) -> None:
    """Print how long noting takes."""
    log, vectors = DemandLog(root, 3650), np.random.default_rng(1).normal(size=(len(questions), 1, 384))
    times = []
    for text, vector in zip(questions, vectors, strict=True):
        meaning = Meaning(model, vector.astype(np.float32))
        asked = Asked(Command.SEARCH, text, False, False, Verdict.ANSWERS, ("a", "b", "c"), "s", meaning)
        started = time.perf_counter()
        assert log.note(asked, "terminal", tells=True).done
        times.append((time.perf_counter() - started) * 1000)
    deciles = statistics.quantiles(times[1:], n=100)
    print(f"noting in {where}: p50 {deciles[49]:.2f} ms, p90 {deciles[89]:.2f} ms, p99 {deciles[98]:.2f} ms")


def fill(questions: list[str], lines: int, model: str, chosen: random.Random) -> None:
    """Write a year of questions into the log."""
    now, vectors = int(time.time()), np.random.default_rng(2)
    with opened() as connection, transaction(connection):
        (base,) = connection.execute("SELECT id FROM base").fetchone()
        (asker,) = connection.execute("SELECT id FROM asker").fetchone()
        rows = ((base, text, model, vectors.integers(-127, 127, 384, np.int8).tobytes()) for text in questions)
        connection.executemany(
            "INSERT OR IGNORE INTO question (base, text, is_page, model, vector) VALUES (?,?,0,?,?)", rows
        )
        ids = [id_ for (id_,) in connection.execute("SELECT id FROM question ORDER BY id")]
        times = sorted(chosen.randrange(now - _YEAR, now) for _ in range(lines))
        askings = (
            (base, chosen.choice(ids), when, asker, 1, chosen.choice((0, 1, 2, 2)), chosen.random() < 0.05,
             chosen.random() < 0.3) for when in times
        )  # fmt: skip
        connection.executemany(_INSERT, askings)


def timed(root: Path, command: list[str]) -> Iterator[float]:
    """Yield the seconds of three processes."""
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-P", "-m", "kb", "--root", str(root), *command], capture_output=True, check=True
        )
        yield time.perf_counter() - started


if __name__ == "__main__":
    main()
