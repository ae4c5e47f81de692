"""A server that others can reach answers only who has a valid token."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.access.tokens import Tokens
from tests.serve.servers import PATHS, Server, served

NAME = "kb.example.org"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def tokens(root: Path, environment: Mapping[str, str]) -> Iterator[Tokens]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", environment["XDG_STATE_HOME"])
        yield Tokens(root)


@pytest.fixture(scope="module")
def written(tokens: Tokens) -> str:
    return str(tokens.new("wiki", "read", NOW, days=1))


@pytest.fixture(scope="module")
def guarded(root: Path, environment: Mapping[str, str], written: str) -> Iterator[Server]:
    found = served(root, environment, "--allow-host", NAME)
    yield found
    assert found.stop() == 0


@pytest.mark.parametrize("path", [*PATHS, "openapi.json"])
def test_without_a_token_nothing_is_told(guarded: Server, path: str) -> None:
    answer = guarded.ask(f"/api/{path}", Host=NAME)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="kb", Basic realm="kb", charset="UTF-8"'
    assert answer.json["detail"] == "a valid token is needed; see docs/serve.md"


def test_a_token_is_sent_as_bearer_token_or_as_the_password_of_a_log_in(guarded: Server, written: str) -> None:
    log_in = base64.b64encode(f"ann:{written}".encode()).decode()
    for sent in (f"Bearer {written}", f"bearer {written}", f"Basic {log_in}"):
        assert guarded.ask("/api/search?q=parcels", Host=NAME, Authorization=sent).status == 200


def test_a_token_in_the_address_is_none(guarded: Server, written: str) -> None:
    assert guarded.ask(f"/api/search?q=parcels&token={written}", Host=NAME).status == 401


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic", "Basic !", "Basic gA==", "Digest x", "Bearer kb_"])
def test_any_other_authorization_is_refused(guarded: Server, sent: str) -> None:
    assert guarded.ask("/api/search?q=parcels", Host=NAME, Authorization=sent).status == 401


def test_a_changed_expired_or_revoked_token_is_refused_at_once(guarded: Server, tokens: Tokens, written: str) -> None:
    def status(token: object) -> int:
        return guarded.ask("/api/status", Host=NAME, Authorization=f"Bearer {token}").status

    swapped = written[:-1] + ("a" if written[-1] != "a" else "b")
    expired = tokens.new("old", "read", NOW - timedelta(days=3), days=1)
    revoked = tokens.new("gone", "read", NOW, days=1)
    assert [status(swapped), status(expired), status(revoked), status(written)] == [401, 401, 200, 200]
    tokens.revoke(revoked.id)
    assert [status(revoked), status(written)] == [401, 200]


def test_a_balancer_needs_no_token_and_learns_nothing_of_the_lessons(guarded: Server) -> None:
    assert guarded.ask("/healthz", Host=NAME).text == "ok\n"
    assert guarded.ask("/readyz", Host=NAME).json.keys() == {"snapshot", "trouble"}
    assert guarded.ask("/metrics", Host=NAME).status == 401


def test_a_page_of_another_site_is_refused_even_with_a_token(guarded: Server, written: str) -> None:
    sent = f"Bearer {written}"
    assert guarded.ask("/api/status", Host=NAME, Authorization=sent, Origin=f"https://{NAME}").status == 200
    assert guarded.ask("/api/status", Host=NAME, Authorization=sent, Origin="https://evil.com").status == 403
    assert guarded.ask("/api/status", Host="evil.com", Authorization=sent).status == 421


def test_the_user_of_the_socket_needs_no_token(guarded: Server, root: Path) -> None:
    found = guarded.answering(lambda: guarded.kb("--root", str(root), "search", "parcels", capture_output=True))
    assert b"Labels that fall off" in found.stdout


def test_no_token_is_in_the_log(guarded: Server, written: str) -> None:
    guarded.ask(f"/api/search?q=parcels&token={written}", Host=NAME, Authorization=f"Bearer {written}")
    assert written.rpartition("_")[2] not in "\n".join(guarded.lines)


@pytest.mark.parametrize("option", [("--host", "0.0.0.0"), ("--allow-host", NAME)])
def test_without_any_token_it_does_not_start(
    own_root: Path, environment: Mapping[str, str], option: tuple[str, str]
) -> None:
    server = served(own_root, environment, *option, starts=False)
    assert server.line_with("kb: ") == (
        "kb: others could reach it, so tokens are needed, and there are none; make one: `kb token new`"
    )
    assert server.stop_by_itself() == 2


@pytest.mark.parametrize("name", ["https://kb.example.org", "kb.example.org:443", "KB.example.org", "*", ""])
def test_what_is_no_name_of_a_host_is_refused(root: Path, environment: Mapping[str, str], name: str) -> None:
    server = served(root, environment, "--allow-host", name, starts=False)
    assert "a name such as kb.example.org" in server.line_with("kb: ")
    assert server.stop_by_itself() == 2
