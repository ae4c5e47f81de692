"""A server on this machine that answers as GitHub's REST API does, as far as comments and changed files go."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OWN = "github-actions[bot]"


@dataclass
class Refusal:
    """An answer in place of the right one."""

    status: int
    method: str = ""
    """Only to this method; empty for any."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "no"}'
    done_first: bool = False
    """Whether the server does what was asked before it fails."""


@dataclass
class Forge:
    """One repository with one issue, and what was asked of it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refusals: deque[Refusal] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    """Method and path of each request."""
    tokens: set[str] = field(default_factory=set)
    address: str = ""

    def comment(self, body: str, author: str = OWN) -> None:
        self.comments.append({"id": len(self.comments) + 1, "user": {"login": author}, "body": body})

    def bodies(self, author: str = OWN) -> list[str]:
        return [one["body"] for one in self.comments if one.get("user") == {"login": author}]

    def writes(self) -> list[str]:
        return [line for line in self.asked if not line.startswith("GET")]


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def _do(self) -> None:
        forge = self.forge
        forge.asked.append(f"{self.command} {self.path}")
        forge.tokens.add(self.headers.get("Authorization", ""))
        length = int(self.headers.get("Content-Length") or 0)
        given = json.loads(self.rfile.read(length)) if length else {}
        refusal = self._refusal()
        if refusal is None or refusal.done_first:
            status, answer = self._answer(given)
        if refusal is None:
            self._say(status, json.dumps(answer).encode(), {})
        else:
            self._say(refusal.status, refusal.body, refusal.headers)

    do_GET = do_POST = do_PATCH = _do  # noqa: N815 - the names that the library calls

    def _refusal(self) -> Refusal | None:
        waiting = self.forge.refusals
        return waiting.popleft() if waiting and waiting[0].method in ("", self.command) else None

    def _answer(self, given: dict[str, Any]) -> tuple[int, Any]:
        path, _, query = self.path.partition("?")
        page = int(found[1]) if (found := re.search(r"\bpage=(\d+)", query)) else 1
        some = slice((page - 1) * 100, page * 100)
        if path == "/repos/acme/shop/issues/7/comments" and self.command == "GET":
            return 200, self.forge.comments[some]
        if path == "/repos/acme/shop/issues/7/comments" and self.command == "POST":
            self.forge.comment(given["body"])
            return 201, self.forge.comments[-1]
        if path == "/repos/acme/shop/pulls/7/files":
            return 200, [{"filename": name} for name in self.forge.paths[some]]
        if self.command == "PATCH" and (found := re.fullmatch(r"/repos/acme/shop/issues/comments/(\d+)", path)):
            self.forge.comments[int(found[1]) - 1]["body"] = given["body"]
            return 200, {}
        return 404, {"message": "Not Found"}

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    handler = type("Handler", (_Handler,), {"forge": forge})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        forge.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield forge
        server.shutdown()
        thread.join()
