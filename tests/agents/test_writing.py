"""What an agent may write, where it is allowed at all: the use of a lesson, and a draft."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kb.mcp.tools import TOOLS
from tests.agents.agent import Agent, text_of
from tests.agents.conftest import Start
from tests.conftest import Run

WRITING = {"reuse", "new_draft"}
USE = {"id": "labels", "used_in": "Depot East, October", "outcome": "helped", "note": "half as many"}


@pytest.fixture
def writer(own_root: Path, start: Start) -> Agent:
    return start(own_root, "--allow-write")


def names(agent: Agent) -> set[str]:
    return {tool["name"] for tool in agent.ask("tools/list")["result"]["tools"]}


def test_without_being_allowed_they_are_not_even_listed(own_root: Path, start: Start) -> None:
    before = sorted(own_root.rglob("*"))
    agent = start(own_root)
    assert names(agent).isdisjoint(WRITING)
    for name, arguments in (("reuse", USE), ("new_draft", {"title": "Something new"})):
        assert agent.ask("tools/call", {"name": name, "arguments": arguments})["error"]["code"] == -32602
    assert sorted(own_root.rglob("*")) == before


def test_they_are_listed_as_tools_that_write(writer: Agent) -> None:
    assert names(writer) >= WRITING
    hints = {tool["name"]: tool["annotations"] for tool in writer.ask("tools/list")["result"]["tools"]}
    assert {name for name, hint in hints.items() if not hint["readOnlyHint"]} == WRITING


def test_a_use_is_recorded_as_kb_reuse_does(writer: Agent, own_root: Path, kb: Run) -> None:
    result = writer.call("reuse", **USE)
    assert not result["isError"], text_of(result)
    jsonschema.validate(result["structuredContent"], TOOLS["reuse"].output_schema)
    assert sorted(result["structuredContent"]["paths"]) == sorted(
        f"reuse/{path.name}" for path in (own_root / "reuse").iterdir()
    )
    assert str(own_root) not in json.dumps(result)
    shown = json.loads(kb(own_root, "show", "--json", "labels").out)
    assert [(use["title"], use["outcome"], use["note"]) for use in shown["reused_by"]] == [
        ("Depot East, October", "helped", "half as many")
    ]


def test_a_use_in_a_lesson_is_written_there_and_found_at_once(writer: Agent, own_root: Path) -> None:
    result = writer.call("reuse", id="labels", used_in="plans", outcome="partly")
    assert result["structuredContent"]["paths"] == ["lessons/plans.md"]
    assert result["structuredContent"]["not_indexed"] == ""
    assert "lesson: labels" in (own_root / "lessons" / "plans.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"outcome": "wonderful"}, "outcome"),
        ({"id": "nonsense"}, "no lesson with the id"),
        ({"id": "../kb.toml"}, "no lesson with the id"),
        ({"used_in": ""}, "used_in"),
        ({"used_in": "labels"}, "cannot be used in itself"),
        ({"saved": "a lot"}, "no amount with a unit"),
        ({"note": "x" * 1_001}, "note"),
        ({"by": "me"}, "unknown field `by`"),
    ],
)
def test_a_wrong_use_is_refused(writer: Agent, own_root: Path, change: dict[str, str], why: str) -> None:
    result = writer.call("reuse", **{**USE, **change})
    assert result["isError"] is True
    assert why in text_of(result)
    assert not (own_root / "reuse").exists()


def test_a_draft_is_begun_as_kb_new_does(writer: Agent, own_root: Path) -> None:
    notes = "## Problem\n\nBoxes arrive wet.\n\n## Tools\n\nA sheet of plastic.\n"
    result = writer.call("new_draft", title="Boxes that arrive wet", notes=notes)
    assert not result["isError"], text_of(result)
    record = result["structuredContent"]
    jsonschema.validate(record, TOOLS["new_draft"].output_schema)
    text = (own_root / record["path"]).read_text("utf-8")
    assert record["path"] == f"lessons/{record['id']}.md"
    assert "status: draft" in text
    assert f"id: {record['id']}" in text
    assert "Boxes arrive wet." in text
    assert "A sheet of plastic." in text
    assert "kb:" in text  # prompts of the template


def test_no_file_is_ever_overwritten(writer: Agent, own_root: Path) -> None:
    paths = [writer.call("new_draft", title="The same again")["structuredContent"]["path"] for _ in range(3)]
    assert len(set(paths)) == 3
    assert all((own_root / path).is_file() for path in paths)


@pytest.mark.parametrize("title", ["../../etc/cron.d/x", "/etc/passwd", "..", "a/b\\c", "\x00", "\n\n", "x" * 300])
def test_a_title_is_never_a_path(writer: Agent, own_root: Path, title: str) -> None:
    result = writer.call("new_draft", title=title)
    if not result["isError"]:
        written = own_root / result["structuredContent"]["path"]
        assert written.parent == own_root / "lessons"
        assert written.is_file()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "New", "template": "nonsense"}, "nonsense"),
        ({"title": "New", "template": "../../etc/passwd"}, "template"),
        ({"title": "New", "notes": "x" * 100_001}, "notes"),
        ({"title": "New", "notes": "password: T4pe-l1ght-Ra1n"}, "looks like a password"),
        ({"title": "New", "path": "lessons/x.md"}, "unknown field `path`"),
    ],
)
def test_a_wrong_draft_is_refused(writer: Agent, own_root: Path, arguments: dict[str, str], why: str) -> None:
    before = sorted((own_root / "lessons").rglob("*"))
    result = writer.call("new_draft", **arguments)
    assert result["isError"] is True
    assert why in text_of(result)
    assert "T4pe" not in text_of(result)
    assert sorted((own_root / "lessons").rglob("*")) == before


@pytest.mark.parametrize("name", ["lessons", "reuse"])
def test_nothing_is_written_behind_a_link(writer: Agent, own_root: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    assert not writer.call("gaps")["isError"]  # the library is open before there is a link
    if (own_root / name).exists():
        (own_root / name).rename(tmp_path / "kept")
    (own_root / name).symlink_to(outside)
    result: Any = writer.call("new_draft", title="New") if name == "lessons" else writer.call("reuse", **USE)
    assert result["isError"] is True
    assert "link" in text_of(result)
    assert list(outside.iterdir()) == []
