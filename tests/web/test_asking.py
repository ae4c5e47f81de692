"""What the answers of servers mean, and servers that behave badly."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest

from kb.system.web.answer import NO_ANSWER, Answer, State
from tests.web.sites import Say, ask, manner, redirect, site, status


def asked(say: Say, **more: Any) -> tuple[Answer, list[str]]:
    """Ask one server for `/page`; return the answer, and what the server was asked."""
    with site(say) as server:
        (answer,) = ask(manner(server, **more), server.url("/page"))
    return answer, server.asked


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (200, Answer(State.THERE, "status 200", 200)),
        (204, Answer(State.THERE, "status 204", 204)),
        (304, Answer(State.THERE, "status 304", 304)),
        (404, Answer(State.GONE, "404", 404)),
        (410, Answer(State.GONE, "410", 410)),
        (401, Answer(State.FAILED, "status 401", 401)),
        (403, Answer(State.FAILED, "status 403", 403)),
        (429, Answer(State.FAILED, "status 429", 429)),
        (500, Answer(State.FAILED, "status 500", 500)),
        (503, Answer(State.FAILED, "status 503", 503)),
    ],
)
def test_only_not_found_and_gone_are_dead(code: int, expected: Answer) -> None:
    assert asked(lambda method, path: status(code))[0] == expected


@pytest.mark.parametrize("code", [403, 404, 405, 500, 501])
def test_what_is_refused_with_head_is_asked_with_get(code: int) -> None:
    answer, requests = asked(lambda method, path: status(code if method == "HEAD" else 200))
    assert (answer.state, requests) == (State.THERE, ["HEAD /page", "GET /page"])


def test_a_server_that_hangs_up_on_head_is_asked_with_get() -> None:
    answer, requests = asked(lambda method, path: b"" if method == "HEAD" else status(200))
    assert (answer.state, requests) == (State.THERE, ["HEAD /page", "GET /page"])


@pytest.mark.parametrize("code", [200, 429, 503])
def test_who_answers_or_is_busy_is_asked_once(code: int) -> None:
    assert asked(lambda method, path: status(code))[1] == ["HEAD /page"]


def test_a_request_has_nothing_of_the_user() -> None:
    with site(lambda method, path: status(200, "Set-Cookie: a=b")) as server:
        ask(manner(server), server.url("/a?b=c#d"), server.url("/a?b=d"))
    for head in server.heads:
        rows = head.decode().split("\r\n")
        assert [row.split(":")[0] for row in rows[1:-1]] == ["Host", "User-Agent", "Accept", "Connection"]
        assert rows[1] == f"Host: 127.0.0.1:{server.port}"
    assert sorted(server.asked) == ["HEAD /a?b=c", "HEAD /a?b=d"]


def endless(row: bytes) -> Say:
    def say(method: str, path: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        yield from repeat(row)

    return say


@pytest.mark.parametrize(
    "say",
    [
        lambda method, path: b"",
        lambda method, path: b"\x00\xff garbage\r\n\r\n",
        lambda method, path: b"SSH-2.0-OpenSSH_9.2\r\n",
        lambda method, path: b"HTTP/1.1 2000 OK\r\n\r\n",
        lambda method, path: b"HTTP/1.1 404 Not Found\r\nServer: x\r\n",  # and the connection ends
        lambda method, path: b"HTTP/2 404\r\n\r\n",
        lambda method, path: repeat(b"x" * 10_000),
        lambda method, path: repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        endless(b"X-A: b\r\n"),
        endless(b"x" * 10_000),
        lambda method, path: b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\n\r\n",
    ],
)
def test_what_is_no_http_is_not_dead(say: Say) -> None:
    assert asked(say)[0] == Answer(State.FAILED, "no HTTP")


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 404 Not Found\r\n"])
def test_a_server_that_never_ends_its_answer(beginning: bytes) -> None:
    assert asked(lambda method, path: [beginning, None], seconds_each=0.2)[0] == NO_ANSWER


def test_nobody_listens() -> None:
    with site(lambda method, path: status(200)) as server:
        how, url = manner(server), server.url()
    assert ask(how, url) == [Answer(State.FAILED, "no connection")]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/new", "new", "//127.0.0.1:{port}/new", "http://127.0.0.1:{port}/new#part"])
def test_redirects_are_followed(code: int, location: str) -> None:
    def say(method: str, path: str) -> bytes:
        return redirect(location.format(port=server.port), code) if path == "/page" else status(404)

    with site(say) as server:
        (answer,) = ask(manner(server), server.url("/page"))
    assert (answer.state, server.asked[-1]) == (State.GONE, "GET /new")


def test_redirects_in_a_circle_and_without_an_end() -> None:
    circle, requests = asked(lambda method, path: redirect("/page"))
    endless, _ = asked(lambda method, path: redirect(f"{path}x"))
    assert circle == endless == Answer(State.FAILED, "too many redirects")
    assert len(requests) == 6


def test_a_redirect_that_leads_nowhere_says_nothing() -> None:
    assert asked(lambda method, path: status(301))[0] == Answer(State.FAILED, "status 301", 301)


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://127.0.0.2:{port}/", "not public"),
        ("http://169.254.169.254/latest/meta-data", "not public"),
        ("http://[::1]/", "not public"),
        ("http://localhost/", "not public"),
        ("http://inner.kb-one.org:{port}/", "not public"),
        ("http://127.0.0.1:22/", "on another port than 80 or 443"),
        ("http://user:secret@127.0.0.1:{port}/", "with a user name or password"),
        ("ftp://127.0.0.1/", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("http://[", "not valid"),
        ("http://127.0.0.1:{port}/a b", "not valid"),
        ("http://2130706433:{port}/", "not valid"),
    ],
)
def test_a_redirect_is_checked_like_any_address(location: str, why: str) -> None:
    def say(method: str, path: str) -> bytes:
        return redirect(location.format(port=server.port)) if path == "/page" else status(200)

    with site(say) as server:
        (answer,) = ask(manner(server, names={"inner.kb-one.org": ("10.0.0.1",)}), server.url("/page"))
    assert answer.state is State.NOT_ASKED
    assert answer.why in (why, f"leads to an address that is {why}")
    assert server.asked == ["HEAD /page"]
