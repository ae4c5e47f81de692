"""A snapshot: its manifest vouches for every file, and other formats are told from damage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request
from search.errors import DamagedIndex
from search.models.encoder_card import EncoderCard
from search.query.mode import Mode
from tests.conftest import Make, Run, write
from tests.snapshots import LESSONS, edit_manifest, found, live_folder, manifest

READERS = (["search", "parcels"], ["search", "--json", "parcels"], ["show", "labels"], ["list"], ["status"])


def test_a_manifest_says_again_what_was_written(tmp_path: Path) -> None:
    card = EncoderCard(
        model="own",
        stamp="stamp",
        fingerprint="fingerprint",
        dimension=48,
        max_tokens=256,
        query_prompt="query: ",
        passage_prompt="passage: ",
        normalizes=True,
        special_tokens=True,
        inputs=("input_ids", "attention_mask"),
    )
    written = manifest("1", {"postings/docs.npy": (3, "digest")}, card)
    written.write(tmp_path)
    assert Manifest.read(tmp_path) == written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_part_of_a_manifest_is_taken_for_the_whole(tmp_path: Path, data: st.DataObject) -> None:
    manifest("1", {"catalogue.sqlite": (7, "digest"), "postings/segment.npy": (7, "digest")}).write(tmp_path)
    whole = (tmp_path / "manifest.json").read_bytes()
    length = data.draw(st.integers(0, len(whole) - 1))
    (tmp_path / "manifest.json").write_bytes(whole[:length])
    with pytest.raises(DamagedIndex, match="no complete manifest"):
        Manifest.read(tmp_path)


def test_the_manifest_vouches_for_every_file(indexed: Make) -> None:
    root = indexed(LESSONS)
    live = SnapshotStore(root).live()
    assert live is not None
    assert live.manifest.files == describe_files(live.folder)
    assert "manifest.json" not in live.manifest.files
    assert live.manifest.lessons == 2
    for part in ("", "catalogue.sqlite", "postings", "vectors", "words"):
        live.verify(part)


def test_a_reader_keeps_what_it_opened_whatever_is_published(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    reader = KnowledgeBase(root).index.searcher()
    assert reader is not None
    write(root, "labels.md", "# Barcodes\n\nNo more labels.\n")
    assert kb(root, "reindex").code == 0
    answer = reader.ask(Request("parcels", mode=Mode.LEXICAL))
    assert [(result.lesson.title, result.best.snippet.text) for result in answer.results] == [
        ("Labels", "Parcels come back with the wrong address.")
    ]
    reader.close()
    assert found(kb, root, "parcels") == []


def test_the_index_may_be_deleted_at_any_time(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    before = kb(root, "search", "--json", "--all", "wrong address")
    for path in sorted((root / ".kb").rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    (root / ".kb").rmdir()
    assert kb(root, "status").code == 5
    after = kb(root, "search", "--json", "--all", "wrong address")
    assert json.loads(after.out)["hits"] != []
    assert "kb: there is no index yet: building it first" in after.err.splitlines()
    assert json.loads(after.out)["hits"] == json.loads(before.out)["hits"]


# Other formats.


def test_a_newer_format_is_left_alone_until_a_full_rebuild_is_asked_for(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    folder = live_folder(root)
    edit_manifest(folder, format=FORMAT + 1, further={"unknown": "to this kb"})
    said = (
        f"kb: the index in {folder} has format {FORMAT + 1}, this kb reads {FORMAT}; "
        "update kb, or let `kb reindex --full` build one that this kb reads\n"
    )
    for command in (*READERS, ["reindex"]):
        done = kb(root, *command)
        assert (done.code, done.out, done.err) == (5, "", said)
    assert live_folder(root) == folder
    done = kb(root, "reindex", "--full")
    assert (done.code, done.out.split(";")[0]) == (0, "2 added, 0 changed, 0 removed, 0 unchanged")
    assert found(kb, root, "parcels") == ["labels"]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_a_small_index_of_an_older_format_is_rebuilt_by_the_next_search(indexed: Make, kb: Run, mode: str) -> None:
    root = indexed(LESSONS)
    older = live_folder(root)
    edit_manifest(older, format=FORMAT - 1)
    done = kb(root, "search", "--mode", mode, "parcels")
    assert done.code == 0
    assert done.err.startswith(f"kb: the index in {older} has the older format {FORMAT - 1}: building it again first\n")
    assert "Labels" in done.out
    assert live_folder(root) != older
    assert kb(root, "search", "parcels").err == ""


def test_a_large_index_of_an_older_format_is_left_to_a_reindex(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    edit_manifest(live_folder(root), format=FORMAT - 1, lessons=501)
    done = kb(root, "search", "parcels")
    assert (done.code, done.out) == (5, "")
    assert done.err.endswith("; run `kb reindex`\n")


def test_an_older_format_is_rebuilt_by_the_next_reindex(indexed: Make, kb: Run) -> None:
    root = indexed(LESSONS)
    edit_manifest(live_folder(root), format=FORMAT - 1)
    said = f"kb: the index in {live_folder(root)} has the older format {FORMAT - 1}; run `kb reindex`\n"
    for command in READERS:
        if command[0] != "search":
            done = kb(root, *command)
            assert (done.code, done.out, done.err) == (5, "", said)
    done = kb(root, "reindex", "--json")
    assert done.code == 0
    assert json.loads(done.out)["encoded"] == 0
    assert found(kb, root, "parcels") == ["labels"]
