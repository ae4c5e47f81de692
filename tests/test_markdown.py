"""Markdown → headings and blocks, with their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from ingest.markdown.blocks import Heading, Lines, outline
from ingest.markdown.plain import plain_blocks, plain_inline
from tests.any_markdown import MARKDOWN, headings
from tests.examples import examples


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("# A\n## B\n###### C\n", [(1, "A", (0, 1)), (2, "B", (1, 2)), (6, "C", (2, 3))]),
        ("# A #\n## B ##   \n", [(1, "A", (0, 1)), (2, "B", (1, 2))]),
        ("   # A\n", [(1, "A", (0, 1))]),
        ("#\n##\n", [(1, "", (0, 1)), (2, "", (1, 2))]),
        ("#A\n####### B\n    # C\n\\# D\n", []),
        ("A\n===\n\nB\n---\n", [(1, "A", (0, 2)), (2, "B", (3, 5))]),
        ("two\nlines\n  ====  \n", [(1, "two lines", (0, 3))]),
        ("text\n# A\ntext\n# B", [(1, "A", (1, 2)), (1, "B", (3, 4))]),
        ("# **Bold** [link](x) `code` &amp; \\*\n", [(1, "Bold link code & *", (0, 1))]),
        ("\n\n# A\n", [(1, "A", (2, 3))]),
    ],
)
def test_atx_and_setext_headings_are_found_with_their_lines(text: str, found: list[tuple[int, str, Lines]]) -> None:
    assert headings(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "> # A\n> B\n> ===\n",
        "- # A\n- B\n  ---\n",
        "1. # A\n",
        "> - # A\n",
        "```\n# A\n```\n",
        "~~~md\n# A\n~~~\n",
        "````\n```\n# A\n```\n````\n",
        "    # A\n",
        "<div>\n# A\n</div>\n",
        "<!--\n# A\n\n# B\n-->\n",
        "<pre>\n# A\n\n# B\n</pre>\n",
        "| # A |\n|-----|\n| # B |\n",
        "text\n===x\n",
        "---\n",
        "a | b\n--- | ---\n",
        "[a]: # 'x'\n",
    ],
)
def test_what_looks_like_a_heading_inside_something_else_is_none(text: str) -> None:
    after = text.count("\n") + 1
    assert headings(f"{text}\n# After\n") == [(1, "After", (after, after + 1))]


@pytest.mark.parametrize("text", ["```\n# A\n\n# B\n", "<!--\n# A\n\n# B\n"])
def test_what_is_never_closed_runs_to_the_end(text: str) -> None:
    assert headings(text) == []
    assert outline(text).blocks == ((0, 4),)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("one\ntwo\n\nthree\n", ((0, 2), (3, 4))),
        ("# A\ntext\n", ((1, 2),)),
        ("- a\n- b\n\n  c\n\ntext\n", ((0, 4), (5, 6))),
        ("> a\nlazy\n\ntext\n", ((0, 2), (3, 4))),
        ("| a |\n|---|\n| b |\n\ntext\n", ((0, 3), (4, 5))),
        ("text\n| a |\n|---|\n| b |\n", ((0, 1), (1, 4))),
        ("```\na\n\nb\n```\ntext\n", ((0, 5), (5, 6))),
        ("    code\n\n    code\n\ntext\n", ((0, 3), (4, 5))),
        ("<div>\na\n</div>\n\ntext\n", ((0, 3), (4, 5))),
        ("a\n\n---\n\nb\n", ((0, 1), (2, 3), (4, 5))),
    ],
)
def test_blocks_are_found_in_order_with_their_lines(text: str, blocks: tuple[Lines, ...]) -> None:
    found = outline(text).blocks
    rows = text.split("\n")
    # Whether a block takes the blank lines below it in is the parser's affair.
    assert [start for start, _ in found] == [start for start, _ in blocks]
    assert [last_line(rows, lines) for lines in found] == [end for _, end in blocks]


def last_line(rows: Sequence[str], lines: Lines) -> int:
    start, end = lines
    while end > start + 1 and not rows[end - 1].strip():
        end -= 1
    return end


def test_a_rule_in_the_first_line_is_a_block() -> None:
    found = outline("---\ntext\n\n---\n# A\n")
    assert found.blocks == ((0, 1), (1, 2), (3, 4))
    assert found.headings == (Heading(1, "A", (4, 5)),)


DEEP = [
    "> " * 5000,
    ">" * 5000,
    "- " * 5000,
    "1. " * 5000,
    "> - " * 3000,
    "\n".join("  " * level + "- x" for level in range(500)),
    "\n".join("> " * level + "x" for level in range(500)),
    "[" * 5000,
    "*a **b " * 3000,
    "x " + "`" * 5000,
    "<div>" * 3000,
    "![" * 3000,
    "|" * 3000 + "\n" + "|-" * 3000,
]


@pytest.mark.slow
@pytest.mark.parametrize("deep", DEEP, ids=lambda deep: f"{deep[:12]}…")
def test_thousands_of_levels_crash_nothing_and_lose_no_word(deep: str) -> None:
    text = f"# Before\n\n{deep}x\n\nThe last words.\n"
    assert headings(text)[0] == (1, "Before", (0, 1))
    assert outline(text).blocks[-1][1] >= text.count("\n")
    assert headings(f"# {deep.splitlines()[-1]} x\n\n# After\n")[-1][1] == "After"
    plain_blocks(text)
    plain_inline(deep)


@pytest.mark.parametrize(
    "deep",
    [
        *(deep for deep in DEEP if not re.match(r"- |1\. |> - ", deep)),
        "\n".join("  " * level + "- x" for level in range(15)),
        "- " * 15,
    ],
    ids=lambda deep: f"{deep[:12]}…",
)
def test_deep_nesting_hides_no_heading_below(deep: str) -> None:
    found = headings(f"# Before\n\n{deep}x\n\n<!-- -->\n\n# After\n")
    assert [title for _, title, _ in found] == ["Before", "After"]


@given(text=MARKDOWN)
@settings(deadline=None, max_examples=examples(200))
def test_the_parts_of_any_text_stand_in_order_without_overlap_and_inside_it(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.split("\n")
    found = outline(text)
    ranges = sorted([*found.blocks, *(heading.lines for heading in found.headings)])
    assert [heading.lines for heading in found.headings] == sorted(heading.lines for heading in found.headings)
    assert list(found.blocks) == sorted(found.blocks)
    edge = 0
    for start, end in ranges:
        assert edge <= start < end <= len(rows)
        edge = end
    for heading in found.headings:
        assert 1 <= heading.level <= 6
        assert heading.title == " ".join(heading.title.split())
