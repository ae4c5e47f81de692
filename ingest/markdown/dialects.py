"""Markdown syntax beyond CommonMark: `[[wikilinks]]`, footnotes, callouts, attributes of headings."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

_WIKILINK = re.compile(r"!?\[\[(?P<target>[^\[\]|\n]{1,500})(?:\|(?P<text>[^\[\]\n]{1,500}))?\]\](?![(\[])")
_MARKER = re.compile(r"\[\^(?P<label>[^\[\]\s]{1,100})\]|\\?\[![A-Za-z][\w-]{0,30}\\?\][+-]?[ \t]*")
"""The marker of a footnote in the text, or of a callout at its beginning."""
_FOOTNOTE = re.compile(r"\[\^(?P<label>[^\[\]\s]{1,100})\]:[ \t]*")
_SHORT = re.compile(r"\d+|[^\W\d_]|[*\u2020\u2021]")
"""Labels that mark a footnote even if its text is missing; others do not, such as the one in `[^abc]*`."""
_TOLD = "footnotes told"
"""Key in the parser's environment: the labels of the footnotes whose text was found."""
_HEADING_WITH_ODD_BLANK = re.compile(r"^( {0,3}#{1,6})[\u00a0\u2000-\u200a\u202f\u3000]", re.MULTILINE)
"""A heading with a special blank after `#`, which some keyboards and word processors write."""
_ATTRIBUTES = re.compile(r"\{:?\s*+[#.][^{}]{0,200}\}")


def with_dialects(parser: MarkdownIt) -> MarkdownIt:
    """Add the rules for this syntax to a parser, and return it."""
    parser.core.ruler.after("normalize", "odd_blank", _odd_blank)
    parser.inline.ruler.before("link", "wikilink", _wikilink)
    parser.inline.ruler.before("link", "marker", _marker)
    parser.block.ruler.before("reference", "footnote", _footnote)
    return parser


def without_attributes(heading: str) -> str:
    """Return a heading without the attributes at its end: `Problem {#problem .wide}` → `Problem`."""
    title = heading.rstrip()
    start = title.rfind("{") if title.endswith("}") else -1
    return title[:start].rstrip() if start >= 0 and _ATTRIBUTES.fullmatch(title, start) else heading


def has_odd_blank(row: str) -> bool:
    """Return whether a line is no heading to other programs, because the blank after `#` is not a plain one."""
    return bool(_HEADING_WITH_ODD_BLANK.match(row))


def _odd_blank(state: StateCore) -> None:
    """A core rule: a special blank after `#` becomes a plain one."""
    state.src = _HEADING_WITH_ODD_BLANK.sub(r"\1 ", state.src)


def _wikilink(state: StateInline, silent: bool) -> bool:
    """An inline rule: a wikilink, `[[lesson]]` or `[[lesson#heading|shown text]]`."""
    found = _WIKILINK.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("link_open", "a", 1).meta = {"wikilink": found["target"].strip()}
        state.push("text", "", 0).content = (found["text"] or found["target"]).strip()
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def _marker(state: StateInline, silent: bool) -> bool:
    """An inline rule: the marker of a footnote or callout is removed from the text."""
    if state.src[state.pos] not in "[\\":
        return False
    found = _MARKER.match(state.src, state.pos)
    if not found or ("!" in found.group()[:3] and state.src[: state.pos].strip()):
        return False
    label = found["label"]
    if label and not _SHORT.fullmatch(label) and label not in state.env.get(_TOLD, ()):
        return False
    state.pos = found.end()
    return True


def _footnote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: the text of a footnote is a paragraph, not a link definition."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    found = _FOOTNOTE.match(state.src, start, state.eMarks[start_line])
    if found and not silent:
        state.env.setdefault(_TOLD, set()).add(found["label"])
    if found and not silent and found.end() < state.eMarks[start_line]:
        state.bMarks[start_line] = found.end()
        state.tShift[start_line] = 0
    return False
