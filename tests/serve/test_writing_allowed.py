"""Only who may write does: no page of another site, no token that only reads; a form is sent once and is ours."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kb.access.token import Role, Token
from kb.access.tokens import Tokens
from kb.serve.writing.permission import Permissions
from tests.serve.servers import Answer, Server, library, served
from tests.serve.test_writing import ledger, reuse

NAME = "kb.example.org"
NOW = datetime.now(UTC)
FORM = "application/x-www-form-urlencoded"
TYPED = {"outcome": "helped", "where": "Depot West", "note": "at once", "saved": ""}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("written") / "base")


@pytest.fixture(scope="module")
def tokens(root: Path, environment: Mapping[str, str]) -> Iterator[Callable[[str, str], str]]:
    """Makes tokens of a name and role."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", environment["XDG_STATE_HOME"])
        made = Tokens(root)
        made.new("first", "read", NOW, days=1)
        yield lambda name, role: str(made.new(name, role, NOW, days=1))


@pytest.fixture(scope="module")
def server(root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    found = served(root, environment, "--allow-write")
    yield found
    assert found.stop() == 0
    assert [line for line in found.log if "traceback" in line] == []


@pytest.fixture(scope="module")
def guarded(root: Path, environment: Mapping[str, str], tokens: object, server: Server) -> Iterator[Server]:
    found = served(root, {**environment, "XDG_RUNTIME_DIR": "/nowhere"}, "--allow-write", "--allow-host", NAME)
    yield found
    assert found.stop() == 0


def send(server: Server, typed: Mapping[str, str], lesson: str = "labels", **headers: str) -> Answer:
    return server.ask(f"/lessons/{lesson}/used", urlencode(typed).encode(), **{"Content_Type": FORM, **headers})


def token_in(answer: Answer) -> str:
    return unescape(re.findall(r'name="token" value="([^"]+)"', answer.text)[0])


def fresh(server: Server, **headers: str) -> str:
    """Return the token of a form: a page that refuses what was typed has a new one."""
    return token_in(send(server, {}, **headers))


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": ""}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Content_Type": "text/plain"}, False),
        ({"Content_Type": FORM}, False),
        ({"Content_Type": "multipart/form-data; boundary=x"}, False),
        ({"Content_Type": "application/json; charset=utf-8"}, True),
        ({"Content_Type": "text/plain; application/json"}, False),
        ({"Host": "evil.example"}, False),
    ],
    ids=str,
)
def test_no_page_of_another_site_writes(server: Server, root: Path, headers: dict[str, str], *, allowed: bool) -> None:
    before = len(ledger(root))
    answer = reuse(server, **{"in": "Depot"}) if not headers else post_with(server, headers)
    assert answer.status == 201 if allowed else answer.status in (403, 415, 421), answer
    assert len(ledger(root)) - before == allowed


def post_with(server: Server, headers: dict[str, str]) -> Answer:
    body = b'{"in": "Depot", "outcome": "helped"}'
    return server.ask("/api/lessons/labels/reuse", body, "POST", **{"Content_Type": "application/json", **headers})


def test_a_page_at_another_port_of_this_machine_is_another_site(server: Server) -> None:
    own = {"Origin": f"http://127.0.0.1:{server.port}"}
    other = {"Origin": f"http://127.0.0.1:{server.port + 1}"}
    assert [post_with(server, headers).status for headers in (own, other)] == [201, 403]
    assert server.ask("/api/search?q=parcels", None, "GET", **other).status == 200, "which may read"


def test_a_form_is_recorded_and_leads_back_to_the_lesson(server: Server, root: Path) -> None:
    before = len(ledger(root))
    answer = send(server, TYPED | {"token": fresh(server)})
    assert (answer.status, answer.headers["location"], answer.body) == (303, "/lessons/labels#used-by", b"")
    assert len(ledger(root)) == before + 1
    assert ledger(root)[-1]["in"] == "Depot West"


def test_a_form_that_is_sent_twice_is_recorded_once(server: Server, root: Path) -> None:
    before, typed = len(ledger(root)), TYPED | {"token": fresh(server)}
    assert [send(server, typed).status for _ in range(3)] == [303, 303, 303]
    assert len(ledger(root)) == before + 1
    other = send(server, typed | {"where": "Depot East"})
    assert (other.status, token_in(other) != typed["token"]) == (422, True)
    assert len(ledger(root)) == before + 1


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "x" * 5000, "\u00e9.\u00e9", "\ud800"])
def test_a_form_that_this_server_has_not_made_is_refused(server: Server, root: Path, token: str) -> None:
    before = len(ledger(root))
    body = urlencode(TYPED | {"token": token}, errors="surrogatepass").encode()
    answer = server.ask("/lessons/labels/used", body, Content_Type=FORM)
    assert answer.status in (400, 403), answer
    assert len(ledger(root)) == before


def test_of_a_token_both_parts_count(server: Server, root: Path) -> None:
    before, (made, _, signature) = len(ledger(root)), fresh(server).partition(".")
    for token in (f"{made}x.{signature}", f"{made}.{signature[:-1]}", f"{made}.{signature.upper()}", signature):
        assert send(server, TYPED | {"token": token}).status == 403
    assert len(ledger(root)) == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": ""}, "say whether it helped"),
        ({"outcome": "<b>"}, "say whether it helped"),
        ({"where": "  "}, "say where it was used"),
        ({"saved": "much"}, "is no amount with a unit"),
        ({"note": "x" * 1001}, "a text has 1,001 characters"),
    ],
)
def test_an_error_keeps_what_was_typed(server: Server, root: Path, changed: dict[str, str], said: str) -> None:
    before, typed = len(ledger(root)), TYPED | changed | {"token": fresh(server)}
    answer = send(server, typed)
    assert (answer.status, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert said in unescape(answer.text)
    for name in ("where", "note", "saved"):
        assert f'name="{name}"' in answer.text
        assert f'value="{typed[name]}"' in answer.text
    assert ('value="helped" required checked' in answer.text) == (typed["outcome"] == "helped")
    assert token_in(answer) != typed["token"]
    assert len(ledger(root)) == before


def test_what_was_typed_is_text_on_the_page(server: Server) -> None:
    evil = '"><script>alert(1)</script>\u202e'
    answer = send(server, {"where": evil, "note": evil, "saved": evil, "outcome": evil}, lesson="%22%3E%3Cscript%3E")
    assert "<script" not in answer.text
    assert "\u202e" not in answer.text
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_a_browser_may_say_where_a_form_comes_from(server: Server) -> None:
    """Under `no-referrer` it would send `Origin: null`, as for a page of another site."""
    answer = send(server, {})
    assert answer.headers["referrer-policy"] == "same-origin"
    assert '<meta name="referrer" content="same-origin">' in answer.text


@pytest.mark.parametrize("lesson", ["//evil.example", "%0d%0aSet-Cookie:%20a=b", "..%2f..%2f", "nobody"])
def test_only_a_lesson_is_led_back_to(server: Server, lesson: str) -> None:
    answer = send(server, TYPED | {"token": fresh(server)}, lesson=lesson)
    assert answer.status == 404
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"outcome=a&outcome=b", b"unknown=1", b"a" * 1_000_001, b"note=%ff", b"&" * 5000])
def test_a_form_that_is_none_is_refused_in_words(server: Server, body: bytes) -> None:
    answer = server.ask("/lessons/labels/used", body, Content_Type=FORM)
    assert answer.status in (400, 403, 413, 422)
    assert "Not recorded" in answer.text


def test_a_form_from_another_site_is_refused_whatever_its_token(server: Server, root: Path) -> None:
    before, typed = len(ledger(root)), TYPED | {"token": fresh(server)}
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert send(server, typed, **headers).status == 403
    assert send(server, typed, Content_Type="text/plain").status == 415
    assert len(ledger(root)) == before


def bearer(token: str) -> dict[str, str]:
    return {"Host": NAME, "Authorization": f"Bearer {token}"}


def test_only_a_token_that_writes_does_and_its_name_is_recorded(
    guarded: Server, root: Path, tokens: Callable[[str, str], str]
) -> None:
    before = len(ledger(root))
    reads, writes = bearer(tokens("Reader", "read")), bearer(tokens("Wiki", "write"))
    refused = post_with(guarded, reads)
    assert (refused.status, "this token only reads" in refused.json["detail"]) == (403, True)
    assert post_with(guarded, {"Host": NAME}).status == 401
    form = send(guarded, TYPED, **reads)
    assert (form.status, "this token only reads" in form.text, "<form" in form.text) == (403, True, False)
    assert len(ledger(root)) == before
    assert post_with(guarded, writes).json["by"] == "Wiki"
    assert ledger(root)[-1]["by"] == "Wiki"


def test_the_author_of_a_draft_is_the_name_of_the_token(
    guarded: Server, root: Path, tokens: Callable[[str, str], str]
) -> None:
    headers = bearer(tokens("Wiki", "write"))
    made = guarded.ask("/api/drafts", b'{"title": "Rain"}', Content_Type="application/json", **headers).json
    text = (root / made["path"]).read_text()
    assert "name: Wiki\n" in text
    assert "contact" not in text


def test_a_form_is_for_the_token_for_which_it_was_made(guarded: Server, tokens: Callable[[str, str], str]) -> None:
    mine, others = tokens("mine", "write"), tokens("others", "write")
    log_in = {"Host": NAME, "Authorization": "Basic " + base64.b64encode(f"ann:{mine}".encode()).decode()}
    made = fresh(guarded, **bearer(others))
    assert send(guarded, TYPED | {"token": made}, **log_in).status == 403
    assert send(guarded, TYPED | {"token": fresh(guarded, **log_in)}, **log_in).status == 303


def test_a_key_of_one_token_is_not_that_of_another(guarded: Server, tokens: Callable[[str, str], str]) -> None:
    for name in ("one", "two"):
        headers = bearer(tokens(name, "write")) | {"Idempotency_Key": "the same"}
        assert post_with(guarded, headers).status == 201


def test_a_page_learns_whether_its_reader_may_write(tokens: Callable[[str, str], str]) -> None:
    assert not Permissions(writes=False).of({}).is_given
    one, other = Permissions(writes=True), Permissions(writes=True)
    made = one.of({}).form_token
    assert (one.has_made(made, {}), other.has_made(made, {})) == (True, False)
    assert one.of({}).form_token != made, "each form is sent once"
    reader = {"state": {"token": Token("1", "", Role.READ, "", NOW, NOW)}}
    assert one.of(reader).form_token == ""
