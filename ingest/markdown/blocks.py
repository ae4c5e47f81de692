"""Finds the lines of the headings and blocks of a Markdown text; `plain` returns their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.markdown.comments import is_for_kb
from ingest.markdown.dialects import with_dialects
from ingest.markdown.plain import MAX_NESTING, inline_parser, plain_heading
from ingest.markdown.unseen import Leaves

Lines = tuple[int, int]
"""A half-open range of 0-based lines of the file."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside quotes and lists."""

    level: int
    title: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Outline:
    """The positions of the parts of a text."""

    headings: tuple[Heading, ...]
    blocks: tuple[Lines, ...]
    """All other top-level blocks in order: paragraphs, lists, tables, fences; without comments for kb."""
    leaves: Leaves
    """Positions of inline text and HTML, at any level."""


@cache
def _block_parser() -> MarkdownIt:
    # Only blocks are needed here; inline parsing would take most of the time.
    parser = with_dialects(MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table"))
    parser.core.ruler.enableOnly(["normalize", "odd_blank", "block"])
    return parser


def outline(text: str) -> Outline:
    """Return the headings and blocks of a text with `\\n` line ends and no front matter; any text is valid."""
    headings: list[Heading] = []
    blocks: list[Lines] = []
    tokens = _block_parser().parse(text)
    for position, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0:
            continue
        start, end = token.map
        if token.type == "heading_open":
            title = plain_heading(tokens[position + 1].content)
            headings.append(Heading(int(token.tag[1:]), title, (start, end)))
        elif not (token.type == "html_block" and is_for_kb(token.content)):
            blocks.append((start, end))
    return Outline(tuple(headings), tuple(blocks), _leaves(tokens))


def _leaves(tokens: Sequence[Token]) -> Leaves:
    html: list[Lines] = []
    prose: list[Lines] = []
    rows: list[Lines] = []
    for token in tokens:
        lines = (token.map[0], token.map[1]) if token.map else (0, 0)
        if token.type == "html_block":
            html.append(lines)
        elif token.type == "tr_open":
            rows.append(lines)
        elif token.type == "inline" and lines not in rows[-1:]:  # the cells of a row
            prose.append(lines)
    return Leaves(tuple(html), tuple(prose), tuple(rows))


def wikilinks(text: str) -> set[str]:
    """Return the targets of the `[[wikilinks]]` of a text, without the text after `|`; not those in code."""
    return {
        str(child.meta["wikilink"])
        for token in inline_parser().parse(text)
        for child in token.children or ()
        if "wikilink" in child.meta
    }


def targets(text: str) -> set[str]:
    """Return the targets of links, images and link definitions, percent-encoded; not those in code."""
    definitions: dict[str, Any] = {}
    found = {
        str(child.attrGet("href") or child.attrGet("src") or "")
        for token in inline_parser().parse(text, definitions)
        for child in token.children or ()
    }
    return found | {str(definition["href"]) for definition in definitions.get("references", {}).values()}
