"""Any Markdown, its headings, and its plain texts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from ingest.markdown.blocks import Lines, outline
from ingest.markdown.plain import plain_blocks


def headings(text: str) -> list[tuple[int, str, Lines]]:
    return [(heading.level, heading.title, heading.lines) for heading in outline(text).headings]


MARKDOWN_BITS = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "### ",
            "===",
            "---",
            "```",
            "~~~",
            "> ",
            "- ",
            "1. ",
            "    ",
            "\t",
            "|",
            "|-|",
            "<div>",
            "<!--",
        ),
        *("-->", "</div>", "*", "**", "_", "`", "[", "](", ")", "![", "<http://x>", "&amp;", "\\", "\n", "\n", "\n\n"),
        *("word", "two words", "Impact", "é", "結論", "\u2028", "\f", "\x00", "title: T", "...", "[a]: /b"),
    ]
)
MARKDOWN = st.lists(MARKDOWN_BITS, max_size=40).map("".join) | st.text(max_size=80)


def texts(text: str, known_headings: Sequence[str] = ()) -> list[str]:
    return [block.text for block in plain_blocks(text, known_headings)]
