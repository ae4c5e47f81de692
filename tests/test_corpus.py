"""Which files of the knowledge base are lessons."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from ingest.files.corpus import FoundFile, Listing
from ingest.problem import Problem
from tests.planted import corpus, paths, plant


def test_markdown_files_are_found_at_any_depth_in_the_order_of_their_paths(tmp_path: Path) -> None:
    plant(
        tmp_path,
        ["lessons/b.md", "lessons/a.md", "lessons/a/z.md", "lessons/a/b/c.md", "lessons/a-b.md", "lessons/B.md"],
    )
    plant(tmp_path, ["lessons/a.txt", "lessons/a.md.bak", "lessons/md", "other/x.md", "x.md"])
    assert paths(corpus(tmp_path).find()) == [
        "lessons/B.md",
        "lessons/a-b.md",
        "lessons/a.md",
        "lessons/a/b/c.md",
        "lessons/a/z.md",
        "lessons/b.md",
    ]


def test_a_file_is_listed_with_its_size_and_time(tmp_path: Path) -> None:
    plant(tmp_path, {"lessons/a.md": "four"})
    os.utime(tmp_path / "lessons/a.md", ns=(5, 1_234_567_890_123_456_789))
    assert corpus(tmp_path).find() == Listing((FoundFile("lessons/a.md", 4, 1_234_567_890_123_456_789),))


def test_an_empty_folder_is_an_empty_corpus_without_a_problem(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    assert corpus(tmp_path).find() == Listing(())


@pytest.mark.parametrize(
    "name",
    [
        "with space.md",
        " leading.md",
        "#1 of many.md",
        "100%.md",
        'quote\'s "name".md',
        "[brackets].md",
        "star*.md",
        "question?.md",
        "!bang.md",
        "back\\slash.md",
        "-dash.md",
        "Größe.md",
        "Gro\u0308ße.md",
        "印刷.md",
        "🙂.md",
        "sub folder #2/ä b.md",
    ],
)
def test_any_name_is_a_name(name: str, tmp_path: Path) -> None:
    plant(tmp_path, [f"lessons/{name}"])
    found = corpus(tmp_path).find()
    assert paths(found) == [f"lessons/{name}"]
    assert corpus(tmp_path).read(found.files[0].path) == b"x"
    assert corpus(tmp_path).default_id(found.files[0].path) == name.removesuffix(".md")


@pytest.mark.parametrize("sign", ["\n", "\r", "\v", "\x85", "\u2028"])
def test_a_name_with_a_line_break_is_named_and_not_read(sign: str, tmp_path: Path) -> None:
    plant(tmp_path, [f"lessons/a{sign}::add-mask::b.md", f"lessons/c{sign}/d.md"])
    listing = corpus(tmp_path).find()
    assert listing.files == ()
    shown = repr(sign)[1:-1]
    assert listing.unreadable == (
        Problem(f"lessons/a{shown}::add-mask::b.md", "the file's name has a line break; rename it"),
        Problem(f"lessons/c{shown}/", "the folder's name has a line break; rename it"),
    )


def test_a_folder_may_be_as_deep_as_the_system_lets_it(tmp_path: Path) -> None:
    deep = tmp_path / "lessons"
    deep.mkdir()
    descriptor = os.open(deep, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("a", dir_fd=descriptor)
        inner = os.open("a", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(os.open("x.md", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    found = paths(corpus(tmp_path).find())
    subprocess.run(["rm", "-rf", deep], check=True)  # Python's own removal cannot
    assert found == [f"lessons/{'a/' * 1200}x.md"]


FILES = ["a.md", "b.txt", "drafts/c.md", "drafts/deep/d.md", "ready/e.md", "ready/drafts/f.md", "ready/note g.md"]


@pytest.mark.parametrize(
    ("include", "exclude", "found"),
    [
        (["**/*.md"], [], "a.md drafts/c.md drafts/deep/d.md ready/drafts/f.md ready/e.md ready/note g.md"),
        (["*.md"], [], "a.md drafts/c.md drafts/deep/d.md ready/drafts/f.md ready/e.md ready/note g.md"),
        (["/*.md"], [], "a.md"),
        (["**/*.txt"], [], "b.txt"),
        (["*.md", "*.txt"], ["a.*"], "b.txt drafts/c.md drafts/deep/d.md ready/drafts/f.md ready/e.md ready/note g.md"),
        (["ready/**/*.md"], [], "ready/drafts/f.md ready/e.md ready/note g.md"),
        (["**/*.md"], ["drafts/"], "a.md ready/e.md ready/note g.md"),
        (["**/*.md"], ["/drafts/"], "a.md ready/drafts/f.md ready/e.md ready/note g.md"),
        (["**/*.md"], ["drafts/*.md"], "a.md drafts/deep/d.md ready/drafts/f.md ready/e.md ready/note g.md"),
        (["**/*.md"], ["**/deep/**", "note *.md"], "a.md drafts/c.md ready/drafts/f.md ready/e.md"),
        (["**/*.md"], ["*"], ""),
        ([], [], ""),
    ],
)
def test_include_and_exclude_choose_below_the_corpus_folder(
    include: list[str], exclude: list[str], found: str, tmp_path: Path
) -> None:
    plant(tmp_path, [f"lessons/{file}" for file in FILES])
    expected = [f"lessons/{file}" for file in found.replace("note g", "note_g").split()]
    assert [
        path.replace("note g", "note_g") for path in paths(corpus(tmp_path, include=include, exclude=exclude).find())
    ] == (expected)


def test_a_folder_named_like_a_lesson_makes_no_lesson_of_what_it_holds(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/notes.md/picture.png", "lessons/notes.md/inside.md", "lessons/notes.md/deep/data.csv"])
    assert paths(corpus(tmp_path).find()) == ["lessons/notes.md/inside.md"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/.a.md", "lessons/.git/b.md", "lessons/x/.kb/c.md", "lessons/x/.d/e/f.md", "lessons/g.md"])
    assert paths(corpus(tmp_path).find()) == ["lessons/g.md"]
    assert paths(corpus(tmp_path, ["."], ["**/*"]).find()) == ["lessons/g.md"]


def test_only_ordinary_files_are_lessons(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    os.mkfifo(tmp_path / "lessons" / "pipe.md")
    (tmp_path / "lessons" / "folder.md").mkdir()
    directory = os.open(tmp_path / "lessons", os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listener:
        before = Path.cwd()
        os.fchdir(directory)  # the path of a socket may have about a hundred characters only
        try:
            listener.bind("socket.md")
        finally:
            os.chdir(before)
            os.close(directory)
        assert paths(corpus(tmp_path).find()) == ["lessons/a.md"]


# --- corpus folders


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        (["one"], ["one/a.md", "one/deep/b.md"]),
        (["two", "one"], ["one/a.md", "one/deep/b.md", "two/c.md"]),
        (["one/"], ["one/a.md", "one/deep/b.md"]),
        (["./one"], ["one/a.md", "one/deep/b.md"]),
        (["one/deep"], ["one/deep/b.md"]),
        (["one", "one/deep"], ["one/a.md", "one/deep/b.md"]),
        (["one/deep", "one"], ["one/a.md", "one/deep/b.md"]),
        (["one", "one"], ["one/a.md", "one/deep/b.md"]),
        (["."], ["one/a.md", "one/deep/b.md", "one-more/d.md", "top.md", "two/c.md"]),
        ([".", "one"], ["one/a.md", "one/deep/b.md", "one-more/d.md", "top.md", "two/c.md"]),
    ],
)
def test_the_corpus_is_all_its_folders_and_every_file_once(
    folders: list[str], found: list[str], tmp_path: Path
) -> None:
    plant(tmp_path, ["one/a.md", "one/deep/b.md", "one-more/d.md", "two/c.md", "top.md"])
    assert paths(corpus(tmp_path, folders).find()) == sorted(found)


def test_a_file_that_one_of_two_overlapping_folders_includes_is_in_the_corpus(tmp_path: Path) -> None:
    plant(tmp_path, ["one/a.md", "one/deep/b.md", "one/deep/more/c.md"])
    assert paths(corpus(tmp_path, ["one", "one/deep"], ["/*.md"]).find()) == ["one/a.md", "one/deep/b.md"]
    assert paths(corpus(tmp_path, ["one/deep", "one"], ["/*.md"]).find()) == ["one/a.md", "one/deep/b.md"]


@pytest.mark.parametrize(
    ("folders", "path", "identity"),
    [
        (["lessons"], "lessons/a.md", "a"),
        (["lessons"], "lessons/deep/down/a.b.md", "deep/down/a.b"),
        (["lessons/"], "lessons/a.md", "a"),
        (["./lessons"], "lessons/a.md", "a"),
        (["."], "lessons/a.md", "lessons/a"),
        (["one", "two"], "two/a.md", "a"),
        (["one"], "one-more/a.md", "one-more/a"),
        (["lessons"], "lessons/a.txt", "a.txt"),
        (["lessons"], "lessons/a.md.md", "a.md"),
    ],
)
def test_the_default_id_is_the_path_below_the_corpus_folder(
    folders: list[str], path: str, identity: str, tmp_path: Path
) -> None:
    assert corpus(tmp_path, folders).default_id(path) == identity


# --- links


def test_links_are_never_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "base", tmp_path / "outside"
    plant(root, ["lessons/a.md", "lessons/deep/b.md"])
    plant(outside, ["secret.md"])
    lessons = root / "lessons"
    (lessons / "file.md").symlink_to(outside / "secret.md")
    (lessons / "again.md").symlink_to("a.md")
    (lessons / "folder").symlink_to(outside)
    (lessons / "dangling.md").symlink_to("nowhere.md")
    (lessons / "itself.md").symlink_to("itself.md")
    (lessons / "deep" / "up").symlink_to(lessons)
    (lessons / "deep" / "here").symlink_to(".")
    assert paths(corpus(root).find()) == ["lessons/a.md", "lessons/deep/b.md"]
