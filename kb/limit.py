"""Limits for changes that may be faults, such as many removed lessons."""

from __future__ import annotations

from typing import NamedTuple

_ALWAYS_ALLOWED = 10


class Limit(NamedTuple):
    """A share, which always allows at least `_ALWAYS_ALLOWED`, or a whole number."""

    most: float | int

    def allows(self, count: int, total: int) -> bool:
        if isinstance(self.most, int):
            return count <= self.most
        return count <= max(self.most * total, _ALWAYS_ALLOWED)

    def __str__(self) -> str:
        return f"{self.most:,}" if isinstance(self.most, int) else f"{self.most:.0%}"


def read_limit(value: object) -> Limit | None:
    """Return a setting as a limit; None if it is not valid."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return Limit(value) if value >= 0 and (isinstance(value, int) or value <= 1) else None
