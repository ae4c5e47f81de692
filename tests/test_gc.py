"""kb gc: what nothing names goes, what anything names stays."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.knowledge_base import KnowledgeBase
from kb.reindex import named_vectors
from kb.reindex.ledger import Ledger, Outcome
from kb.reindex.reindex import Orders
from kb.system.disk import size_of
from kb.system.user_cache import collections_folder
from search.semantic.cache import VectorCache, text_key
from tests.aged import ANSWER, make_aged
from tests.conftest import Make, Run, write
from tests.snapshots import flip, live_folder, pointer, publish, snapshots


def rows(root: Path) -> int:
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        return len(cache)


def one_night(root: Path) -> None:
    """Edit a lesson and reindex."""
    write(root, "labels.md", "# Labels\n\nParcels have wings now.\n")
    KnowledgeBase(root).reindex()


@pytest.fixture(scope="module")
def aged(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_aged(tmp_path_factory.mktemp("aged") / "base", static_model)


@pytest.fixture
def root(aged: Path, tmp_path: Path) -> Path:
    """A knowledge base with three snapshots, and one vector that stands in none."""
    return shutil.copytree(aged, tmp_path / "base")


def gc(kb: Run, root: Path, *options: str) -> dict[str, Any]:
    done = kb(root, "gc", "--json", *options)
    assert done.code == 0, done
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_vectors_of_texts_that_are_gone_go_and_all_others_stay(root: Path, kb: Run) -> None:
    before = rows(root)
    found = gc(kb, root)
    assert (found["vectors"], found["vectors_kept"], found["note"]) == (1, before - 1, "")
    assert rows(root) == before - 1
    assert gc(kb, root)["vectors"] == 0


def test_after_it_a_full_reindex_encodes_nothing(root: Path, kb: Run) -> None:
    gc(kb, root)
    assert json.loads(kb(root, "reindex", "--full", "--json").out)["encoded"] == 0


def test_what_lessons_answer_is_not_encoded_again_either(root: Path, kb: Run) -> None:
    gc(kb, root)
    card = live_card(root)
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        known = cache.find(f"{card}:query", [ANSWER], 48, unit_length=True)
    assert list(known) == [0]


def live_card(root: Path) -> str:
    live = SnapshotStore(root).live()
    assert live
    assert live.manifest.encoder
    return live.manifest.encoder.fingerprint


def test_one_can_still_go_back_and_encode_nothing(root: Path, kb: Run) -> None:
    gc(kb, root)
    kb(root, "rollback", snapshots(root)[0])
    write(root, "labels.md", "# Labels\n\nParcels have stickers now.\n")
    assert json.loads(kb(root, "reindex", "--full", "--json").out)["encoded"] == 0


def test_vectors_of_another_model_go(root: Path, kb: Run) -> None:
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        cache.add("another", ["# Labels"], np.ones((1, 48), np.float32))
    assert gc(kb, root)["vectors"] == 2


def test_the_disk_has_back_what_went(root: Path, kb: Run) -> None:
    store = SnapshotStore(root)
    with closing(VectorCache(store.vector_cache)) as cache:
        cache.add("another", [f"text {number}" for number in range(200)], np.ones((200, 48), np.float32))
    before = size_of(store.vector_cache)
    said = gc(kb, root)
    assert said["bytes"] == before - size_of(store.vector_cache) > 200 * 48 * 4


def test_a_dry_run_says_the_same_and_removes_nothing(root: Path, kb: Run) -> None:
    store = SnapshotStore(root)
    (store.folder / "snapshots" / ".building-1").mkdir()
    (store.folder / "snapshots" / ".building-1" / "half").write_bytes(b"x" * 5000)
    publish(store, "19990101T000000Z-aaaaaa")
    pointer(root).write_text(snapshots(root)[-1] + "\n")
    before = size_of(store.folder), rows(root), snapshots(root)
    would = gc(kb, root, "--dry-run")
    assert (size_of(store.folder), rows(root), snapshots(root)) == before
    did = gc(kb, root)
    assert (would.pop("removed"), did.pop("removed")) == (False, True)
    assert would.pop("bytes") > 5000
    assert did.pop("bytes") > 5000
    assert would == did
    assert (did["snapshots"], did["leftovers"], did["vectors"]) == (["19990101T000000Z-aaaaaa"], 1, 1)
    assert size_of(store.folder) < before[0] - 5000
    assert len(snapshots(root)) == 3


def test_a_snapshot_that_is_being_read_stays_and_that_is_said(root: Path, kb: Run) -> None:
    oldest = SnapshotStore(root).open(snapshots(root)[0])
    one_night(root)
    done = kb(root, "gc")
    assert f"snapshot {oldest.manifest.id}: stays, it is being read\n" in done.out
    assert oldest.folder.is_dir()
    oldest.hold.release()
    assert gc(kb, root)["snapshots"] == [oldest.manifest.id]
    assert not oldest.folder.exists()


def test_people_read_what_went_and_how_much_it_was(root: Path, kb: Run) -> None:
    would = kb(root, "gc", "--dry-run").out.splitlines()
    assert would[0] == "vectors of texts that are gone: 1 (7 stay)"
    assert would[1].startswith("would free ")
    assert kb(root, "gc").out.splitlines()[0] == would[0]
    assert kb(root, "gc").out == "freed 0 B\n"


# What a stopped run encoded is named by nothing yet.


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.INTERRUPTED, Outcome.REFUSED, None])
def test_what_a_stopped_run_encoded_waits_for_the_next_one(root: Path, kb: Run, outcome: Outcome | None) -> None:
    before = rows(root)
    ledger = Ledger(SnapshotStore(root).ledger)
    run = ledger.begin(Writer("elsewhere", 1, 0.0, "somebody", "2026-01-01T00:00:00+00:00"))
    if outcome:
        ledger.end(run, outcome)
    kb(root, "rollback")
    assert "it encoded is kept for the next one" in gc(kb, root)["note"]
    assert rows(root) == before
    kb(root, "reindex")
    assert gc(kb, root)["vectors"] == 2, "a snapshot more has gone"


def test_before_the_first_index_nothing_is_spared(root: Path, kb: Run) -> None:
    shutil.rmtree(root / ".kb" / "snapshots")
    pointer(root).unlink()
    before = rows(root)
    assert gc(kb, root)["note"].startswith("no index with vectors is live yet")
    assert rows(root) == before


def test_a_live_index_that_is_damaged_stops_it(root: Path, kb: Run) -> None:
    before = rows(root)
    flip(live_folder(root) / "vectors" / "keys.npy")
    done = kb(root, "gc")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert rows(root) == before


def test_an_earlier_snapshot_that_is_damaged_names_nothing(root: Path, kb: Run) -> None:
    flip(root / ".kb" / "snapshots" / snapshots(root)[0] / "vectors" / "keys.npy")
    assert gc(kb, root)["vectors"] == 2


def test_where_there_is_no_index_that_is_said(make: Make, kb: Run) -> None:
    done = kb(make(), "gc")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert "run `kb reindex`" in done.err


def test_another_writer_is_not_disturbed(root: Path, kb: Run) -> None:
    with WriterLock(SnapshotStore(root).lock).held():
        assert kb(root, "gc").code == 4
        waited = kb(root, "gc", "--wait", "0.01")
    assert (waited.code, waited.err.startswith("kb: waiting for another writer: ")) == (4, True)


def test_a_cache_without_vectors_has_none_to_lose(root: Path, kb: Run) -> None:
    store = SnapshotStore(root)
    store.vector_cache.unlink()
    VectorCache(store.vector_cache).close()
    assert gc(kb, root, "--dry-run")["vectors"] == 0


def test_stopped_midway_it_has_removed_all_orphans_or_none(root: Path) -> None:
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        before = len(cache)

        def broken() -> Iterator[bytes]:
            yield text_key("one")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            cache.keep_only({"model": broken()})
        assert len(cache) == before


KEYS = st.sets(st.integers(0, 30).map(lambda number: f"text {number}"))


@settings(max_examples=30, deadline=None)
@given(
    kept=st.dictionaries(st.sampled_from(["one", "two"]), KEYS),
    named=st.dictionaries(st.sampled_from(["one", "two"]), KEYS),
)
def test_exactly_what_is_named_stays(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, set[str]], named: dict[str, set[str]]
) -> None:
    with closing(VectorCache(tmp_path_factory.mktemp("cache") / "vectors.sqlite")) as cache:
        for fingerprint, texts in kept.items():
            cache.add(fingerprint, sorted(texts), np.ones((len(texts), 2), np.float32))
        keys = {fingerprint: {text_key(text) for text in texts} for fingerprint, texts in named.items()}
        gone = sum(len(texts - named.get(fingerprint, set())) for fingerprint, texts in kept.items())
        assert cache.orphans(keys) == gone
        assert cache.keep_only(keys) == gone
        for fingerprint, texts in kept.items():
            order = sorted(texts)
            there = {order[position] for position in cache.find(fingerprint, order, 2, unit_length=False)}
            assert there == texts & named.get(fingerprint, set())


def test_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    with closing(VectorCache(path)) as cache:
        texts = [f"text {number}" for number in range(500)]
        cache.add("model", texts, np.ones((500, 48), np.float32))
        before = path.stat().st_size
        cache.keep_only({"model": [text_key("text 7")]})
        cache.shrink()
        assert list(cache.find("model", texts, 48, unit_length=False)) == [7]
    assert path.stat().st_size < before / 5


# A reindex does it by itself, when it is worth it.


def test_a_reindex_that_publishes_drops_orphans_when_they_are_most_of_the_cache(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_vectors, "MANY", 20)
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        cache.add("another", [f"text {number}" for number in range(30)], np.ones((30, 48), np.float32))
    assert KnowledgeBase(root).reindex(Orders(full=True)).published
    assert rows(root) <= 7
    assert KnowledgeBase(root).reindex(Orders(full=True)).encoded == 0


@pytest.mark.parametrize(("orphans", "many"), [(30, 40), (5, 1)], ids=["few", "less than half"])
def test_a_few_orphans_are_not_worth_it(root: Path, monkeypatch: pytest.MonkeyPatch, orphans: int, many: int) -> None:
    monkeypatch.setattr(named_vectors, "MANY", many)
    KnowledgeBase(root).upkeep.collect_garbage()
    with closing(VectorCache(SnapshotStore(root).vector_cache)) as cache:
        cache.add("another", [f"text {number}" for number in range(orphans)], np.ones((orphans, 48), np.float32))
    before = rows(root)
    assert KnowledgeBase(root).reindex(Orders(full=True)).published
    assert rows(root) == before


def test_a_cache_that_is_no_database_fails_no_run(root: Path, kb: Run) -> None:
    SnapshotStore(root).vector_cache.write_bytes(b"no database" * 1000)
    assert kb(root, "reindex", "--full").code == 0


def test_a_cache_that_is_locked_fails_no_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(SnapshotStore(root).vector_cache)) as other:
        monkeypatch.setattr(named_vectors, "MANY", 0)
        monkeypatch.setattr("search.semantic.cache.PATIENCE", 0.01)
        other.execute("BEGIN EXCLUSIVE")
        assert named_vectors.drop_many_orphans(SnapshotStore(root)) == 0


# The user's own cache.


def test_test_collections_are_counted_and_go_only_when_asked(root: Path, kb: Run) -> None:
    folder = collections_folder()
    (folder / "cranfield-1").mkdir(parents=True)
    (folder / "cranfield-1" / "kb.toml").write_text("#" * 2000)
    assert kb(root, "gc").out.endswith("of test collections in this user's cache: not removed; --collections does\n")
    kb(root, "gc", "--collections", "--dry-run")
    assert (folder / "cranfield-1").is_dir()
    assert gc(kb, root, "--collections")["collections"] >= 2000
    assert not folder.exists()
