"""Parses front matter in TOML or JSON, which kb reads but does not write."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from typing import Any

from ingest.front_matter.block import Language
from ingest.front_matter.yaml_block import MAX_DEPTH, FrontMatter
from ingest.front_matter.yaml_places import MAX_VALUES
from ingest.problem import Defect, Problem

_MOST_CHARACTERS = 1_000_000
"""Longest block that is parsed: the standard library's TOML parser is slow, and the file may be hostile."""
_LINE_OF_TOML = re.compile(r" \(at line (\d+), column \d+\)$")
_BITS = 64
"""Longer integers become hexadecimal text: from the TOML parser, their original base is unknown."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Refused(Exception):
    """The block is well-formed, but not a valid front matter."""


def parse_data_matter(block: str, path: str, first_line: int, language: Language) -> FrontMatter:
    """Parse a front matter in TOML or JSON; `first_line` is the block's first line in the file, from 0.

    Never raises: if a block cannot be read, the result has a `Problem`. A float stays the text that its author wrote.
    """

    def refuse(reason: str, line: int = 1) -> FrontMatter:
        message = f"front matter {reason}"
        return FrontMatter(problem=Problem(path, message, first_line + line, Defect.FRONT_MATTER), language=language)

    if len(block) > _MOST_CHARACTERS:
        return refuse(f"has more than {_MOST_CHARACTERS:,} characters")
    try:
        found = _parsed(block, language)
        return FrontMatter(_Plain().mapping(found, 0), language=language)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        line = _LINE_OF_TOML.search(message)
        last = block.count("\n") + 1
        reason = _LINE_OF_TOML.sub("", message).removesuffix(" (at end of document)")
        return refuse(f"is not TOML: {reason[:1].lower()}{reason[1:]}", int(line[1]) if line else last)
    except json.JSONDecodeError as error:
        return refuse(f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno)
    except RecursionError:
        return refuse(f"is nested more than {MAX_DEPTH} levels deep")
    except _Refused as refused:
        return refuse(str(refused))
    except ValueError:  # Python converts no number of more digits
        return refuse("has a number of more than 4,300 digits; put it in quotes")


def _parsed(block: str, language: Language) -> Any:
    if language is Language.TOML:
        return tomllib.loads(block, parse_float=str)
    return json.loads(block, parse_float=str, parse_int=_whole, parse_constant=str, object_pairs_hook=_pairs)


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= 18 else text


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise _Refused(f"has the key {twice[0]!r} twice; remove one of them")
    return dict(pairs)


class _Plain:
    """Converts a parser's result to text, numbers, booleans, lists and mappings, within limits of size and depth."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def mapping(self, found: Any, depth: int) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise _Refused("is not a mapping of keys to values")
        return {_text(key): self._value(value, depth + 1) for key, value in found.items()}

    def _value(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _Refused(f"has more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise _Refused(f"is nested more than {MAX_DEPTH} levels deep")
        if isinstance(value, dict):
            return self.mapping(value, depth)
        if isinstance(value, list):
            return [self._value(item, depth + 1) for item in value]
        if isinstance(value, int) and value.bit_length() > _BITS:
            return hex(value)
        return value if value is None or isinstance(value, (bool, int)) else _text(value)


def _text(value: Any) -> str:
    """Return a text, date or time as text; a lone surrogate, which cannot be encoded, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", str(value))
