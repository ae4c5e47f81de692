"""The language server as an editor meets it: a process, and messages."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.library import LABELS, make_library
from tests.lsp_client import PATIENCE, Client

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_library(tmp_path / "base")


@pytest.fixture
def client(root: Path) -> Iterator[Client]:
    with Client(root) as client:
        client.start()
        yield client


def codes(diagnostics: list[dict[str, object]]) -> list[object]:
    return [one["code"] for one in diagnostics]


def test_it_says_what_it_can_and_counts_in_utf_16(root: Path) -> None:
    with Client(root) as client:
        offered = client.start({"general": {"positionEncodings": ["utf-8", "utf-32"]}})
        able = offered["capabilities"]
        assert offered["serverInfo"]["name"] == "kb"
        assert able["positionEncoding"] == "utf-16"
        assert able["textDocumentSync"]["change"] == 2
        assert able["codeActionProvider"]["codeActionKinds"] == ["quickfix", "source.fixAll.kb"]


def test_findings_follow_what_is_typed(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "labels.md")
    assert "structure.choice" not in codes(client.diagnostics(uri, 1))
    place = {"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 17}}
    version = client.change(uri, "validatd", place)
    (wrong,) = [one for one in client.diagnostics(uri, version) if one["code"] == "structure.choice"]
    assert wrong["range"] == {"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 16}}
    assert (wrong["severity"], wrong["source"]) == (1, "kb")
    assert "validated" in wrong["message"]
    client.tell("textDocument/didClose", textDocument={"uri": uri})
    assert client.diagnostics(uri) == []


def test_what_another_program_saves_is_seen(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "new.md", "---\nstatus: draft\nsupersedes: [later]\n---\n# New\n")
    assert "structure.dead-id" in codes(client.diagnostics(uri))
    later = root / "lessons" / "later.md"
    later.write_text("# Later\n", "utf-8")
    client.tell("workspace/didChangeWatchedFiles", changes=[{"uri": later.as_uri(), "type": 1}])
    assert "structure.dead-id" not in codes(client.diagnostics(uri))


def test_an_editor_that_can_watch_files_is_asked_to(root: Path) -> None:
    with Client(root) as client:
        client.start({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
        asked = client.next()
        assert asked["method"] == "client/registerCapability"
        client.post({"jsonrpc": "2.0", "id": asked["id"], "result": None})
        assert client.ask("workspace/symbol", query="") == []


def test_completion_replaces_what_was_typed_and_counts_emoji_twice(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "new.md", "# New\r\n\r\n😀 see [[lab\r\n")
    client.diagnostics(uri)
    (labels,) = client.at("textDocument/completion", uri, 2, 12)["items"]
    edit = labels["textEdit"]
    assert edit == {
        "range": {"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 12}},
        "newText": "labels",
    }
    assert (labels["label"], labels["detail"]) == ("labels", "Wrong labels")


def test_an_id_leads_to_its_lesson(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "new.md", "---\nrelated: [labels]\n---\n# New\n\nlessons/labels.md:7\n")
    client.diagnostics(uri)
    there = (root / "lessons" / "labels.md").as_uri()
    assert client.at("textDocument/definition", uri, 1, 12)["uri"] == there
    assert client.at("textDocument/definition", uri, 5, 3)["range"]["start"]["line"] == 6
    assert client.at("textDocument/definition", uri, 3, 3) is None
    assert client.at("textDocument/hover", uri, 1, 12)["contents"]["value"].startswith("Wrong labels\n")
    links = client.ask("textDocument/documentLink", textDocument={"uri": uri})
    assert [one["target"] for one in links] == [there, f"{there}#L7"]


def test_sections_and_lessons_are_listed(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "labels.md")
    client.diagnostics(uri)
    (top,) = client.ask("textDocument/documentSymbol", textDocument={"uri": uri})
    assert (top["name"], [one["name"] for one in top["children"]]) == ("Wrong labels", ["Method"])
    (late,) = client.ask("workspace/symbol", query="late")
    assert late["location"]["uri"] == (root.resolve() / "lessons" / "routes.md").as_uri()


def test_fixes_are_offered_by_kind(client: Client, root: Path) -> None:
    uri = client.open(root / "lessons" / "new.md", "---\nTags: [a]\nstatus: draft\n---\n# New\n")
    client.diagnostics(uri)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}

    def offered(*kinds: str) -> list[dict[str, object]]:
        context: dict[str, object] = {"diagnostics": []} | ({"only": kinds} if kinds else {})
        found: list[dict[str, object]] = client.ask(
            "textDocument/codeAction", textDocument={"uri": uri}, range=whole, context=context
        )
        return found

    every = offered()
    assert {one["kind"] for one in every} == {"quickfix", "source.fixAll.kb"}
    assert [one["kind"] for one in offered("source.fixAll")] == ["source.fixAll.kb"]
    assert [one["kind"] for one in offered("source")] == ["source.fixAll.kb"]
    assert offered("refactor") == []
    assert all(uri in one["edit"]["changes"] for one in every)  # type: ignore[index]


def test_a_fix_is_for_the_version_that_it_was_made_for_if_the_editor_keeps_versions(root: Path) -> None:
    with Client(root) as client:
        client.start({"workspace": {"workspaceEdit": {"documentChanges": True}}})
        uri = client.open(root / "lessons" / "new.md", "---\nTags: [a]\nstatus: draft\n---\n# New\n")
        client.diagnostics(uri)
        version = client.change(uri, "\n", {"start": {"line": 5, "character": 0}, "end": {"line": 5, "character": 0}})
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        offered = client.ask(
            "textDocument/codeAction", textDocument={"uri": uri}, range=whole, context={"diagnostics": []}
        )
        assert offered
        changed = [one["edit"]["documentChanges"][0]["textDocument"] for one in offered]
        assert all(one == {"uri": uri, "version": version} for one in changed)


def test_a_document_of_64_megabytes_holds_up_no_other(client: Client, root: Path) -> None:
    long = client.open(root / "lessons" / "long.md", "# Long\n\n" + "word " * 12_800_000)
    uri = client.open(root / "lessons" / "labels.md")
    assert client.diagnostics(uri)
    (problem,) = client.diagnostics(long)
    assert problem["message"].startswith("longer than 2,000,000 characters")
    at_start = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    client.diagnostics(long, client.change(long, "x", at_start))
    assert client.at("textDocument/hover", long, 0, 0) is None


def test_documents_outside_of_any_knowledge_base_get_nothing(client: Client, tmp_path: Path) -> None:
    for uri in ((tmp_path / "a.md").as_uri(), "untitled:Untitled-1", "file://elsewhere/a.md", "file:///a%00b.md", "x"):
        document = {"uri": uri, "languageId": "markdown", "version": 1, "text": "---\nstatus: \n---\n# a\n"}
        client.tell("textDocument/didOpen", textDocument=document)
        assert client.diagnostics(uri) == []
        assert client.at("textDocument/completion", uri, 1, 8)["items"] == []


def test_it_ends_with_its_input_and_as_the_protocol_wants(root: Path) -> None:
    with Client(root) as client:
        client.start()
        assert client.end() == (0, "")
    with Client(root) as client:
        client.start()
        assert client.ask("shutdown") is None
        assert client.request("textDocument/hover")["error"]["code"] == -32600
        client.tell("exit")
        assert client.process.wait(PATIENCE) == 0
    with Client(root) as client:
        client.start()
        client.tell("exit")
        assert client.process.wait(PATIENCE) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_it(root: Path, number: int, code: int) -> None:
    with Client(root) as client:
        client.start()
        client.open(root / "lessons" / "labels.md")
        os.kill(client.process.pid, number)
        assert client.process.wait(PATIENCE) == code


def test_what_it_answers_is_nothing_but_messages(root: Path) -> None:
    with Client(root) as client:
        client.start()
        client.diagnostics(client.open(root / "lessons" / "a.md", LABELS.replace("One", "\x1b[31m\u202e")))
        (root / "kb.toml").write_text("[", "utf-8")
        client.diagnostics(client.open(root / "lessons" / "b.md", "# b\n"))
        assert json.dumps(client.ask("workspace/symbol", query="wrong"))
        code, log = client.end()
        assert (code, log) == (0, "")
