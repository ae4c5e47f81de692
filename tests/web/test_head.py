"""The heads of answers: any bytes are either understood or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.system.web.head import BadAnswer, Head, parse_head

ROWS = st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([b"HTTP/1.1 302 x", b"Location: /a", b":", b"\r"])))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", Head(200)),
        (b"HTTP/1.0 404 \n\n", Head(404)),
        (b"HTTP/1.1 410\r\n\r\n", Head(410)),
        (b"HTTP/1.1 301 Moved\r\nlocation:/a \r\nLOCATION: /b\r\n\r\n", Head(301, "/a")),
        (b"HTTP/1.1 302 \xff\r\nX-Location: /a\r\nLocation: /caf\xc3\xa9\r\n\r\n", Head(302, "/caf\u00e9")),
    ],
)
def test_a_head(raw: bytes, expected: Head) -> None:
    assert parse_head(raw) == expected


@pytest.mark.parametrize("status", [b"HTTP/1.1 99 x", b"HTTP/1.1 600 x", b"HTTP/1.1  200", b"HTTP/3 200", b"200", b""])
def test_no_head(status: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_head(status + b"\r\n\r\n")


@given(ROWS)
def test_any_bytes(rows: list[bytes]) -> None:
    try:
        head = parse_head(b"\n".join(rows))
    except BadAnswer:
        return
    assert 100 <= head.status <= 599
