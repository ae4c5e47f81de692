"""`kb search --batch`: a line of JSON for each line of JSON, in order, whatever one of them holds."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome, Run

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: labels\ntags: [shipping]\n---\n# Wrong labels\n\nForty parcels a week came back.\n",
    "plans.md": "---\nid: plans\n---\n# Forty plans\n\nForty teams plan in forty languages.\n",
}
Batch = Callable[..., Outcome]


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


@pytest.fixture
def batch(base: Path, kb: Run, tmp_path: Path) -> Batch:
    """Answer a file of lines, each JSON or text as it is."""

    def run(*lines: Any, options: Sequence[str] = ("--mode", "lexical")) -> Outcome:
        file = tmp_path / "queries.jsonl"
        texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        file.write_bytes(b"\n".join(texts) + b"\n")
        return kb(base, "search", "--batch", str(file), *options)

    return run


def objects(done: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_line_is_answered_as_a_search_is(batch: Batch, base: Path, kb: Run) -> None:
    done = batch({"id": "a", "query": "parcels"}, {"id": 7, "query": "languages"}, {"query": "zebra"})
    assert (done.code, done.err) == (0, "")
    found = objects(done)
    assert [next(iter(answer)) for answer in found] == ["id"] * 3
    assert [answer["id"] for answer in found] == ["a", 7, None]
    assert [[hit["id"] for hit in answer["hits"]] for answer in found] == [["labels"], ["plans"], []]
    alone = json.loads(kb(base, "search", "--json", "--mode", "lexical", "parcels").out)
    for answer in (alone, found[0]):
        del answer["took_ms"]
    assert found[0] == {"id": "a", **alone}


def test_a_broken_line_has_its_error_in_its_place_and_the_rest_is_answered(batch: Batch) -> None:
    broken: list[tuple[Any, Any, str]] = [
        (b'{"id": "b", "query": ', None, "not JSON: "),
        (b'{"id": "b", "query": "caf\xe9"}', None, "not valid UTF-8 (byte 0xe9)"),
        (b"[" * 100_000, None, "not JSON: "),
        ([1], None, 'not an object; write {"id": "1", "query": "brochure errors"}'),
        ({"id": "b"}, "b", 'no "query"'),
        ({"id": "b", "query": 3}, "b", '"query" is not text'),
        ({"id": ["b"], "query": "x"}, None, '"id" is neither text nor a whole number'),
        ({"id": True, "query": "x"}, None, '"id" is neither text nor a whole number'),
        ({"id": "b", "query": " "}, "b", "the query is empty; describe the problem in a few words"),
        ({"id": "b", "query": "tag:"}, "b", "tag: needs a value, such as tag:brochures"),
    ]
    done = batch({"id": "first", "query": "parcels"}, *(line for line, _, _ in broken), {"id": "z", "query": "plan"})
    found = objects(done)
    assert done.code == 3
    assert (found[0]["id"], found[-1]["id"], len(found)) == ("first", "z", len(broken) + 2)
    said = done.err.splitlines()
    for number, ((_, id_, error), answer, line) in enumerate(zip(broken, found[1:-1], said, strict=True), 2):
        assert list(answer) == ["id", "line", "error"]
        assert (answer["id"], answer["line"]) == (id_, number)
        assert answer["error"].startswith(error)
        assert line.endswith(f"queries.jsonl:{number}: {answer['error']}")


def test_blank_lines_are_skipped_and_counted(batch: Batch) -> None:
    done = batch(b"", {"id": 1, "query": "parcels"}, b"  \r", {"id": 2})
    assert [(answer["id"], answer.get("line")) for answer in objects(done)] == [(1, None), (2, 4)]


def test_without_any_hit_the_exit_code_is_1(batch: Batch) -> None:
    assert batch({"id": 1, "query": "zebra"}).code == 1
    assert batch(b"").code == 1


def test_the_options_hold_for_all_lines(batch: Batch) -> None:
    lines = [{"id": 1, "query": "forty"}, {"id": 2, "query": "forty plans"}]
    done = batch(*lines, options=["--mode", "lexical", "--limit", "1", "--tag", "shipping", "--all"])
    assert [[hit["id"] for hit in answer["hits"]] for answer in objects(done)] == [["labels"], ["labels"]]
    assert {answer["mode"] for answer in objects(done)} == {"lexical"}


def test_a_line_speaks_the_query_language_and_a_page_does_not(batch: Batch) -> None:
    done = batch({"id": 1, "query": "forty -parcels"}, {"id": 2, "query": "forty\n-parcels"})
    assert [{hit["id"] for hit in answer["hits"]} for answer in objects(done)] == [{"plans"}, {"plans", "labels"}]


def test_lines_come_from_standard_input(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line = b'\xef\xbb\xbf{"id": "a", "query": "parcels"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    done = kb(base, "search", "--batch", "-", "--mode", "lexical")
    assert (done.code, [answer["id"] for answer in objects(done)]) == (0, ["a"])


@pytest.mark.parametrize("arguments", [["--batch", "none.jsonl", "words"], ["--batch", "none.jsonl", "-f", "x"]])
def test_a_batch_has_the_queries(base: Path, kb: Run, arguments: list[str]) -> None:
    done = kb(base, "search", *arguments)
    assert (done.code, done.out) == (2, "")
    what = "--batch FILE has the queries; leave QUERY, --file and --why-not out"
    assert done.err == f"kb: {what}; see `kb search --help`\n"


def test_a_batch_file_that_cannot_be_read_is_named(base: Path, kb: Run, tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.jsonl", "no such file or directory"), (tmp_path, "is a directory")):
        done = kb(base, "search", "--batch", str(path))
        assert (done.code, done.out) == (2, "")
        assert f"{path}: {reason}" in done.err
        assert done.err.count("\n") == 1
