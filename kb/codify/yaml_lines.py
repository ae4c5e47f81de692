"""Plain data, and what kb has to say beside it → lines of YAML that people like to edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.lesson import Metadata
from ingest.places import Steps

_WIDTH = 110
_INDENT = "  "

# Plain only what every version of YAML reads as this text; dates, because all readers of a lesson take them for texts.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,;()/+'\"-]|:(?=\S))*", re.UNICODE)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)
_NOT_TEXTS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# What YAML lets stand between quotes; and of that not what ends a line for some of its readers.
_TO_ESCAPE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def yaml_lines(values: Metadata, comments: Mapping[Steps, str] | None = None) -> list[str]:
    """Return the lines of a mapping; the comments come as `# kb: ...`, by the way down to what they are about."""
    return list(_Writer(comments or {}).mapping(values, (), ""))


class _Writer:
    def __init__(self, comments: Mapping[Steps, str]) -> None:
        self._comments = comments

    def mapping(self, values: Metadata, steps: Steps, indent: str) -> Iterator[str]:
        for key, value in values.items():
            yield from self._entry(f"{indent}{scalar(key)}:", value, (*steps, key), indent + _INDENT)

    def _list(self, items: list[Any], steps: Steps, indent: str) -> Iterator[str]:
        for number, item in enumerate(items):
            below = (*steps, number)
            if isinstance(item, dict) and item:
                yield from self._above(below, indent)
                first, *more = self.mapping(item, below, indent + _INDENT)
                if first.lstrip().startswith("# "):  # what is said of the first key stands above the item
                    yield first[len(_INDENT) :]
                    first, *more = more
                yield f"{indent}- {first.lstrip()}"
                yield from more
            else:
                yield from self._entry(f"{indent}-", item, below, indent + _INDENT)

    def _entry(self, start: str, value: Any, steps: Steps, indent: str) -> Iterator[str]:
        """Yield a key or the dash of an item with its value; a comment follows where there is room for it."""
        if isinstance(value, (dict, list)) and value:
            yield from self._above(steps, start[: len(start) - len(start.lstrip())])
            yield start
            yield from (
                self._list(value, steps, indent) if isinstance(value, list) else self.mapping(value, steps, indent)
            )
            return
        said = scalar(value)
        line = f"{start} {said}" if said else start
        beside = f"{line} {self._said(steps)}" if steps in self._comments else line
        if len(beside) > _WIDTH and beside != line:
            yield from self._above(steps, start[: len(start) - len(start.lstrip())])
            beside = line
        yield beside

    def _above(self, steps: Steps, indent: str) -> Iterator[str]:
        if steps in self._comments:
            yield indent + self._said(steps)

    def _said(self, steps: Steps) -> str:
        comment = " ".join(_TO_ESCAPE.sub(" ", self._comments[steps]).split())
        return f"# kb: {comment}"


def scalar(value: Any) -> str:
    """Return a value as YAML has it on one line; nothing for None, flow style for what is empty or nested."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXTS and not value.endswith(" ")
    return value if plain or _DATE.fullmatch(value) else quoted(value)


def quoted(text: str) -> str:
    """Return a text in double quotes."""
    escaped = json.dumps(text, ensure_ascii=False)
    return _TO_ESCAPE.sub(lambda found: _escape(found.group()), escaped)


def _escape(character: str) -> str:
    number = ord(character)
    if 0xD800 <= number < 0xE000:  # half a character, from a file name or an argument that was no text
        number = 0xFFFD
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
