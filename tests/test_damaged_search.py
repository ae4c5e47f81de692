"""A damaged index: readers answer from the newest sound snapshot or say what to do, and the next run mends it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kb.index.manifest import FORMAT
from kb.index.store import SnapshotStore
from tests.conftest import Make, Run, write
from tests.snapshots import LESSONS, cut, flip, found, live_folder, pointer, segment

READERS = (["search", "parcels"], ["search", "--json", "parcels"], ["show", "labels"], ["list"], ["similar", "labels"])

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
    "vectors cut": lambda folder: cut(folder / "vectors" / "index.faiss"),
    "vectors empty": lambda folder: (folder / "vectors" / "index.faiss").write_bytes(b""),
    "words cut": lambda folder: cut(segment(folder)),
    "words missing": lambda folder: segment(folder).unlink(),
}
# All that a reader cannot see without comparing digests.
PARTS = ["catalogue.sqlite", "vectors/index.faiss", "vectors/keys.npy", "postings/docs.npy", "postings/first.npy"]


def flip_part(folder: Path, part: str) -> None:
    flip(segment(folder) if part == "words" else folder / part)


@pytest.mark.parametrize("damage", VISIBLE_DAMAGE.values(), ids=VISIBLE_DAMAGE)
def test_damage_of_the_only_index_stops_readers_with_exit_5_and_a_cure_and_reindex_repairs_it(
    make: Make, kb: Run, damage: Damage
) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    folder = live_folder(root)
    damage(folder)
    for command in (*READERS, ["status"]):
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


@pytest.mark.parametrize("part", ["words", *PARTS])
def test_a_byte_that_changed_unseen_is_noticed_before_anything_is_built_on_it(make: Make, kb: Run, part: str) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    flip_part(live_folder(root), part)
    write(root, "third.md", "# Third\n\nA zebra.\n")
    done = kb(root, "reindex", "--json")
    assert done.code == 0
    assert "the index is damaged" in done.err
    assert json.loads(done.out)["lessons"] == 3
    live = SnapshotStore(root).live()
    assert live is not None
    live.verify()
    assert [found(kb, root, query) for query in ("parcels", "zebra", '"forty languages"')] == [
        ["labels"],
        ["third"],
        ["plans"],
    ]


@pytest.mark.parametrize("part", PARTS)
def test_a_byte_that_changed_unseen_never_breaks_a_reader_without_a_word(make: Make, kb: Run, part: str) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    folder = live_folder(root)
    whole = (folder / part).read_bytes()
    for place in range(len(whole) - 40, len(whole), 3):
        flip(folder / part, place)
        for command in (["search", "parcels"], ["list"], ["show", "labels"]):
            done = kb(root, *command)
            assert done.code in (0, 1, 5)
            if done.code == 5:
                assert re.fullmatch(rf"kb: .*{re.escape(str(folder))}.*; run `kb reindex`\n", done.err), done.err
        (folder / part).write_bytes(whole)


def test_no_pickle_is_loaded_that_the_digest_does_not_vouch_for(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    path = segment(live_folder(root))
    flip(path)
    done = kb(root, "search", '"wrong address"')
    assert (done.code, done.out) == (5, "")
    assert re.fullmatch(rf"kb: .*{re.escape(str(path))} is not what was written; run `kb reindex`\n", done.err)


# Where an earlier snapshot is sound.


@pytest.fixture
def root(make: Make, kb: Run) -> Path:
    """Two snapshots; the live one has a lesson more."""
    root = make(LESSONS)
    kb(root, "reindex")
    write(root, "third.md", "# Third\n\nA zebra.\n")
    kb(root, "reindex")
    assert found(kb, root, "zebra") == ["third"]
    return root


HIDDEN_DAMAGE: dict[str, Damage] = {f"{part} flipped": partial(flip_part, part=part) for part in ["words", *PARTS]}


@pytest.mark.parametrize(
    "damage", [*VISIBLE_DAMAGE.values(), *HIDDEN_DAMAGE.values()], ids=[*VISIBLE_DAMAGE, *HIDDEN_DAMAGE]
)
def test_a_search_over_a_damaged_index_is_answered_from_the_newest_sound_one(
    root: Path, kb: Run, damage: Damage
) -> None:
    folder = live_folder(root)
    damage(folder)
    done = kb(root, "search", "--json", "parcels")
    answer = json.loads(done.out)
    assert (done.code, [hit["id"] for hit in answer["hits"]][:1]) == (0, ["labels"])
    assert (answer["index"]["lessons"], answer["index"]["snapshot"]) == (2, SnapshotStore(root).ids()[0])
    note = re.escape(f"the index is damaged ({folder}")
    (said,) = answer["notes"]
    assert re.fullmatch(rf"{note}.*\): answered from the one built \S+; run `kb reindex`", said)
    assert done.err.splitlines()[0] == f"kb: {said}"


@pytest.mark.parametrize(
    "damage", [*VISIBLE_DAMAGE.values(), *HIDDEN_DAMAGE.values()], ids=[*VISIBLE_DAMAGE, *HIDDEN_DAMAGE]
)
def test_the_next_run_builds_on_the_sound_one_and_encodes_nothing_again(root: Path, kb: Run, damage: Damage) -> None:
    folder = live_folder(root)
    damage(folder)
    done = kb(root, "reindex", "--json")
    report = json.loads(done.out)
    assert (done.code, report["encoded"], report["published"], report["lessons"]) == (0, 0, True, 3)
    assert f"building a new one on top of {SnapshotStore(root).ids()[0]}" in done.err
    assert live_folder(root) != folder
    assert [found(kb, root, word) for word in ("parcels", "zebra")] == [["labels"], ["third"]]
    assert kb(root, "list").err == ""


def test_every_reader_says_once_that_the_index_is_damaged(root: Path, kb: Run) -> None:
    cut(live_folder(root) / "catalogue.sqlite")
    for command in READERS:
        done = kb(root, *command)
        assert done.code == 0
        assert done.err.count("the index is damaged") == 1, command
        assert "Traceback" not in done.err


def test_a_new_index_is_published_though_nothing_has_changed_since_the_sound_one(root: Path, kb: Run) -> None:
    (root / "lessons" / "third.md").unlink()
    cut(live_folder(root) / "postings" / "docs.npy")
    done = kb(root, "reindex", "--json")
    report = json.loads(done.out)
    assert (done.code, report["published"], report["lessons"], report["encoded"]) == (0, True, 2, 0)
    assert kb(root, "list").err == ""


def test_nothing_sound_is_exit_5_with_the_damage_of_the_live_one(root: Path, kb: Run) -> None:
    for id_ in SnapshotStore(root).ids():
        cut(root / ".kb" / "snapshots" / id_ / "catalogue.sqlite")
    for command in READERS:
        done = kb(root, *command)
        assert (done.code, done.out) == (5, "")
        assert re.fullmatch(rf"kb: .*{re.escape(str(live_folder(root)))}.*; run `kb reindex`\n", done.err), done.err
    done = kb(root, "reindex", "--json")
    assert (done.code, json.loads(done.out)["encoded"]) == (0, 0)
    assert found(kb, root, "zebra") == ["third"]


# The pointer.

POINTERS = {"nothing": "", "a blank": " \n", "no snapshot": "20260102T030405Z-aaaaaa\n", "a path": "../../elsewhere\n"}


@pytest.mark.parametrize("text", [*POINTERS.values()], ids=[*POINTERS])
def test_a_pointer_that_names_no_snapshot_is_damage_from_which_the_newest_sound_one_helps(
    make: Make, kb: Run, text: str
) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    pointer(root).write_text(text)
    for command in READERS:
        done = kb(root, *command)
        assert done.code == 0
        assert re.match(
            r"kb: the index is damaged \(.*\.kb.*\): answered from the one built .*; run `kb reindex`\n", done.err
        )
    done = kb(root, "status")
    assert done.code == 5
    assert "the index is damaged" in done.out
    done = kb(root, "reindex", "--json")
    assert (done.code, json.loads(done.out)["encoded"]) == (0, 0)
    assert found(kb, root, "parcels") == ["labels"]
    assert kb(root, "list").err == ""


def test_a_pointer_that_cannot_be_read_is_named_until_it_is_out_of_the_way(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    kb(root, "reindex")
    pointer(root).unlink()
    pointer(root).mkdir()
    done = kb(root, "search", "parcels")
    assert done.code == 0
    assert done.err.startswith(f"kb: the index is damaged ({pointer(root)} cannot be read (")
    done = kb(root, "reindex")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-1] == f"kb: {pointer(root)}: is a directory; the index is as it was"
    pointer(root).rmdir()
    assert kb(root, "reindex").code == 0
    assert found(kb, root, "parcels") == ["labels"]
    assert kb(root, "list").err == ""
