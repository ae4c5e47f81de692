"""Names that look the same but differ in Unicode: one with composed letters, the other with decomposed ones."""

from __future__ import annotations

import unicodedata


def look_alike(one: str, other: str) -> bool:
    """Return whether two names differ only in their Unicode form, which is not visible."""
    return one != other and unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def in_full(name: str) -> str:
    """Return a name with its Unicode form, which distinguishes it from one that looks the same."""
    letters = "composed" if unicodedata.is_normalized("NFC", name) else "decomposed"
    return f"{name} (with {letters} letters)"


def same_id_message(one: str, other: str, id_: str) -> str:
    """Return the message for two such names with the same id: what is wrong, and what to do."""
    return f"{in_full(other)} looks like {in_full(one)}, and both have the id {id_!r}; rename or delete one"
