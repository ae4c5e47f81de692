"""A real server on 127.0.0.1 that says what it is given, and how to reach it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedReader
from ipaddress import ip_address, ip_network
from socketserver import StreamRequestHandler, ThreadingTCPServer
from ssl import SSLContext
from typing import Any

from kb.system.web.address import address_of
from kb.system.web.answer import Answer
from kb.system.web.asking import Manner
from kb.system.web.asking_many import ask_many
from kb.system.web.names import NoSuchName
from kb.system.web.reach import IP, Reach

Say = Callable[[str, str], bytes | Iterable[bytes | None]]
"""Returns what is sent for a method and a path, whole or in parts; None: nothing until the client goes away."""

_HANDSHAKE = b"\x16"
"""The first byte of an encrypted connection."""


def status(code: int, *headers: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {code} Some Words", *headers, "Content-Length: 0", "", "")).encode()


def redirect(to: str, code: int = 302) -> bytes:
    return status(code, f"Location: {to}")


class Site(ThreadingTCPServer):
    """A server; it counts what it was asked."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self, say: Say) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.say = say
        self.asked: list[str] = []
        """`GET /path` of each request."""
        self.heads: list[bytes] = []
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are expected."""


class _Handler(StreamRequestHandler):
    server: Site

    def handle(self) -> None:
        with suppress(OSError):
            assert isinstance(self.rfile, BufferedReader)
            if self.rfile.peek(1)[:1] == _HANDSHAKE:
                self.wfile.write(status(400))
                return
            rows = list(iter(self.rfile.readline, b"\r\n"))
            method, path, _ = rows[0].decode().split(" ")
            self.server.asked.append(f"{method} {path}")
            self.server.heads.append(b"".join(rows))
            with self.server.counted():
                said = self.server.say(method, path)
            for part in [said] if isinstance(said, bytes) else said:
                if part is None:
                    self.rfile.read()
                else:
                    self.wfile.write(part)


@contextmanager
def site(say: Say, encryption: SSLContext | None = None) -> Iterator[Site]:
    """Run a server while the block lasts."""
    with Site(say) as server:
        if encryption:
            server.socket = encryption.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def manner(*sites: Site, names: Mapping[str, tuple[str, ...]] | None = None, **more: Any) -> Manner:
    """Return how to ask these servers; nothing else, except what is public."""

    async def resolve(name: str) -> tuple[IP, ...]:
        if name not in (names or {}):
            raise NoSuchName
        return tuple(map(ip_address, (names or {})[name]))

    reach = Reach((ip_network("127.0.0.1/32"),), frozenset({80, *(each.port for each in sites)}))
    return Manner(reach, resolve, **{"seconds_each": 5, "seconds": 20, **more})


def ask(how: Manner, *urls: str) -> list[Answer]:
    """Return the answer of each address."""
    addresses = [address_of(url) for url in urls]
    answers = ask_many(addresses, how)
    return [answers[address] for address in addresses]
