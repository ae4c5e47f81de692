"""Whether two values of a front matter are equal."""

from __future__ import annotations

import json
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Return whether plain values are equal but for the order of keys and last line ends; `1` is not `true`."""
    return spelled(one) == spelled(other)


def spelled(value: Any) -> str:
    """Return a plain value as canonical text: equal values have equal texts."""
    return json.dumps(_without_last_line_ends(value), sort_keys=True)


def _without_last_line_ends(value: Any) -> Any:
    # Whether a block scalar at the end of the front matter ends with a line end depends on what follows it.
    if isinstance(value, dict):
        return {key: _without_last_line_ends(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_last_line_ends(part) for part in value]
    return value.rstrip("\n") if isinstance(value, str) else value
