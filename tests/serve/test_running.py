"""`kb status` and `kb doctor` name the servers of a knowledge base, and wait for nobody."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kb import __version__
from kb.served.place import make_folder, socket_of
from kb.served.running import running_servers
from tests.conftest import Run
from tests.serve.conftest import Start
from tests.serve.servers import Server, eventually, served


@pytest.fixture
def runtime(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a user with a runtime folder that is empty, which this process has, too."""
    folder = tempfile.mkdtemp(prefix="kb-")
    found = {**environment, "XDG_RUNTIME_DIR": folder}
    for name in ("XDG_RUNTIME_DIR", "HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TZ"):
        if name in found:
            monkeypatch.setenv(name, found[name])
        else:
            monkeypatch.delenv(name, raising=False)
    yield found
    shutil.rmtree(folder)


@pytest.fixture
def server(own_root: Path, runtime: dict[str, str]) -> Iterator[Server]:
    found = served(own_root, runtime)
    yield found
    assert found.stop() == 0


def of_status(kb: Run, root: Path) -> list[dict[str, Any]]:
    return [*json.loads(kb(root, "status", "--json").out)["servers"]]


def of_doctor(kb: Run, root: Path) -> list[tuple[str, str, str]]:
    findings = json.loads(kb(root, "doctor", "--json").out)["findings"]
    found = [finding for finding in findings if "a server runs" in finding["what"]]
    return [(finding["level"], finding["what"], finding["cure"]) for finding in found]


def listening(root: Path) -> socket.socket:
    """Return a socket where a server would listen, at which nobody answers."""
    path = socket_of(str(root))
    assert path
    make_folder(path)
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    found.bind(path)
    found.listen()
    return found


def test_a_server_is_named_with_its_version_and_snapshot(server: Server, own_root: Path, kb: Run) -> None:
    (found,) = of_status(kb, own_root)
    assert found == {
        "socket": socket_of(str(own_root)),
        "answers": True,
        "version": __version__,
        "snapshot": server.ask("/readyz").json["snapshot"],
        "behind": False,
        "trouble": "",
    }
    said = f"version {__version__}; answers from {found['snapshot']}; {found['socket']}"
    assert said in kb(own_root, "status").out
    assert of_doctor(kb, own_root) == [("ok", f"a server runs: {said}", "")]


def test_one_that_cannot_open_what_is_live_is_behind(server: Server, own_root: Path, kb: Run) -> None:
    (own_root / "kb.toml").write_text("[model\n")
    eventually(lambda: server.ask("/readyz").json["trouble"])
    (found,) = running_servers(own_root)
    assert (found.is_behind, bool(found.trouble)) == (True, True)
    ((level, what, cure),) = of_doctor(kb, own_root)
    assert (level, "which is not the newest" in what, cure) == ("warning", True, "correct what it names")


def test_without_a_server_there_is_none(own_root: Path, runtime: dict[str, str], kb: Run) -> None:
    assert of_status(kb, own_root) == []
    assert of_doctor(kb, own_root) == []
    assert "\nserver " not in kb(own_root, "status").out


def test_one_of_another_library_is_none(server: Server, root: Path) -> None:
    assert running_servers(root) == ()


def test_a_socket_that_a_killed_server_has_left_is_none(own_root: Path, runtime: dict[str, str]) -> None:
    listening(own_root).close()
    assert running_servers(own_root) == ()


def test_one_that_does_not_answer_is_named_and_not_waited_for(own_root: Path, runtime: dict[str, str], kb: Run) -> None:
    with listening(own_root):
        began = time.monotonic()
        (found,) = running_servers(own_root)
        assert (found.answers, time.monotonic() - began < 5) == (False, True)
        ((level, what, cure),) = of_doctor(kb, own_root)
    assert (level, what.endswith(": does not answer"), cure) == ("warning", True, "end it, then kb serve")


def test_many_that_do_not_answer_are_not_waited_for_one_after_the_other(
    own_root: Path, runtime: dict[str, str]
) -> None:
    with listening(own_root) as first:
        folder = Path(first.getsockname()).parent
        others = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(20)]
        for number, one in enumerate(others):
            one.bind(str(folder / f"{number}.sock"))
            one.listen()
        began = time.monotonic()
        assert [server.answers for server in running_servers(own_root)] == [False]
        assert time.monotonic() - began < 3  # each alone: six seconds
        for one in others:
            one.close()


def test_one_of_another_version_is_named_and_not_used(
    own_root: Path, runtime: dict[str, str], start: Start, server: Server, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.served.place.__version__", "99.1")
    monkeypatch.setattr("kb.served.running.__version__", "99.1")
    (found,) = running_servers(own_root)
    assert (found.version, found.is_used) == (__version__, False)
    assert found.in_words.startswith(f"version {__version__}, and this is 99.1: restart it; ")
    ((level, _, cure),) = of_doctor(kb, own_root)
    assert (level, cure) == ("warning", "end it, then kb serve")


@pytest.mark.parametrize("mode", [0o755, 0o777])
def test_a_folder_that_is_open_to_others_is_not_looked_into(own_root: Path, runtime: dict[str, str], mode: int) -> None:
    with listening(own_root) as one:
        Path(one.getsockname()).parent.chmod(mode)
        assert running_servers(own_root) == ()


def test_over_http_nothing_is_told_of_the_machine(server: Server) -> None:
    answer = server.ask("/about")
    assert (answer.status, answer.json["detail"]) == (404, "there is nothing here")
