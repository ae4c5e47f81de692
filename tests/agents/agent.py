"""Agents that ask `kb mcp`: one that writes each message itself, and the client of the official SDK."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any, TypeVar

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60
"""Seconds after which what is waited for will not come."""
_Result = TypeVar("_Result")
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "a test", "version": "1"},
}


def command(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-P", "-m", "kb", "--root", str(root), "mcp", *options]


def with_path(given: Mapping[str, str]) -> dict[str, str]:
    return {**given, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), given.get("PYTHONPATH", "")]))}


class Agent:
    """A `kb mcp`, and whatever comes back from it."""

    def __init__(self, root: Path, given: Mapping[str, str], *options: str, begins: bool = True) -> None:
        self.process = subprocess.Popen(
            command(root, *options),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=with_path(given),
        )
        self.lines: list[bytes] = []
        self.log: list[bytes] = []
        self._came: Queue[bytes] = Queue()
        self._number = 0
        self._readers = [Thread(target=self._read, daemon=True), Thread(target=self._read_log, daemon=True)]
        for reader in self._readers:
            reader.start()
        if begins:
            assert self.ask("initialize", INITIALIZE)["result"]["serverInfo"]["name"] == "kb"
            self.tell("notifications/initialized")

    def __enter__(self) -> Agent:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            stream.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            self._came.put(line)
        self._came.put(b"")

    def _read_log(self) -> None:
        assert self.process.stderr
        self.log.extend(self.process.stderr)

    def send(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def tell(self, method: str, parameters: object = None) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": parameters or {}}).encode())

    def request(self, method: str, parameters: object = None) -> int:
        """Send a request, and return its id."""
        self._number += 1
        message = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": parameters or {}}
        self.send(json.dumps(message).encode())
        return self._number

    def ask(self, method: str, parameters: object = None) -> Any:
        """Send a request, and return the message that answers it."""
        id_ = self.request(method, parameters)
        while True:
            message = self.next()
            if message.get("id") == id_:
                return message

    def call(self, tool: str, **arguments: object) -> Any:
        """Return the result of a tool."""
        return self.ask("tools/call", {"name": tool, "arguments": arguments})["result"]

    def next(self) -> Any:
        """Return the next message: a line that is one JSON object."""
        try:
            line = self._came.get(timeout=PATIENCE)
        except Empty:
            raise AssertionError(f"nothing came; the log: {self.log}") from None
        assert line, f"it has ended; the log: {self.log}"
        return json.loads(line)

    def end(self, number: int | None = None) -> int:
        """End its input, or send it a signal, and return its exit code."""
        assert self.process.stdin
        if number is None:
            self.process.stdin.close()
        else:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        return self.end(signal.SIGTERM)


def text_of(result: Any) -> str:
    """Return the text of a tool's result."""
    (content,) = result["content"]
    return str(content["text"])


def with_client(
    root: Path,
    given: Mapping[str, str],
    ask: Callable[[Client], Awaitable[_Result]],
    *,
    options: Sequence[str] = (),
    mode: str = "auto",
) -> _Result:
    """Return what `ask` returns of a `kb mcp` that the SDK's client has started."""

    async def asked() -> _Result:
        program, *arguments = command(root, *options)
        parameters = StdioServerParameters(command=program, args=arguments, env=with_path(given))
        async with Client(stdio_client(parameters), mode=mode) as client:
            return await ask(client)

    return asyncio.run(asked())
