"""What other programs leave in or in place of a lesson."""

from __future__ import annotations

import json

import pytest

from ingest.damage import sync_copy
from ingest.kinds import KindTable
from ingest.markdown.unseen import Leaves, without_unseen
from ingest.passages.splitting import split_lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from tests.conftest import Make, Run, write

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
ANNEX = "/annex/objects/SHA256E-s1234--abcdef.md\n"


def read(text: str, path: str = "lessons/a.md") -> Reading:
    return read_lesson(text.encode(), path, "a", KindTable())


def passages(text: str) -> list[str]:
    window = Window(50, lambda texts: [[i for i, sign in enumerate(said) if sign == " "] for said in texts], "words")
    return [passage.text for passage in split_lesson(read(text), window)]


# --- pointers


@pytest.mark.parametrize("pointer", [POINTER, ANNEX])
def test_a_pointer_is_no_lesson(pointer: str) -> None:
    with pytest.raises(Unreadable, match=r"a (Git LFS|git-annex) pointer instead of the lesson; run `git "):
        read(pointer)


def test_a_lesson_that_git_crypt_locked_is_named() -> None:
    with pytest.raises(Unreadable, match=r"^encrypted by git-crypt; run `git-crypt unlock`$"):
        read_lesson(b"\0GITCRYPT\0\x91\x02" + bytes(range(100)) * 40, "lessons/a.md", "a", KindTable())


def test_a_lesson_about_pointers_is_one() -> None:
    assert read(f"# What a pointer looks like\n\n```\n{POINTER}```\n").problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "The store has .git/annex/objects/SHA256E-s1 in it\n",
        f"{ANNEX}\nIs what stands there.\n",
        POINTER + "x" * 2_000,
        POINTER.replace("oid ", "id "),
    ],
    ids=["annex within", "annex and more", "LFS and more", "LFS without its object"],
)
def test_what_only_names_a_pointer_is_a_lesson(text: str) -> None:
    assert read(text).problems == ()


def test_what_was_known_of_a_lesson_stays_when_a_pointer_takes_its_place(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": "# Labels\n\nParcels come back.\n", "b.md": "# B\n"})
    write(root, "a.md", POINTER)
    for arguments in (["reindex"], ["reindex", "--full"]):
        done = kb(root, *arguments)
        assert done.code == 3
        assert "kb: lessons/a.md: a Git LFS pointer instead of the lesson; run `git lfs pull`" in done.err
        hits = json.loads(kb(root, "search", "--json", "--mode", "lexical", "parcels").out)["hits"]
        assert [hit["title"] for hit in hits] == ["Labels"]


# --- copies of a sync


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("labels (Jane Doe's conflicted copy 2024-03-01).md", "labels.md"),
        ("labels (conflicted copy 2024-03-01 120000).md", "labels.md"),
        ("labels (Konfliktkopie von Jane 2024-03-01).md", "labels.md"),
        ("labels (copie en conflit de Jane).md", "labels.md"),
        ("labels (Case Conflict 1).md", "labels.md"),
        ("labels.sync-conflict-20240301-120000-ABCDEF2.md", "labels.md"),
        ("labels_conflict-20240301-120000.md", "labels.md"),
        ("labels.sync.Conflict.md", "labels.md"),
        ("labels.Conflict.md", "labels.md"),
        ("labels (SFConflict anna@example.org 2024-03-01-12-00-00).md", "labels.md"),
        ("labels-DESKTOP-7Q2ABCD.md", "labels.md"),
        ("labels-LAPTOP-0A1B2C3-2.md", "labels.md"),
    ],
)
def test_a_copy_of_a_sync_is_named_beside_its_original(name: str, original: str) -> None:
    problem = sync_copy(f"lessons/deep/{name}")
    assert problem
    assert problem.reason.startswith(f"a copy that a sync program left beside lessons/deep/{original};")


@pytest.mark.parametrize(
    "name",
    [
        *("labels.md", "conflict.md", "labels (1).md", "a merge conflict (2024).md", "merge.conflict.md"),
        *("setting-up-desktop-machines.md", "a-DESKTOP-7Q2ABCD-fails.md", "an SFConflict.md"),
    ],
)
def test_a_lesson_with_another_name_is_no_copy(name: str) -> None:
    assert sync_copy(f"lessons/{name}") is None


# --- pictures within the text


@pytest.mark.parametrize(
    ("around", "left"),
    [
        ("![Chart of errors](data:image/png;base64,{})", "![Chart of errors](data:image/png;base64,)"),
        ("[image1]: <data:image/png;base64,{}>", "[image1]: <data:image/png;base64,>"),
        ('<img alt="x" src="data:image/svg+xml,{}">', '<img alt="x" src="data:image/svg+xml,">'),
    ],
)
def test_the_data_of_a_picture_is_no_passage_and_what_stands_around_it_is(around: str, left: str) -> None:
    text = f"# Labels\n\nAbove.\n\n{around.format('iVBORw0KGgo' * 4000)}\n\nBelow.\n"
    assert passages(text) == [f"# Labels\n\nAbove.\n\n{left}\n\nBelow."]


def test_lines_below_a_picture_of_many_lines_keep_their_numbers() -> None:
    text = '<img src="data:image/png;base64,' + ("A" * 76 + "\n") * 50 + '">\n\nBelow.\n'
    assert without_unseen(text, Leaves()).count("\n") == text.count("\n")
    assert len(without_unseen(text, Leaves())) < 200


@pytest.mark.parametrize("kind", ["image/png", "application/pdf"])
def test_the_data_of_two_hundred_characters_is_kept_and_more_is_not(kind: str) -> None:
    for length, kept in ((200, 200), (201, 0)):
        seen = without_unseen(f"[x](data:{kind};base64,{'A' * length})", Leaves())
        assert seen == f"[x](data:{kind};base64,{'A' * kept})"


def test_an_icon_and_a_text_about_addresses_stay_as_they_are() -> None:
    for text in ("![x](data:image/gif;base64,R0lGODlhAQABAAAAACw=)", "A data: address begins with data:image/png, and"):
        assert without_unseen(text, Leaves()) == text
