"""How long decision points take: a commit with and without the hook, a checklist, an alert, beside a search.

    python benchmarks/hooks.py KNOWLEDGE_BASE [--runs 7]

KNOWLEDGE_BASE must have an index. Whole processes, in turn, so that a machine whose speed drifts slows all of them.
The repository in which is committed is made for this in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[1]
PROBLEM = "The fuel valve leaked during the test because the seal was contaminated"
PROGRAM = (sys.executable, "-P", "-m", "kb")
WRITER = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Took(NamedTuple):
    """Seconds of one call: as a clock counts them, and of processor time."""

    clock: float
    processor: float


def timed(call: Callable[[], object]) -> Took:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    call()
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return Took(ended - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def calls(base: Path, shop: Path) -> dict[str, Callable[[], object]]:
    def run(*command: str, given: str = "") -> None:
        environment = os.environ | WRITER | {"PYTHONPATH": str(TOP), "GIT_EDITOR": "sed -i 1iA-subject"}
        environment.pop("CI", None)
        subprocess.run(
            command, input=given, text=True, capture_output=True, check=False, cwd=shop, env=environment, timeout=60
        )

    def commit() -> None:
        run("git", "commit", "-q", "--allow-empty")

    def commit_without() -> None:
        run("git", "-c", f"core.hooksPath={os.devnull}", "commit", "-q", "--allow-empty")

    run("git", "init", "-q", "-b", "main")
    commit_without()
    run("git", "switch", "-q", "-c", "fix/fuel-valve-seal-contamination")
    run("git", "commit", "-q", "--allow-empty", "-m", PROBLEM)
    begin = (*PROGRAM, "--root", str(base))
    run(*begin, "hook", "install", "--seconds=30")
    return {
        "kb search --json": lambda: run(*begin, "search", "--json", PROBLEM),
        "git commit, without the hook": commit_without,
        "git commit, with it": commit,
        "kb hook pre-mortem": lambda: run(*begin, "hook", "pre-mortem"),
        "kb hook alert": lambda: run(*begin, "hook", "alert", given=PROBLEM),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as shop:
        found = calls(options.base.resolve(), Path(shop))
        took: dict[str, list[Took]] = {name: [] for name in found}
        for _ in range(options.runs):
            for name, call in found.items():
                took[name].append(timed(call))
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; seconds, median of {options.runs}: clock, processor")
    for name, all_of in took.items():
        clock, processor = (statistics.median(values) for values in zip(*all_of, strict=True))
        print(f"{name:30} {clock:6.2f} {processor:6.2f}")


if __name__ == "__main__":
    main()
