"""The format of the front matter as a JSON Schema, for editors and other programs."""

from __future__ import annotations

from typing import Any

from ingest.format import FORMAT, Choice, Day, Items, Key, Record, Shape, Word
from kb.figures.days import DAY, FIRST_YEAR, LAST_YEAR

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:kb-lessons:lesson"
"""A name, not an address: there is nothing to fetch."""
_ABSENT = "null"
"""The type of a key without a value, which counts as missing."""


def schema() -> dict[str, Any]:
    """Return the schema; keys that are not part of the format are allowed."""
    return {
        "$schema": DRAFT,
        "$id": ID,
        "title": "Front matter of a lesson",
        "description": "The text between the two lines of --- at the top of a lesson. Every key is optional.",
        "type": ["object", _ABSENT],
        "properties": _properties(FORMAT),
        "additionalProperties": True,
    }


def _properties(record: Record) -> dict[str, Any]:
    return {name: _key(key, required=name in record.required) for name, key in record.keys.items()}


def _key(key: Key, *, required: bool) -> dict[str, Any]:
    return {"description": key.description, **(_required(_shape(key.shape)) if required else _shape(key.shape))}


def _shape(shape: Shape) -> dict[str, Any]:
    """Return the schema of an optional value."""
    if isinstance(shape, Record):
        keys = {"properties": _properties(shape), "additionalProperties": False}
        return {"type": ["object", _ABSENT], **keys, **({"required": [*shape.required]} if shape.required else {})}
    if isinstance(shape, Items):
        return {"type": ["array", _ABSENT], "items": _shape(shape.of)}
    if isinstance(shape, Choice):
        return {"enum": [*shape.words, None]}
    if isinstance(shape, Day):
        years = {"minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        return {"type": ["string", "integer", _ABSENT], "pattern": DAY, **years, "examples": ["2006-05-01"]}
    if isinstance(shape, Word):
        return {"type": ["string", "number", _ABSENT], "minLength": 1, "not": {"type": "string", "pattern": r"\s"}}
    return {"type": ["string", "number", _ABSENT]}


def _required(value: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a required value."""
    if "enum" in value:
        return {**value, "enum": [word for word in value["enum"] if word is not None]}
    types = [name for name in value["type"] if name != _ABSENT]
    return {**value, "type": types, **({} if "pattern" in value else {"pattern": r"\S"})}
