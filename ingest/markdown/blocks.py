"""A Markdown text → where its headings and blocks stand, by line; `plain` has what they say."""

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
    """Where the parts of a text stand."""

    headings: tuple[Heading, ...]
    blocks: tuple[Lines, ...]
    """Everything else at the top level: paragraphs, lists, tables, fences, in order; but no comments for kb."""
    leaves: Leaves
    """Where inline text and HTML stand, at any level."""


@cache
def _block_parser() -> MarkdownIt:
    # Blocks are all that lines and headings need; inline parsing would be most of the time.
    parser = with_dialects(MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table"))
    parser.core.ruler.enableOnly(["normalize", "odd_blank", "block"])
    return parser


def outline(text: str) -> Outline:
    """Find headings and blocks. `text` has `\\n` line ends and no front matter; any text is valid Markdown."""
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
    """Return what stands in the `[[wikilinks]]` of a text, before any `|`; in code there are none."""
    return {
        str(child.meta["wikilink"])
        for token in inline_parser().parse(text)
        for child in token.children or ()
        if "wikilink" in child.meta
    }


def targets(text: str) -> set[str]:
    """Return where links, images and link definitions lead, percent-encoded; in code there are none."""
    definitions: dict[str, Any] = {}
    found = {
        str(child.attrGet("href") or child.attrGet("src") or "")
        for token in inline_parser().parse(text, definitions)
        for child in token.children or ()
    }
    return found | {str(definition["href"]) for definition in definitions.get("references", {}).values()}
