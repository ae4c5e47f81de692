"""More requests than there is room for are refused, none is lost; a slow one does not wait for ever."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.serve.conftest import Start
from tests.serve.servers import Answer, Server

LONG = json.dumps({"q": " ".join(f"parcels{number} came back" for number in range(2_000)), "page": True}).encode()
"""A question that takes a while."""
ASKING = 16


def ask_together(server: Server, count: int) -> list[Answer]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: server.ask("/api/search", LONG), range(count)))


def test_what_there_is_no_room_for_is_told_when_to_come_again(own_root: Path, start: Start) -> None:
    server = start(own_root, threads=1, waiting=1)
    answers = ask_together(server, ASKING)
    statuses = [answer.status for answer in answers]
    assert {*statuses} == {200, 429}
    assert len(statuses) == ASKING
    for answer in answers:
        if answer.status == 429:
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["content-type"] == "application/problem+json"
    assert server.ask("/api/search?q=parcels").status == 200, "there is room again"
    assert server.ask("/healthz").status == 200
    assert f'status="429"}} {statuses.count(429)}.0' in server.ask("/metrics").text


def test_as_many_as_there_is_room_for_are_all_answered(own_root: Path, start: Start) -> None:
    server = start(own_root, threads=1, waiting=ASKING)
    assert {answer.status for answer in ask_together(server, ASKING)} == {200}


def test_a_request_that_takes_too_long_is_given_up(own_root: Path, start: Start) -> None:
    server = start(own_root, threads=1, waiting=2, seconds=0.001)
    answer = server.ask("/api/search", LONG)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.json["detail"] == "no answer within 0.001 seconds; ask for less, or try again"
    for _ in range(10):  # none of those that were given up keeps its room
        assert {answer.status for answer in ask_together(server, 2)} <= {503, 429}
    assert "kb_busy" in server.ask("/metrics").text
    assert server.stop() == 0
    assert not [line for line in server.lines if "raceback" in line]
