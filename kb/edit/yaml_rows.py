"""Writes plain data with kb's comments as rows of YAML that are easy to edit by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.front_matter.places import Steps
from kb.edit.yaml_text import flow_text, scalar_text

_STEP = 2
_WIDTH = 110
_LONGEST_LIST = 100

# Characters not allowed in a comment, or read as a line end by some YAML parsers.
_NOT_IN_A_COMMENT = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def yaml_rows(values: Mapping[str, Any], comments: Mapping[Steps, str] | None = None) -> list[str]:
    """Return the rows of a mapping, with comments `# kb: ...` by the path of the value that they are about."""
    return list(_Rows(comments or {}).mapping(values, (), 0))


def entry_rows(key: str, value: Any, column: int, dash: int = _STEP) -> list[str]:
    """Return the rows of a key with its value; the dashes of a list stand `dash` columns from the key."""
    return list(_Rows({}).entry(key, value, (key,), column, dash))


def item_rows(value: Any, column: int, step: int = _STEP) -> list[str]:
    """Return the rows of a list item, with the dash in `column` and the text `step` columns further right."""
    return list(_Rows({}).item(value, (), column, step))


class _Rows:
    def __init__(self, comments: Mapping[Steps, str]) -> None:
        self._comments = comments

    def mapping(self, values: Mapping[str, Any], steps: Steps, column: int) -> Iterator[str]:
        for key, value in values.items():
            yield from self.entry(key, value, (*steps, key), column)

    def entry(self, key: str, value: Any, steps: Steps, column: int, dash: int = _STEP) -> Iterator[str]:
        head = f"{' ' * column}{scalar_text(key)}:"
        if not self._stands_below(value, steps):
            yield from self._row(head, value, steps, column)
            return
        yield from self._above(steps, column)
        yield head
        if isinstance(value, list):
            for number, part in enumerate(value):
                yield from self.item(part, (*steps, number), column + dash)
        else:
            yield from self.mapping(value, steps, column + _STEP)

    def item(self, value: Any, steps: Steps, column: int, step: int = _STEP) -> Iterator[str]:
        dash = f"{' ' * column}-{' ' * (step - 1)}"
        if not (isinstance(value, Mapping) and value):
            yield from self._row(dash[:-1], value, steps, column)
            return
        yield from self._above(steps, column)
        first, *more = self.mapping(value, steps, column + step)
        if first.lstrip(" ").startswith("# "):  # the comment on the first key is put above the item
            yield first[step:]
            first, *more = more
        yield dash + first[column + step :]
        yield from more

    def _stands_below(self, value: Any, steps: Steps) -> bool:
        """Return whether a value does not fit on the row of its key, or one of its items has a comment."""
        if not isinstance(value, list):
            return isinstance(value, Mapping) and bool(value)
        has_comments = any((*steps, number) in self._comments for number in range(len(value)))
        return bool(value) and (has_comments or not _is_words(value))

    def _row(self, start: str, value: Any, steps: Steps, column: int) -> Iterator[str]:
        """Yield a key or a dash with its value on one row; its comment follows on the same row if there is room."""
        row = start.rstrip() if value is None else f"{start} {flow_text(value)}"
        beside = f"{row} {self._comment(steps)}" if steps in self._comments else row
        if len(beside) > _WIDTH and beside != row:
            yield from self._above(steps, column)
            beside = row
        yield beside

    def _above(self, steps: Steps, column: int) -> Iterator[str]:
        if steps in self._comments:
            yield " " * column + self._comment(steps)

    def _comment(self, steps: Steps) -> str:
        comment = " ".join(_NOT_IN_A_COMMENT.sub(" ", self._comments[steps]).split())
        return f"# kb: {comment}"


def _is_words(values: list[Any]) -> bool:
    """Return whether a list consists of single words, such as tags and ids, and is short."""
    words = all(isinstance(value, str) and len(value.split()) == 1 for value in values)
    return words and sum(map(len, values)) < _LONGEST_LIST
