"""`kb search` that is answered by a server prints what it prints without one, to the byte."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.serve.conftest import Start
from tests.serve.servers import Server

VARIABLE = re.compile(rb'(?<="took_ms": )\d+\.\d+|(?<=\x1b\]8;id=)\d+')
"""The time that it took, and the numbers that rich gives to links."""
ASKED = [
    ("search", "parcels come back"),
    ("search", "parcels", "come", "back"),
    ("search", "zebra"),
    ("search", "--all", "zebra"),
    ("search", "-n", "1", "parcels"),
    ("search", "--limit=1", "parcels"),
    ("search", "--tag", "sales", "parcels"),
    ("search", "--kind", "tool", "--mode", "lexical", "parcels"),
    ("search", "--since", "2006", "--until=2007", "parcels"),
    ("search", "--where", "status=validated"),
    ("search", "--exact", "parcles"),
    ("search", "parcles"),
    ("search", "--explain", "parcels"),
    ("search", "--json", "parcels"),
    ("search", "kind:tool", "-errors"),
    ("search", "-fmail.txt", "parcels"),
    ("search", '"labels fell off"'),
    ("search", "über 中 \u202e x\x1b[31m"),
    ("-q", "search", "parcels"),
    ("-v", "search", "parcels"),
    ("show", "labels"),
    ("show", "labels:14"),
    ("show", "--section", "tool", "labels"),
    ("show", "--json", "brochures"),
    ("show", "Forty plans"),
    ("similar", "labels"),
    ("similar", "--json", "--limit", "1", "labels"),
    ("brief", "parcels"),
    ("brief", "--json", "parcels"),
    ("brief", "--html", "parcels"),
    ("who", "parcels"),
    ("who", "--json", "-n", "1", "parcels"),
    # errors
    ("search",),
    ("search", "?"),
    ("search", "--mode", "magic", "parcels"),
    ("search", "--limit", "many", "parcels"),
    ("search", "--limit"),
    ("search", "--since", "yesteryear", "parcels"),
    ("search", "--where", "nonsense", "parcels"),
    ("search", "x:y:z", "tag:"),
    ("show", "nobody"),
    ("show", "lab"),
    ("show",),
    ("show", "labels", "plans"),
    ("show", "--section", "method", "labels"),
    ("show", "7"),
    ("similar", "nobody"),
    ("who", "-n", "0", "parcels"),
    ("show", "--html", "labels"),
    ("brief", "--explain", "parcels"),
]
NOT_ASKED = [
    ("search", "-f", "mail.txt"),
    ("search", "--file=mail.txt"),
    ("search", "-"),
    ("search", "--", "parcels"),
    ("search", "--batch", "queries.jsonl"),
    ("search", "--why-not", "labels", "parcels"),
    ("search", "--as-of", "HEAD", "parcels"),
    ("search", "--refresh", "parcels"),
    ("search", "--help"),
    ("search", "-h"),
    ("search", "-20%", "parcels"),
    ("brief", "--like", "labels"),
    ("brief", "--out", "brief.md", "parcels"),
    ("show", "labels.md"),
    ("show", "lessons/labels.md"),
    ("show", "lessons/labels.md:12"),
    ("show", "./nobody"),
    ("show", "mine"),
    ("similar", "mine"),
    ("similar", "gone.md"),
    ("list",),
    ("--version",),
    ("--nothing", "search", "parcels"),
    (),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with files that have the names of nothing and of a lesson."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "mail.txt").write_text("Parcels come back.\n")
    (folder / "queries.jsonl").write_text('{"id": "1", "query": "parcels"}\n')
    (folder / "mine").write_text("# Mine\n\nParcels.\n")
    return folder


def outcome(server: Server, root: Path, *arguments: str, served: bool, **options: Any) -> tuple[int, bytes, bytes]:
    done = server.kb("--root", str(root), *arguments, served=served, capture_output=True, **options)
    return done.returncode, VARIABLE.sub(b"0", done.stdout), done.stderr


def see_same(server: Server, root: Path, *arguments: str, asked: bool, **options: Any) -> None:
    """See that it is the same with and without a server, and whether a server was `asked`."""
    before = server.commands
    run = partial(outcome, server, root, *arguments, served=True, **options)
    answered = server.answering(run) if asked else run()
    assert asked or server.commands == before
    assert answered == outcome(server, root, *arguments, served=False, **options)
    assert b"Traceback" not in answered[2]


@pytest.mark.parametrize("arguments", ASKED, ids=" ".join)
def test_what_is_printed_is_the_same(server: Server, root: Path, place: Path, arguments: tuple[str, ...]) -> None:
    see_same(server, root, *arguments, cwd=place, asked=True)


@pytest.mark.parametrize("arguments", NOT_ASKED, ids=" ".join)
def test_what_concerns_this_process_alone_is_not_asked(
    server: Server, root: Path, place: Path, arguments: tuple[str, ...]
) -> None:
    see_same(server, root, *arguments, cwd=place, asked=False)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"COLUMNS": "40"}, 1),
        ({"COLUMNS": "0"}, 1),
        ({"COLUMNS": "many"}, 1),
        ({"NO_COLOR": "1"}, 1),
        ({"FORCE_COLOR": "1", "COLUMNS": "60"}, 1),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, 1),
        ({"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1),
        ({"TERM": "dumb"}, 0),
        ({"PYTHONIOENCODING": "latin-1"}, 0),
        ({"LC_ALL": "C"}, 1),
        ({"TZ": "Asia/Tokyo"}, 0),
        ({"KB_NO_SERVER": "1"}, 0),
        ({"XDG_STATE_HOME": "/dev/null"}, 0),
    ],
    ids=repr,
)
def test_the_environment_counts_that_is_the_clients(
    server: Server, root: Path, changed: Mapping[str, str], asked: int
) -> None:
    see_same(server, root, "search", "parcels come back", environment=dict(changed), asked=bool(asked))


@pytest.mark.usefixtures("default_model")
def test_which_library_is_meant_is_found_as_ever(server: Server, root: Path, place: Path, own_root: Path) -> None:
    def same(*arguments: str, asked: bool, **options: Any) -> None:
        before = server.commands
        run = partial(server.kb, *arguments, capture_output=True, **options)
        done = [server.answering(run) if asked else run(), run(served=False)]
        assert (done[0].returncode, done[0].stdout, done[0].stderr) == (
            done[1].returncode,
            done[1].stdout,
            done[1].stderr,
        )
        assert asked or server.commands == before

    (place / "link").symlink_to(root)
    (place / "deep").mkdir()
    same("search", "parcels", cwd=root, asked=True)
    same("search", "parcels", cwd=root / "lessons" / "2006", asked=True)
    same("--root", ".", "search", "parcels", cwd=root, asked=True)
    same("--root", "link", "search", "parcels", cwd=place, asked=True)
    same("--root=link/", "search", "parcels", cwd=place, asked=True)
    same("search", "parcels", cwd=place, environment={"KB_ROOT": str(root)}, asked=True)
    same("--root", str(own_root), "--root", str(root), "search", "parcels", asked=True)
    same("--root", str(root), "--root", str(own_root), "search", "parcels", asked=False)
    same("search", "parcels", cwd=place, asked=False)
    same("--root", "", "search", "parcels", cwd=root, asked=True)
    same("--root", str(own_root), "search", "parcels", asked=False)
    same("--root", asked=False)
    same("search", "--tag", "--root", str(root), cwd=place, asked=False)


def test_a_working_directory_that_is_gone(server: Server, root: Path, tmp_path: Path) -> None:
    script = 'mkdir gone; cd gone; rmdir ../gone; "$@"'
    command = ["sh", "-c", script, "sh", sys.executable, "-P", "-m", "kb"]
    for arguments in (["search", "parcels"], ["--root", str(root), "search", "parcels"], ["show", "labels"]):
        done = [
            subprocess.run(
                [*command, *arguments],
                cwd=tmp_path,
                env={**server.environment, **off},
                capture_output=True,
                check=False,
            )
            for off in ({}, {"KB_NO_SERVER": "1"})
        ]
        assert (done[0].returncode, done[0].stdout, done[0].stderr) == (
            done[1].returncode,
            done[1].stdout,
            done[1].stderr,
        )
        assert b"Traceback" not in done[0].stderr


def test_out_and_errors_go_to_one_file_in_the_same_order(server: Server, root: Path) -> None:
    for arguments in (("search", "zebra"), ("search", "parcles"), ("show", "labels"), ("who", "parcels")):
        done = [
            server.kb(
                "--root", str(root), *arguments, served=served, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ).stdout
            for served in (True, False)
        ]
        assert done[0] == done[1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_disk_that_is_full_is_said_as_ever(server: Server, root: Path) -> None:
    found = []
    for served in (True, False):
        with Path("/dev/full").open("w") as full:
            done = server.kb(
                "--root", str(root), "search", "parcels", served=served, stdout=full, stderr=subprocess.PIPE
            )
        found.append((done.returncode, done.stderr))
    assert found[0] == found[1]
    assert (found[0][0], b"the output cannot be written: no space left on device" in found[0][1]) == (3, True)


def test_a_reader_that_has_ended_is_no_error(server: Server, root: Path) -> None:
    for served in (True, False):
        read, write = os.pipe()
        os.close(read)
        done = server.kb("--root", str(root), "search", "parcels", served=served, stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        assert (done.returncode, b"Broken" in done.stderr) == (0, False)


def test_hits_are_named_by_number_after_a_search_that_was_served(server: Server, root: Path) -> None:
    options: dict[str, Any] = {"capture_output": True}
    first = server.kb("--root", str(root), "search", "--json", "parcels", **options)
    ids = [hit["id"] for hit in json.loads(first.stdout)["hits"]]
    assert len(ids) > 1
    for served in (True, False):
        shown = server.kb("--root", str(root), "show", "--json", "2", served=served, **options)
        assert json.loads(shown.stdout)["id"] == ids[1]
    server.kb("--root", str(root), "search", "plans", served=False, **options)
    shown = server.kb("--root", str(root), "show", "--json", "1", **options)
    assert json.loads(shown.stdout)["id"] == "plans"


def test_questions_are_noted_as_ever(own_root: Path, start: Start) -> None:
    server = start(own_root)
    server.kb("--root", str(own_root), "demand", "--on", capture_output=True)
    noted = []
    for served in (True, False):
        server.kb("--root", str(own_root), "search", f"zebras {served}", served=served, capture_output=True)
        told = server.kb("--root", str(own_root), "demand", "--json", capture_output=True)
        noted.append(told.stdout.count(b"zebras") or told.stdout)
    assert server.commands == 1
    assert b"2 questions" in server.kb("--root", str(own_root), "demand", capture_output=True).stdout, noted
    assert not [line for line in server.lines if "zebra" in line]
