"""Quoted text, rendered: a reader sees its words, and nothing else happens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.hooks.quoting import quoted

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES: tuple[str, ...]
PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "code_inline", "text_special"}
PIECES = (
    "@octocat",
    "#12",
    "acme/shop#1",
    "<b>",
    "<!--",
    "-->",
    "[x](y)",
    "![x](y)",
    "https://e.example",
    "`",
    "``",
    "*",
)
PIECES += (
    "_",
    "~~",
    "| a |",
    "\n",
    "# ",
    "1. ",
    "- ",
    "> ",
    "\\",
    "&lt;",
    "$x$",
    "é",
    "word",
    "/close",
    "\u202e",
    "===",
)


def kinds(text: str) -> set[str]:
    tokens = RENDERER.parse(quoted(text))
    return {inner.type for token in tokens for inner in (token, *(token.children or ()))}


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
def test_no_text_becomes_markup(text: str) -> None:
    assert kinds(text) <= PLAIN


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map(" ".join))
def test_mentions_references_and_addresses_stand_in_code_only(text: str) -> None:
    tokens = RENDERER.parse(quoted(text))
    shown = "".join(
        inner.content for token in tokens for inner in token.children or () if inner.type in ("text", "text_special")
    )
    assert not re.search(r"@\w|://|#\d|GH-\d", shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain words, 50 % of them (all).", "Plain words, 50 % of them (all)."),
        ("ask @octocat now", "ask `@octocat` now"),
        ("ann@example.org", "`ann@example.org`"),
        ("see https://e.example/a", "see `https://e.example/a`"),
        ("like acme/shop#12", "like `acme/shop#12`"),
        ("two\nlines", "two lines"),
        ("# heading", r"\# heading"),
        ("12. item", r"12\. item"),
        ("/close", r"\/close"),
        ("<b>*x*", r"\<b\>\*x\*"),
        ("snake_case", r"snake\_case"),
        ("turn\u202ed", "turn\ufffdd"),
    ],
)
def test_quoted(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_a_long_text_is_cut_before_it_is_escaped() -> None:
    assert quoted("* " * 1000, 20).count("\\*") == 10
    assert len(quoted("@a " * 100_000)) < 2_500
