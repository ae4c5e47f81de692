"""What git ignores is no lesson, and what is no file of the tree is not read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.files.corpus import MAX_BYTES
from ingest.problem import Unreadable
from tests.planted import corpus, paths, plant


@pytest.mark.parametrize(
    ("ignore", "found"),
    [
        ({".gitignore": "b.md\n"}, "a d/a d/e/a d/keep"),
        ({".gitignore": "/b.md\n"}, "a b d/a d/b d/e/a d/keep"),
        ({".gitignore": "lessons/b.md\n"}, "a d/a d/b d/e/a d/keep"),
        ({".gitignore": "d/\n"}, "a b"),
        ({".gitignore": "*.md\n!keep.md\n"}, "d/keep"),
        ({".gitignore": "# d/\n\n   \n"}, "a b d/a d/b d/e/a d/keep"),
        ({".gitignore": "e\n"}, "a b d/a d/b d/keep"),
        ({".gitignore": "**/e/**\n"}, "a b d/a d/b d/keep"),
        ({"lessons/.gitignore": "/b.md\n"}, "a d/a d/b d/e/a d/keep"),
        ({"lessons/.gitignore": "d/*\n!d/keep.md\n"}, "a b d/keep"),
        # A folder that is ignored is not entered, so nothing in it can be taken back: as in git.
        ({"lessons/.gitignore": "d/\n!d/keep.md\n"}, "a b"),
        ({"lessons/d/.gitignore": "*\n!keep.md\n"}, "a b d/keep"),
        # The innermost file that says something decides.
        ({".gitignore": "*.md\n", "lessons/.gitignore": "!a.md\n"}, "a d/a d/e/a"),
        (
            {".gitignore": "*.md\n", "lessons/.gitignore": "!*.md\n", "lessons/d/.gitignore": "b.md\n"},
            "a b d/a d/e/a d/keep",
        ),
        ({".gitignore": "a.md\n", "lessons/d/.gitignore": "!a.md\n"}, "b d/a d/b d/e/a d/keep"),
        ({".gitignore": "a.md\n", "lessons/d/.gitignore": "b.md\n"}, "b d/keep"),
        ({"lessons/d/.gitignore": "/a.md\n"}, "a b d/b d/e/a d/keep"),
        ({"other/.gitignore": "*\n"}, "a b d/a d/b d/e/a d/keep"),
        ({".gitignore": "b.md\r\ne/\r\n"}, "a d/a d/keep"),
        ({".gitignore": "\ufeffb.md\n"}, "a d/a d/e/a d/keep"),
        ({".gitignore": ""}, "a b d/a d/b d/e/a d/keep"),
        # Git passes over what is no pattern.
        ({".gitignore": "!\nb.md\n"}, "a d/a d/e/a d/keep"),
        ({".gitignore": "[z-a]\nb.md\n"}, "a d/a d/e/a d/keep"),
        ({".gitignore": "b.md\n\\\n"}, "a d/a d/e/a d/keep"),
    ],
    ids=repr,
)
def test_what_git_ignores_is_no_lesson(ignore: dict[str, str], found: str, tmp_path: Path) -> None:
    plant(tmp_path, [f"lessons/{name}.md" for name in ("a", "b", "d/a", "d/b", "d/e/a", "d/keep")])
    plant(tmp_path, ignore)
    assert paths(corpus(tmp_path).find()) == [f"lessons/{name}.md" for name in found.split()]
    assert paths(corpus(tmp_path, ["."]).find()) == [f"lessons/{name}.md" for name in found.split()]


def test_rules_are_read_again_on_each_walk(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md", "lessons/b.md"])
    one = corpus(tmp_path)
    assert paths(one.find()) == ["lessons/a.md", "lessons/b.md"]
    plant(tmp_path, {".gitignore": "a.md\n"})
    assert paths(one.find()) == ["lessons/b.md"]


def test_rules_that_are_no_text_hide_nothing(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    (tmp_path / "lessons" / ".gitignore").write_bytes(b"\xff\xfe\x00 not text \xc3\n")
    assert paths(corpus(tmp_path).find()) == ["lessons/a.md"]


def pipe(place: Path) -> None:
    os.mkfifo(place)


def too_large(place: Path) -> None:
    place.write_bytes(b"*\n" * 600_000)


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (lambda place: place.symlink_to("/dev/zero"), "a link, which is not followed"),
        (lambda place: place.symlink_to("rules"), "a link, which is not followed"),
        (pipe, "not a regular file"),
        (Path.mkdir, "is a directory"),
        (too_large, "larger than 1 MB"),
    ],
    ids=["device", "link", "pipe", "folder", "large"],
)
def test_rules_that_are_no_file_of_the_tree_hide_nothing_and_are_named(
    put: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    plant(tmp_path, {"lessons/a.md": "x", "lessons/rules": "*\n"})
    put(tmp_path / "lessons" / ".gitignore")
    listing = corpus(tmp_path).find()
    assert [file.path for file in listing.files] == ["lessons/a.md"]
    assert [str(problem) for problem in listing.unreadable] == [
        f"lessons/.gitignore: {reason}; the files that it excludes are read"
    ]


@pytest.mark.parametrize(
    "path", ["../secret.md", "lessons/../secret.md", "/etc/passwd", "secret.md", "lessons/out/a.md"]
)
def test_nothing_is_read_that_is_not_in_a_corpus_folder(path: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(root, ["lessons/a.md", "secret.md"])
    plant(tmp_path, ["secret.md", "outside/a.md"])
    (root / "lessons" / "out").symlink_to(tmp_path / "outside")
    with pytest.raises(Unreadable, match="not in a folder of the corpus"):
        corpus(root).read(path)


def test_a_lesson_that_became_a_link_a_pipe_or_endless_is_not_read(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    (tmp_path / "lessons" / "link.md").symlink_to("a.md")
    os.mkfifo(tmp_path / "lessons" / "pipe.md")
    with (tmp_path / "lessons" / "large.md").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for name, reason in (("link", "a link"), ("pipe", "not a regular file"), ("large", "larger than 64 MB")):
        with pytest.raises(Unreadable, match=reason):
            corpus(tmp_path).read(f"lessons/{name}.md")
