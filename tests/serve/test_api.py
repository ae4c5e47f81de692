"""Each address answers with the JSON that the command of its name prints."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.serve.conftest import Start
from tests.serve.servers import PATHS, Server

SAME = [
    ("search?q=parcels+come+back", ["search", "--json", "parcels come back"]),
    ("search?q=parcels&limit=1&mode=lexical", ["search", "--json", "-n", "1", "--mode", "lexical", "parcels"]),
    ("search?q=parcels&tag=sales", ["search", "--json", "--tag", "sales", "parcels"]),
    ("search?q=parcels&kind=tool&kind=problem", ["search", "--json", "--kind", "tool", "--kind", "problem", "parcels"]),
    ("search?q=zebra&all=true", ["search", "--json", "--all", "zebra"]),
    ("search?q=parcles&exact=true", ["search", "--json", "--exact", "parcles"]),
    ("search?q=parcels&since=2006&until=2007", ["search", "--json", "--since", "2006", "--until", "2007", "parcels"]),
    ("search?where=status%3Dvalidated", ["search", "--json", "--where", "status=validated"]),
    ("search?q=%C3%BCber+%E4%B8%AD", ["search", "--json", "über 中"]),
    ("brief?q=parcels", ["brief", "--json", "parcels"]),
    ("who?q=parcels", ["who", "--json", "parcels"]),
    ("similar?id=labels&limit=1", ["similar", "--json", "--limit", "1", "labels"]),
    ("lessons/labels", ["show", "--json", "labels"]),
    ("lessons/lessons/2006/brochures.md", ["show", "--json", "brochures"]),
    ("lessons/labels?section=tool", ["show", "--json", "--section", "tool", "labels"]),
    ("lessons/labels?line=14", ["show", "--json", "labels:14"]),
    ("impact", ["impact", "--json"]),
]


@pytest.mark.parametrize(("path", "arguments"), SAME, ids=[path for path, _ in SAME])
def test_an_address_answers_what_the_command_prints(
    server: Server, root: Path, kb: Run, path: str, arguments: list[str]
) -> None:
    answer = server.ask(f"/api/{path}")
    assert answer.status == 200, answer.body
    printed = json.loads(kb(root, *arguments).out)
    printed.pop("took_ms", None)
    assert answer.json == printed


def test_the_map_and_the_state_are_those_of_the_commands(server: Server, root: Path, kb: Run) -> None:
    for name, differing in (("map", "made"), ("status", "freshness")):
        answered, printed = server.ask(f"/api/{name}").json, json.loads(kb(root, name, "--json").out)
        assert answered.keys() == printed.keys()
        assert answered | {differing: ""} == printed | {differing: ""}  # how old it is, whether it was made before


def test_what_the_user_of_the_server_asked_is_in_no_answer_to_others(own_root: Path, start: Start) -> None:
    server = start(own_root)
    for command in (("demand", "--on"), *[("search", "parcels come back")] * 3):
        server.kb("--root", str(own_root), *command, served=False, capture_output=True)
    own = server.kb("--root", str(own_root), "map", "--json", capture_output=True).stdout
    for text, counted in ((own, 1), (server.ask("/api/map").body, 0)):
        topics = json.loads(text)["topics"]
        assert bool(sum(topic["asked"] for topic in topics)) == counted, topics


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("search?q=parcels&limit=1&tag=sales", {"q": "parcels", "limit": 1, "tag": ["sales"]}),
        ("search?q=zebra&all=true", {"q": "zebra", "all": True}),
        ("similar?id=labels", {"id": "labels"}),
        ("lessons/labels?section=tool", {"section": "tool"}),
        ("impact?by=year", {"by": "year"}),
        ("gaps", {}),
    ],
)
def test_a_body_says_what_an_address_does(server: Server, path: str, body: dict[str, Any]) -> None:
    posted = server.ask(f"/api/{path.partition('?')[0]}", json.dumps(body).encode())
    assert (posted.status, posted.json) == (200, server.ask(f"/api/{path}").json)


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_json_that_no_page_can_misread(server: Server, path: str) -> None:
    answer = server.ask(f"/api/{path}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "server" not in answer.headers


def test_a_long_page_is_asked_by_post(server: Server) -> None:
    page = "Dear all,\n\nparcels come back with labels that fell off.\n" * 1000
    answer = server.ask("/api/search", json.dumps({"q": page, "page": True}).encode())
    assert [hit["id"] for hit in answer.json["hits"]][:1] == ["labels"]


def test_a_client_that_can_gets_it_compressed(server: Server) -> None:
    plain, packed = (
        server.ask("/api/search?q=parcels&all=1"),
        server.ask("/api/search?q=parcels&all=1", accept_encoding="gzip"),
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len(packed.body) < len(plain.body)
    assert json.loads(gzip.decompress(packed.body))["hits"] == plain.json["hits"]
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("path", [path for path in PATHS if path != "status"])
def test_what_has_not_changed_is_not_sent_again(server: Server, path: str) -> None:
    first = server.ask(f"/api/{path}")
    for known in (first.headers["etag"], f'"other", {first.headers["etag"]}'):
        again = server.ask(f"/api/{path}", if_none_match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = server.ask(f"/api/{path}", if_none_match='W/"other"')
    assert (other.status, other.json) == (200, first.json)


def test_the_head_alone_can_be_asked_for(server: Server) -> None:
    answer = server.ask("/api/search?q=parcels", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_it_says_that_it_lives_and_what_answers(server: Server) -> None:
    assert (server.ask("/healthz").status, server.ask("/healthz").body) == (200, b"ok\n")
    ready = server.ask("/readyz").json
    assert (ready["snapshot"], ready["trouble"]) == (server.ask("/api/status").json["snapshot"], None)


def test_the_metrics_are_by_kind_of_address(server: Server) -> None:
    server.ask("/api/lessons/labels")
    server.ask("/api/lessons/secret-name")
    server.ask("/secret-name")
    answer = server.ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'kb_requests_total{path="/api/lessons/{id:path}",status="404"}' in answer.text
    assert 'kb_requests_total{path="other",status="404"}' in answer.text
    assert "secret" not in answer.text


def test_the_log_does_not_have_what_was_asked(server: Server) -> None:
    server.ask("/api/search?q=secret+question")
    server.ask("/api/search", b'{"q": "secret question"}')
    server.ask("/api/lessons/secret")
    server.ask("/api/search?secret=1")
    server.ask("/secret")
    server.ask("/healthz")
    assert not [line for line in server.lines if "secret" in line]
    line = next(line for line in server.log if line["path"] == "/api/search")
    assert line.keys() == {"time", "method", "path", "status", "ms"}
    assert (line["method"], line["status"]) == ("GET", 200)


def test_the_log_has_queries_if_it_is_told_to(own_root: Path, start: Start) -> None:
    other = start(own_root, "--log-queries")
    other.ask("/api/search?q=parcels%0A%7B%22time%22")
    assert json.loads(other.line_with('"path"'))["query"] == "q=parcels%0A%7B%22time%22"
