"""Converts Markdown to the plain text that a reader sees, without markup and comments."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import cache
from itertools import zip_longest
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from ingest.markdown.dialects import with_dialects, without_attributes
from ingest.markdown.markup import breaks, closed_in, seen_lines, seen_of
from ingest.markdown.readable import headed

# Deeper nesting than any author writes; without a limit, nested quotes and lists would make parsing very slow.
MAX_NESTING = 40
_LONGEST_LINE = 10_000
# Characters. A table row of up to this length is one text; a longer one is split into one text per cell.
_LONGEST_ROW = 240
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_CODE_TITLE = re.compile(r"""\b(?:title|caption|file|filename|name)=(?:"([^"]+)"|'([^']+)'|([^\s"'{}]+))""")
_DIRECTIVE = re.compile(r"\s*\{(?:code-block|code-cell|code|sourcecode)\}\s*\S*|\s*\{[^{}\s]+\}(?=\s*\S)")
"""A directive of MyST. Its title follows it; after a directive for code, the language follows and is skipped."""
_LANGUAGE = re.compile(r"\s*\{?[^\s:]*+:?")
_MARKS_OF_BLOCKS = re.compile(r"(?:[>\s]|[-*+]\s|\d+[.)]\s)*+")
_BEFORE_A_ROW = " \t>"
"""Characters before a table row; `>` if the table is quoted."""


_NAMED = re.compile(r"\[([^\[\]]{1,999})\]")
_DEFINES = re.compile(r"^[\s>]*\[([^\[\]]+)\]:\s*")


class Form(Enum):
    """The type of a block."""

    PROSE = auto()
    LINK = auto()
    """Only links or pictures."""
    ROW = auto()
    """A table row: `header: value; header: value`."""
    CODE = auto()
    HEADING = auto()


class Block(NamedTuple):
    """A paragraph, list item, table row or line of code, as plain text on one line."""

    text: str
    form: Form = Form.PROSE
    heading: str = ""
    """The nearest heading above it."""


@cache
def inline_parser() -> MarkdownIt:
    return with_dialects(MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"]))


@cache
def _block_parser() -> MarkdownIt:
    # Most blocks have no inline markup; inline parsing of all would take most of the time.
    parser = with_dialects(MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table"))
    parser.core.ruler.enableOnly(["normalize", "odd_blank", "block"])
    return parser


def plain_inline(text: str) -> str:
    """Return one line of Markdown without markup: `**Bold** [link](url)` → `Bold link`.

    A line longer than any author writes stays unparsed: parsing time grows with the square of its marks.
    """
    return _on_one_line(_inline(text, {}))


def plain_heading(text: str) -> str:
    """Return a heading without markup and without attributes such as `{#anchor}`."""
    return plain_inline(without_attributes(text))


def plain_blocks(text: str, known_headings: Collection[str] = ()) -> list[Block]:
    """Return the blocks of a passage; a heading is put before the text of its first block.

    Headings in `known_headings` are left out. A heading without a block, before another heading, is a block itself.
    """
    plain: list[Block] = []
    heading = shown = ""
    for block in _blocks(text):
        if block.form is Form.HEADING:
            if shown:
                plain.append(Block(shown, Form.HEADING, shown))
            heading, shown = block.text, "" if block.text in known_headings else block.text
        else:
            plain.append(Block(headed(shown, block.text), block.form, heading))
            shown = ""
    return [*plain, Block(shown, Form.HEADING, shown)] if shown else plain


def _blocks(text: str) -> Iterator[Block]:
    definitions: dict[str, Any] = {}
    header: list[str] = []
    cells: list[str] = []
    beyond: Sequence[str] = ()
    opening = ""
    rows = text.split("\n")
    for token in _with_given_up(_block_parser().parse(text, definitions), rows):
        if token.type == "inline" and opening in ("th_open", "td_open"):
            cells.append(_on_one_line(_inline(token.content, definitions)))
        elif token.type == "thead_close":
            header, cells = cells, []
        elif token.type == "tr_open" and header and token.map:
            beyond = _cells_beyond(rows[token.map[0]], len(header))
        elif token.type == "tr_close" and header:
            cells += (_on_one_line(_inline(cell, definitions)) for cell in beyond)
            yield from (Block(row, Form.ROW) for row in _rows(header, cells))
            cells = []
        elif token.type == "table_close":
            if opening == "thead_close" and any(header):
                yield Block("; ".join(filter(None, header)), Form.ROW)
            header, beyond = [], ()
        elif token.type == "inline":
            is_heading = opening == "heading_open"
            content = without_attributes(token.content) if is_heading else token.content
            yield from _paragraph(_inline(content, definitions), is_heading=is_heading)
        else:
            yield from _verbatim(token)
        opening = token.type
    yield from (Block(definition, Form.LINK) for definition in _unused(definitions.get("references", {}), text, rows))


def _unused(references: Mapping[str, Any], text: str, rows: Sequence[str]) -> Iterator[str]:
    """Yield the link definitions that no link uses: some authors write their references like this."""
    if not references:
        return
    named = Counter(map(normalizeReference, _NAMED.findall(text)))
    for name, reference in references.items():
        if named[name] > 1:
            continue
        if reference["href"] in ("", "#"):  # `[//]: # (a comment)`
            yield from filter(None, [reference["title"]])
        else:
            shown = " ".join(" ".join(rows[slice(*reference["map"])]).split())
            yield _DEFINES.sub(r"\1: ", shown)


def _with_given_up(tokens: Sequence[Token], rows: Sequence[str]) -> Iterator[Token]:
    """Yield the tokens, and the lines of quotes and items that the parser left out because they are nested too deep."""
    for token, following in zip_longest(tokens, tokens[1:]):
        yield token
        if token.level >= MAX_NESTING - 1 and token.nesting > 0 > following.nesting and token.map:
            lines = (_MARKS_OF_BLOCKS.sub("", row, count=1) for row in rows[slice(*token.map)])
            yield from (Token("inline", "", 0, content=line) for line in lines)


def _inline(text: str, definitions: dict[str, Any]) -> Sequence[Token]:
    if len(text) > _LONGEST_LINE or not any(mark in text for mark in "*_`[]<&\\~"):
        return [Token("text", "", 0, content=text)]
    return inline_parser().parseInline(text, definitions)[0].children or ()


def _paragraph(tokens: Sequence[Token], *, is_heading: bool) -> Iterator[Block]:
    if text := _on_one_line(tokens):
        yield Block(text, Form.HEADING if is_heading else Form.LINK if _is_linked(tokens) else Form.PROSE)


def _verbatim(token: Token) -> Iterator[Block]:
    if token.type in ("fence", "code_block"):
        shown = [_title_of_code(token.info), *token.content.splitlines()]
        lines = (" ".join(line.split()) for line in shown)
        yield from (Block(line, Form.CODE) for line in lines if line)
    elif token.type == "html_block":
        yield from map(Block, seen_lines(token.content))


def _title_of_code(info: str) -> str:
    """Return the title after the language of a fence, or the value of `title="x.py"`; empty if there is none."""
    if titled := _CODE_TITLE.search(info):
        return titled[1] or titled[2] or titled[3]
    directive = _DIRECTIVE.match(info)
    words = (info[directive.end() :] if directive else _LANGUAGE.sub("", info, count=1)).split()
    shown = " ".join(word for word in words if "=" not in word and word[0] not in ".#{").strip(",}")
    return shown if any(map(str.isalpha, shown)) else ""


def _cells_beyond(row: str, columns: int) -> list[str]:
    """Return the cells of a row beyond the columns of its table; renderers drop them, but their author wrote them."""
    if row.count("|") <= columns:
        return []
    shown = row.lstrip(_BEFORE_A_ROW).rstrip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in _CELL_ENDS.split(shown)[columns:]]


def _rows(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return a table row as text, each cell with its header; several texts if the row is long."""
    shown = [headed(name, cell) for name, cell in zip_longest(header, cells, fillvalue="") if cell]
    whole = "; ".join(shown)
    if len(whole) <= _LONGEST_ROW:
        return [whole]
    return [f"{shown[0]}; {cell}" for cell in shown[1:]] if len(shown[0]) <= _LONGEST_ROW / 3 else shown


def _is_linked(tokens: Sequence[Token]) -> bool:
    """Return whether the tokens are only links or pictures."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if not inside and token.type in ("text", "code_inline") and any(sign.isalnum() for sign in token.content):
            return False
    return any(token.type in ("link_open", "image") for token in tokens)


def _on_one_line(tokens: Sequence[Token]) -> str:
    return " ".join("".join(_inline_texts(tokens)).split())


def _inline_texts(tokens: Sequence[Token]) -> Iterator[str]:
    titles: list[str] = []
    closed = closed_in("".join(token.content for token in tokens if token.type == "html_inline"))
    for token in tokens:
        if token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and breaks(token.content)):
            yield " "
        elif token.type == "html_inline":
            yield html.unescape(seen_of(token.content, closed))
        elif token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type == "link_open":
            titles.append(_in_parentheses(token))
        elif token.type == "link_close":
            yield titles.pop()
        elif token.type == "image":
            yield from _inline_texts(token.children or ())
            yield _in_parentheses(token)


def _in_parentheses(token: Token) -> str:
    """Return the title of a link or picture in parentheses; pages show it when a reader points at it."""
    title = str(token.attrGet("title") or "").strip()
    return f" ({title})" if title else ""
