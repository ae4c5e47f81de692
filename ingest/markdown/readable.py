"""A passage split into its sentences, for display."""

from __future__ import annotations

from typing import NamedTuple

_ENDS_A_HEADING = (":", "?", "!", ".")


class Readable(NamedTuple):
    """The sentences of a passage, in order; a table row or a line of code counts as one."""

    prose: tuple[str, ...]
    asides: tuple[str, ...]
    """References, links, lines of a table of contents, code: shown only if there is nothing else."""


def headed(heading: str, text: str) -> str:
    """Return a text with its heading before it, on one line."""
    if not heading:
        return text
    return f"{heading} {text}" if heading.endswith(_ENDS_A_HEADING) else f"{heading}: {text}"
