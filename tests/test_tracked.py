"""Whether git tracks a folder is read from its index as git writes it, in each of its forms."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kb.trust.tracked import is_tracked


def git(folder: Path, *command: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *command],
        check=True,
        capture_output=True,
    )


def repository(top: Path, *options: str) -> Path:
    top.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", *options, str(top)], check=True)
    for path in (".k", ".ka/x", "a.md", "docs/x/.kb/file", "docs.kb/file", "x.kb/y", "z"):
        put(top / path)
    git(top, "add", "-A")
    return top


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")


FORMS = {
    "second": ["-c", "index.version=2"],
    "third": ["-c", "index.version=3"],
    "fourth": ["-c", "index.version=4"],
    "split": ["-c", "core.splitIndex=true"],
}


@pytest.mark.parametrize("objects", ["sha1", "sha256"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_folder_is_tracked_from_the_moment_that_a_file_of_it_is_added(
    tmp_path: Path, form: list[str], objects: str
) -> None:
    top = repository(tmp_path / "top", f"--object-format={objects}")
    put(top / ".kb" / "snapshots" / "x" / "manifest.json")
    assert not is_tracked(top / ".kb")
    git(top, *form, "add", "-A")
    version = {"second": 2, "fourth": 4}.get({id(value): key for key, value in FORMS.items()}[id(form)])
    assert version is None or (top / ".git" / "index").read_bytes()[7] in (version, 2)
    assert is_tracked(top / ".kb")
    git(top, *form, "rm", "-rqf", ".kb")
    assert not is_tracked(top / ".kb")


def test_an_entry_that_is_only_meant_to_be_added_counts(tmp_path: Path) -> None:
    top = repository(tmp_path)
    put(top / ".kb" / "x")
    git(top, "add", "--intent-to-add", ".kb/x")  # flags of the third version
    assert is_tracked(top / ".kb")


def test_a_repository_of_its_own_in_the_place_of_the_folder_is_tracked(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    inner = repository(top / ".kb")
    git(inner, "commit", "-qm", "inner")
    assert not is_tracked(top / ".kb")
    git(top, "add", ".kb")
    assert is_tracked(top / ".kb")


def test_a_folder_of_the_same_name_elsewhere_is_another(tmp_path: Path) -> None:
    top = repository(tmp_path)
    put(top / "docs" / ".kb" / "x")
    put(top / ".kb" / "x")
    git(top, "add", "-f", "docs")
    assert is_tracked(top / "docs" / ".kb")
    assert is_tracked(top / "docs" / "x" / ".kb")
    assert not is_tracked(top / ".kb")


def test_a_folder_whose_name_only_begins_the_same_is_another(tmp_path: Path) -> None:
    top = repository(tmp_path)
    put(top / ".kbx" / "x")
    git(top, "add", "-f", ".kbx")
    assert not is_tracked(top / ".kb")


def test_a_folder_that_is_reached_through_a_link_is_the_one_it_leads_to(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    put(top / "docs" / ".kb" / "x")
    git(top, "add", "-f", "docs/.kb")
    (tmp_path / "link").symlink_to(top / "docs")
    assert is_tracked(tmp_path / "link" / ".kb")


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize(
    "before", [".ka-long/x", f".ka/{'x' * 200}", "/".join([".ka", *["x" * 200] * 21])], ids=["short", "long", "longest"]
)
def test_a_folder_is_tracked_whatever_path_stands_before_it(tmp_path: Path, version: str, before: str) -> None:
    """Of a path of 4,095 bytes or more the index does not say how long it is."""
    top = tmp_path
    git(top, "init", "-q")
    put(top / "a.md")
    object_ = subprocess.run(
        ["git", "-C", str(top), "hash-object", "-w", "a.md"], check=True, capture_output=True, text=True
    ).stdout.strip()
    for path in (before, ".kb/x"):
        cache = ["update-index", "--add", "--cacheinfo", f"100644,{object_},{path}"]
        git(top, "-c", f"index.version={version}", *cache)
    git(top, "update-index", "--index-version", version)
    assert (top / ".git" / "index").read_bytes()[7] == int(version)
    assert is_tracked(top / ".kb")
    assert not is_tracked(top / ".kc")


def test_a_further_working_tree_has_an_index_of_its_own(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    git(top, "commit", "-qm", "first")
    git(top, "worktree", "add", "-q", str(tmp_path / "other"))
    put(tmp_path / "other" / ".kb" / "x")
    git(tmp_path / "other", "add", "-f", ".kb")
    assert is_tracked(tmp_path / "other" / ".kb")
    assert not is_tracked(top / ".kb")


def test_an_index_that_would_be_looked_through_for_ever_is_not(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    with (top / ".git" / "index").open("r+b") as index:
        index.truncate(30 << 30)  # a hole, which takes no room
    assert is_tracked(top / ".kb")


def test_outside_of_a_repository_and_before_anything_was_added_nothing_is(tmp_path: Path) -> None:
    (tmp_path / ".kb").mkdir()
    assert not is_tracked(tmp_path / ".kb")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert not is_tracked(tmp_path / ".kb")


@pytest.mark.parametrize(
    "content", [b"", b"DIRC", b"DIRC\0\0\0\2\xff\xff\xff\xff.kb/", b"DIRC\0\0\0\4\0\0\0\1", b"x" * 99]
)
def test_what_is_no_index_tracks_nothing(tmp_path: Path, content: bytes) -> None:
    repository(tmp_path)
    (tmp_path / ".git" / "index").write_bytes(content)
    assert not is_tracked(tmp_path / ".kb")
