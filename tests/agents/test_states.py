"""A library without an index, and one whose index is published anew, removed or damaged while an agent asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.agents.agent import PATIENCE, Agent, command, text_of, with_path
from tests.agents.conftest import Start
from tests.serve.servers import WORDS_ONLY, Server, eventually, publish, write

NEW = {"wet.md": "---\nid: wet\n---\n# Boxes that arrive wet\n\n## Problem\n\nBoxes of parcels arrive wet.\n"}


def found(agent: Agent, query: str = "parcels") -> set[str]:
    result = agent.call("search", query=query)
    assert not result["isError"], text_of(result)
    return {hit["id"] for hit in result["structuredContent"]["hits"]}


def test_without_an_index_each_tool_says_what_to_do_and_asks_again(tmp_path: Path, start: Start) -> None:
    root = tmp_path / "base"
    (root / "lessons").mkdir(parents=True)
    (root / "kb.toml").write_text(WORDS_ONLY, "utf-8")
    write(root, NEW)
    agent = start(root)
    calls: list[tuple[str, dict[str, Any]]] = [("search", {"query": "wet"}), ("show", {"id": "wet"}), ("gaps", {})]
    for tool, arguments in calls:
        result = agent.call(tool, **arguments)
        assert result["isError"] is True
        assert "run `kb reindex`" in text_of(result)
    assert "kb reindex" in agent.ask("resources/list")["error"]["message"]
    assert not (root / ".kb").exists()
    publish(root)
    assert found(agent, "boxes that arrive wet") == {"wet"}


def test_what_is_published_is_found_without_a_restart(own_root: Path, start: Start) -> None:
    agent = start(own_root)
    assert "wet" not in found(agent)
    write(own_root, NEW)
    publish(own_root)
    eventually(lambda: "wet" in found(agent))
    assert "kb://lesson/wet" in str(agent.ask("resources/list"))


def test_an_index_that_is_removed_answers_until_there_is_another(own_root: Path, start: Start) -> None:
    agent = start(own_root)
    before = found(agent)
    shutil.rmtree(own_root / ".kb")
    eventually(lambda: any(b"answers are as before" in line for line in agent.log))
    assert found(agent) == before
    publish(own_root)
    write(own_root, NEW)
    publish(own_root)
    eventually(lambda: "wet" in found(agent))


def test_a_damaged_index_is_answered_from_before(own_root: Path, start: Start) -> None:
    agent = start(own_root)
    before = found(agent)
    write(own_root, NEW)
    publish(own_root)
    live = own_root / ".kb" / "snapshots" / (own_root / ".kb" / "CURRENT").read_text("utf-8").strip()
    for file in live.iterdir():
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"damaged")
    assert found(agent) >= before


def test_a_damaged_index_is_said_at_the_first_request(own_root: Path, start: Start) -> None:
    for file in (own_root / ".kb" / "snapshots").rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"damaged")
    result = start(own_root).call("search", query="parcels")
    assert result["isError"] is True
    assert "run `kb reindex`" in text_of(result)


@pytest.mark.parametrize("with_settings", [True, False], ids=["wrong settings", "no library"])
def test_what_cannot_be_served_ends_at_once_with_one_line(
    tmp_path: Path, environment: Mapping[str, str], with_settings: bool
) -> None:
    if with_settings:
        (tmp_path / "kb.toml").write_text("nonsense = 1\n", "utf-8")
    done = run(tmp_path, environment)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "kb.toml" in done.stderr


WITHOUT = """
import sys
sys.modules["mcp"] = None
from kb.main import main
main(sys.argv[1:])
"""
"""The program where the library of the protocol is not installed."""


def test_without_the_library_of_the_protocol_it_says_how_to_install_it(
    root: Path, environment: Mapping[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", WITHOUT, "--root", str(root), "mcp"],
        env=with_path(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'kb-lessons[mcp]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_it_a_server_answers_all_but_agents(root: Path, environment: Mapping[str, str]) -> None:
    server = Server(["-c", WITHOUT, "--root", str(root), "serve", "--port", "0"], environment)
    try:
        refused = server.ask("/mcp", b"{}", Content_Type="application/json")
        assert refused.status == 501
        assert "pip install 'kb-lessons[mcp]'" in refused.json["detail"]
        assert server.ask("/api/search?q=parcels").status == 200
    finally:
        server.stop()


def run(root: Path, given: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(root),
        env=with_path(given),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
