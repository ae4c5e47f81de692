"""The folder of a site: what is not kb's stays, and nothing is written through a link."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.config import Config
from kb.errors import CannotWrite, KbError, NoResult
from kb.site.addresses import file_name
from kb.site.folder import MANIFEST, Known, Page, is_whole, read_known, require_folder, write_pages

PAGES = [Page("index.html", b"one"), Page("lesson/a.html", b"two"), Page(".nojekyll", b"")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pages(tmp_path / "site", PAGES, Known("", {}), "key")
    return tmp_path / "site"


def test_what_was_written_is_known_and_whole(folder: Path) -> None:
    known = read_known(folder)
    assert (known.key, sorted(known.digests)) == ("key", [".nojekyll", "index.html", "lesson/a.html"])
    assert is_whole(folder, known)
    (folder / "lesson" / "a.html").write_bytes(b"other")
    assert not is_whole(folder, known)


def test_only_pages_of_an_earlier_run_are_removed(folder: Path) -> None:
    (folder / "lesson" / "own.html").write_text("mine")
    done = write_pages(folder, PAGES[:1], read_known(folder), "next")
    assert (done.changed, done.removed) == (0, 2)
    assert (folder / "lesson" / "own.html").read_text() == "mine"
    assert not (folder / "lesson" / "a.html").exists()


def test_a_file_of_the_user_that_a_foreign_list_of_pages_names_stays(folder: Path) -> None:
    (folder / "lesson" / "diary.txt").write_text("mine")
    listed = json.loads((folder / MANIFEST).read_text())
    listed["pages"]["lesson/diary.txt"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(listed))
    assert write_pages(folder, PAGES, read_known(folder), "next").removed == 0
    assert (folder / "lesson" / "diary.txt").read_text() == "mine"


@pytest.mark.parametrize("was_written", [False, True])
def test_a_page_that_a_stopped_run_was_to_change_is_removed_by_the_next(folder: Path, was_written: bool) -> None:
    changed = [PAGES[0], Page("lesson/a.html", b"changed"), PAGES[2]]
    blocked = folder / "zz.html"
    blocked.mkdir()  # the run stops here, before or after the page
    order = [*changed, Page("zz.html", b"last")] if was_written else [Page("zz.html", b"last"), *changed]
    with pytest.raises(NoResult, match="a folder where a page belongs"):
        write_pages(folder, order, read_known(folder), "next")
    blocked.rmdir()
    assert (folder / "lesson" / "a.html").read_bytes() == (b"changed" if was_written else b"two")
    write_pages(folder, PAGES[:1], read_known(folder), "third")
    assert not (folder / "lesson" / "a.html").exists()


def test_a_run_that_was_stopped_can_be_repeated(folder: Path) -> None:
    def stopped() -> list[Page]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pages(folder, stopped(), read_known(folder), "next")
    (folder / "lesson").chmod(0o700)
    known = read_known(folder)
    (folder / "index.html").unlink()  # as if it had been stopped while it wrote
    assert write_pages(folder, PAGES, known, "next").changed == 1


@pytest.mark.parametrize("name", ["notes.txt", "lesson", ".env"])
def test_a_folder_with_other_things_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(NoResult, match=f"has other things in it, such as {name}; name an empty folder"):
        read_known(tmp_path)


def test_what_a_host_needs_may_be_there(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "CNAME").write_text("example.org")
    assert read_known(tmp_path) == Known("", {})


@pytest.mark.parametrize(
    "path", ["../outside.html", "/etc/passwd", "a/../../b.html", "a//b.html", ".git/config", "CON .html", "a\0.html"]
)
def test_a_manifest_that_names_what_kb_never_writes_is_not_believed(folder: Path, path: str) -> None:
    (folder / MANIFEST).write_text(json.dumps({"key": "key", "pages": {path: "0" * 64}}))
    with pytest.raises(NoResult, match="has other things in it"):
        read_known(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"key": 1, "pages": []}', "[" * 100_000])
def test_a_damaged_manifest_is_not_believed(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(NoResult):
        read_known(folder)


def test_nothing_is_written_or_removed_through_a_link(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.html").write_text("private")
    known = read_known(folder)
    (folder / "lesson" / "a.html").unlink()
    (folder / "lesson").rmdir()
    (folder / "lesson").symlink_to(outside)
    with pytest.raises(KbError, match="not a folder of the site; remove it"):
        write_pages(folder, PAGES, known, "next")
    write_pages(folder, PAGES[:1], known, "next")
    assert (outside / "a.html").read_text() == "private"


def test_a_page_that_is_a_link_is_replaced_and_its_target_stays(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("private")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(tmp_path / "private")
    assert write_pages(folder, PAGES, read_known(folder), "next").changed == 1
    assert not (folder / "index.html").is_symlink()
    assert (tmp_path / "private").read_text() == "private"


@pytest.mark.parametrize("place", [".", "..", "lessons", "lessons/site", ".kb/site", ".git", "link", "file"])
def test_a_folder_of_the_knowledge_base_itself_is_refused(tmp_path: Path, place: str) -> None:
    root = tmp_path / "above" / "base"
    (root / "lessons").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path)
    (root / "file").write_text("")
    with pytest.raises(NoResult):
        require_folder(root / place, Config(root))


def test_a_folder_below_the_root_beside_the_lessons_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    require_folder(tmp_path / "site", Config(tmp_path))


def test_a_folder_that_cannot_be_written_is_an_error_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="file"):
        write_pages(tmp_path / "file" / "site", PAGES, Known("", {}), "key")


@pytest.mark.parametrize("id_", ["labels", "2024/labels", "a_b-c", "0383"])
def test_a_plain_id_is_the_name_of_its_page(id_: str) -> None:
    assert file_name(id_) == id_


@pytest.mark.parametrize(
    "id_",
    [
        *("Labels", "LABELS", "../labels", "/labels", "a//b", "a/./b", ".", "..", "", "con", "a/nul", "com1", "a.html"),
        *(
            "labels ",
            "a\\b",
            "a?b",
            "a#b",
            "a%2fb",
            "caf\u00e9",
            "\u65e5\u672c",
            "x" * 300,
            "a\0b",
            "-x",
            "\ud800",
            "a~b",
        ),
    ],
)
def test_every_other_id_gets_a_name_of_its_own_that_all_systems_take(id_: str) -> None:
    name = file_name(id_)
    assert "~" in name
    assert len(name) < 100
    assert all(sign in "abcdefghijklmnopqrstuvwxyz0123456789-~" for sign in name)


def test_ids_that_differ_only_in_case_have_pages_that_differ_in_more() -> None:
    names = [file_name(id_) for id_ in ("labels", "Labels", "LABELS")]
    assert len({name.casefold() for name in names}) == 3
    assert file_name(file_name("Labels")) != file_name("Labels")
