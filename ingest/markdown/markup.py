"""Converts HTML inside a Markdown text to the text that a reader of the page sees."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator

from ingest.markdown.unseen import without_unseen_html

_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul)(?![\w-])(?:[^<>]*+>|[^<>\n]*+(?:(?=<)|$))",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_TAG = re.compile(r"</?(?P<name>[a-z][\w.:-]*+)(?P<attributes>[^<>]*+)>|<(?:\?|!(?!--))[^<>]*+>", re.IGNORECASE)
"""A tag or declaration, not a comment: comments are removed before, and one never closed is text."""
_ATTRIBUTE = re.compile(
    r"(?<![\w?&;#/])(?:alt|title|caption|label|summary|description|placeholder|heading|header|subtitle|text|content"
    r"|tooltip|message)\s?=\s?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))",
    re.IGNORECASE,
)
"""Attributes with a text for readers, of HTML elements and MDX components."""
_VALUE = re.compile(r"\svalue\s?=\s?", re.IGNORECASE)
"""The value of a form field, which is shown; for other elements it is for programs."""
_LETTER = re.compile(r"[^\W\d_]")
_PROPERTY = re.compile(rf"{_ATTRIBUTE.pattern}|=\s?\{{?\s?(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
"""Attributes of an MDX component, whose names are unknown: any value of more than one word counts as text."""
_COMPONENT = re.compile(r"[A-Z]+[a-z]\w*|\w+[.:][\w.:-]+")
_CUSTOM = re.compile(r"[a-z]\w*(?:-\w+)+", re.ASCII)
"""The name of a web component, which needs a closing tag; without one it is a placeholder, as in `<backup-id>`."""
_CLOSING = re.compile(r"</([A-Za-z][\w-]*)")
_CHARACTER_DATA = re.compile(r"<!\[CDATA\[((?:(?!\]\]>).)*+)\]\]>", re.DOTALL)
# Current and former elements of HTML, and those of SVG that contain text. Other lower-case names are placeholders.
_NAMES = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button
canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins
kbd label legend li link main map mark marquee math menu meta meter nav nobr noframes noscript object ol optgroup option
output p param picture pre progress q rp rt ruby s samp script search section select slot small source span strike
strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
svg g defs text tspan path
"""
_ELEMENTS = frozenset(_NAMES.split())


def seen_lines(markup: str) -> list[str]:
    """Return the lines of text that a browser would show, without tags, comments, scripts and styles."""
    seen = _without_marks_of_data(without_unseen_html(markup))
    text, closed = _BREAK.sub("\n\n", _CELL.sub("; ", _with_attributes(seen))), closed_in(seen)
    paragraphs = html.unescape(_TAG.sub(lambda found: _without_markup(found, closed), text)).split("\n\n")
    return [line for paragraph in paragraphs if (line := " ".join(paragraph.split()))]


def closed_in(markup: str) -> set[str]:
    """Return the names of the elements that have a closing tag."""
    return set(_CLOSING.findall(markup))


def seen_of(tag: str, closed: Collection[str]) -> str:
    """Return the text that a reader sees of one tag: its attributes with text, or all of it if it is not a real tag.

    `closed` has the names of the elements with a closing tag in the same text.
    """
    seen = _without_marks_of_data(without_unseen_html(tag))
    return _TAG.sub(lambda found: _set_apart(_attributes(found)) or _without_markup(found, closed), seen)


def breaks(tag: str) -> bool:
    """Return whether a browser begins a new line after a tag."""
    return bool(_BREAK.fullmatch(tag))


def _with_attributes(markup: str) -> str:
    """Insert after each tag the texts of its attributes."""
    return _TAG.sub(lambda found: f"{found.group()} {_attributes(found)}", markup) if "=" in markup else markup


def _set_apart(text: str) -> str:
    return f" {text} " if text else ""


def _without_marks_of_data(markup: str) -> str:
    """Replace CDATA sections by their escaped text; Confluence stores code in them."""
    if "<![CDATA[" not in markup:
        return markup
    end = markup.rfind("]]>") + len("]]>")  # after it, each opening would be searched to the end of the text
    return _CHARACTER_DATA.sub(lambda found: html.escape(found[1], quote=False), markup[:end]) + markup[end:]


def _attributes(found: re.Match[str]) -> str:
    name, attributes = found["name"] or "", found["attributes"] or ""
    if name.lower() == "input":
        attributes = _VALUE.sub(" label=", attributes)
    is_component = name[:1].isupper() and name.lower() not in _ELEMENTS
    return "; ".join(text for text in _values(attributes, is_component=is_component) if _LETTER.search(text))


def _values(attributes: str, *, is_component: bool) -> Iterator[str]:
    for found in (_PROPERTY if is_component else _ATTRIBUTE).finditer(attributes):
        value = found[found.lastindex or 0]
        if (found.lastindex or 0) <= _ATTRIBUTE.groups or " " in value:
            yield value


def _without_markup(found: re.Match[str], closed: Collection[str]) -> str:
    """Return an empty text for a real tag; all of it if it only looks like one: `a <count and b> c`, `<your name>`."""
    name, attributes = found["name"], found["attributes"] or ""
    is_markup = not name or name.lower() in _ELEMENTS or "=" in attributes or bool(_COMPONENT.fullmatch(name))
    return "" if is_markup or (name in closed and _CUSTOM.fullmatch(name)) else html.escape(found.group())
