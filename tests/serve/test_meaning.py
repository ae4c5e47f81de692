"""A library that is searched by meaning: with a server the same is printed, also while others ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.serve.servers import Server, served

QUERIES = ("our leaflets are full of mistakes", "plans cannot be compared", "who pays for it", "brochure errors")


@pytest.fixture(scope="module")
def meaning(project: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(project, environment)
    yield found
    assert found.stop() == 0


def printed(server: Server, project: Path, query: str, *, served: bool) -> Any:
    done = server.kb("--root", str(project), "search", "--json", query, served=served, capture_output=True)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    del found["took_ms"]
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_is_printed_by_meaning_while_others_ask(meaning: Server, project: Path, query: str) -> None:
    alone = printed(meaning, project, query, served=False)
    assert alone["mode"] == "hybrid"
    with ThreadPoolExecutor(4) as pool:
        others = [pool.submit(meaning.ask, f"/api/search?q={quote(text)}") for text in QUERIES]
        assert printed(meaning, project, query, served=True) == alone
        assert {other.result().status for other in others} == {200}
    assert meaning.answering(lambda: printed(meaning, project, query, served=True)) == alone


def test_an_answer_over_http_is_that_of_the_command(meaning: Server, project: Path) -> None:
    for query in QUERIES:
        assert meaning.ask(f"/api/search?q={quote(query)}").json == printed(meaning, project, query, served=False)
