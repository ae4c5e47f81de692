"""Compares what a command prints as JSON with its published form, of which no key may be unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from kb.forms.published import PUBLISHED
from kb.forms.schema import schema_of

_WITH_OPTION = {
    **{
        ("search", "--batch"): "search-batch",
        ("search", "--why-not"): "search-why-not",
        ("map", "--topic"): "map-topic",
    },
    **{("map", "--topic"): "map-topic", ("gaps", "--share"): "gaps-share", ("digest", "--all"): "digest-all"},
}


def check_printed(arguments: Sequence[str], printed: str) -> None:
    """Check the JSON that a call of the program printed, if it did print any."""
    if (name := name_of(arguments)) and (name in PUBLISHED) and printed:
        for text in printed.splitlines() if name == "search-batch" else [printed]:
            check(name, json.loads(text))


def name_of(arguments: Sequence[str]) -> str:
    """Return the name of the form that a call prints; empty if it prints no JSON, or writes it to a file."""
    options = {argument.partition("=")[0] for argument in arguments}
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    is_json = "--json" in options or (command == "check" and "json" in arguments) or "--batch" in options
    if not is_json or options & {"--help", "-h", "--out", "-o"}:
        return ""
    return next((_WITH_OPTION[command, option] for option in options if (command, option) in _WITH_OPTION), command)


def check(name: str, data: Any) -> None:
    """Raise `AssertionError` if something is not as published."""
    wrong = [f"{name}: {error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(data)]
    assert not wrong, "\n".join(wrong)


@cache
def validator(name: str) -> Draft202012Validator:
    """Return what checks an answer, and allows no keys that are not published."""
    schema = schema_of(name)
    for part in _objects_in(schema):
        if "properties" in part:
            part.setdefault("additionalProperties", False)
    return Draft202012Validator(schema)


def _objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects_in(part)
