"""Texts of the front matter that have no field of their own in the ranking, but are searched too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.format import FORMAT, Choice, Day, Items, Record, Shape, Word
from ingest.lesson import Metadata, ids_of, iso_date, items_of, text_of, text_of_item

_WITH_A_FIELD = frozenset({"title", "summary", "tags", "answers"})
# Keys that hold ids or a state: only a value that is invalid for the key counts as text.
_OF_STATE = frozenset({"id", "related", "supersedes", "reused", "status", "mode", "review_by", "history"})
_WORD = re.compile(r"[^\W\d_]{2}")


def other_texts(metadata: Metadata) -> Iterator[str]:
    """Yield every text in the front matter that has no field of its own, at any depth.

    The name of a key outside the format counts as text too: `root cause of the leak: a worn seal`.
    """
    for key, value in metadata.items():
        if key not in FORMAT.keys:
            yield words_of(key)
            yield from _leaf_texts(value)
        elif key in _WITH_A_FIELD or (key == "id" and isinstance(value, list)):
            yield from _leaf_texts([item for item in items_of(value) if is_no_text(key, value, item)])
        else:
            yield from _texts(FORMAT.keys[key].shape, value, of_state=key in _OF_STATE)


def is_no_text(key: str, value: Any, item: Any) -> bool:
    """Return whether an item of a text key is not readable as text, and so is missing from the key's own field."""
    if key in ("id", "title", "summary"):
        return isinstance(value, (dict, list))
    return isinstance(item, (dict, list)) and not text_of_item(item)


def _texts(shape: Shape, value: Any, *, of_state: bool) -> Iterator[str]:
    """Yield the texts of a value of a known key; with `of_state`, only those that are invalid for its shape."""
    if isinstance(shape, Items):
        for item in _entries(shape.of, value):
            yield from _texts(shape.of, item, of_state=of_state)
    elif isinstance(shape, Record) and isinstance(value, dict):
        for name, item in value.items():
            if name in shape.keys:
                yield from _texts(shape.keys[name].shape, item, of_state=of_state)
            else:
                yield words_of(name)
                yield from _leaf_texts(item)
    elif not (of_state and _is_meant(shape, value)):
        yield from _leaf_texts(value)


def _entries(shape: Shape, value: Any) -> list[Any]:
    """Return the items of a list; several wikilinks in one text are several ids."""
    if isinstance(shape, Word) and isinstance(value, str):
        return list(ids_of(value))
    return items_of(value)


def _is_meant(shape: Shape, value: Any) -> bool:
    """Return whether a value is valid for the shape of its key: a permitted word, a day, an id."""
    if isinstance(shape, Choice):
        return text_of(value).casefold() in shape.words
    if isinstance(shape, Day):
        return iso_date(value) is not None and not _WORD.search(text_of(value))
    if isinstance(shape, Word):
        (id_,) = found if len(found := ids_of(value)) == 1 else ("",)
        return bool(id_) and not re.search(r"\s", id_)
    return False


def words_of(key: str) -> str:
    """Return the name of a key as words to search for."""
    return key.replace("_", " ").replace("-", " ")


def _leaf_texts(value: Any) -> Iterator[str]:
    """Yield the texts and numbers of a value, and the names of the keys in it."""
    if isinstance(value, dict):
        yield from map(words_of, value)
        for item in value.values():
            yield from _leaf_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaf_texts(item)
    elif isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        yield str(value)
