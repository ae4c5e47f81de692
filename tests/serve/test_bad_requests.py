"""What is wrong with a request comes back as problem details (RFC 9457); nothing is read that is no lesson."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.serve.servers import PATHS, PATIENCE, Server, received, status_of

MOST_BYTES = 1_000_000


def problem(server: Server, path: str, body: bytes | None = None, method: str = "", **headers: str) -> tuple[int, str]:
    """Return status and detail of a refusal."""
    answer = server.ask(path, body, method, **headers)
    assert answer.headers["content-type"] == "application/problem+json", answer
    found = answer.json
    assert found.keys() == {"type", "title", "status", "detail"}
    assert (found["status"], found["type"]) == (answer.status, "about:blank")
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status, found["detail"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("search?q=a&unknown=1", 422, "unknown"),
        ("search?q=a&q=b", 422, "q: given more than once; give it once"),
        ("search?q=a&limit=many", 422, "limit: expected `int | null`"),
        ("search?q=a&limit=0", 422, "limit: expected `int` >= 1"),
        ("search?q=a&limit=99999999999999999999", 422, "limit"),
        ("search?q=a&mode=magic", 422, "mode: invalid enum value"),
        ("search?q=a&kind=magic", 422, "kind"),
        ("search?q=a&all=perhaps", 422, "all"),
        ("search?q=a&since=yesteryear", 422, "'yesteryear' is not a date"),
        ("search?q=a&where=nonsense", 422, "where"),
        ("search?q=a" + "&tag=a" * 21, 422, "tag: expected `array` of length <= 20"),
        ("search?q=a" + "&tag=a" * 101, 422, "more than 100 parameters"),
        ("search?q=a&tag=" + "x" * 1001, 422, "tag"),
        ("search", 422, "query"),
        ("search?q=%20", 422, "query"),
        ("search?q=%ff", 400, "not UTF-8"),
        ("search?q=%ed%a0%80", 400, "not UTF-8"),
        ("brief?q=a&all=1", 422, "all"),
        ("who", 422, "query"),
        ("similar", 422, "id"),
        ("similar?id=", 404, "no lesson"),
        ("similar?id=nobody", 404, "no lesson with the id 'nobody'"),
        ("lessons/nobody", 404, "no lesson with the id 'nobody'"),
        ("lessons/labels?section=method", 404, "labels has no section of the kind method"),
        ("lessons/labels?section=magic", 422, "section"),
        ("lessons/labels?line=0", 422, "line"),
        ("lessons/labels?line=5&section=tool", 404, "two ways"),
        ("impact?by=magic", 422, "by"),
        ("status?q=1", 422, "q"),
        ("map?conditions=%22", 422, ""),
        ("nothing", 404, "Not Found"),
        ("search/", 404, "Not Found"),
        ("lessons/", 404, "no lesson"),
    ],
)
def test_what_is_wrong_is_named(server: Server, path: str, status: int, said: str) -> None:
    got, detail = problem(server, f"/api/{path}")
    assert got == status, detail
    assert said in detail


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"parcels", 400, "the body is not JSON"),
        (b"{", 400, "the body is not JSON"),
        (b'{"q": "\xff"}', 400, "the body is not JSON"),
        (b'{"q": "\\ud800"}', 400, "the body is not JSON"),
        (b'{"q": NaN}', 422, "q"),
        (b"[" * 100_000, 400, "the body is not JSON"),
        (b'{"q":' * 10_000, 400, "the body is not JSON"),
        (b'{"q": ' + b"9" * 5000 + b"}", 400, "the body is not JSON"),
        (b'{"q": "a", "q": "b"}', 422, "more than once"),
        (b'{"q": "a", "unknown": 1}', 422, "unknown"),
        (b'{"q": 1}', 422, "q: expected `str`, got `int`"),
        (b'{"q": "a", "limit": "1"}', 422, "limit"),
        (b'{"q": "a", "limit": true}', 422, "limit"),
        (b'{"q": "a", "tag": "sales"}', 422, "tag"),
        (b'{"q": "a", "tag": [["sales"]]}', 422, "tag[0]"),
        (b"[]", 422, "expected `object`"),
        (b"null", 422, "expected `object`"),
        (json.dumps({"q": "x " * 100_001}).encode(), 422, "q: expected `str` of length <= 200000"),
        (b" " * MOST_BYTES + b"{}", 413, "longer than 1,000,000 bytes"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_wrong_with_a_body_is_named(server: Server, body: bytes, status: int, said: str) -> None:
    got, detail = problem(server, "/api/search", body)
    assert got == status, detail
    assert said in detail


def test_who_sends_too_much_is_told_so_once_all_is_sent(server: Server) -> None:
    """An answer before that may be lost, because the connection breaks while the client still sends."""
    head = b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (3 * MOST_BYTES)
    with server.connect() as connection:
        connection.sendall(head + b" " * 2 * MOST_BYTES)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE)
        connection.sendall(b" " * MOST_BYTES)
        assert status_of(received(connection)) == 413


def test_parameters_are_given_once(server: Server) -> None:
    assert problem(server, "/api/search?q=a", b'{"q": "a"}') == (
        422,
        "parameters are in the address or in the body; choose one",
    )


@pytest.mark.parametrize("text", ["a%00b", "%00", "a%0Ab", "%E2%80%AEx", "%F3%A0%81%81", "a%1b%5b31m"])
@pytest.mark.parametrize(
    "path", ["search?q=", "brief?q=", "who?q=", "similar?id=", "lessons/", "search?q=a&tag=", "map?conditions="]
)
def test_control_characters_are_answered_as_any_others(server: Server, path: str, text: str) -> None:
    answer = server.ask(f"/api/{path}{text}")
    assert answer.status in (200, 404, 422), answer
    assert answer.text.replace("\n", "").isprintable()


def test_a_body_that_comes_in_pieces_has_the_same_limit(server: Server) -> None:
    head = b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    assert status_of(server.send(head, *[piece] * (MOST_BYTES // 0x1000 + 1))) == 413


def test_a_length_that_is_too_much_is_refused_before_the_body_comes(server: Server) -> None:
    lines = ("POST /api/search HTTP/1.1", "Host: localhost", "Content-Length: 99999999999", "Expect: 100-continue")
    assert status_of(server.raw(*lines)) == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_only_methods_that_read_are_allowed(server: Server, method: str) -> None:
    for path in PATHS:
        status, _ = problem(server, f"/api/{path}", method=method)
        assert status == 405
    assert problem(server, "/healthz", b"", "POST")[0] == 405
    assert {*server.ask("/api/status", method=method).headers["allow"].split(", ")} == {"GET", "HEAD", "POST"}


SECRET = "correct horse battery staple"


@pytest.fixture
def secret(root: Path, tmp_path: Path) -> str:
    """A file outside of the library, and one inside that is no lesson."""
    (tmp_path / "secret.md").write_text(f"# Secret\n\n{SECRET}\n")
    (root / "secret.md").write_text(f"# Secret\n\n{SECRET}\n")
    return str(tmp_path / "secret.md")


def test_no_name_reads_a_file_that_is_no_lesson_or_says_that_it_is_there(
    server: Server, root: Path, secret: str
) -> None:
    there = [secret, "secret.md", str(root / "secret.md"), "kb.toml", "../secret.md", "lessons/../secret.md"]
    there += ["/etc/passwd", "etc/passwd", "/", ".", "..", str(root), "file:///etc/passwd", "~/x.md", f"{secret}:1"]
    there += [str(root / "lessons" / "labels.md"), "./lessons/labels.md", "lessons/./labels.md", "lessons//labels.md"]
    for name in there:
        for text in (name, name.replace("/", "%2f").replace(".", "%2e"), f"{name}%00", f"{name}%00.md", name + "x"):
            for path in (f"/api/similar?id={text}", f"/api/lessons/{text}"):
                status, detail = problem(server, path)
                assert status == 404
                assert SECRET not in detail
                assert detail.startswith("no lesson with the id "), detail


@pytest.mark.parametrize(
    "target",
    ["/../etc/passwd", "/api/../../etc/passwd", "//etc/passwd", "/api/lessons/..%2f..%2fetc%2fpasswd", "/%2e%2e/"],
)
def test_no_target_leaves_the_api(server: Server, target: str) -> None:
    answer = server.raw(f"GET {target} HTTP/1.1", "Host: localhost")
    assert status_of(answer) == 404
    assert b"root:" not in answer


def test_nothing_in_a_request_becomes_a_header_or_a_line_of_the_log(server: Server) -> None:
    text = "x%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a%7B%22status%22:%20999%7D"
    for path in (
        f"/api/lessons/{text}",
        f"/api/search?q={text}",
        f"/{text}",
        f"/api/search?{text}=1",
        f"/api/map?by={text}",
    ):
        answer = server.ask(path, referer=text, user_agent=text, if_none_match=text, x_forwarded_for="1.2.3.4")
        assert "set-cookie" not in answer.headers
    server.ask("/healthz")
    assert not [line for line in server.lines if "Cookie" in line or '"status": 999' in line or "1.2.3.4" in line]
    assert all(line.startswith(("{", "kb: ")) for line in server.lines)


def test_the_command_line_is_not_for_the_network(server: Server, root: Path) -> None:
    assert problem(server, "/command", b"{}") == (404, "there is nothing here")
    assert problem(server, "/command")[0] == 405
