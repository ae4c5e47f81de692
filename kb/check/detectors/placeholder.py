"""Whether a text in the position of a secret may be a real secret, or is a placeholder."""

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
# A date and time, a version, an amount with its unit, a digest.
_NO_SECRET = re.compile(
    r"\d{4}-\d\d-\d\d[T_ ][\d:.]+(?:Z|[+-][\d:]+)?|v?\d+(?:\.\d+)+(?:[-+.][\w.+-]*)?"
    r"|[\d.,:+-]+[A-Za-z%°/]{1,5}|sha\d+[:~-].*",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"EXAMPLE|[Ee]xample|[Yy](?:our|OUR)[-_]|(\w)\1{5}|1234567|abcdefg|ABCDEFG|qwerty|[-_]here\b|placeholder|redacted"
    # the subject claim of the example web token on jwt.io and in most libraries
    r"|eyJzdWIiOiIxMjM0NTY3ODkw"
)
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
_WORD_OR_NUMBER = re.compile(r"(?:[A-Z]?[a-z]{0,20}|[A-Z]{1,20})\d{0,4}|\d+")
_MIN_LENGTH = 8
_MIN_VARIETY = 6
_MIN_RANDOM = 8
_MIN_ENTROPY = 3.0
"""Bits per character: the entropy of eight different, equally frequent characters."""


def is_random(token: str) -> bool:
    """Return whether a token looks random: no example, no joined words, with many different characters."""
    parts = [part for part in _SEPARATOR.split(token) if not _WORD_OR_NUMBER.fullmatch(part)]
    return sum(map(len, parts)) >= _MIN_RANDOM and _entropy(token) >= _MIN_ENTROPY and not _EXAMPLE.search(token)


def is_key(text: str) -> bool:
    """Return whether the base64 text below a key's label may be a real key."""
    return len(set(text)) >= _MIN_VARIETY and not _EXAMPLE.search(text)


def _entropy(text: str) -> float:
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


def _is_placeholder(text: str) -> bool:
    return bool(_MARKS.search(text) or _WORDS.search(text)) or len(set(text)) < _MIN_VARIETY


def looks_real(value: str) -> bool:
    """Return whether a text may be a real password: long enough, with mixed characters, and not made of words."""
    return (
        len(value) >= _MIN_LENGTH
        and any(character.isdigit() for character in value)
        and any(character.isalpha() for character in value)
        and not _WORDS_ALONE.fullmatch(value)
        and not _NO_SECRET.fullmatch(value)
        and not _is_placeholder(value)
        and not ((inner := _decoded(value)) and not looks_real(inner))
    )


def looks_like_password(value: str) -> bool:
    """Return whether a text whose location is described may be a password: that may be short, and a word."""
    is_mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return is_mixed and not _NO_SECRET.fullmatch(value) and not _is_placeholder(value)


def _decoded(value: str) -> str:
    """Return the text encoded in base64, as in Kubernetes secrets; empty if it is not base64."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii").strip()
    except ValueError:
        return ""
    return text if text.isprintable() else ""
