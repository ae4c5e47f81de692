"""Where the front matter of a file stands, and in which language it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines


class Language(StrEnum):
    """Of a front matter. Jekyll, Obsidian and most others write YAML; Hugo and Zola write TOML and JSON as well."""

    YAML = "YAML"
    TOML = "TOML"
    JSON = "JSON"


class FrontBlock(NamedTuple):
    """A front matter's place."""

    language: Language
    lines: Lines
    """What is to be parsed: without the fences, with the braces of JSON."""
    start: int
    """Its first line, the fence if there is one."""
    end: int
    """The line below it."""


_FENCES = {"---": (Language.YAML, ("---", "...")), "+++": (Language.TOML, ("+++",))}
_LANGUAGES = {"yaml": Language.YAML, "yml": Language.YAML, "toml": Language.TOML, "json": Language.JSON}
_NAMED_FENCE = re.compile(r"---[ \t]*(?P<language>[a-z]+)", re.IGNORECASE)
"""The language behind the dashes, as gray-matter has it."""
_KEY_LINE = re.compile(r"^[\w-]+\s*:(\s|$)")


def front_block(rows: Sequence[str], start: int = 0) -> FrontBlock | None:
    """Return the front matter that begins on a line; None where nothing closes it, or nothing opens it."""
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
    """Return the language of what a line opens, and the lines that close it; None for a line that opens nothing."""
    opening = row.rstrip()
    named = _NAMED_FENCE.fullmatch(opening)
    if named and (language := _LANGUAGES.get(named["language"].lower())):
        return language, ("---",)
    return _FENCES.get(opening)


def is_never_closed(rows: Sequence[str]) -> bool:
    """Return whether a file begins with a front matter that goes on to its end."""
    opens = len(rows) > 1 and opened_by(rows[0]) is not None and front_block(rows) is None
    return opens and (looks_like_a_key(rows[1]) or rows[0].rstrip() != "---")


def looks_like_a_key(line: str) -> bool:
    """Tell `title: x` from prose: it decides whether a lone `---` opens a front matter or is a thematic break."""
    return bool(_KEY_LINE.match(line))


def _first(rows: Sequence[str], start: int, wanted: Sequence[str]) -> int:
    """Return the first line from `start` on that is one of some; 0 if there is none."""
    return next((line for line in range(start, len(rows)) if rows[line].rstrip() in wanted), 0)
