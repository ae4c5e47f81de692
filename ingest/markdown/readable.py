"""A passage as a reader in a hurry sees it."""

from __future__ import annotations

from typing import NamedTuple

_ENDS_A_HEADING = (":", "?", "!", ".")


class Readable(NamedTuple):
    """The sentences of a passage, in order; a row of a table and a line of code count as one."""

    prose: tuple[str, ...]
    asides: tuple[str, ...]
    """References, links, lines of contents, code: shown where nothing else is to be shown."""


def headed(heading: str, text: str) -> str:
    """Return a text behind its heading, on one line."""
    if not heading:
        return text
    return f"{heading} {text}" if heading.endswith(_ENDS_A_HEADING) else f"{heading}: {text}"
