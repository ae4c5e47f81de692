"""Two names that look alike: one is written with composed letters, the other with decomposed ones."""

from __future__ import annotations

import unicodedata


def are_twins(one: str, other: str) -> bool:
    """Return whether two names differ only in how Unicode writes their letters, which nobody sees."""
    return one != other and unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def told_apart(name: str) -> str:
    """Return a name with what tells it from its twin."""
    letters = "composed" if unicodedata.is_normalized("NFC", name) else "decomposed"
    return f"{name} (with {letters} letters)"
