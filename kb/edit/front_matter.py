"""Sets keys of a lesson's front matter; every other line stays as its author wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.format import FORMAT
from ingest.front_matter.block import Language
from ingest.front_matter.places import Span
from ingest.kinds import KindTable
from ingest.lesson import Metadata
from ingest.problem import Defect
from ingest.reading import Reading, read_lesson
from kb.edit.edit import Edit, edited
from kb.edit.items import item_added, item_changed, item_removed, items_changed, key_removed, like_last
from kb.edit.rows import comments_lost, reads
from kb.edit.same import same
from kb.edit.written import KeyRows
from kb.edit.yaml_rows import entry_rows
from kb.edit.yaml_text import flow_text
from kb.errors import CannotEdit

_FENCE = "---"
_TEARING = (Defect.FRONT_MATTER, Defect.UNREAD_FRONT_MATTER, Defect.MERGE_CONFLICT)


def set_keys(text: str, values: Mapping[str, Any], path: str = "the lesson") -> list[Edit]:
    """Return the edits that set top-level keys to plain values; None removes a key.

    `path` is for error messages. Raises `CannotEdit` if the front matter cannot be read, or if a key cannot be changed
    without changing the meaning of others.
    """
    reading = _readable(text, path)
    old = reading.lesson.metadata
    changes = {key: value for key, value in values.items() if not same(old, _wanted(old, {key: value}))}
    edits = list(_edits(reading, changes, path)) if changes else []
    return _checked(text, edits, changes, _wanted(old, changes), path)


def set_item(text: str, key: str, number: int, value: Any, path: str = "the lesson") -> list[Edit]:
    """Return the edits that replace one item of a list; None removes it with kb's comments on it.

    All other items keep their text and the comments above them. Raises `CannotEdit` as `set_keys` does.
    """
    reading = _readable(text, path)
    old = reading.lesson.metadata
    items = [*old[key][:number], *([] if value is None else [value]), *old[key][number + 1 :]]
    written = KeyRows.of(reading)
    _refuse(written, {key: value}, path)
    if not written.has(key) or not written.item_rows(key):
        return set_keys(text, {key: items or None}, path)
    if items:
        change = item_removed(written, key, number) if value is None else item_changed(written, key, number, value)
    else:
        change = key_removed(written, key)
    return _checked(text, [*change], [key], _wanted(old, {key: items or None}), path)


def insert_item(text: str, key: str, number: int, value: Any, path: str = "the lesson") -> list[Edit]:
    """Return the edits that insert an item into a list, so that `number` is its index.

    All other items keep their text and the comments above them, even if one is equal to the new item. Raises
    `CannotEdit` as `set_keys` does.
    """
    reading = _readable(text, path)
    old = reading.lesson.metadata
    items = [*(old.get(key) or [])]
    new = {key: [*items[:number], value, *items[number:]]}
    written = KeyRows.of(reading)
    _refuse(written, new, path)
    if not written.has(key) or number >= len(items) or not written.item_rows(key):
        return set_keys(text, new, path)
    return _checked(text, [*item_added(written, key, number, value)], [key], _wanted(old, new), path)


def _readable(text: str, path: str) -> Reading:
    """Read a lesson's text; raises `CannotEdit` if its front matter cannot be changed."""
    reading = _read(text)
    if reading.has_torn_front_matter:
        problem = next(problem for problem in reading.problems if problem.defect in _TEARING)
        raise CannotEdit(f"{path}:{problem.line or 1}: {problem.reason}; correct it first; nothing was changed")
    if reading.matter.language is not Language.YAML:
        language = reading.matter.language
        raise CannotEdit(
            f"{path}:1: its front matter is {language}, which kb reads but does not write; convert it to YAML"
        )
    return reading


def _checked(text: str, edits: list[Edit], changed: Iterable[str], wanted: Metadata, path: str) -> list[Edit]:
    """Return the edits if they lead to the wanted front matter, else raise `CannotEdit`."""
    if not same(_read(edited(text, edits)).lesson.metadata, wanted):
        # Caused by anchors, merge keys and other rare features of YAML.
        names = " and ".join(changed)
        raise CannotEdit(f"{path}: to change {names} would change more; edit the file by hand; nothing was changed")
    return edits


def _read(text: str) -> Reading:
    return read_lesson(text.encode(), "", "", KindTable({}))


def _wanted(old: Metadata, changes: Mapping[str, Any]) -> Metadata:
    new = {**old, **changes}
    return {key: value for key, value in new.items() if value is not None or key not in changes}


def _in_order(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return keys and values in the order of the format, unknown keys last, without those set to None."""
    rank = {key: number for number, key in enumerate(FORMAT.keys)}
    return sorted(
        ((key, value) for key, value in values.items() if value is not None),
        key=lambda pair: rank.get(pair[0], len(rank)),
    )


def _edits(reading: Reading, changes: Mapping[str, Any], path: str) -> Iterator[Edit]:
    """Yield edits of existing keys first, then of added ones, so that additions come after what existing keys gain."""
    if reading.front_matter is None:
        rows = [_FENCE, *(row for key, value in _in_order(changes) for row in entry_rows(key, value, 0)), _FENCE]
        yield Edit(0, 0, "".join(row + "\n" for row in rows))
        return
    written = KeyRows.of(reading)
    _refuse(written, changes, path)
    for key, value in changes.items():
        if written.has(key):
            yield from _changed(written, key, value)
    for key, value in _in_order(changes):
        if not written.has(key):
            row = written.row_for(key)
            yield written.rows_replaced(row, row, entry_rows(key, value, written.column, written.dash()))


def _refuse(written: KeyRows, changes: Mapping[str, Any], path: str) -> None:
    """Raise `CannotEdit` for a front matter in braces, and for a key to be changed that occurs twice."""
    root = written.places.values.get(())
    if root and written.is_flow(root):
        line = root.line + 1
        raise CannotEdit(f"{path}:{line}: front matter in braces; write `key: value` lines; nothing was changed")
    for steps, span in written.places.repeated:
        if len(steps) == 1 and steps[0] in changes:
            raise CannotEdit(f"{path}:{span.line + 1}: {steps[0]} is there twice; remove one; nothing was changed")


def _changed(written: KeyRows, key: str, value: Any) -> Iterator[Edit]:
    old, span = written.value(key), written.value_span(key)
    if value is None:
        yield _rows_replaced(written, key, [])
    elif isinstance(old, list) and old and isinstance(value, list) and same(old, value[: len(old)]):
        yield from _grown(written, key, span, value[len(old) :])
    elif isinstance(old, list) and value and isinstance(value, list) and written.item_rows(key):
        yield from items_changed(written, key, value)
    elif _can_be_replaced(written, span, old, value):
        yield from _replaced(written, key, span, value)
    else:
        yield _rewritten(written, key, value)


def _can_be_replaced(written: KeyRows, span: Span, old: Any, value: Any) -> bool:
    """Return whether nothing in a value needs to be kept, and its span ends where its text does."""
    if isinstance(old, (list, dict)) and old and not written.text_in(span).startswith("*"):
        return written.is_flow(span) and span.line == span.end_line and type(old) is not type(value)
    return not written.is_block_scalar(span)


def _replaced(written: KeyRows, key: str, span: Span, value: Any) -> Iterator[Edit]:
    """Yield the edits that replace a value; the comment after it stays."""
    _, *more = entry_rows(key, value, written.places.keys[(key,)].column, written.dash())
    if more:
        start = len(written.rows[span.line][: span.column].rstrip())
        yield written.replaced(Span(span.line, start, span.end_line, span.end_column), "")
        yield written.rows_replaced(span.end_line + 1, span.end_line + 1, more)
    else:
        text = flow_text(value, written.quote(span))
        yield written.replaced(span, text if written.text_in(span) else f" {text}")


def _grown(written: KeyRows, key: str, span: Span, added: list[Any]) -> Iterator[Edit]:
    """Yield the edits that append items to a list, in the style of its last item."""
    items = written.item_spans(key)
    if not items:  # an alias: its items are written at the anchor
        yield _rewritten(written, key, written.value(key) + added)
    elif written.is_flow(span):
        yield from _grown_in_flow(written, span, items[-1], added)
    else:
        end = written.rows_of(key)[1]
        rows = [row for value in added for row in like_last(written, key, value)]
        yield written.rows_replaced(end, end, rows)


def _grown_in_flow(written: KeyRows, span: Span, last: Span, added: list[Any]) -> Iterator[Edit]:
    """Yield the edits that append items within brackets: on their own lines if the last one is on its own."""
    texts = [flow_text(value, written.quote(last)) for value in added]
    end = Span(last.end_line, last.end_column, last.end_line, last.end_column)
    if last.line == span.line or written.rows[last.line][: last.column].strip():
        yield written.replaced(end, "".join(f", {text}" for text in texts))
        return
    comma = "," if written.rows[last.end_line][last.end_column :].lstrip().startswith(",") else ""
    yield written.replaced(end, "" if comma else ",")
    rows = ",\n".join(f"{' ' * last.column}{text}" for text in texts) + comma
    yield written.rows_replaced(last.end_line + 1, last.end_line + 1, rows.split("\n"))


def _rewritten(written: KeyRows, key: str, value: Any) -> Edit:
    """Return the edit that rewrites a key with its value, and keeps as much of the author's text as possible."""
    from kb.edit.round_trip import rewritten  # ruamel.yaml, which few changes need

    column = written.places.keys[(key,)].column
    start, end = written.rows_of(key)
    own = [row[column:] for row in written.rows[start : written.next_row(key)]]
    below = own[end - start :]  # comments, which must not become part of a block scalar
    old, new = {key: written.value(key)}, {key: value}
    found = rewritten(own[: end - start], old, new, written.dash(key), written.step(key))
    readable = (rows for rows in found if reads([*rows, *below], new))
    rows = next(readable, entry_rows(key, value, 0, written.dash()))
    return _rows_replaced(written, key, [" " * column + row if row else row for row in rows])


def _rows_replaced(written: KeyRows, key: str, rows: list[str]) -> Edit:
    """Return the edit that replaces a key's rows; comments that would be lost are put above them."""
    start, end = written.rows_of(key)
    column = " " * written.column
    lost = comments_lost(written.rows[start:end], rows)
    return written.rows_replaced(start, end, [*(column + comment for comment in lost), *rows])
