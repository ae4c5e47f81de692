"""Comments in Markdown that are between a writer and kb; `unseen` has those that are for nobody."""

from __future__ import annotations

import re

_BEGINS = re.compile(r"\s*<!--\s*kb:")
_FOR_KB = re.compile(rf"{_BEGINS.pattern}(?:(?!-->).)*+-->\s*", re.DOTALL)


def end_of_comments(text: str) -> int:
    """Return where the last comment ends at the latest, 0 if none ends.

    Beyond, a pattern for comments would read on to the end of the text from each `<!--` anew.
    """
    return text.rfind("-->") + len("-->") if "-->" in text else 0


def begins_for_kb(row: str) -> bool:
    """Say whether a row begins with a comment that is for kb."""
    return bool(_BEGINS.match(row))


def is_for_kb(block: str) -> bool:
    """Say whether a block is nothing but one `<!-- kb: ... -->`: a prompt of a template, or something allowed."""
    return block.count("<!--") == 1 and bool(_FOR_KB.fullmatch(block))
