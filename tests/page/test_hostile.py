"""Lessons and questions written to do harm, and requests that are wrong: every answer is a sound page in words."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.page.conftest import Start
from tests.page.reading import FORM, HTML, read, text_of
from tests.serve.servers import Server, library
from tests.site.attacks import ATTACKS, hostile


def test_nothing_of_hostile_lessons_runs_on_any_page(start: Start, tmp_path: Path) -> None:
    own = start(library(tmp_path / "base", {f"a{n}'&=.md": hostile(n) for n in range(len(ATTACKS))}))
    start_page = read(own, "/")
    for link in start_page.all("a", class_="tag"):
        start_page.follow(link.get("href", ""))
    for path in ("/map", "/topics/1", "/impact", "/stale", "/status", "/?q=alert+script&limit=100", "/who?q=alert"):
        read(own, path)
    read(own, "/brief?q=alert+script+lesson")
    listed = read(own, "/lessons")
    links = [link for row in listed.one("table").iter("tr") for link in row.iter("a")]
    assert len(links) == len(ATTACKS)
    for link in links:
        listed.follow(link.get("href", ""))


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_hostile_question_runs(server: Server, attack: str) -> None:
    query = quote(attack, safe="")
    for path in (f"/?q={query}", f"/?unit={query}", f"/?tag={query}&q=labels"):
        answer = server.ask(path, Accept=HTML)
        read(server, path, status=answer.status)
        assert answer.status in (200, 422)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/lessons/%ff", 404),
        ("/?q=%ff", 400),
        ("/topics/0", 404),
        ("/topics/x", 404),
        ("/files/style.css", 404),
        ("//", 404),
        ("/" + "a/" * 50, 404),
    ],
)
def test_a_wrong_address_is_answered_with_a_page(server: Server, path: str, status: int) -> None:
    answer = server.ask(path, Accept=HTML)
    assert answer.status == status
    assert b"<textarea" in answer.body
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/nothing", "/?kind=zebra", "/api/search"])
def test_a_program_gets_problem_details(server: Server, path: str) -> None:
    answer = server.ask(path, Accept="application/json")
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_has_problem_details_also_for_a_browser(server: Server) -> None:
    answer = server.ask("/api/search?lmit=1", Accept=HTML)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_else_can_be_done(server: Server, method: str) -> None:
    for path in ("/", "/lessons/labels", "/map"):
        assert server.ask(path, method=method, Accept=HTML).status == 405
    assert server.ask("/map", b"q=a", Accept=HTML, Content_Type=FORM).status == 405


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"q=" + b"a " * 600_000, {"Content_Type": FORM}, 413),
        (b"q=" + b"+labels" * 40_000, {"Content_Type": FORM}, 422),
        (b'{"q": "labels"}', {"Content_Type": "application/json"}, 422),
        (b"q=labels&zebra=1", {"Content_Type": FORM}, 422),
        (b"q=%ff", {"Content_Type": FORM}, 400),
        (b"q=a&q=b", {"Content_Type": FORM}, 422),
        (b"a=1&" * 5_000, {"Content_Type": FORM}, 422),
        (b"q=labels", {"Content_Type": FORM, "Origin": "http://evil.example"}, 403),
        (b"q=labels", {"Content_Type": FORM, "Origin": "null"}, 403),
    ],
)
def test_a_wrong_form_is_answered_in_words(server: Server, body: bytes, headers: dict[str, str], status: int) -> None:
    answer = server.ask("/", body, Accept=HTML, **headers)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert b"<h1>" in answer.body


def test_who_may_not_read_learns_nothing_of_the_library(server: Server) -> None:
    answer = server.ask("/", Accept=HTML, Host="evil.example")
    assert answer.status == 421
    assert b"Company" not in answer.body
    assert "sha256-" in answer.headers["content-security-policy"]
    assert "This server has another name" in answer.text


def test_a_busy_server_says_so_on_a_page(start: Start, tmp_path: Path) -> None:
    own = start(library(tmp_path / "base"), threads=1, waiting=0, seconds=0.000_001)
    answer = own.ask("/?q=labels", Accept=HTML)
    assert answer.status in (429, 503)
    assert answer.headers["retry-after"]
    assert "oad the page again" in answer.text
    assert read(own, "/nothing", status=404)


def test_style_and_script_are_kept_by_browsers(server: Server) -> None:
    page = read(server, "/map")
    files = [*(one.get("href", "") for one in page.all("link", rel="stylesheet")), page.one("script").get("src", "")]
    for name in files:
        got = server.ask(f"/{name.removeprefix('./')}")
        assert got.status == 200
        assert "immutable" in got.headers["cache-control"]
        assert got.headers["content-type"].startswith(("text/css", "text/javascript"))
    assert text_of(page.one("h1")) == "Topics"
