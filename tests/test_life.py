"""A lesson's life without a terminal: files that others write meanwhile, disks that are full, Ctrl-C."""

from __future__ import annotations

import getpass
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.config import read_config
from kb.edit.front_matter import set_keys
from kb.edit.source import FileChange, Source, make_all
from kb.errors import CannotWrite, ChangedMeanwhile, WrongDate, WrongState
from kb.figures.days import is_day
from kb.life.history import signature
from kb.life.life import Life
from kb.life.review_date import review_date
from tests.conftest import Make, write
from tests.permissions import like_anybody

TODAY = date(2026, 11, 22)


@pytest.fixture
def root(make: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make({"old.md": "---\nid: old\n---\n# Old\n", "new.md": "---\nid: new\n---\n# New\n"})
    monkeypatch.chdir(root)
    return root


def life(root: Path) -> Life:
    return Life.of(read_config(root), TODAY)


def texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (root / "lessons").iterdir()}


def change(path: Path, **values: str) -> FileChange:
    source = Source.read(path)
    return FileChange(source, set_keys(source.text, values))


def test_what_somebody_else_writes_meanwhile_is_not_undone(root: Path) -> None:
    alive = life(root)
    theirs = write(root, "old.md", "---\nid: old\ntitle: mine\n---\n# Old\n").read_bytes()
    with pytest.raises(
        ChangedMeanwhile, match=r"lessons/old.md: is being changed by somebody else; nothing was written"
    ):
        alive.retire("old", "x")
    assert (root / "lessons" / "old.md").read_bytes() == theirs
    before = texts(root)
    with pytest.raises(ChangedMeanwhile):
        alive.supersede("old", "new")
    assert texts(root) == before


def test_a_file_that_changed_since_it_was_read_is_not_replaced(root: Path) -> None:
    late = change(root / "lessons" / "old.md", title="y")
    theirs = write(root, "old.md", "---\nid: old\ntitle: mine\n---\n# Old\n").read_bytes()
    with pytest.raises(ChangedMeanwhile, match=r"old.md: was changed by somebody else meanwhile; nothing was written"):
        late.make()
    assert late.source.path.read_bytes() == theirs


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let the system refuse to write files beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_neither_side_of_a_succession_is_written(root: Path) -> None:
    write(root, "old.md", "---\nid: old\n---\n# Old\n" + "Long.\n" * 1000)
    before = texts(root)
    with files_up_to(5000), pytest.raises(CannotWrite, match=r"^lessons/old.md: file too large; nothing was written$"):
        life(root).supersede("old", "new")
    assert texts(root) == before


class Interrupted(type(Path())):  # type: ignore[misc]  # the system's own kind of path, known when it runs
    """A file at which somebody presses Ctrl-C."""

    def open(self, *arguments: object, **options: object) -> NoReturn:
        raise KeyboardInterrupt


def test_ctrl_c_between_two_files_takes_the_first_back(root: Path) -> None:
    before = texts(root)
    first, second = change(root / "lessons" / "new.md", title="x"), change(root / "lessons" / "old.md", title="y")
    source = Source(Interrupted(second.source.path), second.source.data, second.source.text)
    with pytest.raises(KeyboardInterrupt):
        make_all([first, FileChange(source, second.edits)])
    assert texts(root) == before


def test_what_is_taken_back_is_only_what_was_made(root: Path) -> None:
    first = change(root / "lessons" / "new.md", title="x")
    first.make()
    theirs = write(root, "new.md", "# Theirs\n")
    first.take_back()
    assert theirs.read_text() == "# Theirs\n"


def test_what_cannot_be_taken_back_is_named(root: Path) -> None:
    first = change(root / "lessons" / "new.md", title="x")
    first.make()
    folder = root / "lessons"
    folder.chmod(0o555)
    try:
        with like_anybody(), pytest.raises(CannotWrite, match=r"new.md: was changed, and this could not be undone: "):
            first.take_back()
    finally:
        folder.chmod(0o755)


def test_a_circle_that_is_there_already_is_no_endless_one(root: Path) -> None:
    write(root, "old.md", "---\nid: old\nsupersedes: [new]\n---\n")
    write(root, "new.md", "---\nid: new\nsupersedes: [old]\n---\n")
    write(root, "third.md", "# Third\n")
    with pytest.raises(WrongState, match="old supersedes new, so it cannot be superseded by it"):
        life(root).supersede("old", "new")
    assert life(root).supersede("old", "third").paths == ("lessons/third.md", "lessons/old.md")


def test_a_circle_of_three_is_refused(root: Path) -> None:
    write(root, "old.md", "---\nid: old\nsupersedes: [middle]\n---\n")
    write(root, "middle.md", "---\nid: middle\nsupersedes: [new]\n---\n")
    with pytest.raises(WrongState, match="old supersedes new"):
        life(root).supersede("old", "new")


def test_nobody_is_named_where_nobody_has_a_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nameless)
    monkeypatch.setenv("PATH", "/nowhere")
    assert signature(root) == ""
    life(root).retire("old", "x")
    assert texts(root)["old.md"].count("by:") == 0


@given(st.text(max_size=12) | st.dates().map(str) | st.from_regex(r"\A2[0-9]{3}(-[01][0-9])?\Z"))
def test_a_review_date_is_a_date_that_is_ahead_or_refused(text: str) -> None:
    try:
        found = review_date(text, TODAY)
    except WrongDate:
        assert not is_day(text.strip()) or text.strip() <= "2026-11-22"
    else:
        assert is_day(found)
        assert found > "2026-11-22"[: len(found)]
