"""A client that speaks the Language Server Protocol with a real `kb lsp`, message by message."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds until a test fails because no message came; on a busy machine the server may start slowly."""


class Client:
    """One server process, and what it sent."""

    def __init__(self, folder: Path) -> None:
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kb", "lsp", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0
        self._version = 1
        self._diagnostics: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            stream.close()

    def start(self, capabilities: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("initialize", processId=None, rootUri=None, capabilities=capabilities or {})
        self.tell("initialized")
        return answer

    def send(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def post(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def tell(self, method: str, **params: Any) -> None:
        self.post({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a request, and return the whole answer."""
        self._number += 1
        self.post({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self.answer(self._number)

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request, and return its result."""
        answer = self.request(method, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def answer(self, id_: int | None) -> dict[str, Any]:
        while True:
            message = self.next()
            if "method" not in message and message.get("id") == id_:
                return message

    def next(self) -> dict[str, Any]:
        message = self._messages.get(timeout=PATIENCE)
        assert message is not None, "the server has ended"
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics.append(message["params"])
        return message

    def open(self, path: Path, text: str | None = None) -> str:
        uri = path.as_uri()
        content = path.read_bytes().decode("utf-8") if text is None else text
        document = {"uri": uri, "languageId": "markdown", "version": self._version, "text": content}
        self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def change(self, uri: str, text: str, place: Any = None) -> int:
        """Change a document, all of it without a place; return the new version."""
        self._version += 1
        change = {"text": text} | ({"range": place} if place else {})
        document = {"uri": uri, "version": self._version}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[change])
        return self._version

    def diagnostics(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """Return the next diagnostics of a document, of this version if one is named."""
        while True:
            for number, one in enumerate(self._diagnostics):
                if one["uri"] == uri and version in (None, one.get("version")):
                    found: list[dict[str, Any]] = self._diagnostics.pop(number)["diagnostics"]
                    return found
            self.next()

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        return self.ask(method, textDocument={"uri": uri}, position={"line": line, "character": character})

    def end(self) -> tuple[int, str]:
        """Close its input, and return its exit code and its log."""
        assert self.process.stdin
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        assert self.process.stderr
        return code, self.process.stderr.read().decode()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while header := stream.readline():
            length = 0
            while header.strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                header = stream.readline()
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)
