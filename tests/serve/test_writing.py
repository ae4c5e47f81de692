"""With `--allow-write` a server records uses and begins drafts, as `kb reuse` and `kb new` do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.printed_json import validator
from tests.serve.conftest import Start
from tests.serve.servers import Answer, Server, served

USE = {"in": "Depot West, spring", "outcome": "helped", "note": "at once", "saved": "12 days"}


@pytest.fixture
def server(own_root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(own_root, environment, "--allow-write")
    yield found
    assert found.stop() == 0, found.lines
    assert [line for line in found.log if "traceback" in line] == []


def post(server: Server, path: str, body: object, **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return server.ask(path, data, **{"Content_Type": "application/json", **headers})


def reuse(server: Server, lesson: str = "labels", key: str = "", **changed: Any) -> Answer:
    headers = {"Idempotency_Key": key} if key else {}
    return post(server, f"/api/lessons/{lesson}/reuse", USE | changed, **headers)


def ledger(root: Path) -> list[dict[str, Any]]:
    files = sorted((root / "reuse").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def uses(server: Server, lesson: str = "labels") -> list[Any]:
    return [*server.ask(f"/api/lessons/{lesson}").json["reused_by"]]


def test_a_use_is_recorded_and_answered_at_once(server: Server, own_root: Path) -> None:
    answer = reuse(server)
    assert (answer.status, answer.headers["cache-control"]) == (201, "no-store")
    found = answer.json
    validator("reuse").validate(found)
    assert (found["lesson"], found["where"], found["recorded"]) == ("labels", USE["in"], True)
    assert found["paths"] == [f"reuse/{date.today():%Y-%m}.jsonl", "reuse/.gitattributes"]
    (line,) = ledger(own_root)
    assert {key: line[key] for key in USE} == USE
    assert [use["title"] for use in uses(server)] == [USE["in"]]
    assert server.ask("/api/search?q=parcels").json["hits"][0]["reuse"]["words"] == "1 time, helped 1, saved 12 days"


def test_a_use_in_a_later_lesson_is_written_there_and_indexed(server: Server, own_root: Path) -> None:
    found = reuse(server, "plans", **{"in": "labels"}).json
    assert (found["later"], found["where"], found["not_indexed"]) == ("labels", "", "")
    assert found["paths"] == ["lessons/labels.md"]
    assert "- lesson: plans" in (own_root / "lessons" / "labels.md").read_text()
    assert [use["lesson"] for use in uses(server, "plans")] == ["labels"]
    assert ledger(own_root) == []


def test_it_answers_what_the_command_prints(server: Server, own_root: Path, kb: Run) -> None:
    differing = {"paths": [], "by": ""}  # the first use makes a file more, and git names who it is
    arguments = ["--in", USE["in"], "--outcome", "helped", "--note", "at once", "--saved", "12 days"]
    printed = json.loads(kb(own_root, "reuse", "plans", *arguments, "--json").out)
    assert reuse(server, "plans").json | differing == printed | differing


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"in": "labels"}, 422, "labels cannot be used in itself"),
        ({"in": "  \n "}, 422, "it is not said where"),
        ({"saved": "much"}, 422, "is no amount with a unit"),
        ({"outcome": "perhaps"}, 422, "outcome: invalid enum value"),
        ({"note": "x" * 1001}, 422, "note: expected `str` of length <= 1000"),
        ({"in": "/etc/passwd"}, 404, "no lesson with the id '/etc/passwd'"),
        ({"in": "kb.toml/x.md"}, 404, "no lesson with the id"),
        ({"in": "label"}, 404, "nearest: labels"),
        ({"by": "me"}, 422, "unknown field `by`"),
    ],
)
def test_what_the_command_refuses_is_refused_and_changes_nothing(
    server: Server, own_root: Path, changed: dict[str, Any], status: int, said: str
) -> None:
    before = {path: path.read_bytes() for path in (own_root / "lessons").rglob("*.md")}
    answer = reuse(server, **changed)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    assert said in answer.json["detail"]
    assert not (own_root / "reuse").exists()
    assert before == {path: path.read_bytes() for path in (own_root / "lessons").rglob("*.md")}


@pytest.mark.parametrize("name", ["nobody", "/etc/passwd", "..%2f..%2fkb.toml", "%00", "labels/reuse"])
def test_a_lesson_that_does_not_exist_is_not_used(server: Server, own_root: Path, name: str) -> None:
    answer = reuse(server, name)
    assert (answer.status, ledger(own_root)) == (404, []), answer
    assert answer.json["detail"].startswith("no lesson with the id ")


def test_texts_are_one_line_and_cannot_add_a_line_to_the_ledger(server: Server, own_root: Path) -> None:
    reuse(server, **{"in": 'Depot\n{"use": "12345678"}\r\n', "note": "a\u2028b\x00\u202ec"})
    assert len((own_root / "reuse" / f"{date.today():%Y-%m}.jsonl").read_text().split("\n")) == 2
    (line,) = ledger(own_root)
    assert line["in"] == 'Depot {"use": "12345678"}'


def test_a_repeated_request_records_once_also_after_a_restart(
    server: Server, own_root: Path, environment: Mapping[str, str]
) -> None:
    first, again = reuse(server, key="one"), reuse(server, key="one")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json | {"recorded": False, "paths": []}
    server.stop()
    other = served(own_root, environment, "--allow-write")
    try:
        assert reuse(other, key="one").status == 200
        assert reuse(other, key="two").status == 201
    finally:
        other.stop()
    assert len(ledger(own_root)) == 2


def test_requests_at_once_are_written_one_after_the_other(server: Server, own_root: Path) -> None:
    with ThreadPoolExecutor(8) as asking:
        keyed = [asking.submit(reuse, server, key="same") for _ in range(8)]
        others = [asking.submit(reuse, server, **{"in": f"Depot {number}"}) for number in range(6)]
        later = [asking.submit(reuse, server, "plans", **{"in": "labels", "note": f"n{n}"}) for n in range(4)]
        statuses = [one.result().status for one in [*keyed, *others, *later]]
    assert sorted(statuses) == [200] * 7 + [201] * 11
    assert len(ledger(own_root)) == 7
    assert (own_root / "lessons" / "labels.md").read_text().count("lesson: plans") == 1


def test_a_key_belongs_to_one_use(server: Server, own_root: Path) -> None:
    reuse(server, key="one")
    answer = reuse(server, key="one", **{"in": "Depot East"})
    assert (answer.status, len(ledger(own_root))) == (422, 1)
    assert answer.json["detail"] == "this key belongs to another use, which was recorded before; take a new key"


@pytest.mark.parametrize("key", ["x" * 201, "\u00e9".encode().decode("latin-1") + "\x85"])
def test_a_key_that_is_no_key_is_refused(server: Server, own_root: Path, key: str) -> None:
    assert (reuse(server, key=key).status, ledger(own_root)) == (422, [])


def test_a_draft_is_begun_as_the_command_begins_it(server: Server, own_root: Path) -> None:
    wanted = {"title": "Parcels in the rain", "answers": ["wet parcels"], "notes": "## Problem\n\nIt rained.\n"}
    answer = post(server, "/api/drafts", wanted)
    assert answer.status == 201, answer
    validator("new").validate(answer.json)
    path = own_root / answer.json["path"]
    assert path.name == f"{date.today()}-parcels-in-the-rain.md"
    text = path.read_text()
    assert "status: draft" in text
    assert "- wet parcels" in text
    assert "## Problem\n\nIt rained.\n" in text
    assert server.ask("/api/status").json["changed_since"] == 1


def test_a_draft_overwrites_nothing(server: Server, own_root: Path) -> None:
    paths = [post(server, "/api/drafts", {"title": "Rain"}).json["path"] for _ in range(2)]
    assert [path.rpartition("-")[2] for path in paths] == ["rain.md", "2.md"]
    assert all((own_root / path).is_file() for path in paths)


def test_a_draft_with_a_key_is_begun_once(server: Server, own_root: Path) -> None:
    with ThreadPoolExecutor(4) as asking:
        wanted = {"title": "Rain"}
        sent = [asking.submit(post, server, "/api/drafts", wanted, Idempotency_Key="one") for _ in range(4)]
        answers = [one.result() for one in sent]
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["path"] for answer in answers}) == 1
    assert len([*(own_root / "lessons").glob("*rain*")]) == 1
    other = post(server, "/api/drafts", {"title": "Snow"}, Idempotency_Key="one")
    assert (other.status, "belongs to another draft" in other.json["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("wanted", "status", "said"),
    [
        ({}, 422, "a lesson needs a title"),
        ({"title": " \n\x00 "}, 422, "a lesson needs a title"),
        ({"title": "Rain", "template": "../../kb"}, 422, "there is no template '../../kb'"),
        ({"title": "Rain", "template": "nothing"}, 422, "there are"),
        ({"title": "Rain", "for": "1"}, 422, "unknown field `for`"),
        ({"title": "Rain", "answers": "one"}, 422, "answers"),
        ({"title": "Rain", "answers": ["a"] * 21}, 422, "answers"),
        ({"title": "Rain", "notes": "password for the vault was: " + "Tr0ub4dor-and-3x"}, 422, "notes:1"),
        (
            {"title": "Rain", "answers": ["password for the vault was: " + "Tr0ub4dor-and-3x"]},
            422,
            "title and answers:",
        ),
        ({"title": "x" * 1001}, 422, "title"),
        (b"[]", 422, "expected `object`"),
        (b"{", 400, "the body is not JSON"),
    ],
)
def test_what_is_wrong_with_a_draft_is_named_and_nothing_is_written(
    server: Server, own_root: Path, wanted: object, status: int, said: str
) -> None:
    before = sorted((own_root / "lessons").rglob("*"))
    answer = post(server, "/api/drafts", wanted)
    assert (answer.status, said in answer.json["detail"]) == (status, True), answer
    assert sorted((own_root / "lessons").rglob("*")) == before


def test_a_hostile_title_stays_a_title(server: Server, own_root: Path) -> None:
    title = '../../../tmp/x\n---\nstatus: validated\n"]: {evil} <script> \u202e `$(id)`'
    path = own_root / post(server, "/api/drafts", {"title": title}).json["path"]
    assert path.parent == own_root / "lessons"
    assert path.read_text().count("\nstatus: draft\n") == 1
    assert "\nstatus: validated\n" not in path.read_text()


def test_without_the_option_nothing_is_written(own_root: Path, start: Start) -> None:
    server = start(own_root)
    form = server.ask("/lessons/labels/used", b"outcome=helped", Content_Type="application/x-www-form-urlencoded")
    for answer in (reuse(server), post(server, "/api/drafts", {"title": "Rain"}), form):
        assert answer.status == 403
        assert "this server only reads" in answer.text
    assert not (own_root / "reuse").exists()
    assert "/api/drafts" not in server.ask("/api/openapi.json").json["paths"]


def test_the_description_has_what_can_be_written(server: Server) -> None:
    described = server.ask("/api/openapi.json").json
    found = described["paths"]["/api/lessons/{id}/reuse"]["post"]
    assert {parameter["name"] for parameter in found["parameters"]} == {"id", "Idempotency-Key"}
    used = described["components"]["schemas"]["UsedLesson"]
    assert used["required"] == ["in", "outcome"]
    assert found["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/RecordedUse")
    assert described["paths"].keys() >= {"/api/drafts", "/api/search"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_writes_is_only_posted(server: Server, own_root: Path, method: str) -> None:
    assert server.ask("/api/drafts", method=method).status == 405
    assert server.ask("/api/lessons/labels/reuse", method=method).status in (404, 405)
    assert not (own_root / "reuse").exists()
