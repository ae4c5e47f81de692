"""Converts Markdown to HTML that is safe to show: of markup, only what the Markdown itself means.

HTML in the Markdown counts as elsewhere in kb: its text is shown, comments and scripts are not. What is left passes a
sanitizer as a second wall.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.markdown.dialects import without_attributes
from ingest.markdown.markup import breaks, closed_in, seen_lines, seen_of
from ingest.markdown.plain import MAX_NESTING, plain_inline
from kb.pages.footnotes import LABELS, number_of, with_footnotes

_BLOCKS = ("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th")
_BARE = "sub", "sup", "kbd", "b", "i", "em", "strong", "code", "mark", "small", "s", "u", "del", "ins"
"""Elements that are kept where they are written in HTML without attributes."""
_TAGS = {*_BLOCKS, *_BARE, "a", "br", "hr", "div", "img", "ol", "ul", "pre", "span", "table", "thead", "tbody", "tr"}
_ATTRIBUTES: Mapping[str, set[str]] = {
    **{tag: {"id", "dir"} for tag in (*_BLOCKS, "pre", "ul", "ol", "table")},
    "a": {"href", "id", "rel", "dir"},
    "code": {"id"},
    "img": {"src", "alt", "loading"},
    "ol": {"id", "start"},
    "span": {"id"},
    "sup": {"id"},
    "div": {"id", "class", "tabindex"},
}
_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BARE_TAG = re.compile(rf"</?(?:{'|'.join(_BARE)})>", re.IGNORECASE)
_NO_WORD = re.compile(r"[^\w]+")
_LONGEST_ANCHOR = 60
_OUTSIDE = "noopener noreferrer nofollow"
_OPEN = ("paragraph_open", "list_item_open", "blockquote_open", "td_open", "th_open")
"""Blocks whose direction of writing is that of their own text."""
_COUNTED = ("paragraph_open", "list_item_open", "blockquote_open", "table_open", "fence", "code_block", "html_block")
"""Blocks that can be linked to by their first line; a heading says its line by an element of its own."""


class Anchor(NamedTuple):
    """A heading that can be linked to."""

    level: int
    """2 to 6: level 1 is the title of the page."""
    title: str
    id: str
    line: int
    """From 1."""


class Places(NamedTuple):
    """Where the links of a lesson lead; each function returns an address, or None if there is none to link to."""

    lesson: Callable[[str], str | None]
    """Of what a wikilink or a relative link names, as written, percent-encoded."""
    picture: Callable[[str], str | None]
    """Of a picture beside the lesson, as written, percent-encoded."""


NOWHERE = Places(lambda _: None, lambda _: None)


class Rendered(NamedTuple):
    """A text as HTML."""

    html: str
    anchors: tuple[Anchor, ...]


def rendered(text: str, places: Places = NOWHERE, *, title: str = "") -> Rendered:
    """Return a text as HTML, in which `#L7` names what begins on line 7, and each heading has a name of its own.

    `text` is without front matter and without what readers do not see, by empty lines, so that its lines are those of
    the file. A first heading that repeats the `title` of the page is left out.
    """
    environment: dict[str, Any] = {}
    tokens = _without_title(_parser().parse(text, environment), title)
    anchors = tuple(_anchors(tokens))
    names = {anchor.id for anchor in anchors}
    _mark(tokens)
    for token in tokens:
        if token.children:
            token.children = [*_safe(token.children, places, names)]
    raw = str(_parser().renderer.render(tokens, _parser().options, environment))
    return Rendered(
        nh3.clean(raw, tags=_TAGS, attributes={**_ATTRIBUTES}, url_schemes={*_SCHEMES}, link_rel=None), anchors
    )


@cache
def _parser() -> MarkdownIt:
    parser = with_footnotes(MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "html": True}))
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("html_block", _html_block)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


def _html_block(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    shown = "".join(f'<p dir="auto">{html.escape(line)}</p>' for line in seen_lines(tokens[index].content))
    return f"<div{_id(tokens[index])}>{shown}</div>\n" if shown else ""


def _table_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    # A wide table scrolls by itself, also with the keyboard.
    return f'<div class="wide" tabindex="0"{_id(tokens[index])}><table>\n'


def _id(token: Token) -> str:
    name = token.attrGet("id")
    return f' id="{name}"' if name else ""


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    if len(tokens) > 2 and tokens[0].type == "heading_open" and _title_of(tokens[1]) == " ".join(title.split()):
        return tokens[3:]
    return tokens


def _title_of(inline: Token) -> str:
    return plain_inline(without_attributes(inline.content))


def _anchors(tokens: Sequence[Token]) -> Iterator[Anchor]:
    """Yield the headings outside quotes and lists; name each, and write the names into the tokens."""
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = max(int(token.tag[1:]), 2)
        token.tag = f"h{level}"
        if token.nesting < 0 or token.level or token.map is None:
            continue
        title = _title_of(tokens[place + 1])
        name = _free(anchor_of(title), taken)
        taken.add(name)
        token.attrSet("id", name)
        if tokens[place + 1].content != (content := without_attributes(tokens[place + 1].content)):
            tokens[place + 1].children = _parser().parseInline(content)[0].children
        tokens[place + 1].children = [
            _ours(f'<span id="L{token.map[0] + 1}"></span>'),
            *(tokens[place + 1].children or ()),
        ]
        yield Anchor(level, title, name, token.map[0] + 1)


def anchor_of(title: str) -> str:
    """Return the name by which a heading is linked to; a second heading of the same title has a number behind it."""
    return f"s-{_NO_WORD.sub('-', title.casefold()).strip('-')[:_LONGEST_ANCHOR]}"


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other heading has."""
    names = (f"{name}-{number}" if number > 1 else name for number in count(1))
    return next(free for free in names if free not in taken)


def _ours(markup: str) -> Token:
    return Token("html_inline", "", 0, content=markup, meta={"ours": True})


def _mark(tokens: Sequence[Token]) -> None:
    """Give each block the number of its line, and the direction of its own script; and notes their numbers."""
    lines: set[int] = set()
    note = 0
    for token in tokens:
        if token.type in _OPEN or token.type == "heading_open":
            token.attrSet("dir", "auto")
        if token.type in _COUNTED and token.map is not None and token.map[0] not in lines:
            lines.add(token.map[0])
            if not token.attrGet("id"):
                token.attrSet("id", f"L{token.map[0] + 1}")
        if token.type == "inline" and note:
            token.children = [_ours(f'<sup id="{LABELS}{note}">{note}</sup> '), *(token.children or ())]
        note = number_of(token) or (0 if token.type == "inline" else note)


def _safe(tokens: Sequence[Token], places: Places, anchors: set[str]) -> Iterator[Token]:
    """Yield inline tokens with links that lead somewhere, and HTML as what a reader sees of it."""
    markup = [token.content for token in tokens if token.type == "html_inline"]
    closed, paired = closed_in("".join(markup)), _paired(markup)
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            address = _address(token, places, anchors)
            open_links.append(bool(address))
            if address:
                yield _link(address)
        elif token.type == "link_close":
            if open_links.pop():
                yield token
        elif token.type == "image":
            yield from _picture(token, places)
        elif token.type == "html_inline" and not token.meta.get("ours"):
            yield from _seen(token, closed, paired)
        else:
            yield token


def _paired(markup: Sequence[str]) -> set[str]:
    """Return the names of the bare tags of a paragraph that are opened as often as they are closed."""
    counts = Counter(tag.lower() for tag in markup if _BARE_TAG.fullmatch(tag))
    return {name for name in _BARE if counts[f"<{name}>"] == counts[f"</{name}>"]}


def _seen(token: Token, closed: set[str], paired: set[str]) -> Iterator[Token]:
    if _BARE_TAG.fullmatch(token.content) and token.content.strip("</>").lower() in paired:
        yield token
    elif breaks(token.content):
        yield Token("hardbreak", "br", 0)
    elif shown := html.unescape(seen_of(token.content, closed)):
        yield Token("text", "", 0, content=shown)


def _address(token: Token, places: Places, anchors: set[str]) -> str | None:
    if "wikilink" in token.meta:
        return places.lesson(str(token.meta["wikilink"]))
    target = str(token.attrGet("href") or "")
    if scheme := _SCHEME.match(target):
        return target if scheme[1].lower() in _SCHEMES else None
    if target.startswith("#"):
        name = anchor_of(unquote(target[1:]))
        return f"#{name}" if name in anchors or (name := target[1:]).startswith(LABELS) else None
    return None if target.startswith(("/", "\\", "?")) else places.lesson(target)


def _link(address: str) -> Token:
    attributes: dict[str, str | int | float] = {"href": address}
    if _SCHEME.match(address):
        attributes["rel"] = _OUTSIDE
    return Token("link_open", "a", 1, attrs=attributes)


def _picture(token: Token, places: Places) -> Iterator[Token]:
    """Yield a picture of the library; of one from elsewhere, which is never fetched, its text as a link."""
    source = str(token.attrGet("src") or "")
    shown = " ".join("".join(child.content for child in token.children or ()).split())
    scheme = _SCHEME.match(source)
    here = None if scheme or source.startswith(("/", "\\")) else places.picture(source)
    if here:
        alternative = f'alt="{html.escape(shown)}" loading="lazy"'
        yield Token("html_inline", "", 0, content=f'<img src="{html.escape(here)}" {alternative}>')
        return
    text = Token("text", "", 0, content=f"[picture: {shown or 'without a description'}]")
    if scheme and scheme[1].lower() in ("http", "https"):
        yield from (_link(source), text, Token("link_close", "a", -1))
    else:
        yield text
