"""How many searches a server answers, how fast, and whether publishing disturbs it.

    python benchmarks/serve.py KNOWLEDGE_BASE QUESTIONS [--seconds 30] [--publishing 0]

KNOWLEDGE_BASE is an indexed one; it is copied, because lessons are changed. QUESTIONS is a JSONL file with a `text` on
each line, as `queries.jsonl` of a test collection. The load comes from `wrk`, which must be installed: each request
asks the next question. A plain loop over the same questions in one process is measured in the same run. With
`--publishing SECONDS` a lesson is changed and published every five seconds meanwhile, and each answer is read.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil

from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request

_FOR_WRK = """
local paths, at = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
threads = {}
function setup(thread) thread:set("first", at); at = at + 997; table.insert(threads, thread) end
function init() at = first; statuses = {} end
function request() at = at + 1; return wrk.format("GET", paths[at % #paths + 1]) end
function response(status) statuses[tostring(status)] = (statuses[tostring(status)] or 0) + 1 end
function done(summary, latency)
  local all = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do all[status] = (all[status] or 0) + count end
  end
  local found = {}
  for status, count in pairs(all) do found[#found + 1] = string.format('"%s": %d', status, count) end
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "us": %d, "p50": %f, "p99": %f, "lost": %d, "statuses": {%s}}\\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout, table.concat(found, ", ")))
end
"""
_SECONDS_BETWEEN_PUBLISHES = 5.0
_SECONDS_TO_START = 30


class Load(NamedTuple):
    """What wrk says of one run."""

    rate: float
    p50: float
    p99: float
    lost: int
    statuses: dict[str, int]

    def __str__(self) -> str:
        answers = ", ".join(f"{count:,} of status {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.rate:.0f}/s, p50 {self.p50:.0f} ms, p99 {self.p99:.0f} ms; {answers}; {self.lost} lost"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path, metavar="KNOWLEDGE_BASE")
    parser.add_argument("questions", type=Path, metavar="QUESTIONS")
    parser.add_argument("--seconds", type=int, default=30, help="how long each load lasts")
    parser.add_argument("--publishing", type=int, default=0, metavar="SECONDS", help="under load, with publishes")
    options = parser.parse_args()
    questions = [json.loads(line)["text"] for line in options.questions.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        root = shutil.copytree(options.base, folder / "base")
        paths = folder / "paths"
        paths.write_text("".join(f"/api/search?{urllib.parse.urlencode({'q': text})}\n" for text in questions), "utf-8")
        plain = rate_of_loop(root, questions[:300])
        with served(root) as (process, address, ready):
            print(f"start to ready: {ready:.2f} s")
            print(f"a plain loop in one process: {plain:.0f}/s")
            warm = load(address, paths, connections=8, seconds=options.seconds, folder=folder)
            print(f"8 connections: {warm} ({warm.rate / plain:.1f} times the loop)")
            many = load(address, paths, connections=1000, seconds=10, folder=folder)
            print(f"1,000 connections: {many}")
            print(f"memory: {psutil.Process(process.pid).memory_info().rss / 1e6:.0f} MB")
            time_commands(root, questions)
        if options.publishing:
            with served(root) as (process, address, _):
                publish_under_load(root, process, address, questions, options.publishing)


def rate_of_loop(root: Path, questions: Sequence[str]) -> float:
    with KnowledgeBase(root).open() as index:
        index.ask(Request(questions[0]))
        started = time.perf_counter()
        for text in questions:
            json.dumps(index.ask(Request(text)).as_json(index.changes.count()))
        return len(questions) / (time.perf_counter() - started)


@contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Start a server; yield its process, its address, and the seconds until it answered."""
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name("kb")), "--root", str(root), "serve", "--port", "0", "--no-log"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    address = process.stderr.readline().split()[-1]
    with urllib.request.urlopen(f"{address}readyz", timeout=_SECONDS_TO_START) as answer:  # noqa: S310 - our own
        answer.read()
    try:
        yield process, address.rstrip("/"), time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        print(f"ended with exit code {process.wait(_SECONDS_TO_START)}")


def load(address: str, paths: Path, *, connections: int, seconds: int, folder: Path) -> Load:
    script = folder / "questions.lua"
    script.write_text(_FOR_WRK, "utf-8")
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(script)]
    printed = subprocess.run(
        [*command, address], env=os.environ | {"PATHS": str(paths)}, capture_output=True, text=True, check=True
    ).stdout
    found = json.loads(printed.splitlines()[-1])
    return Load(found["requests"] / (found["us"] / 1e6), found["p50"], found["p99"], found["lost"], found["statuses"])


def time_commands(root: Path, questions: Sequence[str]) -> None:
    """Time `kb search` as a whole process, with the server and without it, in turn."""
    kb = [str(Path(sys.executable).with_name("kb")), "--root", str(root), "search"]
    times: dict[str, list[float]] = {"": [], "1": []}
    for text in questions[:11]:
        outputs = []
        for off, seconds in times.items():
            started = time.perf_counter()
            outputs.append(
                subprocess.run([*kb, text], env=os.environ | {"KB_NO_SERVER": off}, capture_output=True).stdout
            )
            seconds.append(time.perf_counter() - started)
        assert outputs[0] == outputs[1], text
    asked, alone = (statistics.median(times[key]) for key in ("", "1"))
    print(f"kb search, whole process, same output: {asked:.3f} s with the server, {alone:.3f} s without")


def publish_under_load(
    root: Path, process: subprocess.Popen[str], address: str, questions: Sequence[str], seconds: int
) -> None:
    """Ask one question after the other, and publish every few seconds; print what failed, and the memory."""
    kb = str(Path(sys.executable).with_name("kb"))
    lesson = sorted((root / "lessons").rglob("*.md"))[0]
    memory, snapshots, failed, asked, published = [], set(), 0, 0, 0
    publishing: subprocess.Popen[bytes] | None = None
    started = last = time.perf_counter()
    while time.perf_counter() - started < seconds:
        if time.perf_counter() - last >= _SECONDS_BETWEEN_PUBLISHES and (
            not publishing or publishing.poll() is not None
        ):
            lesson.write_text(f"{lesson.read_text('utf-8')}\n\nChanged {published}.\n", "utf-8")
            publishing = subprocess.Popen([kb, "-q", "--root", str(root), "reindex"])
            last, published = time.perf_counter(), published + 1
            memory.append(psutil.Process(process.pid).memory_info().rss / 1e6)
        query = urllib.parse.urlencode({"q": questions[asked % len(questions)]})
        try:
            with urllib.request.urlopen(f"{address}/api/search?{query}", timeout=20) as answer:  # noqa: S310 - our own
                snapshots.add(json.load(answer)["index"]["snapshot"])
        except OSError as error:
            failed += 1
            print(f"failed: {error}")
        asked += 1
    print(f"{asked:,} searches in {seconds} s, {failed} failed; {published} published, {len(snapshots)} answered")
    print(f"memory: {' '.join(f'{size:.0f}' for size in memory[:: max(1, len(memory) // 12)])} MB")


if __name__ == "__main__":
    main()
