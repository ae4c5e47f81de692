"""What cannot be looked at is said, never taken for empty."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ingest.files.corpus import Listing, digest_of
from ingest.problem import Problem, Unreadable
from tests.planted import DENIED, GONE, corpus, paths, plant, without_privileges


def test_a_missing_folder_is_reported_and_not_taken_for_empty(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    found = corpus(tmp_path, ["gone", "lessons"]).find()
    assert [file.path for file in found.files] == ["lessons/a.md"]
    assert found.unreadable == (Problem("gone/", GONE),)
    assert found.hides("gone/a.md")
    assert not found.hides("lessons/b.md")
    assert not found.hides("gone-too/a.md")


def test_a_root_that_cannot_be_listed_hides_everything(tmp_path: Path) -> None:
    found = corpus(tmp_path / "unmounted", ["."]).find()
    assert (found.files, [problem.reason for problem in found.unreadable]) == ((), [GONE])
    assert found.hides("a.md")
    assert found.hides("lessons/deep/a.md")


def test_a_file_in_the_place_of_a_corpus_folder_is_reported(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons"])
    assert corpus(tmp_path).find() == Listing(
        (), (Problem("lessons/", "not a directory; what was indexed before is kept"),)
    )


def test_a_folder_that_is_a_link_to_itself_is_reported(tmp_path: Path) -> None:
    (tmp_path / "lessons").symlink_to("lessons")
    (problem,) = corpus(tmp_path).find().unreadable
    assert problem.path == "lessons/"
    assert "too many levels of symbolic links" in problem.reason


def test_a_folder_without_permission_is_reported_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["lessons/a.md", "lessons/shut/b.md", "lessons/shut/deep/c.md", "lessons/z.md"])
    for folder in (tmp_path, tmp_path / "lessons"):
        folder.chmod(0o755)
    shut = tmp_path / "lessons" / "shut"
    shut.chmod(0)
    monkeypatch.chdir(tmp_path)  # so that what lies above need not be open to everybody
    try:
        with without_privileges():
            found = corpus(Path()).find()
    finally:
        shut.chmod(0o755)
    assert [file.path for file in found.files] == ["lessons/a.md", "lessons/z.md"]
    assert found.unreadable == (Problem("lessons/shut/", DENIED),)
    assert found.hides("lessons/shut/b.md")
    assert found.hides("lessons/shut/deep/c.md")
    assert not found.hides("lessons/a.md")
    assert not found.hides("lessons/shut.md")


def test_a_file_without_permission_is_unreadable_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["lessons/a.md"])
    for folder in (tmp_path, tmp_path / "lessons"):
        folder.chmod(0o755)
    (tmp_path / "lessons" / "a.md").chmod(0)
    monkeypatch.chdir(tmp_path)
    with without_privileges(), pytest.raises(Unreadable, match=f"^{DENIED}$"):
        corpus(Path()).read("lessons/a.md")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("lessons/gone.md", "does not exist"),
        ("lessons/gone/a.md", "does not exist"),
        ("lessons/folder.md", "is a directory"),
        ("lessons/a.md/b.md", "not a directory"),
        ("lessons/loop.md", "a link, which is not followed"),
        (f"lessons/{'n' * 300}.md", "file name too long"),
    ],
)
def test_a_file_that_cannot_be_read_is_unreadable_with_the_reason(path: str, reason: str, tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    (tmp_path / "lessons/folder.md").mkdir()
    (tmp_path / "lessons/loop.md").symlink_to("loop.md")
    with pytest.raises(Unreadable, match=f"^{reason}; what was indexed before is kept$"):
        corpus(tmp_path).read(path)


def test_a_file_is_read_as_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/a.md").write_bytes(b"\xef\xbb\xbfa\r\n\0\xff")
    assert corpus(tmp_path).read("lessons/a.md") == b"\xef\xbb\xbfa\r\n\0\xff"


def test_a_folder_whose_path_is_too_long_is_reported(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    name = "n" * 250
    lessons = tmp_path / "lessons"
    folder = os.open(lessons, os.O_RDONLY)
    for _ in range(17):  # 17 * 251 characters: more than the 4096 of any path
        os.mkdir(name, dir_fd=folder)
        below = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    try:
        found = corpus(tmp_path).find()
    finally:
        shutil.rmtree(lessons)
    assert [file.path for file in found.files] == ["lessons/a.md"]
    (problem,) = found.unreadable
    assert problem.path.startswith(f"lessons/{name}/{name}/")
    assert problem.path.endswith("/")
    assert problem.reason == "file name too long; what was indexed before is kept"


def make_without_utf_8(folder: Path, name: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / os.fsdecode(name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system has no names that are not UTF-8")


def test_a_name_that_is_not_utf_8_is_reported_and_can_be_printed(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    make_without_utf_8(tmp_path / "lessons", b"caf\xe9.md")
    found = corpus(tmp_path).find()
    assert [file.path for file in found.files] == ["lessons/a.md"]
    assert found.unreadable == (Problem("lessons/caf\\xe9.md", "the file's name is not UTF-8; rename it"),)
    str(found.unreadable[0]).encode()


def test_a_folder_whose_name_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    make_without_utf_8(tmp_path / "lessons", b"probe\xe9")
    (tmp_path / "lessons" / os.fsdecode(b"probe\xe9")).unlink()
    make_without_utf_8(tmp_path / "lessons" / os.fsdecode(b"caf\xe9"), b"b.md")
    found = corpus(tmp_path).find()
    assert [file.path for file in found.files] == ["lessons/a.md"]
    assert [problem.path.rstrip("/") for problem in found.unreadable] == ["lessons/caf\\xe9"]


@pytest.mark.parametrize("name", [b"picture\xe9.png", b".hidden\xe9.md"])
def test_a_name_that_is_not_utf_8_is_no_problem_where_no_lesson_has_it(name: bytes, tmp_path: Path) -> None:
    plant(tmp_path, ["lessons/a.md"])
    make_without_utf_8(tmp_path / "lessons", name)
    assert paths(corpus(tmp_path).find()) == ["lessons/a.md"]


def test_problems_are_sorted_and_told_once(tmp_path: Path) -> None:
    found = corpus(tmp_path, ["z", "a", "z", "./a"]).find()
    assert found.unreadable == (Problem("a/", GONE), Problem("z/", GONE))


def test_the_content_hash_depends_on_every_byte_and_nothing_else() -> None:
    texts = [b"", b"lesson", b"lesson\n", b"lesson\r\n", b"\xef\xbb\xbflesson"]
    assert len({digest_of(text) for text in texts}) == len(texts)
    # It is kept in the index: another one would make every file look changed.
    assert digest_of(b"lesson") == "fc6eac76c683a8c09178a38b27044161"
