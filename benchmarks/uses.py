"""How long a search takes with a ledger of many uses: before they were counted, after that, and without a ledger.

    python benchmarks/uses.py [--uses 20000] [--lessons 2000]

The knowledge base is made in an empty folder, with lessons of one line; each time is that of a process of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest.format import OUTCOMES
from kb.reuse.recorded import RecordedUse, new_key

_RUNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uses", type=int, default=20_000)
    parser.add_argument("--lessons", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "base"
        _make(root, options.lessons)
        _searched(root)
        without = [_searched(root) for _ in range(_RUNS)]
        _record(root, options.uses, options.lessons)
        first = []
        for _ in range(_RUNS):
            (root / ".kb" / "uses.json").unlink(missing_ok=True)
            first.append(_searched(root))
        after = [_searched(root) for _ in range(_RUNS)]
    for name, seconds in (("no ledger", without), ("not counted yet", first), ("counted", after)):
        print(f"{name:16} median {statistics.median(seconds):.3f} s, worst {max(seconds):.3f} s")


def _make(root: Path, lessons: int) -> None:
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").touch()
    for number in range(lessons):
        (root / "lessons" / f"lesson-{number}.md").write_text(f"# Lesson {number} on parcels\n", "utf-8")


def _record(root: Path, uses: int, lessons: int) -> None:
    chance = random.Random(1)  # noqa: S311 - nothing secret
    (root / "reuse").mkdir()
    for number in range(uses):
        year, month = divmod(number * 24 // uses, 12)
        day = f"{2024 + year}-{month + 1:02}-{chance.randint(1, 28):02}"
        saved = f"{chance.randint(1, 40)} days" if number % 3 else ""
        use = RecordedUse(
            *(new_key(), day, f"lesson-{chance.randrange(lessons)}", f"depot {number % 99}", chance.choice(OUTCOMES)),
            *("printed the labels anew", saved, "Ana Silva <ana@example.org>"),
        )
        with (root / "reuse" / f"{day[:7]}.jsonl").open("a", encoding="utf-8") as file:
            file.write(use.as_line)


def _searched(root: Path) -> float:
    kb = shutil.which("kb", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "kb"
    started = time.perf_counter()
    subprocess.run(
        [kb, "--root", root, "search", "--mode", "lexical", "parcels"], stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
