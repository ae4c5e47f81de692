"""The addresses on the web that a Markdown text names, and those that are only part of code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markdown.addresses import addresses_in

SIGNS = st.sampled_from(["https://a.org", "/x", "(", ")", "[", "]", "<", ">", "`", "*", "_", " ", "\n", "&amp;", "\\"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](https://a.org/x_(y) 'Title')", ["https://a.org/x_(y)"]),
        ("<https://a.org/q?a=1>", ["https://a.org/q?a=1"]),
        ("![picture](http://a.org/p.png)", ["http://a.org/p.png"]),
        ("[x][1] and [1]\n\n[1]: https://a.org/d", ["https://a.org/d"]),
        ("[unused]: https://a.org/d", ["https://a.org/d"]),
        (
            "See https://a.org/a_b_c. And (https://b.org/x), **https://c.org/**; “https://d.org/”!",
            ["https://a.org/a_b_c", "https://b.org/x", "https://c.org/", "https://d.org/"],
        ),
        (
            "https://a.org/wiki/A_(b) in (https://a.org/wiki/A_(c))",
            ["https://a.org/wiki/A_(b)", "https://a.org/wiki/A_(c)"],
        ),
        ("https://a.org/x\\_y and https://a.org/?a=1&amp;b=2", ["https://a.org/x_y", "https://a.org/?a=1&b=2"]),
        ("| a |\n|---|\n| https://a.org/x |", ["https://a.org/x"]),
        ("> - HTTPS://A.org/x", ["HTTPS://A.org/x"]),
        ("[https://a.org/long…](https://a.org/longer)", ["https://a.org/longer"]),
        ('<a href="https://a.org/x">here</a>', ["https://a.org/x"]),
        ("https://a.org/x\nhttps://b.org/x https://a.org/x", ["https://a.org/x", "https://b.org/x"]),
        ("# Heading https://a.org/x", ["https://a.org/x"]),
        ("[x](<https://a.org/a b>)", ["https://a.org/a%20b"]),
    ],
)
def test_addresses(text: str, expected: list[str]) -> None:
    assert addresses_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "http", "`https://a.org/x`", "```\nhttps://a.org/x\n```", "    https://a.org/x", "[x](other.md)"),
        *("mailto:a@a.org", "[x](ftp://a.org)", "xhttps://a.org", "[[https://a.org]]", "https:// a"),
    ],
)
def test_none(text: str) -> None:
    assert addresses_in(text) == []


@given(st.lists(SIGNS).map("".join))
def test_whatever_is_found_is_an_address_and_is_found_once(text: str) -> None:
    found = addresses_in(text)
    assert len(found) == len(set(found))
    assert all(each.startswith("https://a.org") for each in found)
