"""Plain data, and what kb has to say beside it → lines of YAML that people like to edit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.front_matter.places import Steps
from ingest.lesson import Metadata
from kb.edit.yaml_text import flow_text, scalar_text

_WIDTH = 110
_INDENT = "  "

# What no comment may hold, or what ends a line for some readers of YAML.
_NOT_IN_A_COMMENT = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def yaml_lines(values: Metadata, comments: Mapping[Steps, str] | None = None) -> list[str]:
    """Return the lines of a mapping; the comments come as `# kb: ...`, by the way down to what they are about."""
    return list(_Writer(comments or {}).mapping(values, (), ""))


class _Writer:
    def __init__(self, comments: Mapping[Steps, str]) -> None:
        self._comments = comments

    def mapping(self, values: Metadata, steps: Steps, indent: str) -> Iterator[str]:
        for key, value in values.items():
            yield from self._entry(f"{indent}{scalar_text(key)}:", value, (*steps, key), indent + _INDENT)

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
        line = start if value is None else f"{start} {flow_text(value)}"
        beside = f"{line} {self._said(steps)}" if steps in self._comments else line
        if len(beside) > _WIDTH and beside != line:
            yield from self._above(steps, start[: len(start) - len(start.lstrip())])
            beside = line
        yield beside

    def _above(self, steps: Steps, indent: str) -> Iterator[str]:
        if steps in self._comments:
            yield indent + self._said(steps)

    def _said(self, steps: Steps) -> str:
        comment = " ".join(_NOT_IN_A_COMMENT.sub(" ", self._comments[steps]).split())
        return f"# kb: {comment}"
