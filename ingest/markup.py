"""HTML inside a Markdown text → what a reader of the page sees of it."""

from __future__ import annotations

import html
import re

# What is never closed goes to the end, as in a browser; so nothing is read twice.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*(?:\Z|>.*?(?:</\1\s*>|\Z))", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul)\b[^<>]*(?:>|(?=<)|\Z)",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*>", re.IGNORECASE)


def seen_lines(markup: str) -> list[str]:
    """Return the lines of text that a browser would set apart; tags, comments, scripts and styles are none."""
    text = _BREAK.sub("\n\n", _CELL.sub("; ", _UNSEEN.sub("", markup)))
    paragraphs = html.unescape(_TAG.sub("", text)).split("\n\n")
    return [line for paragraph in paragraphs if (line := " ".join(paragraph.split()))]


def breaks(tag: str) -> bool:
    """Return whether what stands behind a tag begins a new line."""
    return bool(_BREAK.fullmatch(tag))
