"""A damaged index: readers answer from the newest sound snapshot or say what to do, and the next run mends it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kb.index.manifest import FORMAT
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from tests.conftest import Run, write
from tests.snapshots import LESSONS, cut, flip, found, live_folder, pointer

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
    "postings missing": lambda folder: (folder / "postings" / "terms.npy").unlink(),
    "vectors cut": lambda folder: cut(folder / "vectors" / "rows.npy"),
    "vectors empty": lambda folder: (folder / "vectors" / "rows.npy").write_bytes(b""),
}
# All that a reader cannot see without comparing digests.
PARTS = [
    "catalogue.sqlite",
    "outline/paths.npy",
    "vectors/rows.npy",
    "vectors/keys.npy",
    "postings/docs.npy",
    "postings/first.npy",
]


def flip_part(folder: Path, part: str) -> None:
    flip(folder / part)


@pytest.fixture(scope="module")
def nights(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A knowledge base after its first night, and after a second with a lesson more."""
    first, second = (tmp_path_factory.mktemp("nights") / name for name in ("first", "second"))
    (first / "lessons").mkdir(parents=True)
    (first / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    for path, text in LESSONS.items():
        write(first, path, text)
    KnowledgeBase(first).reindex()
    shutil.copytree(first, second)
    write(second, "third.md", "# Third\n\nA zebra.\n")
    KnowledgeBase(second).reindex()
    return first, second


@pytest.fixture
def alone(nights: tuple[Path, Path], tmp_path: Path) -> Path:
    """A knowledge base of two lessons with the only index it ever had."""
    return shutil.copytree(nights[0], tmp_path / "base")


@pytest.mark.parametrize("damage", VISIBLE_DAMAGE.values(), ids=VISIBLE_DAMAGE)
def test_damage_of_the_only_index_stops_readers_with_exit_5_and_a_cure_and_reindex_repairs_it(
    alone: Path, kb: Run, damage: Damage
) -> None:
    folder = live_folder(alone)
    damage(folder)
    for command in (*READERS, ["status"]):
        done = kb(alone, *command)
        assert (done.code, done.out) == (5, "")
        assert re.fullmatch(rf"kb: .*{re.escape(str(folder))}.*run `kb reindex`\n", done.err), done.err
    done = kb(alone, "reindex", "--json")
    assert done.code == 0
    assert "the index is damaged" in done.err
    report = json.loads(done.out)
    assert (report["lessons"], report["published"], report["encoded"]) == (2, True, 0)
    assert found(kb, alone, "parcels") == ["labels"]
    assert found(kb, alone, '"forty languages"') == ["plans"]
    assert kb(alone, "status").code == 0


@pytest.mark.parametrize("part", PARTS)
def test_a_byte_that_changed_unseen_is_noticed_before_anything_is_built_on_it(alone: Path, kb: Run, part: str) -> None:
    flip_part(live_folder(alone), part)
    write(alone, "third.md", "# Third\n\nA zebra.\n")
    done = kb(alone, "reindex", "--json")
    assert done.code == 0
    assert "the index is damaged" in done.err
    assert json.loads(done.out)["lessons"] == 3
    live = SnapshotStore(alone).live()
    assert live is not None
    live.verify()
    assert [found(kb, alone, query) for query in ("parcels", "zebra", '"forty languages"')] == [
        ["labels"],
        ["third"],
        ["plans"],
    ]


@pytest.mark.parametrize("part", PARTS)
def test_a_byte_that_changed_unseen_never_breaks_a_reader_without_a_word(alone: Path, kb: Run, part: str) -> None:
    folder = live_folder(alone)
    whole = (folder / part).read_bytes()
    for place in range(len(whole) - 40, len(whole), 3):
        flip(folder / part, place)
        for command in (["search", "parcels"], ["list"], ["show", "labels"]):
            done = kb(alone, *command)
            assert done.code in (0, 1, 5)
            if done.code == 5:
                assert re.fullmatch(rf"kb: .*{re.escape(str(folder))}.*; run `kb reindex`\n", done.err), done.err
        (folder / part).write_bytes(whole)


# Where an earlier snapshot is sound.


@pytest.fixture
def root(nights: tuple[Path, Path], tmp_path: Path) -> Path:
    """Two snapshots; the live one has a lesson more."""
    return shutil.copytree(nights[1], tmp_path / "base")


HIDDEN_DAMAGE: dict[str, Damage] = {f"{part} flipped": partial(flip_part, part=part) for part in PARTS}


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
    alone: Path, kb: Run, text: str
) -> None:
    pointer(alone).write_text(text)
    for command in READERS:
        done = kb(alone, *command)
        assert done.code == 0
        assert re.match(
            r"kb: the index is damaged \(.*\.kb.*\): answered from the one built .*; run `kb reindex`\n", done.err
        )
    done = kb(alone, "status")
    assert done.code == 5
    assert "the index is damaged" in done.out
    done = kb(alone, "reindex", "--json")
    assert (done.code, json.loads(done.out)["encoded"]) == (0, 0)
    assert found(kb, alone, "parcels") == ["labels"]
    assert kb(alone, "list").err == ""


def test_a_pointer_that_cannot_be_read_is_named_until_it_is_out_of_the_way(alone: Path, kb: Run) -> None:
    pointer(alone).unlink()
    pointer(alone).mkdir()
    done = kb(alone, "search", "parcels")
    assert done.code == 0
    assert done.err.startswith(f"kb: the index is damaged ({pointer(alone)} cannot be read (")
    done = kb(alone, "reindex")
    assert (done.code, done.out) == (5, "")
    assert done.err.splitlines()[-1] == f"kb: {pointer(alone)} is a folder; run `kb doctor --fix`"
    pointer(alone).rmdir()
    assert kb(alone, "reindex").code == 0
    assert found(kb, alone, "parcels") == ["labels"]
    assert kb(alone, "list").err == ""
