"""`kb status`: how the index stands, whether it is fresh, and what the last runs did."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.index.store import SnapshotStore
from kb.index.writer import Writer
from kb.reindex.ledger import JobRun, Ledger, Outcome
from tests.conftest import Make, write
from tests.conftest import Outcome as Done
from tests.conftest import Run as Call

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Wrong labels\n\n## Tools\n\nFour lines.\n",
    "plans.md": "---\ndate: 2019\n---\n# Forty plans\n\nForty languages.\n",
    "undated.md": "# Without a date\n\nNever.\n",
}
HERE = Writer.this_process()


@pytest.fixture
def base(indexed: Make) -> Path:
    """An indexed knowledge base of three lessons."""
    return indexed(LESSONS)


def ledger_of(root: Path) -> Ledger:
    return Ledger(SnapshotStore(root).ledger)


def rewritten(root: Path, change: Callable[[JobRun], JobRun]) -> None:
    """Let the last run of a knowledge base have been another."""
    ledger = ledger_of(root)
    with ledger.path.open("a", encoding="utf-8") as file:
        file.write(f"\n{json.dumps(asdict(change(ledger.runs()[-1])))}\n")


def moved(run: JobRun, by: timedelta) -> JobRun:
    return replace(run, began=(datetime.fromisoformat(run.began) + by).isoformat())


def facts(done: Done) -> dict[str, str]:
    """Return what `kb status` printed above the runs, by name."""
    above = done.out.split("\n\n")[0]
    return {line[:16].strip(): line[16:].strip() for line in above.splitlines()}


# How the index stands.


@pytest.mark.all_questions
def test_status_says_how_the_index_stands(base: Path, kb: Call, static_model: Path) -> None:
    live = SnapshotStore(base).live()
    assert live is not None
    done = kb(base, "status", "--json")
    assert (done.code, done.out.count("\n"), done.err) == (0, 1, "")
    found = json.loads(done.out)
    built = datetime.fromisoformat(found.pop("built"))
    assert 0 <= (datetime.now(UTC) - built).total_seconds() < 600
    on_disk = sum(path.stat().st_size for path in (base / ".kb").rglob("*") if path.is_file())
    (run,) = found.pop("runs")
    assert found.pop("servers") == []
    verdict = found.pop("freshness")
    calibration = found.pop("calibration")
    assert calibration["thresholds"].keys() == {"hybrid", "lexical", "semantic"}
    assert calibration["asked"]["far"] > 100
    assert found == {
        "root": str(base),
        "lessons": 3,
        "passages": live.manifest.passages,
        "encoded": live.manifest.passages,
        "model": str(static_model),
        "configured_model": str(static_model),
        "snapshot": live.manifest.id,
        "commit": None,
        "changed_since": 0,
        "unreadable": 0,
        "problems": [],
        "bytes": live.size,
        "bytes_in_all": on_disk,
        "damage": "",
    }
    assert 0 < live.size < on_disk
    assert (run["outcome"], run["reason"], run["report"]["added"]) == ("published", "", 3)
    assert run["writer"]["pid"] == os.getpid()
    assert (verdict["state"], verdict["last_good"], verdict["alarm"]) == ("fresh", run["began"], "")
    assert 0 <= verdict["age"] < 600


def test_status_counts_what_changed_since_and_what_is_flawed(base: Path, kb: Call) -> None:
    write(base, "new.md", "# New\n")
    write(base, "plans.md", "# Plans\n\nOther.\n")
    (base / "lessons" / "undated.md").unlink()
    found = json.loads(kb(base, "status", "--json").out)
    assert (found["changed_since"], found["freshness"]["state"]) == (3, "stale")
    write(base, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    assert kb(base, "reindex").code == 3
    found = json.loads(kb(base, "status", "--json").out)
    assert (found["changed_since"], found["unreadable"], found["lessons"]) == (0, 1, 4)
    assert [(one["path"], one["line"]) for one in found["problems"]] == [("lessons/odd.md", 2)]
    assert found["freshness"]["state"] == "fresh", "what is wrong with a file is the file's, not the job's"


@pytest.mark.all_questions
def test_status_for_people(base: Path, kb: Call, static_model: Path) -> None:
    done = kb(base, "status")
    assert (done.code, done.err) == (0, "")
    found = facts(done)
    assert list(found) == [
        *("verdict", "knowledge base", "lessons", "passages", "changed since", "model"),
        *("relevance", "calibrated", "snapshot", "on disk"),
    ]
    assert re.fullmatch(r"answers from \d\.\d\d, may help from \d\.\d\d", found["relevance"])
    assert re.fullmatch(r"of 400 unrelated questions \d+ would be answered, \d+ perhaps", found["calibrated"])
    assert re.fullmatch(r"fresh: brought up to date \d+ (s|minutes?) ago, nothing changed since", found["verdict"])
    assert (found["lessons"], found["changed since"]) == ("3", "none")
    assert (found["knowledge base"], found["model"]) == (str(base), str(static_model)), "whole, however long"
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}, built \d+ (s|minutes?) ago", found["snapshot"])
    assert re.fullmatch(r"\d+\.\d kB live, \d+\.\d kB in all", found["on disk"])
    write(base, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    found = facts(kb(base, "status"))
    assert found["changed since"] == "1 (run `kb reindex`)"
    assert re.fullmatch(r"stale: brought up to date .* ago, 1 lesson changed since", found["verdict"])
    kb(base, "reindex")
    done = kb(base, "status")
    assert facts(done)["not readable"] == "1, or only in part: correct what is named, then run `kb reindex`"
    assert f"{'':16}lessons/odd.md:2: front matter is not YAML: a second `: ` on the line; put the value" in done.out


def test_status_says_that_another_model_is_configured(base: Path, kb: Call, static_model: Path) -> None:
    (base / "kb.toml").write_text("")
    found = json.loads(kb(base, "status", "--json").out)
    assert (found["model"], found["configured_model"]) == (str(static_model), "all-MiniLM-L6-v2")
    said = facts(kb(base, "status"))["model"]
    assert said == f"{static_model} (kb.toml says all-MiniLM-L6-v2: run `kb reindex`)"


def test_without_an_index_the_failure_of_the_last_run_is_told(make: Make, kb: Call) -> None:
    root = make({}, '[corpus]\npaths = ["none"]\n')
    assert kb(root, "reindex").code == 2
    done = kb(root, "status", "--max-age", "1d")
    assert (done.code, done.out) == (5, "")
    assert done.err == (
        f"kb: there is no index in {root / '.kb'} yet; run `kb reindex`; the last run: failed, {root / 'kb.toml'}: "
        "corpus.paths: there is no folder 'none'; make it or name another\n"
    )


# Damage.


@pytest.mark.parametrize("part", ["catalogue.sqlite", "vectors/rows.npy", "manifest.json"])
def test_a_damaged_index_is_told_with_the_one_that_answers_instead(base: Path, kb: Call, part: str) -> None:
    before = json.loads(kb(base, "status", "--json").out)["snapshot"]
    write(base, "new.md", "# New\n")
    assert kb(base, "reindex").code == 0
    live = SnapshotStore(base).live()
    assert live is not None
    file = live.folder / part
    data = file.read_bytes()
    file.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:] if part != "manifest.json" else b"")
    done = kb(base, "status", "--json")
    found = json.loads(done.out)
    assert (done.code, found["snapshot"], found["lessons"], found["freshness"]["state"]) == (5, before, 3, "damaged")
    assert done.err == f"kb: {found['damage']}\n"
    assert re.fullmatch(
        r"the index is damaged \(.*\): answered from the one built .*; run `kb reindex`", found["damage"]
    )
    shown = kb(base, "status")
    assert (shown.code, facts(shown)["verdict"]) == (5, found["damage"])


def test_an_index_without_any_sound_snapshot_is_exit_5(base: Path, kb: Call) -> None:
    for file in (base / ".kb" / "snapshots").glob("*/catalogue.sqlite"):
        file.write_bytes(b"x" * file.stat().st_size)
    done = kb(base, "status")
    assert (done.code, done.out) == (5, "")
    assert re.fullmatch(r"kb: the index is damaged: .*catalogue\.sqlite .*; run `kb reindex`\n", done.err)


# The last runs.


def runs_shown(done: Done) -> list[list[str]]:
    return [re.split(r"\s{2,}", line) for line in done.out.split("\n\n")[1].splitlines()]


def test_the_last_five_runs_are_shown_the_last_one_first(base: Path, kb: Call) -> None:
    ledger = ledger_of(base)
    for number in range(4):
        ledger.end(ledger.begin(HERE), Outcome.FAILED, f"reason {number}")
    other = replace(HERE, host="night", user="anna")
    ledger.end(ledger.begin(other), Outcome.REFUSED, "too many are gone")
    done = kb(base, "status")
    rows = runs_shown(done)
    assert [row[2:] for row in rows] == [
        ["refused", "too many are gone; by anna on night"],
        *(["failed", f"reason {number}"] for number in (3, 2, 1, 0)),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[0]) for row in rows)
    assert re.fullmatch(r"last run failed: refused \d+ s ago; brought up to date .* ago", facts(done)["verdict"])


def test_a_run_is_shown_with_what_it_did(base: Path, kb: Call) -> None:
    write(base, "new.md", "# New\n")
    write(base, "odd.md", "---\ntitle: a: b\n---\nOdd.\n")
    (base / "lessons" / "plans.md").unlink()
    kb(base, "reindex")
    last, first = runs_shown(kb(base, "status"))
    assert (last[2:], first[2:]) == (
        ["published", "1 added, 1 removed, 1 failed; 4 lessons"],
        ["published", "3 added; 3 lessons"],
    )
    assert re.fullmatch(r"\d+\.\d s|\d+ s", last[1])


def test_a_run_that_was_killed_and_one_that_is_going_on(base: Path, kb: Call) -> None:
    ledger = ledger_of(base)
    ledger.begin(replace(HERE, started=1.0))
    done = kb(base, "status")
    assert runs_shown(done)[0][1:] == ["killed", "did not finish: killed or crashed"]
    assert re.fullmatch(r"last run failed: killed \d+ s ago; brought up to date .* ago", facts(done)["verdict"])
    ledger.begin(HERE)
    done = kb(base, "status")
    assert [row[1] for row in runs_shown(done)] == ["running", "killed", runs_shown(done)[2][1]]
    assert re.fullmatch(r"running now: for \d+ s so far; brought up to date .* ago", facts(done)["verdict"])


def test_a_deleted_ledger_is_no_run(base: Path, kb: Call) -> None:
    SnapshotStore(base).ledger.unlink()
    done = kb(base, "status")
    assert (done.code, facts(done)["verdict"], "\n\n" in done.out) == (0, "never run: no run is on record", False)
    assert kb(base, "status", "--max-age", "9d").code == 5


@pytest.mark.parametrize("width", [80, 140])
def test_on_a_terminal_nothing_is_lost_and_no_line_is_too_long(
    base: Path, kb_process: Callable[..., list[str]], width: int
) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)
    ledger = ledger_of(base)
    reason = "words of a long reason that goes on and on " * 5 + "to its end"
    ledger.end(ledger.begin(HERE), Outcome.FAILED, reason)
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(width), "NO_COLOR": "1"}
    process = subprocess.Popen(
        kb_process("--root", str(base), "status"), stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    written = b""
    try:
        while data := os.read(ours, 65536):
            written += data
    except OSError:  # Linux says so when the other side is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    lines = re.sub(r"\x1b\[[\d;]*m", "", written.decode()).splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    assert reason in " ".join(" ".join(lines).split())
    assert "last run failed: failed" in lines[0]


def test_somebody_who_may_only_read_sees_all_of_it(base: Path, kb: Call) -> None:
    folders = [base / ".kb", *(path for path in (base / ".kb").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        before = {path: path.stat().st_mtime_ns for path in (base / ".kb").rglob("*")}
        done = kb(base, "status", "--max-age", "1h")
        assert (done.code, done.err, len(runs_shown(done))) == (0, "", 1)
        assert {path: path.stat().st_mtime_ns for path in (base / ".kb").rglob("*")} == before
    finally:
        for folder in folders:
            folder.chmod(0o755)


# The age that is allowed.


def test_an_index_that_is_young_enough_wakes_nobody(base: Path, kb: Call) -> None:
    done = kb(base, "status", "--max-age", "30m")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(("ago", "allowed", "code"), [(25, "26h", 0), (27, "26h", 5), (47, "2d", 0), (49, "2d", 5)])
def test_an_index_that_is_too_old_is_exit_5_and_one_line(
    base: Path, kb: Call, ago: int, allowed: str, code: int
) -> None:
    rewritten(base, lambda run: moved(run, -timedelta(hours=ago)))
    done = kb(base, "status", "--max-age", allowed)
    assert done.code == code
    if code:
        hours = int(allowed[:-1]) * (24 if "d" in allowed else 1)
        age = "1 day" if ago < 48 else "2 days"
        assert (
            done.err
            == f"kb: the index was brought up to date {age} ago, --max-age allows {hours} h; run `kb reindex`\n"
        )
        assert facts(done)["verdict"] == f"old: brought up to date {age} ago"


def test_why_the_last_run_failed_is_told_to_the_monitor(base: Path, kb: Call) -> None:
    rewritten(base, lambda run: moved(run, -timedelta(days=3)))
    ledger = ledger_of(base)
    ledger.end(ledger.begin(HERE), Outcome.REFUSED, "900 of 1,000 lessons are gone")
    done = kb(base, "status", "--json", "--max-age", "26h")
    said = (
        "the index was brought up to date 3 days ago, --max-age allows 26 h; run `kb reindex`; "
        "the last run: refused, 900 of 1,000 lessons are gone"
    )
    verdict = json.loads(done.out)["freshness"]
    assert (done.code, done.err, verdict["alarm"], verdict["state"]) == (5, f"kb: {said}\n", said, "last run failed")


def test_a_run_from_the_future_is_not_believed(base: Path, kb: Call) -> None:
    rewritten(base, lambda run: moved(run, timedelta(minutes=4)))
    assert kb(base, "status", "--max-age", "1h").code == 0
    rewritten(base, lambda run: moved(run, timedelta(days=400)))
    done = kb(base, "status", "--max-age", "1h")
    assert done.code == 5
    said = r"brought up to date (399|400) days in the future: a clock is or was wrong"
    assert re.fullmatch(rf"kb: the index was {said}; run `kb reindex`\n", done.err)
    assert facts(done)["verdict"].startswith("old: brought up to date ")
    assert kb(base, "status").code == 0, "nobody asked"
    assert kb(base, "reindex").code == 0
    assert kb(base, "status", "--max-age", "1h").code == 0, "the last good run is the last one, whatever its date"


@pytest.mark.parametrize("age", ["26", "h", "1.5h", "26 h", "0h", "-1h", "26H", "1w", "٣h", "", "9999999d", "1h1m"])
def test_an_age_that_is_none_is_wrong_usage(base: Path, kb: Call, age: str) -> None:
    done = kb(base, "status", f"--max-age={age}")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"expected minutes, hours or days, as 30m, 26h or 2d, got {age!r}" in done.err
