"""A first index answers by words before any passage is encoded, and by meaning as soon as all are."""

from __future__ import annotations

import errno
import gc
import json
import os
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from kb.errors import CannotWrite
from kb.index.snapshot import CALIBRATION, KNOWN_ITEMS
from kb.index.soundness import defects
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from kb.reindex.reindex import Orders
from kb.system.user_cache import encoders_folder
from search.models.encoders import Encoders
from search.query.mode import Mode
from tests.conftest import Make, Run, write
from tests.conftest import Outcome as Called
from tests.index_state import answering, assert_same, complaints, state_of
from tests.models import make_static
from tests.snapshots import edit_manifest, live_folder

FEW: dict[str, str | bytes] = {
    "labels.md": "---\nanswers: [the address is wrong]\n---\n# Labels\n\nParcels come back with the wrong address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages.\n",
}
MANY = FEW | {f"{number:03}.md": f"# Lesson {number}\n\nZebra {number}." for number in range(300)}
"""More passages than anybody waits for who waits for a first answer."""
SENTENCE = "parcels come back with the wrong address"
HURRIED = Orders(hurried=True)


@pytest.fixture(autouse=True)
def _prepared(static_model: Path) -> None:
    """Only of a model that was prepared before is the window known."""
    Encoders(encoders_folder(), Path(), lambda line: None).open(str(static_model))


class Watch:
    """Notes the stages of a job and what each counts, and does something when one begins."""

    def __init__(self, act: Callable[[str], object] = lambda stage: None) -> None:
        self.stages: list[tuple[str, int]] = []
        self.told: list[str] = []
        self._act = act

    def tell(self, line: str) -> None:
        self.told.append(line)

    def stage(self, name: str, total: int) -> None:
        self.stages.append((name, total))
        self._act(name)

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...

    def totals(self, stage: str) -> list[int]:
        return [total for name, total in self.stages if name == stage]


def at(stage: str, act: Callable[[], object]) -> Watch:
    return Watch(lambda name: act() if name == stage else None)


def stop(error: Callable[[], BaseException] = KeyboardInterrupt) -> Callable[[], object]:
    def act() -> object:
        raise error()

    return act


def answered(done: Called) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.out)
    return found


def is_by_words(root: Path) -> bool:
    return answering(root).manifest.encoder is None


# Published twice.


def test_words_answer_before_the_first_passage_is_encoded(make: Make, kb: Run) -> None:
    root = make(FEW)
    found: list[Called] = []
    watch = at("encoding passages", lambda: found.append(kb(root, "search", "--json", SENTENCE)))
    report = KnowledgeBase(root, watch).reindex()
    between = answered(found[0])
    assert (between["mode"], between["hits"][0]["id"]) == ("lexical", "labels")
    assert between["notes"] == ["answered by words only: the meaning of 3 passages is being indexed now"]
    assert between["index"]["snapshot"] == report.words_snapshot
    after = answered(kb(root, "search", "--json", SENTENCE))
    assert (after["mode"], after["notes"], after["index"]["snapshot"]) == ("hybrid", [], report.snapshot)
    assert (report.added, report.encoded, report.published) == (2, 3, True)
    assert report.words_after is not None
    assert report.words_after <= report.seconds


def test_what_was_published_first_is_gone_once_all_is_there(make: Make) -> None:
    root = make(FEW)
    report = KnowledgeBase(root).reindex()
    assert SnapshotStore(root).ids() == [report.snapshot]


def test_no_lesson_is_read_or_split_twice_and_words_are_taken_over_as_they_are(make: Make) -> None:
    root = make(MANY)
    for path in (root / "lessons").iterdir():  # what was changed in the last seconds is looked at again
        os.utime(path, (1_000_000_000, 1_000_000_000))
    words = KnowledgeBase(root).reindex(HURRIED)
    before = answering(root).manifest
    assert (words.published, words.encoded, before.encoder) == (True, 0, None)
    watch = Watch()
    KnowledgeBase(root, watch).reindex()
    after = answering(root).manifest
    assert watch.totals("reading") == [0]
    assert watch.totals("encoding passages") == [before.passages]
    assert after.encoder is not None
    assert all(after.files[name] == before.files[name] for name in before.files if name != CALIBRATION)
    watch = Watch()
    KnowledgeBase(make(MANY, name="at-once"), watch).reindex()
    assert watch.totals("reading") == [len(MANY), 0]


def test_the_index_is_that_of_one_go(make: Make) -> None:
    root, other = make(MANY), make(FEW, name="grown")
    KnowledgeBase(root).reindex()
    KnowledgeBase(other).reindex()
    for path, text in MANY.items():
        write(other, path, text)
    KnowledgeBase(other).reindex()
    assert_same(state_of(root, [SENTENCE, "zebra"]), state_of(other, [SENTENCE, "zebra"]))


def test_lessons_are_asked_once_and_words_must_only_be_sound(make: Make) -> None:
    root = make(FEW)
    asked: list[bool] = []
    watch = at("encoding passages", lambda: asked.append((answering(root).folder / KNOWN_ITEMS).exists()))
    report = KnowledgeBase(root, watch).reindex()
    assert (asked, watch.totals("asking what lessons answer"), report.asked) == ([False], [1], 1)
    assert watch.totals("checking") == [1, 1]


def test_one_run_is_on_record_with_both(make: Make) -> None:
    root = make(FEW)
    report = KnowledgeBase(root).reindex()
    (run,) = Ledger(SnapshotStore(root).ledger).runs()
    assert run.outcome is Outcome.PUBLISHED
    assert run.report
    assert (run.report.words_snapshot, run.report.snapshot) == (report.words_snapshot, report.snapshot)
    assert {"publishing words", "publishing"} <= set(run.report.stages)


# Only where nothing answers.


def test_a_night_publishes_once(indexed: Make) -> None:
    root = indexed(FEW)
    write(root, "new.md", "# New\n\nNews.\n")
    for orders in (Orders(), Orders(full=True)):
        watch = Watch()
        report = KnowledgeBase(root, watch).reindex(orders)
        assert (report.published, report.words_snapshot) == (True, None)
        assert (watch.totals("publishing"), watch.totals("publishing words")) == ([1], [])


def test_an_index_of_an_older_format_gives_way_to_words_first(indexed: Make) -> None:
    root = indexed(FEW)
    edit_manifest(live_folder(root), format=1)
    report = KnowledgeBase(root).reindex()
    assert report.words_snapshot
    assert report.encoded == 0


def test_another_model_with_the_same_window_encodes_and_reads_nothing(make: Make, tmp_path: Path) -> None:
    import torch

    root = make(FEW, '[model]\nname = "./model"')
    make_static(root / "model")
    KnowledgeBase(root).reindex()
    before = answering(root).manifest
    own = root / "model" / "model.safetensors"
    from safetensors.torch import load_file, save_file

    save_file({name: torch.flip(tensor, [0]) for name, tensor in load_file(own).items()}, own)
    watch = Watch()
    report = KnowledgeBase(root, watch).reindex()
    assert (report.encoded, watch.totals("reading"), watch.totals("publishing words")) == (3, [0], [])
    assert answering(root).manifest.encoder != before.encoder
    assert defects(answering(root)) == []


# Before the model is prepared.


def test_words_do_not_wait_for_a_model_that_must_be_prepared(
    make: Make, static_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = make(MANY, name="known")
    KnowledgeBase(known).reindex()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    root = make(MANY)
    watch = Watch()
    told_before: list[list[str]] = []
    watch = at("publishing words", lambda: told_before.append(list(watch.told)))
    KnowledgeBase(root, watch).reindex()
    assert told_before == [[]], "nothing was prepared yet"
    assert f"preparing the model {static_model} (once, about ten seconds)" in watch.told
    assert watch.totals("reading") == [len(MANY)] * 2, "its window was not known"
    assert_same(state_of(root, [SENTENCE]), state_of(known, [SENTENCE]))


def test_a_model_that_cannot_be_loaded_leaves_an_index_by_words_and_exits_with_5(make: Make, kb: Run) -> None:
    root = make(FEW, '[model]\nname = "./no-model"')
    done = kb(root, "reindex")
    said = f"kb: the model './no-model' cannot be loaded: no folder {root / 'no-model'}"
    assert (done.code, done.err.splitlines()[-1]) == (5, said)
    assert answered(kb(root, "search", "--json", SENTENCE))["hits"][0]["id"] == "labels"
    (run,) = Ledger(SnapshotStore(root).ledger).runs()
    assert run.outcome is Outcome.FAILED
    assert run.report
    assert run.report.snapshot == answering(root).manifest.id


# Stopped in between.


@pytest.mark.parametrize(
    ("error", "raised"),
    [(KeyboardInterrupt, KeyboardInterrupt), (partial(OSError, errno.ENOSPC, "No space left on device"), CannotWrite)],
    ids=["Ctrl-C", "a full disk"],
)
def test_what_is_stopped_in_between_answers_by_words_and_the_next_run_goes_on(
    make: Make, kb: Run, error: Callable[[], BaseException], raised: type[BaseException]
) -> None:
    root = make(FEW)
    with pytest.raises(raised):
        KnowledgeBase(root, at("encoding passages", stop(error))).reindex()
    gc.collect()  # what the error's traceback still reads is not removed
    assert is_by_words(root)
    assert defects(answering(root)) == []
    assert answered(kb(root, "search", "--json", SENTENCE))["notes"] == [
        "answered by words only: the meaning of 3 passages is not indexed yet; run `kb reindex`"
    ]
    watch = Watch()
    report = KnowledgeBase(root, watch).reindex()
    assert (watch.totals("reading"), report.encoded, report.published, report.words_snapshot) == ([0], 3, True, None)
    assert (is_by_words(root), complaints(root), SnapshotStore(root).ids()) == (False, [], [report.snapshot])


def test_lessons_that_changed_in_between_are_read_and_the_others_are_not(make: Make) -> None:
    root = make(MANY)
    KnowledgeBase(root).reindex(HURRIED)
    write(root, "labels.md", "# Labels\n\nLetters come back.\n")
    (root / "lessons" / "plans.md").unlink()
    watch = Watch()
    report = KnowledgeBase(root, watch).reindex()
    assert (report.changed, report.removed, watch.totals("reading")) == (1, 1, [1])
    fresh = make(name="fresh")
    for path in (root / "lessons").iterdir():
        write(fresh, path.name, path.read_bytes())
    KnowledgeBase(fresh).reindex()
    assert_same(state_of(root, [SENTENCE]), state_of(fresh, [SENTENCE]))


# A search without an index.


def test_a_search_without_an_index_answers_by_words_and_says_what_is_missing(make: Make, kb: Run) -> None:
    root = make(MANY)
    done = kb(root, "search", "--json", SENTENCE)
    note = "answered by words only: the meaning of 303 passages is not indexed yet; run `kb reindex`"
    assert (done.code, answered(done)["mode"], answered(done)["hits"][0]["id"]) == (0, "lexical", "labels")
    assert answered(done)["notes"] == [note]
    assert f"kb: {note}" in done.err.splitlines()
    assert not [line for line in done.err.splitlines() if "encoding" in line]
    again = kb(root, "search", "--json", SENTENCE)
    assert again.err == f"kb: {note}\n"
    assert kb(root, "reindex").code == 0
    whole = kb(root, "search", "--json", SENTENCE)
    assert (answered(whole)["mode"], whole.err) == ("hybrid", "")


@pytest.mark.parametrize("option", [["--mode", "semantic"], ["--refresh"]], ids=["by meaning", "refreshed"])
def test_a_search_that_asks_for_all_waits_for_all(make: Make, kb: Run, option: list[str]) -> None:
    root = make(MANY)
    done = kb(root, "search", "--json", *option, SENTENCE)
    assert (done.code, answered(done)["notes"], is_by_words(root)) == (0, [], False)


def test_a_first_search_waits_for_the_words_of_another_process_and_not_for_the_rest(
    make: Make, kb_process: Callable[..., list[str]]
) -> None:
    root = make(FEW)
    begun, waits, stopped, answer = Event(), Event(), Event(), Event()

    def act(stage: str) -> None:
        if stage == "publishing words":
            begun.set()
            assert waits.wait(120)
        elif stage == "encoding passages":
            stopped.set()
            assert answer.wait(120)

    with ThreadPoolExecutor(1) as thread:
        building = thread.submit(KnowledgeBase(root, Watch(act)).reindex)
        try:
            assert begun.wait(120)
            pipe = subprocess.PIPE
            command = kb_process("--root", str(root), "search", "--json", SENTENCE)
            process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)
            assert process.stderr
            lines = [process.stderr.readline(), process.stderr.readline()]
            assert lines[1].startswith("kb: waiting for another writer: process"), lines
            waits.set()
            assert stopped.wait(120)
            out, err = process.communicate(timeout=120)
        finally:
            waits.set()
            answer.set()
        assert building.result().published
    assert (process.returncode, json.loads(out)["mode"]) == (0, "lexical"), err
    assert "the meaning of 3 passages is being indexed now" in err


# What is said meanwhile.


class Stopping(Watch):
    """Presses Ctrl-C when more passages are encoded than the three that were known already."""

    encoded = 0

    def advance(self, steps: int = 1) -> None:
        self.encoded += steps if self.stages[-1][0] == "encoding passages" else 0
        if self.encoded > 3:
            raise KeyboardInterrupt


def test_status_and_doctor_say_how_far_it_is(make: Make, kb: Run) -> None:
    root = make(FEW)
    with KnowledgeBase(root).open(Mode.HYBRID):
        pass
    assert json.loads(kb(root, "status", "--json").out)["encoded"] == 3
    for path, text in MANY.items():
        write(root, path, text)
    for snapshot in (root / ".kb" / "snapshots").iterdir():
        edit_manifest(snapshot, format=1)
    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt) as stopped:  # which holds all that was in use when it was raised
        KnowledgeBase(root, Stopping()).reindex()
    assert (threading.active_count(), stopped.type) == (threads, KeyboardInterrupt), "nothing more is encoded"
    found = json.loads(kb(root, "status", "--json").out)
    assert (found["passages"], found["model"], found["freshness"]["state"]) == (303, None, "last run failed")
    assert 3 < found["encoded"] < 303
    row = f"none: words only; {found['encoded']} of 303 passages encoded (run `kb reindex`)"
    assert row in kb(root, "status").out
    (warning,) = [line for line in kb(root, "doctor").out.splitlines() if "by words only" in line]
    assert "its passages are not encoded yet" in warning


def test_the_report_of_a_first_index_says_when_words_answered(make: Make, kb: Run) -> None:
    root = make(FEW)
    assert "- **words answered:** after 0." in kb(root, "reindex", "--report", "-").out
    assert "words answered" not in kb(root, "reindex", "--full", "--report", "-").out


def test_an_index_that_was_left_by_words_is_not_called_fresh(make: Make, kb: Run) -> None:
    root = make(MANY)
    KnowledgeBase(root).reindex(HURRIED)
    assert json.loads(kb(root, "status", "--json").out)["freshness"]["state"] == "by words only"
    assert kb(root, "status", "--max-age", "1h").code == 0
    KnowledgeBase(root).reindex()
    assert json.loads(kb(root, "status", "--json").out)["freshness"]["state"] == "fresh"


def test_nothing_of_a_check_encodes_a_library(make: Make) -> None:
    root = make(MANY)
    KnowledgeBase(root).reindex(HURRIED)
    write(root, "labels.md", "# Labels\n\nOther.\n")
    assert KnowledgeBase(root).index.pending() == len(MANY)
    KnowledgeBase(root).reindex()
    write(root, "labels.md", "# Labels\n\nAnother.\n")
    assert KnowledgeBase(root).index.pending() == 1
