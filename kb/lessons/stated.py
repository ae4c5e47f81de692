"""Recognises placeholders such as `tbd` or `not stated`, which are not answers."""

from __future__ import annotations

import re

_NOT_STATED = (
    r"not (?:yet )?(?:stated|known|given|available|applicable|named|specified|disclosed)|unknown|unnamed|unspecified"
)
_PLACEHOLDER = re.compile(
    rf"(?:{_NOT_STATED}|n\.?/?a|t\.?b\.?[acd]|to ?do|to be (?:announced|confirmed|decided|determined|done|written)"
    r"|none|nobody|fixme|x{2,})?",
    re.IGNORECASE,
)
_LONGEST_PLACEHOLDER = 40
_AROUND = " \n\t.,;:?!()[]{}<>*_-\u2013\u2014\u2026#|`\"'"
_WITHHELD = re.compile(rf"\b(?:{_NOT_STATED})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[@\d]|://")
_NOT_MEASURED = r"not (?:yet )?(?:measured|recorded|reported|quantified)|none|n\.?/?a"
_UNMEASURED = re.compile(
    r"\bnot (?:yet )?(?:measured|recorded|reported|quantified)\b"
    r"|\b(?:no|none|nothing|nobody|neither)\b.{0,80}\b(?:is|are|was|were|has been|have been)"
    r" (?:yet )?(?:stated|named|given|known|measured|recorded|reported|quantified)\b",
    re.IGNORECASE,
)
_BEGINS_WITHHELD = re.compile(rf"(?:{_NOT_STATED}|{_NOT_MEASURED})\s*(?:[;:,.(\u2013\u2014-]|\Z)", re.IGNORECASE)
_ENDS_WITHHELD = re.compile(r"\bnot (?:yet )?(?:stated|given|named|specified|disclosed)\W*\Z", re.IGNORECASE)
_REMARK = re.compile(
    rf"\s*\([^()]{{0,200}}\b(?:{_NOT_STATED})\b[^()]{{0,200}}\)"
    rf"|\s*[;,]\s[^;,()]{{0,200}}\b(?:{_NOT_STATED})\s*(?=[;,.]|\Z)",
    re.IGNORECASE,
)


def is_answer(text: str) -> bool:
    """Return whether a text is not empty and not a placeholder such as `tbd`, `n/a`, `?` or `not stated`."""
    if len(text) > _LONGEST_PLACEHOLDER:
        text = text.strip()
    return len(text) > _LONGEST_PLACEHOLDER or not _PLACEHOLDER.fullmatch(" ".join(text.strip(_AROUND).split()))


def is_contact(text: str) -> bool:
    """Return whether a text names a way to reach somebody; `authors of the source; address not stated` does not."""
    return is_answer(text) and (bool(_ADDRESS.search(text)) or not _WITHHELD.search(text))


def says_something(sentence: str) -> bool:
    """Return whether a sentence is an answer, and does not state that something is unknown or not measured."""
    return is_answer(sentence) and not _BEGINS_WITHHELD.match(sentence) and not _ENDS_WITHHELD.search(sentence)


def withholds(sentence: str) -> bool:
    """Return whether a sentence states anywhere that something is unknown or not measured."""
    return bool(_WITHHELD.search(sentence) or _UNMEASURED.search(sentence))


def stated(text: str) -> str:
    """Return a text without remarks that something is unknown; empty if nothing else is left.

    `authors of the source; address not stated` → `authors of the source`; `not stated (a manufacturer)` → empty.
    """
    written = _REMARK.sub("", text).strip()
    return written if is_answer(written) and not _BEGINS_WITHHELD.match(written) else ""
