"""Slow, broken and hostile connections: none of them keeps others from being answered."""

from __future__ import annotations

import random
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.examples import examples
from tests.serve.servers import Server, limited, received, status_of

SEARCH = b"GET /api/search?q=parcels HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /api/search HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def server(root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A server with little patience."""
    found = limited(root, environment, seconds_to_arrive=0.3, seconds_between=1)
    yield found
    assert status_of(found.raw(SEARCH.decode().strip())) == 200, "it still answers"
    assert found.stop() == 0
    assert [line for line in found.lines if "raceback" in line] == []


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"G",
        SEARCH,
        SEARCH + b"X: ",
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_a_request_that_does_not_arrive_is_given_up(server: Server, begun: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(begun)
        assert received(connection) == b""


@pytest.mark.parametrize("begun", [SEARCH + b"X: ", POST + b"Content-Length: 100000\r\n\r\n"])
def test_drop_by_drop_is_no_quicker(server: Server, begun: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(begun)
        connection.settimeout(0.05)
        started = time.monotonic()
        while time.monotonic() < started + 30:
            try:
                connection.sendall(b"a")
                if connection.recv(1000) == b"":
                    break
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
        assert time.monotonic() - started < 10


def test_a_kept_connection_is_given_up_in_the_middle_of_its_second_request(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(SEARCH + b"\r\n" + SEARCH)
        assert received(connection).count(b"HTTP/1.1 200 OK") == 1


def test_many_requests_at_once_on_a_connection_are_answered_in_order(server: Server) -> None:
    paths = ["/healthz", "/api/lessons/labels", "/nothing", "/api/lessons/plans", "/readyz"]
    heads = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths * 4]
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = server.send(b"".join(heads) + last)
    found = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert found == [200, 200, 404, 200, 200] * 4 + [200]
    assert [answer.index(text) for text in (b"Labels that", b"Forty plans")] == sorted(
        answer.index(text) for text in (b"Labels that", b"Forty plans")
    )


def test_a_client_that_sends_no_more_is_answered(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(SEARCH + b"Connection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert status_of(received(connection)) == 200


@pytest.mark.parametrize("sent", [SEARCH + b"\r\n", POST + b"Content-Length: 100\r\n\r\n{", SEARCH, b""])
def test_a_client_that_goes_away_hurts_nobody(server: Server, sent: bytes) -> None:
    for _ in range(20):
        connection = server.connect()
        connection.sendall(sent)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not end
        connection.close()
    assert server.ask("/api/search?q=parcels").status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),  # the beginning of TLS
        b"\x00" * 1000,
        b"\r\n" * 1000,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        POST + b"Transfer-Encoding: gzip\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n",
        SEARCH + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[-30:]),
)
def test_what_is_no_request_is_refused(server: Server, sent: bytes) -> None:
    answer = server.send(sent)
    assert status_of(answer) in (0, 400, 404, 413, 421, 501)
    assert b"hits" not in answer


def test_an_upgrade_is_not_taken(server: Server) -> None:
    lines = ("Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13")
    with server.connect() as connection:
        connection.sendall("\r\n".join([SEARCH.decode().strip(), "Connection: Upgrade", *lines, "", ""]).encode())
        assert status_of(connection.recv(1000)) == 200


def test_random_bytes_do_no_harm(server: Server) -> None:
    chance = random.Random(16)
    pieces = [
        b"GET ",
        b"POST ",
        b"/api/search?q=",
        b" HTTP/1.1",
        b"\r\n",
        b"Host: localhost",
        b"Content-Length: ",
        b"{}",
    ]
    pieces += [b"Transfer-Encoding: chunked", b"\x00", b"\xff", b":", b"0", b"Connection: close", b"%", b" "]
    for _ in range(examples(2000)):
        sent = b"".join(
            chance.choice(pieces) if chance.random() < 0.8 else chance.randbytes(chance.randrange(9)) for _ in range(20)
        )
        with server.connect() as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            connection.setblocking(chance.random() < 0.05)  # most do not wait for what comes back
            try:
                assert status_of(received(connection)) in (0, 200, 400, 404, 405, 413, 421, 422)
            except BlockingIOError:
                continue
