"""Comments in Markdown: those for any reader of the source, and those that are between a writer and kb."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PROMPT = re.compile(r"<!--\s*kb:.*?-->", re.DOTALL)


def without_comments(text: str) -> str:
    """Return a Markdown text without its comments, which no reader of the page sees."""
    return _COMMENT.sub("", text) if "<!--" in text else text


def without_prompts(text: str) -> str:
    """Return a Markdown text without its comments for kb: else an empty draft would answer what its prompts ask."""
    return _PROMPT.sub("", text) if "<!--" in text else text


def is_for_kb(block: str) -> bool:
    """Say whether a block is nothing but one `<!-- kb: ... -->`: a prompt of a template, or something allowed."""
    return block.count("<!--") == 1 and not without_prompts(block).strip()
