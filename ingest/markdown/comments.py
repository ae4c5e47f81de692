"""Comments in Markdown that are addressed to kb (`<!-- kb: ... -->`); `unseen` handles all others."""

from __future__ import annotations

import re

_BEGINS = re.compile(r"\s*<!--\s*kb:")
_FOR_KB = re.compile(rf"{_BEGINS.pattern}(?:(?!-->).)*+-->\s*", re.DOTALL)


def end_of_comments(text: str) -> int:
    """Return the offset after the last `-->`; 0 if there is none.

    After it no comment can end, so a pattern for comments would scan to the end of the text from each `<!--`.
    """
    return text.rfind("-->") + len("-->") if "-->" in text else 0


def begins_for_kb(row: str) -> bool:
    """Return whether a row begins with a comment for kb."""
    return bool(_BEGINS.match(row))


def is_for_kb(block: str) -> bool:
    """Return whether a block is exactly one `<!-- kb: ... -->`: a prompt of a template, or an allowance."""
    return block.count("<!--") == 1 and bool(_FOR_KB.fullmatch(block))
