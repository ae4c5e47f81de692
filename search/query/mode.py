"""The modes of search: by words, by meaning, or by both."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Which of the two indexes answer a query."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"
