"""A server follows what is published, and never mixes two states; if what is live is broken, the last state answers."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.examples import LONG
from tests.serve.conftest import Start
from tests.serve.servers import LABELS, WORDS_ONLY, Server, asked_directly, eventually, publish, status_of, write
from tests.snapshots import edit_manifest, live_folder, pointer

PUBLISHES = 40 if LONG else 8


def lessons_in(state: int) -> int:
    return 4 + state % 5


def publish_state(root: Path, number: int) -> None:
    """Publish lessons that all name their state; of how many there are it can be told which it is."""
    shutil.rmtree(root / "lessons")
    text = "# Lesson {place} of state{number}\n\n## Problem\n\nState{number} parcels come back {place}.\n"
    write(root, {f"{place}.md": text.format(place=place, number=number) for place in range(lessons_in(number))})
    publish(root)


def state_told(answer: Any) -> int:
    """Return the one state that everything in an answer is of."""
    (state,) = {int(number) for number in re.findall(r"[Ss]tate(\d+)", json.dumps(answer["hits"]))}
    assert len(answer["hits"]) == lessons_in(state)
    return state


def snapshot(server: Server) -> str:
    return str(server.ask("/readyz").json["snapshot"])


def trouble(server: Server) -> str:
    return server.ask("/readyz").json["trouble"] or ""


def ids(server: Server, query: str = "q=parcels&all=1") -> set[str]:
    return {hit["id"] for hit in server.ask(f"/api/search?{query}").json["hits"]}


def open_files(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))  # noqa: PTH208 - a folder that changes meanwhile


def threads(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/task"))  # noqa: PTH208


def test_answers_are_of_one_state_while_others_are_published(own_root: Path, start: Start) -> None:
    publish_state(own_root, 0)
    server, done = start(own_root), Event()

    def ask() -> list[int]:
        seen = []
        while not done.is_set():
            answer = server.ask("/api/search?q=parcels+come+back&all=1&limit=50")
            assert answer.status == 200, answer.body
            seen.append(state_told(answer.json))
            similar = server.ask("/api/similar?id=0&limit=50").json
            assert len(similar["hits"]) + 1 == lessons_in(state_named(similar))
        return seen

    with ThreadPoolExecutor(3) as asking:
        seen = [asking.submit(ask) for _ in range(3)]
        try:
            for number in range(1, PUBLISHES + 1):
                publish_state(own_root, number)
        finally:
            done.set()
        for one in seen:
            assert one.result() == sorted(one.result()), "nobody goes back in time"
    eventually(lambda: state_told(server.ask("/api/search?q=parcels+come+back&all=1&limit=50").json) == PUBLISHES)
    assert {line["status"] for line in server.log} == {200}


def state_named(answer: Any) -> int:
    (state,) = {int(number) for number in re.findall(r"state(\d+)", json.dumps(answer))}
    return state


def test_a_tag_changes_with_what_is_published(own_root: Path, start: Start) -> None:
    server = start(own_root)
    paths = ("/api/search?q=parcels", "/api/map", "/api/impact")
    tags = {path: server.ask(path).headers["etag"] for path in paths}
    before = snapshot(server)
    write(own_root, {"new.md": "# Parcels again\n\nA zebra ate the parcels.\n"})
    publish(own_root)
    eventually(lambda: snapshot(server) != before)
    for path in paths:
        assert server.ask(path, if_none_match=tags[path]).status == 200
    assert "new" in ids(server, "q=zebra")


def test_a_lesson_is_shown_as_its_file_is_now(own_root: Path, start: Start) -> None:
    server = start(own_root)
    tag = server.ask("/api/lessons/labels").headers["etag"]
    write(own_root, {"labels.md": LABELS + "\nA new sentence.\n"})
    answer = server.ask("/api/lessons/labels", if_none_match=tag)
    assert (answer.status, "A new sentence." in answer.text) == (200, True)
    assert server.ask("/api/status").json["changed_since"] == 1


def test_what_is_asked_at_the_command_line_right_after_a_publish_is_answered_from_it_or_not_at_all(
    own_root: Path, start: Start
) -> None:
    server = start(own_root)
    (path,) = Path(server.environment["XDG_RUNTIME_DIR"]).rglob("*.sock")
    for number in range(PUBLISHES):
        write(own_root, {"new.md": f"# Parcels again, {number} times\n\nA zebra ate the parcels.\n"})
        publish(own_root)
        answer = asked_directly(path, root=str(own_root), arguments=["search", "zebra"])
        assert status_of(answer) == 503 or f"again, {number} times".encode() in answer, answer


def test_a_command_counts_what_has_changed_until_now(own_root: Path, start: Start) -> None:
    server = start(own_root)
    (path,) = Path(server.environment["XDG_RUNTIME_DIR"]).rglob("*.sock")
    for number in (1, 2, 3):
        write(own_root, {f"another-{number}.md": "# Parcels again\n"})
        answer = asked_directly(path, root=str(own_root), arguments=["search", "--json", "parcels"])
        said = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert (
            json.loads("".join(text for stream, text in said["pieces"] if stream == "stdout"))["index"]["changed_since"]
            == number
        )


BREAKING: list[tuple[str, Callable[[Path], object], str]] = [
    ("the index is removed", lambda root: shutil.rmtree(root / ".kb"), "there is no index yet"),
    ("it points nowhere", lambda root: pointer(root).write_text("20200101T000000Z-abcdef\n"), ""),
    ("it points outside", lambda root: pointer(root).write_text("../../..\n"), ""),
    ("it is garbage", lambda root: pointer(root).write_bytes(b"\xff\x00" * 100), ""),
    ("it is empty", lambda root: pointer(root).write_text(""), ""),
    ("it is of another format", lambda root: edit_newest(root, format=9999), ""),
    ("kb.toml is broken", lambda root: (root / "kb.toml").write_text("[model\n"), "kb.toml"),
    ("kb.toml is gone", lambda root: (root / "kb.toml").unlink(), "kb.toml"),
    ("kb.toml is a folder", lambda root: make_folder(root / "kb.toml"), "kb.toml"),
    ("kb.toml is not text", lambda root: (root / "kb.toml").write_bytes(b"\xff\xfe\x00"), "kb.toml"),
]


def edit_newest(root: Path, **values: object) -> None:
    """Publish, and make the manifest of what was published say something else at once."""
    write(root, {"new.md": "# New\n\nA zebra.\n"})
    publish(root)
    edit_manifest(live_folder(root), **values)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(("breaks", "said"), [pytest.param(*rest, id=name) for name, *rest in BREAKING])
def test_what_answered_goes_on_answering_until_it_is_mended(
    own_root: Path, start: Start, breaks: Callable[[Path], object], said: str
) -> None:
    server, kept = start(own_root), own_root.with_name("kept")
    shutil.copytree(own_root, kept, symlinks=True)
    found = ids(server)
    breaks(own_root)
    if said:
        eventually(lambda: trouble(server))
        assert said in trouble(server)
        assert "kb_behind 1.0" in server.ask("/metrics").text
        assert server.line_with("what is live now cannot be opened, so answers are as before: ")
    assert ids(server) >= found
    assert len([line for line in server.lines if "cannot be opened" in line]) <= 1, "it says so once"
    shutil.rmtree(own_root)
    shutil.copytree(kept, own_root, symlinks=True)
    write(own_root, {"mended.md": "# Mended\n\nA giraffe.\n"})
    publish(own_root)
    eventually(lambda: "mended" in ids(server, "q=giraffe"))
    assert trouble(server) == ""
    assert "kb_behind 0.0" in server.ask("/metrics").text


def test_who_does_not_want_to_be_named_is_gone_with_the_next_look(own_root: Path, start: Start) -> None:
    server = start(own_root)
    assert "Ann Ray" in server.ask("/api/who?q=parcels").text
    (own_root / "people.md").write_text("# People\n\n| name | opted out |\n|---|---|\n| Ann Ray | yes |\n")
    paths = ("/api/who?q=parcels", "/api/search?q=parcels", "/api/brief?q=parcels", "/api/lessons/labels")
    eventually(lambda: "Ann Ray" not in server.ask(paths[0]).text)
    assert [path for path in paths if "Ann Ray" in server.ask(path).text] == []


def test_a_use_that_is_recorded_counts(own_root: Path, start: Start) -> None:
    server = start(own_root)
    reuse = ("reuse", "labels", "--in", "Depot East", "--outcome", "helped")
    assert server.kb("--root", str(own_root), *reuse, capture_output=True).returncode == 0
    eventually(lambda: "Depot East" in server.ask("/api/lessons/labels").text)
    eventually(lambda: "helped" in server.ask("/api/search?q=parcels").text)


def test_without_an_index_one_is_built_first(tmp_path: Path, start: Start) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "kb.toml").write_text(WORDS_ONLY)
    write(tmp_path, {"labels.md": LABELS})
    server = start(tmp_path)
    assert ids(server) == {"labels"}
    assert server.line_with("there is no index yet: building it first")


def test_a_library_without_lessons_is_served(tmp_path: Path, start: Start) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "kb.toml").write_text(WORDS_ONLY)
    server = start(tmp_path)
    assert ids(server) == set()
    write(tmp_path, {"labels.md": LABELS})
    publish(tmp_path)
    eventually(lambda: ids(server) == {"labels"})


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists a process's files")
def test_nothing_is_left_of_what_was_served_before(own_root: Path, start: Start) -> None:
    server = start(own_root)
    publishes = 200 if LONG else 12

    def publish_one(number: int) -> None:
        before = snapshot(server)
        write(own_root, {"labels.md": f"{LABELS}\nNumber {number}.\n"})
        publish(own_root)
        eventually(lambda: snapshot(server) != before)
        assert server.ask("/api/search?q=parcels").status == 200

    for number in range(4):
        publish_one(number)
    files, running, memory = open_files(server), threads(server), resident(server)
    for number in range(4, publishes):
        publish_one(number)
    eventually(lambda: open_files(server) <= files)
    assert threads(server) <= running + 3  # of the pool, which starts them when they are needed
    assert resident(server) < memory * 1.2
    assert len(list((own_root / ".kb" / "snapshots").iterdir())) <= 4


def resident(server: Server) -> int:
    """Return the kilobytes of memory that it has."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
