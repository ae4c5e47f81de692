"""An answer that has no place."""

from __future__ import annotations


class Unclear(Exception):
    """It says what an answer would have to be like."""
