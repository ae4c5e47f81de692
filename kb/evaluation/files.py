"""The files by which an index is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """Queries, and which lessons were judged relevant to them."""

    name: str
    """What they are called in a table."""
    queries: Path
    judgements: Path
