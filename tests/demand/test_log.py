"""The log itself: time, several processes, expiry, and questions in other words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.database import damaged_file, opened, transaction
from kb.demand.noting.history import History
from kb.demand.noting.log import DemandLog
from kb.demand.noting.place import demand_folder
from kb.retrieval.answer import Meaning

DAY = 86_400
TODAY = 20_000 * DAY


@dataclass
class Clock:
    """A clock that shows what it is told."""

    now: float = TODAY

    def __call__(self) -> float:
        return self.now


@dataclass
class Person:
    """Somebody who asks in one terminal."""

    root: Path
    clock: Clock = field(default_factory=Clock)

    def ask(self, text: str, *lessons: str, vector: tuple[float, ...] = (), verdict: Verdict = Verdict.NEAREST) -> bool:
        meaning = Meaning("model", np.array([vector], np.float32)) if vector else None
        asked = Asked(Command.SEARCH, text, False, False, verdict, lessons, "snapshot", meaning)
        return DemandLog(self.root, 365, self.clock).note(asked, "terminal", tells=True).done

    def reworded(self) -> dict[str, int]:
        return {question.text: question.reworded for question in History(self.root).unmet(self.clock.now)}


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def test_other_words_within_ten_minutes_are_the_same_need(person: Person) -> None:
    person.ask("parking permit", vector=(1.0, 0.2))
    person.clock.now += 599
    person.ask("where to leave my car", vector=(1.0, -0.2))
    assert person.reworded() == {"parking permit": 1, "where to leave my car": 0}


@pytest.mark.parametrize(
    ("seconds", "text", "vector"),
    [
        (601, "where to leave my car", (1.0, -0.2)),  # too late
        (60, "battery fire", (-0.2, 1.0)),  # another need
        (60, "parking permit", (1.0, 0.2)),  # the same question
        (-3600, "where to leave my car", (1.0, -0.2)),  # the clock went back
    ],
)
def test_else_they_are_not(person: Person, seconds: int, text: str, vector: tuple[float, ...]) -> None:
    person.ask("parking permit", vector=(1.0, 0.2))
    person.clock.now += seconds
    person.ask(text, vector=vector)
    assert set(person.reworded().values()) == {0}


def test_without_vectors_a_word_in_common_decides(person: Person) -> None:
    person.ask("parking permit")
    person.ask("permits for cars")
    person.ask("battery fire")
    assert person.reworded() == {"parking permit": 1, "permits for cars": 0, "battery fire": 0}


def test_vectors_of_two_models_are_not_compared(person: Person) -> None:
    person.ask("parking permit", vector=(1.0, 0.0))
    asked = Asked(
        Command.SEARCH,
        "a car",
        False,
        False,
        Verdict.NEAREST,
        (),
        "",
        Meaning("other", np.array([[1.0, 0.0]], np.float32)),
    )
    DemandLog(person.root, 365, person.clock).note(asked, "terminal", tells=True)
    assert set(person.reworded().values()) == {0}


def test_a_clock_that_goes_back_loses_nothing(person: Person) -> None:
    for hour in (0, -48, -1, 5):
        person.clock.now = TODAY + hour * 3600
        assert person.ask(f"question of hour {hour}")
    assert History(person.root).summary().questions == 4


def test_what_is_too_old_goes_with_its_words_even_if_nobody_asks_for_it(person: Person) -> None:
    for number in range(20):
        person.ask(f"an old question, number {number}")
    person.clock.now += 366 * DAY
    for number in range(32):
        person.ask(f"a new question, number {number}")
    held = History(person.root).summary()
    assert (held.questions, held.distinct) == (32, 32)


def test_expiry_keeps_a_question_that_is_asked_again(person: Person) -> None:
    person.ask("parking permit")
    person.clock.now += 364 * DAY
    person.ask("parking permit")
    person.clock.now += 2 * DAY
    DemandLog(person.root, 365, person.clock).remove_expired()
    assert [(one.text, one.asked) for one in History(person.root).unmet(person.clock.now)] == [("parking permit", 1)]


def test_two_knowledge_bases_share_a_file_and_nothing_else(person: Person, tmp_path: Path) -> None:
    other = Person(tmp_path / "other", person.clock)
    person.ask("parking permit")
    other.ask("battery fire")
    assert [one.text for one in History(person.root).unmet(TODAY)] == ["parking permit"]
    assert DemandLog(person.root, 365).forget() == 1
    assert [one.text for one in History(other.root).unmet(TODAY)] == ["battery fire"]


def test_a_reused_lesson_is_credited_to_the_last_question_that_found_it(person: Person) -> None:
    person.ask("wrong label", "labels", "presses", verdict=Verdict.ANSWERS)
    person.ask("old press", "presses", verdict=Verdict.ANSWERS)
    person.ask("zebras")
    DemandLog(person.root, 365).mark_reused("labels")
    DemandLog(person.root, 365).mark_reused("presses")
    DemandLog(person.root, 365).mark_reused("unknown")
    found = [(one.text, one.lesson, one.grade) for one in History(person.root).judgements()]
    assert found == [("wrong label", "labels", 2), ("old press", "presses", 2)]


NOTES = """
import sys
from pathlib import Path
from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.log import DemandLog
from kb.demand.noting.place import demand_folder
log = DemandLog(Path(sys.argv[1]), 365)
done = 0
for number in range(200):
    text = f"question {number} of process {sys.argv[2]}"
    done += log.note(Asked(Command.SEARCH, text, False, False, Verdict.NEAREST, ("a",), "", None), "t", tells=True).done
print(done)
"""


def test_two_processes_note_at_once_and_what_they_say_is_noted_is_there(person: Person) -> None:
    person.clock.now = time.time()
    person.ask("the first")
    command = [sys.executable, "-c", NOTES, str(person.root)]
    both = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "ab"]
    counts = [int(process.communicate(timeout=60)[0]) for process in both]
    assert History(person.root).summary().questions == 1 + sum(counts)
    assert min(counts) > 0


NOTES_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from kb.demand.noting.asked import Asked, Command, Verdict
from kb.demand.noting.log import DemandLog
log = DemandLog(Path(sys.argv[1]), 365)
for number in count():
    asked = Asked(Command.SEARCH, f"question {number} of {sys.argv[2]}", False, False, Verdict.NEAREST, (), "", None)
    log.note(asked, "t", tells=True)
    log.mark_opened("a", "t")
    print(number, flush=True)
"""


def test_a_killed_process_loses_nothing_that_it_has_noted(person: Person) -> None:
    noted = 0
    for kill_after in (1, 2, 3, 5, 8, 40, 41):
        command = [sys.executable, "-c", NOTES_FOR_EVER, str(person.root), str(kill_after)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(kill_after):
                process.stdout.readline()
            process.kill()
            noted += kill_after + len(process.stdout.readlines())
        with opened() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = History(person.root).summary().questions
        assert noted <= found <= noted + 1  # one that was noted, and not said any more
        noted = found
    assert damaged_file() is None


def test_a_question_waits_no_longer_than_it_may_while_another_process_writes(person: Person) -> None:
    person.ask("the first")
    with opened() as connection, transaction(connection):
        started = time.perf_counter()
        assert not person.ask("the second")
        assert time.perf_counter() - started < 0.1
    assert person.ask("the third")


def test_one_who_reads_does_not_stop_those_who_write(person: Person) -> None:
    person.ask("the first")
    with opened() as connection:
        rows = connection.execute("SELECT * FROM asking")
        assert rows.fetchone()
        assert person.ask("the second")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file system of a given size")
def test_a_full_disk_loses_the_question_and_nothing_else(person: Person) -> None:
    person.clock.now = time.time()
    person.ask("the first")
    program = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n" + (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + NOTES
    )
    command = [sys.executable, "-c", program, str(person.root), "a"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 200
    assert done.stderr == ""
    assert History(person.root).summary().questions == 1 + int(done.stdout)
    assert person.ask("the last")


def test_what_another_program_still_reads_is_not_called_forgotten(person: Person) -> None:
    person.ask("unheard-of zebras")
    with opened() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT text FROM question").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="another program is reading it"):
            DemandLog(person.root, 365).forget()
    assert DemandLog(person.root, 365).forget() == 0
    assert all(b"zebras" not in path.read_bytes() for path in demand_folder().iterdir())


def test_a_clock_that_was_ahead_makes_no_question_the_heaviest(person: Person) -> None:
    person.clock.now += 30_000 * DAY
    person.ask("asked in the future")
    person.clock.now = TODAY
    for _ in range(2):
        person.ask("asked today")
    assert [one.text for one in History(person.root).unmet(TODAY)] == ["asked today", "asked in the future"]
