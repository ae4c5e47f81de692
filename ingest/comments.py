"""Comments in Markdown: those for any reader of the source, and those that are between a writer and kb."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PROMPT = re.compile(r"<!--\s*kb:.*?-->", re.DOTALL)


def end_of_comments(text: str) -> int:
    """Return where the last comment ends at the latest, 0 if none ends.

    Beyond, a pattern for comments would read on to the end of the text from each `<!--` anew.
    """
    return text.rfind("-->") + len("-->") if "-->" in text else 0


def without_comments(text: str) -> str:
    """Return a Markdown text without its comments, which no reader of the page sees."""
    return _without(_COMMENT, text)


def without_prompts(text: str) -> str:
    """Return a Markdown text without its comments for kb: else an empty draft would answer what its prompts ask."""
    return _without(_PROMPT, text)


def _without(comment: re.Pattern[str], text: str) -> str:
    end = end_of_comments(text) if "<!--" in text else 0
    return comment.sub("", text[:end]) + text[end:]


def is_for_kb(block: str) -> bool:
    """Say whether a block is nothing but one `<!-- kb: ... -->`: a prompt of a template, or something allowed."""
    return block.count("<!--") == 1 and not without_prompts(block).strip()
