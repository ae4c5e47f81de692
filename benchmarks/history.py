"""How long what reads git's history takes: `kb digest` in a long history, and `kb search --as-of`.

    python -m benchmarks.history 20000                    # a repository made for it, with so many commits
    python -m benchmarks.history --as-of ROOT COMMIT      # a knowledge base in git, and a commit of it

Whole processes, the median of five, in seconds; the first answer as of a commit is measured once, with its index.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

LESSONS = 500
RUNS = 5
START = 1_500_000_000
BETWEEN = 1_000
"""Seconds between two commits."""


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"XDG_STATE_HOME": f"{folder}/state"}
        if arguments[:1] == ["--as-of"]:
            root, commit = arguments[1:]
            environment["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
            as_of(Path(root), commit, environment)
        else:
            digests(made(Path(folder) / "library", int(arguments[0])), int(arguments[0]), environment)


def as_of(root: Path, commit: str, environment: dict[str, str]) -> None:
    question = ["search", "--json", "battery overheating"]
    past = [*question[:1], "--as-of", commit, *question[1:]]
    print(f"today               {median(root, question, environment):.2f}")
    print(f"as of, the first    {seconds(root, past, environment):.2f}")
    print(f"as of, later        {median(root, past, environment):.2f}")


def digests(root: Path, commits: int, environment: dict[str, str]) -> None:
    print(f"{commits:,} commits, {LESSONS} lessons")
    spans = {"a day": 86_400, "a week": 7 * 86_400, "all": commits * BETWEEN + 86_400}
    for name, span in spans.items():
        day = time.strftime("%Y-%m-%d", time.gmtime(START + commits * BETWEEN - span))
        for form in ([], ["--html"], ["--atom"], ["--json"]):
            took = median(root, ["digest", "--since", day, *form], environment)
            print(f"since {name:<8} {form[0] if form else 'Markdown':<10} {took:.2f}")


def made(root: Path, commits: int) -> Path:
    """Make a repository in which each commit changes one of the lessons."""
    root.mkdir()
    (root / "kb.toml").touch()
    subprocess.run(["git", "-C", str(root), "init", "-q", "-b", "main"], check=True)  # noqa: S607 - as found by the user
    stream = "".join(_stream(commits)).encode()
    subprocess.run(["git", "-C", str(root), "fast-import", "--quiet"], input=stream, check=True)  # noqa: S607 - as found by the user
    subprocess.run(["git", "-C", str(root), "reset", "-q", "--hard"], check=True)  # noqa: S607 - as found by the user
    return root


def _stream(commits: int) -> Iterator[str]:
    for number in range(commits):
        text = f"# Lesson {number}\n\n## Problem\n\nIt happened {number} times.\n"
        yield (
            f"commit refs/heads/main\ncommitter Ann <ann@example.com> {START + number * BETWEEN} +0000\ndata 2\nx\n"
            f"M 100644 inline lessons/l{number * 7919 % LESSONS}.md\ndata {len(text)}\n{text}\n"
        )


def median(root: Path, arguments: list[str], environment: dict[str, str]) -> float:
    return statistics.median(seconds(root, arguments, environment) for _ in range(RUNS))


def seconds(root: Path, arguments: list[str], environment: dict[str, str]) -> float:
    command = [sys.executable, "-P", "-m", "kb", "--root", str(root), "-q", *arguments]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
