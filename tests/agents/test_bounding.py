"""An answer stays below `max_tokens`, and says what it leaves out and how to get it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.knowledge_base import KnowledgeBase
from kb.mcp.estimate import tokens_in
from kb.mcp.tools import TOOLS
from kb.visible import json_text
from tests.serve.servers import library

LONG = "The parcels of that week came back because a label had fallen off in the rain. "
BUDGETS = (1_000, 1_500, 2_500, 4_000, 20_000)
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Ask a library with thirty lessons, of which one is monstrous."""
    files = {
        f"parcels-{number}.md": f"---\nid: parcels-{number}\ntags: [shipping]\n---\n# Parcels of week {number}\n\n"
        f"## Problem\n\n{LONG * 3}\n\n## Tools\n\nA checklist.\n"
        for number in range(29)
    }
    tags = ", ".join(f"tag-{number}" for number in range(2_000))
    files["monster.md"] = (
        f'---\nid: monster\ntitle: "{"Monstrous parcels " * 500}"\ntags: [{tags}]\nsummary: "{LONG * 300}"\n'
        f"x: {{{', '.join(f'k{number}: {number}' for number in range(900))}}}\n---\n# Monster\n\n## Problem\n\n"
        + "".join(f"Line {number} 包裹 of the monster. {LONG}\n\n" for number in range(400))
    )
    base = KnowledgeBase(library(tmp_path_factory.mktemp("long") / "base", files))

    def asked(tool: str, **arguments: object) -> Any:
        return TOOLS[tool].answered(base, arguments)

    return asked


@pytest.mark.parametrize("most", BUDGETS)
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"query": "parcels came back", "limit": 30}),
        ("search", {"query": "monstrous monster", "limit": 1}),
        ("brief", {"query": "parcels came back"}),
        ("brief", {"query": "monstrous monster"}),
        ("similar", {"id": "parcels-1", "limit": 30}),
        ("similar", {"id": "monster", "limit": 3}),
        ("who", {"query": "parcels came back"}),
        ("show", {"id": "monster"}),
        ("show", {"id": "parcels-1"}),
        ("gaps", {}),
    ],
)
def test_text_and_record_both_fit(ask: Ask, tool: str, arguments: dict[str, object], most: int) -> None:
    found = ask(tool, max_tokens=most, **arguments)
    assert tokens_in(found.text) <= most
    assert tokens_in(json_text(found.record)) <= most
    jsonschema.validate(found.record, TOOLS[tool].output_schema)
    if found.record["left_out"]:
        assert f"Left out: {found.record['left_out'][0]}" in found.text
    if (following := found.record["next_offset"]) is not None:
        assert f"There is more: offset={following}." in found.text


def test_pages_of_hits_are_together_what_one_search_finds(ask: Ask) -> None:
    whole = [hit["id"] for hit in ask("search", query="parcels came back", limit=30, max_tokens=20_000).record["hits"]]
    assert len(whole) > 10
    found: list[str] = []
    offset = 0
    while offset is not None and len(found) < len(whole):
        page = ask("search", query="parcels came back", limit=7, offset=offset, max_tokens=2_000).record
        assert [hit["rank"] for hit in page["hits"]] == [*range(offset + 1, offset + 1 + len(page["hits"]))]
        found += [hit["id"] for hit in page["hits"]]
        offset = page["next_offset"]
    assert found[: len(whole)] == whole


def test_it_is_said_whether_there_is_more(ask: Ask) -> None:
    count = len(ask("search", query="parcels came back", limit=100, max_tokens=20_000, mode="lexical").record["hits"])
    assert count > 10
    for limit, following in ((2, 2), (count - 1, count - 1), (count, None), (count + 1, None)):
        found = ask("search", query="parcels came back", limit=limit, max_tokens=20_000)
        assert found.record["next_offset"] == following or found.record["left_out"]


def test_pages_of_a_lesson_are_together_its_text(ask: Ask) -> None:
    texts, offset = [], 0
    while offset is not None:
        page = ask("show", id="monster", offset=offset, max_tokens=6_000).record
        texts.append(page["text"])
        assert page["text"] or page["next_offset"] is None
        offset = page["next_offset"]
    whole = "".join(texts)
    assert len(texts) > 1
    assert all(f"Line {number} 包裹 of the monster." in whole for number in range(400))
    assert whole.count(LONG.strip()) == 400


def test_beyond_the_end_there_is_nothing(ask: Ask) -> None:
    assert ask("search", query="parcels came back", offset=9_000).record["hits"] == []
    assert ask("search", query="parcels came back", offset=9_000).record["next_offset"] is None
    assert ask("show", id="monster", offset=9_000_000).record["text"] == ""


def test_what_fits_is_whole(ask: Ask) -> None:
    found = ask("search", query="parcels came back", limit=2, max_tokens=20_000)
    assert found.record["left_out"] == []
    assert found.record["hits"][0]["why"]["weights"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_estimate_never_falls_with_more_text(one: str, other: str) -> None:
    assert 0 <= tokens_in(one) <= tokens_in(one + other) <= tokens_in(one) + tokens_in(other) + 1


def test_chinese_counts_a_token_for_each_sign() -> None:
    assert tokens_in("包裹退回") == 4
    assert tokens_in("parcels come back") == 5


def test_the_library_is_only_read(ask: Ask, tmp_path: Path) -> None:
    assert [name for name, tool in TOOLS.items() if tool.writes] == ["reuse", "new_draft"]
