"""Whether a text in the place of a secret is one."""

from __future__ import annotations

import base64
import re

_MARKS = re.compile(r"^[$%]|\$[{(]|[<>{}…]|\*{3}|\.{3}|xxx|yyyy|0000|1234|abcd", re.IGNORECASE)
_WORDS = re.compile(
    r"change[_-]?me|example|placeholder|dummy|sample|fake|redacted|your|insert|replace|todo|test|secret|password|passwd"
    r"|token|foo|bar|none|null|true|false|default|hidden|removed|demo",
    re.IGNORECASE,
)
_WORDS_ALONE = re.compile(r"[A-Za-z]+(?:[-_./:][A-Za-z]+)*\d{0,2}")
_EXAMPLE = re.compile(r"EXAMPLE|[Ee]xample|[Yy]our[-_]|(\w)\1{5}|12345678|abcdefg|ABCDEFG")
_MIN_LENGTH = 8
_MIN_VARIETY = 6


def is_example(token: str) -> bool:
    """Say whether a token is one that documents show; what may stand in a real one by chance is no sign of it."""
    return bool(_EXAMPLE.search(token)) or len(set(token)) < _MIN_VARIETY


def _is_placeholder(text: str) -> bool:
    return bool(_MARKS.search(text) or _WORDS.search(text)) or len(set(text)) < _MIN_VARIETY


def looks_real(value: str) -> bool:
    """Say whether a text that is called a password may be one: long enough, of mixed characters, and no words."""
    return (
        len(value) >= _MIN_LENGTH
        and any(character.isdigit() for character in value)
        and any(character.isalpha() for character in value)
        and not _WORDS_ALONE.fullmatch(value)
        and not _is_placeholder(value)
        and not ((inner := _decoded(value)) and not looks_real(inner))
    )


def _decoded(value: str) -> str:
    """Return the text that is written in base64, as Kubernetes wants its secrets; empty if it is none."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii").strip()
    except ValueError:
        return ""
    return text if text.isprintable() else ""
