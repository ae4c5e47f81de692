"""What was left beside its place is told from what is being written, and removed without leaving the folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from search.storage import atomic


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A link to a folder with a file, by a name as what is left over has it."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").touch()
    (tmp_path / ".a.kb-deadbeef").symlink_to(tmp_path / "elsewhere")
    return tmp_path / ".a.kb-deadbeef"


def test_neither_what_is_being_written_nor_a_link_is_left_over_and_a_pipe_holds_nobody_up(
    tmp_path: Path, link: Path
) -> None:
    pipe = tmp_path / ".b.kb-deadbeef"
    os.mkfifo(pipe)
    with atomic.folder_beside(tmp_path / "c"), atomic.file_beside(tmp_path / "d", b""):
        assert atomic.leftovers(tmp_path) == [pipe]


def test_of_a_link_only_the_link_is_removed(tmp_path: Path, link: Path) -> None:
    atomic.remove(link)
    assert not link.is_symlink()
    assert (tmp_path / "elsewhere" / "file").exists()


@pytest.mark.slow
def test_a_folder_of_more_levels_than_python_has_calls_and_a_path_has_room_is_removed(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Whoever cleans up behind a failed test may not get that deep.
    request.addfinalizer(lambda: subprocess.run(["rm", "-rf", tmp_path / "a-level"], check=True))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").touch()
    levels = [os.open(tmp_path, os.O_RDONLY)]
    for _ in range(3000):
        os.mkdir("a-level", dir_fd=levels[-1])
        levels.append(os.open("a-level", os.O_RDONLY, dir_fd=levels[-1]))
        os.close(levels.pop(-2))
    os.symlink(tmp_path / "elsewhere", "link", dir_fd=levels[-1])
    os.mkfifo("pipe", dir_fd=levels[-1])
    os.close(levels.pop())
    atomic.remove(tmp_path / "a-level")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "elsewhere", tmp_path / "elsewhere" / "file"]


MEANWHILE = """
import fcntl, os, sys
from pathlib import Path
from search.storage import atomic

folder, what, moment, other = Path(sys.argv[1]), *sys.argv[2:]
held, steps = [], [moment]

def meanwhile(event, arguments):
    if [event] == steps and (made := list(folder.glob(".*"))):
        steps.clear()
        if other == "removes":
            atomic.remove_leftovers(folder)
        else:
            held.append(os.open(made[0], os.O_RDONLY))
            fcntl.flock(held[0], fcntl.LOCK_EX)

sys.addaudithook(meanwhile)
with atomic.folder_beside(folder / "a") if what == "folder" else atomic.file_beside(folder / "a", b"whole") as aside:
    for descriptor in held:
        os.close(descriptor)
    atomic.remove_leftovers(folder)
    print(steps, aside.is_dir() if what == "folder" else aside.read_bytes() == b"whole")
print(list(folder.iterdir()))
"""
"""Does what another process may do before a step of the system is done: removes what is left over, or looks at it."""


@pytest.mark.parametrize("other", ["removes", "looks"])
@pytest.mark.parametrize(("what", "moment"), [("folder", "open"), ("folder", "fcntl.flock"), ("file", "fcntl.flock")])
def test_what_another_process_takes_for_left_over_before_it_is_locked_is_made_again(
    tmp_path: Path, what: str, moment: str, other: str
) -> None:
    command = [sys.executable, "-c", MEANWHILE, str(tmp_path), what, moment, other]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["[] True", "[]"]


def test_of_two_that_remove_what_is_left_one_does(tmp_path: Path) -> None:
    (tmp_path / ".a.kb-deadbeef").mkdir()
    (tmp_path / ".a.kb-deadbeef" / "file").touch()
    assert [atomic.remove_left(tmp_path / ".a.kb-deadbeef") for _ in range(2)] == [True, False]
    with atomic.folder_beside(tmp_path / "c") as held:
        assert not atomic.remove_left(held)
