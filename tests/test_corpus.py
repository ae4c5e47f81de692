"""The files of the knowledge base: which are lessons, and what cannot be looked at is said, never taken for empty."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.files.corpus import MAX_BYTES, Corpus, FoundFile, Listing, digest_of
from ingest.problem import Problem, Unreadable

GONE = "does not exist; what was indexed of it is kept"
DENIED = "permission denied; what was indexed of it is kept"


def plant(root: Path, files: Sequence[str] | Mapping[str, str]) -> None:
    for path in files:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(files[path] if isinstance(files, Mapping) else "x", "utf-8")


def corpus(
    root: Path,
    folders: Sequence[str] = ("lessons",),
    include: Sequence[str] = ("**/*.md",),
    exclude: Sequence[str] = (),
) -> Corpus:
    return Corpus(root, folders, include, exclude)


def paths(listing: Listing) -> list[str]:
    assert listing.unreadable == ()
    return [file.path for file in listing.files]


@contextmanager
def without_privileges() -> Iterator[None]:
    """Let permissions hold for this process: the administrator may read everything."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("the administrator of this machine cannot become another user, and may read everything")
    try:
        yield
    finally:
        os.seteuid(0)


# --- which files are lessons


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


# --- .gitignore


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
        f"lessons/.gitignore: {reason}; what it would leave out is read"
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


# --- what cannot be looked at


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
        (), (Problem("lessons/", "not a directory; what was indexed of it is kept"),)
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
    with pytest.raises(Unreadable, match=f"^{reason}; what was indexed of it is kept$"):
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
    assert problem.reason == "file name too long; what was indexed of it is kept"


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
