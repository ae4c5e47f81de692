"""Removes, changes or adds one item of a list; all others stay, each with the comments above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from kb.edit.edit import Edit
from kb.edit.rows import comments_lost, reads
from kb.edit.same import spelled
from kb.edit.written import KeyRows, comments_in
from kb.edit.yaml_rows import item_rows
from kb.edit.yaml_text import flow_text

_BY_KB = re.compile(r"#\s*kb:(?!\s*allow\b)")


def items_changed(written: KeyRows, key: str, new: list[Any]) -> Iterator[Edit]:
    """Yield the edits from the old list to `new`, item by item; both are not empty, and each old item has own rows."""
    old, rows = written.value(key), written.item_rows(key)
    changes = SequenceMatcher(
        None, [spelled(value) for value in old], [spelled(value) for value in new], autojunk=False
    )
    for kind, start, end, new_start, new_end in changes.get_opcodes():
        if kind == "equal":
            continue
        both = min(end - start, new_end - new_start)
        for number in range(both):
            yield from item_changed(written, key, start + number, new[new_start + number])
        for number in range(start + both, end):
            yield from item_removed(written, key, number)
        added = [row for value in new[new_start + both : new_end] for row in like_last(written, key, value)]
        if added:
            row = rows[end].above if end < len(rows) else rows[-1].end
            yield written.rows_replaced(row, row, added)


def item_added(written: KeyRows, key: str, number: int, value: Any) -> Iterator[Edit]:
    """Yield the edit that inserts an item before the one with index `number` and the comments above that."""
    row = written.item_rows(key)[number].above
    yield written.rows_replaced(row, row, like_last(written, key, value))


def item_removed(written: KeyRows, key: str, number: int) -> Iterator[Edit]:
    """Yield the edits that remove an item with kb's comments; the author's comments move above the key."""
    place = written.item_rows(key)[number]
    row = written.places.keys[(key,)].line
    if comment := _comments_of_author(written, place.above, place.end):
        yield written.rows_replaced(row, row, comment)
    yield written.rows_replaced(place.above, place.end, [])


def key_removed(written: KeyRows, key: str) -> Iterator[Edit]:
    """Yield the edit that removes a key with its last item and kb's comments; the author's comments stay."""
    start, end = written.places.keys[(key,)].line, written.item_rows(key)[-1].end
    yield written.rows_replaced(start, end, _comments_of_author(written, start, end))


def _comments_of_author(written: KeyRows, start: int, end: int) -> list[str]:
    comments = comments_in(written.rows[start:end])
    return [" " * written.column + comment for comment in comments if not _BY_KB.match(comment)]


def item_changed(written: KeyRows, key: str, number: int, value: Any) -> Iterator[Edit]:
    """Yield the edit that rewrites an item, with as much of the author's text as possible and all comments above it."""
    from kb.edit.round_trip import rewritten  # ruamel.yaml, which few changes need

    place, span = written.item_rows(key)[number], written.item_spans(key)[number]
    column, step = _dash_column(written, span.line), span.column - _dash_column(written, span.line)
    own = [row[column:] for row in written.rows[place.start : place.end]]
    old, new = {"items": [written.value(key)[number]]}, {"items": [value]}
    found = rewritten(["items:", *own], old, new, 0, step)
    rows = next((rows[1:] for rows in found if reads(rows, new)), None) or _item(written, key, number, value)
    lost = comments_lost(own, rows)
    yield written.rows_replaced(place.start, place.end, [" " * column + row if row else row for row in [*lost, *rows]])


def like_last(written: KeyRows, key: str, value: Any) -> list[str]:
    """Return the rows of a further item, in the style of the last one."""
    return [
        " " * written.value_span(key).column + row for row in _item(written, key, len(written.value(key)) - 1, value)
    ]


def _item(written: KeyRows, key: str, number: int, value: Any) -> list[str]:
    """Return the rows of an item, with the dash in the first column, in the style of item `number`."""
    span = written.item_spans(key)[number]
    step = span.column - written.value_span(key).column
    if written.is_flow(span) or not isinstance(value, (dict, list)):
        return [f"-{' ' * (step - 1)}{flow_text(value, written.quote(span))}"]
    return item_rows(value, 0, step)


def _dash_column(written: KeyRows, row: int) -> int:
    text = written.rows[row]
    return len(text) - len(text.lstrip())
