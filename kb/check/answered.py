"""What is an answer, and what only stands in the place of one."""

from __future__ import annotations

import re

_NOT_STATED = r"not (?:yet )?(?:stated|known|given|available|applicable)|unknown"
_PLACEHOLDER = re.compile(
    rf"(?:{_NOT_STATED}|n\.?/?a|t\.?b\.?[acd]|to ?do|to be (?:announced|confirmed|decided|determined|done|written)"
    r"|none|nobody|fixme|x{2,})?",
    re.IGNORECASE,
)
_LONGEST_PLACEHOLDER = 40
_AROUND = " \n\t.,;:?!()[]{}<>*_-\u2013\u2014\u2026#|`\"'"
_WITHHELD = re.compile(rf"\b(?:{_NOT_STATED})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[@\d]|://")


def is_answer(text: str) -> bool:
    """Say whether a text says something: `tbd`, `n/a`, `?`, `not stated` do not."""
    if len(text) > _LONGEST_PLACEHOLDER:
        text = text.strip()
    return len(text) > _LONGEST_PLACEHOLDER or not _PLACEHOLDER.fullmatch(" ".join(text.strip(_AROUND).split()))


def is_contact(text: str) -> bool:
    """Say whether somebody can be reached by a text; `authors of the source; address not stated` does not help."""
    return is_answer(text) and (bool(_ADDRESS.search(text)) or not _WITHHELD.search(text))
