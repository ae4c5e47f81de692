"""HTML inside a Markdown text → what a reader of the page sees of it."""

from __future__ import annotations

import html
import re

from ingest.unseen import without_unseen_html

_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul)\b(?:[^<>]*+>|[^<>\n]*+(?:(?=<)|$))",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_TAG = re.compile(r"</?(?P<name>[a-z][\w.:-]*+)(?P<attributes>[^<>]*+)>|<(?:\?|!(?!--))[^<>]*+>", re.IGNORECASE)
"""But no comment: what is left of one was never closed."""
_ATTRIBUTE = re.compile(
    r"\b(?:alt|title|caption|label|summary|description|placeholder)\s?=\s?(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE
)
"""What says something to a reader; of a component of MDX as well."""
_LETTER = re.compile(r"[^\W\d_]")
_COMPONENT = re.compile(r"[A-Z]+[a-z]\w*|\w+[.:-][\w.:-]+")
# HTML's elements, those that it had, and those of SVG that hold a text. Any other in small letters is a placeholder.
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
    """Return the lines of text that a browser would set apart; tags, comments, scripts and styles are none."""
    text = _BREAK.sub("\n\n", _CELL.sub("; ", _told(without_unseen_html(markup))))
    paragraphs = html.unescape(_TAG.sub(_without_markup, text)).split("\n\n")
    return [line for paragraph in paragraphs if (line := " ".join(paragraph.split()))]


def seen_of(tag: str) -> str:
    """Return what a reader sees of one tag: what a picture shows in words, and what only looks like a tag."""
    return _TAG.sub(lambda found: _attributes(found) or _without_markup(found), without_unseen_html(tag))


def breaks(tag: str) -> bool:
    """Return whether what stands behind a tag begins a new line."""
    return bool(_BREAK.fullmatch(tag))


def _told(markup: str) -> str:
    """Put the texts of a tag's attributes behind it."""
    return _TAG.sub(lambda found: f"{found.group()} {_attributes(found)}", markup) if "=" in markup else markup


def _attributes(found: re.Match[str]) -> str:
    said = (one or other for one, other in _ATTRIBUTE.findall(found["attributes"] or ""))
    return "; ".join(text for text in said if _LETTER.search(text))


def _without_markup(found: re.Match[str]) -> str:
    """Return nothing for a tag, and the whole of what only looks like one: `a <count and b> c`, `<your name>`."""
    name, attributes = found["name"], found["attributes"] or ""
    is_markup = not name or name.lower() in _ELEMENTS or "=" in attributes or bool(_COMPONENT.fullmatch(name))
    return "" if is_markup else html.escape(found.group())
