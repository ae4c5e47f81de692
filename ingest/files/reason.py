"""The reason of an operating system error, as part of a message."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """Return the system's message in lower case at its start: `no space left on device`."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]
