"""Whatever comes in over standard input, only messages of the protocol go out, and the next request is answered."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import mcp_types as types
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.mcp.stdio import MOST_BYTES, Broken, read_message
from tests.agents.agent import INITIALIZE, PATIENCE, Agent, command, text_of, with_path
from tests.agents.conftest import Start

BROKEN: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"hello", types.PARSE_ERROR),
    "half an object": (b'{"jsonrpc": "2.0", "id": 1, "met', types.PARSE_ERROR),
    "not UTF-8": (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff\xfe"}', types.PARSE_ERROR),
    "half a pair of surrogates": (b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}', types.PARSE_ERROR),
    "nested deeply": (b"[" * 100_000, types.PARSE_ERROR),
    "a number": (b"7", types.INVALID_REQUEST),
    "a batch": (b"[]", types.INVALID_REQUEST),
    "an empty object": (b"{}", types.INVALID_REQUEST),
    "another version": (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', types.INVALID_REQUEST),
    "an id that is none": (b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}', types.INVALID_REQUEST),
    "a method that is none": (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', types.INVALID_REQUEST),
    "parameters that are none": (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": 7}', types.INVALID_REQUEST),
    "a head of HTTP": (b"GET / HTTP/1.1\r", types.PARSE_ERROR),
    "zeros": (b"\x00" * 100, types.PARSE_ERROR),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_refused_and_the_next_is_answered(agent: Agent, name: str) -> None:
    line, code = BROKEN[name]
    agent.send(line)
    refused = agent.next()
    assert refused["id"] is None
    assert refused["error"]["code"] == code
    assert agent.ask("ping")["result"] == {} or "result" in agent.ask("ping")


def test_a_huge_message_is_refused_without_being_kept(agent: Agent) -> None:
    agent.send(b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "' + b"x" * (5 * MOST_BYTES) + b'"}}')
    refused = agent.next()
    assert "more than 1,000,000 bytes" in refused["error"]["message"]
    assert "result" in agent.ask("ping")


def test_empty_lines_mean_nothing(agent: Agent) -> None:
    agent.send(b"\n\r\n  \n")
    assert "result" in agent.ask("ping")


@pytest.mark.parametrize("method", ["nonsense", "tools/nonsense", "resources/subscribe", "logging/setLevel", "x" * 999])
def test_an_unknown_method_is_refused(agent: Agent, method: str) -> None:
    assert agent.ask(method, {"uri": "kb://lesson/labels", "level": "debug"})["error"]["code"] == -32601


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("tools/call", {}),
        ("tools/call", {"name": 7}),
        ("tools/call", {"name": "search", "arguments": []}),
        ("resources/read", {}),
        ("prompts/get", {"name": "before-you-start", "arguments": {"task": 7}}),
        ("completion/complete", {"ref": {"type": "nonsense"}, "argument": {"name": "id", "value": "l"}}),
    ],
)
def test_parameters_of_a_wrong_type_are_refused(agent: Agent, method: str, parameters: object) -> None:
    assert agent.ask(method, parameters)["error"]["code"] == types.INVALID_PARAMS


@given(st.binary(max_size=200).filter(lambda line: b"\n" not in line))
@example(b'{"jsonrpc":"2.0","id":1,"method":"ping"}')
@example(b'{"jsonrpc":"2.0","id":1e400,"method":"ping"}')
def test_any_line_is_a_message_or_is_refused(line: bytes) -> None:
    read_message(line)  # raises nothing


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | _VALUES,
        "id": st.integers() | st.text(max_size=5) | _VALUES,
        "method": st.sampled_from(["tools/call", "tools/list", "initialize", "resources/read", "ping"]) | _VALUES,
        "params": st.fixed_dictionaries(
            {}, optional={"name": st.sampled_from(["search", "show"]), "arguments": _VALUES, "uri": _VALUES}
        )
        | _VALUES,
    },
)


@given(_MESSAGES)
def test_any_json_is_a_message_or_no_message(value: object) -> None:
    found = read_message(json.dumps(value).encode())
    assert not isinstance(found, Broken) or found.code == types.INVALID_REQUEST


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_MESSAGES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=80), max_size=6))
def test_no_lines_stop_it(agent: Agent, lines: list[bytes]) -> None:
    for line in lines:
        agent.send(line.replace(b"\n", b" "))
    assert not agent.call("show", id="labels")["isError"]


def test_what_was_asked_before_the_end_is_answered(root: Path, environment: Mapping[str, str]) -> None:
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search", "arguments": {"query": "parcels"}},
        },
    ]
    done = subprocess.run(
        command(root),
        input=b"\n".join(json.dumps(message).encode() for message in messages),
        env=with_path(environment),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, 2]
    assert "labels" in text_of(answers[1]["result"])
    assert done.stderr == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(root: Path, start: Start, number: int) -> None:
    agent = start(root)
    agent.call("search", query="parcels")
    assert agent.end(number) == 0
    assert agent.log == []


def test_it_ends_when_nobody_reads_any_more(root: Path, environment: Mapping[str, str]) -> None:
    process = subprocess.Popen(
        command(root),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=with_path(environment),
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE}
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    try:
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.stdin.close()
        process.stderr.close()


def test_a_cancelled_request_leaves_the_others_alone(agent: Agent) -> None:
    id_ = agent.request("tools/call", {"name": "search", "arguments": {"query": "parcels"}})
    agent.tell("notifications/cancelled", {"requestId": id_})
    assert not agent.call("show", id="labels")["isError"]
