"""A damaged index: readers answer from the newest sound snapshot or say what to do, and the next run mends it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
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
    assert (done.code, done.out) == (5, "")
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
