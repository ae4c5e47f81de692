"""Whether a text in the place of a secret is one."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter

_MARKS = re.compile(r"^[$%]|\$[{(]|[<>{}…]|\*{3}|\.{3}|xxx|yyyy|0000|1234|abcd", re.IGNORECASE)
_WORDS = re.compile(
    r"change[_-]?me|example|placeholder|dummy|sample|fake|redacted|your|insert|replace|todo|test|secret|password|passwd"
    r"|token|foo|bar|none|null|true|false|default|hidden|removed|demo",
    re.IGNORECASE,
)
_WORDS_ALONE = re.compile(r"[A-Za-z]+(?:[-_./:][A-Za-z]+)*\d{0,2}")
# A point in time, a version, an amount with its unit, a digest.
_NO_SECRET = re.compile(
    r"\d{4}-\d\d-\d\d[T_ ][\d:.]+(?:Z|[+-][\d:]+)?|v?\d+(?:\.\d+)+(?:[-+.][\w.+-]*)?"
    r"|[\d.,:+-]+[A-Za-z%°/]{1,5}|sha\d+[:~-].*",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"EXAMPLE|[Ee]xample|[Yy](?:our|OUR)[-_]|(\w)\1{5}|1234567|abcdefg|ABCDEFG|qwerty|[-_]here\b|placeholder|redacted"
    # the subject of the web token that jwt.io and most of the libraries show
    r"|eyJzdWIiOiIxMjM0NTY3ODkw"
)
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
_WORD_OR_NUMBER = re.compile(r"(?:[A-Z]?[a-z]{0,20}|[A-Z]{1,20})\d{0,4}|\d+")
_MIN_LENGTH = 8
_MIN_VARIETY = 6
_MIN_RANDOM = 8
_MIN_ENTROPY = 3.0
"""Bits for each character: that of eight different ones, each as frequent as the others."""


def is_random(token: str) -> bool:
    """Return whether a token is as a machine makes it: no sample, no words joined together, of many characters."""
    parts = [part for part in _SEPARATOR.split(token) if not _WORD_OR_NUMBER.fullmatch(part)]
    return sum(map(len, parts)) >= _MIN_RANDOM and _entropy(token) >= _MIN_ENTROPY and not _EXAMPLE.search(token)


def is_key(text: str) -> bool:
    """Return whether the base64 below a key's label may be one."""
    return len(set(text)) >= _MIN_VARIETY and not _EXAMPLE.search(text)


def _entropy(text: str) -> float:
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


def _is_placeholder(text: str) -> bool:
    return bool(_MARKS.search(text) or _WORDS.search(text)) or len(set(text)) < _MIN_VARIETY


def looks_real(value: str) -> bool:
    """Return whether a text that is called a password may be one: long enough, of mixed characters, and no words."""
    return (
        len(value) >= _MIN_LENGTH
        and any(character.isdigit() for character in value)
        and any(character.isalpha() for character in value)
        and not _WORDS_ALONE.fullmatch(value)
        and not _NO_SECRET.fullmatch(value)
        and not _is_placeholder(value)
        and not ((inner := _decoded(value)) and not looks_real(inner))
    )


def looks_told(value: str) -> bool:
    """Return whether a text may be a password of which it is said where it stood: that may be short, and a word."""
    is_mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return is_mixed and not _NO_SECRET.fullmatch(value) and not _is_placeholder(value)


def _decoded(value: str) -> str:
    """Return the text that is written in base64, as Kubernetes wants its secrets; empty if it is none."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii").strip()
    except ValueError:
        return ""
    return text if text.isprintable() else ""
