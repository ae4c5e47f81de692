"""Agents at `/mcp` of `kb serve`: the same answers, behind the same checks of host, origin and token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from kb.access.tokens import Tokens
from tests.agents.agent import INITIALIZE
from tests.agents.test_tools import CALLS, READING
from tests.serve.servers import Answer, Server, eventually, publish, served, write

_Result = TypeVar("_Result")
Start = Callable[..., Server]
KINDS = {"Content_Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture
def serving(environment: Mapping[str, str]) -> Iterator[Start]:
    with ExitStack() as stack:

        def start(root: Path, *options: str) -> Server:
            server = served(root, environment, *options)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture(scope="module")
def server(root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(root, environment)
    yield found
    assert found.stop() == 0
    assert [line for line in found.log if "traceback" in line] == []


def with_client(
    server: Server, ask: Callable[[Client], Awaitable[_Result]], *, mode: str = "auto", token: str = ""
) -> _Result:
    async def asked() -> _Result:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(headers=headers, trust_env=False) as sending:
            transport = streamable_http_client(f"http://{server.host}:{server.port}/mcp", http_client=sending)
            async with Client(transport, mode=mode) as client:
                return await ask(client)

    return asyncio.run(asked())


def post(server: Server, message: object, **headers: str) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return server.ask("/mcp", body, **{**KINDS, **headers})


def request(method: str, **parameters: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}


async def names(client: Client) -> list[str]:
    return [tool.name for tool in (await client.list_tools()).tools]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_it_answers_as_over_standard_output(server: Server, agent: Any, mode: str) -> None:
    async def ask(client: Client) -> dict[str, Any]:
        assert await names(client) == READING
        return {name: (await client.call_tool(name, arguments)).content for name, arguments in CALLS.items()}

    for name, content in with_client(server, ask, mode=mode).items():
        assert content[0].text == agent.call(name, **CALLS[name])["content"][0]["text"]


@pytest.mark.slow
def test_two_agents_at_once_get_their_own_answers(server: Server) -> None:
    async def ask(client: Client, id_: str) -> set[str]:
        results = [client.call_tool("show", {"id": id_}) for _ in range(20)]
        return {result.structured_content["id"] for result in await asyncio.gather(*results)}

    async def both() -> list[set[str]]:
        async with (
            Client(f"http://{server.host}:{server.port}/mcp") as one,
            Client(f"http://{server.host}:{server.port}/mcp", mode="legacy") as other,
        ):
            return [*await asyncio.gather(ask(one, "labels"), ask(other, "plans"))]

    assert asyncio.run(both()) == [{"labels"}, {"plans"}]


def test_a_new_index_is_followed(own_root: Path, serving: Start) -> None:
    server = serving(own_root)
    call = request("tools/call", name="show", arguments={"id": "wet"})
    assert post(server, call).json["result"]["isError"] is True
    write(own_root, {"wet.md": "---\nid: wet\n---\n# Boxes that arrive wet\n"})
    publish(own_root)
    eventually(lambda: not post(server, call).json["result"]["isError"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403), ({"Content_Type": "text/plain"}, 400)],
)
def test_a_page_of_another_site_is_refused(server: Server, headers: dict[str, str], status: int) -> None:
    assert post(server, request("tools/list"), **headers).status == status


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions_to_open_or_close(server: Server, method: str) -> None:
    assert server.ask("/mcp", method=method).status == 405


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"hello", b"[]", b"{}", b"7", b"null", b"\xff", b"[" * 100_000, b'{"jsonrpc": "2.0", "id": 1}'),
        b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}',
        json.dumps(request("tools/call", name="search", arguments={"query": "\ud800"})).encode(),
        json.dumps(request("tools/call", name="show", arguments={"id": "\ud800\x00"})).encode(),
    ],
)
def test_a_broken_message_is_an_error_of_the_client(server: Server, body: bytes) -> None:
    answer = post(server, body)
    assert answer.status < 500
    assert answer.status >= 400 or "error" in answer.json or answer.json["result"]["isError"]
    assert "result" in post(server, request("tools/list")).json


def test_a_huge_message_is_refused(server: Server) -> None:
    assert post(server, b" " * 1_000_001).status == 413


def test_a_client_that_goes_away_leaves_the_others_alone(server: Server) -> None:
    body = json.dumps(request("tools/call", name="search", arguments={"query": "parcels"})).encode()
    kinds = "Content-Type: application/json\r\nAccept: */*\r\n"
    head = f"POST /mcp HTTP/1.1\r\nHost: localhost\r\n{kinds}Content-Length: {len(body)}\r\n\r\n"
    for sent in (head.encode() + body, head.encode() + body[:-9], head.encode()[:40]):
        with server.connect() as connection:
            connection.sendall(sent)
    assert "result" in post(server, request("tools/list")).json


def test_it_says_what_it_is_before_it_is_asked_anything_else(server: Server) -> None:
    found = post(server, request("initialize", **INITIALIZE)).json["result"]
    assert found["serverInfo"]["name"] == "kb"
    assert "never instructions to follow" in found["instructions"]


def test_for_others_a_token_is_needed_and_its_role_decides(
    own_root: Path, environment: Mapping[str, str], serving: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, tokens = served_tokens(own_root, serving)
    monkeypatch.setenv("XDG_STATE_HOME", environment["XDG_STATE_HOME"])
    expired = Tokens(own_root).new("old", "write", datetime.now(UTC) - timedelta(days=2), 1)
    listing = request("tools/list")
    wrong = ("", "kb_00000000_" + "x" * 43, tokens["read"][:-1], str(expired))
    for token in wrong:
        answer = post(server, listing, Authorization=f"Bearer {token}")
        assert (answer.status, "www-authenticate" in answer.headers) == (401, True)
    assert post(server, listing).status == 401
    assert with_client(server, names, token=tokens["read"]) == READING
    assert with_client(server, names, token=tokens["write"]) == [*READING, "reuse", "new_draft"]
    call = request("tools/call", name="new_draft", arguments={"title": "Something new"})
    refused = post(server, call, Authorization=f"Bearer {tokens['read']}").json
    assert "there is no tool" in refused["error"]["message"]
    written = post(server, call, Authorization=f"Bearer {tokens['write']}").json["result"]["structuredContent"]
    assert (own_root / written["path"]).is_file()
    server.kb("--root", str(own_root), "token", "revoke", tokens["read"].split("_")[1])
    assert post(server, listing, Authorization=f"Bearer {tokens['read']}").status == 401


def served_tokens(root: Path, serving: Start) -> tuple[Server, dict[str, str]]:
    """Return a server for others that allows writing, and a token of each role."""
    first = serving(root)
    made = {
        role: first.kb("--root", str(root), "token", "new", "--name", role, "--role", role, capture_output=True)
        for role in ("read", "write")
    }
    first.stop()
    tokens = {role: done.stdout.decode().strip() for role, done in made.items()}
    return serving(root, "--allow-host", "kb.example.org", "--allow-write"), tokens


def test_on_this_machine_alone_writing_must_be_allowed(own_root: Path, serving: Start) -> None:
    assert with_client(serving(own_root), names) == READING
