"""kb doctor at its limits: from how long, how many and how much on something is said, and what is said then."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.doctor import checkup
from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger
from tests.conftest import Make, Run, write
from tests.git import git
from tests.permissions import denied, like_anybody
from tests.snapshots import LESSONS, live_folder


@pytest.fixture
def root(indexed: Make) -> Path:
    return indexed(LESSONS)


def wrong(root: Path, area: Area) -> list[Diagnosis]:
    """Return what is not in order in one area."""
    site = Site.at(str(root))
    found = [finding for check in checkup.CHECKS[area] for finding in check(site)]
    return [finding for finding in found if finding.level is not Level.OK]


def hours_ago(hours: int) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


@pytest.mark.parametrize(("hours", "is_late"), [(25, False), (27, True)])
def test_a_run_is_late_after_26_hours(root: Path, hours: int, is_late: bool) -> None:
    ledger = SnapshotStore(root).ledger
    (run,) = Ledger(ledger).runs()
    text = ledger.read_text()
    for moment in {run.began, run.ended or run.began}:
        text = text.replace(moment, hours_ago(hours))
    ledger.write_text(text)
    said = [finding.what for finding in wrong(root, Area.SCHEDULE)]
    assert any(what.startswith("no run has ended well for ") for what in said) == is_late


def test_a_run_that_goes_on_is_no_failed_one(root: Path) -> None:
    Ledger(SnapshotStore(root).ledger).begin(Writer.this_process())
    assert [finding for finding in wrong(root, Area.SCHEDULE) if finding.level is Level.ERROR] == []


@pytest.mark.parametrize(("hours", "is_long"), [(5, False), (7, True)])
def test_a_writer_may_take_six_hours(root: Path, hours: int, is_long: bool) -> None:
    store = SnapshotStore(root)
    with WriterLock(store.lock).held() as writer:
        store.lock.write_text(json.dumps(asdict(replace(writer, since=hours_ago(hours)))))
        assert bool(wrong(root, Area.INDEX)) == is_long


def test_lessons_that_have_changed_since_are_counted(root: Path, kb: Run) -> None:
    write(root, "new.md", "# New\n")
    assert "   ok: changed since: 1 lesson\n" in kb(root, "-v", "doctor").out


def test_of_many_leftovers_five_are_named(root: Path) -> None:
    for number in range(7):
        (root / "lessons" / f".{number}.md.kb-0123abcd").touch()
    said = [finding.what for finding in wrong(root, Area.CONFIGURATION)]
    assert (len(said), said[-1]) == (6, "and 2 more left by processes that were stopped")


def test_of_many_lessons_that_cannot_be_read_twenty_are_named(root: Path) -> None:
    for number in range(22):
        write(root, f"{number}.md", b"\0" * 500)
    KnowledgeBase(root).reindex()
    said = [finding.what for finding in wrong(root, Area.LESSONS)]
    assert (len(said), said[-1]) == (21, "and 2 more that could not be read, or only in part")


def test_a_lesson_that_may_not_be_read_is_to_be_allowed(root: Path) -> None:
    with denied(root / "lessons" / "labels.md"):
        (finding,) = wrong(root, Area.LESSONS)
    assert finding.cure == f"sudo chmod a+rX {root}/lessons/labels.md"


def test_a_folder_that_is_not_there_is_named_once_and_is_not_taken_for_a_hidden_one(root: Path) -> None:
    with (root / "kb.toml").open("a") as file:
        file.write('[corpus]\npaths = ["kb"]\n')
    (finding,) = wrong(root, Area.LESSONS)
    assert finding.cure == f"mkdir -p {root}/kb"


@pytest.mark.parametrize(
    ("paths", "level", "what"),
    [
        ('[".", "lessons"]', Level.WARNING, "the corpus folders '.' and 'lessons' overlap: ids depend on their order"),
        ('["lessons", "link"]', Level.WARNING, "the corpus folders 'lessons' and 'link' overlap"),
        ('["lessons", ".kb/snapshots"]', Level.ERROR, "the corpus folder '.kb/snapshots' is in .kb"),
    ],
)
def test_folders_within_each_other_are_named(root: Path, paths: str, level: Level, what: str) -> None:
    (root / "link").symlink_to(root / "lessons")
    with (root / "kb.toml").open("a") as file:
        file.write(f"[corpus]\npaths = {paths}\n")
    (finding,) = wrong(root, Area.CONFIGURATION)
    assert (finding.level, finding.what[: len(what)]) == (level, what)


@pytest.mark.usefixtures("own_git")
def test_half_a_hook_is_a_leftover(root: Path) -> None:
    git(root, "init", "-q")
    half = root / ".git" / "hooks" / ".post-merge.kb-0123abcd"
    half.parent.mkdir(exist_ok=True)
    half.touch()
    (finding,) = wrong(root, Area.CONFIGURATION)
    assert finding.what.startswith(f"{half} was left by ")


def test_of_a_damaged_index_nothing_is_counted_and_no_check_breaks(root: Path) -> None:
    catalogue = live_folder(root) / "catalogue.sqlite"
    catalogue.write_bytes(bytes(catalogue.stat().st_size))
    assert not any("cannot be checked" in finding.what for finding in checkup.check_up(Site.at(str(root))))
    assert [finding.level for finding in wrong(root, Area.INDEX)] == [Level.ERROR]


def test_an_index_of_no_lesson_is_sound(indexed: Make) -> None:
    root = indexed({})
    assert wrong(root, Area.INDEX) == []


def test_a_vector_of_a_question_is_looked_at_too(root: Path, kb: Run) -> None:
    write(root, "forms.md", "---\nanswers: [nobody fills the form in]\n---\n# Forms\n\nTwo boxes are enough.\n")
    KnowledgeBase(root).reindex()
    with sqlite3.connect(SnapshotStore(root).vector_cache) as connection:
        spoilt = connection.execute("UPDATE vectors SET vector = x'00' WHERE fingerprint LIKE '%:query'").rowcount
    assert spoilt == 1
    (finding,) = wrong(root, Area.VECTOR_CACHE)
    assert (finding.level, finding.what.startswith("1 vector in ")) == (Level.ERROR, True)
    assert kb(root, "doctor", "--fix").code == 0
    assert wrong(root, Area.VECTOR_CACHE) == []


def test_a_timer_that_is_not_enabled_is_to_be_installed(
    root: Path, kb: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    kb(root, "schedule", "systemd", "--install")
    cures = [finding.cure for finding in wrong(root, Area.SCHEDULE)]
    assert cures == ["kb schedule systemd --install"]


def test_where_cron_is_all_there_is_its_line_is_what_helps(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program := tmp_path / "crontab").write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = wrong(root, Area.SCHEDULE)
    if not Path("/run/systemd/system").is_dir():
        assert finding.cure == "(crontab -l; kb -q schedule cron) | crontab -"


def test_an_index_of_a_number_without_a_name_is_for_whoever_owns_it(root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    (root / ".kb").chmod(0o555)
    os.chown(root / ".kb", 2**31 - 2, -1)
    with like_anybody():
        (finding,) = wrong(root, Area.INDEX)
    assert finding.cure == "let its owner run kb reindex"
