"""The tools that only read: what an agent sees of them, what they answer, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp import Client

from kb.mcp.tools import TOOLS
from tests.agents.agent import Agent, text_of, with_client
from tests.conftest import Run

READING = ["search", "brief", "similar", "show", "who", "gaps"]
CALLS: dict[str, dict[str, Any]] = {
    "search": {"query": "parcels come back"},
    "brief": {"query": "parcels come back"},
    "similar": {"id": "labels"},
    "show": {"id": "labels"},
    "who": {"query": "parcels come back"},
    "gaps": {},
}
COMMANDS = {
    "search": ["search", "--json", "parcels come back"],
    "brief": ["brief", "--json", "parcels come back"],
    "similar": ["similar", "--json", "labels"],
    "show": ["show", "--json", "labels"],
    "who": ["who", "--json", "parcels come back"],
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_of_the_official_library_lists_and_calls_them(
    root: Path, environment: Mapping[str, str], mode: str
) -> None:
    async def ask(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert [*tools] == READING
        for name, arguments in CALLS.items():
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result
            schema = tools[name].output_schema
            assert schema is not None
            jsonschema.validate(result.structured_content, schema)
            hints = tools[name].annotations
            assert hints is not None
            assert hints.read_only_hint

    with_client(root, environment, ask, mode=mode)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_record_is_that_of_the_command(agent: Agent, root: Path, kb: Run, name: str) -> None:
    record = agent.call(name, **CALLS[name])["structuredContent"]
    printed = json.loads(kb(root, *COMMANDS[name]).out)
    assert record.pop("left_out") == []
    assert record.pop("next_offset") is None
    for one in (record, printed):
        one.pop("took_ms", None)
    assert record == printed


@pytest.mark.parametrize("name", TOOLS)
def test_every_parameter_is_described_and_no_other_is_allowed(name: str) -> None:
    schema = TOOLS[name].input_schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    described = {key for key, value in schema["properties"].items() if "description" in value or "anyOf" in value}
    assert described >= schema["properties"].keys() - {"limit"}


@pytest.mark.parametrize("name", TOOLS)
def test_the_schema_of_an_answer_is_valid(name: str) -> None:
    schema = TOOLS[name].output_schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert {"next_offset", "left_out"} <= schema["properties"].keys()


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("search", {"query": "parcels", "lmit": 1}, "unknown field `lmit`"),
        ("search", {}, "missing required field `query`"),
        ("search", {"query": ""}, "query"),
        ("search", {"query": 7}, "query: expected `str`, got `int`"),
        ("search", {"query": "x" * 200_001}, "query"),
        ("search", {"query": "parcels", "limit": 0}, "limit"),
        ("search", {"query": "parcels", "limit": "5"}, "limit"),
        ("search", {"query": "parcels", "limit": 101}, "limit"),
        ("search", {"query": "parcels", "mode": "magic"}, "mode"),
        ("search", {"query": "parcels", "kind": ["nonsense"]}, "kind"),
        ("search", {"query": "parcels", "tag": "shipping"}, "tag"),
        ("search", {"query": "parcels", "since": "yesterday or so"}, "yesterday"),
        ("search", {"query": "parcels", "max_tokens": 999}, "max_tokens"),
        ("search", {"query": "parcels", "offset": -1}, "offset"),
        ("show", {"id": "labels", "line": 0}, "line"),
        ("show", {"id": "labels", "line": 3, "section": "tool"}, "leave one out"),
        ("show", {"id": "labels", "section": "method"}, "no section of the kind method"),
        ("show", {"id": "labels", "line": 5_000}, "no line 5000"),
        ("gaps", {"all": True}, "unknown field `all`"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(agent: Agent, tool: str, arguments: dict[str, Any], why: str) -> None:
    result = agent.call(tool, **arguments)
    assert result["isError"] is True
    assert why in text_of(result).lower().replace("5,000", "5000")
    assert "\n" not in text_of(result)
    assert "structuredContent" not in result


@pytest.mark.parametrize(
    "id_",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "lessons/../../kb.toml",
        "kb.toml",
        "\x00",
        "a\x00b",
        "%2e%2e/kb.toml",
        "\u202e",
    ],
)
@pytest.mark.parametrize("tool", ["show", "similar"])
def test_a_name_is_never_the_path_of_a_file(agent: Agent, tool: str, id_: str) -> None:
    result = agent.call(tool, id=id_)
    assert result["isError"] is True
    assert "no lesson with the id" in text_of(result)


def test_a_query_is_not_echoed_whole(agent: Agent) -> None:
    result = agent.call("search", query="parcels come back " * 500, page=True)
    assert len(result["structuredContent"]["query"]) <= 201


def test_a_tool_that_there_is_not_is_an_error_of_the_protocol(agent: Agent) -> None:
    for name in ("nonsense", "reuse", "new_draft", "x" * 5_000):
        error = agent.ask("tools/call", {"name": name, "arguments": {}})["error"]
        assert error["code"] == -32602
        assert "`tools/list` names all" in error["message"]
        assert len(error["message"]) < 300


def test_the_users_own_questions_are_nobody_elses(own_root: Path, start: Any, kb: Run) -> None:
    kb(own_root, "demand", "--on")
    kb(own_root, "search", "my private worry about parcels")
    agent = start(own_root)
    assert "private" not in json.dumps(agent.call("gaps"))
