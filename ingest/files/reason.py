"""Why the system refused something, as a part of a line for a person."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """Return the system's words with a small first letter: `no space left on device`."""
    said = error.strerror or str(error)
    return said[:1].lower() + said[1:]
