"""Whether two values of a front matter say the same."""

from __future__ import annotations

import json
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Compare plain values: `1` is not `true`, and the order of keys tells nothing."""
    return spelled(one) == spelled(other)


def spelled(value: Any) -> str:
    """Return a plain value as one text."""
    return json.dumps(value, sort_keys=True)
