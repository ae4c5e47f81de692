"""Footnotes of a page: the marker in the text links to the note."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ingest.markdown.dialects import with_dialects

LABELS = "fn-"
"""What the name of each note begins with."""
_MARKER = re.compile(r"\[\^(?P<label>[^\[\]\s]{1,100})\](?!:)")
_NOTE = re.compile(r"\[\^(?P<label>[^\[\]\s]{1,100})\]:[ \t]*(?=\S)")
_NOTES = "footnotes of the page"
"""Key in the parser's environment: the number of each note, by its label."""


def with_footnotes(parser: MarkdownIt) -> MarkdownIt:
    """Add the syntax beyond CommonMark to a parser, with links between footnotes, and return it."""
    with_dialects(parser)
    parser.inline.ruler.before("marker", "footnote link", _marker)
    parser.block.ruler.before("footnote", "footnote target", _note)
    return parser


def _marker(state: StateInline, silent: bool) -> bool:
    """An inline rule: the marker of a note that is there becomes a raised link."""
    found = _MARKER.match(state.src, state.pos)
    notes = state.env.get(_NOTES, {})
    if not found or found["label"] not in notes:
        return False
    if not silent:
        number = notes[found["label"]]
        _push_number(state, f"#{LABELS}{number}", number)
    state.pos = found.end()
    return True


def _push_number(state: StateInline, address: str, number: int) -> None:
    state.push("sup_open", "sup", 1)
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = str(number)
    state.push("link_close", "a", -1)
    state.push("sup_close", "sup", -1)


def _note(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: before the text of a note, the target of its links; the text itself is another rule's."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    found = _NOTE.match(state.src, start, state.eMarks[start_line])
    notes = state.env.setdefault(_NOTES, {})
    if found and not silent and found["label"] not in notes:
        notes[found["label"]] = number = len(notes) + 1
        token = state.push("html_block", "", 0)
        token.content, token.meta = "", {"note": number}
    return False


def number_of(token: Token) -> int | None:
    """Return the number of the note before whose text a token stands; None for any other token."""
    return token.meta.get("note")
