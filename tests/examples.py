"""How many examples a property is tried with: a quarter in the suite, all of them with `KB_LONG=1`."""

from __future__ import annotations

import os

LONG = "KB_LONG" in os.environ
"""Whether proofs take their time: `KB_LONG=1 pytest tests/test_killed.py`."""


def examples(most: int) -> int:
    """Return how many of so many examples are tried now."""
    return most if LONG else most // 4
