"""A page of another site cannot have a browser ask the server, whatever name it makes lead to 127.0.0.1."""

from __future__ import annotations

import pytest

from tests.serve.servers import PATHS, Server, status_of

ASKED = "GET /api/search?q=parcels HTTP/1.1"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST", "LocalHost:80", "127.0.0.1:8420", "[::1]", "[::1]:8420"]
)
def test_names_of_this_machine_are_answered(server: Server, host: str) -> None:
    assert status_of(server.raw(ASKED, f"Host: {host}")) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.com", "127.0.0.1.evil.com", "evil.com:8420", "localhost.evil.com", "localhost.", "127.0.0.1.", "127.1"),
        *(
            "127.0.0.2",
            "0.0.0.0",
            "[::]",
            "[::ffff:127.0.0.1]",
            "127.0.0.1@evil.com",
            "evil.com#127.0.0.1",
            "localhost:x",
        ),
        *("", ":80", "localhost, evil.com", "evil.com/localhost", "http://localhost", "localh\u00f6st", "2130706433"),
        *("127.0.0.1:8420:8420", "localhost\t.evil.com", "x" * 5000),
    ],
)
def test_any_other_host_is_refused(server: Server, host: str) -> None:
    answer = server.raw(ASKED, f"Host: {host}")
    assert status_of(answer) in (400, 421)
    assert b"hits" not in answer


def test_a_host_is_named_once(server: Server) -> None:
    for lines in (
        ("Host: localhost", "Host: evil.com"),
        ("Host: localhost", "Host: localhost"),
        ("X: y",),
        ("Host: localhost", " evil.com"),
    ):
        assert status_of(server.raw(ASKED, *lines)) in (400, 421)
    assert status_of(server.raw("GET /api/search?q=parcels HTTP/1.0")) == 421
    assert status_of(server.raw("GET http://evil.com/api/search?q=parcels HTTP/1.1", "Host: evil.com")) == 421


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8420", "http://localhost", "http://[::1]:8420", "HTTP://LOCALHOST"]
)
def test_pages_of_its_own_may_ask(server: Server, origin: str) -> None:
    assert server.ask("/api/search?q=parcels", origin=origin).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.com", "https://127.0.0.1.evil.com", "null", "", "http://localhost@evil.com", "localhost"),
        *("http://evil.com:8420", "http://localhost.evil.com", "file://", "http://localhost/../evil"),
    ],
)
@pytest.mark.parametrize("path", [*(f"/api/{path}" for path in PATHS), "/metrics", "/healthz", "/nothing"])
def test_pages_of_other_sites_may_not(server: Server, origin: str, path: str) -> None:
    answer = server.ask(path, origin=origin)
    assert (answer.status, answer.json["detail"]) == (403, "a page of another site must not ask this server")
    assert "access-control-allow-origin" not in answer.headers


def test_several_origins_are_all_looked_at(server: Server) -> None:
    answer = server.raw(ASKED, "Host: localhost", "Origin: http://localhost", "Origin: http://evil.com")
    assert status_of(answer) == 403


def test_what_a_proxy_might_say_changes_nothing(server: Server) -> None:
    lines = ("X-Forwarded-Host: localhost", "X-Forwarded-For: 127.0.0.1", "Forwarded: host=localhost")
    assert status_of(server.raw(ASKED, "Host: evil.com", *lines)) == 421
