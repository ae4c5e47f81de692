"""Escapes text of lessons, paths and errors for Markdown."""

from __future__ import annotations

import re

# Code spans need no escaping. `_` within a word, and `&` that begins no entity, are not markup.
_CODE = re.compile(r"(?<!`)(`[^`]+`)(?!`)")
_MARKUP = re.compile(r"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")


def escaped(text: str) -> str:
    """Return a text on one line, escaped for the middle of a line; its code spans stay."""
    pieces = _CODE.split(one_line(text))
    return "".join(piece if number % 2 else _MARKUP.sub(r"\\\g<0>", piece) for number, piece in enumerate(pieces))


def code(text: str) -> str:
    """Return a text as a code span, on one line."""
    text = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}" if text else ""


def one_line(text: str) -> str:
    """Return a text without line ends, with control characters replaced by U+FFFD."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
