"""Praise of a result in prose: `dramatically reduced`, `a striking success`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_GREAT = (
    *("dramatic", "drastic", "enormous", "huge", "massive", "tremendous", "spectacular", "remarkable", "striking"),
    *("outstanding", "incredible", "amazing", "phenomenal", "impressive", "unprecedented", "significant"),
    *("substantial", "considerable", "immense", "vast", "radical", "great"),
)
# Results, not general statements: past forms and nouns.
_BETTER = (
    r"improved|improvements?|better|faster|cheaper|quicker|reduced|reductions?|decreased|increased|saved|savings?|cut"
    r"|gains?|gained|success(?:es|ful|fully)?|benefits?|benefited|benefitted|boosted|dropped|fell|rose|grew|growth|achievements?"
)
_PRAISE = re.compile(
    rf"\b(?:(?:{'|'.join(_GREAT)})(?:al)?(?:ly)?(?:\s\w+)??\s(?:{_BETTER})"
    rf"|(?:{_BETTER})(?:\s\w+)??\s(?:{'|'.join(_GREAT)})(?:al)?ly"
    r"|best\sever|(?:most|hugely|wildly|extremely|highly)\ssuccessful|overwhelming\ssuccess|beyond\sall\sexpectations)\b",
    re.IGNORECASE,
)
# Every praise contains one of these, and searching them first is fast.
_SIGNS = (*_GREAT, "best", "successful", "overwhelming", "expectations")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_LONGEST_SENTENCE = 1000
"""How many characters are searched for a sentence's start and end, because a text may have none."""
_WISHED = re.compile(
    r"\b(?:will|would|could|should|shall|may|might|must|can|if|not|never|nor|no|goal|hope|hoped|expected|planned)\b"
    r"|\bto\s(?:enable|achieve|reach|get|provide|make|demonstrate)\b",
    re.IGNORECASE,
)


def praise_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each praise of a result, in sentences with neither a number nor a wish."""
    lowered = text.lower()
    if any(sign in lowered for sign in _SIGNS):
        for found in _PRAISE.finditer(text):
            start, end = _sentence(text, found.start())
            has_number = any(sign.isdigit() for sign in text[start:end])
            if not has_number and not _WISHED.search(text, start, found.end()):
                yield found.span()


def _sentence(text: str, position: int) -> tuple[int, int]:
    first = max(position - _LONGEST_SENTENCE, 0)
    start = max((end.end() for end in _SENTENCE_END.finditer(text, first, position)), default=first)
    last = position + _LONGEST_SENTENCE
    following = _SENTENCE_END.search(text, position, last)
    return start, following.start() if following else min(last, len(text))
