"""What `kb promote`, `kb supersede`, `kb retire` and `kb review` change is in the index at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.files.changes import Changes, KnownFile, compare
from ingest.files.corpus import FoundFile, Listing
from kb.index.writer import WriterLock
from tests.conftest import Make, Run, write
from tests.index_state import assert_same, state_of
from tests.permissions import denied
from tests.test_life_command import full

AHEAD = (date.today() + timedelta(days=400)).isoformat()


@pytest.fixture
def base(indexed: Make, own_git: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An indexed library, the working directory in it."""
    root = indexed({"labels.md": full(), "scanner.md": full("scanner"), "deep/bare.md": "# No front matter\n"})
    monkeypatch.chdir(root)
    monkeypatch.setattr("kb.reindex.job.BRIEFLY", 0.01)
    return root


def hits(kb: Run, *query: str) -> dict[str, dict[str, Any]]:
    """Search by words, and return the hits by id."""
    found = kb(None, "search", "--mode", "lexical", "--all", "--json", "--limit", "50", *query)
    assert json.loads(found.out)["index"]["changed_since"] == 0
    return {hit["id"]: hit for hit in json.loads(found.out)["hits"]}


def snapshot(base: Path) -> str:
    return (base / ".kb" / "CURRENT").read_text()


def test_a_retired_lesson_is_never_shown_as_valid(base: Path, kb: Run) -> None:
    done = kb(None, "retire", "labels", "--because", "the printer is gone")
    assert (done.code, done.out, done.err) == (0, "lessons/labels.md\n", "kb: labels is retired now; commit it\n")
    hit = hits(kb, "wrong label")["labels"]
    assert (hit["status"], hit["status_because"]) == ("retired", "the printer is gone")


def test_both_sides_of_a_succession_are_in_the_index(base: Path, kb: Run) -> None:
    assert kb(None, "supersede", "labels", "scanner").code == 0
    found = hits(kb, "wrong label")
    assert (found["labels"]["status"], found["labels"]["superseded_by"]) == ("superseded", ["scanner"])


def test_so_are_a_validated_and_a_reviewed_lesson(base: Path, kb: Run) -> None:
    assert kb(None, "promote", "labels").code == 0
    assert hits(kb, "wrong label")["labels"]["status"] == "validated"
    assert kb(None, "review", "labels", "--until", AHEAD).code == 0
    assert set(hits(kb, f"review_by:>={AHEAD}")) == {"labels", "scanner"}


def test_the_index_is_the_one_that_a_reindex_would_have_made(base: Path, kb: Run, make: Make) -> None:
    assert kb(None, "supersede", "labels", "scanner").code == 0
    other = make(name="other")
    for file in (base / "lessons").rglob("*.md"):
        write(other, str(file.relative_to(base / "lessons")), file.read_bytes())
    assert kb(other, "reindex").code == 0
    queries = ["wrong label", "no front matter", "scanner"]
    assert_same(state_of(base, queries), state_of(other, queries))


def test_what_else_has_changed_is_left_to_the_next_run(base: Path, kb: Run) -> None:
    write(base, "new.md", "# New\n\nA zebra.\n")
    write(base, "scanner.md", full("scanner") + "\nA hippopotamus.\n")
    (base / "lessons" / "deep" / "bare.md").unlink()
    assert kb(None, "retire", "labels", "--because", "x").code == 0
    found = json.loads(kb(None, "search", "--mode", "lexical", "--all", "--json", "zebra hippopotamus label").out)
    assert found["index"]["changed_since"] == 3
    assert {hit["id"]: hit["status"] for hit in found["hits"]} == {"labels": "retired", "scanner": "draft"}
    report = json.loads(kb(None, "reindex", "--json").out)
    assert [report[name] for name in ("added", "changed", "removed")] == [1, 1, 1]


def test_it_does_not_count_as_a_run_of_the_job(base: Path, kb: Run) -> None:
    before = json.loads(kb(None, "status", "--json").out)
    assert kb(None, "retire", "labels", "--because", "x").code == 0
    after = json.loads(kb(None, "status", "--json").out)
    assert [run["outcome"] for run in after["runs"]] == ["amended", "published"]
    assert after["freshness"]["last_good"] == before["freshness"]["last_good"]
    assert after["freshness"]["state"] == "fresh"
    assert kb(None, "status", "--max-age", "26h").code == 0


def test_what_lessons_answer_is_asked_by_the_next_run_and_held_against_the_last_one(base: Path, kb: Run) -> None:
    answers = "answers: [dealers send parcels back]\n"
    write(base, "labels.md", full().replace("# ours\n", f"{answers}# ours\n"))
    assert json.loads(kb(None, "reindex", "--json").out)["asked"] == 1
    assert kb(None, "retire", "scanner", "--because", "x").code == 0
    assert json.loads(kb(None, "status", "--json").out)["runs"][0]["report"]["asked"] == 0
    for number in range(8):
        write(base, f"more-{number}.md", f"---\n{answers}---\n# Dealers send parcels back\n")
    assert json.loads(kb(None, "reindex", "--json").out)["lost"] == 1


def test_where_nothing_was_changed_nothing_is_published(base: Path, kb: Run) -> None:
    before = snapshot(base)
    assert kb(None, "supersede", "scanner", "nobody").code == 2
    assert kb(None, "promote", "deep/bare").code == 1
    assert snapshot(base) == before


def test_where_there_is_no_index_none_is_made(make: Make, kb: Run) -> None:
    root = make({"labels.md": full()})
    assert kb(root, "retire", "labels", "--because", "x").code == 0
    assert not (root / ".kb").exists()


def test_while_another_writes_the_lesson_is_changed_and_the_index_is_said_not_to_be(base: Path, kb: Run) -> None:
    before = snapshot(base)
    with WriterLock(base / ".kb" / "lock").held():
        done = kb(None, "-q", "retire", "labels", "--because", "x")
    assert (done.code, done.out) == (3, "lessons/labels.md\n")
    said = "kb: the lesson is changed, the index is not: "
    assert done.err.startswith(f"{said}{base}/.kb/lock: `kb reindex`, or another command that writes the index, is ")
    assert ", is already running: process " in done.err
    assert done.err.endswith("; run `kb reindex` when it is done\n")
    assert done.err.count("\n") == 1
    assert "status: retired" in (base / "lessons" / "labels.md").read_text()
    assert snapshot(base) == before
    assert kb(None, "reindex").code == 0
    assert hits(kb, "wrong label")["labels"]["status"] == "retired"


def damage(base: Path) -> None:
    """Let the index no longer be what was written."""
    for file in (base / ".kb" / "snapshots").rglob("postings/*.npy"):
        file.write_bytes(b"")


def configure_another_model(base: Path) -> None:
    (base / "kb.toml").write_text('[model]\nname = "./none"\n')


def configure_other_headings(base: Path) -> None:
    with (base / "kb.toml").open("a") as file:
        file.write('\n[sections]\nmethod = ["Recipe"]\n')


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (damage, "the index has to be rebuilt; run `kb reindex`"),
        (configure_other_headings, "the index has to be rebuilt; run `kb reindex`"),
        (configure_another_model, "the model './none' cannot be loaded: no folder .*/none"),
    ],
)
def test_an_index_that_cannot_stay_as_it_is_is_left_to_the_job(
    base: Path, kb: Run, spoil: Callable[[Path], None], why: str
) -> None:
    before = snapshot(base)
    spoil(base)
    done = kb(None, "retire", "labels", "--because", "x")
    assert (done.code, done.out) == (3, "lessons/labels.md\n")
    first, second = done.err.splitlines()
    assert first == "kb: labels is retired now; commit it"
    assert re.fullmatch(f"kb: the lesson is changed, the index is not: {why}", second)
    assert snapshot(base) == before


def test_where_the_index_cannot_be_written_that_is_said(base: Path, kb: Run) -> None:
    with denied(base / ".kb"):
        done = kb(None, "retire", "labels", "--because", "x")
    assert (done.code, done.err.count("\n")) == (3, 2)
    assert "the lesson is changed, the index is not: " in done.err
    assert "ermission denied" in done.err


def test_an_index_of_words_alone_stays_one(make: Make, kb: Run) -> None:
    root = make({"labels.md": full(), "scanner.md": full("scanner")}, '[model]\nname = "./none"\n')
    assert kb(root, "search", "wrong label").code == 0
    done = kb(root, "retire", "labels", "--because", "x")
    assert (done.code, done.err) == (0, "kb: labels is retired now; commit it\n")
    found = json.loads(kb(root, "search", "--json", "--all", "wrong label").out)["hits"]
    assert {hit["id"]: hit["status"] for hit in found} == {"labels": "retired", "scanner": "draft"}


def test_ctrl_c_meanwhile_says_what_is_changed_and_what_is_not(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kb.index.store.flush_tree", interrupted)
    before = snapshot(base)
    done = kb(None, "retire", "labels", "--because", "x")
    assert (done.code, done.out) == (130, "lessons/labels.md\n")
    assert done.err.endswith("kb: interrupted; the lesson is changed, the index is not; run `kb reindex`\n")
    assert snapshot(base) == before


def test_the_verdicts_on_some_files_leave_all_others_as_they_were() -> None:
    listing = Listing(tuple(FoundFile(path, 1, 1) for path in ("added", "changed", "more", "other", "same")))
    known = {path: KnownFile(path, 2, 1, "") for path in ("changed", "gone", "other")}
    known["same"] = KnownFile("same", 1, 1, "")
    only = compare(listing, known, str).only({"changed", "more", "same"})
    assert only == Changes(
        added=(listing.files[2],),
        changed=(listing.files[1],),
        touched=(),
        unchanged=("same", "other", "gone"),
        removed=(),
        kept=(),
        unreadable=(),
    )
