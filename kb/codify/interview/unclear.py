"""The error for an answer that cannot be understood."""

from __future__ import annotations


class Unclear(Exception):
    """The message says what an answer should look like."""
