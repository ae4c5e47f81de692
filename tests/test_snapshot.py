"""Snapshots: published whole or not at all, three kept, and whatever is damaged is said and cured."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import CannotWrite
from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from search.encoder_card import EncoderCard
from search.errors import DamagedIndex
from search.ranking import Mode
from tests.conftest import Make, Run, write

LESSONS: dict[str, str | bytes] = {
    "labels.md": "# Labels\n\nParcels come back with the wrong address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages.\n",
}


def publish(store: SnapshotStore, id_: str, content: str = "content") -> Snapshot:
    """Publish a snapshot of two files."""
    with store.building() as folder:
        (folder / "catalogue.sqlite").write_text(content)
        (folder / "words").mkdir()
        (folder / "words" / "segment").write_text(content)
        return store.publish(store.seal(folder, manifest(id_, describe_files(folder))))


def manifest(id_: str, files: dict[str, tuple[int, str]], encoder: EncoderCard | None = None) -> Manifest:
    return Manifest(
        format=FORMAT,
        id=id_,
        built="2026-01-02T03:04:05+00:00",
        encoder=encoder,
        analyzer="words",
        reading="reading",
        lessons=2,
        passages=3,
        commit=None,
        files=files,
    )


def snapshots(root: Path) -> list[str]:
    """Return the names in the folder of snapshots, half-built ones too."""
    return sorted(path.name for path in (root / ".kb" / "snapshots").iterdir())


def live_folder(root: Path) -> Path:
    return root / ".kb" / "snapshots" / (root / ".kb" / "CURRENT").read_text().strip()


def found(kb: Run, root: Path, query: str) -> list[str]:
    """Return the ids of the lessons that have the words of a query."""
    answer = json.loads(kb(root, "search", "--json", "--mode", "lexical", query).out)
    return [hit["id"] for hit in answer["hits"]]


# The store.


def test_before_anything_is_published_nothing_is_live(tmp_path: Path) -> None:
    assert SnapshotStore(tmp_path).live() is None
    assert not (tmp_path / ".kb").exists()


def test_what_is_published_is_live_and_complete(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    published = publish(store, "20260102T030405Z-aaaaaa")
    live = store.live()
    assert live == published
    assert live is not None
    assert live.folder == tmp_path / ".kb" / "snapshots" / "20260102T030405Z-aaaaaa"
    assert sorted(live.manifest.files) == ["catalogue.sqlite", "words/segment"]
    assert live.size == 2 * len("content")
    assert live.built.isoformat() == "2026-01-02T03:04:05+00:00"
    live.verify("catalogue.sqlite")
    live.verify("words")
    assert (tmp_path / ".kb" / "CURRENT").read_text() == "20260102T030405Z-aaaaaa\n"
    assert sorted(path.name for path in (tmp_path / ".kb").iterdir()) == [".gitignore", "CURRENT", "snapshots"]


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
    written = manifest("1", {"words/a b": (3, "digest")}, card)
    written.write(tmp_path)
    assert Manifest.read(tmp_path) == written


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    for id_ in "12345":
        publish(store, id_)
    assert snapshots(tmp_path) == ["3", "4", "5"]


def test_the_live_one_is_kept_even_when_the_clock_went_back(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    for id_ in "7891":
        publish(store, id_)
    assert snapshots(tmp_path) == ["1", "8", "9"]
    live = store.live()
    assert live is not None
    assert live.manifest.id == "1"


def test_a_reader_keeps_what_it_opened_whatever_is_published(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    reader = KnowledgeBase(root).searcher()
    assert reader is not None
    write(root, "labels.md", "# Barcodes\n\nNo more labels.\n")
    assert kb(root, "reindex").code == 0
    answer = reader.search(reader.parse("parcels"), mode=Mode.LEXICAL, limit=5)
    assert [(result.lesson.title, result.best.snippet.text) for result in answer.results] == [
        ("Labels", "Parcels come back with the wrong address.")
    ]
    reader.close()
    assert found(kb, root, "parcels") == []


def break_off(store: SnapshotStore, error: BaseException) -> None:
    with store.building() as folder:
        (folder / "words").mkdir()
        (folder / "words" / "half").write_text("a segm")
        raise error


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(KeyboardInterrupt("stop"), id="Ctrl-C"),
        pytest.param(RuntimeError("stop"), id="a bug"),
        pytest.param(MemoryError("stop"), id="no memory"),
    ],
)
def test_a_build_that_is_broken_off_leaves_nothing_behind(tmp_path: Path, error: BaseException) -> None:
    store = SnapshotStore(tmp_path)
    publish(store, "1")
    with pytest.raises(type(error), match="stop"):
        break_off(store, error)
    assert snapshots(tmp_path) == ["1"]
    live = store.live()
    assert live is not None
    assert live.manifest.id == "1"


def test_a_full_disk_is_an_error_for_people_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    publish(store, "1")
    said = re.escape("words/segment: no space left on device; the index is as it was")
    with pytest.raises(CannotWrite, match=f"^{said}$"), store.building():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "words/segment")
    assert snapshots(tmp_path) == ["1"]


def test_a_folder_that_cannot_be_made_is_named_and_exits_with_3(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    (root / ".kb").mkdir()
    (root / ".kb" / "snapshots").write_text("in the way")
    done = kb(root, "reindex")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-1] == f"kb: {root / '.kb'}: file exists; the index cannot be written"


# What a published index holds.


def test_the_manifest_vouches_for_every_file(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    live = SnapshotStore(root).live()
    assert live is not None
    assert live.manifest.files == {
        name: entry for name, entry in describe_files(live.folder).items() if name != "manifest.json"
    }
    assert live.manifest.lessons == 2
    for part in ("catalogue.sqlite", "postings", "vectors.faiss", "words"):
        live.verify(part)


# Other formats.


def edit_manifest(root: Path, **values: object) -> None:
    file = live_folder(root) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


READERS = (["search", "parcels"], ["search", "--json", "parcels"], ["show", "labels"], ["list"], ["status"])


def test_a_newer_format_is_left_alone_until_a_full_rebuild_is_asked_for(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    edit_manifest(root, format=FORMAT + 1, further={"unknown": "to this kb"})
    folder = live_folder(root)
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


def test_an_older_format_is_rebuilt_by_the_next_reindex(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    edit_manifest(root, format=FORMAT - 1)
    said = f"kb: the index in {live_folder(root)} has the older format {FORMAT - 1}; run `kb reindex`\n"
    for command in READERS:
        done = kb(root, *command)
        assert (done.code, done.out, done.err) == (5, "", said)
    done = kb(root, "reindex", "--json")
    assert done.code == 0
    assert json.loads(done.out)["encoded"] == 0
    assert found(kb, root, "parcels") == ["labels"]


# Damage.


def cut(path: Path) -> None:
    """Take the last byte away."""
    data = path.read_bytes()
    path.write_bytes(data[:-1])


def flip(path: Path) -> None:
    """Change one byte near the end, where the data are."""
    data = bytearray(path.read_bytes())
    data[-3] ^= 0xFF
    path.write_bytes(data)


def segment(folder: Path) -> Path:
    return next((folder / "words").glob("*.seg"))


Damage = Callable[[Path], object]
VISIBLE_DAMAGE: dict[str, Damage] = {
    "manifest missing": lambda folder: (folder / "manifest.json").unlink(),
    "manifest empty": lambda folder: (folder / "manifest.json").write_bytes(b""),
    "manifest cut": lambda folder: cut(folder / "manifest.json"),
    "manifest of zeros": lambda folder: (folder / "manifest.json").write_bytes(b"\0" * 800),
    "manifest without files": lambda folder: (folder / "manifest.json").write_text(f'{{"format": {FORMAT}}}'),
    "catalogue missing": lambda folder: (folder / "catalogue.sqlite").unlink(),
    "catalogue cut": lambda folder: cut(folder / "catalogue.sqlite"),
    "postings cut": lambda folder: cut(folder / "postings" / "docs.npy"),
    "postings missing": lambda folder: (folder / "postings" / "terms.txt").unlink(),
    "vectors cut": lambda folder: cut(folder / "vectors.faiss"),
    "vectors empty": lambda folder: (folder / "vectors.faiss").write_bytes(b""),
    "words cut": lambda folder: cut(segment(folder)),
    "words missing": lambda folder: segment(folder).unlink(),
}


@pytest.mark.parametrize("damage", VISIBLE_DAMAGE.values(), ids=VISIBLE_DAMAGE)
def test_damage_stops_readers_with_exit_5_and_a_cure_and_reindex_repairs_it(
    make: Make, kb: Run, damage: Damage
) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    folder = live_folder(root)
    damage(folder)
    for command in READERS:
        done = kb(root, *command)
        assert (done.code, done.out) == (5, "")
        assert re.fullmatch(rf"kb: .*{re.escape(str(folder))}.*run `kb reindex`\n", done.err), done.err
    done = kb(root, "reindex", "--json")
    assert done.code == 0
    assert "the index is damaged" in done.err
    report = json.loads(done.out)
    assert (report["lessons"], report["published"], report["encoded"]) == (2, True, 0)
    assert found(kb, root, "parcels") == ["labels"]
    assert found(kb, root, '"forty languages"') == ["plans"]
    assert kb(root, "status").code == 0


POINTERS = {"nothing": "", "a blank": " \n", "no snapshot": "20260102T030405Z-aaaaaa\n", "a path": "../../elsewhere\n"}


@pytest.mark.parametrize("text", [*POINTERS.values()], ids=[*POINTERS])
def test_a_pointer_that_names_no_snapshot_is_damage_too(make: Make, kb: Run, text: str) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    (root / ".kb" / "CURRENT").write_text(text)
    for command in READERS:
        done = kb(root, *command)
        assert (done.code, done.out) == (5, "")
        assert re.fullmatch(r"kb: .*\.kb.*run `kb reindex`\n", done.err), done.err
    done = kb(root, "reindex", "--json")
    assert (done.code, json.loads(done.out)["encoded"]) == (0, 0)
    assert found(kb, root, "parcels") == ["labels"]


def test_a_pointer_that_cannot_be_read_is_cured_by_a_full_rebuild_once_it_is_out_of_the_way(
    make: Make, kb: Run
) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    pointer = root / ".kb" / "CURRENT"
    pointer.unlink()
    pointer.mkdir()
    done = kb(root, "search", "parcels")
    assert (done.code, done.out) == (5, "")
    assert re.fullmatch(rf"kb: {re.escape(str(pointer))} cannot be read \(.*\); run `kb reindex --full`\n", done.err)
    pointer.rmdir()
    assert kb(root, "reindex", "--full").code == 0
    assert found(kb, root, "parcels") == ["labels"]


@pytest.mark.parametrize("part", ["catalogue.sqlite", "words", "vectors.faiss", "postings/docs.npy"])
def test_a_byte_that_changed_unseen_is_noticed_before_anything_is_built_on_it(make: Make, kb: Run, part: str) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    folder = live_folder(root)
    flip(segment(folder) if part == "words" else folder / part)
    write(root, "third.md", "# Third\n\nA zebra.\n")
    done = kb(root, "reindex", "--json")
    assert done.code == 0
    assert "the index is damaged" in done.err
    assert json.loads(done.out)["lessons"] == 3
    live = SnapshotStore(root).live()
    assert live is not None
    for name in live.manifest.files:
        live.verify(name)
    assert [found(kb, root, query) for query in ("parcels", "zebra", '"forty languages"')] == [
        ["labels"],
        ["third"],
        ["plans"],
    ]


@pytest.mark.parametrize("part", ["catalogue.sqlite", "vectors.faiss", "postings/docs.npy", "postings/first.npy"])
def test_a_byte_that_changed_unseen_never_breaks_a_reader_without_a_word(make: Make, kb: Run, part: str) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    folder = live_folder(root)
    whole = (folder / part).read_bytes()
    for place in range(len(whole) - 40, len(whole), 3):
        (folder / part).write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        for command in (["search", "parcels"], ["list"], ["show", "labels"]):
            done = kb(root, *command)
            assert done.code in (0, 1, 5)
            if done.code == 5:
                assert re.fullmatch(rf"kb: .*{re.escape(str(folder))}.*; run `kb reindex`\n", done.err), done.err


def test_no_pickle_is_loaded_that_the_digest_does_not_vouch_for(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    path = segment(live_folder(root))
    flip(path)
    done = kb(root, "search", '"wrong address"')
    assert (done.code, done.out) == (5, "")
    assert re.fullmatch(rf"kb: .*{re.escape(str(path))} is not what was written; run `kb reindex`\n", done.err)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_part_of_a_manifest_is_taken_for_the_whole(tmp_path: Path, data: st.DataObject) -> None:
    manifest("1", {"catalogue.sqlite": (7, "digest"), "words/segment": (7, "digest")}).write(tmp_path)
    whole = (tmp_path / "manifest.json").read_bytes()
    length = data.draw(st.integers(0, len(whole) - 1))
    (tmp_path / "manifest.json").write_bytes(whole[:length])
    with pytest.raises(DamagedIndex, match="no whole manifest"):
        Manifest.read(tmp_path)


def test_the_index_may_be_deleted_at_any_time(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
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
