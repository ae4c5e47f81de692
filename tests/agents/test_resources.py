"""The lessons as resources, and the prompts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from mcp import Client
from mcp_types import ResourceTemplateReference

from kb.mcp.resources import TEMPLATE
from tests.agents.agent import Agent, text_of, with_client
from tests.agents.conftest import Start
from tests.serve.servers import library

IDS = ["brochures", "labels", "plans"]


def read(agent: Agent, uri: str) -> Any:
    return agent.ask("resources/read", {"uri": uri})


def test_each_lesson_is_listed_and_read(agent: Agent) -> None:
    listed = agent.ask("resources/list")["result"]
    assert sorted(one["uri"] for one in listed["resources"]) == [f"kb://lesson/{id_}" for id_ in IDS]
    assert "nextCursor" not in listed
    for one in listed["resources"]:
        (content,) = read(agent, one["uri"])["result"]["contents"]
        assert content["text"] == text_of(agent.call("show", id=one["name"], max_tokens=10_000))


def test_the_template_and_its_completion(agent: Agent) -> None:
    (template,) = agent.ask("resources/templates/list")["result"]["resourceTemplates"]
    assert template["uriTemplate"] == TEMPLATE
    for typed, ids in (("lab", ["labels"]), ("L", ["labels", "plans"]), ("zzz", []), ("", IDS)):
        asked = {"ref": {"type": "ref/resource", "uri": TEMPLATE}, "argument": {"name": "id", "value": typed}}
        completion = agent.ask("completion/complete", asked)["result"]["completion"]
        assert sorted(completion["values"]) == ids
        assert completion["total"] == len(ids)


def test_many_lessons_are_listed_page_by_page(tmp_path: Path, environment: Mapping[str, str], start: Start) -> None:
    files = {f"deep/er/{number:03} 包.md": f"# Lesson {number}\n" for number in range(230)}
    root = library(tmp_path / "base", files)

    async def ask(client: Client) -> list[str]:
        found, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            found += [one.uri for one in page.resources]
            cursor = page.next_cursor
            if cursor is None:
                break
        text = (await client.read_resource(found[7])).contents[0]
        assert "Lesson 7" in getattr(text, "text", "")
        completed = await client.complete(ResourceTemplateReference(uri=TEMPLATE), {"name": "id", "value": "deep"})
        assert (len(completed.completion.values), completed.completion.total) == (100, 230)
        assert completed.completion.has_more
        return found

    assert with_client(root, environment, ask) == [
        "kb://lesson/" + quote(f"deep/er/{number:03} 包", safe="") for number in range(230)
    ]


@pytest.mark.parametrize(
    "uri",
    [
        *("kb://lesson/nonsense", "kb://lesson/", "kb://lesson/../kb.toml", "kb://lesson/%2e%2e%2fkb.toml", "kb://x"),
        *(
            "kb://lesson//etc/passwd",
            "file:///etc/passwd",
            "kb://lesson/label",
            "kb://lesson/Labels%20that%20fall%20off",
        ),
        *(
            "kb://lesson/%00",
            "kb://lesson/%ff",
            "",
            "kb://lesson/labels?x",
            "KB://LESSON/labels",
            "kb://lesson/labels:3",
        ),
    ],
)
def test_an_address_of_no_lesson_is_refused(agent: Agent, uri: str) -> None:
    error = read(agent, uri)["error"]
    assert error["code"] == -32602
    assert "no lesson" in error["message"]


@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 50, "\u0661", ""])
def test_a_cursor_that_no_list_named_is_refused(agent: Agent, cursor: str) -> None:
    assert agent.ask("resources/list", {"cursor": cursor})["error"]["code"] == -32602


def test_the_prompts_say_what_to_do(agent: Agent) -> None:
    listed = {one["name"]: one for one in agent.ask("prompts/list")["result"]["prompts"]}
    assert [*listed] == ["before-you-start", "write-the-lesson"]
    asked = {"name": "before-you-start", "arguments": {"task": "Move the depot to the harbour."}}
    (message,) = agent.ask("prompts/get", asked)["result"]["messages"]
    text = message["content"]["text"]
    assert "Move the depot to the harbour." in text
    assert "`brief`" in text
    assert "`reuse`" not in text  # it is not allowed to write
    (message,) = agent.ask("prompts/get", {"name": "write-the-lesson"})["result"]["messages"]
    assert "kb new" in message["content"]["text"]


def test_who_may_write_is_told_of_the_tools_that_write(own_root: Path, start: Start) -> None:
    agent = start(own_root, "--allow-write")
    asked = {"name": "write-the-lesson", "arguments": {"about": "The wet boxes."}}
    (message,) = agent.ask("prompts/get", asked)["result"]["messages"]
    assert "`new_draft`" in message["content"]["text"]
    assert "The wet boxes." in message["content"]["text"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": "nonsense"}, "`prompts/list` names all"),
        ({"name": "before-you-start"}, "the argument 'task' is missing"),
        ({"name": "before-you-start", "arguments": {"task": "  "}}, "the argument 'task' is missing"),
        ({"name": "before-you-start", "arguments": {"task": "x", "more": "y"}}, "no argument 'more'"),
        ({"name": "before-you-start", "arguments": {"task": "x" * 20_001}}, "say it shorter"),
    ],
)
def test_a_prompt_is_not_made_of_anything_else(agent: Agent, asked: dict[str, Any], why: str) -> None:
    error = agent.ask("prompts/get", asked)["error"]
    assert error["code"] == -32602
    assert why in error["message"]
