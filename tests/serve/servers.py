"""A server in a process of its own, and ways to ask it."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Any, TypeVar

from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from kb.served.client import OFF

LABELS = """\
---
id: labels
title: Labels that fall off
tags: [shipping]
status: validated
date: 2006-05
summary: Parcels came back because labels fell off.
people:
  - {name: Ann Ray, role: team, contact: ann@ray.example}
impact: [{area: cost, metric: parcels back, change: "-85%"}]
---
# Labels that fall off

## Problem

Parcels came back because their labels fell off.

## Tools

A checklist of four lines.
"""
PLANS = "---\nid: plans\n---\n# Forty plans\n\n## Problem\n\nForty teams plan in forty languages.\n"
BROCHURES = (
    "---\nid: brochures\ntags: [sales]\n---\n# Brochures with errors\n\n## Problem\n\nThe parcels had old brochures.\n"
)
LIBRARY = {"labels.md": LABELS, "plans.md": PLANS, "2006/brochures.md": BROCHURES}
WORDS_ONLY = '[model]\nname = "./nowhere"\n'
_TRIES = 5
PATIENCE = 30.0
"""Seconds after which something that is waited for will not happen."""
PATHS = [
    *("search?q=parcels", "brief?q=parcels", "who?q=parcels", "similar?id=labels", "lessons/labels"),
    *("impact", "map", "gaps", "status"),
]
"""An address of each kind, below `/api/`."""

_Found = TypeVar("_Found")
LIMITED = """
import json, sys
from pathlib import Path
from kb.progress import Silent
from kb.serve.serving import Settings, serve
from kb.serve.workers import Limits

def announce(line):
    print(f"kb: {line}", file=sys.stderr, flush=True)

root, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
serve(root, Settings(port=0, limits=limits), lambda arguments: 0, Silent(), announce)
"""
"""A server with limits that a test can reach."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The JSON of the body, without the time that it took."""
        found = json.loads(self.body)
        if isinstance(found, dict):
            found.pop("took_ms", None)
        return found


def library(root: Path, files: Mapping[str, str] = LIBRARY, config: str = WORDS_ONLY) -> Path:
    """Make a knowledge base of lessons and index it, by words only."""
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(config, "utf-8")
    write(root, files)
    publish(root)
    return root


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = root / "lessons" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def publish(root: Path) -> None:
    assert KnowledgeBase(root).reindex(Orders(words_only=True, allow_removals=True, gate=False)).published


def eventually(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


class Server:
    """A server; `environment` is that of all processes that are to find it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, starts: bool = True) -> None:
        self.environment = dict(environment)
        self.lines: list[str] = []
        self._came = Condition()
        self._ended = False
        self.process = subprocess.Popen(
            [sys.executable, "-P", *command],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = 0
        if starts:
            address = self.line_with("kb: http://").removeprefix("kb: http://")
            self.host, _, port = address.rstrip("/").rpartition(":")
            self.port = int(port)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._came:
                self.lines.append(line.rstrip("\n"))
                self._came.notify_all()
        with self._came:
            self._ended = True
            self._came.notify_all()

    def line_with(self, text: str) -> str:
        """Wait for a line on standard error that has a text, and return it."""
        with self._came:
            self._came.wait_for(lambda: self._ended or any(text in line for line in self.lines), PATIENCE)
            found = [line for line in self.lines if text in line]
            assert found, self.lines
            return found[0]

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of the log until now."""
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]

    def ask(self, path: str, body: bytes | None = None, method: str = "", **headers: str) -> Answer:
        """Ask for a path; with a body by POST. `_` in the names of headers stands for `-`."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # a body that is too long is not read to its end
                connection.request(method or ("GET" if body is None else "POST"), path, body, named)
            got = connection.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), PATIENCE)

    def send(self, *parts: bytes) -> bytes:
        """Send bytes as they are, and return all that comes back until the server closes the connection."""
        with self.connect() as connection:
            for part in parts:
                connection.sendall(part)
            return received(connection)

    def raw(self, *lines: str) -> bytes:
        """Send the lines of a request's head, and return what comes back."""
        return self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "surrogateescape"))

    def kb(self, *arguments: str, served: bool = True, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run the program as its users do; unless `served`, without a server."""
        environment = self.environment | options.pop("environment", {}) | ({} if served else {OFF: "1"})
        stdin = options.pop("stdin", subprocess.DEVNULL)
        command = [sys.executable, "-P", "-m", "kb", *arguments]
        return subprocess.run(command, env=environment, stdin=stdin, check=False, timeout=PATIENCE, **options)

    def answering(self, run: Callable[[], _Found]) -> _Found:
        """Return what a command printed that this server answered: on a busy machine none waits long for it."""
        for _ in range(_TRIES):
            before = self.commands
            found = run()
            if self.commands > before:
                return found
        raise AssertionError(f"in {_TRIES} tries no command was answered by the server")

    @property
    def commands(self) -> int:
        """How many command lines it has answered; each is logged before its connection ends."""
        return sum(line.get("path") == "/command" and line["status"] == 200 for line in self.log)

    def stop_by_itself(self) -> int:
        """Wait until it ends, as one that cannot serve does, and return its exit code."""
        try:
            self.process.wait(PATIENCE)
        finally:
            code = self.stop(signal.SIGKILL)
        return code

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        if self.process.stderr:
            self.process.stderr.close()
        return code


def served(root: Path, environment: Mapping[str, str], *options: str, starts: bool = True) -> Server:
    """Start a server of a knowledge base, as users do."""
    return Server(["-m", "kb", "--root", str(root), "serve", "--port", "0", *options], environment, starts=starts)


def limited(root: Path, environment: Mapping[str, str], **limits: float) -> Server:
    """Start a server with other limits."""
    return Server(["-c", LIMITED, str(root), json.dumps(limits)], environment)


def received(connection: socket.socket) -> bytes:
    return b"".join(_parts(connection))


def _parts(connection: socket.socket) -> Iterator[bytes]:
    try:
        while part := connection.recv(65_536):
            yield part
    except ConnectionResetError:
        return


def asked_directly(path: Path, **changed: object) -> bytes:
    """Send a command line to a server's socket as another process of the user does, and return what comes back."""
    body = {
        **{"root": "", "arguments": ["search", "parcels"], "environment": {}, "session": "x"},
        **{"terminals": [False, False, False], "columns": 80, "lines": 24},
        **changed,
    }
    text = json.dumps(body).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        head = b"POST /command HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(text)
        connection.sendall(head + text)
        return received(connection)


def status_of(response: bytes) -> int:
    """Return the status of a response, 0 if there is none."""
    return int(response.split(b" ", 2)[1]) if response.startswith(b"HTTP/1.1 ") else 0
