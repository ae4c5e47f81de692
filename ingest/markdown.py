"""A Markdown text → where its front matter, headings and blocks stand, by line; `plain` has what they say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from ingest.comments import is_for_kb
from ingest.plain import MAX_NESTING, inline_parser, plain_inline

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

    front_matter: Lines | None
    """The YAML lines without their fences."""
    headings: tuple[Heading, ...]
    blocks: tuple[Lines, ...]
    """Everything else at the top level: paragraphs, lists, tables, fences, in order; but no comments for kb."""


@cache
def _block_parser(*, front_matter: bool) -> MarkdownIt:
    # Blocks are all that lines and headings need; inline parsing would be most of the time.
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    parser.enable("table")
    if front_matter:
        parser.block.ruler.before("table", "front_matter", _front_matter)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _front_matter(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: YAML between two lines of nothing but `---`, the first of them the file's first."""
    if start_line or state.level:
        return False
    rows = state.src.split("\n")
    if rows[0].rstrip() != "---":
        return False
    closing = next((line for line in range(1, len(rows)) if rows[line].rstrip() in ("---", "...")), None)
    if closing is None:
        return False
    if not silent:
        token = state.push("front_matter", "", 0)
        token.map = [0, closing + 1]
        state.line = closing + 1
    return True


def outline(text: str, *, front_matter: bool = True) -> Outline:
    """Find front matter, headings and blocks. `text` has `\\n` line ends; any text is valid Markdown.

    With `front_matter` false a first line of `---` is the thematic break that CommonMark says it is.
    """
    matter: Lines | None = None
    headings: list[Heading] = []
    blocks: list[Lines] = []
    tokens = _block_parser(front_matter=front_matter and text.startswith("---")).parse(text)
    for position, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0:
            continue
        start, end = token.map
        if token.type == "front_matter":
            matter = (start + 1, end - 1)
        elif token.type == "heading_open":
            title = plain_inline(tokens[position + 1].content)
            headings.append(Heading(int(token.tag[1:]), title, (start, end)))
        elif not (token.type == "html_block" and is_for_kb(token.content)):
            blocks.append((start, end))
    return Outline(matter, tuple(headings), tuple(blocks))


def targets(text: str) -> set[str]:
    """Return where links, images and link definitions lead, percent-encoded; in code there are none."""
    definitions: dict[str, Any] = {}
    found = {
        str(child.attrGet("href") or child.attrGet("src") or "")
        for token in inline_parser().parse(text, definitions)
        for child in token.children or ()
    }
    return found | {str(definition["href"]) for definition in definitions.get("references", {}).values()}
