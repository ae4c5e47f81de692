"""By what a query is answered."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Which legs answer."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"
