"""Finds the front matter of a file and its language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines


class Language(StrEnum):
    """The language of a front matter. Most programs write YAML; Hugo and Zola write TOML and JSON as well."""

    YAML = "YAML"
    TOML = "TOML"
    JSON = "JSON"


class FrontBlock(NamedTuple):
    """The place of a front matter; lines are counted from 0."""

    language: Language
    lines: Lines
    """Half-open range to parse: without fences, but with the braces of JSON."""
    start: int
    """First line, including the fence if there is one."""
    end: int
    """The line after it."""


_FENCES = {"---": (Language.YAML, ("---", "...")), "+++": (Language.TOML, ("+++",))}
_LANGUAGES = {"yaml": Language.YAML, "yml": Language.YAML, "toml": Language.TOML, "json": Language.JSON}
_NAMED_FENCE = re.compile(r"---[ \t]*(?P<language>[a-z]+)", re.IGNORECASE)
"""Dashes followed by the name of the language, as gray-matter reads them."""
_KEY_LINE = re.compile(r"^[\w-]+\s*:(\s|$)")


def front_block(rows: Sequence[str], start: int = 0) -> FrontBlock | None:
    """Return the front matter that begins on line `start`; None if the line opens none, or it is never closed."""
    opening = rows[start].rstrip()
    if fence := opened_by(opening):
        language, closings = fence
        end = _first(rows, start + 1, closings)
        return FrontBlock(language, (start + 1, end), start, end + 1) if end else None
    if opening == "{":
        end = _first(rows, start + 1, ("}",))
        return FrontBlock(Language.JSON, (start, end + 1), start, end + 1) if end else None
    if opening.startswith('{"') and opening.endswith("}"):
        return FrontBlock(Language.JSON, (start, start + 1), start, start + 1)
    return None


def opened_by(row: str) -> tuple[Language, tuple[str, ...]] | None:
    """Return the language of the front matter that a line opens, and the lines that close it; None if it opens none."""
    opening = row.rstrip()
    named = _NAMED_FENCE.fullmatch(opening)
    if named and (language := _LANGUAGES.get(named["language"].lower())):
        return language, ("---",)
    return _FENCES.get(opening)


def is_never_closed(rows: Sequence[str]) -> bool:
    """Return whether a file begins with a front matter that is never closed."""
    opens = len(rows) > 1 and opened_by(rows[0]) is not None and front_block(rows) is None
    return opens and (looks_like_a_key(rows[1]) or rows[0].rstrip() != "---")


def looks_like_a_key(line: str) -> bool:
    """Return whether a line looks like `title: x`; if not, a `---` above it is a thematic break."""
    return bool(_KEY_LINE.match(line))


def _first(rows: Sequence[str], start: int, wanted: Sequence[str]) -> int:
    """Return the first line from `start` on whose text is one of `wanted`; 0 if there is none."""
    return next((line for line in range(start, len(rows)) if rows[line].rstrip() in wanted), 0)
