"""Broken messages: an answer with an error, or an end with an exit code; never silence, never a traceback."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.lsp.frames import MOST_BYTES, BrokenFrame, read_frame
from tests.editor.library import make_library
from tests.lsp_client import PATIENCE, Client

PARSE, INVALID, NO_METHOD, PARAMETERS, NOT_YET = -32700, -32600, -32601, -32602, -32002


@given(st.lists(st.binary(max_size=30), max_size=4))
def test_frames_are_read_one_after_the_other(bodies: list[bytes]) -> None:
    stream = io.BytesIO(b"".join(b"content-LENGTH:%d\r\nX-Y: z\r\n\r\n%b" % (len(one), one) for one in bodies))
    assert [read_frame(stream) for _ in bodies] == bodies
    assert read_frame(stream) is None


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_messages_or_broken(data: bytes) -> None:
    stream = io.BytesIO(data)
    with suppress(BrokenFrame):
        while read_frame(stream) is not None:
            assert stream.tell() <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 1e9\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (MOST_BYTES + 1),
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"Content-Length: 9\r\n\r\n{}",
        b"Content-Length: 2\r\n",
        b"Content-Length: 2",
        b"\r\n",
        b"X-Y: z\r\n\r\n{}",
        b"A: b\r\n" * 100,
        b"A" * 1_000_000,
        b'{"jsonrpc": "2.0"}\n',
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(data))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with Client(make_library(tmp_path / "base")) as client:
        client.start()
        yield client


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.slow
def test_each_broken_message_has_an_answer_and_the_next_is_served(client: Client, tmp_path: Path) -> None:
    def refused(message: Any, id_: int | None, code: int) -> None:
        client.send(framed(message) if isinstance(message, bytes) else framed(json.dumps(message).encode()))
        error = client.answer(id_)["error"]
        assert error["code"] == code
        assert "Traceback" not in json.dumps(error)

    call = {"jsonrpc": "2.0", "id": 900}
    at = {"textDocument": {"uri": "file:///a"}, "position": {"line": 0, "character": 0}}
    wrong: list[Any] = [{}, None, 7, [], {"textDocument": 7}, {**at, "position": {"line": -1, "character": 0}}]
    refused(b"{", None, PARSE)
    refused(b"", None, PARSE)
    refused(b"\xff\xfe", None, PARSE)
    refused(b"[" * 100_000, None, PARSE)
    refused([], None, INVALID)
    refused([{**call, "method": "shutdown"}], None, INVALID)
    refused("text", None, INVALID)
    refused({"id": 900, "method": "shutdown"}, 900, INVALID)
    refused({"jsonrpc": "1.0", "id": 900, "method": "shutdown"}, 900, INVALID)
    refused({"jsonrpc": "2.0"}, None, INVALID)
    refused({"jsonrpc": "2.0", "id": [1], "method": "shutdown"}, None, INVALID)
    refused({"jsonrpc": "2.0", "id": True, "method": "shutdown"}, None, INVALID)
    refused({**call, "method": 7}, 900, INVALID)
    refused({**call, "method": "textDocument/rename", "params": {}}, 900, NO_METHOD)
    refused({**call, "method": "initialize", "params": {"processId": None, "capabilities": {}}}, 900, INVALID)
    for method in ("textDocument/hover", "textDocument/completion", "textDocument/codeAction", "workspace/symbol"):
        for params in wrong:
            refused({**call, "method": method, "params": params}, 900, PARAMETERS)
    refused({**call, "method": "workspace/executeCommand", "params": {"command": "rm"}}, 900, PARAMETERS)
    for ignored in (
        {"jsonrpc": "2.0", "method": "$/unknown"},
        {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {}},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": []}},
        {"jsonrpc": "2.0", "id": "never-asked", "result": 1},
        {"jsonrpc": "2.0", "id": [], "error": {"code": 1}},
    ):
        client.post(ignored)
    assert client.ask("workspace/symbol", query="") == []
    code, log = client.end()
    assert (code, "Traceback" in log) == (0, False)


@pytest.mark.slow
def test_before_it_is_initialized_only_that_is_served(tmp_path: Path) -> None:
    with Client(make_library(tmp_path / "base")) as client:
        assert client.request("workspace/symbol", query="")["error"]["code"] == NOT_YET
        client.tell("textDocument/didOpen")
        assert client.start()["serverInfo"]["name"] == "kb"


@pytest.mark.slow
@pytest.mark.parametrize("stream", [b"nonsense\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 3\r\n\r\n{}"])
def test_what_is_no_stream_of_messages_ends_it_with_a_line(client: Client, stream: bytes) -> None:
    client.send(stream)
    code, log = client.end()
    assert code == 2
    assert log.startswith("kb lsp: standard input is no stream of messages: ")
    assert log.count("\n") == 1


@pytest.mark.slow
def test_a_length_that_is_too_short_is_noticed(client: Client) -> None:
    client.send(b'Content-Length: 5\r\n\r\n{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}')
    assert client.answer(None)["error"]["code"] == PARSE
    client.send(b"Content-Length: 2\r\n\r\n{}")
    assert client.process.wait(PATIENCE) == 2


@pytest.mark.slow
def test_edits_at_places_that_are_not_there_do_no_harm(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "base" / "lessons" / "a.md", "---\nstatus: draft\n---\n# 😀 漢字\r\n\tx\r")
    chance = random.Random(7)

    def place() -> dict[str, int]:
        return {"line": chance.choice([0, 1, 3, 5, 2**31 - 1]), "character": chance.choice([0, 1, 3, 4, 2**31 - 1])}

    version = 1
    for _ in range(200):
        text = chance.choice(["", "😀", "\ud83d", "\r", "\n", "---\n", "[[", "\0", "\u2028", "x: [", "```"])
        version = client.change(uri, text, {"start": place(), "end": place()})
        if chance.random() < 0.2:
            spot = place()
            client.at("textDocument/completion", uri, spot["line"], spot["character"])
            client.at("textDocument/hover", uri, spot["line"], spot["character"])
            here = {"start": spot, "end": place()}
            client.ask("textDocument/codeAction", textDocument={"uri": uri}, range=here, context={"diagnostics": []})
            client.ask("textDocument/documentSymbol", textDocument={"uri": uri})
            client.ask("textDocument/documentLink", textDocument={"uri": uri})
    client.diagnostics(uri, version)
    code, log = client.end()
    assert (code, log) == (0, "")
