"""Whether two values of a front matter say the same."""

from __future__ import annotations

import json
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Compare plain values: `1` is not `true`; the order of keys tells nothing, nor do line ends after a text."""
    return spelled(one) == spelled(other)


def spelled(value: Any) -> str:
    """Return a plain value as one text."""
    return json.dumps(_without_last_line_ends(value), sort_keys=True)


def _without_last_line_ends(value: Any) -> Any:
    # Whether a text below `|` has one depends, at the end of the front matter, on what comes after it.
    if isinstance(value, dict):
        return {key: _without_last_line_ends(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_last_line_ends(part) for part in value]
    return value.rstrip("\n") if isinstance(value, str) else value
