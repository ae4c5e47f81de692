"""A server that is told to stop answers what it was asked; one that was killed leaves nothing in the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from tests.serve.conftest import Start
from tests.serve.servers import Server, eventually, served, status_of

SEARCH = b"GET /api/search?q=parcels HTTP/1.1\r\nHost: localhost\r\n"


def sockets(environment: Mapping[str, str]) -> list[Path]:
    return list(Path(environment["XDG_RUNTIME_DIR"]).rglob("*.sock"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_asked_before_is_answered(own_root: Path, start: Start, number: int) -> None:
    server = start(own_root)
    begun = server.connect()
    begun.sendall(SEARCH)
    asked, stopping = 0, Event()

    def ask() -> int:
        nonlocal asked
        while not stopping.is_set():
            try:
                answer = server.ask("/api/search?q=parcels")
            except ConnectionRefusedError:
                assert stopping.is_set()
                break
            assert answer.status == 200
            assert answer.json["hits"]
            asked += 1
        return 0

    with closing(begun), ThreadPoolExecutor(4) as threads:
        working = [threads.submit(ask) for _ in range(4)]
        eventually(lambda: asked > 20)
        body = json.dumps({"q": "parcels " * 20_000}).encode()
        last = server.connect()
        last.sendall(
            b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:10]
        )
        eventually(lambda: server.ask("/healthz").status == 200)
        stopping.set()
        for one in working:
            one.result()
        server.process.send_signal(number)
        last.sendall(body[10:])
        parts = []
        while part := last.recv(65_536):
            parts.append(part)
        assert status_of(b"".join(parts)) == 200
        last.close()
    assert server.stop(number) == 0
    assert sockets(server.environment) == []
    assert not [line for line in server.lines if "raceback" in line]


def test_a_second_signal_waits_for_nobody(own_root: Path, start: Start) -> None:
    server = start(own_root)
    with server.connect() as connection:
        connection.sendall(b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        assert server.ask("/healthz").status == 200
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(server))
        assert server.process.poll() is None
        assert server.stop(signal.SIGTERM) == 0
    assert sockets(server.environment) == []


def refuses(server: Server) -> bool:
    try:
        server.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_what_a_killed_server_has_left_is_replaced(own_root: Path, start: Start) -> None:
    killed = start(own_root)
    assert killed.stop(signal.SIGKILL) == -signal.SIGKILL
    assert len(sockets(killed.environment)) == 1
    again = start(own_root)
    search = ("--root", str(own_root), "search", "parcels")
    assert again.answering(lambda: again.kb(*search, capture_output=True)).returncode == 0


def test_a_second_server_of_a_library_is_told_so(own_root: Path, start: Start) -> None:
    first = start(own_root)
    second = served(own_root, first.environment, starts=False)
    assert second.stop_by_itself() == 2
    assert second.lines == ["kb: a server of this knowledge base is running already; stop that first"]
    search = ("--root", str(own_root), "search", "parcels")
    undisturbed = first.answering(lambda: first.kb(*search, capture_output=True))
    assert undisturbed.returncode == 0


def test_a_port_that_is_in_use_is_named(own_root: Path, environment: Mapping[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        second = served(own_root, environment, "--port", str(port), starts=False)
        assert second.stop_by_itself() == 2
    assert second.lines == [f"kb: 127.0.0.1:{port}: another program listens there; choose another --port"]
    assert sockets(environment) == []


@pytest.mark.parametrize("host", ["203.0.113.1", "nowhere.invalid", "::2"])
def test_an_address_that_is_not_here_is_named(own_root: Path, environment: Mapping[str, str], host: str) -> None:
    second = served(own_root, environment, "--host", host, starts=False)
    assert second.stop_by_itself() == 2
    assert len(second.lines) == 1
    assert second.lines[0].startswith(f"kb: {host}:"), second.lines
    assert second.lines[0].endswith(": no address of this machine; leave --host out, or name one of its own")


def test_an_empty_address_is_not_all_addresses(own_root: Path, environment: Mapping[str, str]) -> None:
    second = served(own_root, environment, "--host", "", starts=False)
    assert second.stop_by_itself() == 2
    assert second.lines == ["kb: --host: the address is empty; leave it out for 127.0.0.1"]


def test_a_folder_without_a_library_is_named(tmp_path: Path, environment: Mapping[str, str]) -> None:
    second = served(tmp_path, environment, starts=False)
    assert second.stop_by_itself() == 2
    assert second.lines == [f"kb: --root: no kb.toml in {tmp_path}; make a knowledge base with `kb init {tmp_path}`"]


def test_a_log_that_nobody_reads_any_more_stops_no_answer(own_root: Path, start: Start) -> None:
    server = start(own_root)
    assert server.process.stderr
    read, write = os.pipe()
    os.close(read)
    listing = subprocess.Popen(
        [*server.process.args[:-2], "--port", "0"],  # type: ignore[index]
        env=server.environment | {"XDG_STATE_HOME": server.environment["HOME"]},
        stderr=write,
        stdout=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        eventually(lambda: len(sockets(server.environment)) == 2)
        path = next(path for path in sockets(server.environment))
        for _ in range(3):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                connection.sendall(SEARCH + b"Connection: close\r\n\r\n")
                assert status_of(connection.recv(1000)) == 200
    finally:
        listing.terminate()
        listing.wait(60)
