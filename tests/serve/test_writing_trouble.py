"""What stands in the way of writing is said in words, and nothing is half written."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.git import git
from tests.serve.conftest import Start
from tests.serve.servers import Server
from tests.serve.test_writing import ledger, post, reuse

LIKE_ANYBODY = """
import ctypes, os, sys

if sys.platform == "linux":
    for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, from the bounding set: prctl(2)
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-P", "-m", "kb", *sys.argv[1:]])
"""
"""Runs kb so that the system asks for permissions, also for root."""


@pytest.fixture
def server(own_root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = Server(["-c", LIKE_ANYBODY, "--root", str(own_root), "serve", "--port", "0", "--allow-write"], environment)
    yield found
    assert found.stop() == 0, found.lines
    assert [line for line in found.log if "traceback" in line] == []


def files(root: Path) -> dict[Path, bytes]:
    """Return what is in the files of a library, but for the index."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".kb" not in path.parts}


def fill_ledger(root: Path) -> None:
    (root / "reuse").mkdir()
    (root / "reuse" / f"{date.today():%Y-%m}.jsonl").write_text('{"use": "12345678", "lesson": "x", "in": "y"}\n' * 40)


def link_folder(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "reuse").symlink_to("elsewhere")


def link_ledger(root: Path) -> None:
    (root / "reuse").mkdir()
    (root / "secret").write_text("secret\n")
    (root / "reuse" / f"{date.today():%Y-%m}.jsonl").symlink_to(root / "secret")


def pipe_ledger(root: Path) -> None:
    (root / "reuse").mkdir()
    os.mkfifo(root / "reuse" / f"{date.today():%Y-%m}.jsonl")


def close_root(root: Path) -> None:
    root.chmod(0o555)


def link_lesson(root: Path) -> None:
    lesson = root / "lessons" / "plans.md"
    lesson.rename(root / "plans.md")
    lesson.symlink_to(root / "plans.md")


IN_THE_WAY: list[tuple[str, Callable[[Path], object], str]] = [
    ("the folder is a link", link_folder, "a link, which is not followed; remove it"),
    ("the ledger is a link", link_ledger, "a link, which is not followed; remove it"),
    ("the ledger is a pipe", pipe_ledger, "not a regular file"),
    ("the folder is a file", lambda root: (root / "reuse").write_text("x"), "reuse"),
    ("the library is read-only", close_root, "permission denied"),
    ("the lesson is a link", link_lesson, "a link"),
]


@pytest.mark.parametrize(("happens", "said"), [pytest.param(*rest, id=name) for name, *rest in IN_THE_WAY])
def test_what_is_in_the_way_is_named_and_nothing_changes(
    server: Server, own_root: Path, happens: Callable[[Path], object], said: str
) -> None:
    happens(own_root)
    before = files(own_root)
    try:
        answer = reuse(server, "plans")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status in (422, 503), answer
        assert said in answer.json["detail"].lower()
        assert files(own_root) == before
        assert server.ask("/api/search?q=parcels").status == 200
    finally:
        own_root.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_full_disk_leaves_no_half_line_and_no_id_in_the_lesson(server: Server, own_root: Path) -> None:
    fill_ledger(own_root)
    lesson = own_root / "lessons" / "plans.md"
    lesson.write_text(lesson.read_text().replace("id: plans\n", "unit: North\n"))  # which a use would write there
    before = files(own_root)
    size = max(len(data) for data in before.values())
    own, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + 10, hard))
    answer = reuse(server, "plans")
    assert (answer.status, "no space left" in answer.json["detail"].lower()) == (503, True), answer
    assert files(own_root) == before
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (own, hard))
    assert reuse(server, "plans").status == 201
    assert "id: plans" in lesson.read_text()


@pytest.mark.parametrize("target", ["..", "/tmp", "lessons"])
def test_a_draft_is_not_written_where_a_link_leads(server: Server, own_root: Path, target: str) -> None:
    (own_root / "lessons").rename(own_root / "before")
    (own_root / "lessons").symlink_to(target)
    before = files(own_root), sorted(own_root.parent.iterdir())
    answer = post(server, "/api/drafts", {"title": "Rain that nobody expected"})
    assert answer.status in (422, 503), answer
    assert (files(own_root), sorted(own_root.parent.iterdir())) == before
    assert not [*Path("/tmp").glob("*rain-that-nobody-expected*")]


def test_a_draft_takes_another_name_where_a_link_has_its_own(server: Server, own_root: Path) -> None:
    taken = own_root / "lessons" / f"{date.today()}-rain.md"
    taken.symlink_to(own_root / "nowhere.md")
    found = post(server, "/api/drafts", {"title": "Rain"}).json["path"]
    assert found.endswith("-rain-2.md")
    assert not (own_root / "nowhere.md").exists()


def test_who_is_named_by_git_has_recorded_it(own_root: Path, start: Start) -> None:
    git(own_root, "init", "-q")
    git(own_root, "config", "user.name", "Ann Ray")
    git(own_root, "config", "user.email", "ann@ray.example")
    assert reuse(start(own_root, "--allow-write")).json["by"] == "Ann Ray <ann@ray.example>"


def test_a_use_of_an_index_that_cannot_be_changed_is_recorded_and_says_so(server: Server, own_root: Path) -> None:
    index = own_root / ".kb"
    index.chmod(0o555)
    try:
        found = reuse(server, "plans", **{"in": "labels"}).json
    finally:
        index.chmod(0o755)
    assert found["paths"] == ["lessons/labels.md"]
    assert found["not_indexed"]
    assert ledger(own_root) == []
