"""The ledger: what it remembers of each run, whatever happens to the run, to the file or to the clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.problem import Problem
from kb.acceptance.regression import Regression
from kb.errors import IndexUnusable
from kb.index.store import SnapshotStore
from kb.index.writer import Writer
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import JobRun, Ledger, Outcome
from kb.reindex.reporting.report import Report
from tests.conftest import Make, write

HERE = Writer.this_process()
REPORT = Report(
    added=1,
    changed=2,
    removed=3,
    unchanged=4,
    failed=1,
    lessons=8,
    passages=9,
    encoded=5,
    seconds=1.5,
    snapshot="20261122T021700Z-abcdef",
    published=True,
    problems=(Problem("lessons/odd.md", "not valid UTF-8", 3),),
    asked=6,
    lost=1,
    regressions=(Regression("labels", "wrong label", 2, ("plans", "forms")),),
    stages={"reading": 0.5},
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


@pytest.fixture
def gone() -> Writer:
    """A process that was."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return replace(HERE, pid=process.pid)


def lines_of(ledger: Ledger) -> list[str]:
    return ledger.path.read_text("utf-8").splitlines()


def test_before_the_first_run_there_is_none(ledger: Ledger) -> None:
    assert ledger.runs() == []


def test_a_run_is_remembered_with_its_whole_report(ledger: Ledger) -> None:
    begun = ledger.begin(HERE)
    assert ledger.runs() == [begun]
    assert begun.outcome is Outcome.RUNNING
    done = ledger.end(begun, Outcome.PUBLISHED, "", REPORT)
    assert ledger.runs() == [done]
    assert (done.report, done.writer, done.began) == (REPORT, HERE, begun.began)
    assert done.seconds is not None
    assert 0 <= done.seconds < 60


def test_runs_stand_in_the_order_in_which_they_began_whatever_the_clock_said(ledger: Ledger) -> None:
    first = ledger.end(ledger.begin(HERE), Outcome.UNCHANGED)
    later = ledger.end(replace(ledger.begin(HERE), began="1999-01-01T00:00:00+00:00"), Outcome.FAILED, "why")
    assert [run.id for run in ledger.runs()] == [first.id, later.id]


def test_a_run_whose_process_is_gone_was_killed(ledger: Ledger, gone: Writer) -> None:
    ledger.begin(gone)
    (run,) = ledger.runs()
    assert (run.outcome, run.reason, run.seconds) == (Outcome.KILLED, "did not finish: killed or crashed", None)


def test_a_number_that_another_process_has_now_is_not_believed(ledger: Ledger) -> None:
    ledger.begin(replace(HERE, started=HERE.started - 100))
    assert ledger.runs()[0].outcome is Outcome.KILLED


def test_of_a_run_on_another_machine_only_a_later_run_shows_that_it_was_killed(ledger: Ledger) -> None:
    ledger.begin(replace(HERE, host="another", pid=1))
    assert ledger.runs()[0].outcome is Outcome.RUNNING
    ledger.begin(HERE)
    assert [run.outcome for run in ledger.runs()] == [Outcome.KILLED, Outcome.RUNNING]


def test_a_line_that_was_cut_off_costs_that_line_only(ledger: Ledger) -> None:
    first = ledger.end(ledger.begin(HERE), Outcome.PUBLISHED, "", REPORT)
    content = ledger.path.read_bytes()
    for length in range(1, len(content), 29):
        ledger.path.write_bytes(content[:length])
        second = ledger.end(ledger.begin(HERE), Outcome.UNCHANGED)
        assert ledger.runs()[-1] == second
        assert {run.id for run in ledger.runs()} <= {first.id, second.id}


@given(garbage=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda data: b"{" + data)))
def test_garbage_is_passed_over(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("garbage") / "ledger.jsonl")
    ledger.path.write_bytes(garbage)
    run = ledger.end(ledger.begin(HERE), Outcome.UNCHANGED)
    assert ledger.runs() == [run]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def paths_in(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return where the parts of a JSON value are."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, part in inner for deeper in paths_in(part, (*path, key)))]


WHOLE = json.loads(
    json.dumps(asdict(JobRun("one", "2026-11-22T02:17:00+00:00", HERE, Outcome.PUBLISHED, report=REPORT)))
)


@given(path=st.sampled_from(paths_in(WHOLE)[1:]), value=VALUES)
def test_a_value_of_another_type_is_read_or_passed_over_but_never_an_error(
    tmp_path_factory: pytest.TempPathFactory, path: tuple[str | int, ...], value: object
) -> None:
    data = json.loads(json.dumps(WHOLE))
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    ledger = Ledger(tmp_path_factory.mktemp("types") / "ledger.jsonl")
    ledger.path.write_text("\n" + json.dumps(data) + "\n", "utf-8")
    for run in ledger.runs():
        assert isinstance(run.outcome, Outcome)
        assert isinstance(run.writer.is_running, bool)
        assert run.seconds is None or isinstance(run.seconds, float)
        assert run.report is None or isinstance(run.report.lessons, int)


def test_deep_and_huge_garbage_is_passed_over(ledger: Ledger) -> None:
    run = ledger.end(ledger.begin(HERE), Outcome.UNCHANGED)
    with ledger.path.open("ab") as file:
        file.write(b'{"id": ' + b"[" * 5_000_000 + b"\n" + b"\0" * 1000 + b'\n{"id": 1' + b"0" * 5000 + b"}\n")
    assert ledger.runs() == [run]


def test_keys_that_are_not_known_are_passed_over_and_those_that_are_missing_have_their_defaults(
    ledger: Ledger,
) -> None:
    data = json.loads(json.dumps(WHOLE))
    data |= {"moon": "full", "writer": data["writer"] | {"shoe": 43}}
    data["report"] |= {"colour": "red"}
    del data["reason"], data["report"]["lost"], data["report"]["stages"]
    ledger.path.write_text(json.dumps(data) + "\n", "utf-8")
    (run,) = ledger.runs()
    assert run.report == replace(REPORT, lost=0, stages={})


def test_an_outcome_of_a_newer_program_is_kept_as_unknown(ledger: Ledger) -> None:
    ledger.path.write_text(json.dumps(WHOLE | {"outcome": "postponed"}) + "\n", "utf-8")
    (run,) = ledger.runs()
    assert (run.outcome, run.outcome.is_good) == (Outcome.UNKNOWN, False)


def test_what_lessons_and_errors_say_cannot_break_the_lines(ledger: Ledger) -> None:
    reason = "one\ntwo\r\u2028three\x85\udcff \x00 {"
    run = ledger.end(ledger.begin(HERE), Outcome.FAILED, reason)
    assert ledger.runs() == [run]


def test_a_report_of_two_thousand_problems_is_a_short_line(ledger: Ledger) -> None:
    problems = tuple(Problem(f"lessons/{number}.md", "x" * 10_000) for number in range(2000))
    lost = tuple(Regression(str(number), "q" * 10_000, 1, ("a",)) for number in range(2000))
    run = ledger.begin(HERE)
    ledger.end(run, Outcome.PUBLISHED, "r" * 10_000, replace(REPORT, problems=problems, regressions=lost, lost=2000))
    assert len(lines_of(ledger)[-1]) < 100_000
    (kept,) = ledger.runs()
    assert kept.report
    assert (len(kept.report.problems), len(kept.report.regressions), kept.report.lost) == (50, 50, 2000)
    assert kept.report.problems[0] == Problem("lessons/0.md", "x" * 499 + "…")


def fill(ledger: Ledger, runs: int) -> list[str]:
    """Write so many runs that are over; returns their ids."""
    lines = []
    for number in range(runs):
        data = WHOLE | {"id": f"{number:05}"}
        lines += ["", json.dumps(data | {"outcome": "running", "report": None}), "", json.dumps(data)]
    ledger.path.write_text("\n".join(lines) + "\n", "utf-8")
    return [f"{number:05}" for number in range(runs)]


def test_a_ledger_that_has_grown_long_is_cut_to_the_last_thousand_runs(ledger: Ledger, gone: Writer) -> None:
    ids = fill(ledger, 2000)
    killed = ledger.begin(gone)
    assert [run.id for run in ledger.runs()] == [*ids, killed.id]
    last = ledger.begin(HERE)
    runs = ledger.runs()
    assert [run.id for run in runs] == [*ids[-999:], killed.id, last.id]
    assert (runs[0].report, runs[-2].outcome, runs[-1].outcome) == (REPORT, Outcome.KILLED, Outcome.RUNNING)
    assert [path.name for path in ledger.path.parent.iterdir()] == [ledger.path.name]


def test_a_ledger_that_cannot_be_cut_is_still_written_to(ledger: Ledger) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    ids = fill(ledger, 2001)
    ledger.path.parent.chmod(0o555)
    try:
        run = ledger.begin(HERE)
    finally:
        ledger.path.parent.chmod(0o755)
    assert [found.id for found in ledger.runs()] == [*ids, run.id]


def test_a_long_ledger_is_read_at_once(ledger: Ledger) -> None:
    fill(ledger, 3000)
    assert ledger.path.stat().st_size > 2_000_000
    began = datetime.now(UTC)
    assert len(ledger.runs()) == 3000
    assert (datetime.now(UTC) - began).total_seconds() < 5


def test_a_ledger_that_is_a_folder_is_named(ledger: Ledger) -> None:
    ledger.path.mkdir()
    with pytest.raises(IndexUnusable, match=r"ledger\.jsonl: is a directory; make it readable, or delete it"):
        ledger.runs()


def test_what_is_left_of_an_interrupted_cut_is_removed(indexed: Make) -> None:
    root = indexed({"one.md": "# One\n"})
    left = root / ".kb" / ".ledger.jsonl-0123abcd"
    left.write_text("half")
    write(root, "two.md", "# Two\n")
    KnowledgeBase(root).reindex()
    assert not left.exists()
    outcomes = [run.outcome for run in Ledger(SnapshotStore(root).ledger).runs()]
    assert outcomes == [Outcome.PUBLISHED, Outcome.PUBLISHED]
